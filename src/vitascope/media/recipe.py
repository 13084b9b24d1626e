"""How each container is encoded: codecs, their settings, and what an `outputQuality` of 20-99 means to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vitascope.values import HIGHEST_QUALITY, LOWEST_QUALITY, Container, Effort, Timing

# Fixed, because the number of threads changes the bytes that x264 and VP9 write.
THREADS = 4

# The notes that all three containers can hold under these names.
NOTES = frozenset({"title", "comment", "artist", "copyright"})

PRESETS = {Effort.FULL: "fast", Effort.FAST: "superfast"}  # x264's
SPEEDS = {Effort.FULL: "5", Effort.FAST: "8"}  # VP9's `cpu-used`

_PROCESSORS = Path("/proc/cpuinfo")  # Linux says there what its processors can do

# A key frame at least every four seconds, so that players can jump.
_KEY_FRAME_INTERVAL = 96


@dataclass(frozen=True, slots=True)
class Recipe:
    """All settings of one encoding, in FFmpeg's words."""

    format: str
    container_options: Mapping[str, str]
    picture_codec: str
    picture_options: Mapping[str, str]
    sound_codec: str
    sound_options: Mapping[str, str]
    sound_bit_rate: int


def recipe(container: Container, quality: int, timing: Timing, effort: Effort = Effort.FULL) -> Recipe:
    """The settings for one file. Raises ValueError for a quality outside 20-99.

    With little `effort` the encoder searches less: a third of the time for the same losses, in more bytes.
    """
    if not LOWEST_QUALITY <= quality <= HIGHEST_QUALITY:
        raise ValueError(f"quality must be {LOWEST_QUALITY}-{HIGHEST_QUALITY}, not {quality}")
    if container is Container.WEBM:
        return Recipe(
            format="webm",
            container_options={"fflags": "+bitexact"},
            picture_codec="libvpx-vp9",
            picture_options=_vp9(quality, effort),
            sound_codec="libopus",
            sound_options={"flags": "+bitexact"},
            sound_bit_rate=160_000,
        )
    return Recipe(
        format=container.value.lower(),
        # Edit lists count in the movie's time scale: 48,000 is a whole number of ticks for frames and for samples.
        container_options={"movflags": "+faststart", "movie_timescale": "48000", "fflags": "+bitexact"},
        picture_codec="libx264",
        picture_options=_h264(quality, timing, effort),
        sound_codec="aac",
        sound_options={"flags": "+bitexact"},
        sound_bit_rate=192_000,
    )


def h264_rate_factor(quality: int) -> float:
    """x264's CRF: 38 at 20, 16.6 at 95 (looks lossless), 15.5 at 99."""
    return round(38 - 0.285 * (quality - LOWEST_QUALITY), 2)


def vp9_rate_factor(quality: int) -> int:
    """VP9's CRF, whole numbers only: 50 at 20, 14 at 95 (looks lossless), 12 at 99."""
    return round(50 - 0.48 * (quality - LOWEST_QUALITY))


def _h264(quality: int, timing: Timing, effort: Effort) -> dict[str, str]:
    """H.264 high. Both ends get more bits, since they may be pictures that the user gave.

    The first frame of a still clip would be its worst, and nothing follows the last that would pay for its quality.
    """
    last = timing.frames - 1
    more = [f"zones=0,0,b=2/{max(1, last - 1)},{max(1, last)},b=1.6"]
    if _has_avx512():
        more.append("asm=AVX2,FMA3,BMI2")
    return {
        "preset": PRESETS[effort],
        "profile": "high",
        "crf": str(h264_rate_factor(quality)),
        "g": str(_KEY_FRAME_INTERVAL),
        "flags": "+bitexact",
        "x264-params": ":".join(more),
    }


@cache
def _has_avx512() -> bool:
    """Whether x264 must be told not to use AVX-512: its macroblock tree then reads memory that nobody wrote.

    With it, the same frames gave up to 7 different files in 8 runs with differently filled heaps; without it one, and
    the one that smaller processors write. Doing without the tree instead costs up to nine times the bytes in a pan.
    """
    if not _PROCESSORS.exists():
        return False
    return "avx512" in _PROCESSORS.read_text(encoding="utf-8", errors="replace")


def _vp9(quality: int, effort: Effort) -> dict[str, str]:
    """VP9 and not AV1, although SVT-AV1 is quicker (44 against 12 frames a second at 1080p on two cores).

    VP9 plays in every browser, its encoder is silent and takes 160 MiB less; SVT-AV1 writes a page about itself to the
    standard error of the server for every file.
    """
    return {
        "crf": str(vp9_rate_factor(quality)),
        "b": "0",  # constant quality: the rate factor alone decides
        "deadline": "good",
        "cpu-used": SPEEDS[effort],
        "row-mt": "1",
        "tile-columns": "2",
        "g": str(_KEY_FRAME_INTERVAL),
        "flags": "+bitexact",
    }
