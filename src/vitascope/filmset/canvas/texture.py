"""What makes flat shapes look painted: tileable noise, grain, rim light and ground haze, done once per layer."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.canvas.palette import Colour
from vitascope.filmset.canvas.random_streams import Floats, random_stream

TILE = 512
ROWS = 32


@lru_cache(maxsize=8)
def noise(seed: int, slope: float = 1.4, stretch: float = 1.0) -> NDArray[np.float32]:
    """Tileable 1/f noise, (TILE, TILE) float32 with mean 0 and deviation 1; `stretch` > 1 draws it out sideways."""
    rng = random_stream(seed, "noise")
    white = np.fft.rfft2(rng.standard_normal((TILE, TILE)))
    fy = np.fft.fftfreq(TILE)[:, None] / stretch**0.5
    fx = np.fft.rfftfreq(TILE)[None, :] * stretch
    radius = np.hypot(fx, fy)
    radius[0, 0] = 1.0
    field = np.fft.irfft2(white * radius**-slope * (radius > 1.2 / TILE), s=(TILE, TILE))
    return np.asarray((field - field.mean()) / field.std(), np.float32)


def sample(field: NDArray[np.float32], x: Floats, y: Floats) -> NDArray[np.float32]:
    """A tile's values at (x, y) in tiles, wrapped, bilinear."""
    size = field.shape[0]
    x, y = x * size, y * size
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = (x - left).astype(np.float32), (y - top).astype(np.float32)
    left, top = left % size, top % size
    right, bottom = (left + 1) % size, (top + 1) % size
    upper = field[top, left] * (1 - fx) + field[top, right] * fx
    lower = field[bottom, left] * (1 - fx) + field[bottom, right] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, np.float32)


def rows_of(field: NDArray[np.float32], us: Floats, vs: Floats) -> NDArray[np.float32]:
    """A tile's values on the grid vs x us (tiles): the quick way where both axes are independent."""
    size = field.shape[0]
    rows = field[np.floor(vs * size).astype(np.int64) % size]
    return np.asarray(rows[:, np.floor(us * size).astype(np.int64) % size])


def grained(layer: NDArray[np.uint8], us: Floats, vs: Floats, seed: int, depth: float, scale: float) -> None:
    """Vary a layer's brightness in place by noise; `us`, `vs` are its columns and rows in picture heights."""
    factors = np.clip(1 + depth * 0.5 * noise(seed), 0.4, 1.7)
    rows = np.floor(vs * scale * TILE).astype(np.int64) % TILE
    columns = np.floor(us * scale * TILE).astype(np.int64) % TILE
    # Some rows and one channel at a time stay in the processor's cache: sixteen times as fast as all at once.
    for start in range(0, len(rows), ROWS):
        part = layer[start : start + ROWS]
        factor = factors[rows[start : start + ROWS]][:, columns]
        for channel in range(3):
            varied = part[..., channel] * factor
            part[..., channel] = np.minimum(varied, part[..., 3], out=varied)


def rimmed(layer: NDArray[np.uint8], dx: int, dy: int, tint: Colour, strength: float) -> None:
    """Add light in place along the edges that face (dx, dy) pixels."""
    alpha = layer[..., 3].astype(np.int16)
    away = np.roll(alpha, (-dy, -dx), (0, 1))
    edge = np.clip(alpha - away, 0, 255).astype(np.float32) * (strength / 255)
    light = np.asarray(tint[::-1], np.float32) * 255
    lit = layer[..., :3] + edge[..., None] * light
    layer[..., :3] = np.minimum(lit, layer[..., 3:]).astype(np.uint8)


def hazed(layer: NDArray[np.uint8], vs: Floats, top: float, bottom: float, tint: Colour, strength: float) -> None:
    """Let mist pool in place towards the foot of a layer: none at `top`, `strength` at `bottom` (v)."""
    share = (np.clip((vs - top) / max(bottom - top, 1e-6), 0, 1) ** 1.5 * strength).astype(np.float32)[:, None, None]
    target = np.asarray(tint[::-1], np.float32) * layer[..., 3:]
    layer[..., :3] = np.minimum(layer[..., :3] * (1 - share) + target * share, layer[..., 3:]).astype(np.uint8)
