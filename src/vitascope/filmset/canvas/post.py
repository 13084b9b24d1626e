"""What a lens and a film add: bloom around bright things, contrast, vignette and a still fine grain."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import skia

from vitascope.filmset.canvas.paint import NEAREST, PLUS, SMOOTH, image, pixels, surface
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.values import Picture, Size

VIGNETTE = 0.4  # strength of the corners' shade
GRAIN = 0.012  # deviation of the grain, of full white
BLOOM_FROM, BLOOM_FROM_DARK = 0.62, 0.22  # brightness from which things bloom by day, and how much less it is at night
BLOOM, BLOOM_DARK = 0.38, 0.34  # strength by day, and how much more at night
BLOOM_SPREADS = ((0.010, 0.5), (0.035, 0.5))  # (picture heights, strength)
LIFTED_BLACK, CONTRAST = 0.012, 0.4  # of full white; share of an S in the grading curve


class Post:
    """Finishes frames of one size."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.overlay = overlay(size, VIGNETTE)
        self.small = surface(max(1, size.width // 2), max(1, size.height // 2))
        self.tiny = surface(max(1, size.width // 4), max(1, size.height // 4))
        self.soft = surface(max(1, size.width // 4), max(1, size.height // 4))
        self.full = surface(size.width, size.height)
        self.out = surface(size.width, size.height)
        table = curve_table()
        self.grade = skia.Paint(ColorFilter=skia.TableColorFilter.MakeARGB(None, table, table, table))

    def finish(self, picture: Any, dark: float) -> Picture:
        """A drawn surface to the finished picture, uint8 (height, width, 3) RGB; `dark` 0 (day) .. 1 (night)."""
        self._bloom(picture, BLOOM_FROM - BLOOM_FROM_DARK * dark, BLOOM + BLOOM_DARK * dark)
        canvas = self.out.getCanvas()
        canvas.drawImage(picture.makeImageSnapshot(), 0, 0, NEAREST, self.grade)
        canvas.drawImage(self.overlay, 0, 0, NEAREST)
        return np.asarray(cv2.cvtColor(pixels(self.out), cv2.COLOR_BGRA2RGB))

    def _bloom(self, picture: Any, threshold: float, power: float) -> None:
        half, quarter = _all(self.small), _all(self.tiny)
        self.small.getCanvas().drawImageRect(picture.makeImageSnapshot(), half, SMOOTH)
        self.tiny.getCanvas().drawImageRect(self.small.makeImageSnapshot(), quarter, SMOOTH)
        gain = 1 / (1 - threshold)
        cut = -threshold * gain
        lift = [gain, 0, 0, 0, cut, 0, gain, 0, 0, cut, 0, 0, gain, 0, cut, 0, 0, 0, 1, 0]
        bright = skia.ColorFilters.Matrix(lift)
        soft = self.soft.getCanvas()
        soft.clear(0xFF000000)
        shot = self.tiny.makeImageSnapshot()
        for sigma, strength in BLOOM_SPREADS:
            spread = sigma * self.size.height / 4
            lifted = skia.ImageFilters.ColorFilter(bright)
            blur = skia.ImageFilters.Blur(spread, spread, skia.TileMode.kClamp, lifted)
            paint = skia.Paint(ImageFilter=blur, BlendMode=PLUS, Alphaf=strength * power)
            soft.drawImage(shot, 0, 0, NEAREST, paint)
        self.full.getCanvas().drawImageRect(self.soft.makeImageSnapshot(), _all(self.full), SMOOTH)
        picture.getCanvas().drawImage(
            self.full.makeImageSnapshot(), 0, 0, NEAREST, skia.Paint(BlendMode=skia.BlendMode.kScreen)
        )


def _all(area: Any) -> Any:
    return skia.Rect.MakeWH(area.width(), area.height())


def curve_table() -> list[int]:
    """A gentle S: blacks a little lifted, middle steeper."""
    x = np.arange(256) / 255
    s = x * x * (3 - 2 * x)
    y = LIFTED_BLACK + (1 - LIFTED_BLACK) * ((1 - CONTRAST) * x + CONTRAST * s)
    return [int(v) for v in np.clip(y * 255 + 0.5, 0, 255)]


@lru_cache(maxsize=4)
def overlay(size: Size, vignette: float) -> Any:
    """Vignette and grain in one picture of black and white specks. It does not move, so still things stay still."""
    x = (np.arange(size.width) + 0.5) / size.width * 2 - 1
    y = (np.arange(size.height) + 0.5) / size.height * 2 - 1
    reach = np.hypot(x[None, :] * 0.85, y[:, None] * 0.8)
    dark = np.clip(reach - 0.45, 0, None) ** 1.6 * vignette
    speck = random_stream(1, "grain", size.height).standard_normal((size.height, size.width)).astype(np.float32) * GRAIN
    black = np.clip(dark - np.minimum(speck, 0), 0, 0.9)
    white = np.clip(speck, 0, 1)
    layer = np.zeros((size.height, size.width, 4), np.uint8)
    layer[..., 3] = np.clip(black + white, 0, 1) * 255
    layer[..., :3] = (white * 255)[..., None]
    layer[..., :3] = np.minimum(layer[..., :3], layer[..., 3:])
    return image(layer)
