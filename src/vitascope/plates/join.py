"""Two pictures, one clip: along the camera path that joins them where they show the same thing, else by a whip pan.

When the prompt names fog, strangers are joined by a bank of mist instead. Nothing ever fades through anything else.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitascope.plates.drift import Drift
from vitascope.plates.film import Film, Part
from vitascope.plates.motes import Motes
from vitascope.plates.related import Related
from vitascope.plates.relation import relation
from vitascope.plates.script import NOTHING_NAMED, Script
from vitascope.plates.still import ONSET, Still
from vitascope.plates.veil import Veil
from vitascope.plates.warp import smoothstep
from vitascope.plates.weather import Overcast
from vitascope.plates.whip import Whip
from vitascope.scene.scene import Camera, Direction, Move, Pace, Scene, Weather
from vitascope.values import Effort, Picture, Size, Timing

BY_WHIP = "The two pictures show different things, so the camera whips round from one to the other."
THROUGH_MIST = "The two pictures show different things, so mist hides the change from one to the other."


def joined(
    first: Picture,
    last: Picture,
    scene: Scene,
    timing: Timing,
    seed: int,
    effort: Effort,
    script: Script = NOTHING_NAMED,
) -> tuple[Film, tuple[str, ...]]:
    """The film from `first` to `last` that suits how they are related, in the scene's weather; and what to tell the
    user about it."""
    overcast = Overcast(scene, first, seed)
    film = _along_a_path(first, last, scene, timing, seed, effort, script)
    remarks: tuple[str, ...] = ()
    if film is None and scene.weather is Weather.FOG:
        return Veil(*_pushes(first, last, scene, timing, seed, effort, script), timing, seed), (THROUGH_MIST,)
    if film is None:
        side = -1 if scene.sections[0].camera.direction is Direction.LEFT else 1
        film, remarks = Whip(*_pushes(first, last, scene, timing, seed, effort, script), timing, side), (BY_WHIP,)
    size = Size(first.shape[1], first.shape[0])
    drift, motes = Drift(script.stirs, size, scene.wind, seed, ends=True), Motes(scene, size, seed)
    clear = overcast.clear and drift.none and motes.none
    return (film if clear else _Weathered(film, overcast, motes, drift, timing)), remarks


def _along_a_path(
    first: Picture, last: Picture, scene: Scene, timing: Timing, seed: int, effort: Effort, script: Script
) -> Film | None:
    bond = relation(first, last)
    if bond is None:
        return None
    try:
        return Related(first, last, bond, scene, timing, seed, effort, script)
    except ValueError:
        return None  # seen too differently for a path: treat them as strangers


def _pushes(
    first: Picture, last: Picture, scene: Scene, timing: Timing, seed: int, effort: Effort, script: Script
) -> tuple[Still, Still]:
    """Both pictures as films: a push into the first one, a pull out to the last."""
    camera = Camera(Move.PUSH_IN, None, Pace.NORMAL)
    pushing = replace(scene, sections=(replace(scene.sections[0], camera=camera),))
    one = Still(first, pushing, timing, seed, effort, weather=False, script=script)
    return one, Still(last, pushing, timing, seed, effort, backwards=True, weather=False, script=script)


class _Weathered:
    """A film behind one air: weather, lights and leaves that begin after the first picture and end before the last."""

    def __init__(self, film: Film, overcast: Overcast, motes: Motes, drift: Drift, timing: Timing) -> None:
        self._film, self._overcast, self._timing = film, overcast, timing
        self._motes, self._drift = motes, drift
        self._near = np.repeat(np.linspace(0, 1, 16, dtype=np.float32)[:, np.newaxis], 16, axis=1)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        time, left = self._timing.time(index), self._timing.time(self._timing.frames - 1 - index)
        strength = smoothstep(min(time, left) / ONSET)
        seen = self._overcast.over(self._film.frame(index), self._near, time, strength)
        return self._drift.over(self._motes.over(seen, time, strength), time, strength)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The pictures behind the air."""
        return self._film.parts
