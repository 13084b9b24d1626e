"""The weather as those indoors see it: through windows and glass roofs, down light wells, in drips and wet footprints.

Outside is the city under the scene's own hour and weather, whatever light burns within.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import sin
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import PLUS, argb, box, fade, fill, glow, halo, line, outline
from vitascope.filmset.canvas.palette import Colour, Palette, colour, mix, palette, scaled
from vitascope.filmset.canvas.random_streams import Floats, lattice, random_stream, wander
from vitascope.filmset.scene.scene import Scene, Setting, Time, Weather
from vitascope.filmset.stage.backlot import Area, Backlot, Finish, Frame
from vitascope.filmset.stage.site import flooded

RAINY = (Weather.RAIN, Weather.STORM)
BRIGHT = {Time.DAY: 1.0, Time.DAWN: 0.7, Time.SUNSET: 0.75, Time.NIGHT: 0.3}
"""How much light comes in from outside."""
OVERCAST = {Weather.CLEAR: 1.0, Weather.WIND: 0.95, Weather.SNOW: 0.85, Weather.FOG: 0.8}


def outside(scene: Scene) -> Palette:
    """The colours of the open air beyond the walls."""
    return palette(replace(scene, setting=Setting.SKYLINE, variant=None, mood=None))


def daylight(scene: Scene) -> float:
    """How strongly the open air lights a room through glass, 0..1."""
    return BRIGHT[scene.time] * OVERCAST.get(scene.weather, 0.65)


def window(lot: Backlot, z: float, area: Area, across: int, down: int, town: bool = True) -> None:
    """A window at a distance, in panes: the sky, houses if `town`, and what falls behind and runs down the glass."""
    lot.bake(z, lambda canvas, _: _view(lot, canvas, area, town), finish=Finish(texture=0.0))
    lot.live(z * 0.9995, lambda frame: _weather(lot, frame, z, area))
    lot.bake(z * 0.999, lambda canvas, _: _frame(lot, canvas, z, area, across, down), finish=Finish(texture=0.1))


def _view(lot: Backlot, canvas: Any, area: Area, town: bool) -> None:
    air, where = outside(lot.scene), box(area.left, area.top, area.right, area.bottom)
    stops = [(0.0, air.zenith, 1.0), (0.55, air.high, 1.0), (1.0, air.low, 1.0)]
    canvas.drawRect(where, fade((0, area.top), (0, area.bottom), stops))
    canvas.save()
    canvas.clipRect(where, doAntiAlias=True)
    night = lot.scene.time is Time.NIGHT
    if night and lot.scene.weather in (Weather.CLEAR, Weather.WIND):
        for a, b in lattice(lot.seed("pane stars"), np.arange(90)).reshape(-1, 2).tolist():
            canvas.drawCircle(
                area.left + a * area.width, area.top + b * (area.bottom - area.top), 0.0011, fill((1, 1, 1))
            )
    if town:
        _houses(lot, canvas, area, air, night)
    canvas.restore()


def _houses(lot: Backlot, canvas: Any, area: Area, air: Palette, night: bool) -> None:
    """Two rows of houses across the street, lit windows at night."""
    tall = area.bottom - area.top
    for row, (share, veil) in enumerate(((0.62, 0.6), (0.42, 0.25))):
        tint, x, k = mix(air.near, air.haze, veil), area.left, 0
        while x < area.right:
            a, b, c = lattice(lot.seed("across", row) % 99991 + k, np.arange(3)).tolist()
            wide, high = (0.07 + 0.1 * a) * area.width, tall * share * (0.6 + 0.5 * b)
            canvas.drawRect(box(x, area.bottom - high, x + wide, area.bottom), fill(tint))
            for q in range(10):
                if lattice(lot.seed("lit", row, k), q) < (0.5 if night else 0.12):
                    u, v = x + wide * (0.15 + 0.3 * (q % 3)), area.bottom - high * (0.88 - 0.22 * (q // 3))
                    lamp = mix((1.0, 0.8, 0.45), air.haze, 0.5 * veil + (0.0 if night else 0.4))
                    canvas.drawRect(box(u, v, u + 0.14 * wide, v + 0.1 * high), fill(lamp))
            x, k = x + wide * (1.05 + 0.3 * c), k + 1


def _frame(lot: Backlot, canvas: Any, z: float, area: Area, across: int, down: int) -> None:
    steel = lot.tone(colour("5c6468"), z, 0.4)
    bar = 0.012 * (area.bottom - area.top) + 0.0012
    for k in range(across + 1):
        x = area.left + area.width * k / across
        canvas.drawLine(x, area.top, x, area.bottom, line(steel, bar))
    for k in range(down + 1):
        y = area.top + (area.bottom - area.top) * k / down
        canvas.drawLine(area.left, y, area.right, y, line(steel, bar))
        if lot.scene.weather is Weather.SNOW and k:
            _sills(canvas, area, across, y, bar)


def _sills(canvas: Any, area: Area, across: int, y: float, bar: float) -> None:
    """Snow that lies on the bars of a window, a heap in each pane."""
    wide = area.width / across
    for q in range(across):
        left = area.left + wide * q
        heap = [(left, y), (left + wide, y), (left + 0.7 * wide, y - 1.6 * bar), (left + 0.2 * wide, y - 2.2 * bar)]
        canvas.drawPath(outline(heap), fill((0.93, 0.95, 1.0)))


def _weather(lot: Backlot, frame: Frame, z: float, area: Area) -> None:
    """Rain or snow beyond the glass, drops that run down it, lightning."""
    scene, canvas = lot.scene, frame.canvas
    scale, du, dv = frame.view.plane(z)
    canvas.save()
    canvas.translate(du, dv)
    canvas.scale(scale, scale)
    canvas.clipRect(box(area.left, area.top, area.right, area.bottom), doAntiAlias=True)
    bright, where, _ = lot.light.flash(frame.t)
    if bright > 0.02:
        canvas.drawPaint(skia.Paint(Color=argb((0.75, 0.82, 1.0), 0.55 * bright), BlendMode=PLUS))
        glow(
            canvas,
            area.left + area.width * (0.5 + 0.4 * where),
            area.top,
            0.8 * area.width,
            (0.9, 0.94, 1.0),
            bright,
            quick=frame.quick,
        )
    tall = area.bottom - area.top
    if scene.weather in RAINY:
        _falling(lot, canvas, frame.t, area, 70, 2.4, 0.16 * tall, 0.006 * tall + 0.0005)
        _running(lot, canvas, frame.t, area)
    elif scene.weather is Weather.SNOW:
        _falling(lot, canvas, frame.t, area, 90, 0.22, 0.0, 0.014 * tall)
    canvas.restore()


def _falling(
    lot: Backlot, canvas: Any, t: float, area: Area, count: int, speed: float, length: float, width: float
) -> None:
    """Streaks (of a `length`) or flakes (length 0) that fall through an area; `speed` in its heights a second."""
    draws: Floats = random_stream(lot.scene.seed, "beyond", round(area.left, 3)).random((count, 3))
    tall, drift = area.bottom - area.top, 0.1 + 0.5 * lot.scene.wind
    path = skia.Path()
    for a, b, c in draws.tolist():
        v = (b + t * speed * (0.8 + 0.4 * c)) % 1.1 - 0.05
        u = (
            a + drift * (v * 0.3 + (t * 0.12 if not length else 0.0)) + (0.02 * sin(t * 2 + 9 * c) if not length else 0)
        ) % 1.0
        x, y = area.left + u * area.width, area.top + v * tall
        if length:
            path.moveTo(x, y)
            path.lineTo(x + 0.2 * drift * length, y + length * (0.6 + 0.6 * c))
        else:
            path.addCircle(x, y, width * (0.5 + c))
    if length:
        canvas.drawPath(path, line((0.85, 0.9, 0.98), width, 0.45))
    else:
        canvas.drawPath(path, fill((0.97, 0.98, 1.0), 0.9))


def _running(lot: Backlot, canvas: Any, t: float, area: Area) -> None:
    """Drops that gather on the glass, let go and run."""
    tall = area.bottom - area.top
    for k in range(26):
        a, b, c = lattice(lot.seed("runs") % 99991 + 3 * k, np.arange(3)).tolist()
        cycle = (t * (0.16 + 0.2 * c) + b) % 1.0
        v = 0.08 * cycle + 0.95 * max(0.0, cycle - 0.45) ** 1.6 * 2.3
        x = area.left + area.width * a + 0.006 * area.width * sin(14 * v + k)
        y = area.top + tall * ((b + v) % 1.05)
        r = 0.009 * tall + 0.0008
        canvas.drawLine(x, y - r * (2 + 26 * max(0.0, cycle - 0.45)), x, y, line((0.9, 0.95, 1.0), 0.8 * r, 0.3))
        canvas.drawCircle(x, y, r, fill((0.94, 0.97, 1.0), 0.6))


def light_well(lot: Backlot, z: float, x: float, tall: float, wide: float, open_: bool) -> None:
    """A shaft of outdoor light from the ceiling at (x, z) down to the floor; if it is `open_`, the weather falls in."""
    air = outside(lot.scene)
    tint = mix(air.key, air.high, 0.35)
    power = daylight(lot.scene)
    lot.live(z, lambda frame: _well(lot, frame, (x, z), (tall, wide), tint, power, open_), mirrored=False)


def _well(
    lot: Backlot,
    frame: Frame,
    place: tuple[float, float],
    size: tuple[float, float],
    tint: Colour,
    power: float,
    open_: bool,
) -> None:
    (x, z), (tall, wide), canvas = place, size, frame.canvas
    if z - frame.view.state.z < 0.6 * lot.lens.eye:
        return
    u, foot, per = (float(q) for q in frame.view.project(x, 0.0, z))
    _, top, _ = (float(q) for q in frame.view.project(x, tall, z))
    half = 0.5 * wide * per
    bright = lot.light.flash(frame.t)[0]
    strength = (0.2 if open_ else 0.07) * power + (0.5 if open_ else 0.2) * bright
    glowing = mix(tint, (0.85, 0.9, 1.0), min(1.0, bright))
    for share in (1.0, 0.72, 0.45):
        beam = [
            (u - half * 0.8 * share, top),
            (u + half * 0.8 * share, top),
            (u + half * 1.5 * share, foot),
            (u - half * 1.5 * share, foot),
        ]
        shade = fade((0, top), (0, foot), [(0, glowing, 0.6 * strength), (1, glowing, 0.12 * strength)], PLUS)
        canvas.drawPath(outline(beam), shade)
    canvas.save()
    canvas.translate(u, foot)
    canvas.scale(1.0, 0.2)
    glow(canvas, 0, 0, 2.2 * half, glowing, 0.8 * strength)
    canvas.restore()
    slit = box(u - 0.8 * half, top - 0.06 * half, u + 0.8 * half, top + 0.1 * half)
    canvas.drawRect(slit, fill(mix(scaled(tint, 0.5 + 0.5 * power), (1, 1, 1), 0.4 * power + 0.5 * min(1.0, bright))))
    for k in range(5):
        q = u + half * (k - 2) * 0.4
        canvas.drawLine(q, top - 0.06 * half, q, top + 0.1 * half, line((0.12, 0.13, 0.14), 0.03 * half))
    if open_:
        _well_weather(lot, frame, (u, top, foot, half))


def _well_weather(lot: Backlot, frame: Frame, shape: tuple[float, float, float, float]) -> None:
    """What falls down an open well, and what it leaves on the floor."""
    u, top, foot, half = shape
    canvas, kind, t = frame.canvas, lot.scene.weather, frame.t
    area = Area(u - half, top, u + half, foot)
    if kind in RAINY:
        _falling(lot, canvas, t, area, 60, 1.9, 0.1 * (foot - top), 0.0022)
        rings(frame, u, foot, 1.3 * half, lot.seed("well") % 99991, 9, 2.0)
    elif kind is Weather.SNOW:
        canvas.save()
        canvas.translate(u, foot)
        canvas.scale(1.0, 0.24)
        for wide, lift, bright in ((1.9, 0.0, 0.8), (1.4, 0.25, 0.92), (0.9, 0.6, 1.0)):
            tint = lot.tone(scaled((0.9, 0.94, 1.0), bright), lot.lens.hero, 0.9)
            heap = halo(0.0, -lift * half, wide * half, tint, 1.0, skia.BlendMode.kSrcOver)
            canvas.drawCircle(0.0, -lift * half, wide * half, heap)
        canvas.restore()
        _falling(lot, canvas, t, area, 60, 0.24, 0.0, 0.0035)
    elif kind is Weather.FOG:
        for k in range(9):
            age = (t * 0.1 + k / 9) % 1.0
            x = u + half * 1.6 * float(wander(k + 11, t * 0.3 + k))
            glow(
                canvas,
                x,
                top + (foot - top) * age,
                half * (0.9 + age),
                lot.palette.haze,
                0.22 * sin(3.14 * age),
                quick=frame.quick,
            )
    elif kind is Weather.WIND:
        _litter(lot, frame, shape)


def _litter(lot: Backlot, frame: Frame, shape: tuple[float, float, float, float]) -> None:
    """Leaves that the wind blows in: they tumble down and skid over the floor."""
    u, top, foot, half = shape
    for k in range(12):
        age = (frame.t * (0.28 + 0.04 * (k % 4)) + k / 12) % 1.0
        fall = min(1.0, age / 0.55)
        x = u + half * (0.8 * float(wander(k, frame.t * 0.9)) + (age - 0.55) * 9 * (age > 0.55))
        y = top + (foot - top) * fall - 0.04 * half * abs(sin(9 * age + k)) * (age > 0.55)
        turn = 5 * frame.t + k
        leaf = [
            (x + 0.09 * half * sin(turn + q), y + 0.05 * half * sin(1.3 * turn + 1.6 + q)) for q in (0.0, 1.6, 3.1, 4.7)
        ]
        tint = colour(("c8843c", "a85c2c", "8c7a3c")[k % 3])
        frame.canvas.drawPath(outline(leaf), fill(lot.tone(tint, lot.lens.hero, 0.8)))


def rings(frame: Frame, u: float, v: float, reach: float, seed: int, count: int, rate: float) -> None:
    """Drops that strike a wet floor around a place: rings in perspective."""
    path = skia.Path()
    for k in range(count):
        cycle = frame.t * rate + k / count * 7.3
        a, b = lattice(seed + 17 * int(cycle), np.arange(2) + 2 * k).tolist()
        x, y, r = u + reach * (2 * a - 1), v + 0.16 * reach * (2 * b - 1), 0.2 * reach * (cycle % 1.0)
        path.addOval(box(x - r, y - 0.28 * r, x + r, y + 0.28 * r))
    tint = mix(frame.light.palette.key, (1, 1, 1), 0.4)
    frame.canvas.drawPath(path, line(tint, 0.0014, 0.4))


def drips(lot: Backlot, tall: float, places: tuple[tuple[float, float], ...]) -> None:
    """Leaks: at each (x, z) a drop gathers at the ceiling, falls by its weight and rings in its puddle."""

    def act(x: float, z: float, seed: int, frame: Frame) -> None:
        if z - frame.view.state.z < 0.5 * lot.lens.eye:
            return
        fall = (2 * tall / 9.81) ** 0.5
        period = 0.7 + 0.5 * (seed % 10) / 10
        age = (frame.t + seed % 7 / 7) % period
        u, foot, per = (float(q) for q in frame.view.project(x, 0.0, z))
        shine = mix(lot.palette.key, (1, 1, 1), 0.6)
        canvas = frame.canvas
        canvas.save()
        canvas.translate(u, foot)
        canvas.scale(1.0, 0.22)
        canvas.drawCircle(0, 0, 0.42 * per, fill(mix(lot.palette.high, lot.palette.key, 0.4), 0.2))
        canvas.restore()
        if age < fall:
            _, v, _ = (float(q) for q in frame.view.project(x, tall - 4.905 * age * age, z))
            canvas.drawLine(u, v - 0.05 * per - 0.2 * age * per, u, v, line(shine, 0.014 * per + 0.0006, 0.8))
        for back in range(2):
            since = (age - fall + back * period) if age >= fall else age - fall + (back + 1) * period
            if 0 <= since < 0.7:
                r = 0.55 * since * per
                canvas.drawOval(
                    box(u - r, foot - 0.24 * r, u + r, foot + 0.24 * r), line(shine, 0.0014, 0.6 * (1 - since / 0.7))
                )

    for k, (x, z) in enumerate(places):
        seed = lot.seed("drip", k) % 9973
        lot.live(z, partial(act, x, z, seed), mirrored=False)


def footprints(lot: Backlot, x: float) -> None:
    """Wet or snowy prints of those who came in before, from the far door to the viewer."""
    if flooded(lot.scene) or lot.scene.weather not in (*RAINY, Weather.SNOW):
        return
    snow = lot.scene.weather is Weather.SNOW
    tint = (0.9, 0.93, 0.98) if snow else mix(lot.palette.high, (1, 1, 1), 0.3)
    eye = lot.lens.eye

    def act(frame: Frame) -> None:
        path = skia.Path()
        for k in range(26):
            z = (2.0 + 0.46 * k) * eye
            if z - frame.view.state.z < 0.5 * eye:
                continue
            side = 0.075 * eye * (1 if k % 2 else -1)
            wobble = 0.3 * eye * float(wander(lot.seed("prints") % 9973, 0.13 * k))
            u, v, per = (float(q) for q in frame.view.project(x + side + wobble, 0.0, z))
            r = 0.036 * eye * per
            path.addOval(box(u - r, v - 0.5 * r, u + r, v + 0.7 * r))
            path.addOval(box(u - 0.7 * r, v - 1.1 * r, u + 0.7 * r, v - 0.5 * r))
        frame.canvas.drawPath(path, fill(lot.tone(tint, lot.lens.hero, 0.8), 0.42 if snow else 0.22))

    lot.live(lot.z(1.5), act, mirrored=False)


def thunder_light(lot: Backlot, z: float) -> None:
    """What a flash of lightning outside does to a room: for a moment all of it is pale."""
    if lot.scene.weather is not Weather.STORM:
        return

    def act(frame: Frame) -> None:
        bright = lot.light.flash(frame.t)[0]
        if bright > 0.02 and not frame.reflecting:
            frame.canvas.drawPaint(skia.Paint(Color=argb((0.7, 0.78, 1.0), 0.2 * bright), BlendMode=PLUS))

    lot.live(z, act, mirrored=False)
