"""Clouds that drift: the sky is a plate of its own, continued behind what stands before it.

Only the change that the drift makes is added to the picture, so a sky that has not drifted yet is the picture
exactly, and a mask that misses a twig does not cut it off.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.regions import Regions
from vitascope.filmset.photo.warp import Field, Grid, Map, Plate
from vitascope.values import Picture

LEAST_CLOUDS = 0.2
SPEED = 0.42  # pixels a frame of 1/24 s at 864 pixels' width in a fresh wind
FARTHEST = 0.085  # of the width: clouds slow down so that they never stretch
NARROW = (33, 33)  # pixels of the look (432 along the longer side)
ENTRY = 0.34  # share of the width over which clouds coming in are drawn out


class Heavens:
    """A drifting sky. Only for pictures whose sky is cloudy (`regions.clouds`)."""

    def __init__(self, picture: Picture, regions: Regions, grid: Grid, wind: float, side: int, scale: int) -> None:
        self._grid, self._side = grid, side
        # what hangs down narrowly from the sky may be a pale tower before a pale cloud: it stays where it is
        open_sky = cv2.morphologyEx(regions.sky, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, NARROW))
        narrowed = open_sky < regions.sky - 0.5
        fading = cv2.GaussianBlur(narrowed.astype(np.float32), (0, 0), 6.0)  # drifting turns into standing softly
        refined = _refined(picture, np.asarray(open_sky * np.clip(1 - 2 * fading, 0, 1), np.float32))
        continued = _continued(picture, refined)
        self.mask = refined * _alike(picture, continued)
        self._mask_plate = Plate.of(np.rint(self.mask * 255).astype(np.uint8), 1)
        self._plate = Plate.of(continued, scale)
        self._speed = SPEED * (0.45 + wind) * 24 / 864  # widths a second at the top
        self._profile = self._drift_profile()

    @staticmethod
    def found(regions: Regions) -> bool:
        """Whether there are clouds to drift."""
        return regions.clouds >= LEAST_CLOUDS and float(regions.sky.mean()) > 0.06

    def over(self, seen: Picture, where: Map, time: float) -> Picture:
        """The seen picture with its sky drifted by `time` seconds; `where` is the map (nodes) it was seen through."""
        gone = FARTHEST * np.tanh(self._speed * time / FARTHEST) * self._grid.unit
        profile = self._grid.lookup(self._profile, where)
        moved = where.copy()
        moved[..., 0] -= np.float32(gone * self._side) * profile
        limit = self._grid.size.width - 1
        moved[..., 0] = np.where(
            (where[..., 0] >= 0) & (where[..., 0] <= limit), np.clip(moved[..., 0], 0, limit), where[..., 0]
        )
        still, drifted = (self._plate.look(self._grid.enlarge(places)) for places in (where, moved))
        weight = np.asarray(self._mask_plate.look(self._grid.enlarge(where)), np.float32)[..., np.newaxis] / 255
        change = np.subtract(drifted, still, dtype=np.int16) * weight
        return np.clip(np.rint(seen + change), 0, 255).astype(np.uint8)

    def _drift_profile(self) -> Field:
        """How fast each part drifts: slower towards the horizon, not at all at the border where clouds come in."""
        rows = np.nonzero(self.mask.max(axis=1) > 0.5)[0]
        lowest = float(rows.max()) if len(rows) else float(self._grid.size.height)
        height = np.clip(1 - self._grid.nodes[..., 1] / lowest, 0, 1)
        width = self._grid.size.width
        entry = self._grid.nodes[..., 0] / width if self._side > 0 else 1 - self._grid.nodes[..., 0] / width
        near = np.clip(entry / ENTRY, 0, 1)
        return np.asarray((0.4 + 0.6 * height) * near * near * (3 - 2 * near), np.float32)


def _alike(picture: Picture, continued: Picture) -> Field:
    """1 where the picture shows what the sky behind would be, 0 where it clearly shows something else."""
    apart = np.abs(picture.astype(np.int16) - continued).max(axis=-1).astype(np.float32)
    return np.asarray(np.clip(1 - (cv2.blur(apart, (3, 3)) - 8) / 22, 0, 1), np.float32)


def _refined(picture: Picture, sky: Field) -> Field:
    """The mask at full size with its edge where the picture's is (a guided filter on the luma)."""
    height, width = picture.shape[:2]
    rough = cv2.resize(sky, (width, height), interpolation=cv2.INTER_LINEAR)
    guide = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32) / 255
    side = 2 * max(3, round(max(height, width) / 120)) + 1

    def mean(values: NDArray[Any]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(values, (side, side)), np.float32)

    middle, rough_mean = mean(guide), mean(rough)
    slope = (mean(guide * rough) - middle * rough_mean) / (mean(guide * guide) - middle * middle + 4e-4)
    offset = rough_mean - slope * middle
    fine = np.clip(mean(slope) * guide + mean(offset), 0, 1)
    fine = np.clip(1.5 * fine - 0.25, 0, 1)
    return np.asarray(np.where((rough < 0.02) | (rough > 0.98), rough, fine), np.float32)


def _continued(picture: Picture, mask: Field) -> Picture:
    """The picture with everything but the sky replaced by the colours of the sky around it."""
    solid = (mask > 0.97).astype(np.uint8)
    solid = cv2.erode(solid, np.ones((7, 7), np.uint8))
    levels: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    weight = solid.astype(np.float32)
    colour = picture.astype(np.float32) * weight[..., np.newaxis]
    while min(weight.shape) > 2:
        levels.append((colour, weight))
        half = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        colour = cv2.resize(colour, half, interpolation=cv2.INTER_AREA)
        weight = cv2.resize(weight, half, interpolation=cv2.INTER_AREA)
    filled = colour / np.maximum(weight, 1e-6)[..., np.newaxis]
    for colour, weight in reversed(levels):
        filled = cv2.resize(filled, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        known = np.minimum(1, weight * 4)[..., np.newaxis]
        filled = known * (colour / np.maximum(weight, 1e-6)[..., np.newaxis]) + (1 - known) * filled
    return np.clip(np.rint(np.where(solid[..., np.newaxis] > 0, picture, filled)), 0, 255).astype(np.uint8)
