"""How much parallax a picture bears: the strain that a camera path puts on it is measured and held below the gates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.camera import CameraPose, Path, destination
from vitascope.filmset.photo.warp import Field, Grid, Map
from vitascope.values import Picture

STRETCH, BEND, FOLD = 0.02, 0.10, 0.006  # the most of a picture that may be stretched, of its edges bent, or folded
LEAN = (6.5, 2.8)  # degrees that upright edges may lean in the mean: where there are few of them, and many
MANY = (0.03, 0.13)  # shares of all edges that are few and many
MARGIN = 0.55  # the limiter stays below the gates by this factor: a bent mast is seen long before a tenth is bent
REACH = 24 / 864  # half the length of edge that must stay straight, a share of the unit
CROOKED = 1 / 864  # how far its middle may leave the line, a share of the unit
MOST_EDGES = 1500


@dataclass(frozen=True, slots=True)
class Strain:
    """Shares of the picture: area changed by more than 30 % beyond perspective, edges bent, surface folded; and how far
    upright edges lean, as a share of what is allowed."""

    stretch: float
    bend: float
    fold: float
    lean: float

    @property
    def bearable(self) -> bool:
        """Whether no tear, wobble or fold shows."""
        calm = self.stretch < STRETCH * MARGIN and self.bend < BEND * MARGIN and self.fold < FOLD * MARGIN
        return calm and self.lean < 1


@dataclass(frozen=True, eq=False)
class Edges:
    """Points on a picture's strong edges and the edges' directions: (n, 2) pixels and unit vectors."""

    points: NDArray[np.float32]
    along: NDArray[np.float32]

    @classmethod
    def of(cls, picture: Picture) -> Edges:
        """The strong edges of a picture, found at half of 864 pixels."""
        height, width = picture.shape[:2]
        scale = min(1.0, 432 / max(height, width))
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        gray = cv2.GaussianBlur(
            cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY), (0, 0), 1.0
        )
        ys, xs = np.nonzero(cv2.Canny(gray, 50, 120))
        step = max(1, len(ys) // MOST_EDGES)
        ys, xs = ys[::step], xs[::step]
        down, across = (cv2.Sobel(gray, cv2.CV_32F, *way, ksize=3)[ys, xs] for way in ((0, 1), (1, 0)))
        length = np.hypot(across, down) + 1e-6
        points = np.stack(((xs + 0.5) / scale - 0.5, (ys + 0.5) / scale - 0.5), axis=-1)
        return cls(points.astype(np.float32), np.stack((-down / length, across / length), axis=-1).astype(np.float32))


def strain(grid: Grid, near: Field, edges: Edges, pose: CameraPose, pivot: float) -> Strain:
    """What a pose does to a picture whose nearness is `near`."""
    landed = destination(grid, near, grid.nodes, pose, pivot)
    across = (landed[1:-1, 2:] - landed[1:-1, :-2]) / (2 * grid.step)
    down = (landed[2:, 1:-1] - landed[:-2, 1:-1]) / (2 * grid.step)
    area = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    inner = grid.inner(near)
    expected = (pose.zoom / (1 - pose.push * inner)) ** 2  # what is near grows when the camera comes closer
    aside = (grid.inner(grid.nodes[..., 0]) - grid.centre[0]) / grid.unit
    expected = expected / (1 - pose.yaw * aside) ** 3  # and so does the side that an orbit comes round to
    change = np.log(np.maximum(area, 1e-3) / expected)
    stretch = float((np.abs(change - np.median(change)) > math.log(1.3)).mean())
    bend, lean = _bent(grid, near, edges, pose, pivot)
    return Strain(stretch, bend, float((area <= 0.05).mean()), lean)


def _bent(grid: Grid, near: Field, edges: Edges, pose: CameraPose, pivot: float) -> tuple[float, float]:
    """The share of edges whose middle leaves the line between their ends; the lean of upright ones (walls lean
    in an orbit because their depth was guessed from height) as a share of what is allowed."""
    if len(edges.points) < 8:
        return 0.0, 0.0
    arm = edges.along * np.float32(REACH * grid.unit)
    places: tuple[Map, ...] = tuple(edges.points + shift for shift in (-arm, np.zeros_like(arm), arm))
    start, middle, end = (destination(grid, near, place, pose, pivot) for place in places)
    line = end - start
    normal = np.stack((-line[:, 1], line[:, 0]), axis=-1) / (np.linalg.norm(line, axis=-1, keepdims=True) + 1e-6)
    off = np.abs(((middle - (start + end) / 2) * normal).sum(axis=-1))
    bent = float((off > CROOKED * grid.unit).mean())
    upright = np.abs(edges.along[:, 1]) > 0.97
    if upright.mean() < MANY[0]:
        return bent, 0.0
    before, after = (np.degrees(np.arctan2(way[:, 0], way[:, 1])) for way in (2 * arm, line))
    turn = (after - before + 90) % 180 - 90 - math.degrees(pose.roll)
    return bent, abs(float(turn[upright].mean())) / float(np.interp(upright.mean(), MANY, LEAN))


def worst(path: Path, grid: Grid, near: Field, edges: Edges) -> Strain:
    """The most that a path strains a picture on its way."""
    all_strains = [
        strain(grid, near, edges, path.pose(share), path.pivot) for share in path.probes[len(path.probes) // 4 :: 2]
    ]
    return Strain(
        *(max(values) for values in zip(*((s.stretch, s.bend, s.fold, s.lean) for s in all_strains), strict=True))
    )


def limited(path: Path, grid: Grid, near: Field, edges: Edges) -> Path:
    """The path with as much of its parallax as the picture bears; plain zoom makes up for what a push lost."""
    if worst(path, grid, near, edges).bearable:
        return path
    low, high = 0.0, 1.0
    for _ in range(7):
        middle = (low + high) / 2
        if worst(replace(path, goal=path.goal.with_parallax(middle)), grid, near, edges).bearable:
            low = middle
        else:
            high = middle
    lost = (1 - low) * (path.goal.push + 0.6 * abs(path.goal.slide))
    goal = path.goal.with_parallax(low)
    return replace(path, goal=replace(goal, zoom=goal.zoom * (1 + 0.45 * lost)))
