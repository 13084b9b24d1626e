"""Lights that a prompt asks for and any setting can have: lanterns on poles, spotlights, fireflies, living light."""

from __future__ import annotations

from functools import partial
from typing import Any

from vitascope.filmset.canvas.paint import line
from vitascope.filmset.canvas.palette import colour, mix
from vitascope.filmset.nature.weather import fireflies, shafts
from vitascope.filmset.places.city import spotlights
from vitascope.filmset.places.lights import festival_ring
from vitascope.filmset.scene.scene import Glow, Setting
from vitascope.filmset.stage.backlot import Area, Backlot, Finish
from vitascope.filmset.stage.site import flooded
from vitascope.filmset.town.lamps import garland

LIT_BY_THEMSELVES = (Setting.ALLEY, Setting.HARBOUR, Setting.ROOFTOP)


def glows(lot: Backlot) -> None:
    """Hang and light what the scene's `glows` ask for."""
    asked = lot.scene.glows
    carried = any(subject.prop == "lantern" for subject in lot.scene.subjects)
    if Glow.LANTERNS in asked and not carried and lot.scene.setting not in LIT_BY_THEMSELVES:
        lantern_poles(lot)
        if lot.scene.setting is Setting.DUNES and lot.light.dark > 0.3 and not flooded(lot.scene):
            festival_ring(lot)
    if Glow.SPOTLIGHTS in asked and lot.scene.setting not in (Setting.STAGE, Setting.ROOFTOP):
        spotlights(lot, 1.7)
    if Glow.FIREFLIES in asked:
        fireflies(lot, 46)
    if Glow.BIOLUMINESCENCE in asked:
        fireflies(lot, 34, mix(lot.palette.cool, (0.3, 1.0, 0.9), 0.5))
    if Glow.NEON in asked and lot.scene.setting in (Setting.SKYLINE, Setting.ROOFTOP):
        shafts(lot, 20.0, (-0.2, lot.lens.horizon + 0.3), 2.6, lot.palette.cool, 0.05, 5, 1.2)


def lantern_poles(lot: Backlot) -> None:
    """Cords of lanterns between poles on both sides of the hero, near and far."""
    h = lot.lens.horizon
    warm = lot.palette.warm
    tints = [warm, mix(warm, (1.0, 0.45, 0.25), 0.5), mix(warm, (1.0, 0.9, 0.7), 0.4)]
    for depth, tall, size in ((3.6, 0.16, 0.020), (2.0, 0.27, 0.030)):
        z = lot.z(depth)
        foot = lot.lens.ground(z)
        top = min(h - tall, foot - tall)
        gap = 0.62 * (1.0 if depth > 3 else 1.35)
        lot.bake(
            z + 0.01, partial(_poles, lot, z, gap, top, foot), bottom=foot + 0.01, finish=Finish(texture=0.1, rim=0.3)
        )
        reach = int(lot.lens.ratio / 2 / gap + 1.5)
        for k in range(-reach, reach):
            left, right = ((k + 0.5) * gap, top + 0.004), ((k + 1.5) * gap, top + 0.004)
            garland(lot, z, left, right, 0.28 * tall, 5, size, tints[k % 3 :] + tints[: k % 3])


def _poles(lot: Backlot, z: float, gap: float, top: float, foot: float, canvas: Any, area: Area) -> None:
    wood = line(lot.tone(colour("5a4230"), z, 0.5), 0.05 * (foot - top))
    for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 2):
        canvas.drawLine((cell + 0.5) * gap, foot + 0.004, (cell + 0.5) * gap, top - 0.01, wood)
