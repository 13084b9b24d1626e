"""The tunnel platform: tiled walls and columns under the ground, failing lamps, gratings to the street."""

from __future__ import annotations

from functools import partial
from math import sin
from typing import Any

import numpy as np

from vitascope.filmset.canvas.paint import box, fade, fill, glow, line
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import lattice, random_stream
from vitascope.filmset.nature.ground import ground
from vitascope.filmset.nature.weather import dust, mist
from vitascope.filmset.places.glass import drips, footprints, light_well, thunder_light
from vitascope.filmset.places.inside import above, beside, showers
from vitascope.filmset.scene.scene import Weather
from vitascope.filmset.stage.backlot import FAR, Area, Backlot, Finish, Frame
from vitascope.filmset.stage.pulse import sputter
from vitascope.filmset.stage.solid import Segments, Sheet, corridor
from vitascope.filmset.town.building import glyphs


def tunnel(lot: Backlot) -> None:
    """A platform under the ground: tiled walls, columns, failing lamps and a light far down the tunnel."""
    eye, h = lot.lens.eye, lot.lens.horizon
    half, tall = 2.7 * eye, 3.0 * eye
    lot.bake(
        FAR,
        lambda canvas, area: canvas.drawPaint(fill(mix(lot.palette.near, lot.palette.haze, 0.25))),
        finish=Finish(texture=0.0),
    )
    lot.live(60 * eye, lambda frame: _headlight(lot, frame, eye))
    ground(lot, "84867e", "a4a69a", "tiles", gloss=0.2)
    corridor(
        lot, lambda sheet: _vault(sheet), edge=above(half, tall), segments=Segments(0.9, 3.0, 9), height=2 * half / eye
    )
    for side in (-1.0, 1.0):
        corridor(
            lot,
            partial(_tiled, side=side),
            edge=beside(side * half, tall),
            segments=Segments(0.9, 3.0, 9),
            height=tall / eye,
        )
    for k in range(7):
        z = (3.2 + 2.7 * k) * eye
        for side in (-1.0, 1.0):
            _column(lot, z, side * 1.75 * eye, tall)
        lot.live(z - 0.5 * eye, partial(_lamp, lot, z, tall, k))
    showers(lot, tall)
    _weather_in_the_tunnel(lot, tall)
    foggy = lot.scene.weather is Weather.FOG
    mist(lot, 6.0, h - 0.15, h + 0.2, 0.8 if foggy else 0.4)
    mist(lot, 1.7, h, h + 0.3, 0.5 if foggy else 0.22)
    dust(lot, 40, lot.palette.key, strength=0.3)


def _weather_in_the_tunnel(lot: Backlot, tall: float) -> None:
    """Gratings to the street let in daylight, rain, snow or leaves; the vault drips when it is wet above."""
    eye = lot.lens.eye
    for x, z in ((1.25, 4.4), (-1.2, 7.6), (1.2, 12.0)):
        light_well(lot, z * eye, x * eye, tall, 0.75 * eye, True)
    if lot.scene.weather in (Weather.RAIN, Weather.STORM) or lot.scene.wet:
        places = ((-0.8, 3.7), (0.4, 4.6), (-0.3, 6.8), (0.9, 8.2), (-1.3, 11.0))
        drips(lot, tall, tuple((x * eye, z * eye) for x, z in places))
    footprints(lot, 0.5 * eye)
    thunder_light(lot, lot.z(0.55))


def _headlight(lot: Backlot, frame: Frame, eye: float) -> None:
    """A train that stands far down the line: its light grows a little, and never arrives."""
    u, v, _ = frame.view.project(0.35 * eye, 1.0 * eye, 60 * eye)
    power = 0.75 + 0.25 * sin(0.5 * frame.t)
    glow(
        frame.canvas,
        float(u),
        float(v),
        0.42,
        mix(lot.palette.glow, (1, 0.95, 0.8), 0.5),
        0.55 * power,
        quick=frame.quick,
    )
    glow(frame.canvas, float(u), float(v), 0.08, (1, 0.97, 0.88), 0.95 * power, quick=frame.quick)


def _vault(sheet: Sheet) -> None:
    canvas, w, h = sheet.canvas, sheet.length, sheet.height
    stops = [
        (0.0, sheet.tone(colour("4c544e"), 0.2), 1.0),
        (0.5, sheet.tone(colour("8c948a"), 0.5), 1.0),
        (1.0, sheet.tone(colour("4c544e"), 0.2), 1.0),
    ]
    canvas.drawRect(box(0, 0, w, h), fade((0, 0), (0, h), stops))
    canvas.drawRect(box(w * 0.9, 0, w, h), fill(sheet.tone(colour("343a38"), 0.3)))
    for q in (0.36, 0.42, 0.62):
        canvas.drawLine(0, h * q, w, h * q, line(sheet.tone(colour("5a4434"), 0.5), h * 0.012))


def _tiled(sheet: Sheet, side: float) -> None:
    """Glazed tiles, a coloured band, a poster in a frame, stains running down."""
    lot, canvas, w, h = sheet.lot, sheet.canvas, sheet.length, sheet.height
    rng = random_stream(lot.seed("tiles"), side, sheet.index)
    canvas.drawRect(
        box(0, 0, w, h),
        fade((0, 0), (0, h), [(0, sheet.tone(colour("a8b4a8"), 0.35), 1), (1, sheet.tone(colour("889488"), 0.55), 1)]),
    )
    rows, columns = 16, 22
    draws = lattice(lot.seed("glaze", side, sheet.index), np.arange(rows * columns))
    for k, a in enumerate(draws.tolist()):
        if a < 0.35:
            row, column = divmod(k, columns)
            canvas.drawRect(
                box(w * column / columns, h * row / rows, w * (column + 1) / columns, h * (row + 1) / rows),
                fill(sheet.tone(colour("c4d0c0"), 0.3 + 1.6 * a), 0.5),
            )
    joint = line(sheet.tone(colour("4c5650"), 0.3), h * 0.003)
    for k in range(rows + 1):
        canvas.drawLine(0, h * k / rows, w, h * k / rows, joint)
    for k in range(columns + 1):
        canvas.drawLine(w * k / columns, 0, w * k / columns, h, joint)
    canvas.drawRect(box(0, h * 0.25, w, h * 0.31), fill(sheet.tone(colour("2c6c64"), 0.6)))
    if rng.random() < 0.6:
        x = w * float(rng.uniform(0.15, 0.45))
        canvas.drawRect(box(x, h * 0.38, x + w * 0.3, h * 0.8), fill(sheet.tone(colour("302c28"), 0.5)))
        tint = colour(str(rng.choice(("c8603c", "3c6c8c", "c8a848", "8c3c5c"))))
        canvas.drawRect(box(x + w * 0.015, h * 0.395, x + w * 0.285, h * 0.785), fill(sheet.tone(tint, 0.7)))
        canvas.drawCircle(x + w * 0.15, h * 0.54, w * 0.07, fill(sheet.tone(scaled(tint, 1.6), 0.8)))
        glyphs(canvas, rng, Area(x + w * 0.1, h * 0.66, x + w * 0.2, h * 0.76), sheet.tone((1, 1, 1), 0.7))
    for _ in range(5):
        x, y = w * float(rng.random()), h * float(rng.uniform(0.0, 0.5))
        canvas.drawRect(
            box(x, y, x + w * 0.02, h),
            fade(
                (0, y),
                (0, h),
                [(0, sheet.tone(colour("3c3428"), 0.2), 0.45), (1, sheet.tone(colour("3c3428"), 0.2), 0.0)],
            ),
        )


def _column(lot: Backlot, z: float, x: float, tall: float) -> None:
    k = 1.25 / z
    u, base, top = x * k, lot.lens.ground(z), lot.lens.horizon - (tall - lot.lens.eye) * k
    w = 0.26 * lot.lens.eye * k

    def paint(canvas: Any, area: Area) -> None:
        side = -1.0 if x > 0 else 1.0
        stone = colour("8c968c")
        canvas.drawRect(
            box(u - w, top, u + w, base),
            fade(
                (u - w, 0),
                (u + w, 0),
                [
                    (0, lot.tone(stone, z, 0.5 - 0.35 * side), 1),
                    (0.5, lot.tone(stone, z, 0.6), 1),
                    (1, lot.tone(stone, z, 0.5 + 0.35 * side), 1),
                ],
            ),
        )
        for row in range(14):
            y = top + (base - top) * row / 14
            canvas.drawLine(u - w, y, u + w, y, line(lot.tone(colour("4c5650"), z, 0.3), 0.02 * w, 0.8))
        for y, wide in ((top, 1.3), (base - 0.12 * (base - top), 1.16)):
            canvas.drawRect(
                box(u - w * wide, y, u + w * wide, y + 0.12 * (base - top)), fill(lot.tone(colour("5c665e"), z, 0.45))
            )

    lot.bake(z, paint, bottom=base + 0.01, finish=Finish(texture=0.14, grain=4.0, rim=0.2))


def _lamp(lot: Backlot, z: float, tall: float, k: int, frame: Frame) -> None:
    power = sputter(lot.seed("lamp", k), frame.t) if k % 2 else 1.0
    u, v, per = (float(q) for q in frame.view.project(0.0, tall * 0.97, z - 0.5 * lot.lens.eye))
    if z - 0.5 * lot.lens.eye - frame.view.state.z < 0.5 * lot.lens.eye:
        return
    r = 0.3 * lot.lens.eye * per
    tint = mix(lot.palette.key, lot.palette.cool, 0.35)
    frame.canvas.drawRoundRect(
        box(u - r, v - 0.12 * r, u + r, v + 0.12 * r),
        0.1 * r,
        0.1 * r,
        fill(scaled(mix(tint, (1, 1, 1), 0.6), 0.35 + 0.65 * power)),
    )
    glow(frame.canvas, u, v, 7.0 * r, tint, 0.55 * power, quick=frame.quick)
