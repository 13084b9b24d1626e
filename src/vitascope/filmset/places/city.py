"""Settings of the city: skyline, rooftop stage, market alley, concert stage."""

from __future__ import annotations

from functools import partial
from math import sin
from typing import Any

from vitascope.filmset.canvas.paint import box, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.nature.ground import ground
from vitascope.filmset.nature.land import Crest, ridge
from vitascope.filmset.nature.sky import sky
from vitascope.filmset.nature.water import water
from vitascope.filmset.nature.weather import mist, shafts
from vitascope.filmset.places.lights import light_floor
from vitascope.filmset.places.stalls import stall
from vitascope.filmset.scene.scene import Glow
from vitascope.filmset.stage.backlot import Area, Backlot, Finish, Frame
from vitascope.filmset.stage.site import flooded
from vitascope.filmset.stage.solid import Corner, Segments, Sheet, corridor
from vitascope.filmset.stage.switching import switch
from vitascope.filmset.town.building import NEON, glyphs, towers
from vitascope.filmset.town.lamps import garland


def skyline(lot: Backlot) -> None:
    """A city over the river, seen from a promenade."""
    h = lot.lens.horizon
    sky(lot, 0.8)
    ridge(lot, 300, h - 0.03, 0.07, "4a5468", crest=Crest(1.2))
    water(lot, 0.35, near=0.45, far=0.9)
    towers(lot, 90, (0.10, 0.30), "5a6478", gap=0.035, lit=0.35)
    towers(lot, 55, (0.10, 0.42), "4a5268", gap=0.06, lit=0.4, neon=0.1)
    towers(lot, 32, (0.05, 0.30), "3c4458", gap=0.085, lit=0.45, neon=0.25)
    mist(lot, 30, h - 0.12, h + 0.03, 0.35)
    ground(lot, "5c5c60", "74727a", "stone", edge=2.1)
    rail(lot, 2.0)


def rooftop(lot: Backlot) -> None:
    """A terrace high over a city of lights."""
    h = lot.lens.horizon
    sky(lot, 0.8)
    towers(lot, 80, (0.12, 0.36), "565c74", gap=0.04, lit=0.35, base=h + 0.06)
    towers(lot, 40, (0.06, 0.44), "464c64", gap=0.075, lit=0.42, neon=0.15, base=h + 0.08)
    mist(lot, 30, h - 0.16, h + 0.06, 0.3)
    towers(lot, 18, (-0.02, 0.30), "343a50", gap=0.13, lit=0.4, neon=0.35, base=h + 0.1)
    if lot.light.dark > 0.3:
        shafts(lot, 60, (-0.25, h + 0.15), 0.5, lot.palette.cool, -0.0, 0)
    ground(lot, "4c4658", "5a5468", "tiles", edge=2.3)
    parapet(lot, 2.3)
    if lot.light.dark > 0.3 and not flooded(lot.scene) and {Glow.NEON, Glow.SPOTLIGHTS} & set(lot.scene.glows):
        light_floor(lot, 2.3)
    warm, cool = lot.palette.warm, lot.palette.cool
    wide = lot.lens.ratio / 2 + 0.1
    garland(lot, lot.z(2.2), (-wide, h - 0.38), (0.12, h - 0.30), 0.07, 12, 0.014, [warm])
    garland(lot, lot.z(2.1), (-0.12, h - 0.30), (wide, h - 0.40), 0.08, 12, 0.014, [warm, mix(warm, cool, 0.4)])
    if Glow.SPOTLIGHTS in lot.scene.glows:
        spotlights(lot, 1.6)


def parapet(lot: Backlot, depth: float) -> None:
    """The low wall at a roof's edge, with planters and a few boxes."""
    z = lot.z(depth)
    base = lot.lens.ground(z)
    k = 1.25 / z * lot.lens.eye

    def paint(canvas: Any, area: Area) -> None:
        top = base - 0.55 * k
        canvas.drawRect(
            box(area.left, top, area.right, base + 0.004),
            fade(
                (0, top),
                (0, base),
                [(0, lot.tone(colour("6a6478"), z, 0.6), 1), (1, lot.tone(colour("3c384c"), z, 0.2), 1)],
            ),
        )
        canvas.drawRect(
            box(area.left, top - 0.05 * k, area.right, top + 0.03 * k), fill(lot.tone(colour("8a8498"), z, 0.85))
        )
        for cell in range(int(area.left / (2.6 * k)) - 1, int(area.right / (2.6 * k)) + 2):
            rng = random_stream(lot.seed("parapet"), cell)
            x = (cell + 0.5 + float(rng.uniform(-0.2, 0.2))) * 2.6 * k
            if rng.random() < 0.5:
                w, tall = 0.35 * k, float(rng.uniform(0.7, 1.0)) * k
                canvas.drawRect(box(x - w, base - tall, x + w, base), fill(lot.tone(colour("4a4654"), z, 0.35)))
                canvas.drawRect(box(x - w, base - tall, x + 0.1 * w, base), fill(lot.tone(colour("5a5664"), z, 0.6)))

    lot.bake(z, paint, bottom=base + 0.01, finish=Finish(texture=0.25, grain=3.0, rim=0.3))


def rail(lot: Backlot, depth: float) -> None:
    """A promenade's railing with lamps."""
    z = lot.z(depth)
    base = lot.lens.ground(z)
    k = 1.25 / z * lot.lens.eye

    def paint(canvas: Any, area: Area) -> None:
        iron = lot.tone(colour("30303c"), z, 0.4)
        for y, width in ((0.98, 0.05), (0.6, 0.025), (0.3, 0.025)):
            canvas.drawLine(area.left, base - y * k, area.right, base - y * k, line(iron, width * k))
        for cell in range(int(area.left / k) - 1, int(area.right / k) + 2):
            canvas.drawLine(cell * k, base, cell * k, base - k, line(iron, 0.05 * k))
            if cell % 4 == 2:
                canvas.drawLine(cell * k, base, cell * k, base - 2.7 * k, line(iron, 0.07 * k))
                canvas.drawCircle(cell * k, base - 2.85 * k, 0.17 * k, fill(mix(iron, lot.palette.haze, 0.3)))

    lot.bake(z, paint, bottom=base + 0.01, finish=Finish(texture=0.1, rim=0.4))
    for group in range(4):
        pulse = switch(lot, "rail", group)
        if pulse is None and group:
            continue
        only = None if pulse is None else group
        lot.bake(
            z * (1 - 1e-5 * (group + 1)),
            partial(_rail_lamps, lot, base, k, only),
            pulse=pulse,
            finish=Finish(texture=0.0),
        )


def _rail_lamps(lot: Backlot, base: float, k: float, group: int | None, canvas: Any, area: Area) -> None:
    """The globes on a railing's posts: all of them, or one of four groups."""
    iron = lot.tone(colour("30303c"), lot.z(2.0), 0.4)
    globe = fill(mix(lot.light.lamp((1, 0.93, 0.75)), iron, 0.25 * (1 - lot.light.dark)))
    for cell in range(int(area.left / k) - 1, int(area.right / k) + 2):
        if cell % 4 == 2 and group in (None, cell // 4 % 4):
            canvas.drawCircle(cell * k, base - 2.85 * k, 0.17 * k, globe)
            glow(canvas, cell * k, base - 2.85 * k, 1.5 * k, lot.palette.warm, 0.7 * lot.light.dark)


def spotlights(lot: Backlot, depth: float, count: int = 5) -> None:
    """Coloured beams from above that sweep slowly."""
    z = lot.z(depth)
    tints = [lot.palette.cool, lot.palette.warm, NEON[0], NEON[3], lot.palette.key]

    def act(frame: Frame) -> None:
        from vitascope.filmset.nature.weather import _beam

        scale, du, dv = frame.view.plane(z)
        for k in range(count):
            x = (k / max(count - 1, 1) - 0.5) * min(lot.lens.ratio, 1.9) * 0.9
            angle = 0.42 * sin(frame.t * (0.5 + 0.13 * k) + 1.7 * k) - 0.5 * x
            _beam(frame.canvas, x * scale + du, -0.1 * scale + dv, angle, 0.085, 1.25 * scale, tints[k % 5], 0.5)

    lot.live(z, act)


def alley(lot: Backlot) -> None:
    """A narrow street of stalls under lanterns and neon."""
    h, eye = lot.lens.horizon, lot.lens.eye
    sky(lot, 0.7)
    towers(lot, 70, (0.05, 0.4), "3c3450", gap=0.07, lit=0.4, neon=0.3)
    ground(lot, "3c3848", "544c5c", "cobbles")
    half, tall = 2.45 * eye, 5.6 * eye
    for side in (-1.0, 1.0):
        corridor(
            lot,
            partial(_shopfront, side=side),
            edge=_wall(side * half, tall),
            segments=Segments(1.35, 2.3, 9),
            height=5.6,
        )
    glow_z = 26 * eye
    lot.bake(glow_z, lambda canvas, area: _street_end(lot, canvas, glow_z), finish=Finish(texture=0.0))
    _stalls(lot, half)
    tints = [lot.palette.warm, mix(lot.palette.warm, (1, 0.3, 0.2), 0.5), lot.palette.cool]
    for k, z_eye in enumerate((13.0, 9.0, 6.2, 4.3, 3.0)):
        z = z_eye * eye
        reach = half * 1.25 / z
        top = h - 1.25 * (2.4 + 0.25 * (k % 2)) * eye / z
        garland(
            lot, z, (-reach, top), (reach, top + 0.03 * (k % 2)), 0.16 * reach, 5, 0.36 * 1.25 * eye / z, tints[k % 2 :]
        )
    mist(lot, 3.2, h - 0.02, h + 0.2, 0.25, mix(lot.palette.warm, lot.palette.haze, 0.6))


def _wall(x: float, tall: float) -> Any:
    def edge(z: float) -> tuple[Corner, Corner]:
        return (x, tall, z), (x, 0.0, z)

    return edge


def _shopfront(sheet: Sheet, side: float) -> None:
    """One house of the alley: a lit shop below, balconies, shutters and signs above."""
    lot, canvas, w, h = sheet.lot, sheet.canvas, sheet.length, sheet.height
    rng = random_stream(lot.seed("shop"), side, sheet.index)
    wall = colour(str(rng.choice(("5c4a58", "4a4458", "64504c", "54485c", "3f4858"))))
    canvas.drawRect(
        box(0, 0, w, h),
        fade(
            (0, 0),
            (0, h),
            [
                (0, sheet.tone(wall, 0.35), 1),
                (0.6, sheet.tone(wall, 0.5), 1),
                (1, sheet.tone(scaled(wall, 1.2), 0.75), 1),
            ],
        ),
    )
    floor_h = h / 5.6 * 2.05
    warm = sheet.fade(mix(lot.palette.warm, (1, 0.92, 0.7), 0.4))
    lit = 0.3 + 0.7 * lot.light.dark
    top = h - floor_h
    canvas.drawRect(
        box(w * 0.06, top + floor_h * 0.22, w * 0.94, h - floor_h * 0.02),
        fill(mix(sheet.tone(colour("40302c"), 0.3), warm, 0.35 + 0.5 * lit)),
    )
    for shelf in range(3):
        y = top + floor_h * (0.42 + 0.19 * shelf)
        canvas.drawLine(w * 0.06, y, w * 0.94, y, line(sheet.tone(colour("5a3c28"), 0.4), h * 0.006))
        for k in range(9):
            r = w * float(rng.uniform(0.025, 0.042))
            tint = mix(colour(str(rng.choice(("d85c3c", "e8b048", "7ca84c", "c84c6c", "e0d0a8")))), warm, 0.35)
            canvas.drawCircle(w * (0.1 + 0.1 * k), y - r, r, fill(scaled(tint, 0.45 + 0.55 * lit)))
    _awning(sheet, rng, top, floor_h)
    for row in range(2):
        for column in range(2):
            x, y = w * (0.14 + 0.44 * column), h * (0.06 + 0.27 * row)
            on = rng.random() < 0.55 * lit
            pane = mix(sheet.tone(colour("2c3040"), 0.3), sheet.fade(colour("ffc870")), 0.85 if on else 0.0)
            canvas.drawRect(box(x, y, x + w * 0.28, y + h * 0.17), fill(pane))
            canvas.drawLine(
                x + w * 0.14, y, x + w * 0.14, y + h * 0.17, line(sheet.tone(colour("2a2028"), 0.3), w * 0.012)
            )
            canvas.drawRect(
                box(x - w * 0.03, y + h * 0.165, x + w * 0.31, y + h * 0.18), fill(sheet.tone(colour("6a5a60"), 0.6))
            )
    tint = NEON[int(rng.integers(0, len(NEON)))]
    x, y, sw, sh = w * float(rng.uniform(0.4, 0.5)), h * 0.2, w * 0.16, h * 0.26
    canvas.drawRect(box(x, y, x + sw, y + sh), fill(scaled(tint, 0.12)))
    canvas.drawRect(box(x, y, x + sw, y + sh), line(sheet.fade(mix(tint, scaled(tint, 0.5), 1 - lit)), w * 0.015))
    glyphs(canvas, rng, Area(x + sw * 0.2, y + sh * 0.05, x + sw * 0.8, y + sh * 0.95), sheet.fade(tint))
    glow(canvas, x + sw / 2, y + sh / 2, sh * 1.2, tint, 0.5 * lit)


def _awning(sheet: Sheet, rng: Any, top: float, floor_h: float) -> None:
    canvas, w = sheet.canvas, sheet.length
    first = colour(str(rng.choice(("c8443c", "3c7a7c", "d89a3c", "6c4a8c"))))
    for k in range(8):
        tint = first if k % 2 else colour("e8dcc4")
        left, right = w * k / 8, w * (k + 1) / 8
        canvas.drawPath(
            outline(
                [
                    (left, top + floor_h * 0.02),
                    (right, top + floor_h * 0.02),
                    (right, top + floor_h * 0.26),
                    ((left + right) / 2, top + floor_h * 0.31),
                    (left, top + floor_h * 0.26),
                ]
            ),
            fill(sheet.tone(tint, 0.75)),
        )
    canvas.drawRect(box(0, top, w, top + floor_h * 0.04), fill(sheet.tone(scaled(first, 0.5), 0.4)))


def _street_end(lot: Backlot, canvas: Any, z: float) -> None:
    h = lot.lens.horizon
    glow(canvas, 0.0, h - 0.03, 0.34, lot.palette.warm, 0.5 + 0.3 * lot.light.dark)
    glow(canvas, 0.0, h - 0.01, 0.14, (1, 0.95, 0.8), 0.6)
    _ = z


def _stalls(lot: Backlot, half: float) -> None:
    """Carts and baskets along both sides, with steam."""
    eye = lot.lens.eye
    for k, z_eye in enumerate((8.6, 5.6, 3.7)):
        for side in (1.0 if k % 2 else -1.0,):
            z = z_eye * eye
            scale = 1.25 / z
            stall(lot, z, side * (half - 0.5 * eye) * scale, 1.0 * eye / z, lot.seed("stall", k, side))
