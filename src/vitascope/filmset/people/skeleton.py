"""The skeleton of a figure: its measures, its joints in world metres, and how two bones reach for a point."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin, sqrt
from typing import Any

import numpy as np

from vitascope.filmset.canvas.random_streams import Floats

THIGH, SHIN, ANKLE = 0.245, 0.245, 0.045
TORSO, NECK, HEAD = 0.288, 0.06, 0.068
UPPER, FORE, HAND = 0.165, 0.15, 0.09
HIPS, SHOULDERS = 0.055, 0.112
Vector = Floats
UP = np.array([0.0, 1.0, 0.0])


@dataclass(slots=True)
class Pose:
    """Joints in metres. Pairs are (left, right). `face` is where the face looks, `chest_way` where the chest faces."""

    scale: float
    pelvis: Vector
    chest: Vector
    head: Vector
    hips: list[Vector]
    knees: list[Vector]
    ankles: list[Vector]
    balls: list[Vector]
    toes: list[Vector]
    heels: list[Vector]
    shoulders: list[Vector]
    elbows: list[Vector]
    wrists: list[Vector]
    hands: list[Vector]
    face: Vector
    chest_way: Vector
    spin: float = 0.0
    speed: float = 0.0
    grounded: tuple[bool, bool] = (True, True)
    grips: tuple[bool, bool] = (False, False)


@dataclass(slots=True)
class Body:
    """The frame of a body: ahead and left unit vectors, stature in metres."""

    ahead: Vector
    left: Vector
    scale: float

    def local(self, out: float, up: float, ahead: float, side: float) -> Vector:
        """A direction given as (out from the body on a side, up, ahead), not normalised."""
        return self.left * (side * out) + UP * up + self.ahead * ahead


def body(yaw: float, scale: float) -> Body:
    """The frame of a body that faces `yaw` (0 = to the right, pi/2 = away)."""
    return Body(np.array([cos(yaw), 0.0, sin(yaw)]), np.array([-sin(yaw), 0.0, cos(yaw)]), scale)


def unit(v: Vector) -> Vector:
    """The same direction, of length 1."""
    return v / max(float(np.sqrt(v @ v)), 1e-9)


def bend(a: Vector, c: Vector, first: float, second: float, pole: Vector) -> tuple[Vector, Vector]:
    """Two bones from a towards c that bend towards `pole`: (middle joint, end joint, which is c if in reach)."""
    d = c - a
    reach = float(np.sqrt(d @ d))
    far = min(max(reach, abs(first - second) + 1e-4), (first + second) * 0.9995)
    way = d / max(reach, 1e-9)
    along = (first * first - second * second + far * far) / (2 * far)
    off = sqrt(max(first * first - along * along, 0.0))
    side = pole - way * float(pole @ way)
    return a + way * along + unit(side) * off, a + way * far


def joints(made: Pose) -> list[Any]:
    """All joints, for boxes and masks."""
    return [
        made.pelvis,
        made.chest,
        made.head + UP * HEAD * made.scale,
        *made.knees,
        *made.ankles,
        *made.toes,
        *made.heels,
        *made.elbows,
        *made.hands,
    ]
