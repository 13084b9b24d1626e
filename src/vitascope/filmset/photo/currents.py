"""Running water: what a stream or a fall shows is carried along its direction, for ever, inside its own borders.

Each of two copies is carried from half a period before to half a period after its place and fades out where it starts
anew while the other one is in the middle. At the moment of the given picture one copy is in its place and alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.noise import smooth_noise
from vitascope.filmset.photo.regions import Look, Regions
from vitascope.filmset.photo.warp import Field, Grid, Map, Plate, smoothstep
from vitascope.values import Picture, Size

RISE = 0.9  # seconds in which standing water begins to run
PERIOD = 1.1  # seconds in which a copy is carried along
UNEVEN = 0.25  # periods that places come to differ by: the copies do not change over everywhere at once
SETTLED = 3.0  # seconds in which they come to differ; no more after that, so that nothing is drawn apart
FALL, STREAM = 0.075, 0.042  # of the unit a second: straight down, and over level ground
LEAST = 0.008  # of the picture
ROUGH = 2.0  # grey levels a pixel that running water has in its texture at least
INSIDE = 0.75  # share of the way to the border that a copy may come from


@dataclass(frozen=True, eq=False)
class Watercourse:
    """Where water runs (0..1) and which way (unit vectors, x then y), on the look's pixels; `steep`: 1 is a fall."""

    mask: Field
    way: Map
    steep: float

    @property
    def pan(self) -> float:
        """Where it is seen, -1 left .. 1 right."""
        return 2 * float((self.mask.sum(axis=0) * np.linspace(0, 1, self.mask.shape[1])).sum() / self.mask.sum()) - 1


def find_course(regions: Regions) -> Watercourse | None:
    """White water, or water whose texture runs downhill; None where none is sure. Only asked when it is named."""
    look = regions.look
    if regions.graphic:
        return None
    mask = _white_water(regions)
    if mask.mean() < LEAST:
        mask = (regions.water > 0.5) & (look.blurred(look.edges, 0.012) > ROUGH)
    mask = _main_parts(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) > 0)
    if mask.mean() < LEAST:
        return None
    way, straight = _downhill(look, mask)
    soft = np.clip(2.2 * look.blurred(mask.astype(np.float32), 0.006) - 1.1, 0, 1)
    return Watercourse(np.asarray(soft, np.float32), way, straight)


def _white_water(regions: Regions) -> NDArray[np.bool_]:
    """Bright, colourless and rough, lighter than the land around it, below the sky and not anybody's skin."""
    look = regions.look
    land = (regions.sky < 0.2) & (regions.skin < 0.5)
    if land.mean() < 0.1:
        return np.zeros(look.luma.shape, np.bool_)
    dark, light = np.quantile(look.luma[land], (0.35, 0.97))
    pale = (look.saturation < 0.34) & (look.rgb[..., 2] > look.rgb[..., 0] - 14)
    bright = look.blurred(look.luma, 0.006) > dark + 0.45 * (light - dark)
    rough = look.blurred(look.edges, 0.015) > ROUGH
    share = look.blurred((land & pale & bright).astype(np.float32), 0.006)
    return np.asarray((share > 0.5) & rough & land & (light - dark > 40), np.bool_)


def _main_parts(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest part and those at least a fifth as large."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count <= 1:
        return mask
    areas = stats[1:, cv2.CC_STAT_AREA]
    keep = 1 + np.nonzero(areas >= max(0.2 * areas.max(), 0.4 * LEAST * mask.size))[0]
    return np.asarray(np.isin(labels, keep), np.bool_)


def _downhill(look: Look, mask: NDArray[np.bool_]) -> tuple[Map, float]:
    """Along the streaks where there are any, else along the water's longer side; always downwards. And how steeply."""
    weight = mask.astype(np.float32)
    parts = [weight * field for field in (look.across**2, look.down**2, look.across * look.down)]
    xx, yy, xy = (look.blurred(np.asarray(part, np.float32), 0.035) for part in parts)
    streaks = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2  # along the edges
    certainty = np.hypot(xx - yy, 2 * xy) / (xx + yy + 1e-3)
    rows, columns = np.nonzero(mask)
    spread = np.cov(np.stack((columns, rows)).astype(np.float64))
    values, vectors = np.linalg.eigh(spread + 1e-6 * np.eye(2))
    axis = vectors[:, 1] if values[1] > 1.6 * values[0] else np.array([0.0, 1.0])
    along = np.stack((np.cos(streaks), np.sin(streaks)), axis=-1)
    along *= np.where(along[..., 1:] < 0, -1, 1)
    axis = axis * (-1 if axis[1] < 0 else 1)
    mixed = along * certainty[..., np.newaxis] + axis * (1.05 - certainty[..., np.newaxis]) + np.array([0.0, 0.25])
    smooth = np.stack([look.blurred(np.asarray(mixed[..., k] * weight, np.float32), 0.02) for k in (0, 1)], axis=-1)
    way = smooth / np.maximum(np.linalg.norm(smooth, axis=-1, keepdims=True), 1e-4)
    upright = float(np.hypot((xx - yy)[mask].sum(), 2 * xy[mask].sum()) / ((xx + yy)[mask].sum() + 1e-3))
    vertical = float(xx[mask].sum() > 1.3 * yy[mask].sum())
    return np.asarray(way, np.float32), min(1.0, vertical * (0.5 + upright))


class Currents:
    """Running water over the picture of a plate; `course` says where."""

    def __init__(self, plate: Plate, course: Watercourse, grid: Grid, seed: int) -> None:
        self._grid, self._plate = grid, plate
        self._mask = Plate.of(_fine(course.mask, grid.size), 1)
        self._field = grid.reduce(course.mask)
        pixel = grid.size.width / course.mask.shape[1]
        room = cv2.distanceTransform((course.mask > 0.3).astype(np.uint8), cv2.DIST_L2, 5) * np.float32(pixel)
        pace = (STREAM + (FALL - STREAM) * course.steep) * grid.unit
        reach = np.minimum(pace * PERIOD / 2, INSIDE * grid.reduce(np.asarray(room, np.float32)))
        self._way = np.stack([grid.reduce(np.ascontiguousarray(course.way[..., k])) for k in (0, 1)], axis=-1)
        self._way *= reach[..., np.newaxis]
        noise = smooth_noise(grid.shape, 13.0, np.random.default_rng((seed, 31)))
        self._uneven = np.asarray(UNEVEN * np.clip(noise, -2, 2), np.float32)

    def over(self, seen: Picture, where: Map, time: float) -> Picture:
        """The seen picture, its water carried on by `time` seconds; `where` is the map (nodes) it was seen through."""
        box = self._box(where)
        if time == 0 or box is None:
            return seen
        ahead = self._grid.lookup(self._uneven, where) * np.float32(smoothstep(abs(time) / SETTLED))
        gone = np.float32(math.copysign(_eased(abs(time)) / PERIOD, time)) + ahead
        way = self._grid.lookup(self._way, where)
        copies, shares = [], []
        for offset in (0.0, 0.5):
            turn = (gone + offset + 0.5) % 1 - 0.5
            copies.append(self._looked(where - way * (2 * turn)[..., np.newaxis], box))
            shares.append(self._cut(1 - 2 * np.abs(turn), box))
        weight = np.clip(shares[0], 0, 1)
        weight = (weight * weight * (3 - 2 * weight))[..., np.newaxis]
        mixed = copies[0] * weight + copies[1] * (1 - weight)
        soft = cv2.blur(mixed, (9, 9))  # two copies at once are flatter than one: give the contrast back
        lively = soft + (mixed - soft) / (weight**2 + (1 - weight) ** 2) ** 0.3
        mask = np.asarray(self._mask.look(self._cut(where, box)), np.float32)[..., np.newaxis] / 255
        top, bottom, left, right = box
        here = seen[top:bottom, left:right]
        still = self._looked(where, box)
        changed = here + mask * (lively - still)
        result = seen.copy()
        result[top:bottom, left:right] = np.clip(np.rint(changed), 0, 255).astype(np.uint8)
        return result

    def _looked(self, where: Map, box: tuple[int, int, int, int]) -> NDArray[np.float32]:
        return np.asarray(self._plate.look(self._cut(where, box)), np.float32)

    def _cut(self, field: NDArray[np.float32], box: tuple[int, int, int, int]) -> NDArray[np.float32]:
        """A field on the nodes as one on the pixels of a box."""
        top, bottom, left, right = box
        return np.ascontiguousarray(self._grid.enlarge(np.asarray(field, np.float32))[top:bottom, left:right])

    def _box(self, where: Map) -> tuple[int, int, int, int] | None:
        """Top, bottom, left and right of what the water fills in the output."""
        there = self._grid.lookup(self._field, where) > 0.01
        if not there.any():
            return None
        rows, columns = np.nonzero(there.any(axis=1))[0], np.nonzero(there.any(axis=0))[0]
        step, size = self._grid.step, self._grid.size
        top, left = max(0, (rows[0] - 2) * step), max(0, (columns[0] - 2) * step)
        return top, min(size.height, (rows[-1] + 1) * step), left, min(size.width, (columns[-1] + 1) * step)


def _eased(time: float) -> float:
    """Seconds that the water has run: it starts softly."""
    return time * smoothstep(time / RISE)


def _fine(mask: Field, size: Size) -> NDArray[np.uint8]:
    """The mask at the picture's size, 0..255."""
    large = cv2.resize(mask, (size.width, size.height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.rint(np.clip(large, 0, 1) * 255), np.uint8)
