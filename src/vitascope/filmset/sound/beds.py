"""Ambience beds: the sound of a place that goes on all the time. Each maker fills a stereo track with unit RMS.

A bed is made of noise with a spectrum, slow random movement and many small sounds at random times and sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vitascope.filmset.scene.scene import Event, Noise, Scene
from vitascope.filmset.sound.contacts import Rng, bubble
from vitascope.filmset.sound.creatures import owl, whistle_note
from vitascope.filmset.sound.signal import (
    FLOOR,
    Stereo,
    Wave,
    add,
    band,
    clock,
    either,
    lowpass,
    noise,
    peaked,
    ringing,
    samples,
    stereo_noise,
    strike,
    swell,
    tilt,
    tone,
    wandering,
)
from vitascope.values import SOUND_RATE

VOICES = 12
VOWELS = (
    (310, 870, 2250),
    (530, 1840, 2480),
    (730, 1090, 2440),
    (570, 840, 2410),
    (300, 2200, 2900),
    (440, 1020, 2240),
)
"""Centres of the first three formants of vowels, Hz."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a bed may lean on: the scene, its events, how long the clip is."""

    scene: Scene
    events: tuple[Event, ...]
    count: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.count / SOUND_RATE


def bed(name: str, moment: Moment, rng: Rng) -> Stereo:
    """A bed by its name, unit RMS over both sides."""
    track = BEDS[name](moment, rng)
    return track / max(FLOOR, float(np.sqrt(np.mean(track**2))))


def _wind(moment: Moment, rng: Rng) -> Stereo:
    """Air over land: a low rush that comes in gusts."""
    gusts = wandering(rng, moment.count, 0.7, 0.45, 1.0)
    low = stereo_noise(rng, moment.count, tilt(1.2, 60), 0.7)
    high = stereo_noise(rng, moment.count, band(350, 1100), 0.5) * np.float32(0.5)
    return np.asarray((low + high * gusts) * gusts)


def _gale(moment: Moment, rng: Rng) -> Stereo:
    """Strong wind: deep gusts, and a whistle that climbs with them."""
    gusts = wandering(rng, moment.count, 0.9, 0.35, 1.0)
    whistle = stereo_noise(rng, moment.count, band(620, 760, 4), 0.6) * gusts**3
    upper = stereo_noise(rng, moment.count, band(900, 1300, 3), 0.6) * wandering(rng, moment.count, 0.8, 0.0, 0.7) ** 2
    return np.asarray(_wind(moment, rng) * gusts + np.float32(0.3) * whistle + np.float32(0.2) * upper)


def _sea(moment: Moment, rng: Rng) -> Stereo:
    """The sea: a roar that swells with each wave that breaks, on its own clock where no breaker is seen."""
    surge = np.full(moment.count, 0.4, np.float32)
    breakers = [event.time for event in moment.events if event.noise is Noise.WAVE]
    if not breakers:
        period = float(rng.uniform(3.4, 4.6))
        breakers = list(np.arange(rng.uniform(-period, 0), moment.seconds, period))
    for time in breakers:
        rise = samples(1.2)
        add(
            surge,
            np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32)) ** 2 * np.float32(0.6),
            round(time * SOUND_RATE) - rise,
        )
        add(surge, strike(samples(4.0), 0.001, 1.1) * np.float32(0.8), round(time * SOUND_RATE))
    roar = stereo_noise(rng, moment.count, tilt(0.9, 70), 0.8)
    hiss = stereo_noise(rng, moment.count, band(1500, 7000, 1), 0.9) * np.float32(0.22)
    return roar * surge + hiss * surge**2


def _lapping(moment: Moment, rng: Rng) -> Stereo:
    """Small waves against wood and stone: soft slaps and gurgles over still water."""
    track = stereo_noise(rng, moment.count, band(150, 900), 0.8) * wandering(rng, moment.count, 1.6, 0.15, 0.8)
    for time in _times(rng, moment, 3.5):
        slap = noise(rng, samples(0.35), band(200, 1600)) * strike(samples(0.35), 0.04, 0.09)
        _scatter(track, slap, time, rng, 1.3)
        _scatter(track, bubble(rng, 0.6), time + rng.uniform(0.05, 0.25), rng, 0.7)
    return track


def _rain(moment: Moment, rng: Rng) -> Stereo:
    """Rain: the hiss of countless drops and single ones near by."""
    hiss = stereo_noise(rng, moment.count, band(400, 15_000, 0.7), 0.95)
    body = stereo_noise(rng, moment.count, band(150, 900, 1), 0.9) * np.float32(0.35)
    return (hiss + body) * wandering(rng, moment.count, 0.8, 0.85, 1.0) + _drops(moment, rng, 70)


def _downpour(moment: Moment, rng: Rng) -> Stereo:
    """Heavy rain: more weight below, sheets of it driven by the wind."""
    sheets = wandering(rng, moment.count, 1.2, 0.6, 1.0)
    low = stereo_noise(rng, moment.count, band(90, 1200, 1), 0.9) * np.float32(0.6)
    return (_rain(moment, rng) + low) * sheets


def _drops(moment: Moment, rng: Rng, rate: float) -> Stereo:
    """Single drops on hard and wet things."""
    track = np.zeros((2, moment.count), np.float32)
    kinds = [ringing(samples(0.03), [(rng.uniform(1200, 5200), 1.0, rng.uniform(0.002, 0.008))]) for _ in range(24)]
    for time in _times(rng, moment, rate):
        _scatter(track, kinds[int(rng.integers(len(kinds)))], time, rng, float(rng.uniform(0.4, 2.4)))
    return track


def _hush(moment: Moment, rng: Rng) -> Stereo:
    """Snow: nearly nothing; soft low air and a faint prickle of flakes."""
    air = stereo_noise(rng, moment.count, tilt(1.5, 80), 0.6) * wandering(rng, moment.count, 0.5, 0.6, 1.0)
    flakes = stereo_noise(rng, moment.count, band(3000, 9000, 1), 1.0) * np.float32(0.05)
    return air + flakes


def _leaves(moment: Moment, rng: Rng) -> Stereo:
    """Leaves that stir."""
    return stereo_noise(rng, moment.count, band(1200, 7000, 1), 0.9) * wandering(rng, moment.count, 1.1, 0.15, 1.0) ** 2


def _reeds(moment: Moment, rng: Rng) -> Stereo:
    """Reeds that brush against one another."""
    return stereo_noise(rng, moment.count, band(800, 5000, 1), 0.9) * wandering(rng, moment.count, 1.6, 0.1, 1.0) ** 2


def _sand(moment: Moment, rng: Rng) -> Stereo:
    """Sand that runs over sand."""
    return (
        stereo_noise(rng, moment.count, band(2500, 10_000, 1), 0.8) * wandering(rng, moment.count, 0.9, 0.1, 1.0) ** 2
    )


def _birdsong(moment: Moment, rng: Rng) -> Stereo:
    """Songbirds near and far, each with a phrase of its own that it repeats, over quiet leaves."""
    track = stereo_noise(rng, moment.count, band(900, 5000, 1), 0.9) * np.float32(0.004)
    for _ in range(5):
        pitch, side, near = float(rng.uniform(0.75, 1.3)), float(rng.uniform(-1, 1)), float(rng.uniform(0.25, 1.0))
        phrase = [(whistle_note(rng, pitch), float(rng.uniform(0.03, 0.12))) for _ in range(int(rng.integers(2, 6)))]
        time = float(rng.uniform(0, 1.5))
        while time < moment.seconds:
            at = time
            for note, pause in phrase:
                _at(track, note, at, side, near)
                at += note.size / SOUND_RATE + pause
            time = at + float(rng.uniform(0.7, 2.6))
    return track


def _crickets(moment: Moment, rng: Rng) -> Stereo:
    """Crickets: each a pulsed high tone with its own pitch, rhythm and place."""
    track = stereo_noise(rng, moment.count, band(3500, 7000), 1.0) * np.float32(0.03)
    t = clock(moment.count)
    for _ in range(6):
        hertz, rate, trill = (float(rng.uniform(*span)) for span in ((3900, 5200), (1.6, 3.2), (24, 34)))
        song = np.clip(3 * np.sin(2 * np.pi * (rate * t + rng.uniform(0, 1))) + 0.5, 0, 1)  # it sings and rests
        pulses = np.maximum(0, np.sin(2 * np.pi * trill * t)) * song
        chirp = (tone(moment.count, hertz) * pulses).astype(np.float32)
        _at(track, chirp, 0.0, float(rng.uniform(-1, 1)), float(rng.uniform(0.15, 1.0)))
    return track


def _frogs(moment: Moment, rng: Rng) -> Stereo:
    """Frogs that answer each other."""
    track = stereo_noise(rng, moment.count, band(300, 1500), 1.0) * np.float32(0.02)
    for _ in range(5):
        hertz, pulse, side = float(rng.uniform(380, 900)), float(rng.uniform(22, 48)), float(rng.uniform(-1, 1))
        near, time = float(rng.uniform(0.3, 1.0)), float(rng.uniform(0, 1.2))
        while time < moment.seconds:
            length = samples(rng.uniform(0.18, 0.5))
            rasp = np.maximum(0, tone(length, pulse)) ** 2 * (
                tone(length, hertz) + np.float32(0.6) * tone(length, 2.1 * hertz)
            )
            _at(track, rasp * swell(length, 0.02, 0.06), time, side, near)
            time += length / SOUND_RATE + float(rng.uniform(0.25, 1.6))
    return track


def _owl(moment: Moment, rng: Rng) -> Stereo:
    """An owl somewhere."""
    track = stereo_noise(rng, moment.count, tilt(1.2, 80), 0.6) * np.float32(0.02)
    for time in np.arange(float(rng.uniform(0.6, 2.0)), moment.seconds, 5.5):
        _at(track, lowpass(owl(rng), 1200), float(time), 0.6, 1.0)
    return track


def _crowd(moment: Moment, rng: Rng) -> Stereo:
    """A murmur of many: formant noise in the rhythm of syllables. Nobody says anything."""
    track = np.zeros((2, moment.count), np.float32)
    murmurs = [noise(rng, moment.count, _vowel(vowel)) for vowel in VOWELS]
    for voice in range(VOICES):
        murmur = np.roll(murmurs[voice % len(murmurs)], int(rng.integers(moment.count)))
        syllables = wandering(rng, moment.count, float(rng.uniform(5, 9)), -0.35, 1.0).clip(0)
        phrases = wandering(rng, moment.count, 0.8, -0.1, 1.0).clip(0)
        pulse = 1 + np.float32(0.5) * tone(moment.count, float(rng.uniform(95, 230)))
        _at(track, murmur * syllables * phrases * pulse, 0.0, float(rng.uniform(-1, 1)), float(rng.uniform(0.4, 1.0)))
    return track + np.float32(0.12) * stereo_noise(rng, moment.count, band(150, 900, 1), 0.9)


def _vowel(centres: tuple[int, ...]) -> Callable[[np.ndarray], np.ndarray]:
    return either(
        *(band(centre * 0.88, centre * 1.12, 3) for centre in centres[:2]), lambda f: 0.25 * band(2000, 2900, 3)(f)
    )


def _audience(moment: Moment, rng: Rng) -> Stereo:
    """A full house that waits and breathes: a murmur far below the stage, and air."""
    air = stereo_noise(rng, moment.count, tilt(1.0, 60), 0.9)
    return lowpass(_crowd(moment, rng), 1500) + np.float32(0.5) * air


def _traffic(moment: Moment, rng: Rng) -> Stereo:
    """A city from above: a low hum, and tyres that pass from side to side."""
    track = stereo_noise(rng, moment.count, tilt(1.1, 45), 0.8)
    tyres = noise(rng, moment.count, band(350, 1800, 1)) * np.float32(0.8)
    for time in _times(rng, moment, 0.6):
        passing = np.exp(-(((clock(moment.count) - time) / float(rng.uniform(0.5, 1.1))) ** 2)).astype(np.float32)
        way = np.float32(rng.choice([-1.0, 1.0])) * np.clip((clock(moment.count) - time), -1, 1).astype(np.float32)
        track += np.stack([tyres * passing * (1 - way) / 2, tyres * passing * (1 + way) / 2])
    return track


def _hum(moment: Moment, rng: Rng) -> Stereo:
    """Machines: mains hum and its overtones, drums that turn, fans."""
    t = clock(moment.count)
    track = stereo_noise(rng, moment.count, band(180, 1400, 1), 0.8) * np.float32(0.35)
    turning = 1 + 0.3 * np.sin(2 * np.pi * float(rng.uniform(1.1, 1.8)) * t)
    track += stereo_noise(rng, moment.count, band(60, 260), 0.5) * np.float32(0.5) * turning.astype(np.float32)
    for k, gain in ((1, 0.7), (2, 1.0), (3, 0.35), (4, 0.5), (6, 0.25), (8, 0.12)):
        hertz = 50.0 * k * float(rng.uniform(0.999, 1.001))
        beat = wandering(rng, moment.count, 0.8, 0.7, 1.0)
        _at(track, tone(moment.count, hertz, float(rng.uniform(0, 6))) * beat, 0.0, float(rng.uniform(-0.6, 0.6)), gain)
    return track


def _cave(moment: Moment, rng: Rng) -> Stereo:
    """The air of a tunnel: a low draught that resonates."""
    draught = stereo_noise(rng, moment.count, tilt(1.6, 35), 0.7) * wandering(rng, moment.count, 0.5, 0.6, 1.0)
    return draught + np.float32(0.4) * stereo_noise(rng, moment.count, band(180, 240, 3), 0.5)


def _drips(moment: Moment, rng: Rng) -> Stereo:
    """Drops that fall into standing water, each with its own ring."""
    track = stereo_noise(rng, moment.count, tilt(1.4, 50), 0.7) * np.float32(0.01)
    for time in (0.15, *_times(rng, moment, 1.8)):
        count = samples(0.25)
        start = float(rng.uniform(700, 1500))
        hertz = start * (1 + 0.6 * np.minimum(clock(count) / 0.05, 1))
        _scatter(track, tone(count, hertz) * strike(count, 0.002, 0.035), time, rng, float(rng.uniform(0.3, 1.0)))
    return track


def _underwater(moment: Moment, rng: Rng) -> Stereo:
    """Under the sea: a dull deep rumble that breathes, and bubbles now and then."""
    track = stereo_noise(rng, moment.count, tilt(1.7, 30), 0.6) * wandering(rng, moment.count, 0.6, 0.5, 1.0)
    track += (
        np.float32(0.12)
        * stereo_noise(rng, moment.count, band(250, 500), 0.9)
        * wandering(rng, moment.count, 1.5, 0, 1)
    )
    for time in _times(rng, moment, 1.2):
        for _ in range(int(rng.integers(2, 7))):
            _scatter(track, bubble(rng, 0.5), time + float(rng.uniform(0, 0.4)), rng, float(rng.uniform(0.1, 0.35)))
    return lowpass(track, 700, 2)


def _fire(moment: Moment, rng: Rng) -> Stereo:
    """Flames: a soft flutter, and wood that cracks."""
    flutter = stereo_noise(rng, moment.count, band(80, 500, 1), 0.6) * wandering(rng, moment.count, 6, 0.2, 1.0)
    return np.float32(0.5) * flutter + _cracks(moment, rng, 14)


def _sizzle(moment: Moment, rng: Rng) -> Stereo:
    """Oil in pans: fine high crackle."""
    hiss = stereo_noise(rng, moment.count, band(3000, 12_000, 1), 0.6) * wandering(rng, moment.count, 2.5, 0.2, 1.0)
    return np.float32(0.5) * hiss + _cracks(moment, rng, 25) * np.float32(0.5)


def _cracks(moment: Moment, rng: Rng, rate: float) -> Stereo:
    track = np.zeros((2, moment.count), np.float32)
    for time in _times(rng, moment, rate):
        length = samples(0.02)
        crack = noise(rng, length, band(float(rng.uniform(800, 2500)), 9000)) * strike(
            length, 0.0005, float(rng.uniform(0.001, 0.005))
        )
        _scatter(track, peaked(crack), time, rng, float(rng.exponential(2.0)))
    return track


def _times(rng: Rng, moment: Moment, rate: float) -> list[float]:
    """Random times, `rate` a second on average."""
    return sorted(float(time) for time in rng.uniform(0, moment.seconds, rng.poisson(rate * moment.seconds)))


def _scatter(track: Stereo, wave: Wave, time: float, rng: Rng, gain: float) -> None:
    _at(track, wave, time, float(rng.uniform(-1, 1)), gain)


def _at(track: Stereo, wave: Wave, time: float, side: float, gain: float) -> None:
    angle = (side + 1) * np.pi / 4
    gains = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * np.float32(gain)
    add(track, wave * gains, round(time * SOUND_RATE))


BEDS: dict[str, Callable[[Moment, Rng], Stereo]] = {
    "wind": _wind,
    "gale": _gale,
    "sea": _sea,
    "lapping": _lapping,
    "rain": _rain,
    "downpour": _downpour,
    "hush": _hush,
    "leaves": _leaves,
    "reeds": _reeds,
    "sand": _sand,
    "birdsong": _birdsong,
    "crickets": _crickets,
    "frogs": _frogs,
    "owl": _owl,
    "crowd": _crowd,
    "audience": _audience,
    "traffic": _traffic,
    "hum": _hum,
    "cave": _cave,
    "drips": _drips,
    "underwater": _underwater,
    "fire": _fire,
    "sizzle": _sizzle,
}
