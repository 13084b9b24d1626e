"""Vehicles as solids: a profile drawn on two sides, joined by faces, seen from any heading."""

from __future__ import annotations

import itertools
from math import cos, pi, sin
from typing import Any

import numpy as np

from vitascope.world.backlot import Backlot, Frame
from vitascope.world.cast import Actor
from vitascope.world.dice import Floats
from vitascope.world.paint import fill, glow, line, outline
from vitascope.world.palette import Colour, colour, named, scaled

# (along m, up m) of a small car, from the rear bumper over the roof to the front bumper
PROFILE = (
    (-2.05, 0.42),
    (-2.1, 0.85),
    (-1.9, 0.98),
    (-1.45, 1.02),
    (-0.95, 1.48),
    (0.35, 1.5),
    (0.95, 1.05),
    (1.85, 0.9),
    (2.08, 0.72),
    (2.1, 0.4),
)
GLASS = ((-1.28, 1.05), (-0.88, 1.4), (0.28, 1.42), (0.8, 1.06))
WIDTH = 0.86
WHEELS = ((-1.3, 0.34), (1.32, 0.34))


def vehicle(lot: Backlot, actor: Actor) -> Any:
    """A small round car with lamps that light its way."""
    own = named(actor.colour, ("c8483c", "e0b440", "3c7c9c", "e4e0d4")[actor.seed % 4])

    def act(frame: Frame) -> None:
        x, z = actor.where(frame.t)
        heading = actor.way.heading
        turn = actor.way.along(frame.t) / 0.34
        _car(frame, x, z, heading, turn, own, 0.012 * sin(9 * frame.t))

    return act


def _car(frame: Frame, x: float, z: float, heading: float, turn: float, own: Colour, bounce: float) -> None:
    ahead, left = np.array([cos(heading), 0, sin(heading)]), np.array([-sin(heading), 0, cos(heading)])
    middle = np.array([x, 0.0, z])

    def point(along: float, up: float, side: float) -> Floats:
        return np.asarray(
            middle
            + ahead * along
            + np.array([0, up + bounce, 0])
            + left * side * WIDTH * (1 - 0.12 * max(up - 1.0, 0) / 0.5)
        )

    def seen(p: Floats) -> tuple[float, float]:
        u, v, _ = frame.view.project(p[0], p[1], max(float(p[2]), frame.view.state.z + 0.2))
        return float(u), float(v)

    def face(points: list[Floats], tint: Colour, lit: float, alpha: float = 1.0) -> None:
        frame.canvas.drawPath(outline([seen(p) for p in points]), fill(frame.light.figure(tint, z, lit), alpha))

    near = 1.0 if float(left[2]) < 0 else -1.0
    for side in (-near, near):
        for along, up in WHEELS:
            _wheel(frame, seen, point, along, up, side, turn, z)
        if side == -near:
            face([point(a, b, side) for a, b in PROFILE], scaled(own, 0.5), 0.2)
            _faces(face, point, own)
    face([point(a, b, near) for a, b in PROFILE], own, 0.55)
    face(
        [point(a, b, near) for a, b in ((-2.05, 0.42), (-2.1, 0.7), (2.09, 0.66), (2.1, 0.4))], scaled(own, 0.65), 0.35
    )
    face([point(a, b, near) for a, b in GLASS], colour("28343e"), 0.8)
    face(
        [point(a, b, near * 1.01) for a, b in ((-0.6, 1.06), (-0.35, 1.4), (-0.1, 1.41), (-0.32, 1.05))],
        colour("7c98a8"),
        0.9,
        0.5,
    )
    for along in (-0.3, 0.82):
        frame.canvas.drawLine(
            *seen(point(along, 1.0, near)),
            *seen(point(along, 0.45, near)),
            line(frame.light.figure(scaled(own, 0.5), z, 0.3), 0.002),
        )
    for along, up in WHEELS:
        _wheel(frame, seen, point, along, up, near, turn, z)
    _lamps(frame, seen, point, ahead, z)


def _faces(face: Any, point: Any, own: Colour) -> None:
    """Roof, bonnet, windscreens and ends, far to near."""
    quads = []
    for (a, b), (c, d) in itertools.pairwise(PROFILE):
        corners = [point(a, b, 1.0), point(c, d, 1.0), point(c, d, -1.0), point(a, b, -1.0)]
        slope = (c - a) / (abs(c - a) + abs(d - b))
        glass = (a, c) in ((-1.45, -0.95), (0.35, 0.95))
        quads.append((float(np.mean([p[2] for p in corners])), corners, slope, glass, c > a))
    for _, corners, slope, glass, _ in sorted(quads, key=lambda q: -q[0]):
        face(corners, colour("2c3a46") if glass else own, (0.85 if glass else 0.3 + 0.6 * max(slope, 0.0)))


def _wheel(frame: Frame, seen: Any, point: Any, along: float, up: float, side: float, turn: float, z: float) -> None:
    def ring(r: float, n: int = 16) -> list[tuple[float, float]]:
        return [
            seen(point(along + r * cos(a), up + r * sin(a), side * 1.02))
            for a in np.linspace(0, 2 * pi, n, endpoint=False)
        ]

    canvas = frame.canvas
    canvas.drawPath(outline(ring(0.36)), fill(frame.light.figure(colour("1c1c20"), z, 0.3)))
    canvas.drawPath(outline(ring(0.21)), fill(frame.light.figure(colour("b8bcc4"), z, 0.7)))
    hub = seen(point(along, up, side * 1.03))
    for k in range(5):
        a = -turn + 2 * pi * k / 5
        canvas.drawLine(
            *hub,
            *seen(point(along + 0.19 * cos(a), up + 0.19 * sin(a), side * 1.03)),
            line(frame.light.figure(colour("54585f"), z, 0.4), 0.0016),
        )


def _lamps(frame: Frame, seen: Any, point: Any, ahead: Floats, z: float) -> None:
    per = float(frame.view.project(0, 0, z)[2])
    to_viewer = -float(ahead[2])
    for side in (-0.68, 0.68):
        front, rear = seen(point(2.1, 0.66, side)), seen(point(-2.1, 0.72, side))
        strength = (0.4 + 0.6 * frame.light.dark) * max(0.25, to_viewer + 0.35)
        if to_viewer > -0.4:
            frame.canvas.drawCircle(*front, 0.1 * per, fill((1.0, 0.96, 0.82)))
            glow(frame.canvas, front[0], front[1], 1.1 * per, (1.0, 0.92, 0.7), strength)
        if to_viewer < 0.4:
            frame.canvas.drawCircle(*rear, 0.08 * per, fill((1.0, 0.2, 0.15)))
            glow(frame.canvas, rear[0], rear[1], 0.6 * per, (1.0, 0.2, 0.15), 0.6)
    if frame.light.dark > 0.3 and abs(float(ahead[0])) > 0.3:
        tip = seen(point(3.6, 0.25, 0.0))
        glow(frame.canvas, tip[0], tip[1], 1.6 * per, (1.0, 0.9, 0.65), 0.3 * frame.light.dark)
