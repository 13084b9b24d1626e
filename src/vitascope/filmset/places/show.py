"""The concert stage: a wall of light, trusses, beams and loudspeakers, in a house or in a field."""

from __future__ import annotations

from math import sin
from typing import Any

import numpy as np

from vitascope.filmset.canvas.paint import box, curve, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import Colour, colour, mix, scaled
from vitascope.filmset.nature.ground import ground
from vitascope.filmset.nature.growth import grove
from vitascope.filmset.nature.land import Crest, Slope, ridge
from vitascope.filmset.nature.sky import sky
from vitascope.filmset.nature.weather import dust, mist
from vitascope.filmset.places.city import spotlights
from vitascope.filmset.places.glass import drips, thunder_light, window
from vitascope.filmset.scene.scene import Weather
from vitascope.filmset.stage.backlot import FAR, Area, Backlot, Finish, Frame, Spacing
from vitascope.filmset.stage.site import indoor
from vitascope.filmset.town.building import NEON


def stage(lot: Backlot) -> None:
    """A concert stage, in a house or under the open sky."""
    if indoor(lot.scene):
        _house(lot)
    else:
        _festival(lot)


def _house(lot: Backlot) -> None:
    """A black box with screens, trusses and beams through haze."""
    h = lot.lens.horizon
    lot.bake(
        FAR,
        lambda canvas, area: canvas.drawPaint(
            fade((0, 0), (0, 1), [(0, lot.palette.zenith, 1), (0.6, lot.palette.high, 1), (1, lot.palette.haze, 1)])
        ),
        finish=Finish(texture=0.0),
    )
    roof = 3.6 * lot.lens.hero
    wide = 0.5 * lot.lens.ratio + 0.1
    window(lot, roof, Area(-wide, -0.12, wide, 0.105), 2 * int(6 * wide), 3, town=False)
    z = 3.4 * lot.lens.hero
    lot.live(z, lambda frame: _screens(lot, frame, z))
    mist(lot, 3.0, h - 0.45, h + 0.1, 0.4, mix(lot.palette.low, lot.palette.cool, 0.3))
    lot.bake(
        2.6 * lot.lens.hero,
        lambda canvas, area: _rig(lot, canvas, area, 2.6 * lot.lens.hero),
        finish=Finish(texture=0.1, rim=0.3),
    )
    ground(lot, "3c3440", "50464c", "boards", gloss=0.0)
    spotlights(lot, 1.9, 6)
    mist(lot, 1.5, h - 0.1, h + 0.2, 0.3)
    lot.live(lot.z(1.45), lambda frame: _pool(lot, frame), mirrored=False)
    thunder_light(lot, lot.z(0.55))
    if lot.scene.weather in (Weather.RAIN, Weather.STORM):
        drips(
            lot, 0.55 * lot.lens.hero, tuple((x * lot.lens.eye, z * lot.lens.eye) for x, z in ((-2.6, 6), (2.2, 7.5)))
        )
    dust(lot, 30, lot.palette.key, strength=0.3)


def _festival(lot: Backlot) -> None:
    """A stage in a field: hills and trees, a roof on towers, flags, and lights that gain with the dark."""
    h, hero = lot.lens.horizon, lot.lens.hero
    sky(lot)
    ridge(lot, 90, h - 0.01, 0.10, "5c6c74", crest=Crest(1.4), slope=Slope(lit=0.6))
    ridge(lot, 40, h + 0.02, 0.07, "54683c", crest=Crest(1.1))
    for depth, tall, gap in ((22, 0.16, 0.11), (13, 0.24, 0.2)):
        grove(lot, depth, tall, "leafy", colour("4c6c34"), spacing=Spacing(gap, chance=0.75, clear=0.16), v=h + 0.03)
    mist(lot, 12, h - 0.08, h + 0.06, 0.3)
    z = 3.4 * hero
    lot.live(z, lambda frame: _screens(lot, frame, z, 0.26, 0.27))
    lot.bake(3.0 * hero, lambda canvas, area: _canopy(lot, canvas, 3.0 * hero), finish=Finish(texture=0.12, rim=0.35))
    lot.live(2.9 * hero, lambda frame: _flags(lot, frame, 2.9 * hero))
    ground(lot, "5c4c3c", "6c5a48", "boards", gloss=0.0, edge=3.0)
    if lot.light.dark > 0.2:
        spotlights(lot, 1.9, 5)
        lot.live(lot.z(1.45), lambda frame: _pool(lot, frame), mirrored=False)


def _canopy(lot: Backlot, canvas: Any, z: float) -> None:
    """The roof of an open-air stage: two lattice towers, an arched awning, lamps, hanging loudspeakers."""
    wide, base = min(lot.lens.ratio, 1.9) * 0.36, lot.lens.ground(z)
    steel, cloth = lot.tone(colour("70747c"), z, 0.6), colour("e8e4dc")
    for side in (-1, 1):
        x = side * wide
        for q in (-0.02, 0.02):
            canvas.drawLine(x + q, base, x + q, 0.12, line(steel, 0.006))
        for k in range(22):
            y = base - (base - 0.12) * k / 22
            canvas.drawLine(x - 0.02 * (-1) ** k, y, x + 0.02 * (-1) ** k, y - (base - 0.12) / 22, line(steel, 0.003))
        for k in range(6):
            y = 0.27 + 0.045 * k
            tilt = 0.008 * side * k
            left = x + side * 0.075 - tilt - 0.035
            canvas.drawRect(box(left, y, left + 0.07, y + 0.041), fill(lot.tone(colour("26262e"), z, 0.5)))
            canvas.drawRect(box(left, y, left + 0.07, y + 0.006), fill(lot.tone(colour("4c4c56"), z, 0.8)))
    arch = [(-wide * 1.12, 0.2), (-wide * 0.6, 0.085), (0, 0.045), (wide * 0.6, 0.085), (wide * 1.12, 0.2)]
    under = [(wide * 1.06, 0.225), (wide * 0.55, 0.16), (0, 0.14), (-wide * 0.55, 0.16), (-wide * 1.06, 0.225)]
    canvas.drawPath(
        curve([*arch, *under], True), fade((0, 0.04), (0, 0.23), [(0, lot.tone(cloth, z, 0.95), 1), (1, steel, 1)])
    )
    for q in (-0.6, -0.2, 0.2, 0.6):
        canvas.drawLine(q * wide, 0.07 + 0.06 * abs(q), q * wide * 0.95, 0.16, line(steel, 0.0025, 0.7))
    canvas.drawLine(-wide, 0.2, wide, 0.2, line(steel, 0.006))
    tints = (lot.palette.warm, lot.palette.cool, NEON[0])
    for k in range(9):
        x = (k / 4 - 1) * wide * 0.92
        canvas.drawRect(box(x - 0.012, 0.2, x + 0.012, 0.23), fill(scaled(steel, 0.4)))
        glow(canvas, x, 0.232, 0.05, tints[k % 3], 0.35 + 0.6 * lot.light.dark)
        canvas.drawCircle(x, 0.231, 0.007, fill(mix(tints[k % 3], (1, 1, 1), 0.7)))


def _flags(lot: Backlot, frame: Frame, z: float) -> None:
    """Pennants on the roof's poles: the wind lifts them and runs along them."""
    scale, du, dv = frame.view.plane(z)
    wide, wind = min(lot.lens.ratio, 1.9) * 0.36, lot.scene.wind
    canvas = frame.canvas
    canvas.save()
    canvas.translate(du, dv)
    canvas.scale(scale, scale)
    for k, (x, y) in enumerate(((-1.0, 0.12), (-0.5, 0.075), (0.5, 0.075), (1.0, 0.12))):
        canvas.drawLine(x * wide, y, x * wide, y - 0.1, line(lot.tone(colour("5a5a60"), z, 0.5), 0.004))
        spine = []
        for q in np.linspace(0, 1, 9):
            wave = 0.012 * q * float(np.sin(7 * q - (4 + 5 * wind) * frame.t + 2 * k))
            hang = (1 - min(1.0, 0.25 + wind)) * 0.07 * q
            spine.append((x * wide + (0.03 + 0.06 * min(1.0, wind + 0.3)) * q, y - 0.095 + hang + wave))
        lower = [(u, v + 0.034 * (1 - 0.75 * i / 8)) for i, (u, v) in enumerate(spine)]
        own = (NEON[0], NEON[2], NEON[1], NEON[3])[k]
        canvas.drawPath(outline([*spine, *lower[::-1]]), fill(lot.tone(scaled(own, 0.9), z, 0.8)))
    canvas.restore()


def _screens(lot: Backlot, frame: Frame, z: float, share: float = 0.36, top: float = 0.14) -> None:
    """A wall of light: bars that move with the beat."""
    scale, du, dv = frame.view.plane(z)
    wide, base = min(lot.lens.ratio, 1.9) * share, lot.lens.ground(z)
    tints = [lot.palette.cool, NEON[0], NEON[3], lot.palette.warm]
    canvas = frame.canvas
    canvas.save()
    canvas.translate(du, dv)
    canvas.scale(scale, scale)
    canvas.drawRect(box(-wide - 0.012, top - 0.012, wide + 0.012, base), fill(scaled(lot.palette.near, 0.8)))
    count = 26
    for k in range(count):
        x = -wide + 2 * wide * (k + 0.5) / count
        level = (
            0.35 + 0.3 * sin(frame.t * 2.1 + 0.55 * k) + 0.3 * sin(frame.t * 5.2 - 0.9 * k + lot.scene.seed % 7) ** 2
        )
        tint = mix(tints[(k * 4 // count)], tints[(k * 4 // count + 1) % 4], (k * 4 / count) % 1.0)
        tall = (base - top) * min(max(level, 0.08), 0.96)
        canvas.drawRect(
            box(x - 0.36 * wide * 2 / count, base - tall, x + 0.36 * wide * 2 / count, base),
            fade((0, base), (0, top), [(0, scaled(tint, 0.9), 0.9), (1, mix(tint, (1, 1, 1), 0.5), 0.9)]),
        )
    for k in range(18):
        y = top + (base - top) * k / 18
        canvas.drawLine(-wide, y, wide, y, line(lot.palette.near, 0.0022, 0.8))
    canvas.restore()
    glow(canvas, du, dv + (top + base) / 2 * scale, 0.7, lot.palette.cool, 0.25, quick=frame.quick)


def _rig(lot: Backlot, canvas: Any, area: Area, z: float) -> None:
    """Truss, lamps and stacks of loudspeakers."""
    wide, base = min(lot.lens.ratio, 1.9) * 0.5, lot.lens.ground(z)
    steel = lot.tone(colour("5c5c68"), z, 0.5)
    for y in (0.05, 0.09):
        canvas.drawLine(area.left, y, area.right, y, line(steel, 0.005))
    for k in range(int(area.left / 0.04) - 1, int(area.right / 0.04) + 2):
        canvas.drawLine(k * 0.04, 0.05, k * 0.04 + (0.02 if k % 2 else -0.02), 0.09, line(steel, 0.003))
    for k in range(9):
        x = (k / 4 - 1) * wide
        canvas.drawRect(box(x - 0.014, 0.09, x + 0.014, 0.125), fill(scaled(steel, 0.5)))
        glow(canvas, x, 0.128, 0.06, (lot.palette.warm, lot.palette.cool, NEON[0])[k % 3], 0.9)
        canvas.drawCircle(x, 0.127, 0.008, fill((1, 1, 1)))
    for side in (-1, 1):
        x = side * wide * 0.88
        for k in range(4):
            y = base - 0.085 * (k + 1)
            canvas.drawRect(box(x - 0.075, y, x + 0.075, y + 0.081), fill(lot.tone(colour("26262e"), z, 0.5)))
            for q in (-0.036, 0.036):
                canvas.drawCircle(x + q, y + 0.042, 0.029, fill(lot.tone(colour("16161c"), z, 0.3)))
                canvas.drawCircle(x + q, y + 0.042, 0.012, fill(lot.tone(colour("4c4c58"), z, 0.6)))


def _pool(lot: Backlot, frame: Frame) -> None:
    """The pool of light in which the hero stands."""
    u, v, per = (float(q) for q in frame.view.project(0.0, 0.0, lot.lens.hero))
    canvas = frame.canvas
    canvas.save()
    canvas.translate(u, v)
    canvas.scale(1.0, 0.24)
    glow(canvas, 0, 0, 1.6 * per, mix(lot.palette.key, (1, 1, 1), 0.3), 0.55, quick=frame.quick)
    canvas.restore()
    tint: Colour = mix(lot.palette.key, (1, 1, 1), 0.2)
    half, top = 0.9 * per, -0.1
    for share in (1.0, 0.86, 0.7, 0.5):
        beam = [(u - 0.05 * share, top), (u + 0.05 * share, top), (u + half * share, v), (u - half * share, v)]
        canvas.drawPath(outline(beam), fade((0, top), (0, v), [(0, tint, 0.1), (1, tint, 0.02)]))
