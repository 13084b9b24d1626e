"""Bell, drum, bowed and plucked string: each makes one note whose onset is its first sample."""

from __future__ import annotations

import numpy as np

from vitascope.filmset.sound.contacts import Rng
from vitascope.filmset.sound.signal import Wave, band, clock, noise, peaked, ringing, samples, strike, swell, tone
from vitascope.values import SOUND_RATE

BELL_PARTIALS = (
    # a church bell tuned in the usual way: ratio to the prime, gain, decay (s)
    (0.5, 0.55, 5.0),  # hum
    (1.0, 0.8, 3.2),  # prime
    (1.2, 0.7, 2.4),  # tierce, a minor third
    (1.5, 0.4, 1.8),  # quint
    (2.0, 1.0, 1.5),  # nominal, which the ear takes for the pitch
    (2.66, 0.35, 0.9),
    (3.01, 0.4, 0.7),
    (4.17, 0.3, 0.45),
    (5.43, 0.2, 0.3),
)
MEMBRANE = (1.0, 1.594, 2.136, 2.296, 2.653, 2.918)
"""Modes of a round membrane, as ratios to its lowest (zeros of the Bessel functions)."""

PRIME, DRUM, STRING = 246.9, 88.0, 293.7  # Hz at pitch 1
LOWER = {"cello": 1 / 3, "guitar": 0.5, "harp": 1.0}
BELL_LENGTH, DRUM_LENGTH, BOW_LENGTH = 2.0, 0.55, 0.15  # s; of bell and bow at least
DRUM_SAG, DRUM_SAG_TIME = 0.25, 0.03  # how much a skin's pitch drops after the blow, s
VIBRATO, VIBRATO_HERTZ, VIBRATO_ONSET = 0.006, 5.4, 0.25  # share of the pitch, Hz, s
MOST_OVERTONES, HIGHEST = 24, 9000  # of a bowed string; Hz


def bell(pitch: float, seconds: float, rng: Rng) -> Wave:
    """A struck bell: inharmonic partials, the high ones gone first, and the clapper's knock."""
    count = samples(max(seconds, BELL_LENGTH))
    body = ringing(count, [(PRIME * pitch * ratio, gain, decay) for ratio, gain, decay in BELL_PARTIALS])
    knock = noise(rng, count, band(1500, 7000)) * strike(count, 0.001, 0.012)
    return peaked((body + np.float32(0.5) * knock) * swell(count, 0.001, 0.4))


def drum(pitch: float, rng: Rng) -> Wave:
    """A hand or taiko drum: the modes of its skin, which drop a little after the blow, and the stick."""
    count = samples(DRUM_LENGTH)
    sag = 1 + DRUM_SAG * np.exp(-clock(count) / DRUM_SAG_TIME)
    skin = np.zeros(count, np.float32)
    for k, ratio in enumerate(MEMBRANE):
        skin += (
            np.float32(0.9**k / (1 + 0.6 * k))
            * tone(count, DRUM * pitch * ratio * sag)
            * strike(count, 0.001, 0.16 / (1 + 0.7 * k))
        )
    stick = noise(rng, count, band(900, 6000)) * strike(count, 0.001, 0.008)
    return peaked((skin + np.float32(0.18) * stick) * swell(count, 0.0005, 0.1))


def bowed(hertz: float, seconds: float, rng: Rng) -> Wave:
    """A bowed string for a stroke's length: a saw's overtones through the body's resonances, vibrato, the hair."""
    count = samples(max(seconds, BOW_LENGTH) + 0.08)
    t = clock(count)
    vibrato = 1 + VIBRATO * np.minimum(t / VIBRATO_ONSET, 1) * np.sin(2 * np.pi * VIBRATO_HERTZ * t + rng.uniform(0, 6))
    string = np.zeros(count, np.float32)
    phase = 2 * np.pi * np.cumsum(hertz * vibrato) / SOUND_RATE
    for k in range(1, min(MOST_OVERTONES, int(HIGHEST / hertz)) + 1):
        string += np.float32(_body(hertz * k) / k) * np.sin(k * phase).astype(np.float32)
    hiss = noise(rng, count, band(1800, 7000)) * np.float32(0.05)
    bite = noise(rng, count, band(700, 5000)) * strike(count, 0.002, 0.03) * np.float32(0.14)
    return peaked(
        (peaked(string) * (0.55 + 0.45 * np.minimum(t / 0.12, 1)).astype(np.float32) + hiss + bite)
        * swell(count, 0.014, 0.09)
    )


def _body(hertz: float) -> float:
    """A fiddle's resonances: air, wood, and the hill of the bridge."""
    hills = ((280, 60, 1.0), (470, 110, 1.1), (1000, 350, 0.5), (2500, 900, 0.9))
    return 0.25 + sum(gain / (1 + ((hertz - centre) / width) ** 2) for centre, width, gain in hills)


def plucked(hertz: float, seconds: float, rng: Rng, brightness: float = 0.5) -> Wave:
    """A plucked string (Karplus and Strong, 1983): a burst of noise that runs round a string and loses its edge."""
    count = samples(max(seconds, 0.4))
    period = max(8, round(SOUND_RATE / hertz))
    string = rng.uniform(-1, 1, period)
    string -= string.mean()
    for _ in range(int(3 * (1 - brightness))):
        string = 0.5 * (string + np.roll(string, 1))
    rounds = -(-count // period)
    wave = np.empty((rounds, period))
    loss = 0.001 ** (period / SOUND_RATE / max(seconds * 1.6, 0.5))
    for turn in range(rounds):
        wave[turn] = string
        string = loss * 0.5 * (string + np.roll(string, 1))
    return peaked(wave.ravel()[:count].astype(np.float32) * swell(count, 0.0008, 0.15))


def string_pitch(pitch: float, prop: str | None) -> float:
    """The frequency of a string at an event's pitch, Hz; a cello lies lower than a violin."""
    return STRING * LOWER.get(prop or "", 1.0) * pitch
