"""The sound of given pictures: what was found in them where it is seen, and what the prompt names, all around."""

from __future__ import annotations

import numpy as np

from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.photo.heard import Bed, Hearing
from vitascope.filmset.photo.script import Script
from vitascope.filmset.scene.scene import Event, Scene
from vitascope.filmset.sound.beds import Moment, bed
from vitascope.filmset.sound.loudness import TARGET, mastered
from vitascope.filmset.sound.music import music
from vitascope.filmset.sound.places import ASKED, WEATHERS, beds
from vitascope.filmset.sound.score import SUB_SONIC, asked, foreground
from vitascope.filmset.sound.signal import Stereo, highpass, lowpass
from vitascope.filmset.sound.space import ducked
from vitascope.values import SOUND_RATE, Sound, Timing

OPEN = 20_000.0  # Hz; a cut-off here or above takes nothing away
LAYERS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "torrent": (("downpour", 0.0, 5200.0), ("lapping", -9.0, OPEN)),
    "stream": (("lapping", 0.0, OPEN), ("rain", -13.0, 3000.0)),
}
"""What a picture's bed is mixed of, if not of the one with its own name: (bed, dB, cut-off in Hz)."""
QUIET = -34.0  # LUFS of a picture in which nothing makes a sound
ROOM_TONE = ("hush", -40.0)  # the bed of such a picture, dB
EDGE = 0.03  # s of ramp at the clip's ends
CROSSFADE = 0.25  # s on each side of a picture's start and end in which its beds come and go


def photo_score(hearing: Hearing, scene: Scene, script: Script, timing: Timing) -> Sound:
    """All that is heard: stereo float32 at 48 kHz, exactly `timing.samples()` samples, about -16 LUFS."""
    count = timing.samples(SOUND_RATE)
    noises: tuple[Event, ...] = (*hearing.events, *asked(scene, hearing.events, float(timing.seconds)))
    ambience = _ambience(scene, script)
    silent = not hearing.beds and not ambience and not noises
    moment = Moment(scene, noises, count)
    track = np.zeros((2, count), np.float32)
    for number, each in enumerate(hearing.beds):
        track += _placed(_layered(each, moment, number), each)
    for name, level in ambience.items() if not silent else (ROOM_TONE,):
        track += bed(name, moment, random_stream(scene.seed, "bed", name)) * np.float32(10 ** (level / 20))
    front = foreground(scene, noises, count)
    mix = front + ducked(track, front)
    tune = music(scene, noises, count, random_stream(scene.seed, "music"))
    if tune is not None:
        mix += tune
    ramp = np.clip(np.minimum(np.arange(count), np.arange(count)[::-1]) / (EDGE * SOUND_RATE), 0, 1)
    target = QUIET if silent and tune is None else TARGET
    samples = mastered(highpass(mix, SUB_SONIC, 2) * ramp.astype(np.float32), target)
    return Sound(SOUND_RATE, np.ascontiguousarray(samples, np.float32))


def _ambience(scene: Scene, script: Script) -> dict[str, float]:
    """The beds that the prompt names, with their dB: its weather, its sounds, and its place if it names one."""
    if script.placed:
        return beds(scene)
    named = [ASKED[sound.value] for sound in scene.ambience if sound.value in ASKED]
    return dict((*WEATHERS[scene.weather], *named))


def _layered(each: Bed, moment: Moment, number: int) -> Stereo:
    """A picture's bed, unit RMS or so, before it is placed; (2, count)."""
    track = np.zeros((2, moment.count), np.float32)
    for name, level, cutoff in LAYERS.get(each.name, ((each.name, 0.0, OPEN),)):
        layer = bed(name, moment, random_stream(moment.scene.seed, "found", name, number))
        layer = lowpass(layer, cutoff) if cutoff < OPEN else layer
        track += layer * np.float32(10 ** (level / 20))
    return track


def _placed(track: Stereo, each: Bed) -> Stereo:
    """A bed at its side, as wide as it is seen, while it is seen; (2, count)."""
    count = track.shape[-1]
    share = np.linspace(0, 1, count, dtype=np.float32)
    steps = np.linspace(each.start, each.end, len(each.pans))
    angle = (np.interp(share, steps, each.pans) + 1) * np.pi / 4
    soft = CROSSFADE * SOUND_RATE / count
    there = np.ones(count)
    if each.start > 0:
        there *= np.clip((share - each.start) / soft * 0.5 + 0.5, 0, 1)
    if each.end < 1:
        there *= np.clip((each.end - share) / soft * 0.5 + 0.5, 0, 1)
    gain = 10 ** (each.level / 20) * np.interp(share, steps, each.gains) * np.sqrt(there)
    middle, side = (track[0] + track[1]) / 2, (track[0] - track[1]) / 2 * each.width
    sides = np.stack(((middle + side) * np.cos(angle), (middle - side) * np.sin(angle))) * (np.sqrt(2) * gain)
    return np.asarray(sides, np.float32)
