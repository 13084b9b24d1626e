"""Choreography: footwork, turns and arms of dancers, as functions of the beat.

A dance is a row of figures, each a few beats long, drawn by the dancer's seed. A figure says where the feet land, how
the body turns about its vertical axis and which shapes the arms pass through. Limbs lag behind one another (shoulder,
elbow, wrist), which is most of what makes a moving body look alive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, pi, sin

import numpy as np

from vitascope.filmset.canvas.random_streams import Floats, ease, random_stream
from vitascope.filmset.stage.steps import Foot

SHAPES: dict[str, tuple[float, ...]] = {
    # two arms, each: upper arm (out, up, forward), forearm (out, up, forward); left arm first, then right
    "low": (0.45, -0.9, 0.2, -0.1, -0.8, 0.5, 0.45, -0.9, 0.2, -0.1, -0.8, 0.5),
    "second": (1.0, 0.05, 0.15, 1.0, 0.12, 0.25, 1.0, 0.05, 0.15, 1.0, 0.12, 0.25),
    "crown": (0.55, 0.85, 0.15, -0.4, 0.95, 0.1, 0.55, 0.85, 0.15, -0.4, 0.95, 0.1),
    "reach": (0.5, 0.9, 0.2, 0.3, 1.0, 0.1, 1.0, -0.25, 0.0, 1.0, -0.1, 0.2),
    "reach2": (1.0, -0.25, 0.0, 1.0, -0.1, 0.2, 0.5, 0.9, 0.2, 0.3, 1.0, 0.1),
    "arc": (0.9, 0.55, 0.1, 0.2, 1.0, 0.2, 0.5, -0.55, 0.6, -0.7, 0.2, 0.6),
    "arc2": (0.5, -0.55, 0.6, -0.7, 0.2, 0.6, 0.9, 0.55, 0.1, 0.2, 1.0, 0.2),
    "flare": (0.95, 0.4, -0.25, 0.8, 0.75, -0.1, 0.95, 0.4, -0.25, 0.8, 0.75, -0.1),
    "gather": (0.35, -0.25, 0.85, -0.75, 0.3, 0.5, 0.35, -0.25, 0.85, -0.75, 0.3, 0.5),
    "offer": (0.5, -0.1, 0.85, 0.2, 0.35, 0.9, 0.9, 0.25, -0.3, 0.9, 0.5, -0.2),
    "offer2": (0.9, 0.25, -0.3, 0.9, 0.5, -0.2, 0.5, -0.1, 0.85, 0.2, 0.35, 0.9),
    "hip": (0.8, -0.55, -0.2, -0.65, -0.55, 0.35, 0.6, 0.8, 0.1, -0.3, 0.95, 0.1),
    "hip2": (0.6, 0.8, 0.1, -0.3, 0.95, 0.1, 0.8, -0.55, -0.2, -0.65, -0.55, 0.35),
}
MIRRORED = {name: f"{name}2" for name in ("reach", "arc", "offer", "hip")}
MIRRORED |= {other: name for name, other in MIRRORED.items()}
"""Shapes of the arms whose sides differ, each with the one that has them exchanged."""
BEHIND = 0.18
"""A free foot that is lifted so high (in statures) without a turn is stretched behind the body, not before it."""
FLOWING = ("second", "crown", "reach", "reach2", "arc", "arc2", "flare", "gather", "offer", "hip")


@dataclass(frozen=True, slots=True)
class Figure:
    """Part of a dance: `beats` long, starting at beat `start`; the body turns `turns` times; `free` foot is lifted."""

    start: int
    beats: int
    turns: float
    free: int
    lift: float
    shift: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dance:
    """A choreography: figures in order, one arm shape for each beat, the length of a beat (s), the dancer's place."""

    figures: tuple[Figure, ...]
    shapes: tuple[str, ...]
    beat: float
    x: float
    z: float
    facing: float

    def figure(self, t: float) -> tuple[Figure, float]:
        """The figure at a time and how far it is, 0..1."""
        beat = t / self.beat
        for figure in self.figures:
            if beat < figure.start + figure.beats:
                return figure, max((beat - figure.start) / figure.beats, 0.0)
        return self.figures[-1], 1.0

    def turn(self, t: float) -> float:
        """Angle by which the body has turned, rad: each turn winds up, whips and settles."""
        done = 0.0
        for figure in self.figures:
            u = (t / self.beat - figure.start) / figure.beats
            if u <= 0:
                break
            wind = -0.07 * sin(pi * min(u / 0.3, 1.0)) if figure.turns else 0.0
            v = min(max((u - 0.1) / 0.84, 0.0), 1.0)
            whip = 0.45 * float(ease(v)) + 0.55 * v * v * (3 - 2 * v)
            done += 2 * pi * (figure.turns * whip + wind * float(np.sign(figure.turns)))
        sway = 0.16 * sin(pi * t / self.beat)
        return done + sway

    def spin_rate(self, t: float) -> float:
        """How fast the body turns, rad/s: flares skirts and ribbons."""
        return (self.turn(t + 0.02) - self.turn(t - 0.02)) / 0.04

    def arms(self, t: float, lag: float) -> Floats:
        """An arm shape at a time, `lag` s late: 12 numbers, (left, right) x (upper, fore) x (out, up, forward)."""
        beat = max((t - lag) / self.beat + 0.35, 0.0)
        index = int(beat)
        v = min((beat - index) / 0.95, 1.0)
        u = 0.5 * float(ease(v)) + 0.5 * v * v * (3 - 2 * v)
        count = len(self.shapes)
        before, after = SHAPES[self.shapes[index % count]], SHAPES[self.shapes[(index + 1) % count]]
        mixed = np.asarray(before) * (1 - u) + np.asarray(after) * u
        mixed[[0, 6]] += 0.25 * sin(pi * u)
        mixed[[2, 8]] += 0.25 * sin(pi * u)  # the arms pass in front of the body, not through it
        mixed[[5, 11]] += 0.8 * sin(pi * u)
        return mixed


@lru_cache(maxsize=32)
def dance(seed: int, x: float, z: float, facing: float, beat: float, seconds: float, spins: bool) -> Dance:
    """Choreograph a clip. `spins` prefers turns; two dancers with the same seed dance the same steps (a corps)."""
    rng = random_stream(seed, "dance")
    figures: list[Figure] = []
    start, place = 0, np.zeros(2)
    while start * beat < seconds + 4 * beat:
        turning = (len(figures) % 2 == 1) or spins
        double = turning and spins and rng.random() < 0.4
        beats = 4 if double else int(rng.choice([2, 3] if turning else [2, 2, 4]))
        goal = np.clip(place + rng.uniform(-0.45, 0.45, 2), -0.4, 0.4)
        side = int(rng.integers(0, 2))
        turns = float(rng.choice([-1, 1])) * (2.0 if double else 1.0) if turning else 0.0
        # low enough that the knee stays below the hip: a skirt lies over it
        lift = float(rng.uniform(0.16, 0.24)) if turning else float(rng.choice([0.06, 0.11, BEHIND]))
        shift = (0.0, 0.0) if turning else (float(goal[0] - place[0]), float(goal[1] - place[1]) * 0.6)
        figures.append(Figure(start, beats, turns, side, lift, shift))
        place = place + np.asarray(shift)
        start += beats
    shapes = [FLOWING[int(k)] for k in rng.integers(0, len(FLOWING), start + 4)]
    for figure in figures:
        if figure.turns:
            closed = str(rng.choice(["crown", "gather", "flare"]))
            for k in range(figure.start + 1, figure.start + figure.beats):
                shapes[k] = closed
    shapes = [
        s if k == 0 or s != shapes[k - 1] else ("second" if s not in ("crown", "gather") else s)
        for k, s in enumerate(shapes)
    ]
    return Dance(tuple(figures), tuple(shapes), beat, x, z, facing)


def mirrored(piece: Dance) -> Dance:
    """The same dance as in a mirror: left for right, turns the other way round; the way over the floor is the same."""
    figures = tuple(replace(each, turns=-each.turns, free=1 - each.free) for each in piece.figures)
    return replace(piece, figures=figures, shapes=tuple(MIRRORED.get(shape, shape) for shape in piece.shapes))


def dance_feet(piece: Dance) -> tuple[Foot, Foot]:
    """(left, right) feet of a choreography. The supporting foot stays on its spot; it only pivots there."""
    schedule: list[list[tuple[float, float, tuple[float, float, float]]]] = [[], []]
    here = [_stance(piece, 0.0, 0.0, side) for side in (1.0, -1.0)]
    first = [here[0], here[1]]
    middle = np.zeros(2)
    for figure in piece.figures:
        begin = figure.start * piece.beat
        length = figure.beats * piece.beat
        free, support = figure.free, 1 - figure.free
        middle = middle + np.asarray(figure.shift)
        goals = [_stance(piece, middle[0], middle[1], side) for side in (1.0, -1.0)]
        if not figure.turns:
            schedule[support].append((begin + 0.02 * length, begin + 0.30 * length, goals[support]))
        schedule[free].append((begin + 0.36 * length, begin + 0.94 * length, goals[free]))
    feet = []
    for side in (0, 1):
        lifts = tuple(lift for lift, _, _ in schedule[side])
        lands = tuple(land for _, land, _ in schedule[side])
        feet.append(Foot(lifts, lands, (first[side], *(place for _, _, place in schedule[side])), 0.12))
    return feet[0], feet[1]


def _stance(piece: Dance, dx: float, dz: float, side: float) -> tuple[float, float, float]:
    ahead_x, ahead_z = cos(piece.facing), sin(piece.facing)
    aside = 0.1 * side
    return piece.x + dx - aside * ahead_z, piece.z + dz + aside * ahead_x, piece.facing - 0.35 * side
