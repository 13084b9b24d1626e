"""Steam from a cup and smoke from a chimney or a fire: a plume that grows from its source and rises in curls.

The plume is a field over the picture, so it travels with what it rises from. Where no source is sure there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.noise import smooth_noise
from vitascope.filmset.photo.regions import Look, Regions
from vitascope.filmset.photo.warp import Field, smoothstep
from vitascope.values import Picture

CELLS = 216  # along the longer side: a plume has no edges
TILE = 128
ROUND = 0.9  # how much of a cup's opening and its ellipse must be the same
RIM = 9.0  # grey levels a pixel that an opening's edge has at least
OPENING = (0.006, 0.14)  # of the picture


@dataclass(frozen=True, slots=True)
class Source:
    """Where a plume rises: the middle and half of its width, shares of the picture's width and height."""

    x: float
    y: float
    half: float


def find_source(stir: Stir, regions: Regions) -> Source | None:
    """The opening of a cup for steam; a fire or the highest narrow thing before the sky for smoke. None where none is
    sure."""
    if regions.graphic:
        return None
    if stir is Stir.STEAM:
        found = _opening(regions.look)
        return None if found is None or _outdoors(regions, found) else found
    return _fire(regions) or _chimney(regions)


def _outdoors(regions: Regions, source: Source) -> bool:
    """Whether a source lies in sky, water or leaves."""
    rows, columns = regions.sky.shape
    place = (round(source.y * (rows - 1)), round(source.x * (columns - 1)))
    return max(float(mask[place]) for mask in (regions.sky, regions.water, regions.foliage)) > 0.3


def _opening(look: Look) -> Source | None:
    """The roundest closed shape that could be the surface of a drink: wider than high, within the picture."""
    best, score = None, ROUND
    value = cv2.GaussianBlur(look.rgb, (0, 0), 1.5)
    planes = [value[..., channel] for channel in range(3)] + [255 * look.blurred(look.saturation, 0.003)]
    for plane in planes:
        for level in np.quantile(plane, np.linspace(0.08, 0.92, 22)):
            for mask in (plane > level, plane < level):
                shapes, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
                for shape in shapes:
                    found = _ellipse(np.asarray(shape), look)
                    if found is not None and found[1] > score:
                        best, score = found
    return best


def _ellipse(shape: NDArray[np.int32], look: Look) -> tuple[Source, float] | None:
    """A closed shape as a source, and how elliptic it is; None unless it may be an opening seen from above: level, and
    with a rim."""
    rows, columns = look.luma.shape
    area = float(cv2.contourArea(shape))
    if not OPENING[0] < area / (rows * columns) < OPENING[1]:
        return None
    left, top, wide, high = cv2.boundingRect(shape)
    inside = left > 2 and top > 2 and left + wide < columns - 2 and top + high < rows - 2
    if not inside or not 1.0 < wide / high < 4 or float(np.median(look.edges[shape[:, 0, 1], shape[:, 0, 0]])) < RIM:
        return None
    (x, y), axes, angle = cv2.fitEllipse(shape)
    drawn, filled = np.zeros((rows, columns), np.uint8), np.zeros((rows, columns), np.uint8)
    cv2.ellipse(drawn, ((x, y), axes, angle), 1, -1)
    cv2.drawContours(filled, [shape], -1, 1, -1)
    same = float((drawn & filled).sum()) / max(1.0, float((drawn | filled).sum()))
    return Source(x / columns, y / rows, 0.33 * wide / columns), same


def _fire(regions: Regions) -> Source | None:
    """The largest glow of a fire's colour."""
    rgb = regions.look.rgb
    hot = (rgb[..., 0] > 240) & (rgb[..., 0] > rgb[..., 2] + 60) & (rgb[..., 1] > 120) & (rgb[..., 1] < rgb[..., 0] - 8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(hot.astype(np.uint8), connectivity=8)
    if count <= 1 or float(np.median(regions.look.luma)) > 80:
        return None
    part = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if not 0.0008 * hot.size < stats[part, cv2.CC_STAT_AREA] < 0.05 * hot.size:
        return None
    x, y = middles[part][0] / hot.shape[1], stats[part, cv2.CC_STAT_TOP] / hot.shape[0]
    return Source(float(x), float(y), 0.3 * stats[part, cv2.CC_STAT_WIDTH] / hot.shape[1])


def _chimney(regions: Regions) -> Source | None:
    """The narrow thing that stands highest above what is around it, before the sky."""
    sky = regions.sky > 0.5
    if sky.mean() < 0.06:
        return None
    rows, columns = sky.shape
    ends = np.where(sky.any(axis=0), rows - np.argmax(sky[::-1], axis=0), 0).astype(np.float32)
    solid = np.argmax(~sky, axis=0).astype(np.float32)
    skyline = np.minimum(ends, np.where(sky[0], solid, rows))
    reach = columns // 12
    around = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(skyline, reach, mode="edge"), 2 * reach + 1), -1)
    above = around - skyline
    top = int(np.argmax(above[4:-4])) + 4
    tall = above > 0.5 * above[top]
    left, right = top, top
    while left > 0 and tall[left - 1]:
        left -= 1
    while right < columns - 1 and tall[right + 1]:
        right += 1
    if above[top] < 0.05 * rows or skyline[top] < 0.08 * rows or right - left > 0.1 * columns:
        return None
    return Source(
        (left + right + 1) / 2 / columns, float(skyline[top]) / rows, max(0.006, 0.3 * (right - left) / columns)
    )


class Plume:
    """The steam or smoke of one source over a picture."""

    def __init__(self, stir: Stir, source: Source, picture: Picture, wind: float, seed: int) -> None:
        height, width = picture.shape[:2]
        scale = CELLS / max(height, width)
        self._shape = (max(8, round(height * scale)), max(8, round(width * scale)))
        self._steam = stir is Stir.STEAM
        self._source = source
        random = np.random.default_rng((seed, 37))
        self._curls = (smooth_noise((TILE, TILE), 11.0, random), smooth_noise((TILE, TILE), 4.5, random))
        self._side = 1 if seed % 2 else -1
        self._wind = wind
        dark = float(picture[::8, ::8].mean()) < 80
        tone = 236 if self._steam else 150 if dark else 118
        self.shade = np.clip(np.array([1.0, 1.0, 1.02]) * tone, 0, 255)

    def at(self, time: float) -> Field:
        """How much of the picture the plume hides, 0..1, on cells; `time` in seconds since (or before) the picture."""
        rows, columns = self._shape
        ratio = columns / rows
        x = np.linspace(0.5 / columns, 1 - 0.5 / columns, columns, dtype=np.float32) * ratio
        y = np.linspace(0.5 / rows, 1 - 0.5 / rows, rows, dtype=np.float32)
        risen = np.clip(self._source.y - y, 0, 1)[:, np.newaxis]  # heights above the source
        half = self._source.half * ratio
        pace, reach = (0.15, 0.42) if self._steam else (0.12, 0.62)
        lean = self._side * (0.1 + 0.9 * self._wind) * risen**1.5
        waver = 0.16 * np.sqrt(risen * (risen + half)) * np.sin(9 * risen - 1.9 * time * pace / 0.11)
        middle = self._source.x * ratio + lean + waver
        width = half * (0.85 + (0.3 if self._steam else 0.9) * risen / (half + 0.02)) + 0.1 * risen
        across = (x[np.newaxis] - middle) / width
        body = np.exp(-(across**2) * 1.3)
        wisps = self._wisps(across, risen, time * pace)
        front = np.clip((abs(time) * pace * 1.6 + 0.02 - risen) / 0.12, 0, 1)
        base = np.clip(risen / (0.035 if self._steam else 0.015), 0, 1)
        fade = np.exp(-((risen / reach) ** 2)) * front * base * smoothstep(abs(time) / 1.2)
        most = 0.68 if self._steam else 0.8
        return np.asarray(np.clip(most * body * wisps * fade, 0, 1), np.float32)

    def over(self, seen: Picture, weight: Field) -> Picture:
        """The picture behind the plume; `weight` (0..1) on the output's pixels."""
        veil = np.broadcast_to(self.shade.astype(np.uint8), seen.shape)
        return np.asarray(cv2.blendLinear(seen, np.ascontiguousarray(veil), 1 - weight, weight), np.uint8)

    def _wisps(self, across: Field, risen: Field, gone: float) -> Field:
        """Curls that rise and are drawn apart, 0..1."""
        total = np.zeros(across.shape, np.float32)
        for curl, (wide, long, quick, part) in zip(
            self._curls, ((8.0, 48.0, 1.0, 0.6), (9.0, 52.0, 1.3, 0.5)), strict=True
        ):
            down = (risen - gone * quick) * long + 0 * across
            places = np.stack((across * wide + 9 * np.sin(down / 23), down), axis=-1) % TILE
            padded = np.pad(curl, ((0, 2), (0, 2)), mode="wrap")
            total += np.float32(part) * cv2.remap(padded, places.astype(np.float32), None, cv2.INTER_LINEAR)
        return np.asarray(np.clip(0.74 + 0.46 * total, 0.08, 1.3), np.float32)
