"""Buildings: towers with lit windows, neon signs, houses on stilts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import box, curve, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import Colour, colour, mix, scaled
from vitascope.filmset.canvas.random_streams import lattice, random_stream
from vitascope.filmset.stage.backlot import Area, Backlot, Finish
from vitascope.filmset.stage.switching import GROUPS, changes, switch

FACADES: dict[str, tuple[str, float]] = {
    "glass blue": ("5c8cb0", 0.22),
    "glass green": ("5c9c94", 0.14),
    "concrete": ("b4b0a8", 0.18),
    "brick": ("a8604c", 0.16),
    "sandstone": ("d0b084", 0.14),
    "white": ("e4e0d8", 0.10),
    "dark steel": ("4c5460", 0.06),
}
"""Materials of high-rises as they look by day: colour and how common they are."""
WINDOW_WIDE, WINDOW_TALL = 0.009, 0.013  # picture heights; cells of a high-rise's windows at least
PANES = ("ffd27a", "ffb85c", "ffe8b0", "9fd8f0", "ff9a6a")


@dataclass(frozen=True, slots=True)
class Panes:
    """A grid of windows to be lit: where, how many, their seed, the share that is lit, the lamps' colours."""

    area: Area
    across: int
    down: int
    seed: int
    lit: float
    light: list[Colour]
    fill_x: float
    fill_y: float


def light_up(lot: Backlot, z: float, name: str, grids: list[Panes]) -> None:
    """Lit windows on layers of their own before z, in groups that are switched one after another."""

    def paint(group: int, canvas: Any, area: Area) -> None:
        for p in grids:
            windows(canvas, p, None, group)

    for group in range(GROUPS):
        pulse = switch(lot, name, group)
        lot.bake(z * (1 - 2e-5 * (group + 1)), partial(paint, group), pulse=pulse, finish=Finish(texture=0.0))


def windows(canvas: Any, grid: Panes, dark: Colour | None, group: int | None = None) -> None:
    """A grid of windows: some lit in one of the lamps' colours, the others dark, or left out if that is None.

    With a `group`, only its share of the lit ones.
    """
    area, across, down, light = grid.area, grid.across, grid.down, grid.light
    w, h = area.width / across, (area.bottom - area.top) / down
    half_x, half_y = grid.fill_x * w / 2, grid.fill_y * h / 2
    groups: dict[int, Any] = {}
    draws = lattice(grid.seed, np.arange(across * down * 2)).reshape(-1, 2)
    for k, (a, b) in enumerate(draws.tolist()):
        row, column = divmod(k, across)
        x, y = area.left + (column + 0.5) * w, area.top + (row + 0.5) * h
        which = int(b * len(light)) if a < grid.lit else -1
        if (which < 0 and dark is None) or (group is not None and int(b * 997) % GROUPS != group):
            continue
        path = groups.setdefault(which, skia.Path())
        path.addRect(box(x - half_x, y - half_y, x + half_x, y + half_y))
    for which, path in groups.items():
        tint = light[which] if which >= 0 or dark is None else dark
        canvas.drawPath(path, fill(tint, 0.9 if which >= 0 else 0.6))


def towers(
    lot: Backlot,
    depth: float,
    heights: tuple[float, float],
    own: str,
    *,
    gap: float,
    lit: float,
    neon: float = 0.0,
    base: float | None = None,
) -> None:
    """A row of high-rises, the lowest and the highest so many picture heights tall, in cells of `gap`."""
    low, high = heights
    z = lot.z(depth * (0.1 + 0.9 * lot.light.dark))  # by day the air over a city is clearer than its lamps at night
    seed = lot.seed("towers", depth)
    foot = base if base is not None else lot.lens.horizon + 0.02
    lit = lit * (0.25 + 0.75 * lot.light.dark)
    grids: list[Panes] | None = [] if changes(lot) else None

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 3):
            rng = random_stream(seed, cell)
            tall = low + (high - low) * float(rng.random()) ** 1.6
            wide = gap * float(rng.uniform(0.55, 1.0))
            x = (cell + float(rng.uniform(0.2, 0.8))) * gap
            tower = Tower(x, foot, wide, tall, z, colour(own), lit, seed + cell)
            _tower(lot, canvas, rng, tower, neon, grids)

    lot.bake(
        lot.z(depth),
        paint,
        bottom=foot + 0.01,
        finish=Finish(texture=0.14, rim=0.2, mist=(foot - high * 0.9, foot, 0.35 + 0.2 * lot.light.dark)),
    )
    if grids:
        light_up(lot, lot.z(depth), f"towers {depth}", grids)


@dataclass(frozen=True, slots=True)
class Tower:
    """One high-rise: its middle and foot in the picture, its measures, distance, colour, share of lit windows, seed."""

    x: float
    foot: float
    wide: float
    tall: float
    z: float
    own: Colour
    lit: float
    seed: int


def _tower(
    lot: Backlot, canvas: Any, rng: np.random.Generator, tower: Tower, neon: float, grids: list[Panes] | None
) -> None:
    """Draw a high-rise; `neon` is the chance of a sign. Windows that are switched go to `grids`, unlit here."""
    x, foot, wide, tall, z = tower.x, tower.foot, tower.wide, tower.tall, tower.z
    tint = mix(tower.own, scaled(tower.own, 1.35), float(rng.random()))
    material = random_stream(tower.seed, "material")
    facade = str(material.choice(tuple(FACADES), p=[share for _, share in FACADES.values()]))
    tint = mix(tint, colour(FACADES[facade][0]), 0.8 * (1 - lot.light.dark))
    face, shade = lot.tone(tint, z, 0.82), lot.tone(scaled(tint, 0.66), z, 0.2)
    left, right, top = x - wide / 2, x + wide / 2, foot - tall
    split = left + wide * (0.3 if lot.light.side > 0 else 0.7)
    canvas.drawRect(box(left, top, right, foot), fill(face))
    if facade.startswith("glass"):
        _mirrored_sky(lot, canvas, (left, top, right, foot), material, z)
    dark_side = (left, split) if lot.light.side > 0 else (split, right)
    canvas.drawRect(
        box(dark_side[0], top, dark_side[1], foot), fill(shade, 0.45 if facade.startswith("glass") else 1.0)
    )
    _trim(lot, canvas, (left, top, right, foot), facade, material, z)
    kind = int(rng.integers(0, 5))
    _roof(canvas, kind, (left, right, top), face, shade)
    if tall > 0.12 and material.random() < 0.09:
        _crane(lot, canvas, x, top, z, 1.0 if material.random() < 0.5 else -1.0)
    grid = _panes(lot, tower, float(rng.uniform(0.5, 1.4)))
    if grids is not None:
        grids.append(grid)
        grid = replace(grid, lit=0.0)
    windows(canvas, grid, _glass(lot, shade))
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


def _panes(lot: Backlot, tower: Tower, busy: float) -> Panes:
    """A high-rise's windows; `busy` times the row's share of them is lit."""
    haze, hazing = lot.palette.haze, 0.55 * lot.light.haze(tower.z)
    lamps = [mix(lot.light.lamp(colour(c)), haze, hazing) for c in PANES[: 3 + (tower.seed % 3)]]
    lamps.append(mix(lot.light.lamp(lot.palette.cool), haze, hazing))
    across, down = max(int(tower.wide / WINDOW_WIDE), 3), max(int(tower.tall / WINDOW_TALL), 4)
    left, right = tower.x - tower.wide / 2, tower.x + tower.wide / 2
    top, margin = tower.foot - tower.tall, tower.wide * 0.06
    area = Area(left + margin, top + 0.008, right - margin, tower.foot - 0.004)
    return Panes(area, across, down, tower.seed, tower.lit * busy, lamps, 0.55, 0.5)


def _roof(canvas: Any, kind: int, edges: tuple[float, float, float], face: Colour, shade: Colour) -> None:
    """What ends a tower: a spire, steps with a mast, a slope, aerials, or nothing."""
    left, right, top = edges
    x, wide = (left + right) / 2, right - left
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


def _glass(lot: Backlot, shade: Colour) -> Colour:
    """Unlit windows: dark at night, by day with the sky in them."""
    return mix(mix(lot.palette.high, shade, 0.62), scaled(shade, 0.8), lot.light.dark)


def _mirrored_sky(
    lot: Backlot, canvas: Any, edges: tuple[float, float, float, float], rng: np.random.Generator, z: float
) -> None:
    """A glass front: the sky upside down in it, a cloud, the shine of the key light."""
    left, top, right, foot = edges
    p, day = lot.palette, 1 - lot.light.dark
    air = 0.6 * lot.light.haze(z)
    sky = [mix(c, p.haze, air) for c in (p.low, p.high, p.zenith)]
    stops = [(0.0, sky[1], 0.55 * day), (0.5, sky[0], 0.5 * day), (1.0, sky[2], 0.4 * day)]
    canvas.drawRect(box(left, top, right, foot), fade((0, top), (0, foot), stops))
    cut = top + (foot - top) * float(rng.uniform(0.15, 0.7))
    slant = (right - left) * float(rng.uniform(0.8, 1.8))
    shine = [(left, cut), (right, cut - slant), (right, cut - 0.3 * slant), (left, cut + 0.7 * slant)]
    canvas.save()
    canvas.clipRect(box(left, top, right, foot), doAntiAlias=True)
    canvas.drawPath(outline(shine), fill(mix(p.key, sky[0], 0.4), 0.4 * day))
    canvas.restore()


def _trim(
    lot: Backlot,
    canvas: Any,
    edges: tuple[float, float, float, float],
    facade: str,
    rng: np.random.Generator,
    z: float,
) -> None:
    """What tells facades apart from afar: ribs, floors, coloured bands, a roof garden."""
    left, top, right, foot = edges
    wide, day = right - left, 1 - lot.light.dark
    if day < 0.2:
        return
    own = colour(FACADES[facade][0])
    pale, deep = lot.tone(scaled(own, 1.3), z, 0.9), lot.tone(scaled(own, 0.6), z, 0.3)
    if facade in ("concrete", "glass blue"):
        for k in range(1, 5):
            x = left + wide * k / 5
            canvas.drawLine(x, top, x, foot, line(pale, 0.0011, 0.6 * day))
    elif facade in ("brick", "sandstone"):
        for k in range(1, max(3, int((foot - top) / 0.045))):
            y = top + 0.045 * k
            canvas.drawLine(left, y, right, y, line(pale, 0.0014, 0.65 * day))
    canvas.drawRect(box(left - 0.03 * wide, top - 0.004, right + 0.03 * wide, top + 0.004), fill(deep, day))
    if rng.random() < 0.25:
        green = lot.tone(colour("5c8c48"), z, 0.8)
        for k in range(7):
            canvas.drawCircle(left + wide * (0.1 + 0.13 * k), top - 0.004, wide * 0.07, fill(green, day))


def _crane(lot: Backlot, canvas: Any, x: float, top: float, z: float, way: float) -> None:
    """A builder's crane on a roof: mast, jib, counterweight, cable."""
    steel = lot.tone(colour("d89a30"), z, 0.75)
    tall, reach = 0.075, 0.085 * way
    canvas.drawLine(x, top, x, top - tall, line(steel, 0.0026))
    canvas.drawLine(x - 0.4 * reach, top - tall, x + reach, top - tall, line(steel, 0.0022))
    canvas.drawLine(x, top - tall - 0.018, x + 0.9 * reach, top - tall, line(steel, 0.0009))
    canvas.drawLine(x, top - tall - 0.018, x - 0.36 * reach, top - tall, line(steel, 0.0009))
    canvas.drawLine(x, top - tall, x, top - tall - 0.018, line(steel, 0.0018))
    canvas.drawRect(box(x - 0.4 * reach - 0.006, top - tall, x - 0.4 * reach + 0.006, top - tall + 0.014), fill(steel))
    canvas.drawLine(x + 0.7 * reach, top - tall, x + 0.7 * reach, top - 0.02, line(steel, 0.0007))
    if lot.light.dark > 0.3:
        glow(canvas, x, top - tall - 0.018, 0.016, (1.0, 0.25, 0.2), 0.8)


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


def stilt_house(lot: Backlot, depth: float, x: float, size: float) -> None:
    """A thatched house on stilts over water, with warm windows; `size` in picture heights."""
    z = lot.z(depth)
    base = lot.lens.ground(z)
    wood, thatch = colour("6a5040"), colour("7c6a4c")

    def paint(canvas: Any, area: Area) -> None:
        canvas.save()
        canvas.translate(x, base)
        canvas.scale(size, size)
        _stilts(lot, canvas, z, wood)
        _cabin(lot, canvas, z, wood, thatch)
        canvas.restore()

    lot.bake(z, paint, finish=Finish(texture=0.3, grain=3.0, rim=0.35))


def _stilts(lot: Backlot, canvas: Any, z: float, wood: Colour) -> None:
    """Posts, a platform, a ladder; the unit is the house's size, the origin its foot."""
    post = line(lot.tone(scaled(wood, 0.6), z, 0.25), 0.03)
    for k in range(5):
        q = -0.36 + 0.18 * k
        canvas.drawLine(q, -0.28, q + 0.01 * (k - 2), 0.02, post)
    canvas.drawLine(-0.36, -0.22, 0.0, 0.0, line(lot.tone(scaled(wood, 0.5), z, 0.25), 0.015))
    canvas.drawRect(box(-0.48, -0.30, 0.52, -0.255), fill(lot.tone(wood, z, 0.5)))
    rung = line(lot.tone(wood, z, 0.4), 0.012)
    for q in (0.42, 0.49):
        canvas.drawLine(q, -0.28, q + 0.04, 0.01, rung)
    for k in range(5):
        canvas.drawLine(0.43 + 0.007 * k, -0.24 + 0.05 * k, 0.49 + 0.007 * k, -0.24 + 0.05 * k, rung)
    for k in range(6):
        canvas.drawLine(-0.46 + 0.05 * k, -0.30, -0.46 + 0.05 * k, -0.39, rung)
    canvas.drawLine(-0.48, -0.39, -0.2, -0.39, rung)


def _cabin(lot: Backlot, canvas: Any, z: float, wood: Colour, thatch: Colour) -> None:
    """Walls of planks, lit windows, a thatched roof."""
    side = lot.light.side
    planks = [(0.0, lot.tone(wood, z, 0.4 - 0.25 * side), 1.0), (1.0, lot.tone(wood, z, 0.4 + 0.25 * side), 1.0)]
    canvas.drawRect(box(-0.34, -0.62, 0.34, -0.28), fade((-0.34, 0), (0.34, 0), planks))
    joint = line(lot.tone(scaled(wood, 0.6), z, 0.2), 0.006, 0.7)
    for k in range(9):
        canvas.drawLine(-0.34 + 0.085 * k, -0.62, -0.34 + 0.085 * k, -0.28, joint)
    roof = [(-0.56, -0.54), (-0.3, -0.74), (-0.08, -1.05), (0.08, -1.05), (0.3, -0.74), (0.56, -0.54)]
    straw = [(0.0, lot.tone(thatch, z, 0.85), 1.0), (1.0, lot.tone(scaled(thatch, 0.6), z, 0.3), 1.0)]
    canvas.drawPath(curve(roof), fade((0, -1.05), (0, -0.55), straw))
    stalk = line(lot.tone(scaled(thatch, 0.6), z, 0.3), 0.006, 0.55)
    for k in range(23):
        q = (k - 11) / 11
        canvas.drawPath(curve([(0.07 * q, -1.04), (0.28 * q, -0.76), (0.52 * q, -0.565)]), stalk)
    warm = mix(lot.light.lamp(colour("ffc060")), lot.tone(wood, z, 0.4), 0.35 * (1 - lot.light.dark))
    for q in (-0.17, 0.12):
        canvas.drawRect(box(q - 0.07, -0.53, q + 0.07, -0.38), fill(warm))
        canvas.drawLine(q, -0.53, q, -0.38, line(lot.tone(wood, z, 0.3), 0.012))
        canvas.drawLine(q - 0.07, -0.455, q + 0.07, -0.455, line(lot.tone(wood, z, 0.3), 0.01))
        glow(canvas, q, -0.455, 0.5, lot.palette.warm, 0.55 * lot.light.dark)
