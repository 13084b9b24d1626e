"""What each setting sounds like, as data: the ground under feet, the room, the beds of ambience with their levels."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.filmset.scene.scene import Scene, Setting, Time, Variant, Weather


@dataclass(frozen=True, slots=True)
class Room:
    """How a place answers: `seconds` to fall by 60 dB, `wet` share, `damping` Hz, `delay` s of the first echo."""

    seconds: float
    wet: float
    damping: float
    delay: float


@dataclass(frozen=True, slots=True)
class Soundscape:
    """A setting's sound. Beds are (name, dB) by day and by night; `indoor` keeps the weather outside."""

    ground: str
    room: Room
    day: tuple[tuple[str, float], ...]
    night: tuple[tuple[str, float], ...]
    indoor: bool = False


OPEN = Room(0.5, 0.05, 3000, 0.03)
STREET = Room(0.9, 0.14, 4000, 0.014)
PLACES: dict[Setting, Soundscape] = {
    Setting.CLIFF: Soundscape("grass", OPEN, (("sea", -31), ("wind", -37)), (("sea", -31), ("wind", -39))),
    Setting.MOUNTAINS: Soundscape(
        "gravel", Room(2.4, 0.09, 1800, 0.16), (("wind", -35), ("birdsong", -44)), (("wind", -35),)
    ),
    Setting.DUNES: Soundscape("sand", OPEN, (("wind", -36), ("sand", -44)), (("wind", -38), ("crickets", -46))),
    Setting.FOREST: Soundscape(
        "leaves",
        Room(1.0, 0.12, 2600, 0.04),
        (("leaves", -40), ("birdsong", -35)),
        (("leaves", -41), ("crickets", -37), ("owl", -42)),
    ),
    Setting.SKYLINE: Soundscape("stone", STREET, (("traffic", -32), ("wind", -42)), (("traffic", -34), ("wind", -42))),
    Setting.ROOFTOP: Soundscape("tiles", OPEN, (("traffic", -37), ("wind", -40)), (("traffic", -38), ("wind", -41))),
    Setting.ALLEY: Soundscape("cobbles", STREET, (("crowd", -33), ("sizzle", -43)), (("crowd", -35), ("sizzle", -42))),
    Setting.HARBOUR: Soundscape(
        "cobbles", Room(1.2, 0.1, 3000, 0.05), (("lapping", -33), ("crowd", -44)), (("lapping", -34), ("wind", -44))
    ),
    Setting.MARSH: Soundscape(
        "water",
        OPEN,
        (("reeds", -38), ("lapping", -42), ("birdsong", -44)),
        (("frogs", -35), ("crickets", -38), ("reeds", -42)),
    ),
    Setting.REEF: Soundscape("sand", Room(2.2, 0.25, 700, 0.02), (("underwater", -29),), (("underwater", -30),)),
    Setting.HALL: Soundscape("tiles", Room(1.5, 0.2, 4500, 0.012), (("hum", -33),), (("hum", -33),), indoor=True),
    Setting.TUNNEL: Soundscape(
        "tiles",
        Room(3.2, 0.3, 2600, 0.025),
        (("cave", -36), ("drips", -38)),
        (("cave", -36), ("drips", -38)),
        indoor=True,
    ),
    Setting.STAGE: Soundscape(
        "boards", Room(1.9, 0.2, 4000, 0.03), (("audience", -36),), (("audience", -36),), indoor=True
    ),
    Setting.SEA: Soundscape("planks", OPEN, (("sea", -31), ("wind", -36)), (("sea", -31), ("wind", -37))),
}

WEATHERS: dict[Weather, tuple[tuple[str, float], ...]] = {
    Weather.CLEAR: (),
    Weather.RAIN: (("rain", -32),),
    Weather.SNOW: (("hush", -37),),
    Weather.FOG: (),
    Weather.STORM: (("downpour", -29), ("gale", -31)),
    Weather.WIND: (("gale", -32),),
}
HUSHED = {Weather.SNOW: -6.0, Weather.FOG: -2.0}
"""What falls or hangs in the air swallows the rest, dB."""

ASKED = {
    "waves": ("sea", -30),
    "wind": ("gale", -31),
    "rain": ("rain", -30),
    "crowd": ("crowd", -31),
    "insects": ("crickets", -34),
    "birdsong": ("birdsong", -32),
    "machine hum": ("hum", -33),
    "underwater": ("underwater", -29),
    "traffic": ("traffic", -31),
    "fire": ("fire", -32),
}
"""The beds of the sounds that a prompt asks for; bells, thunder and music are no beds."""
MUFFLED = -9.0  # dB, the weather as heard indoors


def roofed(scene: Scene) -> bool:
    """True where a roof keeps the weather outside."""
    return PLACES[scene.setting].indoor and scene.variant is not Variant.OPEN_AIR


def room(scene: Scene) -> Room:
    """How the scene's place answers."""
    return OPEN if scene.variant is Variant.OPEN_AIR else PLACES[scene.setting].room


def beds(scene: Scene) -> dict[str, float]:
    """The beds of a scene with their levels, dB."""
    place = PLACES[scene.setting]
    base = place.night if scene.time is Time.NIGHT else place.day
    found = {name: level + HUSHED.get(scene.weather, 0.0) for name, level in base}
    if scene.setting is not Setting.REEF:
        for name, level in WEATHERS[scene.weather]:
            _raise(found, name, level + (MUFFLED if roofed(scene) else 0.0))
    for sound in scene.ambience:
        if sound.value in ASKED:
            _raise(found, *ASKED[sound.value])
    if "insects" in {sound.value for sound in scene.ambience} and scene.setting is Setting.MARSH:
        _raise(found, "frogs", -34)
    return found


def ground(scene: Scene) -> str:
    """What feet meet: the setting's ground, snow where it snows."""
    place = PLACES[scene.setting]
    return "snow" if scene.weather is Weather.SNOW and not roofed(scene) else place.ground


def _raise(levels: dict[str, float], name: str, level: float) -> None:
    levels[name] = max(levels.get(name, -99.0), level)
