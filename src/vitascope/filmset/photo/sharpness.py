"""Keeping a warped picture as sharp as it was.

Every look-up between pixels softens a little, and differently from frame to frame. Each frame is therefore sharpened by
just the amount that gives its fine detail the energy it had in the given picture: a quadratic, solved in closed form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.warp import Field, Grid, Map
from vitascope.values import Picture

MOST = 0.55  # the largest share of unsharp mask: more rings
SIGMA = 1.0  # blur of the unsharp mask in pixels


@dataclass(frozen=True, eq=False)
class Detail:
    """The energy of fine detail (squared Laplacian of the luma), averaged around each node of the grid."""

    grid: Grid
    energy: Field

    @classmethod
    def of(cls, picture: Picture, grid: Grid) -> Detail:
        """The detail of the given picture."""
        lapped = _laplacian(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
        return cls(grid, grid.reduce(lapped * lapped))

    def seen(self, where: Map) -> float:
        """The mean energy of what a map shows."""
        return float(self.grid.inner(self.grid.lookup(self.energy, where)).mean())


def restored(picture: Picture, energy: float) -> Picture:
    """The picture sharpened until its detail has the given energy, within reason; never softened."""
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), SIGMA), np.uint8)
    amount = _amount(picture, blurred, energy)
    if amount <= 0.005:
        return picture
    return np.asarray(cv2.addWeighted(picture, 1 + amount, blurred, -amount, 0), np.uint8)


def _amount(picture: Picture, blurred: Picture, energy: float) -> float:
    """The share a for which picture + a (picture - blurred) has the wanted mean squared Laplacian."""
    plain = _laplacian(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    lost = plain - _laplacian(cv2.cvtColor(blurred, cv2.COLOR_RGB2GRAY))
    here = _mean(plain * plain)
    across, extra = _mean(plain * lost), _mean(lost * lost)
    missing = energy - here
    if missing <= 0 or extra < 1e-6:
        return 0.0
    return min(MOST, (-across + math.sqrt(across * across + extra * missing)) / extra)


def _laplacian(gray: NDArray[Any]) -> Field:
    return np.asarray(cv2.Laplacian(gray, cv2.CV_32F), np.float32)


def _mean(values: Field) -> float:
    return float(cv2.mean(values)[0])
