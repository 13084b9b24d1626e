"""The nouns every package shares: sizes, time, pictures, sound, the shot an engine is given and the clip it returns.

This is a leaf: it imports nothing of the project. Every conversion between seconds, frames and samples is a named
constructor or method here, so that picture and sound cannot disagree about how long a clip is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # the API process has no use for it, and it takes 25 MiB
    import numpy as np
    from numpy.typing import NDArray

FPS = Fraction(24)
SOUND_RATE = 48_000

LOWEST_QUALITY = 20
HIGHEST_QUALITY = 99
"""The bounds of `outputQuality`, both included."""

DAY = 86_400
"""Seconds."""

PICTURE_FORMATS = ("JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "AVIF", "HEIC")
"""The picture files that are read."""

Picture: TypeAlias = "NDArray[np.uint8]"
"""One picture: uint8, (height, width, 3), sRGB."""

Frames: TypeAlias = "NDArray[np.uint8]"
"""A chunk of frames: uint8, (time, height, width, 3), sRGB."""


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read "864x480". Raises ValueError on anything else."""
        width, _, height = text.partition("x")
        return cls(int(width), int(height))

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class FrameRule:
    """The numbers of frames that a model makes: whole multiples of `step`, and `more`."""

    step: int
    more: int

    def nearest(self, frames: float) -> int:
        """The number of this rule that is nearest."""
        return self.step * round((frames - self.more) / self.step) + self.more


FOUR_AND_ONE = FrameRule(4, 1)
"""The rule of all three contracts: 4n+1 frames."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a clip is: a whole number of frames at an exact rate."""

    frames: int
    fps: Fraction = FPS

    @classmethod
    def of_seconds(cls, seconds: float, fps: Fraction = FPS, rule: FrameRule = FOUR_AND_ONE) -> Timing:
        """The number of `rule` nearest to fps x seconds + 1: by default 24d+1 for d whole seconds."""
        return cls(rule.nearest(float(fps) * seconds + 1), fps)

    @property
    def seconds(self) -> Fraction:
        """Exact length in seconds."""
        return self.frames / self.fps

    def samples(self, rate: int = SOUND_RATE) -> int:
        """Sound samples that last as long as the frames (2,000 a frame at 24 fps and 48 kHz)."""
        return round(self.frames * rate / self.fps)

    def time(self, frame: int) -> float:
        """When a frame is shown, in seconds from the start."""
        return float(frame / self.fps)


class Effort(StrEnum):
    """How much work an engine puts into a shot; what that means is in the engine's plan."""

    FAST = "fast"
    FULL = "full"


class Position(StrEnum):
    """Which frame of the clip a given picture is."""

    FIRST = "first"
    LAST = "last"


class Container(StrEnum):
    """The file formats a contract offers."""

    MP4 = "MP4"
    WEBM = "WEBM"
    MOV = "MOV"

    @property
    def suffix(self) -> str:
        """File name ending, with the dot."""
        return "." + self.value.lower()

    @property
    def content_type(self) -> str:
        """The media type that files of this container are served with."""
        return {"MP4": "video/mp4", "WEBM": "video/webm", "MOV": "video/quicktime"}[self.value]


class SafetyMode(StrEnum):
    """Which frames of a finished video are checked: none; first, middle and last; all."""

    NONE = "none"
    FAST = "fast"
    FULL = "full"


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A fully resolved generation order for one take. An engine sees nothing else.

    `first` and `last` are already oriented, converted to sRGB, cropped and scaled to `size`.
    The same shot gives the same bytes in any process; another `size` gives the same content at that size.
    """

    prompt: str
    size: Size
    timing: Timing
    seed: int
    effort: Effort = Effort.FULL
    sound: bool = False
    camera_fixed: bool = False
    first: Picture | None = None
    last: Picture | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Sound: float32 samples in -1..1, shape (channels, samples), at `rate` samples a second."""

    rate: int
    samples: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing read from a prompt: which slot of the scene, its value, and the words it came from ("" = default)."""

    slot: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of a prompt: what it understood, and the user's words that it could not show."""

    understood: tuple[Understood, ...] = ()
    missed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain data for reports and for the ledger."""
        return {
            "understood": [{"slot": u.slot, "value": u.value, "words": u.words} for u in self.understood],
            "missed": list(self.missed),
            "remarks": list(self.remarks),
        }


@dataclass(slots=True, eq=False)
class Clip:
    """What an engine returns: frame chunks as they become ready, and the sound.

    `chunks` yields exactly `timing.frames` frames of `size` in all and can be consumed once; the whole video is never
    in memory. `sound`, if any, holds exactly `timing.samples(sound.rate)` samples. `plan` is one sentence: how the
    engine makes this shot (samples a frame, what it leaves out). `close` stops the engine.
    """

    size: Size
    timing: Timing
    chunks: Iterator[Frames]
    sound: Sound | None = None
    reading: Reading | None = None
    plan: str = ""

    def close(self) -> None:
        """Stop making frames. Nothing happens if all were consumed."""
        close = getattr(self.chunks, "close", None)
        if close is not None:
            close()
