"""Clips to encode and ways to measure what came out: cards, a moving photograph, clicks, PSNR."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from vitascope.engines.protocol import Unattended
from vitascope.engines.testcard import TestCard
from vitascope.values import SOUND_RATE, Clip, Frames, Picture, Shot, Size, Sound, Timing

_COFFEE: Picture = data.coffee()  # type: ignore[no-untyped-call] # scikit-image has no types


def card(size: Size, frames: int, sound: bool = True, seed: int = 1) -> Clip:
    """A test card."""
    return TestCard().generate(Shot("a card", size, Timing(frames), seed, sound=sound), Unattended())


def photograph(size: Size, frames: int) -> Clip:
    """A camera that pans over a photograph, with film grain: hard to encode, like real footage."""
    canvas = Image.fromarray(_COFFEE).resize((size.width + 4 * frames, size.height + frames), Image.Resampling.LANCZOS)
    wide = np.asarray(canvas)

    def chunks() -> Iterator[Frames]:
        random = np.random.default_rng(3)
        for index in range(frames):
            view = wide[index : index + size.height, 4 * index : 4 * index + size.width]
            grain = random.normal(0, 1.5, (*view.shape[:2], 1))
            yield np.clip(view + grain, 0, 255).round().astype(np.uint8)[np.newaxis]

    return Clip(size, Timing(frames), chunks())


def plain(size: Size, frames: int, colour: tuple[int, int, int]) -> Clip:
    """One colour."""
    frame = np.full((1, size.height, size.width, 3), colour, np.uint8)
    return Clip(size, Timing(frames), (frame for _ in range(frames)))


def click(timing: Timing, at: int, rate: int = SOUND_RATE) -> Sound:
    """Silence but for 10 ms of noise that starts at sample `at`; other noise in each channel."""
    samples = np.zeros((2, timing.samples(rate)), np.float32)
    length = rate // 100
    samples[:, at : at + length] = np.random.default_rng(5).uniform(-0.8, 0.8, (2, length))
    return Sound(rate, samples)


def heard(path: Path) -> NDArray[np.float32]:
    """The decoded sound, (2, samples), each part at the place that its time stamp names."""
    parts = []
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            assert frame.pts is not None and frame.time_base is not None
            parts.append((round(frame.pts * frame.time_base * SOUND_RATE), frame.to_ndarray()))
    length = max(start + part.shape[1] for start, part in parts)
    whole = np.zeros((2, length), np.float32)
    for start, part in parts:
        whole[:, max(0, start) : start + part.shape[1]] = part[:, max(0, -start) :]
    return whole


def lag(sent: NDArray[np.float32], received: NDArray[np.float32]) -> int:
    """By how many samples `received` is late, by cross-correlation."""
    length = 2 * max(len(sent), len(received))
    spectrum = np.fft.rfft(received, length) * np.conj(np.fft.rfft(sent, length))
    peak = int(np.argmax(np.fft.irfft(spectrum, length)))
    return peak - length if peak > length // 2 else peak


def luma(picture: Picture) -> NDArray[np.float64]:
    """BT.709 luma, 0-255."""
    return np.asarray(picture @ np.array([0.2126, 0.7152, 0.0722]))


def psnr(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Peak signal-to-noise ratio in decibels, for values of 0-255."""
    return float(10 * np.log10(255**2 / max(1e-9, float(np.mean((one - other) ** 2)))))


def raw_luma(path: Path) -> list[NDArray[np.float64]]:
    """Each frame's Y plane as it is in the file, limited range stretched to 0-255."""
    with av.open(str(path)) as file:
        planes = [frame.to_ndarray(format="yuv420p")[: frame.height] for frame in file.decode(video=0)]
    return [(plane.astype(np.float64) - 16) * (255 / 219) for plane in planes]
