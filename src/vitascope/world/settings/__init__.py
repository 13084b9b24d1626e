"""The settings: each is a page that composes primitives on the backlot; a new setting is a new page and a line here."""

from __future__ import annotations

from vitascope.scene.scene import Setting
from vitascope.world.air import weather
from vitascope.world.backlot import Backlot
from vitascope.world.settings.city import alley, rooftop, skyline
from vitascope.world.settings.glows import glows
from vitascope.world.settings.inside import hall
from vitascope.world.settings.nature import cliff, dunes, forest, mountains
from vitascope.world.settings.shore import harbour, marsh, reef, sea
from vitascope.world.settings.show import stage
from vitascope.world.settings.tunnel import tunnel
from vitascope.world.site import SITES, indoor

PAGES = {
    Setting.CLIFF: cliff,
    Setting.MOUNTAINS: mountains,
    Setting.DUNES: dunes,
    Setting.FOREST: forest,
    Setting.SKYLINE: skyline,
    Setting.ROOFTOP: rooftop,
    Setting.ALLEY: alley,
    Setting.HARBOUR: harbour,
    Setting.MARSH: marsh,
    Setting.REEF: reef,
    Setting.HALL: hall,
    Setting.TUNNEL: tunnel,
    Setting.STAGE: stage,
    Setting.SEA: sea,
}


def build(lot: Backlot) -> None:
    """Build the scene's setting and its weather."""
    PAGES[lot.scene.setting](lot)
    glows(lot)
    if not indoor(lot.scene) and not SITES[lot.scene.setting].under_water:
        weather(lot)
