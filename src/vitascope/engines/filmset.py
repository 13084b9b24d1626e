"""The film set as an engine: draws the scene that was understood from the prompt, with its sound. No neural network.

A prompt becomes a Scene, the Scene a film whose frames are functions of their index, drawn by several processes. Given
frame images are moved instead (`plates`): then only what the prompt says and what the pictures show is seen and heard.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

import numpy as np

from vitascope.engines.parallel import draw
from vitascope.engines.protocol import Control, check
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.film import Film
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.heard import Bed, Hearing
from vitascope.filmset.photo.script import Script, scripted
from vitascope.filmset.players import SAMPLES
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import Event, Scene
from vitascope.filmset.sound.beds import Moment, bed
from vitascope.filmset.sound.loudness import TARGET, mastered
from vitascope.filmset.sound.music import music
from vitascope.filmset.sound.places import ASKED, WEATHERS, beds
from vitascope.filmset.sound.score import SUB_SONIC, asked, foreground, score
from vitascope.filmset.sound.signal import Stereo, highpass, lowpass
from vitascope.filmset.sound.space import ducked
from vitascope.filmset.stage.events import events
from vitascope.values import SOUND_RATE, Clip, Effort, Reading, Shot, Sound, Timing, Understood

SOUNDS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "torrent": (("downpour", 0.0, 5200.0), ("lapping", -9.0, 20_000.0)),
    "stream": (("lapping", 0.0, 20_000.0), ("rain", -13.0, 3000.0)),
}
"""What a picture's bed is mixed of, if not of the one with its own name: (bed, dB, cut-off in Hz)."""
QUIET = -34.0  # LUFS of a picture in which nothing makes a sound
ROOM_TONE = ("hush", -40.0)
EDGE = 0.03  # seconds of ramp at the clip's ends


class FilmSet:
    """The procedural engine. So many `processes` draw (default: one for each core)."""

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or os.cpu_count() or 1

    def open(self) -> None:
        """There is nothing to load: tables and textures are read when first needed."""

    def close(self) -> None:
        """There is nothing to let go of: drawing processes end with their shot."""

    def _plan(self, shot: Shot) -> str:
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
        if shot.first is not None or shot.last is not None:
            return self._animated(shot, control)
        control.progress(0, "reading the prompt")
        scene, reading = understand(shot.prompt, shot.seed, shot.camera_fixed)
        control.progress(0, "setting the scene")
        sound = soundtrack(scene, shot) if shot.sound else None
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
        plates = _plates(shot, scene, script)
        check(control)
        sound = heard_in(plates.heard(), scene, script, shot.timing) if shot.sound else None
        check(control)
        frames = draw(partial(_plates, shot, scene, script), shot.timing.frames, self.processes, control)
        return Clip(shot.size, shot.timing, frames, sound, _told(reading, plates), self._plan(shot))


def soundtrack(scene: Scene, shot: Shot) -> Sound:
    """The sound of a scene on the clock of a shot."""
    return score(scene, events(scene, shot.timing, shot.size), shot.timing)


def heard_in(hearing: Hearing, scene: Scene, script: Script, timing: Timing) -> Sound:
    """The sound of given pictures: what was found in them where it is seen, and what the prompt names, all around."""
    count = timing.samples(SOUND_RATE)
    noises: tuple[Event, ...] = (*hearing.events, *asked(scene, hearing.events, float(timing.seconds)))
    ambience = _ambience(scene, script)
    silent = not hearing.beds and not ambience and not noises
    moment = Moment(scene, noises, count)
    track = np.zeros((2, count), np.float32)
    for number, each in enumerate(hearing.beds):
        track += _placed(_sounded(each, moment, number), each)
    for name, level in ambience.items() if not silent else (ROOM_TONE,):
        track += bed(name, moment, random_stream(scene.seed, "bed", name)) * np.float32(10 ** (level / 20))
    front = foreground(scene, noises, count)
    mix = front + ducked(track, front)
    tune = music(scene, noises, count, random_stream(scene.seed, "music"))
    if tune is not None:
        mix += tune
    ramp = np.clip(np.minimum(np.arange(count), np.arange(count)[::-1]) / (EDGE * SOUND_RATE), 0, 1)
    samples = mastered(
        highpass(mix, SUB_SONIC, 2) * ramp.astype(np.float32), QUIET if silent and tune is None else TARGET
    )
    return Sound(SOUND_RATE, np.ascontiguousarray(samples, np.float32))


def _ambience(scene: Scene, script: Script) -> dict[str, float]:
    """The beds that the prompt names: its weather, its sounds, and its place if it names one."""
    if script.placed:
        return beds(scene)
    named = [ASKED[sound.value] for sound in scene.ambience if sound.value in ASKED]
    return dict((*WEATHERS[scene.weather], *named))


def _sounded(each: Bed, moment: Moment, number: int) -> Stereo:
    """A picture's bed, unit RMS or so, before it is placed."""
    track = np.zeros((2, moment.count), np.float32)
    for name, level, cutoff in SOUNDS.get(each.name, ((each.name, 0.0, 20_000.0),)):
        layer = bed(name, moment, random_stream(moment.scene.seed, "found", name, number))
        layer = lowpass(layer, cutoff) if cutoff < 20_000 else layer
        track += layer * np.float32(10 ** (level / 20))
    return track


def _placed(track: Stereo, each: Bed) -> Stereo:
    """A bed at its side, as wide as it is seen, while it is seen."""
    count = track.shape[-1]
    share = np.linspace(0, 1, count, dtype=np.float32)
    steps = np.linspace(each.start, each.end, len(each.pans))
    angle = (np.interp(share, steps, each.pans) + 1) * np.pi / 4
    soft = 0.25 * SOUND_RATE / count
    there = np.ones(count)
    if each.start > 0:
        there *= np.clip((share - each.start) / soft * 0.5 + 0.5, 0, 1)
    if each.end < 1:
        there *= np.clip((each.end - share) / soft * 0.5 + 0.5, 0, 1)
    gain = 10 ** (each.level / 20) * np.interp(share, steps, each.gains) * np.sqrt(there)
    middle, side = (track[0] + track[1]) / 2, (track[0] - track[1]) / 2 * each.width
    sides = np.stack(((middle + side) * np.cos(angle), (middle - side) * np.sin(angle))) * (np.sqrt(2) * gain)
    return np.asarray(sides, np.float32)


def _told(reading: Reading, plates: MovingPhoto) -> Reading:
    """The reading with what was found in the pictures and what they do not allow."""
    named = {found.value for found in reading.understood if found.slot == "motion"}
    found = tuple(Understood("found", stir.value, "") for stir in plates.stirring if stir.value not in named)
    return replace(reading, understood=reading.understood + found, remarks=reading.remarks + plates.remarks)


def _plates(shot: Shot, scene: Scene, script: Script) -> MovingPhoto:
    return MovingPhoto(shot.first, shot.last, scene, shot.size, shot.timing, shot.seed, shot.effort, script)
