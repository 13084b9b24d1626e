"""Ribbons: each lies where the tip of its wand has been, sinks, drifts with the wind, and twists as silk does.

Hands move fast, so the way of a tip is kept in steps of a forty-eighth of a second, each worked out once; between them
and along the ribbon it is smoothed, so that it never bends sharper than cloth can.
"""

from __future__ import annotations

from math import pi

import numpy as np

from vitascope.filmset.canvas.paint import fill, line, outline
from vitascope.filmset.canvas.palette import Colour, named, scaled
from vitascope.filmset.canvas.random_streams import Floats, wander
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.skeleton import Pose, unit
from vitascope.filmset.stage.backlot import Frame
from vitascope.filmset.stage.brush import Brush
from vitascope.filmset.stage.cast import Actor

STEP = 1 / 48  # s
LENGTH, POINTS = 0.95, 44
"""Seconds of way that a ribbon shows, and the points it is drawn with."""
WAND = 0.13  # statures
SMOOTHINGS = 14
HELD = ("ribbon", "ribbons", "veil", "silk")


class Trail:
    """The ways of both wands' tips of an actor, worked out where they are asked for; one for each film."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._tips: dict[int, Floats] = {}

    def _at_step(self, step: int) -> Floats:
        if step not in self._tips:
            made = pose(self.actor, step * STEP, 0.0)
            self._tips[step] = np.array([tip(made, k) for k in (0, 1)])
        return self._tips[step]

    def way(self, t: float) -> Floats:
        """Both tips' places from now backwards, shape (2, POINTS, 3), metres."""
        times = (t - np.linspace(0.0, LENGTH, POINTS)) / STEP
        first = int(np.floor(times[-1]))
        known = np.array([self._at_step(k) for k in range(first, int(np.floor(times[0])) + 2)])
        place = times - first
        low = np.floor(place).astype(int)
        share = (place - low)[:, None, None]
        return np.asarray((known[low] * (1 - share) + known[low + 1] * share).transpose(1, 0, 2))


def tip(made: Pose, k: int) -> Floats:
    """Where a hand's wand ends."""
    return made.hands[k] + unit(made.hands[k] - made.wrists[k]) * WAND * made.scale


def wears_ribbons(actor: Actor) -> bool:
    """True for dancers with ribbons: those who hold one, and those about whom nothing is said."""
    return actor.piece is not None and (actor.prop in HELD or (actor.colour is None and actor.prop is None))


def ribbons(frame: Frame, trail: Trail, made: Pose, wind: float) -> None:
    """Draw both ribbons with their wands, behind the dancer."""
    actor = trail.actor
    if frame.reflecting and actor.index:
        return
    z = float(made.pelvis[2])
    brush = Brush(frame, z, float(frame.view.project(0.0, 0.0, z)[2]))
    own, s = named(actor.colour, "f08850"), made.scale
    front = frame.light.figure(scaled(own, 1.2), z, 0.85)
    back = frame.light.figure(scaled(own, 0.7), z, 0.4)
    for k, way in enumerate(trail.way(frame.t)):
        silk = hung(way, wind, actor.seed % 9973 + k, s, frame.t)
        u, v, _ = frame.view.project(silk[:, 0], silk[:, 1], silk[:, 2])
        spots = np.stack([np.asarray(u), np.asarray(v)], 1)
        width = 0.037 * s * brush.per
        _draw(frame, spots, width, (front, back), actor.seed % 7 + k - 2.6 * frame.t)
        hand, end = brush.at(made.hands[k]), brush.at(tip(made, k))
        frame.canvas.drawLine(*hand, *end, line(frame.light.figure((0.9, 0.85, 0.75), z, 0.6), 0.007 * s * brush.per))


def hung(way: Floats, wind: float, seed: int, scale: float, t: float) -> Floats:
    """The ribbon's line, (POINTS, 3) in metres: the tip's way with what air and weight do to it."""
    age = np.linspace(0.0, LENGTH, POINTS)
    silk = way.copy()
    silk[:, 0] += wind * 0.75 * age**1.5
    silk[:, 1] -= 0.42 * age**1.6
    wave = np.asarray(wander(seed, age * 3.2 - t * 2.0)), np.asarray(wander(seed + 50, age * 3.2 - t * 2.0))
    silk[:, 1] += 0.09 * scale * age * wave[0]
    silk[:, 0] += 0.07 * scale * age * wave[1]
    for _ in range(SMOOTHINGS):
        silk[1:-1] = 0.25 * silk[:-2] + 0.5 * silk[1:-1] + 0.25 * silk[2:]
    return silk


def _draw(frame: Frame, spots: Floats, width: float, tints: tuple[Colour, Colour], shift: float) -> None:
    """A band that turns its front and its back to the viewer by turns and thins out to its end."""
    along = np.gradient(spots, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], 1)
    normal /= np.maximum(np.sqrt((normal**2).sum(1, keepdims=True)), 1e-9)
    share = np.linspace(0, 1, len(spots))
    twist = np.cos(2 * pi * 1.3 * share + shift)
    half = 0.5 * width * (0.3 + 0.7 * np.abs(twist)) * (1 - 0.55 * share)
    upper, lower = spots + normal * half[:, None], spots - normal * half[:, None]
    faces = twist > 0
    start = 0
    for k in range(1, len(spots) + 1):
        if k == len(spots) or faces[k] != faces[start]:
            end = min(k + 1, len(spots))
            tint = tints[0] if faces[start] else tints[1]
            band = [*upper[start:end], *lower[start:end][::-1]]
            frame.canvas.drawPath(outline([(float(x), float(y)) for x, y in band]), fill(tint, 0.94))
            start = k
