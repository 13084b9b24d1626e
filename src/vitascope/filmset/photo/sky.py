"""Finding the sky: what lies above the first strong edge of each column, if it has a sky's colours.

The strength of edge that counts is the one that splits the picture into the two most even parts.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.warp import Field

LEVELS = (3, 4, 5.5, 7.5, 10, 13, 17, 22, 28, 36)
LEAST = 0.06  # of the picture
SHARP = 15  # grey levels a pixel: no cloud has such edges, what stands before the sky does
HARD = 26  # what has such edges by day is a wall or a roof, however white
NIGHT = 90  # mean level below which a sky is a night sky
CLOUDY = 1.6  # grey levels that clouds must differ by to be seen drifting


def find_sky(rgb: NDArray[np.float32], luma: Field, edges: Field, portrait: bool) -> tuple[Field, float, Field]:
    """The sky as a soft mask, how cloudy it is (0 nothing drifts .. 1), and what only a horizon parts from it (hazy
    water); zeros where none is sure.

    In front of a `portrait` only a blue sky is believed: bright backdrops look like clouds.
    """
    nothing = np.zeros_like(luma)
    best, score = None, -np.inf
    for level in LEVELS:
        mask = _above_first_edge(edges, level)
        if mask.mean() >= LEAST:
            worth = _evenness(rgb, mask)
            if worth > score:
                best, score = mask, worth
    if best is None:
        return nothing, 0.0, nothing
    mask, under = _split_at_horizon(_tidied(rgb, luma, edges, _without_teeth(best)), luma)
    if not _believed(rgb, luma, mask, portrait):
        return nothing, 0.0, nothing
    soft = np.clip(1.6 * cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.5) - 0.3, 0, 1)
    return np.asarray(soft, np.float32), _cloudiness(rgb, luma, edges, mask), under.astype(np.float32)


def _without_teeth(mask: NDArray[np.bool_], slack: float = 0.03) -> NDArray[np.bool_]:
    """The mask without what leaks deep through gaps in the skyline: no column reaches lower than those around it."""
    rows = np.arange(mask.shape[0])[:, np.newaxis]
    depth = np.where(mask, rows, -1).max(axis=0).astype(np.float32)
    reach = max(3, mask.shape[1] // 14)
    padded = np.pad(depth, reach, mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    allowed = np.minimum(depth, np.quantile(around, 0.6, axis=-1) + slack * mask.shape[0])
    return np.asarray(mask & (rows <= allowed), np.bool_)


def _split_at_horizon(mask: NDArray[np.bool_], luma: Field) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The mask above and below the first level line that runs all through it: hazy water looks like sky."""
    step = cv2.Sobel(cv2.GaussianBlur(luma, (0, 0), 1.0), cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    wide = mask.sum(axis=1)
    steps = np.array(
        [abs(np.median(row[inside])) if inside.any() else 0.0 for row, inside in zip(step, mask, strict=True)]
    )
    rows = range(int(0.15 * len(wide)), int(0.85 * len(wide)))
    lines = [row for row in rows if wide[row] > 0.2 * mask.shape[1] and steps[row] > 2.5 + 3 * np.median(steps[2:row])]
    if not lines:
        return mask, np.zeros_like(mask)
    below = np.arange(len(wide))[:, np.newaxis] >= lines[0] - 2
    return mask & ~below, mask & below


def _above_first_edge(edges: Field, level: float) -> NDArray[np.bool_]:
    """All pixels above the first one of their column whose edge is stronger than `level`."""
    strong = cv2.dilate((edges > level).astype(np.uint8), np.ones((1, 3), np.uint8))
    strong[:2] = 0  # scans and crops often begin with a dark line
    return np.asarray(np.cumsum(strong, axis=0) == 0, np.bool_)


def _evenness(rgb: NDArray[np.float32], mask: NDArray[np.bool_]) -> float:
    """High where both sides of the split are of one colour each (the sky counts double), and the split is large."""
    above, below = rgb[mask], rgb[~mask]
    if len(below) < 0.1 * mask.size:
        return -np.inf
    spread = 2.0 * float(above.std(axis=0).mean()) + float(below.std(axis=0).mean())
    apart = float(np.linalg.norm(above.mean(axis=0) - below.mean(axis=0)))
    return apart / (spread + 8) + 0.8 * float(np.sqrt(mask.mean()))


def _tidied(rgb: NDArray[np.float32], luma: Field, edges: Field, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask grown into what is of nearly the colour next to it and into clouds; without what stands before it."""
    near = mask.astype(np.float32)[..., np.newaxis]
    weight = cv2.GaussianBlur(near, (0, 0), 12.0)[..., np.newaxis] + 1e-4
    local = cv2.GaussianBlur(rgb * near, (0, 0), 12.0) / weight
    alike = (np.abs(rgb - local).max(axis=-1) < 18) & (weight[..., 0] > 0.02) & (edges < 8)
    night = float(np.median(luma[mask])) < NIGHT
    level = local @ np.array([0.299, 0.587, 0.114], np.float32)
    outlines = edges > SHARP
    if not night:  # by day what stands before the sky is darker than it, and clouds are lighter
        outlines &= cv2.erode(luma, np.ones((5, 5), np.uint8)) < np.minimum(level, np.quantile(luma[mask], 0.04)) - 12
        outlines |= edges > HARD
        alike |= _clouds(rgb, luma, level, mask)
    grown = (mask | alike) & (cv2.dilate(outlines.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    grown = cv2.morphologyEx(grown.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    grown = cv2.morphologyEx(grown, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(grown, connectivity=4)
    tops = np.unique(labels[:3][grown[:3] > 0])
    sky = np.isin(labels, tops[tops > 0])
    return _without_teeth(_filled(sky, luma), slack=0.012)


def _filled(mask: NDArray[np.bool_], luma: Field) -> NDArray[np.bool_]:
    """The mask with its small holes closed, unless something dark stands in them."""
    least = float(np.quantile(luma[mask], 0.04)) - 12 if mask.any() else 0.0
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).astype(np.uint8), connectivity=8)
    small = [part for part in range(1, count) if stats[part, cv2.CC_STAT_AREA] < 0.02 * mask.size]
    light = [part for part in small if float(np.quantile(luma[labels == part], 0.1)) > least]
    return np.asarray(mask | np.isin(labels, light), np.bool_)


def _clouds(rgb: NDArray[np.float32], luma: Field, level: Field, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """White and grey at least as light as the blue beside it, not lower than the sky mostly reaches."""
    red, _, blue = np.median(rgb[mask], axis=0)
    if blue < red + 14:
        return np.zeros_like(mask)
    pure = (rgb.max(axis=-1) - rgb.min(axis=-1)) / np.maximum(rgb.max(axis=-1), 24)
    lowest = np.quantile(np.nonzero(mask)[0], 0.9)
    above = np.arange(mask.shape[0])[:, np.newaxis] < lowest
    return np.asarray((luma > level - 8) & (pure < 0.5) & (rgb[..., 2] > rgb[..., 0] - 8) & above, np.bool_)


def _believed(rgb: NDArray[np.float32], luma: Field, mask: NDArray[np.bool_], portrait: bool) -> bool:
    """Whether a region has a sky's place, colour and light."""
    if mask.mean() < LEAST or mask.mean() > 0.93 or mask[:4].any(axis=0).mean() < 0.5:
        return False
    red, green, blue = np.median(rgb[mask], axis=0)
    bluish = blue > red + 14 and blue > green - 4
    if portrait:
        return bool(blue > red + 30)
    lighter = float(luma[mask].mean()) > float(luma[~mask].mean()) + 6
    bright = min(red, green, blue) > 135 and max(red, green, blue) - min(red, green, blue) < 50
    bright = bright and green < blue + 10  # pale wood and walls are yellower than any cloud
    rows = np.nonzero(mask)[0]
    low = float(np.quantile(rows, 0.9)) / mask.shape[0]
    evening = red > blue + 20 and lighter and low < 0.7 and red > 120
    night = bluish and blue > green * 1.1 and max(red, green, blue) < 110
    if mask[-mask.shape[0] // 7 :].mean() > 0.25 and not night:
        return False  # a backdrop that goes all the way round
    return bool((bluish and (lighter or night)) or (bright and lighter) or (evening and _fades_down(rgb, mask)))


def _fades_down(rgb: NDArray[np.float32], mask: NDArray[np.bool_]) -> bool:
    """Whether the lower part is brighter: evening skies glow at the horizon, walls do not."""
    rows = np.nonzero(mask)[0]
    middle = np.median(rows)
    below = np.arange(mask.shape[0])[:, np.newaxis] > middle
    return bool(rgb[mask & below].mean() > rgb[mask & ~below].mean() + 12)


def _cloudiness(rgb: NDArray[np.float32], luma: Field, edges: Field, mask: NDArray[np.bool_]) -> float:
    """How much shape there is in the sky between fine grain and a broad gradient, 0..1.

    A colourless sky with hard edges in it holds buildings as pale as itself: nothing there may drift.
    """
    red, _, blue = np.median(rgb[mask], axis=0)
    inner = cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if blue < red + 14 and float((edges[inner] > SHARP / 2).mean() if inner.any() else 1) > 0.004:
        return 0.0
    solid = cv2.erode(mask.astype(np.uint8), np.ones((15, 15), np.uint8)).astype(np.float32)
    if solid.mean() < LEAST / 3:
        return 0.0
    narrow, wide = (_within(luma, solid, sigma) for sigma in (3.0, 26.0))
    shape = (narrow - wide)[solid > 0]
    least = CLOUDY if float(luma[mask].mean()) > NIGHT else 2 * CLOUDY
    return float(np.clip((shape.std() - least) / least, 0, 1))


def _within(values: Field, solid: Field, sigma: float) -> Field:
    """Values blurred without what lies outside the mask."""
    weight = cv2.GaussianBlur(solid, (0, 0), sigma) + 1e-3
    return np.asarray(cv2.GaussianBlur(values * solid, (0, 0), sigma) / weight, np.float32)
