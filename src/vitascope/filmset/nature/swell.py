"""The open sea's swell: long waves that come towards the viewer, with foam on their crests and the light's glints."""

from __future__ import annotations

from math import exp, floor, pi, sin
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import PLUS, fill
from vitascope.filmset.canvas.palette import mix
from vitascope.filmset.canvas.random_streams import Floats, rough
from vitascope.filmset.nature.land import FLOOR_DEPTH
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.site import NEAR_CLIP

ROWS, NEAREST, GROWTH = 15, 0.6, 1.27
"""Waves seen at once, the nearest one's distance in hero distances, and how much farther each next one is."""


def swell(lot: Backlot) -> None:
    """Lay the swell over the water and under everything that floats."""
    lot.live(lot.z(FLOOR_DEPTH) * 0.98, lambda frame: _draw(lot, frame), mirrored=False)


def _draw(lot: Backlot, frame: Frame) -> None:
    shift = frame.t * (0.1 + 0.16 * lot.scene.wind)
    for row in range(ROWS, 0, -1):
        place = row - shift % 1.0
        fading = min(1.0, (ROWS - place) / 3) * min(1.0, place)
        _wave(lot, frame, NEAREST * GROWTH**place, row + floor(shift), fading)


def _wave(lot: Backlot, frame: Frame, depth: float, number: int, fading: float) -> None:
    """One wave: its dark face, its lit crest, its foam and its glints."""
    z, seed = lot.z(depth), lot.seed("swell") % 9001 + 37 * number
    if z - frame.view.state.z < NEAR_CLIP * lot.lens.eye or fading < 0.02:
        return
    us = np.linspace(-frame.ratio / 2 - 0.02, frame.ratio / 2 + 0.02, 120)
    u0, v, per = (float(q) for q in frame.view.project(0.0, 0.0, z))
    across = (us - u0) / (per * lot.lens.eye)
    tall = per * lot.lens.eye * (0.09 + 0.1 * lot.scene.wind)
    ys = v - tall * (0.5 + rough(seed, across * 0.3 + 0.05 * frame.t, 3))
    # Waves come in groups: each rises out of the water, runs for a while and sinks back.
    rises = np.clip(0.3 + 1.1 * rough(seed + 4, across * 0.2 - 0.06 * frame.t, 2), 0, 1)
    light, thick = lot.light, tall * rises
    crest = light.fade(mix(lot.palette.glow, lot.palette.high, 0.35), z)
    frame.canvas.drawPath(_band(us, ys, ys + 0.85 * thick), fill(light.fade(lot.palette.deep, z), 0.4 * fading))
    frame.canvas.drawPath(_band(us, ys - 0.16 * thick, ys + 0.04 * thick), fill(crest, 0.5 * fading))
    breaking = np.clip(2.6 * (rough(seed + 2, across * 0.95 - 0.12 * frame.t, 2) - 0.3 + 0.4 * lot.scene.wind), 0, 1)
    torn = 0.5 + 0.6 * rough(seed + 3, across * 6 + 0.4 * frame.t, 3)
    foam = np.maximum(breaking * rises * torn, 0) * tall * 0.5
    white = light.fade(mix(light.tone((1.0, 1.0, 1.0), lot.lens.hero, 1.0), lot.palette.key, 0.3), z)
    frame.canvas.drawPath(_band(us, ys - 0.3 * foam, ys + foam), fill(white, 0.6 * fading))
    _glints(lot, frame, us, ys, seed, fading)


def _glints(lot: Backlot, frame: Frame, us: Floats, ys: Floats, seed: int, fading: float) -> None:
    """Sparks of the sun or moon on a crest, in the column below it."""
    orb = lot.light.orb
    if orb is None:
        return
    path = skia.Path()
    step = float(us[1] - us[0])
    below = float(ys.mean()) - frame.view.horizon
    for k in range(1, len(us) - 1):
        near = exp(-(((float(us[k]) - orb.u) / (0.06 + 0.35 * below)) ** 2))
        blink = sin(frame.t * (2.0 + (k * 7 + seed) % 5) + 2 * pi * ((k * 0.618 + seed * 0.37) % 1.0))
        if blink > 1.25 - near:
            size = (0.003 + 0.02 * below) * (0.3 + near) * (0.4 + (k * 0.73 + seed * 0.19) % 1.0)
            x = float(us[k]) + step * ((k * 0.41 + seed * 0.53) % 1.0 - 0.5)
            path.addOval(skia.Rect.MakeXYWH(x - size / 2, float(ys[k]) - size * 0.1, size, size * 0.2))
    frame.canvas.drawPath(path, fill(mix(lot.palette.glow, (1, 1, 1), 0.4), 0.85 * fading, PLUS))


def _band(us: Floats, upper: Floats, lower: Floats) -> Any:
    points = [*zip(us, upper, strict=True), *zip(us[::-1], lower[::-1], strict=True)]
    return skia.Path.Polygon([skia.Point(float(x), float(y)) for x, y in points], True)
