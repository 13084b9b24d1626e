"""Settings of open land: sea cliff, mountains, dunes, forest."""

from __future__ import annotations

from typing import Any

import numpy as np

from vitascope.filmset.canvas.paint import curve, fade, fill, line, outline
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import Floats, lattice, rough
from vitascope.filmset.nature.ground import ground
from vitascope.filmset.nature.growth import blades, grove, swaying
from vitascope.filmset.nature.land import Crest, Slope, ridge
from vitascope.filmset.nature.sky import sky
from vitascope.filmset.nature.water import water
from vitascope.filmset.nature.weather import dust, mist, shafts
from vitascope.filmset.stage.backlot import TOP, Area, Backlot, Finish, Frame, Spacing
from vitascope.filmset.stage.pulse import surge
from vitascope.filmset.stage.site import flooded


def cliff(lot: Backlot) -> None:
    """A grassy headland high over the sea; cliffs and stacks behind it, white water at their feet."""
    h = lot.lens.horizon
    sky(lot)
    ridge(lot, 300, h + 0.002, 0.03, "5a6a78", crest=Crest(1.2, shape=lambda u: 0.04 * np.clip(-u, 0, 1)))
    water(lot, 0.75, near=0.3, far=0.8)
    rocks(lot, 60, -0.62, 0.20, 0.95)
    rocks(lot, 30, -0.98, 0.32, 1.0)
    stack(lot, 45, 0.36, 0.10, 0.055)
    stack(lot, 38, 0.46, 0.06, 0.04)
    ground(lot, "4c6a34", "708a44", "grass", edge=2.6, ragged=0.1, slant=0.95)
    if flooded(lot.scene):
        return
    for depth, height in ((1.35, 0.03), (1.12, 0.036), (0.9, 0.055), (0.7, 0.085)):
        blades(lot, depth, height, colour("64823c"), dense=1.2)
    flowers(lot, 0.94, 0.012)


def rocks(lot: Backlot, depth: float, u: float, tall: float, wide: float) -> None:
    """A headland that falls steeply into the sea at u, with ledges and foam at its foot."""
    z, h, seed = lot.z(depth), lot.lens.horizon, lot.seed("rocks", depth)
    foot = lot.lens.ground(z) + 0.004
    u *= min(lot.lens.ratio, 1.8) / 1.8

    def paint(canvas: Any, area: Area) -> None:
        us = lot.columns(area, 0.003)
        fall = 1 / (1 + np.exp((us - (u + 0.42 * wide)) / (0.018 + 0.01 * rough(seed + 2, us * 9, 3))))
        top = h + 0.01 - tall * fall * (0.82 + 0.18 * rough(seed, us * 4, 5)) * np.clip(1 - 0.25 * (us - u), 0.6, 1.2)
        body = [(area.left - 1, foot), *zip(us, np.minimum(top, foot), strict=True), (area.right + 1, foot)]
        stone, grass = colour("7c746c"), colour("66803e")
        canvas.drawPath(
            outline(body),
            fade((0, h - tall), (0, foot), [(0, lot.tone(stone, z, 0.75), 1), (1, lot.tone(stone, z, 0.2), 1)]),
        )
        canvas.save()
        canvas.clipPath(outline(body), doAntiAlias=True)
        for k in range(16):
            y = h - tall + (foot - h + tall) * (k + 0.5) / 16 + 0.01 * rough(seed + k, us * 7, 4)
            canvas.drawPath(
                outline([*zip(us, y, strict=True)], False),
                line(lot.tone(stone, z, 0.05 + 0.9 * (k % 3 == 0)), 0.0035, 0.4),
            )
        canvas.restore()
        lip = np.minimum(top + 0.012 + 0.006 * rough(seed + 9, us * 30, 3), foot)
        canvas.drawPath(
            outline([*zip(us, np.minimum(top, foot), strict=True), *zip(us[::-1], lip[::-1], strict=True)]),
            fill(lot.tone(grass, z, 0.8)),
        )

    lot.bake(z, paint, bottom=foot, finish=Finish(texture=0.25, grain=3.0, rim=0.2, mist=(h - tall, foot, 0.3)))
    edge = u + 0.42 * wide
    _foam(lot, z, foot, edge - 0.3, edge + 0.05)


def stack(lot: Backlot, depth: float, u: float, tall: float, wide: float) -> None:
    """A pillar of rock in the sea."""
    z, seed = lot.z(depth), lot.seed("stack", depth)
    foot = lot.lens.ground(z) + 0.003
    u *= min(lot.lens.ratio, 1.8) / 1.8

    def paint(canvas: Any, area: Area) -> None:
        ys = np.linspace(0, 1, 14)
        half = wide * (0.5 + 0.25 * ys + 0.16 * rough(seed, ys * 4, 3))
        shift = wide * 0.2 * rough(seed + 1, ys * 2, 2)
        left, right = (
            [(u - w + d, foot - tall * (1 - y)) for y, w, d in zip(ys, half, shift, strict=True)],
            [(u + w + d, foot - tall * (1 - y)) for y, w, d in zip(ys, half, shift, strict=True)],
        )
        side = lot.light.side
        stone = colour("746c64")
        stops = [(0, lot.tone(stone, z, 0.45 - 0.4 * side), 1), (1, lot.tone(stone, z, 0.45 + 0.4 * side), 1)]
        canvas.drawPath(outline([*left, *right[::-1]]), fade((u - wide, 0), (u + wide, 0), stops))

    lot.bake(z, paint, bottom=foot, finish=Finish(texture=0.3, grain=5.0, rim=0.2))
    _foam(lot, z, foot, u - wide * 1.3, u + wide * 1.3)


def _foam(lot: Backlot, z: float, v: float, left: float, right: float) -> None:
    """White water that rises and falls with the breakers."""
    seed = lot.seed("foam", z) % 99991

    def act(frame: Frame) -> None:
        scale, du, dv = frame.view.plane(z)
        rise = surge(lot.scene, frame.t)
        us = np.linspace(left, right, 40)
        inside = np.sin(np.pi * (us - left) / (right - left)) ** 0.6
        tall = inside * (
            0.003
            + 0.011
            * rise
            * (0.5 + 0.5 * rough(seed, us * 22 + 0.9 * frame.t, 2) + 0.5 * rough(seed + 1, us * 60 - frame.t * 2.5, 2))
        )
        tint = mix(lot.tone((1, 1, 1), z, 0.9), lot.palette.key, 0.2)
        top = [((x * scale) + du, (v - max(q, 0.0)) * scale + dv) for x, q in zip(us, tall, strict=True)]
        low = [((x * scale) + du, (v + 0.004) * scale + dv) for x in us[::-1]]
        frame.canvas.drawPath(outline([*top, *low]), fill(tint, 0.55 + 0.3 * rise))

    lot.live(z - 0.01, act)


def flowers(lot: Backlot, depth: float, size: float) -> None:
    """Small flowers in the grass."""
    z = lot.z(depth)
    base, seed = lot.lens.ground(z), lot.seed("flowers")

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / 0.03) - 1, int(area.right / 0.03) + 2):
            a, b, c, d = lattice(seed, np.arange(4) + 4 * cell).tolist()
            if d < 0.45:
                continue
            x, y = (cell + a) * 0.03, base - size * (0.6 + 2.0 * b)
            canvas.drawLine(x, base + 0.01, x, y, line(lot.tone(colour("4c6a34"), z, 0.4), size * 0.14))
            tint = lot.tone(colour(("f4f0e4", "f0c848", "d878a8", "a888e0")[int(c * 4)]), z, 0.9)
            for k in range(5):
                canvas.drawCircle(
                    x + size * 0.3 * np.cos(k * 1.257), y + size * 0.3 * np.sin(k * 1.257), size * 0.24, fill(tint)
                )
            canvas.drawCircle(x, y, size * 0.16, fill(lot.tone(colour("e0a830"), z, 0.9)))

    swaying(lot, z, paint, size * 1.2, band=(base - size * 4, base + 0.012), mirrored=False, finish=Finish(texture=0.0))


def dune(lot: Backlot, depth: float, v: float, amp: float, bend: float, melt: bool = False) -> None:
    """A dune with a sharp crest: a lit windward slope and a shaded slip face below the crest line."""
    z, seed, side = lot.z(depth), lot.seed("dune", depth), float(np.sign(lot.light.side)) or 1.0
    foot = v + (0.09 if melt else 0.06)

    def crest(us: Floats) -> Floats:
        wave = 1 - np.abs(rough(seed, us * bend * 1.3, 1)) ** 0.8
        return np.asarray(v - amp * (0.15 + 0.85 * wave * (0.55 + 0.45 * rough(seed + 3, us * bend * 0.5, 1))))

    def paint(canvas: Any, area: Area) -> None:
        us = lot.columns(area, 0.004)
        ys = np.minimum(crest(us), foot - 0.004)
        own = colour("dcaa6c")
        lit, dark = lot.tone(own, z, 0.95), lot.tone((0.55, 0.42, 0.36), z, 0.1)
        body = [(area.left - 1, foot), *zip(us, ys, strict=True), (area.right + 1, foot)]
        last = 0.0 if melt else 1.0
        canvas.drawPath(
            outline(body),
            fade(
                (0, v - amp), (0, foot), [(0, lit, 1), (0.6, mix(lit, dark, 0.25), 1), (1, mix(lit, dark, 0.35), last)]
            ),
        )
        slope = np.gradient(ys, us) * side
        turned = np.clip(slope * 9, 0, 1) * (foot - ys)
        bend_ = 0.25 + 0.5 * (0.5 + 0.5 * rough(seed + 5, us * 3, 2))
        lower = ys + turned * bend_
        shade = [*zip(us, ys, strict=True), *zip(us[::-1], lower[::-1], strict=True)]
        canvas.drawPath(
            outline(shade), fade((0, v - amp), (0, foot), [(0, dark, 0.75), (0.7, dark, 0.4), (1, dark, 0.0)])
        )

    lot.bake(
        z,
        paint,
        bottom=foot + 0.01,
        finish=Finish(texture=0.08, rim=0.12, mist=(v - amp, foot, 0.25 * lot.light.haze(z))),
    )


def mountains(lot: Backlot) -> None:
    """Snowy ranges over a meadow."""
    h = lot.lens.horizon
    sky(lot)
    ridge(
        lot,
        400,
        h - 0.1,
        0.36,
        "66708a",
        crest=Crest(1.6, octaves=6, peaks=1.0),
        slope=Slope(mist=0.35, snow=0.75, air=0.02),
    )
    ridge(lot, 120, h - 0.05, 0.2, "4c5a5c", crest=Crest(2.3, octaves=6, peaks=0.8), slope=Slope(snow=0.3, air=0.06))
    ridge(lot, 40, h - 0.015, 0.09, "2e4a3c", crest=Crest(3.0, octaves=4))
    water(lot, 0.22, near=0.55, far=0.92)
    grove(lot, 30, 0.055, "pine", colour("2c5038"), spacing=Spacing(0.022, chance=0.95), v=h + 0.006)
    grove(lot, 20, 0.10, "pine", colour("2a4c34"), spacing=Spacing(0.05, chance=0.7), v=h + 0.012)
    mist(lot, 19, h - 0.05, h + 0.03, 0.35)
    ground(lot, "42602e", "74883c", "grass", edge=2.5, ragged=0.16, slant=-0.5)
    if flooded(lot.scene):
        return
    grove(lot, 2.3, 0.42, "pine", colour("2a4a30"), spacing=Spacing(0.34, chance=0.7, clear=0.42))
    for depth, height in ((1.4, 0.03), (1.15, 0.04), (0.85, 0.06), (0.7, 0.09)):
        blades(lot, depth, height, colour("5c7a38"))
    flowers(lot, 0.92, 0.012)


def dunes(lot: Backlot) -> None:
    """Waves of sand under a wide sky."""
    h = lot.lens.horizon
    sky(lot, 0.5)
    ridge(lot, 220, h - 0.015, 0.07, "a8805c", crest=Crest(1.4, octaves=3, gain=0.4), slope=Slope(texture=0.06))
    dune(lot, 60, h, 0.13, 1.0)
    dune(lot, 28, h + 0.035, 0.15, 0.7)
    moonlit = lot.light.dark > 0.8
    first, second = ("a8a0a4", "d8d4e4") if moonlit else ("c8965c", "dcb074")
    ground(lot, first, second, "sand", gloss=0.6 if moonlit else 0.25)
    grove(lot, 9, 0.26, "palm", colour("4c6a34"), spacing=Spacing(0.22, chance=0.5, clear=0.3))
    dune(lot, 12, h + 0.075, 0.15, 0.55, melt=True)
    dune(lot, 6, h + 0.13, 0.13, 0.42, melt=True)
    dust(lot, 24, lot.palette.key, rise=0.004, strength=0.2)


def forest(lot: Backlot) -> None:
    """A clearing among old trees, with light between the trunks."""
    h = lot.lens.horizon
    sky(lot)
    ridge(lot, 90, h - 0.05, 0.12, "3c5a44", crest=Crest(3.0))
    ground(lot, "36452a", "5c6a38", "moss")
    grove(lot, 26, 0.36, "pine", colour("365a44"), spacing=Spacing(0.055, chance=0.95))
    grove(lot, 15, 0.46, "leafy", colour("42703a"), spacing=Spacing(0.12, chance=0.95))
    mist(lot, 12, h - 0.22, h + 0.06, 0.4, mix(lot.palette.haze, lot.palette.glow, 0.35))
    if lot.light.orb:
        shafts(lot, 9.0, (lot.light.orb.u * 1.6, -0.35), 0.42, lot.palette.key, 0.16 + 0.06 * lot.light.dark, 8, 1.5)
    grove(lot, 8, 0.62, "leafy", colour("3e7034"), spacing=Spacing(0.27, chance=0.8, clear=0.1))
    undergrowth(lot, 6.5, 0.06)
    trunks(lot, 4.2, 0.035, 0.36, 0.2)
    undergrowth(lot, 3.6, 0.09, clear=0.2)
    trunks(lot, 2.1, 0.07, 0.62, 0.42)
    for depth, height in ((1.4, 0.04), (1.1, 0.05), (0.85, 0.075)):
        blades(lot, depth, height, colour("4c7038"), dense=0.8)
    undergrowth(lot, 0.74, 0.17, clear=min(0.55, lot.lens.ratio * 0.36))
    dust(lot, 30, lot.palette.key, strength=0.3)


def trunks(lot: Backlot, depth: float, wide: float, gap: float, clear: float) -> None:
    """Trunks of old trees that leave the picture above, with bark, roots and a lit edge."""
    z = lot.z(depth)
    base, seed, side = lot.lens.ground(z), lot.seed("trunks", depth), float(np.sign(lot.light.side)) or 1.0
    clear *= min(lot.lens.ratio, 1.8) / 1.8

    def paint(canvas: Any, area: Area) -> None:
        top = area.top - 0.1
        for cell in range(int(area.left / gap) - 1, int(area.right / gap) + 2):
            a, b, c = lattice(seed, np.arange(3) + 3 * cell).tolist()
            x, w = (cell + 0.15 + 0.7 * a) * gap, wide * (0.7 + 0.6 * b)
            if abs(x) < clear:
                continue
            ys = np.linspace(0, 1, 12)
            spread = w * (0.42 + 0.10 * ys + 0.75 * ys**9)
            lean = 0.12 * (c - 0.5) * (1 - ys) + 0.15 * w * rough(seed + cell, ys * 3, 2)
            left = [(x - s + q, top + (base - top) * y) for y, s, q in zip(ys, spread, lean, strict=True)]
            right = [(x + s + q, top + (base - top) * y) for y, s, q in zip(ys, spread, lean, strict=True)]
            bark = colour("54463a")
            stops = [
                (0, lot.tone(bark, z, 0.4 - 0.4 * side), 1),
                (0.55, lot.tone(scaled(bark, 0.7), z, 0.25), 1),
                (1, lot.tone(bark, z, 0.4 + 0.4 * side), 1),
            ]
            shape = outline([*left, *right[::-1]])
            canvas.drawPath(shape, fade((x - w * 0.55, 0), (x + w * 0.55, 0), stops))
            canvas.save()
            canvas.clipPath(shape, doAntiAlias=True)
            for k in range(9):
                q = x + w * (k / 8 - 0.5) * 1.1
                wave = [
                    (q + 0.09 * w * float(rough(seed + 31 * k + cell, y * 9, 2)) + d, top + (base - top) * y)
                    for y, d in zip(ys, lean, strict=True)
                ]
                canvas.drawPath(curve(wave), line(lot.tone(scaled(bark, 0.45), z, 0.1), w * 0.035, 0.6))
            canvas.restore()

    lot.bake(z, paint, bottom=base + 0.02, finish=Finish(texture=0.3, grain=5.0, rim=0.3))


def undergrowth(lot: Backlot, depth: float, size: float, clear: float = 0.0) -> None:
    """Ferns and bushes."""
    z = lot.z(depth)
    base, seed = lot.lens.ground(z) + 0.004, lot.seed("fern", depth)
    dark, bright = lot.tone(colour("2c4a26"), z, 0.2), lot.tone(colour("6a9444"), z, 0.95)

    def paint(canvas: Any, area: Area) -> None:
        gap = size * 0.8
        for cell in range(int(area.left / gap) - 1, int(area.right / gap) + 2):
            a, b, c = lattice(seed, np.arange(3) + 3 * cell).tolist()
            x, tall = (cell + a) * gap, size * (0.6 + 0.6 * b)
            if c < 0.25 or abs(x) < clear:
                continue
            for k in range(9):
                angle = np.pi * (0.1 + 0.8 * k / 8)
                tip = (x + tall * 1.05 * float(np.cos(angle)), base - tall * float(np.sin(angle)) * 0.95 + tall * 0.1)
                mid = (x + tall * 0.5 * float(np.cos(angle)), base - tall * 0.8 * float(np.sin(angle)))
                tint = mix(dark, bright, 0.25 + 0.55 * float(np.sin(angle)) * (0.6 + 0.4 * ((k * 7) % 3) / 2))
                canvas.drawPath(curve([(x, base), mid, tip]), line(tint, tall * 0.02))
                for q in np.linspace(0.25, 0.95, 8):
                    px = x + (mid[0] - x) * 2 * q * (1 - q) * 1.0 + (tip[0] - x) * q * q
                    py = base + (mid[1] - base) * 2 * q * (1 - q) + (tip[1] - base) * q * q
                    reach = tall * 0.17 * (1.1 - q)
                    canvas.drawLine(
                        px - reach, py - reach * 0.3, px + reach, py + reach * 0.25, line(tint, tall * 0.028)
                    )

    swaying(lot, z, paint, size * 0.25, band=(TOP, base + 0.01), mirrored=False, finish=Finish(texture=0.2, rim=0.25))
