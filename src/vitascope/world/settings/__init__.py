"""The settings: each is a page that composes primitives on the backlot; a new setting is a new page and a line here."""

from __future__ import annotations

from vitascope.scene.scene import Setting
from vitascope.world.backlot import Backlot
from vitascope.world.settings.nature import cliff, dunes, forest, mountains

PAGES = {
    Setting.CLIFF: cliff,
    Setting.MOUNTAINS: mountains,
    Setting.DUNES: dunes,
    Setting.FOREST: forest,
}


def build(lot: Backlot) -> None:
    """Build the scene's setting."""
    PAGES[lot.scene.setting](lot)
