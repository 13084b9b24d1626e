"""One picture that moves: camera, depth, what moves by itself, light and weather, in that order."""

from __future__ import annotations

import numpy as np

from vitascope.plates.camera import Path, planned, source, without_borders
from vitascope.plates.depth import nearness
from vitascope.plates.limiter import Edges, limited
from vitascope.plates.regions import find_regions
from vitascope.plates.sharpness import Detail, restored
from vitascope.plates.warp import Grid, Map, Plate
from vitascope.scene.scene import Scene
from vitascope.values import Effort, Picture, Size, Timing


class Still:
    """A film from one picture; shown `backwards` it ends at the picture instead of starting there."""

    def __init__(
        self,
        picture: Picture,
        scene: Scene,
        timing: Timing,
        seed: int,
        effort: Effort,
        backwards: bool = False,
    ) -> None:
        height, width = picture.shape[:2]
        self._grid = Grid.of(Size(width, height))
        self._timing, self._backwards = timing, backwards
        self._picture = picture
        self._plate = Plate.of(picture, 2 if effort is Effort.FULL else 1)
        self._detail = Detail.of(picture, self._grid)
        self.regions = find_regions(picture)
        self.near = nearness(self.regions, self._grid)
        pivot = float(np.quantile(self.near, 0.6))
        path = planned(scene.sections[0].camera, float(timing.seconds), width / height, pivot, seed)
        self.path = None if path is None else self._held(path)

    def _held(self, path: Path) -> Path:
        """The path as far as this picture bears it."""
        path = limited(path, self._grid, self.near, Edges.of(self._picture))
        return without_borders(path, self._grid, self.near)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        if self.path is None:
            return self._picture.copy()
        where = self._where(index)
        return restored(self._plate.look(self._grid.enlarge(where)), self._detail.seen(where))

    def beyond(self, index: int) -> float:
        """How many pixels beyond the picture's outermost pixel centres a frame looks; above 0.5 it would show."""
        if self.path is None:
            return 0.0
        seen = self._grid.enlarge(self._where(index))
        limit = self._grid.centre * 2
        return float(max((-seen).max(), (seen - limit).max()))

    def _where(self, index: int) -> Map:
        assert self.path is not None
        last = max(1, self._timing.frames - 1)
        share = (last - index if self._backwards else index) / last
        return source(self._grid, self.near, self.path.pose(share), self.path.pivot)
