"""How long encoding takes, how many bytes it makes and how much it loses, for each container and quality.

    python bench/encode.py [--size 864x480] [--frames 121] [--qualities 20,50,80,95,99]

Content: the test card beside moving noise, which is as hard as it gets. Seconds are those of `encode` alone (the frames
are made before); PSNR is that of luma against the frames given, over all frames, and of the first and the last one.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitascope.engines.protocol import Unattended
from vitascope.engines.testcard import TestCard
from vitascope.media.encode import encode
from vitascope.media.probe import pictures
from vitascope.values import Clip, Container, Frames, Picture, Shot, Size, Sound, Timing


def content(size: Size, timing: Timing) -> tuple[list[Frames], Sound | None]:
    """The test card, its right half overlaid with smooth noise that drifts by two pixels a frame."""
    clip = TestCard().generate(Shot("bench", size, timing, seed=7, sound=True), Unattended())
    random = np.random.default_rng(7)
    half = size.width // 2
    noise = random.integers(0, 256, (size.height // 4 + 1, (half + 2 * timing.frames) // 4 + 2, 3), np.uint8)
    canvas = np.kron(noise, np.ones((4, 4, 1), np.uint8))
    chunks = []
    for index, frame in enumerate(frame for chunk in clip.chunks for frame in chunk):
        frame[: size.height // 2, half:] = canvas[: size.height // 2, 2 * index : 2 * index + size.width - half]
        chunks.append(frame[np.newaxis])
    return chunks, clip.sound


def likeness(given: list[Frames], path: Path) -> tuple[float, float, float]:
    """PSNR of luma in decibels: over the clip, of the first frame, of the last one."""
    errors = [
        float(np.mean((luma(chunk[0]) - luma(picture)) ** 2))
        for chunk, picture in zip(given, pictures(path), strict=True)
    ]
    return psnr(float(np.mean(errors))), psnr(errors[0]), psnr(errors[-1])


def luma(picture: Picture) -> NDArray[np.float32]:
    """BT.709 luma, 0-255."""
    return np.asarray(picture @ np.array([0.2126, 0.7152, 0.0722], np.float32))


def psnr(error: float) -> float:
    """Decibels for a mean squared error of values 0-255."""
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=Size.parse, default=Size(864, 480))
    parser.add_argument("--frames", type=int, default=121)
    parser.add_argument("--qualities", default="20,50,80,95,99")
    asked = parser.parse_args()
    timing = Timing(asked.frames)
    given, sound = content(asked.size, timing)
    print(f"{asked.size}, {timing.frames} frames ({float(timing.seconds):.2f} s), with sound")
    print("container  quality   seconds  frames/s        bytes   PSNR-Y    first     last")
    with tempfile.TemporaryDirectory() as folder:
        for container, quality in product(Container, map(int, asked.qualities.split(","))):
            path = Path(folder) / f"clip{container.suffix}"
            started = time.perf_counter()
            encoded = encode(Clip(asked.size, timing, iter(given), sound), container, quality, path, notes={})
            took = time.perf_counter() - started
            decibels = "".join(f"{value:9.2f}" for value in likeness(given, path))
            rate = timing.frames / took
            print(f"{container.value:9}  {quality:7}  {took:8.2f}  {rate:8.1f}  {encoded.bytes:11,}{decibels}")


if __name__ == "__main__":
    main()
