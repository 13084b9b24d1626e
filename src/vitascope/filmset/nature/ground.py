"""The ground of a setting as the scene wants it: dry, wet, under snow or under shallow water."""

from __future__ import annotations

from vitascope.filmset.nature.land import floor
from vitascope.filmset.nature.water import puddles, water
from vitascope.filmset.scene.scene import Setting, Weather
from vitascope.filmset.stage.backlot import Backlot
from vitascope.filmset.stage.site import flooded, indoor, wet

SHORES = (Setting.HARBOUR, Setting.SKYLINE, Setting.CLIFF, Setting.MOUNTAINS)
POLISHED = {"tiles": 0.62, "checker": 0.55, "boards": 0.42}


def ground(
    lot: Backlot,
    first: str,
    second: str,
    pattern: str,
    *,
    gloss: float = 0.3,
    edge: float = 0.0,
    ragged: float = 0.0,
    slant: float = 0.0,
) -> None:
    """Lay the ground: a floor in two colours and a pattern, with what the weather and the subjects do to it."""
    scene = lot.scene
    if flooded(scene) and scene.setting in SHORES:
        return  # the water behind the edge reaches to the viewer
    if flooded(scene):
        water(lot, 0.16 if indoor(scene) else 0.22, near=0.5, far=0.92, edge=edge)
        return
    if scene.weather is Weather.SNOW and not indoor(scene):
        first, second = "dfe6f0", "f2f5fa"
        pattern = pattern if pattern in ("planks", "cobbles", "tiles", "stone") else "moss"
    floor(lot, first, second, pattern, gloss, edge, ragged, slant)
    if wet(scene):
        rains = scene.wet or scene.weather in (Weather.RAIN, Weather.STORM)
        soft = pattern in ("grass", "sand", "moss")
        shine = (0.3 if soft else 0.85) if rains else POLISHED.get(pattern, 0.3)
        puddles(lot, gloss=shine, still=0.14 if rains else 0.04, share=0.35 if soft else 0.6, edge=edge)
