"""What is filmed: for each reel a place, troupes of actors for it and takes of each troupe, all drawn from a seed.

Every factor is drawn over its whole range and apart from the others, so that in the long run each meets each. A reel
shares only what its bake holds: the setting, the time, the weather, the lights and whether the ground is flooded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from vitascope.filmset.canvas.random_streams import number, random_stream
from vitascope.filmset.prompt.casting import ACTIONS, INSTRUMENTS
from vitascope.filmset.prompt.choose import PEOPLE
from vitascope.filmset.scene.scene import (
    COLOURS,
    MOODS,
    PROPS,
    VARIANTS,
    Action,
    Ambience,
    Camera,
    Craft,
    Direction,
    Glow,
    Kind,
    Move,
    Pace,
    Scene,
    Section,
    Setting,
    Subject,
    Time,
    Weather,
)
from vitascope.filmset.stage.cast import MOVES
from vitascope.filmset.stage.site import SITES, flooded

CLIPS = 24
"""How many clips a reel holds: one bake serves them all."""
TAKES = 6
"""How many takes a troupe gets: twice as many for a crowd, whose recording is dear, and half as many for one that the
camera follows, which leaves the camera little choice."""
GALES = {Weather.STORM: 0.75, Weather.WIND: 0.6}
PLAYED = tuple(prop for prop in PROPS if prop in INSTRUMENTS)
HELD = tuple(prop for prop in PROPS if prop not in INSTRUMENTS)
SEVERAL = {Kind.BIRDS: 30, Kind.FISH: 40, Kind.DRONES: 9, Kind.BALLS: 7, Kind.CROWD: 22}
PACES = (Pace.NORMAL, Pace.NORMAL, Pace.SLOW, Pace.FAST)
PERFORMED = (Action.DANCE, Action.SPIN, Action.PLAY, Action.JUMP)
FLOATS = (Action.WADE, Action.SAIL)
MIRRORED = {Direction.LEFT: Direction.RIGHT, Direction.RIGHT: Direction.LEFT}

Rng = np.random.Generator
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Take:
    """One clip to be made: `scene` before it is mirrored, with the place's seed; `seed` is the actors' and camera's."""

    scene: Scene
    seed: int
    troupe: int
    mirrored: bool

    @property
    def shown(self) -> Scene:
        """The scene as it is seen: left and right changed over in a mirrored take."""
        return mirror(self.scene) if self.mirrored else self.scene


def reel(seed: int, index: int) -> tuple[Take, ...]:
    """The takes of a reel, in the order in which they are filmed."""
    rng = random_stream(seed, "reel", index)
    place = _place(number(seed, "place", index) % 2**31, rng)
    afloat = bool(rng.random() < 0.18) and not SITES[place.setting].under_water
    takes: list[Take] = []
    troupe = 0
    while len(takes) < CLIPS:
        takes += _takes(place, afloat, number(seed, "troupe", index, troupe) % 2**31, troupe, rng)
        troupe += 1
    return tuple(takes[k] for k in rng.permutation(CLIPS).tolist())


def mirror(scene: Scene) -> Scene:
    """A scene with left and right changed over."""
    subjects = tuple(replace(s, direction=_across(s.direction)) for s in scene.subjects)
    cameras = (replace(s.camera, direction=_across(s.camera.direction)) for s in scene.sections)
    sections = tuple(replace(s, camera=camera) for s, camera in zip(scene.sections, cameras, strict=True))
    return replace(scene, subjects=subjects, sections=sections)


def _across(way: Direction | None) -> Direction | None:
    return MIRRORED.get(way, way) if way else None


def _one(rng: Rng, row: Sequence[Thing]) -> Thing:
    return row[int(rng.integers(len(row)))]


def _maybe(rng: Rng, chance: float, row: Sequence[Thing]) -> Thing | None:
    """One of a row with a chance; the dice fall the same number of times either way."""
    drawn, value = bool(rng.random() < chance), _one(rng, row)
    return value if drawn else None


def _place(seed: int, rng: Rng) -> Scene:
    """A setting in its light and weather, without anybody."""
    time, air = _one(rng, list(Time)), _one(rng, list(Weather))
    setting = _one(rng, list(Setting))
    glows = {light for light in (_maybe(rng, 0.45, list(Glow)), _maybe(rng, 0.15, list(Glow))) if light}
    if SITES[setting].indoor or SITES[setting].under_water or time is not Time.NIGHT:
        glows -= {Glow.MOON, Glow.STARS}  # they would not be seen
    heard = {sound for sound in (_maybe(rng, 0.4, list(Ambience)), _maybe(rng, 0.2, list(Ambience))) if sound}
    return Scene(
        setting,
        time,
        air,
        seed,
        glows=tuple(sorted(glows)),
        ambience=tuple(sorted(heard)),
        mood=_maybe(rng, 0.4, MOODS),
        wind=round(max(float(rng.random()), GALES.get(air, 0.0)), 2),
        wet=bool(rng.random() < 0.25),
        later=_maybe(rng, 0.06, [other for other in Time if other is not time]),
        variant=_one(rng, VARIANTS[setting]) if setting in VARIANTS else None,
    )


def _takes(place: Scene, afloat: bool, seed: int, troupe: int, rng: Rng) -> Iterator[Take]:
    """A troupe's takes: the same actors under other cameras, some of them mirrored."""
    follows = bool(rng.random() < 2 / (len(Move) + 1))
    subjects = _cast(place, afloat, rng)
    flip = bool(rng.random() < 0.5)
    crowded = any(subject.kind is Kind.CROWD for subject in subjects)
    for k in range(TAKES * (2 if crowded else 1) // (2 if follows else 1)):
        scene = replace(place, subjects=subjects, sections=_sections(rng, subjects, follows))
        yield Take(scene, seed, troupe, flip == bool(k % 2))


def _cast(place: Scene, afloat: bool, rng: Rng) -> tuple[Subject, ...]:
    """Nobody, one subject, two or three. In a flooded reel the first floats or wades; in a dry one nobody does."""
    count = int(rng.choice([0, 1, 2, 3], p=[0.06, 0.6, 0.26, 0.08]))
    open_water = SITES[place.setting].water
    if afloat and not open_water:
        first = _one(rng, (Kind.BOAT, Kind.WALKER, Kind.COURIER))
        leader = _subject(rng, first, Action.SAIL if first is Kind.BOAT else Action.WADE)
        found = [leader, *(_anybody(rng, False) for _ in range(count - 1))]
    else:
        found = [_anybody(rng, open_water) for _ in range(count)]
    subjects = tuple(found)
    dry = replace(place, subjects=())
    assert open_water or flooded(replace(place, subjects=subjects)) == (afloat or flooded(dry))
    return subjects


def _anybody(rng: Rng, floats: bool) -> Subject:
    kinds = [kind for kind in Kind if floats or kind is not Kind.BOAT]
    kind = _one(rng, kinds)
    if kind is Kind.CROWD and rng.random() < 0.4:  # twenty people weigh on a reel; one in two is coverage enough
        kind = _one(rng, kinds)
    actions = [action for action in ACTIONS[kind] if floats or action not in FLOATS]
    if kind in (Kind.BIRDS, Kind.FISH):
        actions = actions[:1]  # flocks are seen on their way, whatever they are said to do
    return _subject(rng, kind, actions[0] if rng.random() < 0.55 else _one(rng, actions))


def _subject(rng: Rng, kind: Kind, action: Action) -> Subject:
    if kind in SEVERAL:
        count = _one(rng, [1, 2, 3, SEVERAL[kind], SEVERAL[kind]]) if kind is not Kind.CROWD else SEVERAL[kind]
    else:
        count = _one(rng, [1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 5])
    ways, paced = _ways(kind, action)
    props = PLAYED if kind is Kind.MUSICIAN else HELD
    chance = 0.8 if kind is Kind.MUSICIAN else (0.3 if kind in PEOPLE and kind is not Kind.DIVER else 0.0)
    return Subject(
        kind,
        action,
        count,
        _maybe(rng, 0.65, COLOURS),
        _maybe(rng, 0.65, ways) if ways else None,
        _one(rng, PACES) if paced else Pace.NORMAL,
        _maybe(rng, chance, props),
        _one(rng, list(Craft)) if kind is Kind.BOAT else None,
    )


def _ways(kind: Kind, action: Action) -> tuple[list[Direction], bool]:
    """The directions that a subject can be told to go in, and whether its pace is seen: nothing false is ever told."""
    if kind is Kind.CROWD:
        return [], False
    if kind in (Kind.BIRDS, Kind.FISH) or action is Action.SAIL:
        return [Direction.LEFT, Direction.RIGHT], True
    if action in MOVES:
        return [Direction.LEFT, Direction.RIGHT, Direction.TOWARDS, Direction.AWAY], True
    return [], action in PERFORMED


def _sections(rng: Rng, subjects: tuple[Subject, ...], follows: bool) -> tuple[Section, ...]:
    """One shot, a shot that goes on with another move, or two shots with a cut."""
    first = _camera(rng, Move.TRACKING if follows else _other_move(rng))
    if follows and subjects and subjects[0].action in MOVES:
        first = replace(first, direction=None)  # it goes where the hero goes
    more, cut, start = float(rng.random()), bool(rng.random() < 0.6), float(rng.choice([0.35, 0.5, 0.6]))
    second = _camera(rng, _other_move(rng))
    if more > 0.25:
        return (Section(0.0, first),)
    return Section(0.0, first), Section(start, second, cut and not follows)


def _other_move(rng: Rng) -> Move:
    return _one(rng, [move for move in Move if move is not Move.TRACKING])


def _camera(rng: Rng, move: Move) -> Camera:
    """A move whose direction is always said, so that captions and mirrored takes are exact."""
    ways = {Move.TILT: [Direction.UP, Direction.DOWN]}
    sided = (Move.PAN, Move.ORBIT, Move.TRACKING, Move.TILT)
    way = _one(rng, ways.get(move, [Direction.LEFT, Direction.RIGHT]))
    return Camera(move, way if move in sided else None, _one(rng, list(Pace)))
