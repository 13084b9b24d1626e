"""The film set as an engine: draws the scene that was understood from the prompt, with its sound. No neural network.

A prompt becomes a Scene, the Scene a film whose frames are functions of their index, drawn by several processes. Given
frame images are moved instead (`plates`); the sound is that of the same scene either way.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

from vitascope.engines.crew import MakePainter, draw
from vitascope.engines.engine import Control, Facts, check
from vitascope.plates.animate import Plates
from vitascope.scene.scene import Scene
from vitascope.scene.understand import understand
from vitascope.values import Clip, Effort, Picture, Shot, Sound
from vitascope.world.events import events
from vitascope.world.film import Film
from vitascope.world.players import SAMPLES
from vitascope.world.sound import score


class FilmSet:
    """The procedural engine. `hands` processes draw (default: one for each core)."""

    facts = Facts(
        name="filmset",
        kind="procedural drawing",
        description="Draws the scene it understood from the prompt, with sound on the same clock. No neural network.",
        heavy=True,
    )

    def __init__(self, hands: int | None = None) -> None:
        self.hands = hands or os.cpu_count() or 1

    def plan(self, shot: Shot) -> str:
        """One sentence: what will be drawn and with how many samples."""
        if shot.first is not None or shot.last is not None:
            return (
                f"The given picture is moved through {shot.timing.frames} frames; the prompt steers camera and light."
            )
        if shot.effort is Effort.FAST:
            return f"{shot.timing.frames} frames drawn with one sample each: no motion blur."
        return f"{shot.timing.frames} frames; what moves fast is drawn with {SAMPLES} samples of an open shutter."

    def generate(self, shot: Shot, control: Control) -> Clip:
        """Start the shot. Raises `Cancelled` or `EngineFailed`, also while the chunks are consumed."""
        check(control)
        scene, reading = understand(shot.prompt, shot.seed, shot.camera_fixed)
        if shot.first is not None or shot.last is not None:
            # What the given pictures do not allow is known once they are taken apart, which the hands do again.
            remarks = _plates(shot.first, shot.last, scene, shot).remarks
            reading = replace(reading, remarks=reading.remarks + remarks)
        check(control)
        sound = soundtrack(scene, shot) if shot.sound else None
        frames = draw(painter(scene, shot), shot.timing.frames, self.hands, control)
        return Clip(size=shot.size, timing=shot.timing, chunks=frames, sound=sound, reading=reading)


def soundtrack(scene: Scene, shot: Shot) -> Sound:
    """The sound of a scene on the clock of a shot."""
    return score(scene, events(scene, shot.timing, shot.size), shot.timing)


def painter(scene: Scene, shot: Shot) -> MakePainter:
    """How each hand builds what draws the frames: the film of the scene, or the given pictures set in motion."""
    if shot.first is not None or shot.last is not None:
        return partial(_plates, shot.first, shot.last, scene, shot)
    return partial(Film, scene, shot.size, shot.timing, shot.effort)


def _plates(first: Picture | None, last: Picture | None, scene: Scene, shot: Shot) -> Plates:
    return Plates(first, last, scene, shot.size, shot.timing, shot.seed, shot.effort)
