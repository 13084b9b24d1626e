"""Cloth that moves: the largest patch of the colour that the prompt gives a flag, a curtain or a dress.

A colour makes it sure which part of the picture is meant; without one, cloth moves only if a single coloured patch
stands out, and less. What is near the patch's upper end hangs or is held there and stays, and so do its sides; waves
run from it to the free end and grow on their way.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.regions import Regions
from vitascope.filmset.photo.script import Script
from vitascope.filmset.photo.warp import Field, Map

HUES = {
    "red": (345, 14), "orange": (14, 38), "yellow": (40, 66), "gold": (34, 54), "green": (70, 165),
    "teal": (160, 195), "blue": (195, 255), "purple": (255, 305), "pink": (300, 350),
}  # fmt: skip
"""Degrees of the colour circle, from and to."""
APART = ("red", "orange", "yellow", "green", "blue", "purple", "pink")
"""Colours that are tried where the prompt names none: only if one alone is there as one patch is it the cloth."""
UNSURE = 0.5  # such cloth moves less
LEAST, MOST = 0.01, 0.3  # of the picture
ALONE, ALL = 0.6, 0.9  # share of all that has the colour that must be in one patch: if it is named, and if not
EDGE = 0.16  # share of the width over which cloth comes to rest at its sides
WAVE = 0.16  # length of a wave, a share of the unit
SPEED = 0.30  # of the unit a second
SHADE = 0.17  # log brightness between the two sides of a fold, in a fresh wind
SWING = 0.0055  # of the unit, in a fresh wind


def find_cloth(regions: Regions, script: Script) -> Field | None:
    """How freely each part of the cloth moves, 0..1 on the look's pixels; None where no patch is sure."""
    if Stir.CLOTH not in script.stirs or regions.graphic:
        return None
    if script.cloth is not None:
        return _free(regions, _patch(regions, script.cloth))
    nature = np.maximum.reduce([regions.sky, regions.water, regions.foliage])
    patches = [patch for patch in (_patch(regions, colour, ALL) for colour in APART) if patch is not None]
    made = [patch for patch in patches if nature[patch].mean() < 0.3 and regions.rigid[patch].mean() < 0.3]
    one = _free(regions, made[0]) if len(made) == 1 else None
    return None if one is None else np.asarray(UNSURE * one, np.float32)


def _patch(regions: Regions, colour: str, alone: float = ALONE) -> NDArray[np.bool_] | None:
    """The one patch that has nearly all of a colour; None where there is none, or it is too small or large."""
    mask = _coloured(regions, colour)
    if mask is None:
        return None
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 1:
        return None
    part = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    area = int(stats[part, cv2.CC_STAT_AREA])
    sure = LEAST < area / mask.size < MOST and area >= alone * mask.sum()
    return np.asarray(labels == part, np.bool_) if sure else None


def _free(regions: Regions, patch: NDArray[np.bool_] | None) -> Field | None:
    """How freely a patch hangs: not at all at its upper end and its sides."""
    if patch is None:
        return None
    rows = np.nonzero(patch.any(axis=1))[0]
    hang = np.clip((np.arange(patch.shape[0]) - rows[0]) / max(1, len(rows)), 0, 1)[:, np.newaxis] ** 0.8
    inner = regions.look.blurred(patch.astype(np.float32), 0.008)
    return np.asarray(np.clip(1.7 * inner - 0.5, 0, 1) * hang * _between_sides(patch), np.float32)


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
