"""Warping a picture's own pixels: smooth maps on a coarse grid, enlarged, then one bicubic look-up.

A map says for every pixel of the output where in the picture its colour comes from (x, y in pixels, pixel centres at
whole numbers). Motion is smooth, so maps are computed at one node every few pixels: cheap, and never ragged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.values import Picture, Size

Field: TypeAlias = NDArray[np.float32]
"""One number for each node or pixel: float32 (rows, columns)."""

Map: TypeAlias = NDArray[np.float32]
"""Where each node or pixel looks in the source: float32 (rows, columns, 2), x then y in pixels."""

NODES = 108  # nodes along the longer side: as in the prototype, one every 8 pixels at 864x480


@dataclass(frozen=True, eq=False)
class Grid:
    """Nodes every `step` pixels over a picture of `size`, one more beyond each border: enlarging never clamps."""

    size: Size
    step: int
    nodes: Map

    @classmethod
    def of(cls, size: Size) -> Grid:
        """The grid for pictures of a size: the same count of nodes, so the same motion, at every resolution."""
        step = max(2, round(max(size.width, size.height) / NODES))
        xs = (np.arange(-1, -(-size.width // step) + 1) + 0.5) * step - 0.5
        ys = (np.arange(-1, -(-size.height // step) + 1) + 0.5) * step - 0.5
        return cls(size, step, np.stack(np.meshgrid(xs, ys), axis=-1).astype(np.float32))

    @property
    def unit(self) -> float:
        """The length that motion is measured in, in pixels: the width, or less in a wide panorama."""
        return min(self.size.width, 1.8 * self.size.height)

    @property
    def centre(self) -> NDArray[np.float32]:
        """The middle of the picture."""
        return np.array([(self.size.width - 1) / 2, (self.size.height - 1) / 2], np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of nodes."""
        rows, columns = self.nodes.shape[:2]
        return rows, columns

    def enlarge(self, field: NDArray[np.float32]) -> NDArray[np.float32]:
        """A field or map on the nodes as one on the pixels: (height, width[, channels])."""
        rows, columns = self.shape
        step = self.step
        large = cv2.resize(field, (columns * step, rows * step), interpolation=cv2.INTER_LINEAR)
        return np.asarray(large[step : step + self.size.height, step : step + self.size.width], np.float32)

    def reduce(self, field: NDArray[np.float32]) -> NDArray[np.float32]:
        """A field of any resolution over the picture as one on the nodes (borders repeat outwards)."""
        rows, columns = self.shape
        small = cv2.resize(field, (columns - 2, rows - 2), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.copyMakeBorder(small, 1, 1, 1, 1, cv2.BORDER_REPLICATE), np.float32)

    def inner(self, field: NDArray[np.float32]) -> NDArray[np.float32]:
        """A field without the nodes beyond the borders."""
        return field[1:-1, 1:-1]

    def lookup(self, field: NDArray[np.float32], where: Map) -> NDArray[np.float32]:
        """A field on the nodes, read between the nodes at `where` (exact bilinear; borders repeat outwards)."""
        rows, columns = self.shape
        x = np.clip((where[..., 0] + 0.5) / self.step + 0.5, 0, columns - 1.001)
        y = np.clip((where[..., 1] + 0.5) / self.step + 0.5, 0, rows - 1.001)
        left, top = x.astype(np.intp), y.astype(np.intp)
        fx, fy = (x - left).astype(np.float32), (y - top).astype(np.float32)
        if field.ndim == 3:
            fx, fy = fx[..., np.newaxis], fy[..., np.newaxis]
        upper = field[top, left] * (1 - fx) + field[top, left + 1] * fx
        lower = field[top + 1, left] * (1 - fx) + field[top + 1, left + 1] * fx
        return np.asarray(upper * (1 - fy) + lower * fy, np.float32)


@dataclass(frozen=True, eq=False)
class Plate:
    """A picture to look things up in, kept at `scale` times its size: bicubic from twice the size stays sharp."""

    pixels: NDArray[np.uint8]
    scale: int

    @classmethod
    def of(cls, picture: Picture, scale: int) -> Plate:
        """A plate from a picture (or a one-channel mask)."""
        if scale == 1:
            return cls(picture, 1)
        height, width = picture.shape[:2]
        large = cv2.resize(picture, (width * scale, height * scale), interpolation=cv2.INTER_LANCZOS4)
        return cls(np.asarray(large, np.uint8), scale)

    def look(self, where: Map) -> NDArray[np.uint8]:
        """The picture seen through a map on the pixels."""
        if self.scale != 1:
            where = where * self.scale + np.float32((self.scale - 1) / 2)
        return np.asarray(
            cv2.remap(self.pixels, where, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )


def fitted(picture: Picture, size: Size) -> Picture:
    """The picture, cropped around its middle and scaled where it is not of `size` already."""
    height, width = picture.shape[:2]
    if (width, height) == (size.width, size.height):
        return np.ascontiguousarray(picture)
    scale = max(size.width / width, size.height / height)
    across, down = min(width, round(size.width / scale)), min(height, round(size.height / scale))
    left, top = (width - across) // 2, (height - down) // 2
    cut = np.ascontiguousarray(picture[top : top + down, left : left + across])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(cut, (size.width, size.height), interpolation=way), np.uint8)


def smoothstep(value: float) -> float:
    """0 below 0, 1 above 1, with level ends."""
    value = min(1.0, max(0.0, value))
    return value * value * (3 - 2 * value)
