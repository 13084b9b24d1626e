"""One picture that moves: the camera's path over the living picture, sharpness, light and weather, in that order."""

from __future__ import annotations

import numpy as np

from vitascope.filmset.photo.alive import Alive, Treatment, regions_for
from vitascope.filmset.photo.camera import Path, aimed, at_even_speed, calmed, planned, source, without_borders
from vitascope.filmset.photo.daylight import Daylight, lamplit, with_lights
from vitascope.filmset.photo.depth import interest, nearness
from vitascope.filmset.photo.drift import Drift
from vitascope.filmset.photo.limiter import Edges, limited
from vitascope.filmset.photo.motes import Motes
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.nightsky import NewStars
from vitascope.filmset.photo.photo_film import Part
from vitascope.filmset.photo.script import NOTHING_NAMED, Script
from vitascope.filmset.photo.sharpness import Detail, restored
from vitascope.filmset.photo.warp import Grid, Map, smoothstep
from vitascope.filmset.photo.weather import ONSET, Overcast
from vitascope.filmset.scene.scene import Glow, Scene, Time
from vitascope.values import Effort, Picture, Size, Timing

DARK = 6.0  # grey levels that nothing in a picture exceeds in which no change of light could be seen


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
        script: Script = NOTHING_NAMED,
    ) -> None:
        height, width = picture.shape[:2]
        size = Size(width, height)
        self.grid = Grid.of(size)
        self._timing, self._backwards, self._picture = timing, backwards, picture
        self.regions = regions_for(picture, scene, script)
        self.near = nearness(self.regions, self.grid)
        self._detail = Detail.of(picture, self.grid)
        self.path = self._planned(scene, seed)
        self._overcast = Overcast(scene, picture, seed) if weather else None
        self._motes = Motes(scene, size, seed) if weather else None
        black = self.path is None and picture.max() < DARK and not script.still
        dusty = script.stirs | ({Stir.DUST} if black else set())
        self._drift = Drift(dusty, size, scene.wind, seed, ends=backwards) if weather else None
        self._daylight = Daylight(picture, self.regions.lamps, scene)
        self._new_stars = self._coming_out(scene, script, seed)
        alone = self.path is None and self._clear and not self._daylight.changes
        # a fixed camera looks at whole pixels: the plain picture gives those back exactly
        scale = 2 if effort is Effort.FULL and self.path is not None else 1
        treatment = Treatment(scale, alone)
        seconds = float(timing.seconds)
        self.alive = Alive(picture, self.regions, self.grid, scene, script, seed, seconds, treatment)

    @property
    def parts(self) -> tuple[Part, ...]:
        """This picture."""
        return (Part(self.alive, self._where, also=() if self._new_stars is None else (Stir.TWINKLE,)),)

    @property
    def _clear(self) -> bool:
        """Whether the air before the picture is empty."""
        none = (self._overcast is None or self._overcast.clear) and (self._motes is None or self._motes.none)
        return none and (self._drift is None or self._drift.none)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        where, time, clock = self._where(index), self._time(index), self._timing.time(index)
        seen = self.alive.look(where, time)
        if self.path is not None:
            seen = restored(seen, self._detail.seen(where))
        seen = self.alive.shining(seen, where, time)
        seen = self._daylight.over(seen, self._share(index))
        if self._daylight.glow is not None:
            seen = lamplit(seen, self.alive.through(self._daylight.glow, where), self._share(index))
        stars = None if self._new_stars is None else self._new_stars.at(clock, self._share(index))
        if stars is not None:
            seen = with_lights(seen, self.alive.through(stars, where))
        seen = self.alive.happening(seen, where, time, clock)
        return self._through_the_air(seen, where, clock, abs(time))

    def _through_the_air(self, seen: Picture, where: Map, clock: float, time: float) -> Picture:
        """The seen picture behind weather, wandering lights and falling leaves, `time` from the given picture."""
        strength = smoothstep(time / ONSET)
        if self._overcast is not None:
            near = self.grid.inner(self.grid.lookup(self.near, where))
            come = self._overcast.strength(time, float(self._timing.seconds))
            seen = self._overcast.over(seen, near, clock, come)
        if self._motes is not None:
            seen = self._motes.over(seen, clock, strength)
        return seen if self._drift is None else self._drift.over(seen, clock, strength)

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
        path = calmed(path) if self.regions.close else path
        path = limited(path, self.grid, self.near, Edges.of(self._picture))
        path = without_borders(path, self.grid, self.near)
        return at_even_speed(path, self.grid, self.near, np.sqrt(self._detail.energy))

    def _coming_out(self, scene: Scene, script: Script, seed: int) -> NewStars | None:
        """Stars for a sky in which night falls and stars are named."""
        named = Stir.TWINKLE in script.stirs or Glow.STARS in scene.glows
        falls = self._daylight.changes and scene.time is Time.NIGHT
        return NewStars(self.regions, seed) if named and falls and self.regions.sky.mean() > 0.08 else None

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
