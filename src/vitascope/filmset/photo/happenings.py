"""What happens in a picture beside its own parts: plumes rise, lightning strikes, a star falls.

All of it belongs to the picture and travels with it: every field is seen through the camera's map by `through`.
"""

from __future__ import annotations

from collections.abc import Callable

from vitascope.filmset.photo.daylight import with_lights
from vitascope.filmset.photo.lightning import Lightning, flashed
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.nightsky import Meteor
from vitascope.filmset.photo.plume import Plume, find_source
from vitascope.filmset.photo.regions import Regions
from vitascope.filmset.photo.script import Script
from vitascope.filmset.photo.warp import Field
from vitascope.filmset.scene.scene import Scene, Weather
from vitascope.values import Picture

Through = Callable[[Field], Field]
"""From a field over the picture to one on the output's pixels."""


class Happenings:
    """What a scene and a script make happen over one picture in a clip of `seconds`."""

    def __init__(
        self, scene: Scene, script: Script, regions: Regions, picture: Picture, seed: int, seconds: float
    ) -> None:
        self.plumes: dict[Stir, Plume] = {}
        for stir in (Stir.STEAM, Stir.SMOKE):
            source = find_source(stir, regions) if stir in script.stirs else None
            if source is not None:
                self.plumes[stir] = Plume(stir, source, picture, scene.wind, seed)
        self.lightning = Lightning(regions, seed, seconds) if scene.weather is Weather.STORM else None
        meteor = Meteor(regions, seed, seconds) if Stir.METEOR in script.stirs else None
        self.meteor = meteor if meteor is not None and meteor.found else None

    @property
    def none(self) -> bool:
        """Whether nothing happens."""
        return not self.plumes and self.lightning is None and self.meteor is None

    def over(self, seen: Picture, through: Through, time: float, clock: float) -> Picture:
        """The seen picture with all that happens; `time` since the picture was given, `clock` since the clip began."""
        for plume in self.plumes.values():
            seen = plume.over(seen, through(plume.at(time))) if time else seen
        star = self.meteor.at(clock) if self.meteor is not None else None
        if star is not None:
            seen = with_lights(seen, through(star))
        gain = self.lightning.gain(clock) if self.lightning is not None else None
        if gain is None or self.lightning is None:
            return seen
        seen = flashed(seen, through(gain))
        bolt = self.lightning.bolt(clock)
        return seen if bolt is None else with_lights(seen, through(bolt))
