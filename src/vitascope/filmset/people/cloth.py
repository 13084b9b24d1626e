"""Skirts, coats and robes: a ring of cloth in space that hangs, is pushed by knees, flares with a spin and blows."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

import numpy as np

from vitascope.filmset.canvas.paint import outline
from vitascope.filmset.canvas.palette import scaled
from vitascope.filmset.canvas.random_streams import Floats, wander
from vitascope.filmset.people.outfit import Outfit
from vitascope.filmset.people.skeleton import SHIN, THIGH, UP, Pose, Vector
from vitascope.filmset.stage.brush import Brush, Spot

COUNT = 28
ANGLES = np.linspace(0, 2 * pi, COUNT, endpoint=False)
RING = np.stack([np.cos(ANGLES), np.zeros(COUNT), np.sin(ANGLES)], 1)


@dataclass(slots=True)
class Skirt:
    """The lower part of a dress, coat or robe as rings of cloth in space: waist, half way and hem, (n, 3) metres."""

    waist: Floats
    middle: Floats
    hem: Floats

    @classmethod
    def of(cls, made: Pose, outfit: Outfit, seed: int, wind: float, t: float) -> Skirt:
        """Cloth hangs from the hips, lies over the legs, flares with a spin, lags behind and blows."""
        s = made.scale
        spin = min(abs(made.spin) / 9.0, 1.0)
        length = outfit.skirt * s * (1 - 0.3 * spin)
        radius = s * (0.088 + outfit.flare * (0.14 + 0.30 * spin))
        ripple = 1 + 0.13 * outfit.flare * np.sin(7 * ANGLES + 2.2 * t + seed % 7) + 0.06 * np.sin(3 * ANGLES - 3 * t)
        drift = (
            np.array([wind * 0.1 * s * (1 + 0.6 * float(wander(seed + 8, t * 1.3))), 0, 0])
            - made.chest_way * 0.05 * min(made.speed, 3.0) * s
        )
        hem = made.pelvis - UP * length + RING * (radius * ripple)[:, None] + drift * (outfit.skirt / 0.4)
        hem[:, 1] += 0.03 * s * np.sin(ANGLES * 2 - made.spin * 0.4) * (0.3 + spin)
        waist = made.pelvis + UP * 0.05 * s + RING * (0.066 if outfit.slim else 0.085) * s
        skirt = cls(waist, 0.5 * (waist + hem), hem)
        for leg in (0, 1):
            for place, thick in covered(made, outfit, leg):
                skirt._over(made, place, thick)
        skirt.hem[:, 1] = np.maximum(skirt.hem[:, 1], 0.02 * s)
        return skirt

    def _over(self, made: Pose, place: Vector, thick: float) -> None:
        """Push the cloth out to where it lies over a part of a leg: at its height, and all that hangs below it."""
        away = (place - made.pelvis) * np.array([1.0, 0.0, 1.0])
        reach = float(np.hypot(away[0], away[2]))
        if reach < 1e-3:
            return
        way = away / reach
        top, knee, low = (float(ring[:, 1].mean()) for ring in (self.waist, self.middle, self.hem))
        height = min(max(float(place[1]) + thick, low), top - 0.12 * (top - low))
        if height > knee:
            share = (top - height) / (top - knee)
            here = self.waist + (self.middle - self.waist) * share
        else:
            share = 1.0
            here = self.middle + (self.hem - self.middle) * ((knee - height) / max(knee - low, 1e-6))
        need = np.clip(RING @ way, 0, 1) ** 2 * (reach + 1.3 * thick) - np.clip((here - made.pelvis) @ way, 0, None)
        need = np.clip(need, 0, 0.5 * made.scale)
        self.middle += way[None, :] * (need / share)[:, None]
        self.hem += way[None, :] * (0.5 * need + 0.5 * need / share)[:, None]
        self.hem[:, 1] += np.clip(need, 0, 0.3 * made.scale) * 0.25

    def _halves(self) -> tuple[list[int], list[int]]:
        """(near, far): from the leftmost to the rightmost part of the rings, before and behind the legs."""
        across = self.hem[:, 0] + self.middle[:, 0]
        left, right = int(across.argmin()), int(across.argmax())
        near = [(left + k) % COUNT for k in range((right - left) % COUNT + 1)]
        far = [(left - k) % COUNT for k in range((left - right) % COUNT + 1)]
        return near, far

    def _seen(self, brush: Brush, half: list[int]) -> tuple[list[Spot], list[Spot], list[Spot]]:
        waist, middle, hem = ([brush.at(ring[k]) for k in half] for ring in (self.waist, self.middle, self.hem))
        return waist, middle, hem

    def back(self, brush: Brush, outfit: Outfit) -> None:
        """The far half, seen from inside."""
        waist, middle, hem = self._seen(brush, self._halves()[1])
        around = [*hem, middle[-1], *waist[::-1], middle[0]]
        brush.shape(around, scaled(outfit.cloth, 0.55), 0.3, smooth=False)

    def front(self, brush: Brush, outfit: Outfit) -> None:
        """The near half with its folds; a coat is open in front."""
        near = self._halves()[0]
        waist, middle, hem = self._seen(brush, near)
        brush.shape([waist[0], middle[0], *hem, middle[-1], waist[-1]], outfit.cloth, 0.45, smooth=False)
        if brush.flat is not None:
            return
        side = 1.0 if brush.frame.light.side > 0 else -1.0
        for a in range(len(near) - 1):
            b = a + 1
            fold = cos(7 * float(ANGLES[near[a]]) + 2.2 * brush.frame.t)
            place = (a + 0.5) / len(near) * 2 - 1
            lit = max(0.05, min(1.0, 0.45 + 0.3 * side * place + 0.22 * fold))
            panel = [waist[a], waist[b], middle[b], hem[b], hem[a], middle[a]]
            brush.frame.canvas.drawPath(outline(panel), brush.paint(outfit.cloth, lit))
        if outfit.trim:
            brush.stroke(hem, 0.018 * 1.7, outfit.accent, 0.7)


def covered(made: Pose, outfit: Outfit, leg: int) -> list[tuple[Vector, float]]:
    """What the cloth lies over of a leg, from the hip to where the cloth ends: (place, thickness) in metres."""
    hip, knee, ankle = made.hips[leg], made.knees[leg], made.ankles[leg]
    thigh = [(hip + (knee - hip) * share, 0.05 - 0.017 * share) for share in (0.35, 0.7, 1.0)]
    left = min(max((outfit.skirt - THIGH) / SHIN, 0.0), 1.0)
    shin = [(knee + (ankle - knee) * left * share, 0.034) for share in (0.5, 1.0)] if left else []
    return [(place, thick * made.scale) for place, thick in (*thigh, *shin)]
