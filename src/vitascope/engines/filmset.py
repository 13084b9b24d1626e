"""The film set as an engine: draws the scene that was understood from the prompt, with its sound. No neural network.

A prompt becomes a Scene, the Scene a film whose frames are functions of their index, drawn by several processes. Given
frame images are moved instead (`photo`): then only what the prompt says and what the pictures show is seen and heard.
"""

from __future__ import annotations

import os
from functools import partial

from vitascope.engines.parallel import draw
from vitascope.engines.protocol import Control, check
from vitascope.filmset.film import Film
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.script import Script, scripted
from vitascope.filmset.players import SAMPLES
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import Scene
from vitascope.filmset.sound.photo_score import photo_score
from vitascope.filmset.sound.score import score
from vitascope.filmset.stage.events import events
from vitascope.values import Clip, Effort, Shot


class FilmSet:
    """The procedural engine. So many `processes` draw (default: one for each core)."""

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or os.cpu_count() or 1

    def open(self) -> None:
        """There is nothing to load: tables and textures are read when first needed."""

    def close(self) -> None:
        """There is nothing to let go of: drawing processes end with their shot."""

    def _plan(self, shot: Shot) -> str:
        frames = shot.timing.frames
        if shot.first is not None or shot.last is not None:
            return f"The given picture is moved through {frames} frames; the prompt steers camera and light."
        if shot.effort is Effort.FAST:
            return (
                f"{frames} frames drawn the quick way: one sample each, no motion blur, coarser water and reflections."
            )
        return f"{frames} frames; what moves fast is drawn with {SAMPLES} samples of an open shutter."

    def generate(self, shot: Shot, control: Control) -> Clip:
        """Start the shot. Raises `Cancelled` or `EngineFailed`, also while the chunks are consumed."""
        check(control)
        if shot.first is not None or shot.last is not None:
            return self._animated(shot, control)
        control.progress(0, "reading the prompt")
        scene, reading = understand(shot.prompt, shot.seed, shot.camera_fixed)
        control.progress(0, "setting the scene")
        sound = score(scene, events(scene, shot.timing, shot.size), shot.timing) if shot.sound else None
        check(control)
        make = partial(Film, scene, shot.size, shot.timing, shot.effort)
        frames = draw(make, shot.timing.frames, self.processes, control)
        return Clip(
            size=shot.size, timing=shot.timing, chunks=frames, sound=sound, reading=reading, plan=self._plan(shot)
        )

    def _animated(self, shot: Shot, control: Control) -> Clip:
        """The given pictures in motion."""
        control.progress(0, "looking at the pictures")
        scene, script, reading = scripted(shot.prompt, shot.seed, shot.camera_fixed)
        # What the pictures show and allow is known once they are taken apart, which the processes do again.
        photo = _photo(shot, scene, script)
        check(control)
        sound = photo_score(photo.heard(), scene, script, shot.timing) if shot.sound else None
        check(control)
        frames = draw(partial(_photo, shot, scene, script), shot.timing.frames, self.processes, control)
        return Clip(shot.size, shot.timing, frames, sound, photo.explained(reading), self._plan(shot))


def _photo(shot: Shot, scene: Scene, script: Script) -> MovingPhoto:
    return MovingPhoto(shot.first, shot.last, scene, shot.size, shot.timing, shot.seed, shot.effort, script)
