"""A picture whose parts move, seen through any map: clouds, water, leaves, cloth, lights, and what happens in it.

The camera is not decided here: a still picture's film and the path between two pictures both look through this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from vitascope.filmset.photo.currents import Currents, find_course
from vitascope.filmset.photo.daylight import lit
from vitascope.filmset.photo.happenings import Happenings
from vitascope.filmset.photo.heavens import Heavens
from vitascope.filmset.photo.living import LivingParts
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.regions import Regions, find_regions, with_somebody
from vitascope.filmset.photo.script import Script
from vitascope.filmset.photo.warp import Field, Grid, Map, Plate
from vitascope.filmset.scene.scene import Ambience, Mover, Scene
from vitascope.values import Picture


def regions_for(picture: Picture, scene: Scene, script: Script) -> Regions:
    """What a picture shows; weak signs are enough for what the prompt names, none for what it says stands still."""
    watery = Ambience.WAVES in scene.ambience or bool({Stir.WATER, Stir.CURRENT} & script.stirs)
    found = find_regions(picture, watery, aglow=bool({Stir.FLAME, Stir.NEON} & script.stirs))
    nothing = np.zeros_like(found.water)
    if {Stir.WATER, Stir.CURRENT} & script.stilled or script.stands(Mover.WATER, Stir.WATER, Stir.CURRENT):
        found = replace(found, water=nothing)
    lit = (Stir.FLAME, Stir.NEON, Stir.TWINKLE)
    if set(lit) & script.stilled or script.stands(Mover.LIGHTS, *lit):
        found = replace(found, lights=nothing)
    if script.stands(Mover.PLANTS):
        found = replace(found, foliage=nothing)
    if script.stands(Mover.CLOUDS):
        found = replace(found, clouds=0.0)
    return with_somebody(found, script.close) if script.person or script.close else found


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a picture is made to live: `scale` is the plates' size over its own; `alone` says that nothing but it will
    move, `drifting` that its clouds may."""

    scale: int
    alone: bool = False
    drifting: bool = True


class Alive:
    """The living picture. `seconds` is the clip's length."""

    def __init__(
        self,
        picture: Picture,
        regions: Regions,
        grid: Grid,
        scene: Scene,
        script: Script,
        seed: int,
        seconds: float,
        treatment: Treatment,
    ) -> None:
        self._picture, self.grid, self.regions, self._script = picture, grid, regions, script
        self._plate = Plate.of(picture, treatment.scale)
        self._heavens = None
        if treatment.drifting and Heavens.found(regions):
            self._heavens = Heavens(picture, regions, grid, scene.wind, 1 if seed % 2 else -1, treatment.scale)
        self.course = find_course(regions) if Stir.CURRENT in script.stirs else None
        self._currents = None if self.course is None else Currents(self._plate, self.course, grid, seed)
        self.happenings = Happenings(scene, script, regions, picture, seed, seconds)
        alone = treatment.alone and self.happenings.none and self._currents is None and not script.still
        self.living = LivingParts(regions, grid, scene.wind, seed, alone, script)

    @property
    def stirring(self) -> tuple[Stir, ...]:
        """What was found in the picture, or needs no finding, and moves by itself."""
        living, happenings = self.living, self.happenings
        seen = {
            Stir.WATER: living.ripples or self.course is not None,
            Stir.CURRENT: self.course is not None,
            Stir.STEAM: Stir.STEAM in happenings.plumes,
            Stir.SMOKE: Stir.SMOKE in happenings.plumes,
            Stir.CLOTH: living.billows,
            Stir.METEOR: happenings.meteor is not None,
            Stir.TWINKLE: living.twinkles,
            Stir.FLAME: living.flickers and Stir.FLAME in self._script.stirs,
            Stir.NEON: living.flickers and Stir.NEON in self._script.stirs,
        }
        return tuple(stir for stir in Stir if seen.get(stir, stir in self._script.stirs))

    def look(self, where: Map, time: float) -> Picture:
        """The picture through a map, with all that is displaced in it `time` seconds from the picture's moment."""
        shift = self.living.shift(time)
        moved = where if shift is None else where + self.grid.lookup(shift, where)
        still = moved is self.grid.nodes
        seen = self._picture.copy() if still else self._plate.look(self.grid.enlarge(moved))
        if self._currents is not None:
            seen = self._currents.over(seen, where, time)
        if self._heavens is not None:
            seen = self._heavens.over(seen, where, time)
        return seen

    def shining(self, seen: Picture, where: Map, time: float) -> Picture:
        """The seen picture in the light of its lamps, stars and glints."""
        gain = self.living.light(time)
        return seen if gain is None else lit(seen, self.through(gain, where))

    def happening(self, seen: Picture, where: Map, time: float, clock: float) -> Picture:
        """The seen picture with what happens in it; `clock` counts from the clip's start."""
        return self.happenings.over(seen, lambda field: self.through(field, where), time, clock)

    def through(self, field: Field, where: Map) -> Field:
        """A field over the picture as the camera sees it, on the output's pixels."""
        size = self.grid.size
        if where is self.grid.nodes:
            return np.asarray(cv2.resize(field, (size.width, size.height), interpolation=cv2.INTER_LINEAR), np.float32)
        cells = np.array([field.shape[1] / size.width, field.shape[0] / size.height], np.float32)
        large = self.grid.enlarge(where)
        places = (large[1::2, 1::2] + np.float32(0.5)) * cells - np.float32(0.5)
        seen = cv2.remap(field, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(seen, (size.width, size.height), interpolation=cv2.INTER_LINEAR), np.float32)
