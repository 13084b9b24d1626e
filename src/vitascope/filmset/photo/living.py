"""What moves by itself: leaves sway, water ripples and glints, lamps flicker; where nothing does, the light wanders.

All of it is smooth in space and time and exactly nothing at the moment when the picture was given. Times are seconds
from that moment (negative before it). Fields belong to the picture, so they travel with it when the camera moves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.cloth import find_cloth, shaded, waving
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.nightsky import Stars
from vitascope.filmset.photo.noise import read_tiled, smooth_noise
from vitascope.filmset.photo.regions import Regions
from vitascope.filmset.photo.script import NOTHING_NAMED, Script
from vitascope.filmset.photo.warp import Field, Grid, Map, smoothstep
from vitascope.filmset.scene.scene import Mover

RISE = 1.2  # seconds in which swaying and rippling grow from nothing
RUN, GUSTY = 2.2, 2.0  # nodes a second that ripples run, and how much faster in full wind
RIPPLE = 6.5  # nodes from one ripple to the next: what noise of this fineness has most of
CHOIRS = 6  # groups of lights that flicker each in their own way
FINE = 3  # pixels a cell of the brightness field at 864 pixels' width
WANDER = 0.085  # how much the light changes where nothing else moves

LIVELY = 0.25  # how much of the picture must move for the light to stay as it is


@dataclass(frozen=True, eq=False)
class _Noises:
    """Tiling noise on the nodes: broad and fine, two of each, so that they can slide over each other."""

    broad: tuple[Field, Field]
    fine: tuple[Field, Field]

    @classmethod
    def of(cls, shape: tuple[int, int], random: np.random.Generator) -> _Noises:
        one, two = (tuple(smooth_noise(shape, radius, random) for _ in range(2)) for radius in (7.0, 2.6))
        return cls((one[0], one[1]), (two[0], two[1]))


def ripple_period(wind: float) -> float:
    """Seconds from one ripple to the next, as `LivingParts` lets them run in."""
    return RIPPLE / (RUN + GUSTY * wind)


class LivingParts:
    """The moving parts of one picture. `lonely`: nothing else will move, so the light must where no part does."""

    def __init__(
        self, regions: Regions, grid: Grid, wind: float, seed: int, lonely: bool, script: Script = NOTHING_NAMED
    ) -> None:
        random = np.random.default_rng((seed, 7))
        self._grid, self._wind = grid, wind
        self._scale = grid.unit / 864
        self._noises = _Noises.of(grid.shape, random)
        self._foliage, self._water = grid.reduce(regions.foliage), grid.reduce(regions.water)
        self._shape = (max(8, round(grid.size.height / self._cell)), max(8, round(grid.size.width / self._cell)))
        self._glints = _Glints.of(regions.water, self._shape, random)
        self._stars = Stars(regions, seed, Stir.TWINKLE in script.stirs)
        lamps = _choirs(regions.lights, self._shape, random)
        if lamps is not None and {Stir.FLAME, Stir.NEON} & script.stirs:
            self._stars.found = False  # the prompt says what the points of light are
        if Stir.TWINKLE in script.stilled or script.stands(Mover.LIGHTS, Stir.TWINKLE):
            self._stars.found = False
        self._choirs = None if self._stars.found else lamps
        self._temper = _temper(script)
        cloth = find_cloth(regions, script)
        self._cloth = None if cloth is None else grid.reduce(cloth)
        self._folds = None if cloth is None else cv2.resize(cloth, (self._shape[1], self._shape[0]))
        self._wander = WANDER * max(0.0, 1 - self._liveliness(regions) / LIVELY) if lonely and cloth is None else 0.0
        bright = cv2.resize(cv2.GaussianBlur(regions.look.luma, (0, 0), 8.0), (self._shape[1], self._shape[0]))
        self._headroom = np.log(np.maximum(255 / np.maximum(bright, 1), 1.03)).astype(np.float32)  # white stays paper
        self._wandering = None if regions.graphic else _wandering(self._shape, random)

    @property
    def _cell(self) -> float:
        return max(1.0, FINE * self._scale)

    def _liveliness(self, regions: Regions) -> float:
        """About how much of the picture is seen moving, 0..1."""
        glow = 0.0 if self._choirs is None else float(self._choirs.sum(axis=0).mean())
        glow += LIVELY / 2 if self._stars.found else 0.0
        parts = (regions.foliage.mean(), 0.6 * regions.water.mean(), 0.6 * regions.clouds * regions.sky.mean(), glow)
        return float(sum(parts))

    @property
    def sways(self) -> bool:
        """Whether leaves were found."""
        return float(self._foliage.max()) > 0.05

    @property
    def ripples(self) -> bool:
        """Whether water was found."""
        return float(self._water.max()) > 0.05

    @property
    def billows(self) -> bool:
        """Whether cloth was named and found."""
        return self._cloth is not None

    @property
    def twinkles(self) -> bool:
        """Whether stars were found."""
        return self._stars.found

    @property
    def flickers(self) -> bool:
        """Whether lights were found."""
        return self._choirs is not None

    def shift(self, time: float) -> Map | None:
        """How far from its place each node looks at a time, in pixels; None where nothing moves."""
        rise = smoothstep(abs(time) / RISE)
        if rise == 0 or not (self.sways or self.ripples or self.billows):
            return None
        total = np.zeros((*self._grid.shape, 2), np.float32)
        if self.sways:
            total += self._sway(time) * self._foliage[..., np.newaxis]
        if self.ripples:
            total += self._ripple(time) * self._water[..., np.newaxis]
        total *= np.float32(rise * self._scale)
        if self._cloth is not None:
            cloth = waving(self._grid.nodes, self._grid.unit, self._wind, time)
            total += cloth * (self._cloth * np.float32(rise))[..., np.newaxis]
        return total

    def _sway(self, time: float) -> Map:
        """Gusts run through the leaves; single twigs tremble in them."""
        gust = time * (3.0 + 6.0 * self._wind)  # nodes that the gusts have gone
        broad = [
            self._read(noise, gust * pace, 0.35 * gust)
            for noise, pace in zip(self._noises.broad, (1, 0.8), strict=True)
        ]
        fine = [
            self._read(noise, gust * pace, -0.5 * gust)
            for noise, pace in zip(self._noises.fine, (0.9, 0.7), strict=True)
        ]
        strength = np.float32(0.7 + 2.0 * self._wind)
        across = 0.9 * broad[0] + 0.35 * fine[0]
        return np.stack((strength * across, strength * (0.25 * broad[1] + 0.3 * fine[1])), axis=-1)

    def _ripple(self, time: float) -> Map:
        """Level waves run towards the viewer."""
        drift = time * (RUN + GUSTY * self._wind)
        near = self._read(self._noises.fine[0], 0.2 * drift, -drift)
        far = self._read(self._noises.fine[1], -0.3 * drift, -0.7 * drift)
        return np.stack((np.float32(1.1) * near, np.float32(0.5) * far), axis=-1)

    def _read(self, noise: Field, across: float, down: float) -> Field:
        return read_tiled(noise, -across, -down, self._grid.shape)

    def light(self, time: float) -> Field | None:
        """By which factor each cell of the picture is brighter at a time; None where nothing changes."""
        total = np.zeros(self._shape, np.float32)
        if self._glints is not None:
            total += self._glints.at(time) * np.float32(smoothstep(abs(time) / RISE))
        if self._choirs is not None:
            for number, choir in enumerate(self._choirs):
                total += choir * np.float32(self._temper(time, number))
        stars = self._stars.light(time)
        if stars is not None:
            total += cv2.resize(stars, (self._shape[1], self._shape[0]), interpolation=cv2.INTER_LINEAR)
        if self._folds is not None:
            folds = shaded(self._shape, self._wind, time)
            total += self._folds * folds * np.float32(smoothstep(abs(time) / RISE))
        if self._wander:
            passing = np.float32(self._wander) * self._passing(time)
            total += np.where(passing > 0, self._headroom * np.tanh(passing / self._headroom), passing)
        if not total.any():
            return None
        return np.asarray(np.exp(total), np.float32)

    def _passing(self, time: float) -> Field:
        """How the light has changed where nothing else moves: patches wander over a photograph; over flat artwork
        they would look like dirt, so one wide soft shadow passes after the other, as wide as the picture: steadily.
        """
        if self._wandering is not None:
            gone = time * 0.075 * self._shape[1]
            return read_tiled(self._wandering, -gone, 0.3 * gone, self._shape) - self._wandering
        rows, columns = self._shape
        along = np.linspace(0, 1, columns)[np.newaxis] + 0.35 * np.linspace(0, rows / columns, rows)[:, np.newaxis]
        now = np.exp(1.6 * (np.cos(math.tau * (along + 0.5 - 0.12 * time)) - 1))
        return np.asarray(-1.6 * math.sin(min(abs(time) / 3.0, 1.0) * math.pi / 2) * now, np.float32)


@dataclass(frozen=True, eq=False)
class _Glints:
    """Light that plays on water: two sheets of level waves slide over each other, finer towards the horizon."""

    mask: Field
    sheets: tuple[Field, Field]
    places: Map

    @classmethod
    def of(cls, water: Field, shape: tuple[int, int], random: np.random.Generator) -> _Glints | None:
        if float(water.max()) <= 0.05:
            return None
        mask = cv2.resize(water, (shape[1], shape[0]))
        top = int(np.nonzero(mask.max(axis=1) > 0.3)[0][0])
        rows = np.arange(shape[0], dtype=np.float32)
        depth = np.clip((rows - top) / shape[0], 0, 1) + 0.09  # distance shrinks the waves
        down = np.log(depth / 0.09) * 150
        across = (
            (np.arange(shape[1], dtype=np.float32) - shape[1] / 2)[np.newaxis] * (0.22 / depth)[:, np.newaxis] * 0.8
        )
        places = np.stack((across, np.broadcast_to(down[:, np.newaxis], shape)), axis=-1)
        sheets = tuple(smooth_noise((128, 128), radius, random) for radius in (3.2, 2.4))
        mask = mask * np.clip((depth - 0.09) / 0.05, 0, 1)[:, np.newaxis]
        return cls(np.asarray(mask, np.float32), (sheets[0], sheets[1]), np.asarray(places, np.float32))

    def at(self, time: float) -> Field:
        """Log brightness at a time."""
        seen = []
        for sheet, (across, down) in zip(self.sheets, ((1.6, -5.0), (-2.3, -7.0)), strict=True):
            places = (self.places + np.array([across * time, down * time], np.float32)) % 128
            padded = np.pad(sheet, ((0, 2), (0, 2)), mode="wrap")
            seen.append(cv2.remap(padded, places, None, cv2.INTER_LINEAR))
        return np.asarray(
            self.mask * (0.022 * (seen[0] + seen[1]) + 0.03 * np.maximum(seen[0] * seen[1] - 0.4, 0)), np.float32
        )


def _choirs(lights: Field, shape: tuple[int, int], random: np.random.Generator) -> NDArray[np.float32] | None:
    """The glow around the lights, sorted into groups at random: (groups, rows, columns), or None without lights."""
    count, labels = cv2.connectedComponents((lights > 0.5).astype(np.uint8))
    if count <= 1:
        return None
    group = random.integers(0, CHOIRS, count)
    glows = []
    for number in range(CHOIRS):
        mask = ((group[labels] == number) & (labels > 0)).astype(np.float32)
        core, halo = cv2.GaussianBlur(mask, (0, 0), 2.2), cv2.GaussianBlur(mask, (0, 0), 8.0)
        glows.append(cv2.resize(np.minimum(1, 2.5 * core + 6 * halo), (shape[1], shape[0])))
    return np.stack(glows).astype(np.float32)


def _flicker(time: float, number: int) -> float:
    """Log brightness of a lamp: a slow breath and a quick tremble that never repeat within a clip."""
    slow = math.sin(2.3 * time + 1.7 * number) - math.sin(1.7 * number)
    quick = math.sin((7.1 + 0.9 * number) * time + number) * math.sin((3.3 + 0.4 * number) * time)
    return 0.10 * slow + 0.12 * quick


def _flame(time: float, number: int) -> float:
    """Log brightness of a flame: deep, quick and never the same."""
    pulse = math.sin((9.3 + 0.7 * number) * time + number) + math.sin((14.1 + number) * time + 2 * number)
    gust = math.sin(2.9 * time + 1.3 * number) * math.sin(1.1 * time + number)
    return (0.16 * pulse + 0.2 * gust) * smoothstep(abs(time) / 0.4)


def _buzz(time: float, number: int) -> float:
    """Log brightness of a bad tube: a hum, and now and then it goes out for a moment; only some do."""
    hum = 0.05 * math.sin(19.0 * time + number)
    if number % 3:
        return hum * smoothstep(abs(time) / 0.4)
    share = (0.61 * time + 0.37 * number) % 1
    out = share < 0.05 or 0.09 < share < 0.12
    return (-1.3 if out else hum) * smoothstep(abs(time) / 0.4)


def _temper(script: Script) -> Callable[[float, int], float]:
    """How the lights flicker: as the prompt calls them."""
    if Stir.FLAME in script.stirs:
        return _flame
    return _buzz if Stir.NEON in script.stirs else _flicker


def _wandering(shape: tuple[int, int], random: np.random.Generator) -> Field:
    """Broad patches of light for pictures in which nothing else can move."""
    return smooth_noise(shape, 0.22 * max(shape), random)
