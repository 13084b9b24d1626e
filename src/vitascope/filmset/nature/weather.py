"""What is in the air: rain, snow, mist, fireflies, dust, bubbles, petals, spray and shafts of light.

Every particle is a stateless function of time: it falls from its own place at its own speed and comes back above.
"""

from __future__ import annotations

from math import sin
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import PLUS, argb, fade, fill, glow, image, line, outline
from vitascope.filmset.canvas.palette import Colour, mix
from vitascope.filmset.canvas.random_streams import Floats, random_stream, wander
from vitascope.filmset.canvas.texture import noise, rows_of
from vitascope.filmset.scene.scene import Setting, Weather
from vitascope.filmset.stage.backlot import Area, Backlot, Baked, Frame


def weather(lot: Backlot) -> None:
    """The weather of a scene, far to near."""
    kind = lot.scene.weather
    if kind in (Weather.RAIN, Weather.STORM):
        hard = 1.5 if kind is Weather.STORM else 1.0
        for depth, count, size in ((4.0, 190, 0.45), (1.6, 150, 0.8), (0.6, 60, 1.7)):
            rain(lot, depth, int(count * hard), size)
        splashes(lot)
        mist(lot, 9.0, lot.lens.horizon - 0.14, lot.lens.horizon + 0.12, 0.35)
    elif kind is Weather.SNOW:
        for depth, count, size in ((5.0, 260, 0.45), (1.8, 170, 0.9), (0.7, 60, 2.0)):
            snow(lot, depth, count, size)
    elif kind is Weather.FOG:
        fog(lot)
    elif kind is Weather.WIND:
        leaves(lot)


FALL, FALL_SIZE = 1.5, 0.55  # speed of rain, picture heights a second, and how much faster large drops fall
RAIN_LEAN, RAIN_LEAN_WIND = 0.06, 0.42  # slope of rain in still air, and how much more in full wind
STREAK = 0.06  # picture heights that a drop falls while the shutter is open
SPLASHES, SPLASH_RATE, SPLASH_RADIUS = 70, 2.2, 0.055  # at once, a second each, eye heights
SNOW_FALL, SNOW_DRIFT, SNOW_DRIFT_WIND = 0.10, 0.03, 0.3  # picture heights a second
FLAKE = 0.0028  # picture heights; radius of a usual flake
MIST_DRIFT, MIST_DRIFT_WIND = 0.008, 0.03  # picture heights a second
MIST_CELLS = 200  # baked cells a picture height: mist is soft
FOG_BANKS = ((30.0, 0.8), (7.0, 0.65), (2.6, 0.5), (0.8, 0.18))  # (hero distances, strength), far to near
FOG_WARMTH = {Setting.HARBOUR: 0.34, Setting.SKYLINE: 0.2, Setting.ROOFTOP: 0.16}  # by how many lamps are there
FOG_COLD = 0.06  # warmth anywhere else


def fog(lot: Backlot) -> None:
    """Banks of fog, far to near. In the dark they are thinner than by day, and lamps warm them where there are any."""
    scatter, p = lot.light.scatter, lot.palette
    warmth = FOG_WARMTH.get(lot.scene.setting, FOG_COLD)
    tint = mix(mix(p.haze, p.low, 0.35), p.warm, warmth * scatter)
    for depth, strength in FOG_BANKS:
        thin = strength * (1 - 0.5 * scatter)
        mist(lot, depth, lot.lens.horizon - 0.3, lot.lens.horizon + 0.28, thin, tint)


def rain(lot: Backlot, depth: float, count: int, size: float) -> None:
    """Streaks as long as a drop falls while the shutter is open, leaning with the wind."""
    places: Floats = random_stream(lot.scene.seed, "rain", depth).random((count, 3))
    speed = FALL + FALL_SIZE * size
    lean = (RAIN_LEAN + RAIN_LEAN_WIND * lot.scene.wind) * (1 if lot.seed("lean") % 2 else -1)
    tint = mix(lot.palette.haze, (1, 1, 1), 0.45)

    def act(frame: Frame) -> None:
        v = (places[:, 1] + frame.t * speed * (0.9 + 0.2 * places[:, 2])) % 1.0 * 1.3 - 0.15
        width = frame.ratio + 0.6
        u = (places[:, 0] * 2.93 + v * lean * 0.77 - frame.view.state.x * 0.1) % 1.0 * width - width / 2
        length = STREAK * size * (0.7 + 0.6 * places[:, 2])
        path = skia.Path()
        for x, y, run in zip(u.tolist(), v.tolist(), length.tolist(), strict=True):
            path.moveTo(x, y)
            path.lineTo(x + lean * run, y + run)
        frame.canvas.drawPath(path, line(tint, 0.0013 * size**0.6 + 0.0005, 0.26 + 0.12 * min(size, 1.2)))

    lot.live(lot.z(depth), act, mirrored=False)


def splashes(lot: Backlot) -> None:
    """Drops that hit the ground: short rings in perspective."""
    places: Floats = random_stream(lot.scene.seed, "splash").random((SPLASHES, 3))
    lens = lot.lens

    def act(frame: Frame) -> None:
        path = skia.Path()
        for a, b, c in places.tolist():
            cycle = (frame.t * SPLASH_RATE + c) % 1.0
            again = int(frame.t * SPLASH_RATE + c)
            z = lens.depth(lens.horizon + 0.06 + (1.02 - lens.horizon) * ((b + 0.618 * again) % 1.0) ** 0.8)
            x = ((a + 0.382 * again) % 1.0 * 2 - 1) * lens.half_width(z) * 1.1
            if z - frame.view.state.z < 0.3:
                continue
            u, v, per = frame.view.project(x, 0.0, z)
            r = SPLASH_RADIUS * lens.eye * per * cycle
            path.addOval(skia.Rect.MakeLTRB(u - r, v - 0.3 * r, u + r, v + 0.3 * r))
        frame.canvas.drawPath(path, line(mix(lot.palette.haze, (1, 1, 1), 0.5), 0.0012, 0.35))

    lot.live(lot.z(1.35), act, mirrored=False)


def snow(lot: Backlot, depth: float, count: int, size: float) -> None:
    """Flakes that sink, swing and drift with the wind."""
    places: Floats = random_stream(lot.scene.seed, "snow", depth).random((count, 4))
    drift = (SNOW_DRIFT + SNOW_DRIFT_WIND * lot.scene.wind) * (1 if lot.seed("lean") % 2 else -1)
    tint = mix(lot.palette.key, (1, 1, 1), 0.75)
    tint = mix(tint, lot.palette.haze, 0.25 + 0.3 * lot.light.dark)

    def act(frame: Frame) -> None:
        fall = SNOW_FALL + SNOW_FALL * size**0.5
        v = (places[:, 1] + frame.t * fall * (0.8 + 0.4 * places[:, 2]) / 1.1) % 1.0 * 1.1 - 0.05
        width = frame.ratio + 0.2
        u = (places[:, 0] * 2.93 + frame.t * drift * (0.7 + 0.3 * size) / 2) % 1.0 * width - width / 2
        u = u + 0.012 * size * np.sin(frame.t * (0.8 + places[:, 3]) + 6.28 * places[:, 2])
        path = skia.Path()
        for x, y, r in zip(u.tolist(), v.tolist(), (FLAKE * size * (0.6 + 0.8 * places[:, 3])).tolist(), strict=True):
            path.addCircle(x, y, r)
        frame.canvas.drawPath(path, fill(tint, 0.85 if size < 1.5 else 0.5))

    lot.live(lot.z(depth), act, mirrored=False)


def mist(lot: Backlot, depth: float, top: float, bottom: float, strength: float, tint: Colour | None = None) -> None:
    """A bank of mist that drifts."""
    z = lot.z(depth)
    drift = (MIST_DRIFT + MIST_DRIFT_WIND * lot.scene.wind) * (1.2 if depth < 3 else 0.7)
    area, _ = lot.cover(z, drift)
    if area.width < 0.01:
        return
    per = MIST_CELLS
    us = np.arange(area.left, area.right, 1 / per)
    vs = np.arange(top, bottom, 1 / per)
    shape = np.sin(np.pi * np.clip((vs - top) / (bottom - top), 0, 1))[:, None] ** 1.3
    field = rows_of(noise(lot.seed("mist", depth) % 53, 1.7, 2.0), us * 0.42, vs * 0.9)
    alpha = np.clip((0.55 + 0.42 * field) * shape * strength, 0, 1)
    own = np.asarray((tint or mix(lot.palette.haze, lot.palette.low, 0.35))[::-1])
    layer = np.empty((*alpha.shape, 4), np.uint8)
    layer[..., 3] = alpha * 255
    layer[..., :3] = alpha[..., None] * own * 255
    lot.add(Baked(z, image(layer), Area(area.left, top, area.left + layer.shape[1] / per, bottom), True, drift))


def fireflies(lot: Backlot, count: int, tint: Colour = (0.85, 1.0, 0.45)) -> None:
    """Points of light that wander and pulse, near and far."""
    places: Floats = random_stream(lot.scene.seed, "fireflies").random((count, 5))
    seed = lot.seed("fly") % 100003
    for depth, part in ((2.4, places[::2]), (0.85, places[1::2])):

        def act(frame: Frame, part: Floats = part, depth: float = depth) -> None:
            scale, du, dv = frame.view.plane(lot.z(depth))
            for k, (a, b, c, d, e) in enumerate(part.tolist()):
                u = (a - 0.5) * (frame.ratio + 0.2) + 0.10 * float(wander(seed + k, frame.t * 0.35 + 9 * c))
                v = lot.lens.horizon - 0.2 + 0.5 * b + 0.06 * float(wander(seed + 500 + k, frame.t * 0.4 + 9 * d))
                pulse = max(0.0, sin(frame.t * (1.2 + 1.4 * d) + 6.28 * e)) ** 1.5
                r = (0.010 + 0.012 * c) * (1.3 if depth < 1 else 0.8)
                glow(frame.canvas, u * scale + du, v * scale + dv, r * 2.2, tint, 0.85 * pulse, quick=frame.quick)
                if pulse > 0.2:
                    frame.canvas.drawCircle(u * scale + du, v * scale + dv, r * 0.14, fill((1, 1, 0.85), pulse))

        lot.live(lot.z(depth), act)


def dust(
    lot: Backlot, count: int, tint: Colour, *, rise: float = 0.02, strength: float = 0.5, depth: float = 0.9
) -> None:
    """Motes that hang in the light."""
    places: Floats = random_stream(lot.scene.seed, "dust", depth).random((count, 4))

    def act(frame: Frame) -> None:
        scale, du, dv = frame.view.plane(lot.z(depth))
        v = (places[:, 1] - frame.t * rise * (0.5 + places[:, 2])) % 1.0
        u = (
            (places[:, 0] + 0.03 * np.sin(frame.t * 0.6 + 6.28 * places[:, 3])) * (frame.ratio + 0.2)
            - frame.ratio / 2
            - 0.1
        )
        for x, y, c, d in zip(u.tolist(), v.tolist(), places[:, 2].tolist(), places[:, 3].tolist(), strict=True):
            glow(
                frame.canvas,
                x * scale + du,
                y * scale + dv,
                0.004 + 0.008 * c * c,
                tint,
                strength * (0.4 + 0.6 * d),
                quick=frame.quick,
            )

    lot.live(lot.z(depth), act, mirrored=False)


def bubbles(lot: Backlot, count: int) -> None:
    """Bubbles that rise and swing."""
    places: Floats = random_stream(lot.scene.seed, "bubbles").random((count, 4))

    def act(frame: Frame) -> None:
        for a, b, c, d in places.tolist():
            v = 1.05 - (b + frame.t * (0.07 + 0.09 * c)) % 1.1
            u = (a - 0.5) * (frame.ratio + 0.1) + 0.012 * sin(frame.t * 3 + 6.28 * d) * (0.5 + c)
            r = 0.002 + 0.006 * c * c
            frame.canvas.drawCircle(u, v, r, line((0.85, 1.0, 1.0), r * 0.25, 0.6))
            frame.canvas.drawCircle(u - 0.35 * r, v - 0.35 * r, r * 0.3, fill((1, 1, 1), 0.8))

    lot.live(lot.z(0.9), act, mirrored=False)


def leaves(lot: Backlot) -> None:
    """Leaves and petals that the wind carries past."""
    places: Floats = random_stream(lot.scene.seed, "leaves").random((26, 5))
    way = 1 if lot.seed("lean") % 2 else -1
    tints = [
        mix(lot.tone(own, lot.lens.hero, 0.8), lot.palette.key, 0.15)
        for own in ((0.8, 0.5, 0.2), (0.7, 0.3, 0.2), (0.6, 0.6, 0.25))
    ]

    def act(frame: Frame) -> None:
        for k, (a, b, c, d, e) in enumerate(places.tolist()):
            run = frame.t * (0.35 + 0.5 * c) * (0.5 + lot.scene.wind)
            width = frame.ratio + 0.3
            u = way * (((a * 3 + run) % 1.0) * width - width / 2)
            v = 0.25 + 0.6 * b + 0.05 * sin(frame.t * (1.5 + 2 * d) + 6.28 * e)
            turn, size = frame.t * (3 + 4 * d) + 6.28 * e, 0.006 + 0.006 * d
            wide = size * abs(sin(turn)) + 0.001
            frame.canvas.save()
            frame.canvas.translate(u, v)
            frame.canvas.rotate(40 * sin(turn * 0.7))
            frame.canvas.drawPath(
                outline([(-size, 0), (0, -wide * 0.5), (size, 0), (0, wide * 0.5)]), fill(tints[k % 3])
            )
            frame.canvas.restore()

    lot.live(lot.z(0.8), act, mirrored=False)


def shafts(
    lot: Backlot,
    depth: float,
    apex: tuple[float, float],
    spread: float,
    tint: Colour,
    strength: float,
    count: int = 7,
    length: float = 1.3,
) -> None:
    """A fan of light beams from a point (u, v at rest) that slowly come and go."""
    draws: Floats = random_stream(lot.scene.seed, "shafts", apex).random((count, 3))

    def act(frame: Frame) -> None:
        scale, du, dv = frame.view.plane(lot.z(depth))
        x, y = apex[0] * scale + du, apex[1] * scale + dv
        for k, (a, b, c) in enumerate(draws.tolist()):
            angle = spread * ((k + a) / count * 2 - 1) + 0.03 * sin(frame.t * 0.5 + 6.28 * c)
            half = 0.02 + 0.05 * b
            bright = strength * (0.45 + 0.55 * sin(frame.t * (0.4 + 0.5 * b) + 6.28 * c) ** 2)
            _beam(frame.canvas, x, y, angle, half, length, tint, bright)

    lot.live(lot.z(depth), act)


def _beam(
    canvas: Any, x: float, y: float, angle: float, half: float, length: float, tint: Colour, strength: float
) -> None:
    """One beam: a soft-edged fan, drawn as three nested triangles."""
    for share, part in ((1.0, 0.3), (0.62, 0.35), (0.3, 0.35)):
        left, right = angle - half * share, angle + half * share
        points = [
            (x, y),
            (x + length * sin(left), y + length * np.cos(left)),
            (x + length * sin(right), y + length * np.cos(right)),
        ]
        end = (x + length * sin(angle), y + length * float(np.cos(angle)))
        stops = [(0.0, tint, strength * part), (0.5, tint, 0.45 * strength * part), (1.0, tint, 0.0)]
        canvas.drawPath(outline(points), fade((x, y), end, stops, PLUS))


def sparks_burst(frame: Frame, origin: tuple[float, float], age: float, seed: int, size: float) -> None:
    """A shower of sparks `age` seconds after it broke out."""
    if not 0 <= age < 1.1:
        return
    draws = random_stream(seed, "burst").random((34, 3))
    for a, b, c in draws.tolist():
        life = 0.35 + 0.65 * c
        if age > life:
            continue
        vx, vy = (a - 0.5) * 0.9 * size, (-0.25 - 0.35 * b) * size
        x, y = origin[0] + vx * age, origin[1] + vy * age + 0.9 * size * age * age
        dx, dy = vx * 0.03, (vy + 1.8 * size * age) * 0.03
        bright = 1 - age / life
        frame.canvas.drawLine(
            x, y, x - dx, y - dy, line((1.0, 0.8 * bright + 0.15, 0.35 * bright), 0.003 * size, bright, PLUS)
        )
    glow(frame.canvas, *origin, 0.25 * size, (1.0, 0.75, 0.4), 0.8 * max(0.0, 1 - age * 3), quick=frame.quick)
    _ = argb
