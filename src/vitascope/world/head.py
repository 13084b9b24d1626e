"""Heads that turn in space: a face that is seen when it looks this way, falling hair, hoods, hats and masks."""

from __future__ import annotations

from math import sin

import numpy as np

from vitascope.world.brush import Brush, Spot
from vitascope.world.dice import wander
from vitascope.world.outfit import Outfit
from vitascope.world.palette import mix, scaled
from vitascope.world.skeleton import HEAD, UP, Pose, unit


def draw_head(brush: Brush, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Draw a head as it is turned."""
    s = made.scale
    r = HEAD * s
    head = brush.at(made.head)
    per = brush.per
    fx, facing = float(made.face[0]), -float(made.face[2])
    away = facing < -0.4
    if outfit.hood:
        brush.oval((head[0], head[1] - 0.1 * r * per), 1.12 * r, 1.22 * r, outfit.top, 0.5)
    elif not away:
        brush.oval((head[0] - 0.16 * fx * r * per, head[1] - 0.14 * r * per), 1.0 * r, 1.06 * r, outfit.hair, 0.45)
    if away:
        brush.oval(head, 0.86 * r, 1.06 * r, outfit.hair if not outfit.hood else outfit.top, 0.45)
    else:
        _face(brush, made, outfit, head, r, fx, facing)
    if outfit.hat:
        _hat(brush, outfit, head, r)
    if outfit.bun and not outfit.hood and not outfit.hat:
        brush.oval(
            (head[0] - 0.75 * fx * r * per, head[1] - (0.85 - 0.2 * abs(fx)) * r * per),
            0.42 * r,
            0.4 * r,
            outfit.hair,
            0.5,
        )
    if outfit.hair_length > 0.3 and facing <= 0:
        hair_fall(brush, made, outfit, seed, wind)


def _face(brush: Brush, made: Pose, outfit: Outfit, head: Spot, r: float, fx: float, facing: float) -> None:
    k = r * brush.per
    cx, cy = head[0] + 0.16 * fx * k, head[1] + 0.08 * k
    wide = 0.74 + 0.08 * facing
    brush.oval((cx, cy - 0.06 * k), wide * r, 0.88 * r, outfit.skin, 0.5)
    brush.oval((cx + 0.04 * fx * k, cy + 0.42 * k), 0.5 * wide * r, 0.52 * r, outfit.skin, 0.5)
    if brush.flat is not None:
        return
    side = 1.0 if brush.frame.light.side > 0 else -1.0
    brush.oval((cx + side * 0.2 * k, cy + 0.05 * k), 0.42 * wide * r, 0.7 * r, outfit.skin, 0.72)
    place = Place(cx, cy, k)
    if abs(fx) > 0.3:
        way = 1.0 if fx > 0 else -1.0
        root, tip = 0.72 * wide * way, 0.16 * way
        nose = [(root - tip * 0.8, -0.12), (root + tip * 0.5 * abs(fx), 0.16), (root - tip * 0.8, 0.22)]
        brush.shape(place.all(nose), outfit.skin, 0.62, smooth=False)
    if not outfit.hood:
        fringe = [(-wide, -0.28), (-0.5, -0.62), (0.2, -0.5), (wide, -0.3), (0.6 * wide, -1.0), (-0.6 * wide, -1.0)]
        brush.shape(place.all(fringe), outfit.hair, 0.5)
    if k > 0.011:
        _features(brush, outfit, place, r, fx, facing)
    if outfit.mask:
        cover = [(-wide, 0.18), (wide, 0.18), (0.5 * wide, 0.9), (-0.5 * wide, 0.9)]
        brush.shape(place.all(cover), outfit.accent, 0.5)
    if outfit.goggles:
        brush.oval((cx + 0.25 * fx * k, cy), 0.66 * r, 0.3 * r, (0.1, 0.3, 0.4), 0.9)


class Place:
    """Coordinates of a face: its middle and its unit (a head's radius) in the picture."""

    def __init__(self, u: float, v: float, unit_: float) -> None:
        self.u, self.v, self.unit = u, v, unit_

    def all(self, points: list[tuple[float, float]]) -> list[Spot]:
        """Points of the face in the picture."""
        return [(self.u + x * self.unit, self.v + y * self.unit) for x, y in points]


def _features(brush: Brush, outfit: Outfit, place: Place, r: float, fx: float, facing: float) -> None:
    """Eyes, brows and mouth, where the turn of the head lets them be seen."""
    dark = scaled(outfit.hair, 0.45)
    for eye in (-0.33, 0.33):
        if abs(eye + 0.42 * fx) >= 0.72:
            continue
        x = eye * (0.6 + 0.4 * facing) + 0.36 * fx
        inner, outer = (0.1, -0.13) if eye < 0 else (-0.1, 0.13)
        brush.oval(place.all([(x, 0.06)])[0], 0.085 * r, 0.12 * r, dark, 0.2)
        brush.stroke(place.all([(x + inner, -0.15), (x, -0.17), (x + outer, -0.12)]), 0.04 * r, dark, 0.3)
    mouth = 0.4 * fx
    lips = mix(outfit.skin, (0.6, 0.1, 0.15), 0.5)
    brush.stroke(place.all([(mouth - 0.14, 0.5), (mouth, 0.56), (mouth + 0.14, 0.5)]), 0.06 * r, lips, 0.4)


def _hat(brush: Brush, outfit: Outfit, head: Spot, r: float) -> None:
    k = r * brush.per
    brim, crown = head[1] - 0.5 * k, head[1] - 1.25 * k
    brush.oval((head[0], brim), 1.75 * r, 0.3 * r, outfit.accent, 0.4)
    brush.shape(
        [
            (head[0] - 0.85 * k, brim),
            (head[0] - 0.66 * k, crown),
            (head[0] + 0.66 * k, crown),
            (head[0] + 0.85 * k, brim),
        ],
        outfit.accent,
        0.55,
    )


def hair_fall(brush: Brush, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Long hair: it hangs from the back of the head, lags in turns and blows in the wind."""
    s, t = made.scale, brush.frame.t
    back = made.head - unit(made.face) * 0.55 * HEAD * s
    side = np.cross(UP, unit(made.face))
    lag = -0.05 * made.spin * side * s
    blow = np.array([1.0, 0.0, 0.0]) * wind * 0.12 * s * (1 + 0.5 * float(wander(seed, t * 1.7)))
    length = outfit.hair_length * 0.32 * s
    lines = []
    for share in np.linspace(0, 1, 5):
        wave = 0.014 * s * sin(5 * share - 6 * t) * share
        lines.append(back - UP * length * share + (lag + blow) * share**1.5 + side * wave - unit(made.face) * 0.02 * s)
    spots = [brush.at(j) for j in lines]
    widths = [0.062 * s * (1.0 - 0.72 * share**1.6) for share in np.linspace(0, 1, 5)]
    left = [(x - w * brush.per, y) for (x, y), w in zip(spots, widths, strict=True)]
    right = [(x + w * brush.per, y) for (x, y), w in zip(spots, widths, strict=True)]
    brush.shape([*left, *right[::-1]], outfit.hair, 0.42)
