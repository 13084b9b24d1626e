"""What grows under water: coral of several shapes, sponges, sea fans and kelp."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np

from vitascope.filmset.canvas.paint import box, curve, fill, line, outline
from vitascope.filmset.canvas.palette import Colour, colour, mix, scaled
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.nature.growth import swaying
from vitascope.filmset.stage.backlot import TOP, Area, Backlot, Finish

CORALS = ("e8507c", "f08a4c", "b45cd8", "f0c050", "e86c9c", "4cc8b4", "d84c5c", "8c6ce8")


def coral_row(lot: Backlot, depth: float, size: float, *, gap: float, clear: float = 0.0, sink: float = 0.0) -> None:
    """A row of corals on the sea bed; `clear` is half of the middle that stays free, picture heights."""
    z = lot.z(depth)
    base = lot.lens.ground(z) + sink
    seed = lot.seed("coral", depth)

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 3):
            rng = random_stream(seed, cell)
            x = (cell + float(rng.random())) * gap
            tall = size * float(rng.uniform(0.5, 1.2))
            if abs(x) < clear or rng.random() < 0.08:
                continue
            own = colour(str(rng.choice(CORALS)))
            dark, bright = alive(lot, scaled(own, 0.45), z), alive(lot, scaled(own, 1.15), z)
            grow = (_branches, _fan, _tubes, _brain, _plates)[int(rng.integers(0, 5))]
            grow(canvas, x, base + 0.01, tall, dark, bright, rng)

    swaying(lot, z, paint, size * 0.05, band=(TOP, base + 0.02), wind=0.5, finish=Finish(texture=0.3, rim=0.3))


def alive(lot: Backlot, own: Colour, z: float) -> Colour:
    """A living colour under water: the sea takes the red from stones, but a film crew lights what it came to film."""
    shown = mix(lot.tone(own, lot.lens.hero, 0.8), scaled(own, 1.0 - 0.35 * lot.light.dark), 0.62)
    return mix(shown, lot.palette.haze, 0.75 * lot.light.haze(z))


def _branches(
    canvas: Any, x: float, base: float, tall: float, dark: Colour, bright: Colour, rng: np.random.Generator
) -> None:
    def grow(px: float, py: float, angle: float, length: float, width: float, depth: int) -> None:
        qx, qy = px + cos(angle) * length, py - sin(angle) * length
        tint = mix(bright, dark, depth / 5)
        canvas.drawLine(px, py, qx, qy, line(tint, width))
        if depth == 0:
            canvas.drawCircle(qx, qy, width * 0.75, fill(bright))
            return
        for _ in range(2 + int(rng.random() < 0.45)):
            grow(
                qx,
                qy,
                angle + float(rng.uniform(-0.75, 0.75)),
                length * float(rng.uniform(0.6, 0.85)),
                width * 0.75,
                depth - 1,
            )

    grow(x, base, pi / 2, tall * 0.3, tall * 0.075, 4)


def _fan(
    canvas: Any, x: float, base: float, tall: float, dark: Colour, bright: Colour, rng: np.random.Generator
) -> None:
    for k in range(13):
        angle = pi * (0.14 + 0.72 * k / 12)
        reach = tall * float(rng.uniform(0.75, 1.0))
        tip = (x + cos(angle) * reach * 0.75, base - sin(angle) * reach)
        mid = (x + cos(angle) * reach * 0.28, base - sin(angle) * reach * 0.55)
        canvas.drawPath(curve([(x, base), mid, tip]), line(mix(dark, bright, 0.2 + 0.6 * (k % 3) / 2), tall * 0.026))
        for q in (0.45, 0.62, 0.8):
            px, py = x + (tip[0] - x) * q, base + (tip[1] - base) * q
            for s in (-1, 1):
                canvas.drawLine(px, py, px + s * tall * 0.08, py - tall * 0.1, line(bright, tall * 0.014))


def _tubes(
    canvas: Any, x: float, base: float, tall: float, dark: Colour, bright: Colour, rng: np.random.Generator
) -> None:
    for k in range(5):
        w, h = tall * float(rng.uniform(0.09, 0.14)), tall * float(rng.uniform(0.45, 1.0))
        q = x + tall * (k - 2) * 0.14
        lean = (k - 2) * 0.05 * tall
        canvas.drawPath(
            outline([(q - w * 0.6, base), (q - w + lean, base - h), (q + w + lean, base - h), (q + w * 0.6, base)]),
            fill(mix(dark, bright, 0.4)),
        )
        canvas.drawPath(
            outline([(q, base), (q + lean, base - h), (q + w + lean, base - h), (q + w * 0.6, base)]),
            fill(mix(dark, bright, 0.75)),
        )
        canvas.drawOval(box(q - w + lean, base - h - w * 0.35, q + w + lean, base - h + w * 0.35), fill(bright))
        canvas.drawOval(
            box(q - 0.7 * w + lean, base - h - w * 0.2, q + 0.7 * w + lean, base - h + w * 0.25),
            fill(scaled(dark, 0.6)),
        )


def _brain(
    canvas: Any, x: float, base: float, tall: float, dark: Colour, bright: Colour, rng: np.random.Generator
) -> None:
    r = tall * 0.42
    canvas.drawOval(box(x - r, base - r * 1.2, x + r, base + r * 0.5), fill(mix(dark, bright, 0.35)))
    canvas.drawOval(box(x - r * 0.7, base - r * 1.14, x + r * 0.75, base - r * 0.05), fill(mix(dark, bright, 0.7)))
    for k in range(7):
        y = base - r * 1.05 + k * r * 0.2
        half = r * min(1.0, 0.5 + 0.12 * k)
        canvas.drawPath(
            curve([(x - half + half * 0.25 * j, y + r * 0.06 * (-1) ** j) for j in range(9)]), line(dark, r * 0.05, 0.6)
        )
    _ = rng


def _plates(
    canvas: Any, x: float, base: float, tall: float, dark: Colour, bright: Colour, rng: np.random.Generator
) -> None:
    for k in range(4):
        y, half = base - tall * (0.12 + 0.17 * k), tall * (0.5 - 0.09 * k) * float(rng.uniform(0.85, 1.15))
        shift = tall * float(rng.uniform(-0.08, 0.08))
        canvas.drawOval(
            box(x + shift - half, y - tall * 0.03, x + shift + half, y + tall * 0.09), fill(mix(dark, bright, 0.1))
        )
        canvas.drawOval(
            box(x + shift - half, y - tall * 0.06, x + shift + half, y + tall * 0.045),
            fill(mix(dark, bright, 0.45 + 0.14 * k)),
        )


def kelp(lot: Backlot, depth: float, height: float, *, gap: float, clear: float = 0.0) -> None:
    """Tall ribbons that the current bends."""
    z = lot.z(depth)
    base = lot.lens.ground(z)
    seed = lot.seed("kelp", depth)
    dark, bright = alive(lot, colour("2c6a44"), z), alive(lot, colour("a4cc58"), z)

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 3):
            rng = random_stream(seed, cell)
            x, tall = (cell + float(rng.random())) * gap, height * float(rng.uniform(0.5, 1.1))
            if abs(x) < clear:
                continue
            phase, spine = float(rng.uniform(0, 6)), []
            for q in np.linspace(0, 1, 9):
                spine.append((x + 0.05 * height * sin(4 * q + phase) * q, base - tall * float(q)))
            canvas.drawPath(curve(spine), line(mix(dark, bright, 0.3), height * 0.018))
            for k, (px, py) in enumerate(spine[1:]):
                s = 1 if k % 2 else -1
                tip = (px + s * height * 0.1, py - height * 0.03)
                canvas.drawPath(
                    curve(
                        [
                            (px, py),
                            (px + s * height * 0.05, py - height * 0.035),
                            tip,
                            (px + s * height * 0.05, py + height * 0.012),
                        ],
                        True,
                    ),
                    fill(mix(dark, bright, 0.35 + 0.07 * k)),
                )

    swaying(lot, z, paint, height * 0.22, band=(TOP, base + 0.01), wind=0.6, finish=Finish(texture=0.2, rim=0.2))
