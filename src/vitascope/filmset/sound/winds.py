"""Wind instruments: flute, saxophone, trumpet, accordion. One note each, whose onset is its first sample.

A blown note is a column of harmonics that brightens as the breath grows, with breath beside it and the chiff of its
start; reeds of an accordion come in pairs that beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.filmset.sound.contacts import Rng
from vitascope.filmset.sound.signal import Wave, band, clock, noise, peaked, samples, strike, swell
from vitascope.values import SOUND_RATE


@dataclass(frozen=True, slots=True)
class Pipe:
    """How a wind instrument sounds: `root` Hz at pitch 1; harmonic k has gain k ** -`fall`, even ones times `even`.

    `hill` (Hz, width, gain) is its formant; `bright` is how much softer the overtones begin; `breath` and `chiff` are
    the gains of the air; `vibrato` its depth; `spread` detunes a second reed (share), 0 for none.
    """

    root: float
    fall: float
    even: float
    hill: tuple[float, float, float]
    bright: float
    breath: float
    chiff: float
    vibrato: float
    attack: float
    spread: float = 0.0


PIPES = {
    "flute": Pipe(
        root=587.3,
        fall=1.9,
        even=0.6,
        hill=(900, 500, 0.4),
        bright=0.3,
        breath=0.08,
        chiff=0.30,
        vibrato=0.007,
        attack=0.016,
    ),
    "saxophone": Pipe(
        root=220.0,
        fall=0.75,
        even=0.9,
        hill=(1100, 600, 1.1),
        bright=0.5,
        breath=0.05,
        chiff=0.12,
        vibrato=0.006,
        attack=0.018,
    ),
    "trumpet": Pipe(
        root=349.2,
        fall=0.45,
        even=1.0,
        hill=(1400, 900, 1.2),
        bright=0.8,
        breath=0.012,
        chiff=0.06,
        vibrato=0.004,
        attack=0.014,
    ),
    "accordion": Pipe(
        root=293.7,
        fall=0.6,
        even=0.9,
        hill=(700, 700, 0.5),
        bright=0.15,
        breath=0.012,
        chiff=0.04,
        vibrato=0.0,
        attack=0.014,
        spread=0.0045,
    ),
}
MOST_HARMONICS, HIGHEST = 22, 9000.0


def blown(pitch: float, seconds: float, instrument: str, rng: Rng) -> Wave:
    """A note of `seconds` s on one of `PIPES` at a pitch factor."""
    pipe = PIPES[instrument]
    count = samples(max(seconds, 0.15) + 0.06)
    t = clock(count)
    breath = np.minimum(0.4 + t / 0.09, 1.0) * (0.86 + 0.14 * np.sin(np.pi * np.minimum(t / max(seconds, 0.15), 1.0)))
    wave = _column(pipe, pipe.root * pitch, count, breath, float(rng.uniform(0, 6)))
    if pipe.spread:
        wave = wave + _column(pipe, pipe.root * pitch * (1 + pipe.spread), count, breath, float(rng.uniform(0, 6)))
    root = pipe.root * pitch
    air = noise(rng, count, band(0.8 * root, min(9000.0, 8 * root))) * np.float32(pipe.breath)
    chiff = noise(rng, count, band(1.5 * root, 7000)) * strike(count, 0.002, 0.03) * np.float32(pipe.chiff)
    return peaked((peaked(wave) + air + chiff) * swell(count, pipe.attack, 0.06))


def _column(pipe: Pipe, hertz: float, count: int, breath: np.ndarray, phase: float) -> Wave:
    """The harmonics: the higher, the later they follow the breath."""
    t = clock(count)
    depth = pipe.vibrato * np.minimum(np.maximum(t - 0.12, 0) / 0.3, 1)
    turn = 2 * np.pi * np.cumsum(hertz * (1 + depth * np.sin(2 * np.pi * 5.1 * t + phase))) / SOUND_RATE
    wave = np.zeros(count, np.float32)
    centre, width, height = pipe.hill
    for k in range(1, min(MOST_HARMONICS, int(HIGHEST / hertz)) + 1):
        gain = k**-pipe.fall * (1.0 if k % 2 else pipe.even)
        gain *= 1 + height / (1 + ((hertz * k - centre) / width) ** 2)
        rise = breath ** (1 + pipe.bright * (k - 1) ** 0.5)
        wave += (gain * rise * np.sin(k * turn + 0.7 * k)).astype(np.float32)
    return wave
