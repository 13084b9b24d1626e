"""The hall of machines: a laundromat or an arcade, with a window to the street and skylights."""

from __future__ import annotations

from functools import partial
from math import cos, pi, sin
from typing import Any

from vitascope.filmset.canvas.paint import box, curve, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.nature.ground import ground
from vitascope.filmset.nature.weather import dust, mist, sparks_burst
from vitascope.filmset.places.glass import drips, footprints, light_well, outside, thunder_light, window
from vitascope.filmset.scene.scene import Glow, Variant, Weather
from vitascope.filmset.stage.backlot import FAR, Area, Backlot, Finish, Frame
from vitascope.filmset.stage.pulse import sparks, sputter
from vitascope.filmset.stage.solid import Corner, Segments, Sheet, corridor
from vitascope.filmset.town.building import NEON, glyphs


def beside(x: float, tall: float) -> Any:
    """The edges of a wall at x: its top and its foot at a distance."""

    def edge(z: float) -> tuple[Corner, Corner]:
        return (x, tall, z), (x, 0.0, z)

    return edge


def above(half: float, tall: float) -> Any:
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
    lot.bake(
        FAR,
        lambda canvas, area: canvas.drawPaint(fill(lot.tone(colour("2c3034"), 14 * eye))),
        finish=Finish(texture=0.0),
    )
    end = 18.3 * eye
    lot.bake(end, lambda canvas, area: _back_wall(lot, canvas, end, half, tall), finish=Finish(texture=0.15))
    window(lot, end * 0.998, _shop_window(lot, end, half, tall), 5, 2)
    lot.live(end * 0.99, partial(_neon, lot, end, half), mirrored=True)
    ground(lot, "30424a" if arcade else "c8d4cc", "4a3c5c" if arcade else "4c6c68", "checker", gloss=0.2)
    corridor(
        lot,
        lambda sheet: _ceiling(sheet),
        edge=above(half, tall),
        segments=Segments(0.9, 2.4, 7),
        height=2 * half / eye,
    )
    paint = _cabinets if arcade else _washers
    for side in (-1.0, 1.0):
        corridor(
            lot,
            partial(paint, side=side),
            edge=beside(side * half, tall),
            segments=Segments(0.9, 2.4, 7),
            height=tall / eye,
        )
        if not arcade:
            _drums(lot, side * half, 0.9 * eye, 2.4 * eye, 7)
    for k in range(6):
        z = (2.1 + 2.4 * k) * eye
        lot.live(z, partial(_strip_light, lot, z, tall, k), mirrored=True)
    showers(lot, tall)
    _weather_in_the_hall(lot, tall)
    mist(lot, 2.5, h - 0.1, h + 0.2, 0.5 if lot.scene.weather is Weather.FOG else 0.14)
    dust(lot, 26, lot.palette.cool, strength=0.25)


def _back_wall(lot: Backlot, canvas: Any, z: float, half: float, tall: float) -> None:
    k = 1.25 / z
    base, top = lot.lens.ground(z), lot.lens.horizon - (tall - lot.lens.eye) * k
    canvas.drawRect(box(-half * k, top, half * k, base), fill(lot.tone(colour("8ca09c"), z, 0.5)))


def _shop_window(lot: Backlot, z: float, half: float, tall: float) -> Area:
    """Where the window to the street is in the far wall."""
    k = 1.25 / z
    base, top = lot.lens.ground(z), lot.lens.horizon - (tall - lot.lens.eye) * k
    return Area(-half * k * 0.88, top + 0.1 * (base - top), half * k * 0.88, base - 0.12 * (base - top))


def _neon(lot: Backlot, z: float, half: float, frame: Frame) -> None:
    """Two signs on the glass."""
    scale, du, dv = frame.view.plane(z)
    k, h = 1.25 / z, lot.lens.horizon
    for q, tint in ((-0.52, NEON[0]), (0.52, NEON[1])):
        u, v = q * half * k * scale + du, (h - 0.05) * scale + dv
        glow(frame.canvas, u, v, 0.1 * scale, tint, 0.55, quick=frame.quick)
        frame.canvas.drawRect(
            box(u - 0.026 * scale, v - 0.01 * scale, u + 0.026 * scale, v + 0.01 * scale), line(tint, 0.004)
        )


def _weather_in_the_hall(lot: Backlot, tall: float) -> None:
    """Daylight down the skylights; rain leaks in, prints lead from the door, lightning pales the room."""
    eye = lot.lens.eye
    for z in (9.4, 5.8):
        light_well(lot, z * eye, 0.0, tall, 0.7 * eye, False)
    if lot.scene.weather in (Weather.RAIN, Weather.STORM):
        drips(lot, tall, ((-1.1 * eye, 4.4 * eye), (0.9 * eye, 6.4 * eye), (-0.5 * eye, 8.8 * eye)))
    if lot.scene.weather is Weather.WIND:
        light_well(lot, 7.0 * eye, 1.5 * eye, tall, 0.3 * eye, True)
    footprints(lot, -0.35 * eye)
    thunder_light(lot, lot.z(0.55))


def _ceiling(sheet: Sheet) -> None:
    canvas, w, h = sheet.canvas, sheet.length, sheet.height
    canvas.drawRect(box(0, 0, w, h), fill(sheet.tone(colour("a4b4b0"), 0.3)))
    for k in range(1, 6):
        canvas.drawLine(0, h * k / 6, w, h * k / 6, line(sheet.tone(colour("66746f"), 0.3), h * 0.006))
    canvas.drawLine(w * 0.98, 0, w * 0.98, h, line(sheet.tone(colour("66746f"), 0.3), h * 0.008))
    _skylight(sheet)
    tube = sheet.fade(mix(sheet.lot.palette.key, (1, 1, 1), 0.6))
    for q in (0.27, 0.73):
        glow(canvas, w * 0.5, h * q, w * 0.55, sheet.lot.palette.key, 0.5)
        canvas.drawRoundRect(
            box(w * 0.14, h * q - h * 0.02, w * 0.86, h * q + h * 0.02), h * 0.02, h * 0.02, fill(tube)
        )


def _skylight(sheet: Sheet) -> None:
    """Panes along the middle of the ceiling: the sky's colour, snow that lies on them, drops."""
    lot, canvas, w, h = sheet.lot, sheet.canvas, sheet.length, sheet.height
    air, scene = outside(lot.scene), lot.scene
    left, right, low, high = w * 0.2, w * 0.8, h * 0.42, h * 0.58
    canvas.drawRect(box(left, low, right, high), fill(sheet.fade(mix(air.zenith, air.high, 0.6))))
    rng = random_stream(lot.seed("skylight"), sheet.index)
    if scene.weather is Weather.SNOW:
        canvas.drawRect(box(left, low, right, high), fill(sheet.fade((0.86, 0.89, 0.95)), 0.75))
        for _ in range(9):
            x, y, r = float(rng.uniform(left, right)), float(rng.uniform(low, high)), h * float(rng.uniform(0.01, 0.03))
            canvas.drawOval(box(x - 2.2 * r, y - r, x + 2.2 * r, y + r), fill(sheet.fade((0.72, 0.77, 0.86)), 0.5))
    if scene.weather in (Weather.RAIN, Weather.STORM):
        for _ in range(60):
            x, y, r = (
                float(rng.uniform(left, right)),
                float(rng.uniform(low, high)),
                h * float(rng.uniform(0.002, 0.005)),
            )
            canvas.drawCircle(x, y, r, fill(sheet.fade((0.85, 0.92, 1.0)), 0.7))
    frame = line(sheet.tone(colour("4c5654"), 0.3), h * 0.008)
    for k in range(4):
        x = left + (right - left) * k / 3
        canvas.drawLine(x, low, x, high, frame)
    for y in (low, (low + high) / 2, high):
        canvas.drawLine(left, y, right, y, frame)


def _strip_light(lot: Backlot, z: float, tall: float, k: int, frame: Frame) -> None:
    """The air below each pair of strip lights; one of them is failing."""
    u, v, per = frame.view.project(0.0, tall, z)
    power = sputter(lot.seed("strip"), frame.t) if k == 2 else 1.0
    glow(
        frame.canvas,
        float(u),
        float(v),
        1.5 * lot.lens.eye * float(per),
        lot.palette.key,
        0.16 * power,
        quick=frame.quick,
    )


def _washers(sheet: Sheet, side: float) -> None:
    """Two washing machines with round doors, shelves with boxes above, a stripe of neon."""
    lot, canvas, w, h = sheet.lot, sheet.canvas, sheet.length, sheet.height
    canvas.drawRect(
        box(0, 0, w, h),
        fade((0, 0), (0, h), [(0, sheet.tone(colour("8fb8ac"), 0.35), 1), (1, sheet.tone(colour("b8d8cc"), 0.6), 1)]),
    )
    rng = random_stream(lot.seed("boxes"), side, sheet.index)
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
    rng = random_stream(lot.seed("cabinets"), side, sheet.index)
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


def showers(lot: Backlot, tall: float) -> None:
    """Sparks from a broken ceiling."""
    z = 5.5 * lot.lens.eye

    def act(frame: Frame) -> None:
        for time, where in sparks(lot.scene.seed, lot.scene.setting, lot.seconds):
            if 0 <= frame.t - time < 1.1:
                u, v, _per = frame.view.project(where * 2.0 * lot.lens.eye, tall, z)
                sparks_burst(frame, (float(u), float(v)), frame.t - time, lot.seed("spark", time), 0.9)

    lot.live(z, act, mirrored=False)
