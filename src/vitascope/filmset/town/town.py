"""A town: rows of gabled houses, and a clock tower whose bell swings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi, sin
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import box, curve, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import Colour, colour, mix, scaled
from vitascope.filmset.canvas.random_streams import random_stream, rough
from vitascope.filmset.stage.backlot import Area, Backlot, Finish, Frame, Spacing
from vitascope.filmset.stage.pulse import bell_swing
from vitascope.filmset.stage.switching import changes
from vitascope.filmset.town.building import Panes, light_up, windows

WALLS = ("d8c0a0", "c89878", "e0d0b8", "b8a090", "d0b078", "a8b0b0", "c8a0a0", "e4d8c8")
ROOFS = ("8c4434", "6c3c38", "7c5040", "54484c", "944c30")


@dataclass(frozen=True, slots=True)
class House:
    """One gabled house: its middle and foot in the picture, its measures, distance and colours."""

    x: float
    base: float
    wide: float
    tall: float
    z: float
    wall: Colour
    roof: Colour

    @property
    def eaves(self) -> float:
        """Where the wall ends."""
        return self.base - self.tall * 0.72


def houses(
    lot: Backlot,
    depth: float,
    height: float,
    *,
    spacing: Spacing,
    base: float,
    lit: float,
    hill: float = 0.0,
) -> None:
    """A row of gabled town houses that stands on v = base; with `hill` it climbs and falls by so much."""
    z, seed, gap = lot.z(depth), lot.seed("houses", depth), spacing.gap
    grids: list[Panes] | None = [] if changes(lot) else None

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 3):
            rng = random_stream(seed, cell)
            if rng.random() > spacing.chance or abs((cell + 0.5) * gap) < spacing.clear:
                continue
            rise = hill * (0.5 + 0.5 * float(rough(seed % 9973, cell * gap * 2.2, 2)))
            tall, wide = height * float(rng.uniform(0.65, 1.15)), gap * float(rng.uniform(0.9, 1.16))
            wall, roof = colour(str(rng.choice(WALLS))), colour(str(rng.choice(ROOFS)))
            house = House((cell + 0.5) * gap, base - rise, wide, tall, z, wall, roof)
            if hill:
                canvas.drawRect(
                    box(house.x - wide / 2, house.base, house.x + wide / 2, base), fill(lot.tone(wall, z, 0.2))
                )
            _house(lot, canvas, rng, house, lit, seed + cell, grids)

    mist = (base - height * 0.5, base, 0.2 + 0.3 * lot.light.haze(z))
    lot.bake(z, paint, bottom=base + 0.01, finish=Finish(texture=0.16, grain=2.5, rim=0.25, mist=mist))
    if grids:
        light_up(lot, z, f"houses {depth}", grids)


def _house(
    lot: Backlot, canvas: Any, rng: np.random.Generator, house: House, lit: float, seed: int, grids: list[Panes] | None
) -> None:
    side, z = lot.light.side, house.z
    left, right = house.x - house.wide / 2, house.x + house.wide / 2
    stops = [
        (0.0, lot.tone(house.wall, z, 0.5 - 0.3 * side), 1.0),
        (1.0, lot.tone(house.wall, z, 0.5 + 0.3 * side), 1.0),
    ]
    face = fade((left, 0), (right, 0), stops)
    canvas.drawRect(box(left, house.eaves, right, house.base), face)
    if rng.random() < 0.6:
        canvas.drawPath(outline([(left, house.eaves), (house.x, house.base - house.tall), (right, house.eaves)]), face)
        _gable(lot, canvas, house)
    else:
        _long_roof(lot, canvas, house)
    top = house.base - house.tall
    chimney = house.x + house.wide * float(rng.uniform(-0.3, 0.3))
    stack = box(
        chimney - house.wide * 0.05, top - house.wide * 0.04, chimney + house.wide * 0.05, (top + house.eaves) / 2
    )
    canvas.drawRect(stack, fill(lot.tone(scaled(house.roof, 0.7), z, 0.4)))
    haze = 0.4 * lot.light.haze(z)
    panes = [mix(lot.light.lamp(colour(c)), lot.palette.haze, haze) for c in ("ffc860", "ffb050", "ffdc90")]
    area = Area(
        left + house.wide * 0.08,
        house.eaves + house.tall * 0.04,
        right - house.wide * 0.08,
        house.base - house.tall * 0.16,
    )
    across, down = max(2, round(house.wide / (house.tall * 0.22))), max(2, int(rng.integers(2, 4)))
    chance = lit * (0.15 + 0.85 * lot.light.dark)
    grid = Panes(area, across, down, seed, chance, panes, 0.42, 0.62)
    if grids is not None:
        grids.append(grid)
        grid = replace(grid, lit=0.0)
    windows(canvas, grid, lot.tone(colour("3c4450"), z, 0.3))
    door = house.x + house.wide * float(rng.choice([-0.25, 0.0, 0.25]))
    if lot.light.scatter:
        reach = house.wide * 1.1
        glow(canvas, house.x, house.base - 0.35 * house.tall, reach, lot.palette.warm, 0.3 * lot.light.scatter)
    way = box(door - house.wide * 0.08, house.base - house.tall * 0.14, door + house.wide * 0.08, house.base)
    canvas.drawRect(way, fill(lot.tone(colour("4a3428"), z, 0.4)))


def _gable(lot: Backlot, canvas: Any, house: House) -> None:
    """Two slopes seen from the gable's end."""
    top, hang, z = house.base - house.tall, house.wide * 0.06, house.z
    for way in (-1.0, 1.0):
        edge = house.x + way * house.wide / 2
        slope = [
            (edge + way * hang, house.eaves + hang),
            (house.x, top - hang),
            (house.x, top + hang * 0.9),
            (edge + way * 0.2 * hang, house.eaves + hang),
        ]
        canvas.drawPath(outline(slope), fill(lot.tone(house.roof, z, 0.5 + way * 0.3 * lot.light.side)))


def _long_roof(lot: Backlot, canvas: Any, house: House) -> None:
    """A roof seen from its long side."""
    top, hang, z = house.base - house.tall, house.wide * 0.06, house.z
    left, right = house.x - house.wide / 2, house.x + house.wide / 2
    low = house.eaves + hang * 0.4
    corners = [(left - hang, low), (left + house.wide * 0.1, top), (right - house.wide * 0.1, top), (right + hang, low)]
    stops = [(0.0, lot.tone(house.roof, z, 0.8), 1.0), (1.0, lot.tone(house.roof, z, 0.4), 1.0)]
    canvas.drawPath(outline(corners), fade((0, top), (0, house.eaves), stops))


def clock_tower(lot: Backlot, depth: float, x: float, base: float, tall: float) -> None:
    """A slender tower with a lit clock, a bell behind an arch and a pointed roof."""
    z = lot.z(depth)
    w = tall * 0.16
    place, z = z, z * (1 - 0.75 * lot.light.scatter)  # a landmark stays dark before the lit fog
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

    lot.bake(place, paint, bottom=base + 0.01, finish=Finish(texture=0.25, grain=2.5, rim=0.35))
    lot.live(place - 0.01, lambda frame: _clock(lot, frame, place, x, base - tall * 0.78 + tall * 0.1, w * 0.36))
    lot.live(place - 0.02, lambda frame: _bell(lot, frame, place, x, base - tall * 0.78 + tall * 0.21, w * 0.3))


def _clock(lot: Backlot, frame: Frame, z: float, x: float, y: float, r: float) -> None:
    scale, du, dv = frame.view.plane(z)
    u, v, r = x * scale + du, y * scale + dv, r * scale
    canvas = frame.canvas
    glow(canvas, u, v, r * 11, (1.0, 0.78, 0.45), 0.3 * lot.light.scatter, quick=frame.quick)
    canvas.drawCircle(u, v, r * 1.12, fill(lot.tone(colour("3c3440"), z, 0.4)))
    canvas.drawCircle(
        u,
        v,
        r,
        fill(
            mix(
                lot.tone(colour("fff4d8"), z, 0.9),
                (1.0, 0.92 - 0.08 * lot.light.scatter, 0.8 - 0.25 * lot.light.scatter),
                0.75 * lot.light.dark,
            )
        ),
    )
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
    # In fog the halo is wide and faint, or it would drown the dial.
    glow(canvas, u, v, r * 5, (1.0, 0.9, 0.65), (0.5 - 0.42 * lot.light.scatter) * lot.light.dark, quick=frame.quick)


def _bell(lot: Backlot, frame: Frame, z: float, x: float, y: float, r: float) -> None:
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
