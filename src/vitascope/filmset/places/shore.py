"""Settings by and under the water: sea cliff, harbour town, marsh, coral reef, open sea."""

from __future__ import annotations

from typing import Any

import numpy as np

from vitascope.filmset.canvas.paint import box, fade, glow
from vitascope.filmset.canvas.palette import colour, mix
from vitascope.filmset.nature.coral import coral_row, kelp
from vitascope.filmset.nature.ground import ground
from vitascope.filmset.nature.growth import blades, grove
from vitascope.filmset.nature.land import Crest, Slope, floor, ridge
from vitascope.filmset.nature.sky import sky
from vitascope.filmset.nature.swell import swell
from vitascope.filmset.nature.water import puddles, water
from vitascope.filmset.nature.weather import bubbles, dust, fireflies, mist, shafts
from vitascope.filmset.places.stalls import stall
from vitascope.filmset.scene.scene import Glow, Kind
from vitascope.filmset.stage.backlot import FAR, Area, Backlot, Finish, Spacing
from vitascope.filmset.stage.site import FOCAL, flooded, wet
from vitascope.filmset.town.building import stilt_house
from vitascope.filmset.town.lamps import garland
from vitascope.filmset.town.town import clock_tower, houses


def marsh(lot: Backlot) -> None:
    """Houses on stilts over still water, reeds, mist and lights."""
    h, narrow = lot.lens.horizon, min(lot.lens.ratio, 1.8) / 1.8
    sky(lot, 0.7)
    ridge(lot, 120, h - 0.005, 0.05, "3c5a5c", crest=Crest(2.4))
    grove(lot, 16, 0.13, "leafy", colour("3c5c48"), spacing=Spacing(0.12, chance=0.8), v=h + 0.012, sway=0.008)
    water(lot, 0.28, near=0.5, far=0.95)
    stilt_house(lot, 6.0, -0.36 * narrow, 0.17)
    stilt_house(lot, 3.6, 0.3 * narrow, 0.3)
    stilt_house(lot, 10.0, 0.05 * narrow, 0.09)
    mist(lot, 5.0, h - 0.1, h + 0.14, 0.45)
    if lot.light.dark > 0.3:
        fireflies(lot, 30)
    for depth, height in ((2.2, 0.08), (0.9, 0.2), (0.66, 0.34)):
        blades(lot, depth, height, colour("5c6a40"), dense=0.28 if depth > 0.7 else 0.16, mirrored=depth > 1)


def reef(lot: Backlot) -> None:
    """Coral gardens under shafts of light."""
    p, h = lot.palette, lot.lens.horizon
    lot.bake(FAR, lambda canvas, area: _depths(lot, canvas, area), finish=Finish(texture=0.0))
    ridge(lot, 30, h - 0.08, 0.2, "2c5c78", crest=Crest(1.8, octaves=5), slope=Slope(texture=0.3))
    ridge(lot, 12, h, 0.2, "34607a", crest=Crest(2.2, octaves=5), foot=h + 0.1, slope=Slope(texture=0.35))
    floor(lot, "c8b48c", "ecd8ac", "sand")
    kelp(lot, 7.0, 0.4, gap=0.16, clear=0.1)
    shafts(lot, 6.0, (0.1, -0.35), 0.5, p.glow, 0.30 + 0.1 * (1 - lot.light.dark), 9, 1.6)
    coral_row(lot, 5.0, 0.12, gap=0.11)
    coral_row(lot, 3.0, 0.17, gap=0.18, clear=0.06)
    coral_row(lot, 1.7, 0.22, gap=0.26, clear=0.22)
    dust(lot, 40, p.cool, strength=0.35, depth=2.0)
    coral_row(lot, 0.82, 0.30, gap=0.34, clear=min(0.36, 0.4 * lot.lens.ratio), sink=0.03)
    bubbles(lot, 34)
    if Glow.BIOLUMINESCENCE in lot.scene.glows or lot.light.dark > 0.8:
        fireflies(lot, 40, p.cool)


def _depths(lot: Backlot, canvas: Any, area: Area) -> None:
    """The water itself, bright above and dark below."""
    p, h = lot.palette, lot.lens.horizon
    stops = [(0.0, p.zenith, 1.0), (0.22, p.high, 1.0), (0.62, p.low, 1.0), (0.85, p.haze, 1.0), (1.0, p.deep, 1.0)]
    top = min(area.top, -0.02)
    canvas.drawRect(box(area.left, area.top, area.right, area.bottom), fade((0, top), (0, h + 0.1), stops))
    glow(canvas, 0.1, top, 0.9, p.glow, 0.6)


def harbour(lot: Backlot) -> None:
    """A town with a clock tower across the water, seen from the quay."""
    h, narrow = lot.lens.horizon, min(lot.lens.ratio, 1.8) / 1.8
    sky(lot)
    ridge(lot, 150, h - 0.1, 0.14, "5a6a78", crest=Crest(1.3))
    water(lot, 0.4, near=0.4, far=0.85)
    houses(lot, 34, 0.10, spacing=Spacing(0.055), base=h - 0.05, lit=0.35, hill=0.13)
    houses(lot, 26, 0.12, spacing=Spacing(0.072), base=h - 0.015, lit=0.4, hill=0.08)
    houses(lot, 18, 0.15, spacing=Spacing(0.10), base=h + 0.012, lit=0.45)
    clock_tower(lot, 16, 0.24 * narrow, h + 0.016, 0.44)
    houses(lot, 14, 0.11, spacing=Spacing(0.13, chance=0.5), base=h + 0.02, lit=0.5)
    quay(lot)
    market(lot)
    warm, cool = lot.palette.warm, lot.palette.cool
    garland(lot, lot.z(2.2), (-0.75, 0.24), (0.05, 0.20), 0.07, 7, 0.028, [warm, mix(cool, warm, 0.3)])
    garland(lot, lot.z(1.8), (-0.05, 0.16), (0.9, 0.22), 0.08, 7, 0.034, [warm, cool])


def sea(lot: Backlot) -> None:
    """Nothing but water and sky, a far coast, a sail or two."""
    h = lot.lens.horizon
    sky(lot)
    ridge(lot, 250, h, 0.035, "5a6a78", crest=Crest(1.1, shape=lambda u: 0.03 * np.sin(2.3 * u + 1)))
    water(lot, 0.95, near=0.3, far=0.85)
    swell(lot)


def quay(lot: Backlot) -> None:
    """Cobbles under the hero's feet, damp when fog lies on them."""
    ground(lot, "5c5450", "847a70", "cobbles", edge=1.75)
    if lot.light.scatter and not wet(lot.scene) and not flooded(lot.scene):
        puddles(lot, gloss=0.6, still=0.1, share=0.6, edge=1.75)


def market(lot: Backlot) -> None:
    """Houses at both ends of the quay and, where a crowd or lanterns are asked for, stalls before them."""
    if flooded(lot.scene):
        return
    z = lot.z(1.72)
    houses(lot, 1.72, 0.4, spacing=Spacing(0.26, clear=0.62), base=lot.lens.ground(z), lit=0.65)
    crowded = any(subject.kind is Kind.CROWD for subject in lot.scene.subjects)
    if not crowded and Glow.LANTERNS not in lot.scene.glows:
        return
    z = lot.z(1.6)
    metre = FOCAL / z
    for k, u in enumerate((-0.78, -0.46, 0.62, 0.92)):
        stall(lot, z + 0.05 * k, u * min(lot.lens.ratio, 1.8) / 1.8, 1.1 * metre, lot.seed("market", k), k % 2 == 1)
