"""How loud a sound is, by ITU-R BS.1770-4, and how it is brought to a wanted loudness under a peak limit.

Loudness: K-weighting (a high shelf and a high-pass, the standard's coefficients for 48 kHz), mean squares of 400 ms
blocks that overlap by three quarters, gates at -70 LUFS and 10 LU below the ungated mean. True peak: the greatest
sample after four-fold oversampling.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.sound.signal import FLOOR, Stereo, Wave, good_length
from vitascope.values import SOUND_RATE

TARGET = -16.0  # LUFS
CEILING = 10 ** (-1.2 / 20)  # a little under -1 dBTP, so that coders have room
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
BLOCK, STEP = 0.4, 0.1  # s
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0  # LUFS; LU below the ungated mean
OVERSAMPLING = 4
LIMITER_BLOCK = 48  # samples; 1 ms
LIMITER_REACH = 5  # blocks before and after a peak over which the gain bends
ROUNDS = 4  # of gain and limiter until the target is met
CLOSE_ENOUGH = 0.2  # LU from the target
LUFS_OFFSET = -0.691  # dB of the standard: a full-scale sine of 997 Hz on one side is at -3.01 LUFS


def loudness(sound: Stereo) -> float:
    """Integrated loudness, LUFS; -inf for silence. Shorter sounds than a block count as one block."""
    weighted = k_weighted(sound)
    power = np.cumsum(np.concatenate([[0.0], np.sum(weighted.astype(np.float64) ** 2, axis=0)]))
    count = sound.shape[-1]
    size = min(round(BLOCK * SOUND_RATE), count)
    starts = np.arange(0, count - size + 1, round(STEP * SOUND_RATE))
    blocks = (power[starts + size] - power[starts]) / size
    kept = blocks[_lufs(blocks) > ABSOLUTE_GATE]
    if kept.size == 0:
        return float("-inf")
    kept = kept[_lufs(kept) > _lufs(np.mean(kept)) + RELATIVE_GATE]
    return float(_lufs(np.mean(kept)))


def k_weighted(sound: Stereo) -> Stereo:
    """The sound through the two filters of the standard."""
    count = sound.shape[-1]
    length = good_length(count + SOUND_RATE // 4)
    z = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)
    response = _response(SHELF, z) * _response(HIGH_PASS, z)
    weighted = np.fft.irfft(np.fft.rfft(sound, length) * response.astype(np.complex64), length)[..., :count]
    return weighted.astype(np.float32)


def true_peak(sound: Stereo) -> float:
    """The greatest absolute value between the samples too, as a factor (1 = full scale)."""
    return float(np.max(_oversampled_peaks(sound)))


def mastered(sound: Stereo, target: float = TARGET) -> Stereo:
    """The sound at a loudness, its peaks held under the ceiling by a look-ahead limiter."""
    gain = 1.0
    result = sound
    for _ in range(ROUNDS):
        level = loudness(result)
        if abs(level - target) < CLOSE_ENOUGH and result is not sound:
            break
        gain *= 10 ** ((target - max(level, ABSOLUTE_GATE)) / 20)
        result = limited(sound * np.float32(gain))
    return result


def limited(sound: Stereo) -> Stereo:
    """The sound with a gain that bends down around every peak above the ceiling, the same on both sides."""
    count = sound.shape[-1]
    padded = np.pad(sound, ((0, 0), (0, -count % LIMITER_BLOCK)))
    peaks = _oversampled_peaks(padded).reshape(-1, LIMITER_BLOCK * OVERSAMPLING).max(axis=1)
    wanted = np.minimum(1.0, CEILING / np.maximum(peaks, FLOOR))
    if wanted.min() >= 1.0:
        return sound
    held = _smallest_around(wanted, LIMITER_REACH + 1)
    kernel = np.hanning(2 * LIMITER_REACH + 3)[1:-1]
    smooth = np.convolve(np.pad(held, LIMITER_REACH, mode="edge"), kernel / kernel.sum(), mode="valid")
    middles = (np.arange(smooth.size) + 0.5) * LIMITER_BLOCK
    gains = np.interp(np.arange(count), middles, smooth).astype(np.float32)
    return sound * gains


def _smallest_around(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    padded = np.pad(values, reach, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1))


def _oversampled_peaks(sound: Stereo) -> Wave:
    """The greater side's absolute value at four times the rate."""
    count = sound.shape[-1]
    spectrum = np.fft.rfft(sound)
    if count % 2 == 0:
        spectrum[..., -1] *= 0.5  # the Nyquist bin becomes a pair
    fine = np.fft.irfft(spectrum, OVERSAMPLING * count) * OVERSAMPLING
    peaks: Wave = np.abs(fine).max(axis=0).astype(np.float32)
    return peaks


def _response(
    filter_: tuple[tuple[float, ...], tuple[float, ...]], z: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    above, below = filter_
    return np.asarray(np.polyval(above[::-1], z) / np.polyval(below[::-1], z))


def _lufs(power: NDArray[np.float64] | np.floating) -> NDArray[np.float64]:
    return np.asarray(LUFS_OFFSET + 10 * np.log10(np.maximum(power, 1e-20)))
