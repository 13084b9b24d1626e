"""Settings under a roof: the hall of machines (a laundromat or an arcade), the tunnel platform."""

from __future__ import annotations

from functools import partial
from math import cos, pi, sin
from typing import Any

import numpy as np

from vitascope.scene.scene import Glow, Variant
from vitascope.world.air import dust, mist, sparks_burst
from vitascope.world.backlot import FAR, Area, Backlot, Frame
from vitascope.world.building import NEON, glyphs
from vitascope.world.dice import dice, lattice
from vitascope.world.ground import ground
from vitascope.world.paint import box, curve, fade, fill, glow, line, outline
from vitascope.world.palette import colour, mix, scaled
from vitascope.world.pulse import sparks, sputter
from vitascope.world.solid import Corner, Sheet, corridor


def _side(x: float, tall: float) -> Any:
    def edge(z: float) -> tuple[Corner, Corner]:
        return (x, tall, z), (x, 0.0, z)

    return edge


def _above(half: float, tall: float) -> Any:
    """A ceiling: its "top" edge is on the left, its "foot" on the right."""

    def edge(z: float) -> tuple[Corner, Corner]:
        return (-half, tall, z), (half, tall, z)

    return edge


def hall(lot: Backlot) -> None:
    """Rows of machines under strip lights: a laundromat or an arcade, as the scene says, else by the seed."""
    eye, h = lot.lens.eye, lot.lens.horizon
    arcade = lot.scene.variant is Variant.ARCADE
    if lot.scene.variant is None:
        arcade = (Glow.NEON in lot.scene.glows and lot.scene.wet) or lot.seed("arcade") % 4 == 0
    half, tall = 2.5 * eye, 2.75 * eye
    lot.bake(FAR, lambda canvas, area: canvas.drawPaint(fill(lot.tone(colour("2c3034"), 14 * eye))), texture=0.0)
    end = 22.5 * eye
    lot.bake(end, lambda canvas, area: _back_wall(lot, canvas, end, half, tall), texture=0.15)
    ground(lot, "30424a" if arcade else "c8d4cc", "4a3c5c" if arcade else "4c6c68", "checker", gloss=0.2)
    corridor(
        lot,
        lambda sheet: _ceiling(sheet),
        edge=_above(half, tall),
        start=0.9,
        segment=2.4,
        count=9,
        height=2 * half / eye,
    )
    paint = _cabinets if arcade else _washers
    for side in (-1.0, 1.0):
        corridor(
            lot,
            partial(paint, side=side),
            edge=_side(side * half, tall),
            start=0.9,
            segment=2.4,
            count=9,
            height=tall / eye,
        )
        if not arcade:
            _drums(lot, side * half, 0.9 * eye, 2.4 * eye, 9)
    for k in range(8):
        z = (2.1 + 2.4 * k) * eye
        lot.live(z, partial(_strip_light, lot, z, tall, k), mirrored=True)
    _showers(lot, tall)
    mist(lot, 2.5, h - 0.1, h + 0.2, 0.14)
    dust(lot, 26, lot.palette.cool, strength=0.25)


def _back_wall(lot: Backlot, canvas: Any, z: float, half: float, tall: float) -> None:
    k = 1.25 / z
    h, base, top = lot.lens.horizon, lot.lens.ground(z), lot.lens.horizon - (tall - lot.lens.eye) * k
    canvas.drawRect(box(-half * k, top, half * k, base), fill(lot.tone(colour("8ca09c"), z, 0.5)))
    canvas.drawRect(
        box(-half * k * 0.7, top + 0.2 * (base - top), half * k * 0.7, base - 0.2 * (base - top)),
        fade((0, top), (0, base), [(0, lot.palette.zenith, 1), (1, lot.palette.low, 1)]),
    )
    for q, tint in ((-0.35, NEON[0]), (0.3, NEON[1])):
        glow(canvas, q * half * k, h - 0.02, 0.12, tint, 0.6)
        canvas.drawRect(box(q * half * k - 0.03, h - 0.05, q * half * k + 0.03, h - 0.03), line(tint, 0.004))


def _ceiling(sheet: Sheet) -> None:
    canvas, w, h = sheet.canvas, sheet.length, sheet.height
    canvas.drawRect(box(0, 0, w, h), fill(sheet.tone(colour("a4b4b0"), 0.3)))
    for k in range(1, 6):
        canvas.drawLine(0, h * k / 6, w, h * k / 6, line(sheet.tone(colour("66746f"), 0.3), h * 0.006))
    canvas.drawLine(w * 0.98, 0, w * 0.98, h, line(sheet.tone(colour("66746f"), 0.3), h * 0.008))
    tube = sheet.fade(mix(sheet.lot.palette.key, (1, 1, 1), 0.6))
    for q in (0.27, 0.73):
        glow(canvas, w * 0.5, h * q, w * 0.55, sheet.lot.palette.key, 0.5)
        canvas.drawRoundRect(
            box(w * 0.14, h * q - h * 0.02, w * 0.86, h * q + h * 0.02), h * 0.02, h * 0.02, fill(tube)
        )


def _strip_light(lot: Backlot, z: float, tall: float, k: int, frame: Frame) -> None:
    """The air below each pair of strip lights; one of them is failing."""
    u, v, per = frame.view.project(0.0, tall, z)
    power = sputter(lot.seed("strip"), frame.t) if k == 2 else 1.0
    glow(frame.canvas, float(u), float(v), 1.5 * lot.lens.eye * float(per), lot.palette.key, 0.16 * power)


def _washers(sheet: Sheet, side: float) -> None:
    """Two washing machines with round doors, shelves with boxes above, a stripe of neon."""
    lot, canvas, w, h = sheet.lot, sheet.canvas, sheet.length, sheet.height
    canvas.drawRect(
        box(0, 0, w, h),
        fade((0, 0), (0, h), [(0, sheet.tone(colour("8fb8ac"), 0.35), 1), (1, sheet.tone(colour("b8d8cc"), 0.6), 1)]),
    )
    rng = dice(lot.seed("boxes"), side, sheet.index)
    neon = NEON[(sheet.index + (side > 0)) % 2]
    for y, width, tint in ((0.12, 0.06, neon), (0.12, 0.022, (1.0, 1.0, 1.0))):
        canvas.drawLine(0, h * y, w, h * y, line(sheet.fade(mix(neon, tint, 0.7)), h * width * 0.35))
    for y in (0.30, 0.44):
        canvas.drawRect(box(0, h * y, w, h * (y + 0.012)), fill(sheet.tone(colour("d8dcd8"), 0.8)))
        x = 0.03 * w
        while x < 0.93 * w:
            wide, tall = w * float(rng.uniform(0.04, 0.09)), h * float(rng.uniform(0.06, 0.105))
            if rng.random() < 0.8:
                tint = colour(str(rng.choice(("8fdcbc", "f47860", "f4ead0", "58a8c8", "f0c858"))))
                canvas.drawRect(box(x, h * y - tall, x + wide, h * y), fill(sheet.tone(tint, 0.75)))
                canvas.drawRect(
                    box(x + wide * 0.2, h * y - tall * 0.7, x + wide * 0.8, h * y - tall * 0.4),
                    fill(sheet.tone((1, 1, 1), 0.8)),
                )
            x += wide * 1.15
    for k in (0, 1):
        left, right, top = w * (0.03 + 0.5 * k), w * (0.47 + 0.5 * k), h * 0.52
        chrome = [
            (0, sheet.tone(colour("e8ecec"), 0.95), 1),
            (0.25, sheet.tone(colour("a4acb0"), 0.5), 1),
            (0.6, sheet.tone(colour("ccd4d4"), 0.8), 1),
            (1, sheet.tone(colour("7c868c"), 0.35), 1),
        ]
        canvas.drawRoundRect(box(left, top, right, h * 0.985), w * 0.02, w * 0.02, fade((left, 0), (right, 0), chrome))
        canvas.drawRect(
            box(left + w * 0.02, top + h * 0.02, right - w * 0.02, top + h * 0.085),
            fill(sheet.tone(colour("2c3438"), 0.4)),
        )
        for q in (0.3, 0.5, 0.7):
            canvas.drawCircle(
                left + (right - left) * q, top + h * 0.052, h * 0.014, fill(sheet.fade(NEON[int(q * 10) % 5]))
            )
        x, y, r = (left + right) / 2, h * 0.765, w * 0.155
        canvas.drawCircle(x, y, r * 1.16, fill(sheet.tone(colour("f0f4f4"), 0.95)))
        canvas.drawCircle(x, y, r, fill(sheet.tone(colour("1c2a34"), 0.3)))


def _drums(lot: Backlot, x: float, start: float, segment: float, count: int) -> None:
    """Laundry that turns behind the round doors."""
    tints = [colour(c) for c in ("f47860", "58b8c8", "f4ead0", "8fdcbc", "d86c9c")]
    tall, r = 2.75 * lot.lens.eye, 0.15 * segment

    def act(z: float, seed: int, frame: Frame) -> None:
        y = tall * (1 - 0.765)
        if z - r < frame.view.state.z + 0.3 * lot.lens.eye:
            return
        for k in range(4):
            turn = frame.t * (5.2 if seed % 3 else -4.4) + k * pi / 2 + seed
            points = []
            for a, reach in ((0.0, 0.28), (0.5, 0.82), (1.0, 0.9), (1.4, 0.75), (0.9, 0.3)):
                px, py = z + r * reach * cos(turn + a), y + r * reach * sin(turn + a)
                up = -py if frame.reflecting else py
                u, v, _ = frame.view.project(x, up, px)
                points.append((float(u), float(2 * frame.view.ground(z) - v) if frame.reflecting else float(v)))
            frame.canvas.drawPath(curve(points, True), fill(lot.light.tone(tints[(k + seed) % 5], z, 0.8)))

    for index in range(count):
        for k in (0, 1):
            z = start + segment * (index + 0.25 + 0.5 * k)
            seed = lot.seed("drum", x, index, k) % 97
            if seed % 4:
                lot.live(z, partial(act, z, seed))


def _cabinets(sheet: Sheet, side: float) -> None:
    """Three arcade cabinets with glowing screens, a sign above."""
    lot, canvas, w, h = sheet.lot, sheet.canvas, sheet.length, sheet.height
    rng = dice(lot.seed("cabinets"), side, sheet.index)
    canvas.drawRect(
        box(0, 0, w, h),
        fade((0, 0), (0, h), [(0, sheet.tone(colour("3c3458"), 0.3), 1), (1, sheet.tone(colour("54487c"), 0.5), 1)]),
    )
    band = NEON[int(rng.integers(0, 5))]
    canvas.drawLine(0, h * 0.09, w, h * 0.09, line(sheet.fade(band), h * 0.02))
    for k in range(3):
        left, right = w * (0.02 + 0.328 * k), w * (0.315 + 0.328 * k)
        tint, body = NEON[int(rng.integers(0, 5))], colour(str(rng.choice(("2c2c44", "44283c", "203c44"))))
        canvas.drawRoundRect(box(left, h * 0.22, right, h * 0.99), w * 0.015, w * 0.015, fill(sheet.tone(body, 0.5)))
        canvas.drawRect(box(left, h * 0.225, left + w * 0.02, h * 0.99), fill(sheet.fade(scaled(tint, 0.8))))
        canvas.drawRect(box(left + w * 0.03, h * 0.24, right - w * 0.02, h * 0.33), fill(sheet.fade(tint)))
        glyphs(canvas, rng, Area(left + w * 0.08, h * 0.245, left + w * 0.17, h * 0.325), sheet.fade((1, 1, 1)))
        screen = box(left + w * 0.045, h * 0.37, right - w * 0.035, h * 0.57)
        canvas.drawRect(screen, fill((0.03, 0.04, 0.08)))
        for _ in range(9):
            x, y = float(rng.uniform(left + w * 0.06, right - w * 0.07)), h * float(rng.uniform(0.39, 0.54))
            canvas.drawRect(box(x, y, x + w * 0.03, y + h * 0.018), fill(sheet.fade(NEON[int(rng.integers(0, 5))])))
        glow(canvas, (left + right) / 2, h * 0.47, w * 0.24, tint, 0.55)
        canvas.drawPath(
            outline([(left, h * 0.64), (right, h * 0.64), (right, h * 0.7), (left, h * 0.7)]),
            fill(sheet.tone(scaled(body, 1.5), 0.8)),
        )
        for q in (0.25, 0.45, 0.65, 0.8):
            canvas.drawCircle(left + (right - left) * q, h * 0.665, w * 0.013, fill(sheet.fade(NEON[int(q * 20) % 5])))


def _showers(lot: Backlot, tall: float) -> None:
    """Sparks from a broken ceiling."""
    z = 5.5 * lot.lens.eye

    def act(frame: Frame) -> None:
        for time, where in sparks(lot.scene.seed, lot.scene.setting, lot.seconds):
            if 0 <= frame.t - time < 1.1:
                u, v, _per = frame.view.project(where * 2.0 * lot.lens.eye, tall, z)
                sparks_burst(frame, (float(u), float(v)), frame.t - time, lot.seed("spark", time), 0.9)

    lot.live(z, act, mirrored=False)


def tunnel(lot: Backlot) -> None:
    """A platform under the ground: tiled walls, columns, failing lamps and a light far down the tunnel."""
    eye, h = lot.lens.eye, lot.lens.horizon
    half, tall = 2.7 * eye, 3.0 * eye
    lot.bake(
        FAR, lambda canvas, area: canvas.drawPaint(fill(mix(lot.palette.near, lot.palette.haze, 0.25))), texture=0.0
    )
    lot.live(60 * eye, lambda frame: _headlight(lot, frame, eye))
    ground(lot, "84867e", "a4a69a", "tiles", gloss=0.2)
    corridor(
        lot,
        lambda sheet: _vault(sheet),
        edge=_above(half, tall),
        start=0.9,
        segment=3.0,
        count=9,
        height=2 * half / eye,
    )
    for side in (-1.0, 1.0):
        corridor(
            lot,
            partial(_tiled, side=side),
            edge=_side(side * half, tall),
            start=0.9,
            segment=3.0,
            count=9,
            height=tall / eye,
        )
    for k in range(7):
        z = (3.2 + 2.7 * k) * eye
        for side in (-1.0, 1.0):
            _column(lot, z, side * 1.75 * eye, tall)
        lot.live(z - 0.5 * eye, partial(_lamp, lot, z, tall, k))
    _showers(lot, tall)
    mist(lot, 6.0, h - 0.15, h + 0.2, 0.4)
    mist(lot, 1.7, h + 0.0, h + 0.3, 0.22)
    dust(lot, 40, lot.palette.key, strength=0.3)


def _headlight(lot: Backlot, frame: Frame, eye: float) -> None:
    """A train that stands far down the line: its light grows a little, and never arrives."""
    u, v, _ = frame.view.project(0.35 * eye, 1.0 * eye, 60 * eye)
    power = 0.75 + 0.25 * sin(0.5 * frame.t)
    glow(frame.canvas, float(u), float(v), 0.42, mix(lot.palette.glow, (1, 0.95, 0.8), 0.5), 0.55 * power)
    glow(frame.canvas, float(u), float(v), 0.08, (1, 0.97, 0.88), 0.95 * power)


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
    rng = dice(lot.seed("tiles"), side, sheet.index)
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

    lot.bake(z, paint, texture=0.14, grain=4.0, rim=0.2, bottom=base + 0.01)


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
    glow(frame.canvas, u, v, 7.0 * r, tint, 0.55 * power)
