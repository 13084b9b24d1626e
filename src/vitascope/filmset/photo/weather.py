"""Weather in front of a picture: rain, snow and mist by depth.

Every drop has its own way that depends on the seed and the time alone. `strength` 0..1 lets the weather begin (or end)
at a given picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.noise import clouds, read_tiled
from vitascope.filmset.photo.warp import Field, smoothstep
from vitascope.filmset.scene.scene import Scene, Weather
from vitascope.values import Picture, Size

SUBPIXEL = 4  # bits after the point in drawing coordinates


@dataclass(frozen=True, slots=True)
class DropSheet:
    """Drops or flakes at one distance: how many on a 16:9 picture, their size and speed (picture heights a second)."""

    count: int
    size: float
    speed: float
    brightness: float
    soft: float = 0.0


RAIN = (DropSheet(420, 0.0011, 1.5, 0.24), DropSheet(200, 0.0019, 2.1, 0.34), DropSheet(60, 0.0030, 2.9, 0.42, 0.0014))
SNOW = (
    DropSheet(620, 0.0026, 0.10, 0.75, 0.0004),
    DropSheet(260, 0.0050, 0.16, 0.85, 0.0010),
    DropSheet(80, 0.0092, 0.25, 0.85, 0.0030),
    DropSheet(14, 0.0190, 0.40, 0.55, 0.0085),
)

ONSET = 1.6  # seconds in which weather sets in; fog takes as long as it can
THICK = 1.2  # mean optical depth of the fog when it is all there: without fog's own law it would come at once

DIMMED = {Weather.RAIN: 0.14, Weather.STORM: 0.26, Weather.SNOW: 0.17}


class Overcast:
    """The scene's weather in front of one picture, whose light it takes on."""

    def __init__(self, scene: Scene, picture: Picture, seed: int) -> None:
        size = Size(picture.shape[1], picture.shape[0])
        self._weather, self._wind, self._size = scene.weather, scene.wind, size
        self._shade = mist_shade(picture)
        random = np.random.default_rng((seed, 12))
        self._mist = (
            clouds((72, 192), 22, random) if scene.weather in (Weather.FOG, Weather.RAIN, Weather.STORM) else None
        )
        self._sheets = {Weather.RAIN: RAIN, Weather.STORM: RAIN, Weather.SNOW: SNOW}.get(scene.weather, ())
        area = min(1.6, size.ratio / (16 / 9)) if size.ratio < 16 / 9 else size.ratio / (16 / 9)
        self._drops = [_Drops.of(sheet, area, random) for sheet in self._sheets]

    @property
    def clear(self) -> bool:
        """Whether the air shows nothing."""
        return self._weather not in (Weather.RAIN, Weather.STORM, Weather.SNOW, Weather.FOG)

    def strength(self, time: float, most: float) -> float:
        """How far the weather has set in (0..1) `time` seconds from a given picture, at most `most` seconds away."""
        if self._weather is not Weather.FOG:
            return smoothstep(time / ONSET)
        share = min(1.0, max(0.0, time / max(most, 1e-6)))
        return -math.log1p(-share * (1 - math.exp(-THICK))) / THICK

    def over(self, picture: Picture, near: Field, time: float, strength: float) -> Picture:
        """The picture in this weather. `near` (any resolution, 0 far .. 1 near) says how much mist lies before it."""
        if self.clear or strength <= 0:
            return picture
        if self._mist is not None:
            thickness = 1.7 if self._weather is Weather.FOG else 0.5
            picture = misted(picture, near, self._mist, time, thickness * strength, self._wind, self._shade)
        picture = _dimmed(picture, 1 - DIMMED.get(self._weather, 0.0) * strength)
        if not self._sheets:
            return picture
        clear = np.ones(picture.shape[:2], np.float32)
        for sheet, drops in zip(self._sheets, self._drops, strict=True):
            clear = cv2.multiply(clear, 1 - self._falling(sheet, drops, time, strength))
        light = np.full_like(picture, 246 if self._weather is Weather.SNOW else 214)
        return np.asarray(cv2.blendLinear(picture, light, clear, 1 - clear), np.uint8)

    def _falling(self, sheet: DropSheet, drops: _Drops, time: float, strength: float) -> Field:
        """How much of each pixel a sheet covers, 0..1."""
        layer = np.zeros((self._size.height, self._size.width), np.uint8)
        if self._weather is Weather.SNOW:
            _draw_flakes(layer, sheet, drops, time, strength, self._wind)
        else:
            _draw_streaks(layer, sheet, drops, time, strength, self._wind)
        if sheet.soft:
            layer = cv2.GaussianBlur(layer, (0, 0), sheet.soft * self._size.width)
        return np.asarray(layer, np.float32) * np.float32(sheet.brightness / 255)


@dataclass(frozen=True, eq=False)
class _Drops:
    """Where the drops of a sheet start (shares of the picture), how they differ, and in which order they set in."""

    start: NDArray[np.float64]
    pace: NDArray[np.float64]
    phase: NDArray[np.float64]
    order: NDArray[np.float64]

    @classmethod
    def of(cls, sheet: DropSheet, area: float, random: np.random.Generator) -> _Drops:
        count = max(4, round(sheet.count * area))
        return cls(
            random.uniform(0, 1, (count, 2)),
            random.uniform(0.75, 1.3, count),
            random.uniform(0, 2 * np.pi, count),
            random.uniform(0, 1, count),
        )

    def places(self, speed: float, slant: float, time: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Across (0..1 and a little beyond) and down (-0.1..1.1) of every drop; a drop that is through starts anew
        elsewhere."""
        fallen = (self.start[:, 1] * 1.2 + speed * self.pace * time) / 1.2
        turns = np.floor(fallen)
        down = (fallen - turns) * 1.2 - 0.1
        across = (self.start[:, 0] + 0.618034 * turns + slant * down) % 1.1 - 0.05
        return across, down


def _draw_streaks(
    layer: NDArray[np.uint8], sheet: DropSheet, drops: _Drops, time: float, strength: float, wind: float
) -> None:
    """Rain: each drop a streak as long as it falls while the shutter is open."""
    height, width = layer.shape
    slant = 0.10 + 0.45 * wind
    across, down = drops.places(sheet.speed, slant * height / width, time)
    tail = 0.021 * sheet.speed * drops.pace
    heads = np.stack((across * width, down * height), axis=-1)
    tails = heads - np.stack((tail * slant * height, tail * height), axis=-1)
    thick = max(1, round(sheet.size * width * 0.75))
    for number in np.nonzero(drops.order < strength)[0]:
        _line(layer, tails[number], heads[number], thick)


def _line(layer: NDArray[np.uint8], start: NDArray[np.float64], end: NDArray[np.float64], thick: int) -> None:
    one, two = ([round(value * 2**SUBPIXEL) for value in point] for point in (start, end))
    cv2.line(layer, one, two, 255, thick, cv2.LINE_AA, SUBPIXEL)


def _draw_flakes(
    layer: NDArray[np.uint8], sheet: DropSheet, drops: _Drops, time: float, strength: float, wind: float
) -> None:
    """Snow: flakes that sink, sway and drift with the wind, no two of one size."""
    height, width = layer.shape
    drift = (0.06 + 0.5 * wind) * sheet.speed * time
    across, down = drops.places(sheet.speed, 0.0, time)
    sway = 0.012 * np.sin(1.3 * time * drops.pace + drops.phase) + 0.005 * np.sin(3.1 * time + 2 * drops.phase)
    across = (across + 0.05 + drift * drops.pace + sway * (sheet.speed / 0.16)) % 1.1 - 0.05
    sizes = sheet.size * width * (0.55 + 0.6 * (drops.phase / (2 * np.pi)) ** 2)
    for number in np.nonzero(drops.order < strength)[0]:
        centre = [round(value * 2**SUBPIXEL) for value in (across[number] * width, down[number] * height)]
        tone = int(150 + 105 * ((drops.phase[number] * 7.3) % 1))
        cv2.circle(
            layer, centre, max(8, round(float(sizes[number]) / 2 * 2**SUBPIXEL)), tone, -1, cv2.LINE_AA, SUBPIXEL
        )


def misted(
    picture: Picture, near: Field, mist: Field, time: float, thickness: float, wind: float, shade: NDArray[np.float64]
) -> Picture:
    """Mist of a colour that lies thicker before what is far, in slow banks."""
    height, width = picture.shape[:2]
    shape = (max(8, height // 8), max(8, width // 8))
    zoom, drift = shape[1] / 130, time * (2.5 + 5 * wind)
    one = read_tiled(mist, drift, 0.0, shape, zoom)
    two = read_tiled(mist, 60 - 0.6 * drift, 30.0, shape, zoom * 0.6)
    far = 1 - cv2.resize(np.asarray(near, np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    amount = 1 - np.exp(-np.float32(thickness) * (0.25 + 0.6 * one + 0.4 * two) * (0.18 + 0.82 * far * far))
    weight = cv2.resize(np.asarray(amount, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    banks = np.clip((0.9 + 0.2 * two)[..., np.newaxis] * np.asarray(shade, np.float32), 0, 255).astype(np.uint8)
    veil = cv2.resize(banks, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.blendLinear(picture, veil, 1 - weight, weight), np.uint8)


def mist_shade(picture: Picture) -> NDArray[np.float64]:
    """The colour that mist takes on in the light of a picture."""
    bright = np.quantile(picture[::8, ::8].reshape(-1, 3), 0.8, axis=0)
    return np.asarray(np.clip(0.75 * bright.mean() + 0.25 * bright + 18, 30, 235), np.float64)


def _dimmed(picture: Picture, share: float) -> Picture:
    """The picture under a darker, cooler sky."""
    gains = np.array([share**1.2, share, share**0.8])
    table = np.clip(np.rint(np.arange(256)[:, np.newaxis] * gains), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table[:, np.newaxis]), np.uint8)
