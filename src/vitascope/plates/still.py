"""One picture that moves: camera, sky, leaves and water, sharpness, light and weather, in that order."""

from __future__ import annotations

import cv2
import numpy as np

from vitascope.plates.camera import Path, aimed, at_even_speed, planned, source, without_borders
from vitascope.plates.daylight import Daylight, lamplit, lit
from vitascope.plates.depth import interest, nearness
from vitascope.plates.heavens import Heavens
from vitascope.plates.limiter import Edges, limited
from vitascope.plates.living import Living
from vitascope.plates.motes import Motes
from vitascope.plates.regions import find_regions
from vitascope.plates.sharpness import Detail, restored
from vitascope.plates.warp import Field, Grid, Map, Plate, smoothstep
from vitascope.plates.weather import Overcast
from vitascope.scene.scene import Ambience, Scene
from vitascope.values import Effort, Picture, Size, Timing

ONSET = 1.6  # seconds in which weather sets in


class Still:
    """A film from one picture; shown `backwards` it ends at the picture instead of starting there.

    With `weather` False the air stays clear: the caller lays one weather over several films.
    """

    def __init__(
        self,
        picture: Picture,
        scene: Scene,
        timing: Timing,
        seed: int,
        effort: Effort,
        backwards: bool = False,
        weather: bool = True,
    ) -> None:
        height, width = picture.shape[:2]
        size = Size(width, height)
        self.grid = Grid.of(size)
        self._timing, self._backwards, self._picture = timing, backwards, picture
        self.regions = find_regions(picture, watery=Ambience.WAVES in scene.ambience)
        self.near = nearness(self.regions, self.grid)
        self._detail = Detail.of(picture, self.grid)
        self.path = self._planned(scene, seed)
        # a fixed camera looks at whole pixels: the plain picture gives those back exactly
        scale = 2 if effort is Effort.FULL and self.path is not None else 1
        self._plate = Plate.of(picture, scale)
        self._heavens = None
        if Heavens.found(self.regions):
            self._heavens = Heavens(picture, self.regions, self.grid, scene.wind, 1 if seed % 2 else -1, scale)
        self._overcast = Overcast(scene, picture, seed) if weather else None
        self._motes = Motes(scene, size, seed)
        self._daylight = Daylight(picture, self.regions.lamps, scene)
        clear = (self._overcast is None or self._overcast.clear) and self._motes.none
        lonely = self.path is None and clear and not self._daylight.changes
        self._living = Living(self.regions, self.grid, scene.wind, seed, lonely)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        where, time = self._where(index), self._time(index)
        seen = self._look(where, time)
        gain = self._living.light(time)
        if gain is not None:
            seen = lit(seen, self._through(gain, where))
        seen = self._daylight.over(seen, self._share(index))
        if self._daylight.glow is not None:
            seen = lamplit(seen, self._through(self._daylight.glow, where), self._share(index))
        clock, strength = self._timing.time(index), smoothstep(abs(time) / ONSET)
        if self._overcast is not None:
            near = self.grid.inner(self.grid.lookup(self.near, where))
            seen = self._overcast.over(seen, near, clock, strength)
        return self._motes.over(seen, clock, strength)

    def beyond(self, index: int) -> float:
        """How many pixels beyond the picture's outermost pixel centres a frame looks; above 0.5 it would show."""
        seen = self.grid.enlarge(self._where(index))
        return float(max((-seen).max(), (seen - self.grid.centre * 2).max()))

    def _planned(self, scene: Scene, seed: int) -> Path | None:
        """The camera's path, as far as this picture bears it."""
        pivot = float(np.quantile(self.near, 0.6))
        camera = scene.sections[0].camera
        path = planned(camera, float(self._timing.seconds), self.grid.size.ratio, pivot, seed)
        if path is None:
            return None
        path = aimed(path, interest(self.regions, self.grid))
        path = limited(path, self.grid, self.near, Edges.of(self._picture))
        path = without_borders(path, self.grid, self.near)
        return at_even_speed(path, self.grid, self.near, np.sqrt(self._detail.energy))

    def _share(self, index: int) -> float:
        """How far a frame is from the given picture, 0..1."""
        last = max(1, self._timing.frames - 1)
        return (last - index if self._backwards else index) / last

    def _time(self, index: int) -> float:
        """A frame's time in seconds since the given picture; negative before it."""
        frames = index - (self._timing.frames - 1) if self._backwards else index
        return frames / float(self._timing.fps)

    def _where(self, index: int) -> Map:
        """Where each node looks in the picture."""
        if self.path is None:
            return self.grid.nodes
        return source(self.grid, self.near, self.path.pose(self._share(index)), self.path.pivot)

    def _look(self, where: Map, time: float) -> Picture:
        """The picture through a map, its sky drifted and its leaves and water moved."""
        shift = self._living.shift(time)
        moved = where if shift is None else where + self.grid.lookup(shift, where)
        seen = self._picture.copy() if moved is self.grid.nodes else self._plate.look(self.grid.enlarge(moved))
        if self._heavens is not None:
            seen = self._heavens.over(seen, where, time)
        return seen if self.path is None else restored(seen, self._detail.seen(where))

    def _through(self, field: Field, where: Map) -> Field:
        """A field over the picture as the camera sees it, on the output's pixels."""
        size = self.grid.size
        if self.path is None:
            return np.asarray(cv2.resize(field, (size.width, size.height), interpolation=cv2.INTER_LINEAR), np.float32)
        cells = np.array([field.shape[1] / size.width, field.shape[0] / size.height], np.float32)
        large = self.grid.enlarge(where)
        places = (large[1::2, 1::2] + np.float32(0.5)) * cells - np.float32(0.5)
        seen = cv2.remap(field, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(seen, (size.width, size.height), interpolation=cv2.INTER_LINEAR), np.float32)
