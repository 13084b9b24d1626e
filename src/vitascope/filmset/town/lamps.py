"""Lamps that hang: paper lanterns that sway and flicker, alone or on a cord between two places."""

from __future__ import annotations

from math import cos, sin

import numpy as np
import skia

from vitascope.filmset.canvas.paint import argb, box, curve, fill, glow, line
from vitascope.filmset.canvas.palette import Colour, mix, scaled
from vitascope.filmset.nature.growth import gust
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.pulse import flicker
from vitascope.filmset.stage.switching import switch


def lanterns(
    lot: Backlot, z: float, anchors: list[tuple[float, float]], size: float, tints: list[Colour], seed: int
) -> None:
    """Paper lanterns that hang from anchors (u, v at rest) at a distance, sway and flicker."""

    switches = [switch(lot, "lantern", seed, k) for k in range(len(anchors))]

    def act(frame: Frame) -> None:
        scale, du, dv = frame.view.plane(z)
        for k, (x, y) in enumerate(anchors):
            sway = float(gust(seed + k, x, frame.t, 0.15 + 0.6 * lot.scene.wind)) * 0.35
            u, v = x * scale + du, y * scale + dv
            on = switches[k]
            lantern(
                frame,
                u,
                v,
                size * scale,
                sway,
                mix(tints[k % len(tints)], lot.palette.haze, 0.4 * lot.light.haze(z)),
                flicker(seed + k, frame.t, 0.14) * (1.0 if on is None else on(frame.t)),
            )

    lot.live(z, act)


def lantern(frame: Frame, u: float, v: float, size: float, sway: float, tint: Colour, power: float) -> None:
    """One round lantern on a cord; fog spreads its light."""
    canvas, dark, scatter = frame.canvas, frame.light.dark, frame.light.scatter
    x, y = u + size * 1.6 * sin(sway), v + size * 1.6 * cos(sway)
    canvas.drawLine(u, v, x, y - size * 0.4, line((0.08, 0.07, 0.08), size * 0.05))
    glow(canvas, x, y, size * 3.6, tint, (0.14 + 0.42 * dark) * power, quick=frame.quick)
    if scatter:
        glow(canvas, x, y + size, size * 8, mix(tint, (1.0, 0.7, 0.4), 0.5), 0.11 * scatter * power, quick=frame.quick)
    paper = (mix(tint, (1, 0.97, 0.88), 0.75), mix(tint, (1, 0.9, 0.7), 0.2), scaled(tint, 0.62))
    shader = skia.GradientShader.MakeRadial(
        skia.Point(x, y + 0.1 * size),
        size * 0.6,
        [argb(scaled(part, 0.4 + 0.6 * min(power, 1.0))) for part in paper],
        [0.0, 0.55, 1.0],
    )
    canvas.drawOval(
        box(x - size * 0.5, y - size * 0.44, x + size * 0.5, y + size * 0.44), skia.Paint(Shader=shader, AntiAlias=True)
    )
    for top in (-0.46, 0.38):
        canvas.drawRect(
            box(x - size * 0.2, y + top * size, x + size * 0.2, y + (top + 0.08) * size), fill((0.1, 0.07, 0.06))
        )


def garland(
    lot: Backlot,
    z: float,
    left: tuple[float, float],
    right: tuple[float, float],
    sag: float,
    count: int,
    size: float,
    tints: list[Colour],
) -> None:
    """A cord between two places (u, v at rest) with lanterns or bulbs on it."""
    shares = (np.arange(count) + 0.5) / count
    anchors = [_sagging(left, right, sag, float(s)) for s in shares]

    def cord(frame: Frame) -> None:
        scale, du, dv = frame.view.plane(z)
        path = [_sagging(left, right, sag, float(s)) for s in np.linspace(0, 1, 14)]
        frame.canvas.drawPath(
            curve([(x * scale + du, y * scale + dv) for x, y in path]), line((0.06, 0.05, 0.07), size * 0.07 + 0.0008)
        )

    lot.live(z, cord)
    lanterns(lot, z, anchors, size, tints, lot.seed("garland", round(z, 2), left))


def _sagging(left: tuple[float, float], right: tuple[float, float], sag: float, s: float) -> tuple[float, float]:
    return left[0] + (right[0] - left[0]) * s, left[1] + (right[1] - left[1]) * s + sag * 4 * s * (1 - s)
