"""Buildings: towers with lit windows, gabled houses, a clock tower, houses on stilts, and the lamps that hang on them."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np
import skia

from vitascope.world.backlot import Area, Backlot, Frame
from vitascope.world.dice import dice, lattice
from vitascope.world.growth import gust
from vitascope.world.paint import argb, box, curve, fade, fill, glow, line, outline
from vitascope.world.palette import Colour, colour, mix, scaled
from vitascope.world.pulse import flicker

PANES = ("ffd27a", "ffb85c", "ffe8b0", "9fd8f0", "ff9a6a")


def windows(canvas: Any, area: Area, across: int, down: int, seed: int, lit: float, light: list[Colour], dark: Colour, fill_x: float = 0.55, fill_y: float = 0.5) -> None:  # fmt: skip
    """A grid of windows: some lit in one of the `light` colours, the others dark."""
    w, h = area.width / across, (area.bottom - area.top) / down
    groups: dict[int, Any] = {}
    draws = lattice(seed, np.arange(across * down * 2)).reshape(-1, 2)
    for k, (a, b) in enumerate(draws.tolist()):
        row, column = divmod(k, across)
        x, y = area.left + (column + 0.5) * w, area.top + (row + 0.5) * h
        which = int(b * len(light)) if a < lit else -1
        path = groups.setdefault(which, skia.Path())
        path.addRect(box(x - fill_x * w / 2, y - fill_y * h / 2, x + fill_x * w / 2, y + fill_y * h / 2))
    for which, path in groups.items():
        canvas.drawPath(path, fill(light[which] if which >= 0 else dark, 0.9 if which >= 0 else 0.6))


def towers(lot: Backlot, depth: float, low: float, high: float, own: str, *, gap: float, lit: float, neon: float = 0.0, base: float | None = None) -> None:  # fmt: skip
    """A row of high-rises from `low` to `high` picture heights above the horizon, in cells of `gap`."""
    z = lot.z(depth)
    seed = lot.seed("towers", depth)
    foot = base if base is not None else lot.lens.horizon + 0.02
    lit = lit * (0.25 + 0.75 * lot.light.dark)

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 3):
            rng = dice(seed, cell)
            tall = low + (high - low) * float(rng.random()) ** 1.6
            wide = gap * float(rng.uniform(0.55, 1.0))
            x = (cell + float(rng.uniform(0.2, 0.8))) * gap
            _tower(lot, canvas, rng, x, foot, wide, tall, z, colour(own), lit, seed + cell, neon)

    lot.bake(z, paint, bottom=foot + 0.01, texture=0.14, rim=0.2, mist=(foot - high * 0.9, foot, 0.55))


def _tower(lot: Backlot, canvas: Any, rng: np.random.Generator, x: float, foot: float, wide: float, tall: float, z: float, own: Colour, lit: float, seed: int, neon: float) -> None:  # fmt: skip
    p = lot.palette
    tint = mix(own, scaled(own, 1.35), float(rng.random()))
    face, shade = lot.tone(tint, z, 0.6), lot.tone(scaled(tint, 0.75), z, 0.15)
    left, right, top = x - wide / 2, x + wide / 2, foot - tall
    split = left + wide * (0.3 if lot.light.side > 0 else 0.7)
    canvas.drawRect(box(left, top, right, foot), fill(face))
    dark_side = (left, split) if lot.light.side > 0 else (split, right)
    canvas.drawRect(box(dark_side[0], top, dark_side[1], foot), fill(shade))
    kind = int(rng.integers(0, 5))
    if kind == 0:
        canvas.drawPath(outline([(left, top), (x, top - wide * 0.55), (right, top)]), fill(face))
        canvas.drawLine(x, top - wide * 0.5, x, top - wide * 1.1, line(shade, 0.002))
    elif kind == 1:
        canvas.drawRect(box(x - wide * 0.3, top - wide * 0.3, x + wide * 0.3, top), fill(face))
        canvas.drawRect(box(x - wide * 0.12, top - wide * 0.5, x + wide * 0.12, top), fill(shade))
        canvas.drawLine(x, top - wide * 0.45, x, top - wide * 1.2, line(shade, 0.0016))
    elif kind == 2:
        canvas.drawPath(outline([(left, top), (left, top - wide * 0.5), (right, top)]), fill(face))
    elif kind == 3:
        for k in range(3):
            q = left + wide * (0.2 + 0.3 * k)
            canvas.drawLine(q, top, q, top - 0.012 - 0.012 * (k % 2), line(shade, 0.0014))
    air = lot.light.haze(z)
    panes = [mix(lot.light.lamp(colour(c)), p.haze, 0.55 * air) for c in PANES[: 3 + (seed % 3)]]
    panes.append(mix(lot.light.lamp(p.cool), p.haze, 0.55 * air))
    across, down = max(int(wide / 0.009), 3), max(int(tall / 0.013), 4)
    area = Area(left + wide * 0.06, top + 0.008, right - wide * 0.06, foot - 0.004)
    windows(canvas, area, across, down, seed, lit * float(rng.uniform(0.5, 1.4)), panes, scaled(shade, 0.8))
    if rng.random() < neon and tall > 0.1:
        _sign(
            lot,
            canvas,
            rng,
            x + wide * float(rng.uniform(-0.2, 0.2)),
            top + tall * float(rng.uniform(0.12, 0.4)),
            wide * 0.16,
            tall * 0.3,
        )
    if kind in (0, 1) and lot.light.dark > 0.3:
        glow(canvas, x, top - wide * (1.1 if kind == 0 else 1.2), 0.02, (1.0, 0.25, 0.2), 0.8)


def _sign(lot: Backlot, canvas: Any, rng: np.random.Generator, x: float, y: float, w: float, h: float) -> None:
    """An upright neon sign with strokes that only look like writing."""
    tint = NEON[int(rng.integers(0, len(NEON)))]
    glow(canvas, x, y + h / 2, h * 1.3, tint, 0.5 * (0.3 + 0.7 * lot.light.dark))
    canvas.drawRoundRect(box(x - w / 2, y, x + w / 2, y + h), w * 0.2, w * 0.2, fill(scaled(tint, 0.16), 0.9))
    canvas.drawRoundRect(box(x - w / 2, y, x + w / 2, y + h), w * 0.2, w * 0.2, line(tint, w * 0.09))
    glyphs(canvas, rng, Area(x - w * 0.3, y + h * 0.08, x + w * 0.3, y + h * 0.92), tint)


NEON = (colour("ff3d8b"), colour("35e0ff"), colour("ffb03a"), colour("9d5cff"), colour("4dff9d"))


def glyphs(canvas: Any, rng: np.random.Generator, area: Area, tint: Colour) -> None:
    """Strokes in square cells down an area."""
    count = max(1, int((area.bottom - area.top) / area.width))
    h = (area.bottom - area.top) / count
    path = skia.Path()
    for k in range(count):
        top = area.top + k * h + 0.12 * h
        for _ in range(3):
            y = top + float(rng.random()) * 0.7 * h
            path.moveTo(area.left + float(rng.uniform(0, 0.3)) * area.width, y)
            path.lineTo(area.right - float(rng.uniform(0, 0.3)) * area.width, y)
        x = area.left + float(rng.uniform(0.25, 0.75)) * area.width
        path.moveTo(x, top)
        path.lineTo(x + float(rng.uniform(-0.2, 0.2)) * area.width, top + 0.75 * h)
    canvas.drawPath(path, line(mix(tint, (1, 1, 1), 0.35), area.width * 0.11))


WALLS = ("d8c0a0", "c89878", "e0d0b8", "b8a090", "d0b078", "a8b0b0", "c8a0a0", "e4d8c8")
ROOFS = ("8c4434", "6c3c38", "7c5040", "54484c", "944c30")


def houses(
    lot: Backlot, depth: float, height: float, *, gap: float, base: float, lit: float = 0.4, chance: float = 1.0
) -> None:
    """A row of gabled town houses that stands on v = base."""
    z = lot.z(depth)
    seed = lot.seed("houses", depth)

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 3):
            rng = dice(seed, cell)
            if rng.random() > chance:
                continue
            tall = height * float(rng.uniform(0.65, 1.15))
            wide = gap * float(rng.uniform(0.85, 1.12))
            _house(lot, canvas, rng, (cell + 0.5) * gap, base, wide, tall, z, lit, seed + cell)

    lot.bake(
        z,
        paint,
        bottom=base + 0.01,
        texture=0.22,
        grain=2.5,
        rim=0.25,
        mist=(base - height * 0.6, base, 0.3 + 0.4 * lot.light.haze(z)),
    )


def _house(lot: Backlot, canvas: Any, rng: np.random.Generator, x: float, base: float, wide: float, tall: float, z: float, lit: float, seed: int) -> None:  # fmt: skip
    wall = colour(str(rng.choice(WALLS)))
    roof = colour(str(rng.choice(ROOFS)))
    left, right, eaves = x - wide / 2, x + wide / 2, base - tall * 0.72
    side = lot.light.side
    face = fade(
        (left, 0),
        (right, 0),
        [(0, lot.tone(wall, z, 0.45 - 0.2 * side), 1), (1, lot.tone(wall, z, 0.45 + 0.2 * side), 1)],
    )
    canvas.drawRect(box(left, eaves, right, base), face)
    hang = wide * 0.06
    front = rng.random() < 0.6
    top = base - tall
    if front:
        canvas.drawPath(outline([(left, eaves), (x, top), (right, eaves)]), face)
        canvas.drawPath(
            outline(
                [(left - hang, eaves + hang), (x, top - hang), (x, top + hang * 0.9), (left - hang * 0.2, eaves + hang)]
            ),
            fill(lot.tone(roof, z, 0.5 - 0.25 * side)),
        )
        canvas.drawPath(
            outline(
                [
                    (right + hang, eaves + hang),
                    (x, top - hang),
                    (x, top + hang * 0.9),
                    (right + hang * 0.2, eaves + hang),
                ]
            ),
            fill(lot.tone(roof, z, 0.5 + 0.25 * side)),
        )
    else:
        canvas.drawPath(
            outline(
                [
                    (left - hang, eaves + hang * 0.4),
                    (left + wide * 0.1, top),
                    (right - wide * 0.1, top),
                    (right + hang, eaves + hang * 0.4),
                ]
            ),
            fade((0, top), (0, eaves), [(0, lot.tone(roof, z, 0.75), 1), (1, lot.tone(roof, z, 0.35), 1)]),
        )
    chimney = x + wide * float(rng.uniform(-0.3, 0.3))
    canvas.drawRect(
        box(chimney - wide * 0.05, top - wide * 0.02, chimney + wide * 0.05, (top + eaves) / 2),
        fill(lot.tone(scaled(roof, 0.7), z, 0.4)),
    )
    p = lot.palette
    panes = [mix(lot.light.lamp(colour(c)), p.haze, 0.4 * lot.light.haze(z)) for c in ("ffc860", "ffb050", "ffdc90")]
    area = Area(left + wide * 0.08, eaves + tall * 0.04, right - wide * 0.08, base - tall * 0.16)
    across, down = max(2, round(wide / (tall * 0.22))), max(2, int(rng.integers(2, 4)))
    windows(
        canvas,
        area,
        across,
        down,
        seed,
        lit * (0.15 + 0.85 * lot.light.dark),
        panes,
        lot.tone(colour("3c4450"), z, 0.3),
        0.42,
        0.62,
    )
    door = x + wide * float(rng.choice([-0.25, 0.0, 0.25]))
    canvas.drawRect(
        box(door - wide * 0.08, base - tall * 0.14, door + wide * 0.08, base), fill(lot.tone(colour("4a3428"), z, 0.4))
    )


def clock_tower(lot: Backlot, depth: float, x: float, base: float, tall: float) -> None:
    """A slender tower with a lit clock, a bell behind an arch and a pointed roof."""
    z = lot.z(depth)
    w = tall * 0.16
    stone, roof, side = colour("b8a890"), colour("54405c"), lot.light.side

    def paint(canvas: Any, area: Area) -> None:
        top = base - tall * 0.78
        body = fade(
            (x - w / 2, 0),
            (x + w / 2, 0),
            [(0, lot.tone(stone, z, 0.45 - 0.3 * side), 1), (1, lot.tone(stone, z, 0.45 + 0.3 * side), 1)],
        )
        canvas.drawRect(box(x - w / 2, top, x + w / 2, base), body)
        for share in (0.0, 0.2, 0.48):
            y = top + share * tall * 0.78
            canvas.drawRect(
                box(x - w * 0.58, y, x + w * 0.58, y + tall * 0.014), fill(lot.tone(scaled(stone, 1.15), z, 0.7))
            )
        canvas.drawPath(
            outline([(x - w * 0.62, top), (x, base - tall), (x + w * 0.62, top)]),
            fade(
                (x - w / 2, 0),
                (x + w / 2, 0),
                [(0, lot.tone(roof, z, 0.45 - 0.3 * side), 1), (1, lot.tone(roof, z, 0.45 + 0.35 * side), 1)],
            ),
        )
        canvas.drawLine(x, base - tall, x, base - tall * 1.05, line(lot.tone(roof, z, 0.4), 0.003))
        arch = skia.Path()
        arch.addRoundRect(box(x - w * 0.26, top + tall * 0.19, x + w * 0.26, top + tall * 0.33), w * 0.26, w * 0.26)
        canvas.drawPath(arch, fill(lot.tone(colour("241c24"), z, 0.1)))
        for k in range(4):
            canvas.drawRect(
                box(x - w * 0.07, top + tall * (0.42 + 0.085 * k), x + w * 0.07, top + tall * (0.46 + 0.085 * k)),
                fill(mix(lot.light.lamp(colour("ffc860")), lot.tone(stone, z, 0.3), 0.3)),
            )

    lot.bake(z, paint, bottom=base + 0.01, texture=0.25, grain=2.5, rim=0.35)
    lot.live(z - 0.01, lambda frame: _clock(lot, frame, z, x, base - tall * 0.78 + tall * 0.1, w * 0.36))
    lot.live(z - 0.02, lambda frame: _bell(lot, frame, z, x, base - tall * 0.78 + tall * 0.21, w * 0.3))


def _clock(lot: Backlot, frame: Frame, z: float, x: float, y: float, r: float) -> None:
    scale, du, dv = frame.view.plane(z)
    u, v, r = x * scale + du, y * scale + dv, r * scale
    canvas = frame.canvas
    canvas.drawCircle(u, v, r * 1.12, fill(lot.tone(colour("3c3440"), z, 0.4)))
    canvas.drawCircle(u, v, r, fill(mix(lot.tone(colour("fff4d8"), z, 0.9), (1.0, 0.95, 0.8), 0.75 * lot.light.dark)))
    for k in range(12):
        a = k * pi / 6
        canvas.drawLine(
            u + 0.82 * r * sin(a),
            v - 0.82 * r * cos(a),
            u + 0.92 * r * sin(a),
            v - 0.92 * r * cos(a),
            line((0.1, 0.1, 0.14), 0.09 * r),
        )
    for turn, reach, width in ((0.13 + frame.t / 3600 / 12, 0.5, 0.1), (0.62 + frame.t / 3600, 0.78, 0.07)):
        a = 2 * pi * turn
        canvas.drawLine(u, v, u + reach * r * sin(a), v - reach * r * cos(a), line((0.08, 0.08, 0.12), width * r))
    glow(canvas, u, v, r * 5, (1.0, 0.9, 0.65), 0.5 * lot.light.dark)


def _bell(lot: Backlot, frame: Frame, z: float, x: float, y: float, r: float) -> None:
    from vitascope.world.pulse import bell_swing

    scale, du, dv = frame.view.plane(z)
    canvas, r = frame.canvas, r * scale
    canvas.save()
    canvas.translate(x * scale + du, y * scale + dv)
    canvas.rotate(60 * bell_swing(lot.scene, lot.seconds, frame.t))
    tint = lot.tone(colour("c89a48"), z, 0.8)
    canvas.drawPath(
        curve(
            [
                (-0.12 * r, 0.0),
                (-0.34 * r, 0.45 * r),
                (-0.6 * r, 0.95 * r),
                (0.6 * r, 0.95 * r),
                (0.34 * r, 0.45 * r),
                (0.12 * r, 0.0),
            ],
            True,
        ),
        fill(tint),
    )
    canvas.drawCircle(0, 1.05 * r, 0.14 * r, fill(scaled(tint, 0.6)))
    canvas.restore()


def stilt_house(lot: Backlot, depth: float, x: float, size: float) -> None:
    """A thatched house on stilts over water, with warm windows; `size` in picture heights."""
    z = lot.z(depth)
    base = lot.lens.ground(z)
    wood, thatch = colour("6a5040"), colour("7c6a4c")

    def paint(canvas: Any, area: Area) -> None:
        floor_v, wall, top = base - size * 0.28, base - size * 0.62, base - size * 1.05
        for k in range(5):
            q = x + size * (-0.36 + 0.18 * k)
            canvas.drawLine(
                q,
                floor_v,
                q + 0.01 * size * (k - 2),
                base + 0.004,
                line(lot.tone(scaled(wood, 0.6), z, 0.25), size * 0.03),
            )
        canvas.drawLine(
            x - 0.36 * size,
            floor_v + 0.06 * size,
            x + 0.0,
            base,
            line(lot.tone(scaled(wood, 0.5), z, 0.25), size * 0.015),
        )
        canvas.drawRect(
            box(x - size * 0.48, floor_v - size * 0.02, x + size * 0.52, floor_v + size * 0.025),
            fill(lot.tone(wood, z, 0.5)),
        )
        canvas.drawRect(
            box(x - size * 0.34, wall, x + size * 0.34, floor_v),
            fade(
                (x - size * 0.34, 0),
                (x + size * 0.34, 0),
                [
                    (0, lot.tone(wood, z, 0.4 - 0.25 * lot.light.side), 1),
                    (1, lot.tone(wood, z, 0.4 + 0.25 * lot.light.side), 1),
                ],
            ),
        )
        for k in range(9):
            q = x + size * (-0.34 + 0.085 * k)
            canvas.drawLine(q, wall, q, floor_v, line(lot.tone(scaled(wood, 0.6), z, 0.2), size * 0.006, 0.7))
        roof = curve(
            [
                (x - size * 0.56, wall + size * 0.08),
                (x - size * 0.3, wall - size * 0.12),
                (x - size * 0.08, top),
                (x + size * 0.08, top),
                (x + size * 0.3, wall - size * 0.12),
                (x + size * 0.56, wall + size * 0.08),
            ]
        )
        canvas.drawPath(
            roof,
            fade(
                (0, top), (0, wall), [(0, lot.tone(thatch, z, 0.85), 1), (1, lot.tone(scaled(thatch, 0.6), z, 0.3), 1)]
            ),
        )
        warm = mix(lot.light.lamp(colour("ffc060")), lot.tone(wood, z, 0.4), 0.35 * (1 - lot.light.dark))
        for q in (-0.17, 0.12):
            canvas.drawRect(
                box(x + (q - 0.07) * size, wall + size * 0.09, x + (q + 0.07) * size, wall + size * 0.24), fill(warm)
            )
            canvas.drawLine(
                x + q * size,
                wall + size * 0.09,
                x + q * size,
                wall + size * 0.24,
                line(lot.tone(wood, z, 0.3), size * 0.012),
            )
            glow(canvas, x + q * size, wall + size * 0.165, size * 0.5, lot.palette.warm, 0.55 * lot.light.dark)
        canvas.drawLine(
            x + size * 0.46, floor_v, x + size * 0.5, base + 0.003, line(lot.tone(wood, z, 0.4), size * 0.012)
        )

    lot.bake(z, paint, texture=0.3, grain=3.0, rim=0.35)


def lanterns(
    lot: Backlot, z: float, anchors: list[tuple[float, float]], size: float, tints: list[Colour], seed: int
) -> None:
    """Paper lanterns that hang from anchors (u, v at rest) at a distance, sway and flicker."""

    def act(frame: Frame) -> None:
        scale, du, dv = frame.view.plane(z)
        for k, (x, y) in enumerate(anchors):
            sway = float(gust(seed + k, x, frame.t, 0.15 + 0.6 * lot.scene.wind)) * 0.35
            u, v = x * scale + du, y * scale + dv
            lantern(
                frame,
                u,
                v,
                size * scale,
                sway,
                mix(tints[k % len(tints)], lot.palette.haze, 0.4 * lot.light.haze(z)),
                flicker(seed + k, frame.t, 0.14),
                lot.light.dark,
            )

    lot.live(z, act)


def lantern(
    frame: Frame, u: float, v: float, size: float, sway: float, tint: Colour, power: float, dark: float
) -> None:
    """One round lantern on a cord."""
    canvas = frame.canvas
    x, y = u + size * 1.6 * sin(sway), v + size * 1.6 * cos(sway)
    canvas.drawLine(u, v, x, y - size * 0.4, line((0.08, 0.07, 0.08), size * 0.05))
    glow(canvas, x, y, size * 3.6, tint, (0.14 + 0.42 * dark) * power)
    shader = skia.GradientShader.MakeRadial(
        skia.Point(x, y + 0.1 * size), size * 0.6,
        [argb(mix(tint, (1, 0.97, 0.88), 0.75)), argb(mix(tint, (1, 0.9, 0.7), 0.2)), argb(scaled(tint, 0.62))], [0.0, 0.55, 1.0],
    )  # fmt: skip
    canvas.drawOval(
        box(x - size * 0.5, y - size * 0.44, x + size * 0.5, y + size * 0.44), skia.Paint(Shader=shader, AntiAlias=True)
    )
    for top in (-0.46, 0.38):
        canvas.drawRect(
            box(x - size * 0.2, y + top * size, x + size * 0.2, y + (top + 0.08) * size), fill((0.1, 0.07, 0.06))
        )


def garland(lot: Backlot, z: float, left: tuple[float, float], right: tuple[float, float], sag: float, count: int, size: float, tints: list[Colour]) -> None:  # fmt: skip
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
