"""Whether two pictures show the same thing, and where each point of the first one lies in the second.

Points that match and agree on one perspective change (a homography) prove it; what the homography leaves over is
measured as a smooth flow.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.warp import Grid, Map
from vitascope.values import Picture, Size

LOOK = 640  # longer side in pixels at which pictures are compared
ENOUGH = 60  # matches that agree
VALID = 0.75  # share of the overlap where flow there and flow back agree
NEVER = 3.0  # a corner that moves by more than this many widths is no camera move
Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bond:
    """How the last picture sees the first: `homography` in pixels, and what it leaves over as flows on the nodes, in
    pixels: `onward` from the first picture seen through the homography to the last, `back` the other way."""

    homography: Matrix
    onward: Map
    back: Map

    @property
    def moved(self) -> bool:
        """Whether anything moved beyond what the homography explains."""
        return bool(self.onward.any() or self.back.any())

    def reach(self, size: Size) -> float:
        """How far the corners of pictures of a size travel, in pixels."""
        corners = np.array([[[x, y] for x in (0, size.width) for y in (0, size.height)]], np.float64)
        return float(np.abs(cv2.perspectiveTransform(corners, self.homography) - corners).max())


def relation(first: Picture, last: Picture) -> Bond | None:
    """How `last` sees what `first` shows, or None where they are unrelated."""
    height, width = first.shape[:2]
    scale = min(1.0, LOOK / max(width, height))
    small = (max(16, round(width * scale)), max(16, round(height * scale)))
    one, two = _gray(first, small), _gray(last, small)
    found = np.eye(3) if _same(one, two) else _homography(one, two)
    if found is None or not _sane(found, small):
        return None
    onward, back, valid = _residual(one, two, found)
    if valid < VALID:
        return None
    zoom = np.diag([width / small[0], height / small[1], 1.0])
    grid, larger = Grid.of(Size(width, height)), np.float32(width / small[0])
    return Bond(zoom @ found @ np.linalg.inv(zoom), grid.reduce(onward * larger), grid.reduce(back * larger))


def _gray(picture: Picture, size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(
        cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY), np.uint8
    )


def _same(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> bool:
    """Whether nothing worth a camera path changed."""
    return float(np.abs(one.astype(np.float32) - two).mean()) < 3.0


def _homography(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> Matrix | None:
    sift = cv2.SIFT_create(nfeatures=2500)
    (points_one, marks_one), (points_two, marks_two) = (sift.detectAndCompute(gray, None) for gray in (one, two))
    if marks_one is None or marks_two is None or min(len(marks_one), len(marks_two)) < ENOUGH:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(marks_one, marks_two, k=2)
    good = [best for best, second in pairs if best.distance < 0.75 * second.distance]
    if len(good) < ENOUGH:
        return None
    here = np.array([points_one[match.queryIdx].pt for match in good], np.float32)
    there = np.array([points_two[match.trainIdx].pt for match in good], np.float32)
    found, inliers = cv2.findHomography(here, there, cv2.RANSAC, 3.0)
    if found is None or int(inliers.sum()) < ENOUGH:
        return None
    return np.asarray(found / np.cbrt(np.linalg.det(found)), np.float64)


def _sane(found: Matrix, size: tuple[int, int]) -> bool:
    """Whether a homography is a camera move: no mirror, no horizon inside, corners within reach."""
    if np.linalg.det(found) <= 0:
        return False
    width, height = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], float).T
    seen = found @ corners
    if (seen[2] <= 0.2).any() or (seen[2] >= 5).any():
        return False
    return bool(np.abs(seen[:2] / seen[2] - corners[:2]).max() < NEVER * width)


def _residual(one: NDArray[np.uint8], two: NDArray[np.uint8], found: Matrix) -> tuple[Map, Map, float]:
    """The smooth flows between the first picture, seen through the homography, and the second, on and back; and the
    share of the overlap where they agree."""
    size = (two.shape[1], two.shape[0])
    seen = cv2.warpPerspective(one, found, size)
    inside = cv2.erode(cv2.warpPerspective(np.full_like(one, 255), found, size), np.ones((9, 9), np.uint8)) > 127
    if inside.mean() < 0.08:
        return np.zeros((*two.shape, 2), np.float32), np.zeros((*two.shape, 2), np.float32), 0.0
    mixed = np.where(inside, seen, two).astype(np.uint8)
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    there, back = search.calc(mixed, two, None), search.calc(two, mixed, None)
    holds, returns = _agree(there, back) & inside, _agree(back, there) & inside
    share = float(holds.sum() / max(1, inside.sum()))
    return _smoothed(there, holds), _smoothed(back, returns), share


def _agree(flow: Map, back: Map) -> NDArray[np.bool_]:
    """Where following a flow and then the other one leads home."""
    rows, columns = np.indices(flow.shape[:2], dtype=np.float32)
    landed = np.stack((columns, rows), -1) + flow
    returned = cv2.remap(back, landed, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.linalg.norm(flow + returned, axis=-1) < 1.5, np.bool_)


def _smoothed(flow: Map, holds: NDArray[np.bool_]) -> Map:
    """The flow where it holds, spread into where it does not; smoother still where it would tear."""
    narrow, wide = (_averaged(flow, holds, sigma) for sigma in (4.0, 14.0))
    slopes = [np.abs(cv2.Sobel(narrow, cv2.CV_32F, *way, ksize=3, scale=0.125)) for way in ((1, 0), (0, 1))]
    torn = cv2.GaussianBlur(np.clip((slopes[0] + slopes[1]).max(axis=-1) / 0.25 - 0.6, 0, 1), (0, 0), 6.0)[
        ..., np.newaxis
    ]
    torn = np.clip(3 * torn, 0, 1)
    return np.asarray(narrow * (1 - torn) + wide * torn, np.float32)


def _averaged(flow: Map, holds: NDArray[np.bool_], sigma: float) -> Map:
    weight = cv2.GaussianBlur(holds.astype(np.float32), (0, 0), sigma)[..., np.newaxis]
    total = cv2.GaussianBlur(flow * holds[..., np.newaxis], (0, 0), sigma)
    return np.asarray(total / (weight + 1e-3), np.float32)


def log_matrix(matrix: Matrix) -> Matrix | None:
    """The real logarithm of a 3x3 matrix, or None where it has none (a half turn, a mirror)."""
    values, vectors = np.linalg.eig(matrix)
    if (np.abs(values.imag) < 1e-12).any() and (values.real[np.abs(values.imag) < 1e-12] <= 0).any():
        return None
    if abs(np.linalg.det(vectors)) < 1e-9:  # equal eigenvalues (pure shifts): a hair of zoom tells them apart
        return _log_by_roots(matrix)
    logged = vectors @ np.diag(np.log(values.astype(complex))) @ np.linalg.inv(vectors)
    return np.asarray(logged.real, np.float64) if np.abs(logged.imag).max() < 1e-6 else None


def _log_by_roots(matrix: Matrix) -> Matrix | None:
    """Logarithm by repeated square roots (Denman-Beavers) and a short series: also right for pure shifts."""
    root, count = matrix, 0
    while np.abs(root - np.eye(3)).max() > 1e-3 and count < 40:
        y, z = root, np.eye(3)
        for _ in range(30):
            y, z = (y + np.linalg.inv(z)) / 2, (z + np.linalg.inv(y)) / 2
        root, count = y, count + 1
    rest = root - np.eye(3)
    logged = (rest - rest @ rest / 2 + rest @ rest @ rest / 3) * 2.0**count
    return logged if np.isfinite(logged).all() else None


def exp_matrix(matrix: Matrix) -> Matrix:
    """The exponential of a 3x3 matrix, by scaling and squaring."""
    count = max(0, int(np.ceil(np.log2(max(1e-9, np.abs(matrix).max())))) + 6)
    small = matrix / 2.0**count
    total, term = np.eye(3), np.eye(3)
    for order in range(1, 9):
        term = term @ small / order
        total = total + term
    for _ in range(count):
        total = total @ total
    return total
