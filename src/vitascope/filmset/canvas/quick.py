"""The quick ways of drawing, for shots of little effort: the same picture to the eye at a fraction of the time.

The drawing library is slow at two things on a CPU: pictures in perspective, and layers over the whole frame. OpenCV
does the same sums on whole pictures, four to ten times as fast; only the roundings differ.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from vitascope.filmset.canvas.paint import NEAREST, pixels
from vitascope.filmset.canvas.post import (
    BLOOM,
    BLOOM_DARK,
    BLOOM_FROM,
    BLOOM_FROM_DARK,
    BLOOM_SPREADS,
    VIGNETTE,
    curve_table,
    overlay,
)
from vitascope.filmset.canvas.random_streams import Floats
from vitascope.values import Picture, Size

Layer = NDArray[np.uint8]
"""Premultiplied BGRA pixels."""
SMALL = 4  # the bloom is as many times smaller than the frame
WIDE = 6.0  # pixels of blur from which on it is done at a quarter of the size again


def warped(canvas: Any, layer: Layer, matrix: Floats, *, outline: Any = None, paint: Any = None) -> None:
    """Draw a layer through a 3x3 `matrix` from its pixels to the canvas, bilinear.

    With `outline`, a path in the layer's pixels, only what is inside is drawn, up to its very edge.
    """
    full = np.array(canvas.getTotalMatrix().get9()).reshape(3, 3) @ matrix
    area = _seen(canvas, full, layer)
    if area is None:
        return
    left, top, width, height = area
    onto = np.array([[1, 0, -left - 0.5], [0, 1, -top - 0.5], [0, 0, 1.0]])
    centre = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    border = cv2.BORDER_CONSTANT if outline is None else cv2.BORDER_REPLICATE
    seen = cv2.warpPerspective(layer, onto @ full @ centre, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
    canvas.save()
    if outline is not None:
        canvas.concat(skia.Matrix(np.asarray(matrix, np.float32)))
        canvas.clipPath(outline, doAntiAlias=False)
    laid(canvas, seen, left, top, paint)
    canvas.restore()


def laid(canvas: Any, layer: NDArray[Any], left: int, top: int, paint: Any = None) -> None:
    """Draw a layer pixel on pixel at a place of the device."""
    canvas.save()
    canvas.resetMatrix()
    held = skia.Image.fromarray(layer, skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType, copy=False)
    canvas.drawImage(held, left, top, NEAREST, paint)
    canvas.restore()


def _seen(canvas: Any, full: Floats, layer: Layer) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of what the canvas shows of a layer, in pixels of the device."""
    clip = canvas.getDeviceClipBounds()
    height, width = layer.shape[:2]
    corners = full @ np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1.0]])
    left, top, right, bottom = clip.left(), clip.top(), clip.right(), clip.bottom()
    if (corners[2] > 1e-9).all():
        us, vs = corners[0] / corners[2], corners[1] / corners[2]
        left, right = max(left, int(np.floor(us.min()))), min(right, int(np.ceil(us.max())))
        top, bottom = max(top, int(np.floor(vs.min()))), min(bottom, int(np.ceil(vs.max())))
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


class QuickPost:
    """Finishes frames of one size as `Post` does, in passes over whole pictures."""

    def __init__(self, size: Size) -> None:
        cv2.setNumThreads(1)  # there is a process for each core; more threads would only get in their way
        self.size = size
        self.small = (max(1, size.width // SMALL), max(1, size.height // SMALL))
        self.keep, self.white = _film(size)
        self.grade = np.array(curve_table()[::-1], np.uint8)  # of inverted levels

    def finish(self, picture: Any, dark: float) -> Picture:
        """A drawn surface to the finished picture, uint8 (height, width, 3) RGB; `dark` 0 (day) .. 1 (night)."""
        seen = cv2.cvtColor(pixels(picture), cv2.COLOR_BGRA2RGB)
        shade = self._shade(seen, BLOOM_FROM - BLOOM_FROM_DARK * dark, BLOOM + BLOOM_DARK * dark)
        cv2.bitwise_not(seen, dst=seen)
        cv2.multiply(seen, shade, dst=seen, scale=1 / 255)
        seen = cv2.LUT(seen, self.grade)
        cv2.multiply(seen, self.keep, dst=seen, scale=1 / 255)
        return np.asarray(cv2.add(seen, self.white, dst=seen), np.uint8)

    def _shade(self, seen: Picture, threshold: float, power: float) -> NDArray[np.uint8]:
        """What the bloom leaves of darkness everywhere: 255 without any."""
        level = np.arange(256, dtype=np.float64) / 255
        lifted = np.clip((level - threshold) / (1 - threshold), 0, 1)
        small = cv2.resize(seen, self.small, interpolation=cv2.INTER_AREA)
        bright = cv2.LUT(small, np.rint(lifted * 255).astype(np.uint8)).astype(np.float32)
        total = np.zeros_like(bright)
        for spread, strength in BLOOM_SPREADS:
            total += np.float32(strength * power) * _blurred(bright, spread * self.size.height / SMALL)
        shade = np.rint(255 - np.minimum(total, 255)).astype(np.uint8)
        whole = (self.size.width, self.size.height)
        return np.asarray(cv2.resize(shade, whole, interpolation=cv2.INTER_LINEAR), np.uint8)


def _blurred(bright: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """A Gaussian blur; a wide one at a quarter of the size."""
    if sigma < WIDE:
        return np.asarray(cv2.GaussianBlur(bright, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)
    height, width = bright.shape[:2]
    tiny = cv2.resize(bright, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(tiny, (0, 0), sigma / 4, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


@lru_cache(maxsize=4)
def _film(size: Size) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Vignette and grain as what is kept of each pixel (255: all) and what is added to it."""
    layer = pixels(overlay(size, VIGNETTE))
    keep = np.repeat(255 - layer[..., 3:], 3, axis=2)
    return np.ascontiguousarray(keep), np.ascontiguousarray(layer[..., 2::-1])
