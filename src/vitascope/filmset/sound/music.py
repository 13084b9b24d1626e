"""Simple music on the scene's clock, for dancers and for prompts that ask for it: drum, bass and plucked notes.

The mood chooses scale and tempo stays the scene's beat, so that dancers and music agree. Musicians and drummers that
are seen make their own music by their events; then nothing is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vitascope.filmset.scene.scene import Ambience, Event, Kind, Noise, Scene
from vitascope.filmset.sound import instruments
from vitascope.filmset.sound.contacts import Rng
from vitascope.filmset.sound.signal import Stereo, Wave, add
from vitascope.filmset.sound.space import panned
from vitascope.filmset.stage.pulse import beat
from vitascope.values import SOUND_RATE

PLAYED = frozenset({Noise.BOW, Noise.BLOW, Noise.PLUCK, Noise.DRUM})
MINOR, MAJOR, PHRYGIAN, DORIAN = (0, 3, 5, 7, 10), (0, 2, 4, 7, 9), (0, 1, 4, 5, 7), (0, 2, 3, 7, 9)
SCALES = {
    "melancholic": MINOR, "dark": PHRYGIAN, "tense": PHRYGIAN, "mysterious": DORIAN, "epic": PHRYGIAN,
    "joyful": MAJOR, "serene": MAJOR, "warm": MAJOR, "vivid": DORIAN, "dreamy": MAJOR, "cool": MINOR, "muted": MINOR,
}  # fmt: skip
"""Five notes of a scale, in half tones above the root."""
BASS, TUNE, BEATS = 0.5, 0.42, 0.5  # gains beside each other
QUIET = 0.4  # everything beside the events
LOWEST_ROOT = 110.0  # Hz
LOW_DRUM, HIGH_DRUM = 0.8, 2.6  # pitch factors
TUNE_SOUNDS, OFF_BEAT = 0.7, 0.6  # chances of a note of the motif, of an off-beat at a bar's end


@dataclass(frozen=True, slots=True)
class Note:
    """One sound of the music: when (s), which voice, how many half tones above the root, gain, side."""

    time: float
    voice: str
    half_tones: int
    gain: float
    side: float


def music(scene: Scene, events: tuple[Event, ...], count: int, rng: Rng) -> Stereo | None:
    """The music of a clip, or None where nobody asked for it or somebody seen makes it."""
    wanted = Ambience.MUSIC in scene.ambience or any(subject.kind is Kind.DANCER for subject in scene.subjects)
    if not wanted or any(event.noise in PLAYED for event in events):
        return None
    track = np.zeros((2, count), np.float32)
    root = LOWEST_ROOT * 2 ** (int(rng.integers(0, 6)) / 12)
    voices: dict[tuple[str, int], Wave] = {}
    for note in _score(scene, count / SOUND_RATE, rng):
        key = (note.voice, note.half_tones)
        if key not in voices:
            voices[key] = _sound(note, root, rng)
        add(track, panned(voices[key] * np.float32(QUIET * note.gain), note.side), round(note.time * SOUND_RATE))
    return track


def _score(scene: Scene, seconds: float, rng: Rng) -> Iterator[Note]:
    """Four-beat bars: a drum on one and three with light off-beats, a bass, a tune of eighths with rests."""
    length = beat(scene)
    scale = SCALES.get(scene.mood or "", (MINOR, MAJOR, DORIAN)[int(rng.integers(3))])
    motif = [int(step) for step in rng.integers(0, 8, 8)]
    sounding = rng.random(8) < TUNE_SOUNDS
    sounding[0] = True
    for number in range(int(seconds / length) + 1):
        time, place = number * length, number % 4
        if place in (0, 2):
            yield Note(time, "low drum", 0, BEATS * (1.0 if place == 0 else 0.75), 0.0)
            yield Note(time, "bass", (0, 0, 5, 7)[number // 4 % 4] if place == 0 else 7, BASS, 0.0)
        else:
            yield Note(time, "high drum", 0, 0.35 * BEATS, 0.25)
        for half in range(2):
            step = (2 * number + half) % 8
            if sounding[step]:
                octave, degree = divmod(motif[step], len(scale))
                yield Note(time + half * length / 2, "tune", 12 + 12 * octave + scale[degree], TUNE, -0.3 + 0.6 * half)
        if place == 3 and rng.random() < OFF_BEAT:
            yield Note(time + length / 2, "high drum", 0, 0.25 * BEATS, -0.25)


def _sound(note: Note, root: float, rng: Rng) -> Wave:
    hertz = root * 2 ** (note.half_tones / 12)
    if note.voice == "low drum":
        return instruments.drum(LOW_DRUM, rng)
    if note.voice == "high drum":
        return instruments.drum(HIGH_DRUM, rng)
    if note.voice == "bass":
        return instruments.plucked(hertz / 2, 1.0, rng, brightness=0.0)
    return instruments.plucked(hertz, 0.9, rng, brightness=0.4)
