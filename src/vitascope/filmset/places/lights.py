"""Lights on the ground: a floor of light tiles that pulses, and the ring of lamps that a festival dances in."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import PLUS, argb, fill, glow, line
from vitascope.filmset.canvas.palette import Colour, mix
from vitascope.filmset.canvas.random_streams import lattice
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.pulse import flicker
from vitascope.filmset.town.building import NEON

TILE = 0.8
"""Side of a light tile, m."""


def light_floor(lot: Backlot, edge: float) -> None:
    """Light tiles around the hero, from near the viewer to just before `edge` hero distances."""
    z = lot.z(edge) * 0.985
    lot.live(z, lambda frame: _tiles(lot, frame, z), mirrored=False)


def _tiles(lot: Backlot, frame: Frame, far: float) -> None:
    tints = (lot.palette.cool, NEON[0], NEON[3], lot.palette.glow)
    rows = range(int(0.62 * lot.lens.hero / TILE) + 1, int(far / TILE))
    half = int(lot.lens.half_width(far) / TILE) + 1
    seams, groups = skia.Path(), [skia.Path() for _ in range(8)]
    for row in rows:
        if row * TILE - frame.view.state.z < 0.3 * lot.lens.eye:
            continue
        for column in range(-half, half):
            corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
            spots = [frame.view.project(x * TILE, 0.0, y * TILE)[:2] for x, y in corners]
            shape = skia.Path.Polygon([skia.Point(float(u), float(v)) for u, v in spots], True)
            seams.addPath(shape)
            beat = sin(frame.t * 2.2 - 0.9 * float(np.hypot(column + 0.5, row - lot.lens.hero / TILE)))
            pick = float(lattice(lot.seed("tiles") % 9973, np.array([column * 131 + row]))[0])
            if beat > -0.2 and pick < 0.75:
                groups[int(pick / 0.75 * 4) * 2 + int(beat > 0.45)].addPath(shape)
    for k, path in enumerate(groups):
        frame.canvas.drawPath(path, _light(tints[k // 2], 0.16 if k % 2 else 0.08))
    seam = line(mix(lot.palette.cool, lot.palette.glow, 0.5), 0.0012, 0.28 * (0.3 + 0.7 * lot.light.dark), PLUS)
    frame.canvas.drawPath(seams, seam)
    u, v, per = (float(q) for q in frame.view.project(0.0, 0.0, lot.lens.hero))
    _pool(frame, u, v, 2.4 * per, mix(lot.palette.cool, lot.palette.glow, 0.5), 0.4 * lot.light.dark)


def festival_ring(lot: Backlot) -> None:
    """A round dancing ground in the sand: warm light around the hero and a ring of small lamps."""
    far = lot.z(1.45)
    lot.live(far, lambda frame: _ring(lot, frame), mirrored=False)


def _ring(lot: Backlot, frame: Frame) -> None:
    warm, radius, canvas = lot.palette.warm, 0.34 * lot.lens.hero, frame.canvas
    u, v, per = (float(q) for q in frame.view.project(0.0, 0.0, lot.lens.hero))
    _pool(frame, u, v, 1.7 * radius * per, warm, 0.5 * lot.light.dark)
    for k in range(26):
        angle = 2 * pi * k / 26
        x, z = radius * 1.25 * sin(angle), lot.lens.hero + radius * cos(angle)
        if z - frame.view.state.z < 0.3 * lot.lens.eye:
            continue
        a, b, scale = (float(q) for q in frame.view.project(x, 0.0, z))
        power = flicker(lot.seed("ring") % 997 + k, frame.t, 0.2)
        glow(canvas, a, b, 0.3 * scale, warm, 0.8 * power, quick=frame.quick)
        canvas.drawCircle(a, b - 0.05 * scale, 0.04 * scale, fill(mix(warm, (1, 1, 0.9), 0.6), power))


def _pool(frame: Frame, u: float, v: float, radius: float, tint: Colour, strength: float) -> None:
    """Light on the ground: a glow seen at a slant."""
    frame.canvas.save()
    frame.canvas.translate(u, v)
    frame.canvas.scale(1.0, 0.24)
    glow(frame.canvas, 0, 0, radius, tint, strength, quick=frame.quick)
    frame.canvas.restore()


def _light(tint: Colour, strength: float) -> Any:
    return skia.Paint(Color=argb(tint, strength), AntiAlias=True, BlendMode=PLUS)
