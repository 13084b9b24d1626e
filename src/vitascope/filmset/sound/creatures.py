"""Air, water, wings and engines: thunder, breaking waves, bubbles, birds, cloth, motors. One maker a noise.

Every maker returns mono sound whose onset is its first sample and whose greatest sample is 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vitascope.filmset.scene.scene import Event, Setting
from vitascope.filmset.sound.contacts import Rng, bubble
from vitascope.filmset.sound.signal import (
    Wave,
    add,
    band,
    clock,
    noise,
    peaked,
    ringing,
    samples,
    strike,
    swell,
    tilt,
    tone,
    wandering,
)
from vitascope.values import SOUND_RATE

SEASIDE = frozenset({Setting.CLIFF, Setting.HARBOUR, Setting.SEA, Setting.REEF})
THUNDER_LENGTH, WAVE_LENGTH, BUBBLES_LENGTH = 2.5, 1.2, 0.3  # s at least
CALL_LENGTH, WHISTLE_LENGTH, WINGS_LENGTH, SWISH_LENGTH, ENGINE_LENGTH = 0.35, 0.3, 0.1, 0.25, 0.2  # s at least
THUNDER_ROLLS = 6  # echoes from far clouds
BUBBLE_RATE = 40  # bubbles a second of breath
GULL_LOW, GULL_RISE, GULL_FALL, GULL_TREMOLO = 820, 620, 140, 34  # Hz
WHISTLE_NOTE = 0.06, 0.14  # s
WHISTLE_STARTS, WHISTLE_ENDS, TRILLS = (2300, 4200), (2300, 4600), (25, 45)  # Hz
ENGINE_HERTZ, ENGINE_HARMONICS = 48.0, 12  # of a car at pitch 1
OWL_HERTZ, OWL_LENGTH = 390, 1.3  # Hz, s
OWL_HOOTS = ((0.0, 0.28), (0.5, 0.6))  # (start s, length s)


def thunder(event: Event, rng: Rng, setting: Setting) -> Wave:
    """A crack, sharper the stronger, then rumbling that comes in rolls from far clouds."""
    count = samples(max(event.length, THUNDER_LENGTH))
    crack = noise(rng, count, tilt(0.7, 60)) * strike(count, 0.004, 0.09 + 0.1 * event.strength)
    rumble = noise(rng, count, tilt(1.3, 28))
    rolls = strike(count, 0.004, 0.5)
    for _ in range(THUNDER_ROLLS):
        add(
            rolls,
            np.float32(rng.uniform(0.25, 0.7)) * strike(count, 0.12, rng.uniform(0.25, 0.7)),
            samples(rng.uniform(0.1, 0.6 * count / SOUND_RATE)),
        )
    return peaked((np.float32(event.strength) * crack + rumble * rolls) * swell(count, 0.001, 0.8))


def wave(event: Event, rng: Rng, setting: Setting) -> Wave:
    """A wave that breaks: the slap, the roar as it falls over, the hiss as it runs up and back."""
    count = samples(max(event.length, WAVE_LENGTH))
    t = clock(count)
    slap = noise(rng, count, band(90 * event.pitch, 1800)) * strike(count, 0.008, 0.35)
    roar = noise(rng, count, band(120 * event.pitch, 2600)) * strike(count, 0.25, 0.55)
    hiss = noise(rng, count, band(1500, 8000, 1)) * (np.minimum(t / 0.5, 1) * np.exp(-np.maximum(t - 0.5, 0) / 0.8))
    mixed = slap + roar + np.float32(0.35) * hiss.astype(np.float32)
    return peaked(mixed * swell(count, 0.001, min(0.8, 0.4 * t[-1])))


def bubbles(event: Event, rng: Rng, setting: Setting) -> Wave:
    """A breath let go under water: many bubbles, the first at once."""
    count = samples(max(event.length, BUBBLES_LENGTH))
    mixed = np.zeros(count, np.float32)
    times = np.concatenate(
        [[0.0, 0.005], np.sort(rng.uniform(0, 0.85 * count / SOUND_RATE, int(BUBBLE_RATE * count / SOUND_RATE) + 4))]
    )
    for number, time in enumerate(times):
        near = 1.3 if number < 2 else rng.uniform(0.3, 0.8)  # the first ones leave the mouth
        add(mixed, np.float32(near) * bubble(rng, 0.7 * event.pitch), samples(time) - 1)
    puff = noise(rng, count, band(300, 2200)) * strike(count, 0.002, 0.03)
    return peaked(mixed + np.float32(0.3) * puff)


def call(event: Event, rng: Rng, setting: Setting) -> Wave:
    """A bird's call: a gull's falling cry at the sea, whistled notes anywhere else."""
    return _gull(event, rng) if setting in SEASIDE else _whistle(event, rng)


def _gull(event: Event, rng: Rng) -> Wave:
    count = samples(max(event.length, CALL_LENGTH))
    u = clock(count) / (count / SOUND_RATE)
    hertz = (
        event.pitch
        * (GULL_LOW + GULL_RISE * np.exp(-(((u - 0.22) / 0.2) ** 2)) - GULL_FALL * u)
        * (1 + 0.01 * np.sin(2 * np.pi * GULL_TREMOLO * clock(count)))
    )
    cry = sum(
        (np.float32(gain) * tone(count, hertz * k, 0.3 * k) for k, gain in ((1, 0.6), (2, 1.0), (3, 0.7), (4, 0.35))),
        np.zeros(count, np.float32),
    )
    breath = noise(rng, count, band(900, 5000)) * strike(count, 0.002, 0.02)
    rough = np.float32(1) + np.float32(0.25) * noise(rng, count, band(40, 160))
    return peaked(cry * rough * swell(count, 0.005, 0.15) + breath)


def _whistle(event: Event, rng: Rng) -> Wave:
    count = samples(max(event.length, WHISTLE_LENGTH))
    song = np.zeros(count, np.float32)
    at = 0.0
    while at < count / SOUND_RATE - 0.08:
        song_note = whistle_note(rng, event.pitch)
        add(song, song_note * np.float32(1.0 if at == 0.0 else 0.55), samples(at) - 1)  # the first note is the call
        at += song_note.size / SOUND_RATE + rng.uniform(0.02, 0.06)
    breath = noise(rng, count, band(1500, 8000)) * strike(count, 0.001, 0.012)
    return peaked(song + np.float32(0.25) * breath)


def whistle_note(rng: Rng, pitch: float) -> Wave:
    """One note of a songbird: a short glide with a trill."""
    count = samples(rng.uniform(*WHISTLE_NOTE))
    u = clock(count) / (count / SOUND_RATE)
    start, end = rng.uniform(*WHISTLE_STARTS) * pitch, rng.uniform(*WHISTLE_ENDS) * pitch
    trill = 1 + rng.choice([0.0, 0.03, 0.06]) * np.sin(2 * np.pi * rng.uniform(*TRILLS) * clock(count))
    hertz = (start + (end - start) * u) * trill
    return (tone(count, hertz) + np.float32(0.15) * tone(count, 2 * hertz)) * swell(count, 0.004, 0.03)


def wings(event: Event, rng: Rng, setting: Setting) -> Wave:
    """One beat of wings: a soft push of air and the rustle of feathers."""
    count = samples(max(event.length, WINGS_LENGTH))
    push = noise(rng, count, band(90 * event.pitch, 500)) * strike(count, 0.006, 0.035)
    rustle = noise(rng, count, band(1200, 5000)) * strike(count, 0.012, 0.03) * np.float32(0.5)
    return peaked((push + rustle) * swell(count, 0.001, 0.02))


def swish(event: Event, rng: Rng, setting: Setting) -> Wave:
    """Cloth that is swung: noise that swells and brightens, then dies."""
    count = samples(max(event.length, SWISH_LENGTH))
    t, seconds = clock(count), count / SOUND_RATE
    middle = np.exp(-(((t - 0.3 * seconds) / (0.25 * seconds)) ** 2)).astype(np.float32)
    low = noise(rng, count, band(250, 900)) * strike(count, 0.01, 0.5 * seconds)
    high = noise(rng, count, band(900, 4000)) * middle
    return peaked((low + np.float32(0.8) * high) * swell(count, 0.012, 0.1))


def engine(event: Event, rng: Rng, setting: Setting) -> Wave:
    """A motor: a low pulse with its overtones, unsteady as motors are; high pitch is a drone's rotors."""
    count = samples(max(event.length, ENGINE_LENGTH))
    hertz = ENGINE_HERTZ * event.pitch * wandering(rng, count, 1.5, 0.97, 1.04).astype(np.float64)
    motor = sum(
        (
            np.float32(1 / k**0.8) * tone(count, hertz * k, float(rng.uniform(0, 6)))
            for k in range(1, ENGINE_HARMONICS + 1)
        ),
        np.zeros(count, np.float32),
    )
    breath = noise(rng, count, band(150 * event.pitch, 2400)) * np.float32(0.6)
    return peaked((motor * wandering(rng, count, 7, 0.85, 1.0) + breath) * swell(count, 0.012, 0.04))


def owl(rng: Rng) -> Wave:
    """An owl's two hoots."""
    count = samples(OWL_LENGTH)
    found = np.zeros(count, np.float32)
    for start, seconds in OWL_HOOTS:
        length = samples(seconds)
        add(
            found,
            ringing(length, [(OWL_HERTZ, 1.0, 9.0), (2 * OWL_HERTZ, 0.12, 9.0)]) * swell(length, 0.06, 0.15),
            samples(start),
        )
    return found * np.float32(rng.uniform(0.7, 1.0))


CREATURES: dict[str, Callable[[Event, Rng, Setting], Wave]] = {
    "thunder": thunder,
    "wave": wave,
    "bubbles": bubbles,
    "gull": call,
    "wings": wings,
    "swish": swish,
    "engine": engine,
}
