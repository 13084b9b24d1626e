"""Settings of open land: sea cliff, mountains, dunes, forest."""

from __future__ import annotations

import numpy as np

from vitascope.world.backlot import Backlot
from vitascope.world.growth import blades, grove
from vitascope.world.ground import ground
from vitascope.world.land import ridge
from vitascope.world.palette import colour
from vitascope.world.sky import sky
from vitascope.world.water import water


def cliff(lot: Backlot) -> None:
    """A grassy headland over the sea."""
    h = lot.lens.horizon
    sky(lot)
    water(lot, 0.7, near=0.3, far=0.8)
    ridge(
        lot,
        40,
        h + 0.004,
        0.2,
        "5c5a5c",
        bend=1.2,
        shape=lambda u: 0.25 * np.clip(-u - 0.2, 0, 1) - 0.3 * np.clip(u + 0.3, 0, 1),
        foot=h + 0.02,
    )
    meadow(lot, 2.2)
    for depth, height in ((1.5, 0.03), (1.2, 0.035), (0.9, 0.05), (0.72, 0.07)):
        blades(lot, depth, height, colour("5c7a38"))


def meadow(lot: Backlot, edge: float) -> None:
    """Grass under the hero's feet that ends `edge` hero distances away."""
    ground(lot, "4c6a34", "6c8440", "grass", edge=edge, ragged=0.08)


def mountains(lot: Backlot) -> None:
    """Snowy ranges over a meadow."""
    h = lot.lens.horizon
    sky(lot)
    ridge(lot, 400, h - 0.1, 0.36, "66708a", bend=1.6, octaves=6, snow=0.6, peaks=1.0)
    ridge(lot, 120, h - 0.05, 0.2, "4c5a5c", bend=2.3, octaves=6, peaks=0.8)
    ridge(lot, 40, h - 0.02, 0.07, "2e4a3c", bend=3.0, octaves=4)
    ground(lot, "42602e", "74883c", "grass")
    grove(lot, 14, 0.10, "pine", colour("2c5038"), gap=0.045)
    grove(lot, 6, 0.2, "pine", colour("2a4a30"), gap=0.15, chance=0.7, clear=0.25)
    for depth, height in ((1.4, 0.03), (1.15, 0.04), (0.85, 0.06)):
        blades(lot, depth, height, colour("5c7a38"))


def dunes(lot: Backlot) -> None:
    """Waves of sand."""
    h = lot.lens.horizon
    sky(lot, 0.4)
    ridge(lot, 200, h - 0.0, 0.06, "c89a64", bend=1.3, octaves=2, gain=0.35)
    ridge(lot, 80, h + 0.02, 0.06, "d8a468", bend=1.0, octaves=2, gain=0.35)
    ground(lot, "c8965c", "e4bc80", "sand")
    ridge(lot, 20, h + 0.045, 0.05, "d4a064", bend=0.9, octaves=2, gain=0.3, foot=h + 0.12)


def forest(lot: Backlot) -> None:
    """A clearing among trees."""
    h = lot.lens.horizon
    sky(lot)
    ridge(lot, 90, h - 0.06, 0.1, "3c5a44", bend=3.0)
    ground(lot, "3c4c2a", "5c6a34", "moss")
    grove(lot, 18, 0.4, "leafy", colour("3c6838"), gap=0.12)
    grove(lot, 8, 0.55, "leafy", colour("3a6a34"), gap=0.3, clear=0.15)
    grove(lot, 3.2, 0.9, "pine", colour("2c5030"), gap=0.5, clear=0.3)
    for depth, height in ((1.4, 0.04), (0.85, 0.07)):
        blades(lot, depth, height, colour("4c7038"))
