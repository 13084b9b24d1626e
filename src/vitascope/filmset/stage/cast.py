"""Who stands where: the subjects of a Scene become actors with a place, a way and feet.

An actor knows nothing of drawing. The same actors give the camera its hero, the drawing its poses and the list of
events its contacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, pi, sin

from vitascope.filmset.canvas.random_streams import number, random_stream
from vitascope.filmset.scene.scene import Action, Direction, Kind, Move, Pace, Scene, Setting, Subject
from vitascope.filmset.stage.camera import CameraPath
from vitascope.filmset.stage.dance import Dance, dance, dance_feet, mirrored
from vitascope.filmset.stage.gathering import faces, films, spirit
from vitascope.filmset.stage.pulse import beat
from vitascope.filmset.stage.site import BULK, CORRIDORS, FOCAL, HUMAN, STATURE, Lens, bulk, flooded, lens
from vitascope.filmset.stage.steps import (
    RUN,
    RUN_SPEED,
    WADE,
    WALK,
    WALK_SPEED,
    Foot,
    Walkway,
    standing_feet,
    stride_feet,
)
from vitascope.values import Size, Timing

TOWARDS_VIEWER = -pi / 2
CROWD_SIZE = 22
SWARM = {Kind.BIRDS: 16, Kind.FISH: 46, Kind.DRONES: 9, Kind.BALLS: 7}
MOVES = {Action.WALK, Action.RUN, Action.SKATE, Action.WADE, Action.DRIVE, Action.SAIL, Action.SWIM}
SKATE_SPEED, WADE_SPEED, DRIVE_SPEED, SAIL_SPEED, SWIM_SPEED = 3.4, 0.75, 7.0, 1.1, 0.7  # m/s
SPEEDS = {
    Action.WALK: WALK_SPEED,
    Action.RUN: RUN_SPEED,
    Action.SKATE: SKATE_SPEED,
    Action.WADE: WADE_SPEED,
    Action.DRIVE: DRIVE_SPEED,
    Action.SAIL: SAIL_SPEED,
    Action.SWIM: SWIM_SPEED,
}
PACE = {Pace.SLOW: 0.72, Pace.NORMAL: 1.0, Pace.FAST: 1.3}
SHORTEST, STATURE_RANGE = 0.97, 0.06  # of the usual stature, and how much taller the tallest is
CROWD_STATURES = 0.84, 1.07  # of the usual stature: there are children in a crowd
CROWD_PACES = 0.6, 0.9  # of the usual walking speed
DIVER_ALTITUDE, DRONE_ALTITUDE = 1.1, 1.9  # m above the ground
MOST_EQUALS, MOST_SWARM = 9, 80  # members of a group side by side, and of a swarm
FEW = 6  # so many birds or fish are counted out; more are a swarm
PLAYER_TURN = 0.3, 0.62  # rad that a player is turned from the viewer
CHASE_BACK, CHASE_ASIDE = 0.28, 0.4  # hero distances behind, half widths beside a hero who is followed
LONGEST_CORRIDOR = 11.0  # eye heights that somebody walks along walls
ROOMY = 4.0  # hero distances of firm ground where nothing else is known
SLOWEST = 0.55  # of their speed that people walk at where there is hardly room

TRACK = 9.0
"""How far a tracked hero goes at most, in picture heights at his distance: the still layers reach as far."""

# How deep the firm ground reaches behind the hero's plane, in hero distances.
ROOM = {
    Setting.HARBOUR: 0.5,
    Setting.ROOFTOP: 0.9,
    Setting.STAGE: 0.35,
    Setting.CLIFF: 1.0,
    Setting.SKYLINE: 0.6,
    Setting.MOUNTAINS: 0.9,
    Setting.SEA: 1.5,
    Setting.TUNNEL: 2.0,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """One figure, craft or swarm. `index` counts within its subject; `altitude` is its height above ground, m."""

    kind: Kind
    action: Action
    subject: int
    index: int
    seed: int
    way: Walkway
    count: int = 1
    feet: tuple[Foot, Foot] | None = None
    piece: Dance | None = None
    colour: str | None = None
    prop: str | None = None
    stature: float = STATURE
    altitude: float = 0.0
    beat: float = 0.6
    leading: bool = False
    lively: float = 0.0

    def where(self, t: float) -> tuple[float, float]:
        """Place on the ground at a time, (x, z) in metres."""
        return self.way.at(t)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything that was decided before drawing: the lens, the camera's path and the actors, hero first."""

    scene: Scene
    timing: Timing
    lens: Lens
    camera: CameraPath
    actors: tuple[Actor, ...]


@lru_cache(maxsize=8)
def cast(scene: Scene, size: Size, timing: Timing) -> Cast:
    """Place every subject of a scene for a picture of a size."""
    optics = lens(scene, size)
    seconds = float(timing.seconds)
    actors: list[Actor] = []
    for rank, subject in enumerate(scene.subjects):
        actors += _subject(scene, subject, rank, optics, seconds)
    hero = actors[0] if actors else Actor(Kind.WALKER, Action.STAND, 0, 0, 0, Walkway(0.0, optics.hero, 0.0, 0.0))
    return Cast(scene, timing, optics, CameraPath(scene, optics, timing, hero), tuple(actors))


def tracked(scene: Scene) -> bool:
    """True if the camera follows the hero all the time: it does from the start, and nothing cuts away from him."""
    follows = scene.sections[0].camera.move is Move.TRACKING
    return follows and all(s.camera.move is Move.TRACKING or not s.cut for s in scene.sections[1:])


def _subject(scene: Scene, subject: Subject, rank: int, optics: Lens, seconds: float) -> list[Actor]:
    if subject.kind is Kind.CROWD:
        return _crowd(scene, subject, rank, optics, seconds)
    if subject.kind in (Kind.BIRDS, Kind.FISH):
        return [_swarm(scene, subject, rank, optics, seconds)]
    count = max(1, min(subject.count, MOST_EQUALS))
    return [_one(scene, subject, rank, k, count, optics, seconds) for k in range(count)]


def _swarm(scene: Scene, subject: Subject, rank: int, optics: Lens, seconds: float) -> Actor:
    count = subject.count if subject.count < FEW else max(SWARM[subject.kind], min(subject.count, MOST_SWARM))
    heading = pi if subject.direction is Direction.LEFT else 0.0
    way = Walkway(0.0, optics.hero * (1.0 if rank == 0 else 1.3), heading, 0.0)
    if rank and tracked(scene) and scene.setting not in CORRIDORS:
        lead = _way(scene, scene.subjects[0], 0.0, optics.hero, optics, seconds, True)
        way = Walkway(lead.x, way.z, lead.heading if lead.speed else heading, lead.speed)  # stays in the picture
    return Actor(
        kind=subject.kind,
        action=subject.action,
        subject=rank,
        index=0,
        seed=number(scene.seed, "swarm", rank),
        way=way,
        count=count,
        colour=subject.colour,
        prop=subject.prop,
        leading=rank == 0,
        beat=1 / PACE[subject.pace],
    )


def _one(scene: Scene, subject: Subject, rank: int, k: int, count: int, optics: Lens, seconds: float) -> Actor:
    """One of `count` equals: the first of the first subject in the middle, the others around and behind."""
    seed = number(scene.seed, "actor", rank, k)
    x, z = _place(rank, k, count, optics, subject.kind)
    way = _way(scene, subject, x, z, optics, seconds, rank == 0)
    if subject.kind in (Kind.MUSICIAN, Kind.DRUMMER) and subject.direction is None and way.speed == 0:
        way = Walkway(way.x, way.z, way.heading + _turned(seed, x), 0.0)
    if rank and subject.kind is Kind.DRONES and tracked(scene):
        way = _chasing(scene, k, optics, seconds)
    stature = STATURE * (SHORTEST + STATURE_RANGE * float(random_stream(seed, "stature").random()))
    tempo = beat(scene) / (PACE[subject.pace] if rank else 1.0)
    piece, feet = None, None
    if subject.kind in HUMAN:
        piece, feet = _legs(scene, subject, rank, way, tempo, seconds, seed)
    return Actor(
        kind=subject.kind,
        action=subject.action,
        subject=rank,
        index=k,
        seed=seed,
        way=way,
        count=1,
        feet=feet,
        piece=piece,
        colour=subject.colour,
        prop=subject.prop,
        stature=stature,
        altitude=_altitude(subject, k),
        beat=tempo,
        leading=rank == 0 and k == 0,
    )


def _chasing(scene: Scene, k: int, optics: Lens, seconds: float) -> Walkway:
    """Behind a hero whom the camera follows, to his left and right."""
    lead = _way(scene, scene.subjects[0], 0.0, optics.hero, optics, seconds, True)
    back, aside = (
        CHASE_BACK * optics.hero,
        (1.0 if k % 2 else -1.0) * CHASE_ASIDE * optics.half_width(optics.hero) * (1 + k // 2),
    )
    x = lead.x - back * cos(lead.heading) - aside * sin(lead.heading)
    z = lead.z - back * sin(lead.heading) + 0.3 * aside * cos(lead.heading)
    return Walkway(x, z, lead.heading, lead.speed)


def _turned(seed: int, x: float) -> float:
    """How far a player turns from the viewer, rad: players at a side towards the middle, one alone to either side."""
    side = (1.0 if x > 0 else -1.0) if abs(x) > 0.3 else (1.0 if number(seed, "turned") % 2 else -1.0)
    return -side * float(random_stream(seed, "turn").uniform(*PLAYER_TURN))


def _altitude(subject: Subject, k: int) -> float:
    if subject.kind is Kind.DIVER:
        return DIVER_ALTITUDE + 0.3 * (k % 2)
    if subject.kind is Kind.DRONES:
        return DRONE_ALTITUDE + 0.35 * (k % 3)
    return 0.0


def _place(rank: int, k: int, count: int, optics: Lens, kind: Kind) -> tuple[float, float]:
    """Stand others beside and behind, alternating sides, never before the hero."""
    if rank == 0 and k == 0 and count % 2 == 1:
        return 0.0, optics.hero
    order = k + (1 if count % 2 == 0 and rank == 0 else 0) if rank == 0 else k + 1
    side = 1.0 if (order + rank) % 2 else -1.0
    ring = (order + 1) // 2
    own = BULK[kind][0]
    if rank == 0:
        z = optics.hero * (1.0 + (0.0 if count == 2 else 0.16 * ring))
        spread = 0.55 * own * (2 * ring - (1 if count % 2 == 0 else 0)) if count == 2 else 0.85 * own * ring
        return side * min(spread, 0.62 * optics.half_width(z)), z
    fits = FOCAL * own / (0.5 * optics.ratio)
    z = max(optics.hero * (1.25 + 0.22 * ring + 0.2 * rank), fits)
    return side * optics.half_width(z) * min(0.46 + 0.12 * ring, 0.75), z


def _way(scene: Scene, subject: Subject, x: float, z: float, optics: Lens, seconds: float, lead: bool) -> Walkway:
    """Straight through (x, z): sideways as far as the picture allows, the rest in depth; slower if there is no room."""
    facing = {Direction.LEFT: pi, Direction.RIGHT: 0.0, Direction.AWAY: pi / 2}.get(
        subject.direction or Direction.TOWARDS, TOWARDS_VIEWER
    )
    if subject.action not in MOVES:
        return Walkway(x, z, facing, 0.0)
    speed = SPEEDS[subject.action] * PACE[subject.pace]
    side = -1.0 if subject.direction is Direction.LEFT else 1.0
    if subject.direction is None and number(scene.seed, "side") % 2:
        side = -1.0
    if tracked(scene) and lead:
        if scene.setting in CORRIDORS:
            return _along_walls(subject, z, speed, optics, seconds)
        distance = min(speed * seconds, TRACK * optics.hero / FOCAL)
        return Walkway(x - side * distance / 2, z, 0.0 if side > 0 else pi, distance / seconds)
    return _within(subject, x, z, side, speed, optics, seconds, scene)


def _along_walls(subject: Subject, z: float, speed: float, optics: Lens, seconds: float) -> Walkway:
    """Towards the camera, which goes back before the hero, or away from it; he ends (or begins) in the hero's plane."""
    distance = min(speed * seconds, LONGEST_CORRIDOR * optics.eye)
    if subject.direction is Direction.AWAY:
        return Walkway(0.0, z, pi / 2, distance / seconds)
    return Walkway(0.0, z + distance, TOWARDS_VIEWER, distance / seconds)


def _within(
    subject: Subject, x: float, z: float, side: float, speed: float, optics: Lens, seconds: float, scene: Scene
) -> Walkway:
    half = max(0.72 * optics.half_width(z) - 0.5 * bulk(scene, scene.subjects.index(subject))[0], 0.12)
    across = 2 * half if subject.direction not in (Direction.TOWARDS, Direction.AWAY) else 0.4 * half
    if subject.kind is Kind.BOAT:
        across = min(across, 1.2 * half)
    room = ROOM.get(scene.setting, ROOMY) * optics.hero
    if subject.direction not in (Direction.TOWARDS, Direction.AWAY):
        room = min(room, optics.hero * (0.9 if speed < 2 else 2.5))
    distance = speed * seconds
    sideways = min(distance, across)
    depth = min(max(distance**2 - sideways**2, 0.0) ** 0.5, room if subject.kind is not Kind.BOAT else 0.0)
    total = (sideways**2 + depth**2) ** 0.5
    slowest = SLOWEST * speed if subject.kind in HUMAN else 0.0
    going = max(min(speed, total / seconds), slowest)
    away = subject.direction is Direction.AWAY
    dx, dz = side * sideways, depth if away else -depth
    start_z = z if away else z + depth
    centre = 0.0 if abs(x) < half else (abs(x) - half) * (1 if x > 0 else -1)
    return Walkway(centre - dx / 2, start_z, atan2(dz, dx), going, total / max(going, 1e-6) - 0.1)


def _legs(
    scene: Scene, subject: Subject, rank: int, way: Walkway, tempo: float, seconds: float, seed: int
) -> tuple[Dance | None, tuple[Foot, Foot]]:
    """Feet for what somebody does."""
    if subject.action in (Action.DANCE, Action.SPIN):
        corps = number(scene.seed, "dance", rank)
        piece = dance(corps, way.x, way.z, way.heading, tempo, seconds, subject.action is Action.SPIN)
        if subject.count > 1 and way.x < -0.05:
            piece = mirrored(piece)  # a corps is symmetric about its middle, not a row of copies
        return piece, dance_feet(piece)
    if way.speed > 0 and subject.action is not Action.SKATE:
        gait = {Action.RUN: RUN}.get(subject.action, WADE if flooded(scene) else WALK)
        return None, stride_feet(way, gait, seconds, phase=(seed % 97) / 97)
    return None, standing_feet(way.x, way.z, way.heading)


def _crowd(scene: Scene, subject: Subject, rank: int, optics: Lens, seconds: float) -> list[Actor]:
    """Many people, in rows behind one another; they sway, cheer or walk past."""
    rng = random_stream(scene.seed, "crowd", rank)
    found = []
    walks = subject.action in (Action.WALK, Action.RUN, Action.WADE)
    for k in range(CROWD_SIZE):
        z = optics.hero * (1.0 + 0.12 * (k % 7) + 0.1 * float(rng.random()) + (0.3 if rank else 0.0))
        slot = (k * 0.618034 + 0.1 * float(rng.random())) % 1.0 * 2 - 1
        x = slot * 0.92 * optics.half_width(z)
        seed = number(scene.seed, "crowd", rank, k)
        heading = TOWARDS_VIEWER + faces(scene, rank, seed) if not walks else (0.0 if rng.random() < 0.5 else pi)
        speed = WALK_SPEED * float(rng.uniform(*CROWD_PACES)) if walks else 0.0
        ahead = 1.0 if heading == 0.0 else -1.0
        way = Walkway(x - ahead * speed * seconds / 2, z, heading, speed)
        feet = stride_feet(way, WALK, seconds, (seed % 97) / 97) if walks else standing_feet(x, z, heading)
        prop = "phone" if subject.prop is None and not walks and films(scene, seed) else subject.prop
        found.append(
            Actor(
                kind=Kind.CROWD,
                action=subject.action,
                subject=rank,
                index=k,
                seed=seed,
                way=way,
                count=1,
                feet=feet,
                piece=None,
                colour=subject.colour,
                prop=prop,
                stature=STATURE * float(rng.uniform(*CROWD_STATURES)),
                altitude=0.0,
                beat=beat(scene),
                leading=False,
                lively=spirit(scene, subject),
            )
        )
    return sorted(found, key=lambda actor: -actor.way.z)
