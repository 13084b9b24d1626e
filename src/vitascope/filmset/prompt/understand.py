"""The prompt reader: a prompt becomes a Scene, and a Reading says which words it came from and what was not understood.

Small rules over tables of concepts (`concepts/*.toml`), no model and no network; the same prompt and seed give the same
scene. What the prompt leaves open is chosen from the seed and reported with no words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from vitascope.filmset.prompt import casting, choose, denying, shooting, staging
from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.heads import Head, Role, find_heads
from vitascope.filmset.prompt.language import ENGLISH, Language, language_of, small_words
from vitascope.filmset.prompt.lexicon import Mention, index
from vitascope.filmset.prompt.stillness import Stillness, movers, stillness
from vitascope.filmset.prompt.unshown import unshown
from vitascope.filmset.scene.scene import (
    Ambience,
    Camera,
    CameraSection,
    Glow,
    Kind,
    Move,
    Mover,
    Scene,
    Setting,
    Subject,
    Time,
    Variant,
    Weather,
)
from vitascope.values import Reading, Understood

NOTHING = "This prompt names no place, time, weather or subject that the film set knows; the seed chose the scene."
FOREIGN = "The prompt seems to be in {language}; only common words of it are understood."
UNKNOWN_LANGUAGE = "The language of this prompt is not understood; the seed chose what is shown."
HELD_STILL = "The camera is fixed by request; the move that the prompt describes is left out."


@dataclass
class Notes:
    """What was understood, from which words, while the scene is being made."""

    read: Read
    understood: list[Understood] = field(default_factory=list)
    used: list[Mention] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def note(self, slot: str, value: object, by: Iterable[Mention] = ()) -> None:
        """Write down one thing; no mentions: the seed chose it."""
        found = list(by)
        self.used += found
        self.understood.append(Understood(slot, str(value), self.read.phrase(found)))


def understand(prompt: str, seed: int, camera_fixed: bool = False) -> tuple[Scene, Reading]:
    """Make a scene of a prompt (any text, any length) and report the reading. Never raises on any text."""
    language = language_of(prompt)
    read = Read.of(prompt, index(language.table))
    still = stillness(read, language.table)
    read = replace(read, spared=still.excepted) if still else read
    notes = Notes(read)
    heads = find_heads(read)
    place, roles = _place_and_roles(read, notes, heads, seed)
    time, later = _times(read, notes, place, seed)
    weather = _weather(read, notes, place, seed)
    variant = _variant(read, notes, place, weather, seed)
    lights = staging.glows(read)
    for light in lights:
        notes.note("glow", light.value.value, light.by)
    cast = _cast(read, notes, roles, place, seed)
    but = _movers(read, notes, still)
    sections = _sections(read, notes, heads, cast, seed, (camera_fixed, still))
    for absent in denying.absences(read):
        notes.note("absent", absent.value, absent.by)
    scene = Scene(
        setting=place,
        time=time,
        weather=weather,
        seed=seed,
        subjects=cast,
        sections=sections,
        glows=tuple(light.value for light in lights),
        ambience=_ambience(read, notes),
        mood=_mood(read, notes),
        wind=_wind(read, notes, weather, seed),
        wet=_wet(read, notes, weather),
        later=later if still is None or Mover.TIME.value in but else None,
        variant=variant,
        still=still is not None,
        but=but,
    )
    return scene, _reading(notes, language)


def _reading(notes: Notes, language: Language) -> Reading:
    recognised = any(entry.words for entry in notes.understood)
    remarks = list(notes.remarks)
    if not language.understood:
        remarks.append(UNKNOWN_LANGUAGE)
    elif language is not ENGLISH:
        remarks.append(FOREIGN.format(language=language.name))
    elif not recognised:
        remarks.append(NOTHING)
    return Reading(tuple(notes.understood), unshown(notes.read, notes.used, small_words(language)), tuple(remarks))


def _place_and_roles(read: Read, notes: Notes, heads: list[Head], seed: int) -> tuple[Setting, list[Role]]:
    """The setting and the subjects' roles, which lean on each other: a diver means a reef, a reef makes a diver."""
    explained = staging.setting(read)
    roles = casting.cast(read, heads, explained.value if explained else None)
    if explained:
        notes.note("setting", explained.value.value, explained.by)
        return explained.value, roles
    hints = [role.kind.value for role in roles if role.kind]
    hints += [light.value.value for light in staging.glows(read)]
    hints += [sound.value.value for sound in staging.ambience(read)]
    weather = staging.weather(read)
    hints += [weather.value.value] if weather else []
    place = choose.setting(seed, hints, {m.value for m in read.denials("setting")})
    notes.note("setting", place.value)
    return place, roles


def _variant(read: Read, notes: Notes, place: Setting, weather: Weather, seed: int) -> Variant | None:
    explained = staging.variant(read, place)
    if explained:
        notes.note("kind of place", explained.value.value, explained.by)
        return explained.value
    chosen = choose.variant(seed, place, weather)
    if chosen:
        notes.note("kind of place", chosen.value)
    return chosen


def _times(read: Read, notes: Notes, place: Setting, seed: int) -> tuple[Time, Time | None]:
    explained, later = staging.times(read)
    if explained is None:
        time = choose.time(seed, place, {m.value for m in read.denials("time")})
        notes.note("time", time.value)
        return time, None
    notes.note("time", explained.value.value, explained.by)
    if later:
        notes.note("later", later.value.value, later.by)
    return explained.value, later.value if later else None


def _weather(read: Read, notes: Notes, place: Setting, seed: int) -> Weather:
    explained = staging.weather(read)
    if explained:
        notes.note("weather", explained.value.value, explained.by)
        return explained.value
    denied = read.denials("weather")
    unwanted = {m.value for m in denied} | ({"storm"} if denied else set())
    if any(light.value in (Glow.MOON, Glow.STARS) for light in staging.glows(read)):
        unwanted |= {air.value for air in Weather if air not in (Weather.CLEAR, Weather.WIND)}  # else they are not seen
    weather = choose.weather(seed, place, unwanted)
    notes.note("weather", weather.value)
    return weather


def _cast(read: Read, notes: Notes, roles: list[Role], place: Setting, seed: int) -> tuple[Subject, ...]:
    absent = read.by_slot.get("absence", [])
    if absent:
        notes.note("subject", "no people", absent)
        roles = [role for role in roles if role.kind is not Kind.CROWD]
    cast = tuple(casting.subject(read, role, place) for role in roles)
    for role, member in zip(roles, cast, strict=True):
        _note_subject(notes, role, member)
    if cast or any(m.value == "all" for m in absent):
        return cast
    banned = {m.value for slot in ("kind", "action") for m in read.denials(slot)}
    if absent or read.denials("person") or Kind.CROWD in banned:
        banned |= {kind.value for kind in choose.PEOPLE}
    chosen = choose.subjects(seed, place, banned)
    for member in chosen:
        notes.note("subject", member.kind.value)
        notes.note("action", member.action.value)
    return chosen


def _note_subject(notes: Notes, role: Role, member: Subject) -> None:
    notes.note("subject", member.kind.value, role.nouns)
    notes.note("action", member.action.value, role.by)
    if member.count > 1 or role.counts:
        notes.note("count", member.count, role.counts[:1])
    for slot, value, by in (
        ("colour", member.colour, role.colours[:1]),
        ("direction", member.direction, role.directions[:1]),
        ("pace", member.pace, role.paces[:1]),
        ("prop", member.prop, role.props[:1]),
        ("kind of boat", member.craft, role.crafts[:1]),
    ):
        if by and value:
            notes.note(slot, value, by)


def _movers(read: Read, notes: Notes, still: Stillness | None) -> tuple[str, ...]:
    """What moves all the same in a scene of which the prompt says that nothing moves."""
    if still is None:
        return ()
    but = movers(read, still)
    by = (*still.by, *(mention for found in but.values() for mention in found))
    notes.note("stillness", f"nothing moves but {', '.join(but)}" if but else "nothing moves", by)
    return tuple(but)


def _sections(
    read: Read,
    notes: Notes,
    heads: Sequence[Head],
    cast: tuple[Subject, ...],
    seed: int,
    held: tuple[bool, Stillness | None],
) -> tuple[CameraSection, ...]:
    fixed, still = held
    directed = shooting.moves(read, heads)
    if fixed:
        if any(each.camera and each.camera.move is not Move.FIXED for each in directed):
            notes.remarks.append(HELD_STILL)
        explained = [m for each in directed if each.camera and each.camera.move is Move.FIXED for m in each.by]
        notes.note("camera", Move.FIXED.value, explained)
        return (CameraSection(0.0, Camera(Move.FIXED)),)
    if not directed and still:
        notes.note("camera", Move.FIXED.value, still.by)
        return (CameraSection(0.0, Camera(Move.FIXED)),)
    if not directed:
        camera = choose.camera(seed, cast, banned={m.value for m in read.denials("camera")})
        notes.note("camera", _camera_words(camera))
        return (CameraSection(0.0, camera),)
    sections = []
    for number, each in enumerate(directed):
        camera = _completed(each.camera, cast, seed, f"camera {number}")
        cut = each.cut and number > 0
        sections.append(CameraSection(number / len(directed), camera, cut))
        notes.note("camera", ("cut to " if cut else "") + _camera_words(camera), each.by)
    return tuple(sections)


def _completed(camera: Camera | None, cast: tuple[Subject, ...], seed: int, what: str) -> Camera:
    """A camera with what the prompt left open: the whole move after a bare cut, or the way it goes."""
    if camera is None:
        return choose.camera(seed, cast, what)
    return replace(camera, direction=camera.direction or choose.direction(seed, camera.move, cast, what))


def _camera_words(camera: Camera) -> str:
    words = [camera.move.value]
    if camera.direction is not None:
        words.append(camera.direction.value)
    return " ".join(words)


def _ambience(read: Read, notes: Notes) -> tuple[Ambience, ...]:
    heard = staging.ambience(read)
    for sound in heard:
        notes.note("sound", sound.value.value, sound.by)
    return tuple(sound.value for sound in heard)


def _mood(read: Read, notes: Notes) -> str | None:
    explained = staging.mood(read)
    if explained:
        notes.note("mood", explained.value, explained.by)
    return explained.value if explained else None


def _wind(read: Read, notes: Notes, weather: Weather, seed: int) -> float:
    explained = staging.wind(read, weather, round(0.15 + 0.3 * choose.share(seed, "wind"), 3))
    if explained.by:
        notes.note("wind", explained.value, explained.by)
    return explained.value


def _wet(read: Read, notes: Notes, weather: Weather) -> bool:
    explained = read.mentioned("ground")
    if explained:
        notes.note("ground", "wet", explained)
    return bool(explained) or weather in (Weather.RAIN, Weather.STORM)
