"""The bench that craft are drawn on, in metres, and a caravan that opens into a stage."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np

from vitascope.filmset.canvas.paint import box, curve, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import Colour, colour, mix, named, scaled
from vitascope.filmset.canvas.random_streams import wander
from vitascope.filmset.scene.scene import Action
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import opening
from vitascope.filmset.stage.pulse import flicker


class Bench:
    """Draws in metres around a place on the ground: x right, y up; colours under the scene's light."""

    def __init__(self, frame: Frame, x: float, y: float, z: float, mirrored: bool = False) -> None:
        u, v, per = (float(q) for q in frame.view.project(x, y, z))
        self.frame, self.z, self.per, self.u, self.v = frame, z, per, u, v
        self.canvas = frame.canvas
        self.flip = -1.0 if mirrored else 1.0

    def __enter__(self) -> Bench:
        self.canvas.save()
        self.canvas.translate(self.u, self.v)
        self.canvas.scale(self.per * self.flip, -self.per)
        return self

    def __exit__(self, *_: object) -> None:
        self.canvas.restore()

    def tone(self, own: Colour, lit: float = 0.5) -> Colour:
        """A surface's colour."""
        return self.frame.light.figure(own, self.z, lit)

    def shape(self, points: list[tuple[float, float]], own: Colour, lit: float = 0.5, smooth: bool = False) -> None:
        """A filled shape."""
        self.canvas.drawPath(curve(points, True) if smooth else outline(points), fill(self.tone(own, lit)))

    def shaded(
        self, points: list[tuple[float, float]], own: Colour, low: float, high: float, smooth: bool = False
    ) -> None:
        """A shape lit from above: between two heights from dark to bright."""
        path = curve(points, True) if smooth else outline(points)
        self.canvas.drawPath(
            path, fade((0, low), (0, high), [(0, self.tone(own, 0.15), 1), (1, self.tone(own, 0.85), 1)])
        )

    def line(self, points: list[tuple[float, float]], own: Colour, width: float, lit: float = 0.5) -> None:
        """A smooth line."""
        self.canvas.drawPath(curve(points), line(self.tone(own, lit), width))

    def disc(self, x: float, y: float, r: float, own: Colour, lit: float = 0.5) -> None:
        """A filled circle."""
        self.canvas.drawCircle(x, y, r, fill(self.tone(own, lit)))


PANELS = ("a8323c", "2c6a74", "d8a03c")


def caravan(lot: Backlot, actor: Actor) -> Any:
    """A travelling puppet theatre: wheels, painted panels, a round roof; it can open into a lit stage."""
    own = named(actor.colour, "8c2f3c")
    rolling = actor.way.speed > 0

    def act(frame: Frame) -> None:
        x, z = actor.where(frame.t)
        share = opening(frame.t, lot.seconds) if actor.action is Action.OPEN else 0.0
        shake = 0.012 * float(wander(actor.seed, frame.t * 3.0)) * (0.4 + lot.scene.wind)
        turn = actor.way.along(frame.t) / 0.55 * (1 if cos(actor.way.heading) > 0 else -1) if rolling else shake * 2
        with Bench(frame, x, 0.0, z) as bench:
            for wx in (-1.25, 1.25):
                _wheel(bench, wx, 0.55, 0.55, turn, own)
            bench.line([(1.6, 0.6), (2.5, 0.42), (3.1, 0.3)], colour("5a3c28"), 0.1)
            bench.canvas.rotate(float(np.degrees(shake)))
            _wagon(bench, own)
            _theatre(bench, frame, own, share, actor.seed)
            _roof(bench, frame, own, lot.scene.wind)

    return act


def _wheel(bench: Bench, x: float, y: float, r: float, turn: float, own: Colour) -> None:
    canvas = bench.canvas
    canvas.drawCircle(x, y, r, line(bench.tone(colour("4a2c1c"), 0.5), 0.11))
    canvas.drawCircle(x, y, r * 0.86, line(bench.tone(colour("d8a848"), 0.8), 0.035))
    for k in range(10):
        a = -turn + 2 * pi * k / 10
        canvas.drawLine(x, y, x + r * cos(a), y + r * sin(a), line(bench.tone(scaled(own, 1.3), 0.6), 0.05))
    bench.disc(x, y, 0.12, colour("d8a848"), 0.9)


def _wagon(bench: Bench, own: Colour) -> None:
    bench.shaded([(-2.0, 0.75), (-2.05, 0.98), (2.05, 0.98), (2.0, 0.75)], colour("5a3824"), 0.7, 1.0)
    bench.shaded([(-1.9, 0.95), (-2.08, 2.62), (2.08, 2.62), (1.9, 0.95)], own, 0.9, 2.7)
    for x in np.linspace(-1.75, 1.75, 8):
        bench.line([(x, 1.0), (x * 1.03, 1.8), (x * 1.08, 2.6)], scaled(own, 0.6), 0.025, 0.3)
    for y in (1.02, 2.56):
        bench.line([(-2.0, y), (0, y), (2.0, y)], colour("d8a848"), 0.07, 0.85)
    for side in (-1, 1):
        post = [(side * 1.78, 1.0), (side * 1.85, 1.8), (side * 1.93, 2.6)]
        bench.line(post, colour("e0b458"), 0.13, 0.8)
        bench.line(post, colour("8c5a2c"), 0.04, 0.4)


def _theatre(bench: Bench, frame: Frame, own: Colour, share: float, seed: int) -> None:
    """The stage behind the panels; they unfold: the lower one down to a floor, the upper one up to an awning."""
    canvas = bench.canvas
    left, right, low, high = -1.5, 1.5, 1.15, 2.45
    if share > 0.01:
        warm = 0.35 + 0.65 * share
        canvas.drawRect(
            box(left, low, right, high),
            fade(
                (0, low), (0, high), [(0, scaled((0.55, 0.22, 0.1), warm), 1), (1, scaled((0.95, 0.6, 0.25), warm), 1)]
            ),
        )
        canvas.drawPath(
            outline([(left, low), (left + 0.4, low + 0.5), (right - 0.4, low + 0.5), (right, low)]),
            fill(scaled((0.5, 0.25, 0.12), warm)),
        )
        _puppets(bench, frame, share, seed)
        for side in (-1, 1):
            edge = side * (1.5 - 1.36 * (1 - share))
            folds = [(edge + 0.04 * sin(9 * s + 2 * frame.t), low + (high - low) * s) for s in np.linspace(0, 1, 8)]
            bench.canvas.drawPath(
                outline([*folds, (side * 1.5, high), (side * 1.5, low)]),
                fade(
                    (edge, 0),
                    (side * 1.52, 0),
                    [(0, (0.85, 0.12, 0.14), 1), (0.5, (0.5, 0.05, 0.1), 1), (1, (0.7, 0.1, 0.12), 1)],
                ),
            )
        for k in range(7):
            lit = max(0.0, min(1.0, share * 8 - k - 0.5))
            x = left + (right - left) * (k + 0.5) / 7
            canvas.drawCircle(x, high - 0.08, 0.055, fill(mix((0.3, 0.2, 0.12), (1.0, 0.9, 0.6), lit)))
            glow(canvas, x, high - 0.08, 0.55, (1.0, 0.7, 0.3), 0.5 * lit * flicker(seed + k, frame.t, 0.2))
    middle = low + 0.55 * (high - low)
    _panel(bench, left, right, middle, high, share, up=True, own=own)
    _panel(bench, left, right, low, middle, share, up=False, own=own)


def _panel(
    bench: Bench, left: float, right: float, low: float, high: float, share: float, up: bool, own: Colour
) -> None:
    """One painted flap: it turns about its outer edge towards the viewer, growing as it comes near."""
    angle = share * pi * (0.62 if up else 0.52)
    drop, near = (high - low) * cos(angle), 0.2 * sin(angle)
    hinge, free = (high, high - drop) if up else (low, low + drop)
    if not up and share > 0.97:
        free = low - 0.05
    wide = 1 + near
    corners = [(left, hinge), (right, hinge), (right * wide, free), (left * wide, free)]
    tint = scaled(own, 0.75 + 0.25 * cos(angle)) if not up else scaled(own, 1 - 0.3 * share)
    bench.shape(corners, tint, 0.55 + 0.3 * share * (1 if not up else -1))
    bench.canvas.drawPath(outline(corners), line(bench.tone(colour("d8a848"), 0.85), 0.05))
    for k in range(3):
        x = (left + right) / 2 + (k - 1) * 0.95
        y, tall = (hinge + free) / 2, abs(hinge - free) * 0.34
        if tall > 0.04:
            bench.canvas.drawOval(
                box(x * (1 + near / 2) - 0.3, y - tall, x * (1 + near / 2) + 0.3, y + tall),
                fill(bench.tone(colour(PANELS[(k + up) % 3]), 0.7)),
            )
            bench.canvas.drawOval(
                box(x * (1 + near / 2) - 0.17, y - tall * 0.6, x * (1 + near / 2) + 0.17, y + tall * 0.6),
                fill(bench.tone(colour("e8c868"), 0.85)),
            )


def _puppets(bench: Bench, frame: Frame, share: float, seed: int) -> None:
    canvas = bench.canvas
    for k, x in enumerate((-0.8, 0.0, 0.8)):
        sway = 0.09 * sin(frame.t * (2.1 + 0.3 * k) + k)
        top, y = (x, 2.4), 1.75 + 0.05 * sin(frame.t * 3 + 2 * k)
        tint = colour(("e8c040", "48b0a8", "d85878")[k])
        for s in (-0.1, 0.1):
            canvas.drawLine(top[0] + s, top[1], x + sway + 2 * s, y - 0.1, line((0.1, 0.05, 0.03), 0.012, share))
        canvas.drawPath(
            outline(
                [
                    (x + sway - 0.08, y),
                    (x + sway + 0.08, y),
                    (x + sway * 0.6 + 0.2, y - 0.42),
                    (x + sway * 0.6 - 0.2, y - 0.42),
                ]
            ),
            fill(tint, share),
        )
        canvas.drawCircle(x + sway, y + 0.1, 0.1, fill((0.95, 0.8, 0.65), share))
        for s in (-1, 1):
            lift = 0.12 * sin(frame.t * 4 + k + s)
            canvas.drawLine(x + sway + s * 0.07, y - 0.05, x + sway + s * 0.25, y - 0.1 + lift, line(tint, 0.05, share))
    _ = seed


def _roof(bench: Bench, frame: Frame, own: Colour, wind: float) -> None:
    arch = [(-2.3, 2.58), (-2.05, 2.95), (-1.2, 3.28), (0, 3.38), (1.2, 3.28), (2.05, 2.95), (2.3, 2.58)]
    bench.shaded(arch, scaled(mix(own, (0.2, 0.3, 0.35), 0.65), 0.9), 2.5, 3.4, smooth=True)
    for k in range(15):
        x = -2.17 + 0.31 * k
        bench.shape([(x - 0.15, 2.6), (x + 0.15, 2.6), (x, 2.44)], colour("e0b458") if k % 2 else scaled(own, 1.3), 0.8)
    for k, x in enumerate((-1.5, 0.1, 1.6)):
        points = []
        for s in np.linspace(0, 1, 12):
            wave = float(wander(k + 7, 2.2 * s - 3.2 * frame.t))
            points.append((x + (0.9 + 0.8 * wind) * s, 3.55 + 0.1 * k - (0.25 - 0.3 * wind) * s + 0.16 * wave * s))
        bench.line([(x, 3.2), (x, 3.4), (x, 3.6 + 0.1 * k)], colour("5a3c28"), 0.04)
        tint = colour(PANELS[k])
        for part in range(3):
            bench.canvas.drawPath(
                curve(points[part * 4 : part * 4 + 5]), line(bench.tone(scaled(tint, 1.25), 0.75), 0.09 - 0.018 * part)
            )
    for x in (-2.15, 2.15):
        sway = 0.1 * float(wander(5, frame.t * 1.2 + x))
        bench.canvas.drawLine(x, 2.58, x + sway, 2.25, line((0.15, 0.1, 0.08), 0.02))
        bench.canvas.drawCircle(x + sway, 2.14, 0.1, fill((1.0, 0.85, 0.5)))
        glow(
            bench.canvas, x + sway, 2.14, 0.9, (1.0, 0.7, 0.35), (0.25 + 0.5 * frame.light.dark) * flicker(11, frame.t)
        )
