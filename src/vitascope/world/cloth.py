"""Skirts, coats and robes: a ring of cloth in space that hangs, is pushed by knees, flares with a spin and blows."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

import numpy as np

from vitascope.world.brush import Brush
from vitascope.world.dice import Floats, wander
from vitascope.world.outfit import Outfit
from vitascope.world.paint import outline
from vitascope.world.palette import scaled
from vitascope.world.skeleton import UP, Pose


@dataclass(slots=True)
class Skirt:
    """The lower part of a dress, coat or robe as a ring of cloth in space: waist and hem, (n, 3) metres."""

    waist: Floats
    hem: Floats
    phase: Floats

    @classmethod
    def of(cls, made: Pose, outfit: Outfit, seed: int, wind: float, t: float) -> Skirt:
        """Cloth hangs from the hips, is pushed out by the knees, flares with a spin, lags behind and blows."""
        s, n = made.scale, 28
        angles = np.linspace(0, 2 * pi, n, endpoint=False)
        spin = min(abs(made.spin) / 9.0, 1.0)
        length = outfit.skirt * s * (1 - 0.3 * spin)
        radius = s * (0.088 + outfit.flare * (0.14 + 0.30 * spin))
        ripple = 1 + 0.13 * outfit.flare * np.sin(7 * angles + 2.2 * t + seed % 7) + 0.06 * np.sin(3 * angles - 3 * t)
        ring = np.stack([np.cos(angles), np.zeros(n), np.sin(angles)], 1)
        drift = (
            np.array([wind * 0.1 * s * (1 + 0.6 * float(wander(seed + 8, t * 1.3))), 0, 0])
            - made.chest_way * 0.05 * min(made.speed, 3.0) * s
        )
        hem = made.pelvis - UP * length + ring * (radius * ripple)[:, None] + drift * (outfit.skirt / 0.4)
        hem[:, 1] += 0.03 * s * np.sin(angles * 2 - made.spin * 0.4) * (0.3 + spin)
        for knee, ankle in zip(made.knees, made.ankles, strict=True):
            inside = knee if outfit.skirt < 0.34 else 0.5 * (knee + ankle)
            push = (inside - made.pelvis) * np.array([1, 0, 1])
            reach = float(np.hypot(push[0], push[2]))
            if reach > 1e-3:
                along = ring @ (push / reach)
                need = np.clip(along, 0, 1) ** 2 * (reach + 0.05 * s) - np.clip(
                    (hem - made.pelvis - drift) @ (push / reach), 0, None
                )
                hem += (push / reach)[None, :] * np.clip(need, 0, 0.5 * s)[:, None]
                hem[:, 1] += np.clip(need, 0, 0.3 * s) * 0.25
        hem[:, 1] = np.maximum(hem[:, 1], 0.02 * s)
        waist = made.pelvis + UP * 0.05 * s + ring * (0.066 if outfit.slim else 0.085) * s
        return cls(waist, hem, angles)

    def _halves(self) -> tuple[list[int], list[int]]:
        middle = float(self.hem[:, 2].mean())
        return [k for k in range(len(self.hem)) if self.hem[k, 2] <= middle], [
            k for k in range(len(self.hem)) if self.hem[k, 2] > middle
        ]

    def back(self, brush: Brush, outfit: Outfit) -> None:
        """The far half, seen from inside."""
        _, far = self._halves()
        hem = [brush.at(self.hem[k]) for k in far]
        waist = [brush.at(self.waist[k]) for k in far]
        brush.shape([*hem, *waist[::-1]], scaled(outfit.cloth, 0.55), 0.3, smooth=False)

    def front(self, brush: Brush, outfit: Outfit) -> None:
        """The near half with its folds; a coat is open in front."""
        near, _ = self._halves()
        near.sort(key=lambda k: float(self.hem[k, 0]))
        hem = [brush.at(self.hem[k]) for k in near]
        waist = [brush.at(self.waist[k]) for k in near]
        top = sorted(waist)
        brush.shape([top[0], *hem, top[-1]], outfit.cloth, 0.45, smooth=False)
        if brush.flat is not None:
            return
        side = 1.0 if brush.frame.light.side > 0 else -1.0
        for a, b in zip(range(len(near) - 1), range(1, len(near)), strict=True):
            fold = cos(7 * float(self.phase[near[a]]) + 2.2 * brush.frame.t)
            place = (a + 0.5) / len(near) * 2 - 1
            lit = max(0.05, min(1.0, 0.45 + 0.3 * side * place + 0.22 * fold))
            quad = [waist[a], waist[b], hem[b], hem[a]]
            brush.frame.canvas.drawPath(outline(quad), brush.paint(outfit.cloth, lit))
        if outfit.trim:
            brush.stroke(hem, 0.018 * 1.7, outfit.accent, 0.7)
