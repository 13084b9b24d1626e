"""Building blocks of synthesis: noise with a spectrum, envelopes, damped tones, filters; all mono float32 at 48 kHz.

Filters work in the frequency domain. `lowpass` and `highpass` are causal (no sample before its cause moves); shapes
given to `noise` have no phase, since noise has none.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vitascope.values import SOUND_RATE

Wave = NDArray[np.float32]
"""One channel of samples, shape (samples,)."""

Stereo = NDArray[np.float32]
"""Two channels of samples, shape (2, samples)."""

Spectrum = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""A gain for each frequency in Hz."""

FLOOR = 1e-9


def samples(seconds: float) -> int:
    """A length in samples, at least one."""
    return max(1, round(seconds * SOUND_RATE))


def clock(count: int) -> NDArray[np.float64]:
    """The time of each sample, s."""
    return np.arange(count) / SOUND_RATE


def good_length(count: int) -> int:
    """The next length at least `count` that a Fourier transform takes quickly (only factors 2, 3 and 5)."""
    best = 1 << max(0, count - 1).bit_length()
    for threes in (1, 3, 9, 27):
        for fives in (1, 5, 25):
            odd = threes * fives
            twos = 1 << max(0, -(-count // odd) - 1).bit_length()
            best = min(best, odd * twos)
    return best


def band(low: float, high: float, order: float = 2.0) -> Spectrum:
    """A pass band from `low` to `high` Hz with slopes of 6 x order dB an octave."""

    def gain(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        safe = np.maximum(hertz, 1.0)
        below, above = (low / safe) ** (2 * order), (safe / high) ** (2 * order)
        return np.asarray(1 / np.sqrt((1 + below) * (1 + above)))

    return gain


def tilt(slope: float, low: float = 30.0) -> Spectrum:
    """A spectrum that falls by `slope` x 6 dB an octave above `low` Hz and vanishes below it."""
    return lambda hertz: band(low, 20_000)(hertz) * (np.maximum(hertz, low) / low) ** -slope


def both(*shapes: Spectrum) -> Spectrum:
    """The product of spectra."""

    def gain(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.prod([shape(hertz) for shape in shapes], axis=0))

    return gain


def either(*shapes: Spectrum) -> Spectrum:
    """The sum of spectra: several formants."""

    def gain(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.sum([shape(hertz) for shape in shapes], axis=0))

    return gain


def noise(rng: np.random.Generator, count: int, shape: Spectrum) -> Wave:
    """Noise of a spectrum, unit RMS, no DC; made in the frequency domain."""
    length = good_length(max(count, 64))
    hertz = np.asarray(np.fft.rfftfreq(length, 1 / SOUND_RATE), np.float64)
    gains = shape(hertz).astype(np.float32)
    gains[0] = 0.0
    parts = rng.standard_normal((2, gains.size), dtype=np.float32)
    wave = np.fft.irfft((parts[0] + 1j * parts[1]) * gains, length)[:count].astype(np.float32)
    return wave / max(FLOOR, float(np.sqrt(np.mean(wave**2))))


def stereo_noise(rng: np.random.Generator, count: int, shape: Spectrum, width: float = 1.0) -> Stereo:
    """Noise on both sides, unit RMS each; `width` 0 is the same on both, 1 unrelated."""
    middle, left, right = (noise(rng, count, shape) for _ in range(3))
    kept, own = np.float32(np.sqrt(1 - width**2)), np.float32(width)
    return np.stack([kept * middle + own * left, kept * middle + own * right])


def strike(count: int, attack: float, decay: float) -> Wave:
    """An envelope that rises within `attack` s and falls to 1/e every `decay` s."""
    t = clock(count)
    rise = np.minimum(t / max(attack, 1e-6), 1.0)
    return (rise * np.exp(-np.maximum(t - attack, 0.0) / decay)).astype(np.float32)


def swell(count: int, attack: float, release: float) -> Wave:
    """An envelope that rises within `attack` s, holds, and falls within the last `release` s."""
    t = clock(count)
    rise, fall = np.minimum(t / max(attack, 1e-6), 1.0), np.minimum((t[-1] - t) / max(release, 1e-6), 1.0)
    return np.asarray(np.sin(np.pi / 2 * rise) ** 2 * np.sin(np.pi / 2 * fall) ** 2, np.float32)


def tone(count: int, hertz: float | NDArray[np.float64], phase: float = 0.0) -> Wave:
    """A sine of fixed or moving frequency."""
    if isinstance(hertz, float | int):
        return np.sin(2 * np.pi * hertz * clock(count) + phase).astype(np.float32)
    return np.sin(2 * np.pi * np.cumsum(hertz) / SOUND_RATE + phase).astype(np.float32)


def ringing(count: int, partials: list[tuple[float, float, float]]) -> Wave:
    """Damped sines together, each (Hz, gain, decay s): struck wood, metal or skin."""
    t = clock(count)
    wave = np.zeros(count)
    for hertz, gain, decay in partials:
        if hertz < SOUND_RATE / 2.2:
            wave += gain * np.exp(-t / decay) * np.sin(2 * np.pi * hertz * t)
    return wave.astype(np.float32)


def lowpass(wave: NDArray[np.float32], hertz: float, order: int = 1) -> NDArray[np.float32]:
    """A causal low-pass of 6 dB an octave times `order`, over the last axis."""
    return _filtered(wave, lambda ratio: 1 / (1 + 1j * ratio) ** order, hertz)


def highpass(wave: NDArray[np.float32], hertz: float, order: int = 1) -> NDArray[np.float32]:
    """A causal high-pass of 6 dB an octave times `order`, over the last axis."""
    return _filtered(wave, lambda ratio: (1j * ratio / (1 + 1j * ratio)) ** order, hertz)


def _filtered(
    wave: NDArray[np.float32], response: Callable[[NDArray[np.float64]], NDArray[np.complexfloating]], hertz: float
) -> NDArray[np.float32]:
    count = wave.shape[-1]
    tail = samples(3 / hertz)
    length = good_length(count + tail)
    ratios = np.asarray(np.fft.rfftfreq(length, 1 / SOUND_RATE) / hertz, np.float64)
    gains = response(ratios).astype(np.complex64)
    return np.fft.irfft(np.fft.rfft(wave, length) * gains, length)[..., :count].astype(np.float32)


def convolved(wave: NDArray[np.float32], answer: NDArray[np.float32]) -> NDArray[np.float32]:
    """A sound in a room: `wave` convolved with an impulse answer over the last axis, cut to the sound's length."""
    count = wave.shape[-1]
    length = good_length(count + answer.shape[-1])
    product = np.fft.rfft(wave, length) * np.fft.rfft(answer, length)
    return np.fft.irfft(product, length)[..., :count].astype(np.float32)


def wandering(rng: np.random.Generator, count: int, rate: float, low: float, high: float) -> Wave:
    """A slow random curve between `low` and `high` with about `rate` bends a second."""
    bends = max(4, int(count / SOUND_RATE * rate) + 4)
    points = rng.uniform(low, high, bends)
    at = np.linspace(0, bends - 1.001, count)
    cell = at.astype(np.int64)
    share = at - cell
    share = share * share * (3 - 2 * share)
    following = points[np.minimum(cell + 1, bends - 1)]
    return (points[cell] + (following - points[cell]) * share).astype(np.float32)


def peaked(wave: Wave) -> Wave:
    """The same sound with a greatest sample of 1."""
    return wave / max(FLOOR, float(np.max(np.abs(wave))))


def ended(wave: Wave) -> Wave:
    """The same sound with its last hundredth of a second faded out, so that no cut is heard."""
    size = min(samples(0.01), wave.size)
    fade = np.ones(wave.size, np.float32)
    fade[-size:] = np.cos(np.linspace(0, np.pi / 2, size)) ** 2
    return wave * fade


def add(track: NDArray[np.float32], wave: NDArray[np.float32], start: int) -> None:
    """Mix a sound into a track from sample `start` (may be negative or beyond the end), in place."""
    first, last = max(0, start), min(track.shape[-1], start + wave.shape[-1])
    if first < last:
        track[..., first:last] += wave[..., first - start : last - start]
