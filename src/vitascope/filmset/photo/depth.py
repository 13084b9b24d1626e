"""How near each part of a picture is, from cues: a guess that is smooth rather than right.

Height in the picture carries nearly all of what can be known without learning; colour and detail add a little. Smooth
and wrong looks good, sharp and wrong looks torn. Where a person is, depth is level, so that faces stay rigid.
"""

from __future__ import annotations

import cv2
import numpy as np

from vitascope.filmset.photo.regions import Look, Regions
from vitascope.filmset.photo.warp import Field, Grid

SMOOTH = 0.035  # blur of the cues, a share of the longer side
FARTHEST = 0.22  # of the width or height from the middle: no push goes to a corner
UNSURE = 0.6  # how much flatter the guess gets where somebody is somewhere
HORIZON = 0.12  # nearness of what stands at the horizon


def nearness(regions: Regions, grid: Grid) -> Field:
    """0 far .. 1 near on the grid's nodes. Flat artwork is level, and a face that fills the
    picture: to whoever looks at a face, no guess of its depth is good enough."""
    if regions.graphic or regions.close:
        return np.full(grid.shape, 0.5, np.float32)
    look = regions.look
    guess = 0.72 * _height(regions) + 0.28 * _haze(look)
    guess = guess + 0.12 * _middle(guess.shape) - 0.06
    guess = np.where(regions.sky > 0.5, 0.0, np.clip(guess, HORIZON * 0.6, 1))
    smooth = look.blurred(np.asarray(guess, np.float32), SMOOTH)
    if regions.rigid.any() and not regions.skin.any():  # somebody is there, and where is not known
        smooth = smooth + UNSURE * (np.float32(smooth.mean()) - smooth)
    return grid.reduce(_level(np.asarray(smooth, np.float32), regions.rigid, look))


def interest(regions: Regions, grid: Grid) -> tuple[float, float]:
    """What a push should go to, from the middle, in the grid's unit: a face, else half way to where the detail is."""
    rows, columns = regions.sky.shape
    down, across = np.meshgrid(np.linspace(-0.5, 0.5, rows), np.linspace(-0.5, 0.5, columns), indexing="ij")
    if regions.rigid.mean() > 0.01:
        weight, pull = regions.rigid.astype(np.float64), 0.9
    else:
        detail = regions.look.edges * (1 - regions.sky) * (0.2 + _middle((rows, columns)))
        weight, pull = detail.astype(np.float64), 0.5
    total = max(1e-6, float(weight.sum()))
    x, y = float((weight * across).sum()) / total, float((weight * down).sum()) / total
    size = grid.size
    x, y = (float(np.clip(pull * value, -FARTHEST, FARTHEST)) for value in (x, y))
    return x * size.width / grid.unit, y * size.height / grid.unit


def _height(regions: Regions) -> Field:
    """The lower, the nearer: from the horizon (where the sky ends, or the top) down to the lower border."""
    rows, columns = regions.sky.shape
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, np.newaxis]
    if regions.sky.mean() < 0.02:
        return np.broadcast_to(0.15 + 0.85 * down, (rows, columns)).astype(np.float32)
    ends = (regions.sky > 0.5).sum(axis=0) / rows
    horizon = min(0.8, float(np.quantile(ends, 0.7)))
    ramp = HORIZON + (1 - HORIZON) * np.clip((down - horizon) / (1 - horizon), 0, 1)
    return np.broadcast_to(ramp, (rows, columns)).astype(np.float32)


def _haze(look: Look) -> Field:
    """Near things are darker, purer in colour and richer in detail than hazy far ones."""
    detail = np.clip(look.blurred(look.edges, 0.02) / 18, 0, 1)
    dark = 1 - look.blurred(look.luma, 0.01) / 255
    pure = look.blurred(look.saturation, 0.01)
    return np.asarray(0.4 * detail + 0.3 * dark + 0.3 * pure, np.float32)


def _middle(shape: tuple[int, ...]) -> Field:
    """Pictures are taken of something, and it is mostly in the middle."""
    down, across = np.meshgrid(np.linspace(-1, 1, shape[0]), np.linspace(-1, 1, shape[1]), indexing="ij")
    return np.asarray(np.exp(-(across**2 + (down - 0.15) ** 2) / 0.4), np.float32)


def _level(near: Field, rigid: Field, look: Look) -> Field:
    """The field with one value over each rigid part, and a wide smooth way to it."""
    if not rigid.any():
        return near
    count, labels = cv2.connectedComponents((rigid > 0.5).astype(np.uint8))
    for part in range(1, count):
        mask = (labels == part).astype(np.float32)
        weight = np.clip(1.8 * look.blurred(cv2.dilate(mask, np.ones((15, 15), np.uint8)), 0.03), 0, 1)
        near = near * (1 - weight) + weight * float(near[mask > 0].mean())
    return np.asarray(near, np.float32)
