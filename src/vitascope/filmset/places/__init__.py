"""The settings: each is a page that composes primitives on the backlot; a new setting is a new page and a line here."""

from __future__ import annotations

from vitascope.filmset.nature.weather import weather
from vitascope.filmset.places.city import alley, rooftop, skyline
from vitascope.filmset.places.glows import glows
from vitascope.filmset.places.inside import hall
from vitascope.filmset.places.nature import cliff, dunes, forest, mountains
from vitascope.filmset.places.shore import harbour, marsh, reef, sea
from vitascope.filmset.places.show import stage
from vitascope.filmset.places.tunnel import tunnel
from vitascope.filmset.scene.scene import Setting
from vitascope.filmset.stage.backlot import Backlot
from vitascope.filmset.stage.site import SITES, indoor

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
