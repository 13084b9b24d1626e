"""Finished files: how soon they are there, how true to the given pictures, the same from any number of processes."""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.pictures.material import FIVE_SECONDS, SIZE, THREE_SECONDS, WORDS, film, sample, scene
from bench.pictures.measures import Bar, luma_psnr
from vitascope.engines.parallel import draw
from vitascope.engines.protocol import Unattended
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.warp import fitted
from vitascope.filmset.scene.scene import Weather
from vitascope.media.encode import encode
from vitascope.media.probe import pictures as decoded
from vitascope.values import Clip, Container, Picture, Size


def speed_table(bars: list[Bar]) -> None:
    """Seconds to a finished file, with rain, drawn by two processes."""
    for size, limit in ((SIZE, 12), (Size(1920, 1080), 50)):
        with tempfile.TemporaryDirectory() as folder:
            begun, used = time.perf_counter(), processor_seconds()
            encode(
                clip_of(sample("temple", Size(1920, 1080)), size, 2),
                Container.MP4,
                95,
                Path(folder) / "clip.mp4",
                notes={},
            )
            taken = time.perf_counter() - begun
            print(f"{size}: {taken:.1f} s, {processor_seconds() - used:.1f} s of processor time on all cores")
        bars.append(Bar(f"5 s {size}, rain, encoded", f"{taken:.1f} s", f"<= {limit} s", taken <= limit))


def fidelity_table(names: list[str], bars: list[Bar]) -> None:
    """The given pictures in the finished file."""
    found = []
    for name in names:
        first, last = sample(name), sample(names[(names.index(name) + 1) % len(names)])
        photo = film(first, last, timing=THREE_SECONDS)
        clip = Clip(SIZE, THREE_SECONDS, (photo.frame(index)[np.newaxis] for index in range(73)))
        with tempfile.TemporaryDirectory() as folder:
            encode(clip, Container.MP4, 95, Path(folder) / "clip.mp4", notes={})
            frames = list(decoded(Path(folder) / "clip.mp4"))
        found += [luma_psnr(frames[0], first), luma_psnr(frames[-1], last)]
        print(f"encoded {name:12s} first {found[-2]:.1f} dB, last {found[-1]:.1f} dB")
    bars.append(Bar("luma PSNR of first and last, quality 95", f"{min(found):.1f} dB", ">= 38 dB", min(found) >= 38))


def same_bytes(bars: list[Bar]) -> None:
    """The same clip from one process and from two."""
    digests = set()
    for processes in (1, 2):
        digest = hashlib.sha256()
        for chunk in clip_of(sample("rocket"), Size(416, 240), processes).chunks:
            digest.update(chunk.tobytes())
        digests.add(digest.hexdigest())
    bars.append(
        Bar("same bytes from 1 and 2 processes", "yes" if len(digests) == 1 else "no", "yes", len(digests) == 1)
    )


def clip_of(picture: Picture, size: Size, processes: int) -> Clip:
    """A clip of five seconds drawn by a number of processes."""
    make = functools.partial(
        MovingPhoto, fitted(picture, size), None, scene(WORDS["push in"], Weather.RAIN), size, FIVE_SECONDS, 3
    )
    return Clip(size, FIVE_SECONDS, draw(make, FIVE_SECONDS.frames, processes, Unattended()))


def processor_seconds() -> float:
    """Processor time of this process and its finished children: what the clock shows depends on who else works here."""
    return sum(os.times()[:4])
