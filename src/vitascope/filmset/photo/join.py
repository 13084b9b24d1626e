"""Two pictures, one clip: along the camera path that joins them where they show the same thing, else by a whip pan.

When the prompt names fog, strangers are joined by a bank of mist instead. Nothing ever fades through anything else.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitascope.filmset.photo.drift import Drift
from vitascope.filmset.photo.following import remarks as remarks_on
from vitascope.filmset.photo.motes import Motes
from vitascope.filmset.photo.photo_film import Part, PhotoFilm
from vitascope.filmset.photo.related import Related
from vitascope.filmset.photo.relation import relation
from vitascope.filmset.photo.script import NOTHING_NAMED, Script
from vitascope.filmset.photo.still import Still
from vitascope.filmset.photo.veil import Veil
from vitascope.filmset.photo.warp import smoothstep
from vitascope.filmset.photo.weather import ONSET, Overcast
from vitascope.filmset.photo.whip import Whip
from vitascope.filmset.scene.scene import Camera, Direction, Move, Pace, Scene, Weather
from vitascope.values import Effort, Picture, Size, Timing

BY_WHIP = "The two pictures show different things, so the camera whips round from one to the other."
STAYS = "Before and after that it stays where it is."
OPPOSITE = {
    Direction.LEFT: Direction.RIGHT,
    Direction.RIGHT: Direction.LEFT,
    Direction.UP: Direction.DOWN,
    Direction.DOWN: Direction.UP,
}
THROUGH_MIST = "The two pictures show different things, so mist hides the change from one to the other."


def joined(
    first: Picture,
    last: Picture,
    scene: Scene,
    timing: Timing,
    seed: int,
    effort: Effort,
    script: Script = NOTHING_NAMED,
) -> tuple[PhotoFilm, tuple[str, ...]]:
    """The film from `first` to `last` that suits how they are related, in the scene's weather; and what to tell the
    user about it."""
    overcast, camera = Overcast(scene, first, seed), scene.sections[0].camera
    film, remarks = _along_a_path(first, last, scene, timing, seed, effort, script)
    if film is None:
        stay = (STAYS,) if camera.move is Move.FIXED else ()
        films = _shots(first, last, scene, timing, seed, effort, script)
        if scene.weather is Weather.FOG:
            return Veil(*films, timing, seed), (THROUGH_MIST,)
        film, remarks = Whip(*films, timing, -1 if camera.direction is Direction.LEFT else 1), (BY_WHIP, *stay)
    size = Size(first.shape[1], first.shape[0])
    drift, motes = Drift(script.stirs, size, scene.wind, seed, ends=True), Motes(scene, size, seed)
    clear = overcast.clear and drift.none and motes.none
    return (film if clear else _Weathered(film, overcast, motes, drift, timing)), remarks


def _along_a_path(
    first: Picture, last: Picture, scene: Scene, timing: Timing, seed: int, effort: Effort, script: Script
) -> tuple[PhotoFilm | None, tuple[str, ...]]:
    """The film between related pictures, or None, and what to tell about its camera."""
    bond = relation(first, last)
    if bond is None:
        return None, ()
    try:
        film = Related(first, last, bond, scene, timing, seed, effort, script)
    except ValueError:
        return None, ()  # seen too differently for a path: treat them as strangers
    size = Size(first.shape[1], first.shape[0])
    return film, remarks_on(scene.sections[0].camera, script.directed, bond, size, film.stands, film.returns)


def _shots(
    first: Picture, last: Picture, scene: Scene, timing: Timing, seed: int, effort: Effort, script: Script
) -> tuple[Still, Still]:
    """Both pictures as films with the prompt's camera; if it names none, a push into the first and a pull out to the
    last."""
    if not script.directed and scene.sections[0].camera.move is not Move.FIXED:
        camera = Camera(Move.PUSH_IN, None, Pace.NORMAL)
        scene = replace(scene, sections=(replace(scene.sections[0], camera=camera),))
    one = Still(first, scene, timing, seed, effort, weather=False, script=script)
    late = towards_the_end(scene)
    return one, Still(last, late, timing, seed, effort, backwards=True, weather=False, script=script)


def towards_the_end(scene: Scene) -> Scene:
    """The scene whose film, shown backwards, moves the camera as this scene says."""
    camera = scene.sections[0].camera
    if camera.direction not in OPPOSITE:
        return scene
    opposite = Camera(camera.move, OPPOSITE[camera.direction], camera.pace)
    return replace(scene, sections=(replace(scene.sections[0], camera=opposite), *scene.sections[1:]))


class _Weathered:
    """A film behind one air: weather, lights and leaves that begin after the first picture and end before the last."""

    def __init__(self, film: PhotoFilm, overcast: Overcast, motes: Motes, drift: Drift, timing: Timing) -> None:
        self._film, self._overcast, self._timing = film, overcast, timing
        self._motes, self._drift = motes, drift
        self._near = np.repeat(np.linspace(0, 1, 16, dtype=np.float32)[:, np.newaxis], 16, axis=1)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        time, left = self._timing.time(index), self._timing.time(self._timing.frames - 1 - index)
        strength = smoothstep(min(time, left) / ONSET)
        come = self._overcast.strength(min(time, left), float(self._timing.seconds) / 2)
        seen = self._overcast.over(self._film.frame(index), self._near, time, come)
        return self._drift.over(self._motes.over(seen, time, strength), time, strength)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The pictures behind the air."""
        return self._film.parts
