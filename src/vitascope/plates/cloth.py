"""Cloth that moves: the largest patch of the colour that the prompt gives a flag, a curtain or a dress.

Only a colour makes it sure which part of the picture is meant. What is near the patch's upper end hangs or is held
there and stays; waves run from it to the free end and grow on their way.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.plates.regions import Regions
from vitascope.plates.warp import Field, Map

HUES = {
    "red": (345, 14), "orange": (14, 38), "yellow": (40, 66), "gold": (34, 54), "green": (70, 165),
    "teal": (160, 195), "blue": (195, 255), "purple": (255, 305), "pink": (300, 350),
}  # fmt: skip
"""Degrees of the colour circle, from and to."""
LEAST, MOST = 0.01, 0.3  # of the picture
ALONE = 0.6  # share of all that has the colour that must be in one patch
EDGE = 0.16  # share of the width over which cloth comes to rest at its sides
WAVE = 0.16  # length of a wave, a share of the unit
SPEED = 0.30  # of the unit a second
SHADE = 0.17  # log brightness between the two sides of a fold, in a fresh wind
SWING = 0.0055  # of the unit, in a fresh wind


def find_cloth(regions: Regions, colour: str | None) -> Field | None:
    """How freely each part of the cloth moves, 0..1 on the look's pixels; None where no patch is sure."""
    if colour is None or regions.graphic:
        return None
    mask = _coloured(regions, colour)
    if mask is None:
        return None
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 1:
        return None
    part = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    area = int(stats[part, cv2.CC_STAT_AREA])
    if not LEAST < area / mask.size < MOST or area < ALONE * mask.sum():
        return None
    top, high = int(stats[part, cv2.CC_STAT_TOP]), int(stats[part, cv2.CC_STAT_HEIGHT])
    free = np.clip((np.arange(mask.shape[0]) - top) / max(1, high), 0, 1)[:, np.newaxis] ** 0.8
    patch = labels == part
    inner = regions.look.blurred(patch.astype(np.float32), 0.008)
    return np.asarray(np.clip(1.7 * inner - 0.5, 0, 1) * free * _between_sides(patch), np.float32)


def _between_sides(patch: NDArray[np.bool_]) -> Field:
    """0 at a patch's left and right ends, where masts and bodies are, 1 well between them."""
    columns = np.arange(patch.shape[1])[np.newaxis]
    left = np.argmax(patch, axis=1)[:, np.newaxis]
    right = patch.shape[1] - 1 - np.argmax(patch[:, ::-1], axis=1)[:, np.newaxis]
    inside = np.minimum(columns - left, right - columns) / np.maximum(1.0, EDGE * (right - left))
    return np.asarray(cv2.GaussianBlur(np.clip(inside, 0, 1).astype(np.float32), (0, 0), 2.0), np.float32)


def _coloured(regions: Regions, colour: str) -> NDArray[np.uint8] | None:
    """Where the picture has a colour and is nobody's skin; None for names that say no hue."""
    look = regions.look
    value, pure = look.rgb.max(axis=-1), look.saturation
    if colour in HUES:
        hue = cv2.cvtColor(look.rgb / 255, cv2.COLOR_RGB2HSV)[..., 0]
        low, high = HUES[colour]
        within = (hue >= low) & (hue <= high) if low < high else (hue >= low) | (hue <= high)
        mask = within & (pure > 0.38) & (value > 50)
    elif colour in ("white", "silver"):
        mask = (pure < 0.2) & (value > 175) & (regions.sky < 0.2)
    else:
        return None
    filled = cv2.morphologyEx(
        (mask & (regions.skin < 0.5)).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)
    )
    return np.asarray(cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)


def _phases(x: Field, y: Field, wind: float, time: float) -> tuple[Field, Field]:
    """Where in its wave each place (in units) is: of a long one and a short one, radians."""
    run = np.float32(2 * np.pi * SPEED * (0.6 + wind) / WAVE * time)
    long, short = 2 * np.pi * (0.8 * x + 0.45 * y) / WAVE, 2 * np.pi * (1.3 * x + 1.1 * y) / WAVE
    return np.asarray(long - run, np.float32), np.asarray(short - 1.6 * run, np.float32)


def shaded(shape: tuple[int, int], wind: float, time: float) -> Field:
    """Log brightness of the folds that run through cloth, on cells over the picture."""
    rows, columns = shape
    x = np.broadcast_to(np.linspace(0, 1, columns, dtype=np.float32)[np.newaxis], shape)
    y = np.broadcast_to(np.linspace(0, rows / columns, rows, dtype=np.float32)[:, np.newaxis], shape)
    long, short = _phases(x, y, wind, time)
    strength = np.float32(SHADE * (0.4 + wind))
    return np.asarray((np.cos(long) + 0.3 * np.cos(short)) * strength, np.float32)


def waving(nodes: Map, unit: float, wind: float, time: float) -> Map:
    """How far cloth looks aside at each node, in pixels: waves that run down and across."""
    long, short = _phases(nodes[..., 0] / unit, nodes[..., 1] / unit, wind, time)
    across, down = np.sin(long) + 0.4 * np.sin(short), 0.8 * np.cos(long)
    swing = np.float32(SWING * (0.5 + 1.4 * wind) * unit)
    return np.asarray(np.stack((across, down), axis=-1) * swing, np.float32)
