"""Lightning: flashes that light up the sky and, less, the land; and the bolt itself where there is sky to see it in."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import cv2
import numpy as np

from vitascope.filmset.photo.regions import Regions
from vitascope.filmset.photo.warp import Field
from vitascope.values import Picture

FIRST = (0.7, 1.3)  # seconds until the first flash: the picture is seen unlit before
APART = (2.3, 4.2)  # seconds between flashes; never more than three changes of light a second
CALM = 1.0  # seconds before the clip's end without a new flash
SKY, LAND = 0.85, 0.38  # how much brighter (log) sky and land become
TINT = (0.94, 0.98, 1.12)
BOLT = 0.16  # seconds in which the bolt is seen
ENOUGH_SKY = 0.08


@dataclass(frozen=True, slots=True)
class Flash:
    """One flash: when (s), where (-1 left .. 1 right), how strong (0..1)."""

    time: float
    pan: float
    strength: float

    def light(self, time: float) -> float:
        """How bright it is at a time: it strikes, dips and strikes again."""
        age = time - self.time
        if age < 0:
            return 0.0
        again = 0.7 * math.exp(-(age - 0.2) / 0.14) if age > 0.2 else 0.0
        return self.strength * min(1.0, math.exp(-age / 0.1) + again)


def flashes(seed: int, seconds: float) -> tuple[Flash, ...]:
    """The flashes of a clip, by the seed; what is seen and what is heard both come from here."""
    random = np.random.default_rng((seed, 43))
    found, time = [], float(random.uniform(*FIRST))
    while time < seconds - CALM:
        found.append(Flash(time, float(random.uniform(-0.7, 0.7)), float(random.uniform(0.7, 1.0))))
        time += float(random.uniform(*APART))
    return tuple(found)


class Lightning:
    """The flashes over one picture."""

    def __init__(self, regions: Regions, seed: int, seconds: float) -> None:
        self._flashes, self._seed = flashes(seed, seconds), seed
        self._sky = regions.sky if float(regions.sky.mean()) > ENOUGH_SKY and not regions.graphic else None

    def gain(self, time: float) -> Field | None:
        """The log of how much brighter each part of the picture is; None between flashes. Any resolution."""
        light = sum(flash.light(time) for flash in self._flashes)
        if light < 0.01:
            return None
        if self._sky is None:
            return np.full((8, 8), 0.8 * LAND * light, np.float32)
        soft = cv2.GaussianBlur(self._sky, (0, 0), 6.0)
        return np.asarray(np.float32(light) * (LAND + (SKY - LAND) * np.minimum(soft, 1)), np.float32)

    def bolt(self, time: float) -> Field | None:
        """The bolt's brightness 0..1.5 over the picture, behind all that is not sky; None when there is none."""
        struck = [flash for flash in self._flashes if 0 <= time - flash.time < BOLT]
        if self._sky is None or not struck:
            return None
        flash = struck[-1]
        rows, columns = (2 * side for side in self._sky.shape)
        layer = np.zeros((rows, columns), np.float32)
        random = np.random.default_rng((self._seed, 47, round(flash.time * 1000)))
        lowest = float(np.quantile(np.nonzero(self._sky > 0.5)[0], 0.95)) * 2
        start = np.array([(0.5 + 0.38 * flash.pan) * columns, -0.02 * rows])
        _strike(layer, start, start + np.array([random.normal(0, 0.07) * columns, lowest * 1.05]), random, 2.0, 0)
        glow = layer + 0.9 * cv2.GaussianBlur(layer, (0, 0), 2.0) + 1.6 * cv2.GaussianBlur(layer, (0, 0), 9.0)
        fade = flash.strength * (1 - (time - flash.time) / BOLT) ** 0.5
        return np.asarray(np.minimum(glow, 1.5) * cv2.resize(self._sky, (columns, rows)) * np.float32(fade), np.float32)


def _strike(
    layer: Field, start: np.ndarray, end: np.ndarray, random: np.random.Generator, wide: float, depth: int
) -> None:
    """A jagged line from start to end with branches that leave it downwards."""
    points = [start, end]
    rough = 0.16 * float(np.linalg.norm(end - start))
    for _ in range(6):
        middles = [(one + two) / 2 + random.normal(0, rough, 2) * [1, 0.4] for one, two in itertools.pairwise(points)]
        points = [point for pair in zip(points, middles, strict=False) for point in pair] + [points[-1]]
        rough *= 0.52
    line = np.rint(np.array(points) * 16).astype(np.int32)
    cv2.polylines(layer, [line], False, 1.0 / (1 + depth), max(1, round(wide)), cv2.LINE_AA, 4)
    if depth < 2:
        for place in random.choice(len(points) - 8, 3 - depth, replace=False):
            away = np.array([random.choice([-1, 1]) * random.uniform(0.3, 0.9), random.uniform(0.5, 1.0)])
            branch = points[place] + away * np.linalg.norm(end - start) * random.uniform(0.15, 0.32)
            _strike(layer, points[place], branch, random, 1.0, depth + 1)


def flashed(picture: Picture, gain: Field) -> Picture:
    """The picture in the light of a flash (log gain: height x width)."""
    shine = np.exp(gain)[..., np.newaxis]
    lift = 26 * np.minimum(gain, 1)[..., np.newaxis] * np.array(TINT, np.float32)
    lit = picture * (1 + (shine - 1) * np.array(TINT, np.float32)) + lift
    return np.asarray(np.clip(np.rint(lit), 0, 255), np.uint8)
