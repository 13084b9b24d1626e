"""Market stalls: a counter of goods under a striped awning with lamps, and a fishmonger's hanging sign."""

from __future__ import annotations

from functools import partial
from typing import Any

from vitascope.filmset.canvas.paint import box, curve, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.nature.growth import gust
from vitascope.filmset.stage.backlot import Area, Backlot, Finish, Frame
from vitascope.filmset.town.lamps import lanterns


def stall(lot: Backlot, z: float, x: float, k: float, seed: int, fish: bool = False) -> None:
    """A stall at x (picture heights) whose metre is k picture heights; with `fish` a fishmonger's sign hangs on it."""
    rng = random_stream(seed, "stall")
    base = lot.lens.ground(z)
    wood = colour("6a4430")
    cloth = colour(str(rng.choice(("c8443c", "2c8088", "d8a040", "7a4c94"))))

    def paint(canvas: Any, area: Area) -> None:
        w = 0.62 * k
        canvas.drawRect(
            box(x - w, base - 0.85 * k, x + w, base),
            fade(
                (0, base - 0.85 * k),
                (0, base),
                [(0, lot.tone(wood, z, 0.7), 1), (1, lot.tone(scaled(wood, 0.5), z, 0.2), 1)],
            ),
        )
        for q in (-0.95, 0.95):
            canvas.drawLine(
                x + q * w, base, x + q * w, base - 2.0 * k, line(lot.tone(scaled(wood, 0.7), z, 0.4), 0.06 * k)
            )
        for j in range(11):
            r = float(rng.uniform(0.07, 0.11)) * k
            tint = colour(str(rng.choice(("e8883c", "d8483c", "e8c848", "8cb44c", "c85c8c"))))
            canvas.drawCircle(
                x + (j / 5 - 1) * 0.85 * w,
                base - 0.9 * k - r * float(rng.uniform(0.2, 1.1)),
                r,
                fill(mix(lot.tone(tint, z, 0.9), lot.light.lamp(tint), 0.45)),
            )
        roof = curve(
            [
                (x - 1.25 * w, base - 1.85 * k),
                (x - 0.9 * w, base - 2.2 * k),
                (x + 0.9 * w, base - 2.2 * k),
                (x + 1.25 * w, base - 1.85 * k),
            ]
        )
        canvas.drawPath(roof, fill(lot.tone(cloth, z, 0.65)))
        for j in range(9):
            q = x + (j / 4 - 1) * 1.12 * w
            canvas.drawPath(
                outline([(q - 0.13 * w, base - 1.88 * k), (q + 0.13 * w, base - 1.88 * k), (q, base - 1.72 * k)]),
                fill(lot.tone(cloth if j % 2 else colour("ecdcc0"), z, 0.75)),
            )
        glow(canvas, x, base - 1.3 * k, 1.3 * k, lot.palette.warm, 0.25 + 0.45 * lot.light.dark)

    lot.bake(z, paint, bottom=base + 0.01, finish=Finish(texture=0.25, grain=4.0, rim=0.3))
    scale_lamp = 0.2 * k
    lanterns(
        lot,
        z - 0.01,
        [(x - 0.35 * k, base - 1.85 * k), (x + 0.3 * k, base - 1.85 * k)],
        scale_lamp,
        [lot.palette.warm],
        seed,
    )
    if fish:
        lot.live(z - 0.02, partial(_fish_sign, lot, z, x, base - 1.3 * k, 0.34 * k, seed))


def _fish_sign(lot: Backlot, z: float, x: float, y: float, r: float, seed: int, frame: Frame) -> None:
    """A wooden fish under the awning that swings in the wind."""
    scale, du, dv = frame.view.plane(z)
    canvas = frame.canvas
    canvas.save()
    canvas.translate(x * scale + du, (y - 1.4 * r) * scale + dv)
    canvas.scale(r * scale, r * scale)
    canvas.rotate(24 * float(gust(seed % 997, x, frame.t, 0.2 + 0.6 * lot.scene.wind)))
    cord = line((0.1, 0.08, 0.08), 0.06)
    canvas.drawLine(-0.4, 0.0, -0.4, 1.1, cord)
    canvas.drawLine(0.4, 0.0, 0.4, 1.1, cord)
    tint = mix(lot.tone(colour("6cb0b8"), z, 0.9), lot.light.lamp(colour("8fd8d8")), 0.35)
    body = [(-0.9, 1.35), (-0.3, 1.02), (0.4, 1.08), (0.75, 1.35), (0.4, 1.62), (-0.3, 1.68)]
    canvas.drawPath(curve(body, True), fill(tint))
    canvas.drawPath(outline([(0.65, 1.35), (1.15, 1.0), (1.15, 1.7)]), fill(scaled(tint, 0.8)))
    canvas.drawCircle(-0.55, 1.28, 0.09, fill((0.06, 0.06, 0.1)))
    for u in (-0.15, 0.12, 0.39):
        canvas.drawLine(u, 1.16, u + 0.08, 1.54, line(scaled(tint, 0.65), 0.05))
    canvas.restore()
