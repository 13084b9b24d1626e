"""What a setting is before anything is drawn: where the horizon lies and where the hero stands.

The world is metric (x right, y up, z away from the camera, in metres) and is seen through one lens. A site is composed
in picture units instead (1 = the picture's height, v down from the top), so that a composition holds for every subject
and every shape of picture: the hero is put as far away as his size needs, and the eye's height follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.filmset.canvas.random_streams import number
from vitascope.filmset.scene.scene import Action, Craft, Kind, Move, Pace, Scene, Setting, Subject, Variant, Weather
from vitascope.values import Size

FOCAL = 1.25
"""Focal length in picture heights (a 44 degree picture height: a normal film lens)."""
STATURE = 1.75  # m; a grown person
NEAR_CLIP = 0.3  # eye heights before the camera; what is nearer is behind it
HERO_SHARE = 0.4  # of the picture's height, for a picture in which nobody is
WIDEST_HERO = 0.8  # of the picture's width at rest
WIDEST_DOLLY = 0.96  # of the picture's height where a dolly comes nearest: a square picture holds it
BOW_REACH = 1.15  # a boat's bow reaches out farther than its stern
SEVERAL_WIDE = {1: 1.0, 2: 2.0}  # how wide a group is, in members' widths
MANY_WIDE = 2.5


@dataclass(frozen=True, slots=True)
class Site:
    """A setting's fixed facts. `horizon` and `foot` (of the hero) are heights in the picture, from the top."""

    horizon: float
    foot: float
    ground: str
    indoor: bool = False
    water: bool = False
    under_water: bool = False
    waves: bool = False


SITES: dict[Setting, Site] = {
    Setting.CLIFF: Site(0.60, 0.87, "grass", waves=True),
    Setting.MOUNTAINS: Site(0.62, 0.88, "grass"),
    Setting.DUNES: Site(0.58, 0.87, "sand"),
    Setting.FOREST: Site(0.57, 0.88, "moss"),
    Setting.SKYLINE: Site(0.63, 0.89, "stone"),
    Setting.ROOFTOP: Site(0.66, 0.90, "tiles"),
    Setting.ALLEY: Site(0.52, 0.90, "cobbles"),
    Setting.HARBOUR: Site(0.56, 0.90, "cobbles"),
    Setting.MARSH: Site(0.56, 0.84, "water", water=True),
    Setting.REEF: Site(0.58, 0.90, "sand", under_water=True),
    Setting.HALL: Site(0.50, 0.90, "checker", indoor=True),
    Setting.TUNNEL: Site(0.50, 0.88, "tiles", indoor=True),
    Setting.STAGE: Site(0.64, 0.86, "boards", indoor=True),
    Setting.SEA: Site(0.52, 0.88, "water", water=True, waves=True),
}

# kind: (width m, height m, share of the picture's height that it fills)
BULK: dict[Kind, tuple[float, float, float]] = {
    Kind.DANCER: (2.0, STATURE, 0.50),
    Kind.WALKER: (1.5, STATURE, 0.45),
    Kind.RUNNER: (1.6, STATURE, 0.44),
    Kind.SKATER: (1.8, STATURE, 0.46),
    Kind.COURIER: (1.6, STATURE, 0.45),
    Kind.MUSICIAN: (1.6, STATURE, 0.48),
    Kind.DRUMMER: (2.0, STATURE, 0.44),
    Kind.CROWD: (2.6, STATURE, 0.33),
    Kind.DIVER: (2.7, 1.5, 0.42),
    Kind.BIRDS: (4.0, 4.0, 0.60),
    Kind.FISH: (4.0, 4.0, 0.60),
    Kind.BOAT: (5.2, 4.6, 0.46),
    Kind.CARAVAN: (4.6, 3.6, 0.44),
    Kind.DRONES: (3.0, 3.0, 0.50),
    Kind.BALLS: (2.4, 2.0, 0.46),
    Kind.VEHICLE: (4.6, 1.7, 0.24),
}

HUMAN = frozenset(
    {Kind.DANCER, Kind.WALKER, Kind.RUNNER, Kind.SKATER, Kind.COURIER, Kind.MUSICIAN, Kind.DRUMMER, Kind.CROWD}
)


USUAL: dict[Setting, tuple[Craft, ...]] = {
    Setting.SEA: (Craft.SAILING, Craft.SAILING, Craft.FISHING, Craft.FERRY),
    Setting.HARBOUR: (Craft.FISHING, Craft.SAILING, Craft.ROWING, Craft.GONDOLA),
    Setting.MARSH: (Craft.ROWING, Craft.ROWING, Craft.GONDOLA),
    Setting.CLIFF: (Craft.SAILING, Craft.FISHING),
}
"""Which boats are met where, if nobody says."""
CRAFTS: dict[Craft, tuple[float, float, float]] = {
    Craft.ROWING: (4.0, 1.6, 0.27),
    Craft.GONDOLA: (5.6, 2.4, 0.36),
    Craft.FISHING: (5.0, 3.8, 0.46),
    Craft.FERRY: (5.4, 3.6, 0.46),
}
"""The bulk of boats that are not as tall as a sailing boat."""


def craft_of(scene: Scene, rank: int) -> Craft:
    """Which kind of boat a subject is: what the scene says, else the seed's choice among what is usual there."""
    usual = USUAL.get(scene.setting, (Craft.SAILING, Craft.ROWING))
    return scene.subjects[rank].craft or usual[number(scene.seed, "craft", rank) % len(usual)]


def bulk(scene: Scene, rank: int) -> tuple[float, float, float]:
    """(width m, height m, share of the picture's height) of a subject."""
    kind = scene.subjects[rank].kind
    return CRAFTS.get(craft_of(scene, rank), BULK[kind]) if kind is Kind.BOAT else BULK[kind]


GROUPED = frozenset(BULK) - {Kind.CROWD, Kind.BIRDS, Kind.FISH, Kind.BALLS, Kind.DRONES}
"""Subjects that stand side by side when there are several."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How the world is seen at rest: horizon (v), eye height (m), distance of the hero's plane (m), picture ratio."""

    horizon: float
    eye: float
    hero: float
    ratio: float

    @property
    def foot(self) -> float:
        """Where the ground lies in the hero's plane, v."""
        return self.horizon + FOCAL * self.eye / self.hero

    def ground(self, z: float) -> float:
        """Where the ground lies at a distance, v."""
        return self.horizon + FOCAL * self.eye / z

    def depth(self, v: float) -> float:
        """How far away (m) the ground is that is seen at v (below the horizon)."""
        return FOCAL * self.eye / max(v - self.horizon, 1e-6)

    def half_width(self, z: float) -> float:
        """Half of what the picture's width shows at a distance, m."""
        return 0.5 * self.ratio * z / FOCAL


def lens(scene: Scene, size: Size) -> Lens:
    """Compose: the first subject fills its share of the picture, yet never more than 80 % of its width at rest."""
    site = SITES[scene.setting]
    width, height, share = bulk(scene, 0) if scene.subjects else (1.5, STATURE, HERO_SHARE)
    if scene.subjects and scene.subjects[0].kind in GROUPED:
        width *= SEVERAL_WIDE.get(scene.subjects[0].count, MANY_WIDE)
    if scene.subjects and scene.subjects[0].kind is Kind.BOAT:
        width *= BOW_REACH
    hero = max(FOCAL * height / share, FOCAL * width / (WIDEST_HERO * size.ratio), _wide(scene, width) / size.ratio)
    return Lens(site.horizon, hero * (site.foot - site.horizon) / FOCAL, hero, size.ratio)


DOLLY = 0.26
"""How much of the way to the hero a push in covers at a normal pace."""
PACES = {Pace.SLOW: 0.75, Pace.NORMAL: 1.0, Pace.FAST: 1.4}


def _wide(scene: Scene, width: float) -> float:
    """A distance that keeps a hero so wide inside a picture as wide as high even where the camera comes nearest (m)."""
    dollies = [each.camera for each in scene.sections if each.camera.move in (Move.PUSH_IN, Move.PULL_OUT)]
    left = min((1 - DOLLY * PACES[camera.pace] for camera in dollies), default=1.0)
    return FOCAL * width / (WIDEST_DOLLY * left) if dollies else 0.0


CORRIDORS = frozenset({Setting.HALL, Setting.TUNNEL, Setting.ALLEY})
"""Settings with walls on both sides: whoever goes far goes along them."""


def indoor(scene: Scene) -> bool:
    """True under a roof, where the weather is outside."""
    return SITES[scene.setting].indoor and scene.variant is not Variant.OPEN_AIR


def flooded(scene: Scene) -> bool:
    """True where the ground lies under shallow water: water sites, wet halls, wherever somebody wades or sails."""
    site = SITES[scene.setting]
    if site.under_water:
        return False
    burst = scene.wet and scene.setting in (Setting.HALL, Setting.TUNNEL)
    return site.water or burst or any(_floats(subject) for subject in scene.subjects)


def _floats(subject: Subject) -> bool:
    return subject.action in (Action.WADE, Action.SAIL) or subject.kind is Kind.BOAT


def wet(scene: Scene) -> bool:
    """True where the ground mirrors lights without being under water."""
    site = SITES[scene.setting]
    rains = scene.weather in (Weather.RAIN, Weather.STORM) and not indoor(scene)
    polished = scene.setting in (Setting.HALL, Setting.STAGE, Setting.ROOFTOP, Setting.TUNNEL)
    return not flooded(scene) and not site.under_water and (scene.wet or rains or polished)
