"""Heads that turn in space: a face that is seen when it looks this way, hair in several cuts, hoods, hats and masks."""

from __future__ import annotations

from dataclasses import dataclass
from math import sin

import numpy as np

from vitascope.filmset.canvas.palette import Colour, mix, scaled
from vitascope.filmset.canvas.random_streams import lattice, wander
from vitascope.filmset.people.outfit import Outfit
from vitascope.filmset.people.skeleton import HEAD, UP, Pose, unit
from vitascope.filmset.stage.brush import Brush, Spot

READABLE = 0.011
"""The least radius of a head, in picture heights, at which features are drawn."""
BLINK, SHUT = 3.7, 0.13
"""Seconds between two blinks, and how long one takes."""


@dataclass(frozen=True, slots=True)
class Face:
    """Where a face lies: its middle (u, v), its unit (a head's radius), half its width, and how it is turned.

    `fx` is how far it looks aside, -1 left .. 1 right; `facing` how far it looks this way, -1 .. 1.
    """

    u: float
    v: float
    unit: float
    wide: float
    fx: float
    facing: float

    def all(self, points: list[Spot]) -> list[Spot]:
        """Points of the face in the picture."""
        return [(self.u + x * self.unit, self.v + y * self.unit) for x, y in points]

    def at(self, x: float, y: float) -> Spot:
        """A point of the face in the picture."""
        return self.u + x * self.unit, self.v + y * self.unit


def draw_head(brush: Brush, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Draw a head as it is turned."""
    r = HEAD * made.scale
    head = brush.at(made.head)
    k = r * brush.per
    fx, facing = float(made.face[0]), -float(made.face[2])
    away = facing < -0.4
    face = Face(head[0] + 0.16 * fx * k, head[1] + 0.06 * k, k, 0.74 + 0.08 * facing, fx, facing)
    if outfit.hood:
        brush.oval((head[0], head[1] - 0.1 * k), 1.12 * r, 1.22 * r, outfit.top, 0.5)
    else:
        _crown(brush, outfit, head, r, face)
    if away:
        brush.oval(head, 0.86 * r, 1.04 * r, outfit.hair if not outfit.hood else outfit.top, 0.42)
    else:
        _face(brush, outfit, face, seed)
    if outfit.hat:
        _hat(brush, outfit, head, r)
    if outfit.bun and not outfit.hood and not outfit.hat:
        bun = (head[0] - 0.75 * fx * k, head[1] - (0.9 - 0.2 * abs(fx)) * k)
        brush.oval(bun, 0.42 * r, 0.4 * r, outfit.hair, 0.5)
        brush.oval((bun[0], bun[1] - 0.08 * k), 0.28 * r, 0.22 * r, scaled(outfit.hair, 1.4), 0.6)
    if outfit.hair_length > 0.3 and facing <= 0:
        hair_fall(brush, made, outfit, seed, wind)


def _crown(brush: Brush, outfit: Outfit, head: Spot, r: float, face: Face) -> None:
    """The hair behind and around the skull, by its cut."""
    k, back = face.unit, -0.16 * face.fx * face.unit
    middle = (head[0] + back, head[1] - 0.14 * k)
    if outfit.style == "curls" and not outfit.hat:
        for x, y, size in ((-0.7, 0.05, 0.5), (-0.62, -0.45, 0.52), (-0.22, -0.78, 0.55), (0.22, -0.8, 0.55)):
            brush.oval((middle[0] + x * k, middle[1] + y * k), size * r, size * r, outfit.hair, 0.42)
            brush.oval((middle[0] - x * k, middle[1] + y * k), size * r, size * r, outfit.hair, 0.5)
    elif outfit.style == "bob" or (outfit.hair_length > 0.3 and not outfit.bun):
        side = [(-1.0, -0.3), (-1.02, 0.35), (-0.82, 0.86), (0.82, 0.86), (1.02, 0.35), (1.0, -0.3), (0.0, -1.12)]
        brush.shape([(middle[0] + x * k, middle[1] + y * k) for x, y in side], outfit.hair, 0.4)
    brush.oval(middle, 1.0 * r, 1.06 * r, outfit.hair, 0.45)


def _face(brush: Brush, outfit: Outfit, face: Face, seed: int) -> None:
    """Skin in the shape of a skull with its jaw, ears, the features, and the hair over the forehead."""
    w, turn = face.wide, 0.12 * face.fx
    jaw = [(-w, -0.35), (-0.97 * w, 0.12), (-0.72 * w + turn, 0.62), (-0.2 + 1.6 * turn, 0.93)]
    jaw += [(0.2 + 1.6 * turn, 0.93), (0.72 * w + turn, 0.62), (0.97 * w, 0.12), (w, -0.35), (0.0, -0.95)]
    if not outfit.hood and outfit.style != "bob":
        for side in (-1.0, 1.0):
            if side * face.fx < 0.35:
                ear = face.at(side * w * (1.0 - 0.35 * abs(face.fx)) - 0.2 * face.fx, 0.1)
                brush.oval(ear, 0.15 * face.unit / brush.per, 0.22 * face.unit / brush.per, outfit.skin, 0.36)
    points = face.all(jaw)
    brush.shaded(points, outfit.skin, face.u - w * face.unit, face.u + w * face.unit, (0.3, 0.76))
    if brush.flat is not None:
        return
    _nose(brush, outfit, face)
    if face.unit > READABLE:
        _features(brush, outfit, face, seed)
    if not outfit.hood:
        _fringe(brush, outfit, face)
    if outfit.mask:
        cover = [(-w, 0.18), (w, 0.18), (0.6 * w + turn, 0.86), (-0.6 * w + turn, 0.86)]
        brush.shape(face.all(cover), outfit.accent, 0.5)


def _nose(brush: Brush, outfit: Outfit, face: Face) -> None:
    """From the side an outline; from the front the shadow it throws."""
    fx, w = face.fx, face.wide
    if abs(fx) > 0.45:
        way = 1.0 if fx > 0 else -1.0
        root, tip = 0.78 * w * way, 0.2 * way
        nose = [(root - tip * 0.8, -0.14), (root + tip * abs(fx), 0.2), (root + tip * 0.5, 0.29), (root - tip, 0.3)]
        brush.shape(face.all(nose), outfit.skin, 0.6, smooth=False)
    if face.unit > READABLE and abs(fx) < 0.85:
        x = 0.42 * fx
        dark = 1.0 if brush.frame.light.side < 0 else -1.0
        bridge = [(x + 0.03 * dark, -0.02), (x + 0.07 * dark, 0.16), (x + 0.13 * dark, 0.29), (x - 0.04 * dark, 0.32)]
        brush.shape(face.all(bridge), scaled(outfit.skin, 0.86), 0.34, smooth=False)


def _features(brush: Brush, outfit: Outfit, face: Face, seed: int) -> None:
    """Eyes with lids and brows, cheeks and mouth, where the turn of the head lets them be seen."""
    r, fx = face.unit / brush.per, face.fx
    dark = mix(scaled(outfit.hair, 0.45), (0.08, 0.05, 0.05), 0.5)
    shut = _shut(seed, brush.frame.t)
    for eye in (-0.34, 0.34):
        if abs(eye + 0.46 * fx) >= 0.74:
            continue
        x = eye * (0.62 + 0.38 * face.facing) + 0.36 * fx
        _eye(brush, face, x, shut, 0.11 * fx, dark, r)
        out = 1.0 if eye > 0 else -1.0
        brow = [(x - 0.15 * out, -0.15), (x + 0.03 * out, -0.21), (x + 0.19 * out, -0.14)]
        brush.stroke(face.all(brow), 0.06 * r, dark, 0.25)
        blush = mix(outfit.skin, (0.85, 0.3, 0.25), 0.3)
        brush.oval(face.at(x + 0.06 * out, 0.34), 0.13 * r, 0.07 * r, blush, 0.55)
    _mouth(brush, outfit, face, r, seed)


def _eye(brush: Brush, face: Face, x: float, shut: float, look: float, dark: Colour, r: float) -> None:
    open_ = 0.115 * (1 - shut)
    if open_ > 0.03:
        brush.oval(face.at(x, 0.05), 0.135 * r, open_ * r, (0.93, 0.92, 0.9), 0.62)
        brush.oval(face.at(x + 0.5 * look, 0.05), 0.08 * r, min(0.1, open_) * r, dark, 0.2)
        if r * brush.per > 0.025:
            brush.oval(face.at(x + 0.5 * look + 0.03, 0.015), 0.025 * r, 0.025 * r, (1.0, 1.0, 1.0), 0.9)
    lid = 0.05 - open_
    brush.stroke(face.all([(x - 0.15, lid + 0.05), (x, lid - 0.01), (x + 0.15, lid + 0.045)]), 0.045 * r, dark, 0.2)


def _mouth(brush: Brush, outfit: Outfit, face: Face, r: float, seed: int) -> None:
    """Lips that smile a little, some people more; the lower lip catches the light."""
    x, half = 0.44 * face.fx, 0.18 * (0.6 + 0.4 * face.facing)
    smile = 0.02 + 0.05 * ((seed // 11) % 5) / 4
    lips = mix(outfit.skin, (0.62, 0.12, 0.15), 0.5)
    line = [(x - half, 0.56 - smile), (x - 0.3 * half, 0.575), (x + 0.3 * half, 0.575), (x + half, 0.56 - smile)]
    brush.stroke(face.all([(x - 0.6 * half, 0.61), (x, 0.635), (x + 0.6 * half, 0.61)]), 0.075 * r, lips, 0.6)
    brush.stroke(face.all(line), 0.045 * r, scaled(lips, 0.55), 0.25)


def _shut(seed: int, t: float) -> float:
    """How far the lids are down, 0..1: a blink at a moment of its own in every few seconds."""
    span = int((t + seed % 97 / 29) / BLINK)
    start = (0.15 + 0.7 * float(lattice(seed % 99991, np.array([span]))[0])) * BLINK
    age = (t + seed % 97 / 29) - span * BLINK - start
    return max(0.0, 1 - abs(age / SHUT - 0.5) * 2.2) if 0 <= age <= SHUT else 0.0


def _fringe(brush: Brush, outfit: Outfit, face: Face) -> None:
    """Hair over the forehead, by its cut."""
    w = face.wide
    shapes: dict[str, list[Spot]] = {
        "crop": [(-w, -0.2), (-0.86 * w, -0.52), (-0.2, -0.58), (0.4, -0.56), (0.86 * w, -0.5), (w, -0.2)],
        "curls": [
            (-w, -0.12),
            (-0.7 * w, -0.5),
            (-0.36, -0.42),
            (0.0, -0.54),
            (0.36, -0.42),
            (0.7 * w, -0.5),
            (w, -0.12),
        ],
        "bob": [(-1.04 * w, 0.3), (-0.8 * w, -0.3), (-0.2, -0.36), (0.3, -0.36), (0.8 * w, -0.3), (1.04 * w, 0.3)],
        "quiff": [(-w, -0.18), (-0.8 * w, -0.6), (-0.1, -0.5), (0.5, -0.66), (0.9 * w, -0.5), (w, -0.18)],
        "parting": [(-w, -0.1), (-0.76 * w, -0.36), (-0.28, -0.64), (0.05, -0.5), (0.8 * w, -0.34), (w, -0.1)],
    }
    top = [(0.66 * w, -1.0), (0.0, -1.14), (-0.66 * w, -1.0)]
    if outfit.style == "quiff":
        top = [(0.8 * w, -1.02), (0.3, -1.34), (-0.5 * w, -1.2)]
    brush.shape(face.all([*shapes[outfit.style], *top]), outfit.hair, 0.5)
    if face.unit > READABLE:
        way = 1.0 if brush.frame.light.side > 0 else -1.0
        shine = [(0.1 * way, -0.98), (0.45 * way, -0.9), (0.66 * way * w, -0.66)]
        brush.stroke(face.all(shine), 0.09 * face.unit / brush.per, scaled(outfit.hair, 1.7), 0.65)


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
