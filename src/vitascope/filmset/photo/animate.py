"""A given picture, or two, as a clip whose frames can be drawn in any order.

The frame at a given picture's place is that picture, bit for bit. The same arguments give the same bytes anywhere.
"""

from __future__ import annotations

from dataclasses import replace

import cv2

from vitascope.filmset.photo.heard import Hearing, heard
from vitascope.filmset.photo.join import joined, towards_the_end
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.photo_film import PhotoFilm, stirring
from vitascope.filmset.photo.script import NOTHING_NAMED, Script
from vitascope.filmset.photo.still import Still
from vitascope.filmset.photo.warp import fitted
from vitascope.filmset.scene.scene import Camera, Direction, Move, Scene
from vitascope.values import Effort, Picture, Reading, Size, Timing, Understood


class MovingPhoto:
    """Paints the frames of a clip that starts at `first`, ends at `last`, or both (a `Painter` to the engine).

    Pictures are uint8 (height, width, 3) sRGB of `size`; others are cropped and scaled. The scene's weather, glows and
    wind are followed, and what the script names moves by itself. With one picture its first camera move and its time of
    day are followed too; between two related pictures the camera takes the path that joins them (and follows the move
    out and back where there is none), and the light is theirs. `remarks` says in plain sentences what could not be done
    as asked. Raises ValueError without any picture.
    """

    def __init__(
        self,
        first: Picture | None,
        last: Picture | None,
        scene: Scene,
        size: Size,
        timing: Timing,
        seed: int,
        effort: Effort = Effort.FULL,
        script: Script = NOTHING_NAMED,
    ) -> None:
        if first is None and last is None:
            raise ValueError("a moving photo needs a first or a last picture")
        cv2.setNumThreads(1)  # there is a process for each core; more threads would only get in their way
        self.size, self.timing = size, timing
        self._first = None if first is None else fitted(first, size)
        self._last = None if last is None else fitted(last, size)
        self.remarks: tuple[str, ...] = _remarks(scene.sections[0].camera, self._first, self._last)
        self._scene, self._seed = scene, seed
        self._film = self._make(scene, seed, effort, script)
        self.remarks += _unfound(script, self.stirring)

    def frame(self, index: int) -> Picture:
        """The frame at `index` (0 .. frames - 1): uint8 (height, width, 3)."""
        if index == 0 and self._first is not None:
            return self._first.copy()
        if index == self.timing.frames - 1 and self._last is not None:
            return self._last.copy()
        return self._film.frame(index)

    @property
    def stirring(self) -> tuple[Stir, ...]:
        """What moves by itself in this clip."""
        return stirring(self._film)

    def heard(self) -> Hearing:
        """What this clip sounds like, as a list."""
        return heard(self._film, self._scene, self.timing, self._seed)

    def explained(self, reading: Reading) -> Reading:
        """The reading with what was found in the pictures and what they do not allow."""
        named = {found.value for found in reading.understood if found.slot == "motion"}
        found = tuple(Understood("found", stir.value, "") for stir in self.stirring if stir.value not in named)
        return replace(reading, understood=reading.understood + found, remarks=reading.remarks + self.remarks)

    def _make(self, scene: Scene, seed: int, effort: Effort, script: Script) -> PhotoFilm:
        if self._first is not None and self._last is not None:
            film, remarks = joined(self._first, self._last, scene, self.timing, seed, effort, script)
            self.remarks += remarks
            return film
        if self._first is not None:
            return Still(self._first, scene, self.timing, seed, effort, script=script)
        assert self._last is not None
        return Still(self._last, towards_the_end(scene), self.timing, seed, effort, backwards=True, script=script)


def _unfound(script: Script, stirring: tuple[Stir, ...]) -> tuple[str, ...]:
    """What the prompt names and the picture does not show for sure, in one sentence."""
    missing = [stir.value for stir in Stir if stir in script.stirs and stir not in stirring]
    if not missing:
        return ()
    return (f"Not found in the picture for sure, so left as it is: {', '.join(missing)}.",)


def _remarks(camera: Camera, first: Picture | None, last: Picture | None) -> tuple[str, ...]:
    towards = camera.move is Move.TRACKING and camera.direction is Direction.TOWARDS
    away = camera.move is Move.TRACKING and camera.direction is Direction.AWAY
    if (camera.move is Move.PULL_OUT or away) and last is None:
        return ("The clip starts at your whole picture, so the camera pushes in instead of pulling out.",)
    if (camera.move is Move.PUSH_IN or towards) and first is None:
        return ("The clip ends at your whole picture, so the camera pulls out instead of pushing in.",)
    return ()
