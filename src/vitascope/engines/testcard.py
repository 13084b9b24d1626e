"""The test card: bars and a beep whose every frame says which one it is, for trying a server without drawing anything.

It is a test pattern and does not look at what the prompt asks for. What it shows can be measured again after encoding:
`read_strip` reads a frame's number from its picture; on every whole second a cell flashes and a beep starts; the seed
colours the bars and stands on the card in plain digits. Numpy only, a few milliseconds a frame.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vitascope.engines.protocol import Control, check
from vitascope.values import SOUND_RATE, Clip, Frames, Picture, Reading, Shot, Size, Sound, Timing

CHUNK = 8  # frames in a chunk
NAP = 0.2  # seconds of pacing between two looks at the control

BITS = 24  # cells in the strip
BEEP_HERTZ = 1_000
BEEP_SECONDS = 0.08
_BEEP_LOUDNESS = 0.5
_BEEP_FADE = 240  # samples at the end of a beep; its start is hard, so that it can be measured
_MARK_PERIOD = 3.0  # seconds for the mark to cross the card and come back

# The classic bars (white, yellow, cyan, green, magenta, red, blue) at 75 %, and the row below them, which runs back.
_BARS = np.array([(1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1)], np.float64) * 0.75
_COUNTER_BARS = _BARS[::-1] * np.array([1, 0, 1, 0, 1, 0, 1])[:, None]

# Rows of the card, as parts of its height.
_BARS_END, _COUNTER_END, _RAMP_END, _STRIP_START, _STRIP_END = 0.56, 0.62, 0.70, 0.88, 0.98

Region: TypeAlias = tuple[slice, slice]
"""Rows and columns of a picture."""


class TestCard:
    """The test-pattern engine. `pace` adds that many seconds to each frame: for trying out cancelling and crashes."""

    __test__ = False  # keeps pytest from taking this class for a test

    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace

    def open(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """There is nothing to let go of."""

    def _plan(self, shot: Shot) -> str:
        sound = "a beep on each second" if shot.sound else "no sound"
        return f"Test pattern: {shot.timing.frames} frames of bars, a moving mark and {sound}; the prompt is not drawn."

    def generate(self, shot: Shot, control: Control) -> Clip:
        """Start the shot. Frames 0 and -1 are the given pictures, if any. Raises `Cancelled` while it is consumed."""
        check(control)
        return Clip(
            size=shot.size,
            timing=shot.timing,
            chunks=self._chunks(shot, control),
            sound=beeps(shot.timing) if shot.sound else None,
            reading=Reading(remarks=("The test card does not draw the prompt: it only shows a digest of it.",)),
            plan=self._plan(shot),
        )

    def _chunks(self, shot: Shot, control: Control) -> Iterator[Frames]:
        card = CardPainter(shot)
        for start in range(0, shot.timing.frames, CHUNK):
            indices = range(start, min(start + CHUNK, shot.timing.frames))
            chunk = np.stack([card.frame(index) for index in indices])
            self._wait(len(indices), 100 * start // shot.timing.frames, control)
            yield chunk
            control.progress(100 * indices.stop // shot.timing.frames, "drawing", chunk[-1])

    def _wait(self, frames: int, percent: int, control: Control) -> None:
        """Sleep `pace` seconds for each frame, in naps short enough to notice a cancellation."""
        check(control)
        until = time.monotonic() + self._pace * frames
        while (rest := until - time.monotonic()) > 0:
            time.sleep(min(rest, NAP))
            control.progress(percent)
            check(control)


class CardPainter:
    """Draws any frame of a shot's test card: what stands still once, what changes for each frame."""

    def __init__(self, shot: Shot) -> None:
        self._shot = shot
        self._still = _background(shot.size, tint(shot.seed))
        digest = hashlib.sha256(shot.prompt.encode()).hexdigest()[:8].upper()
        width, height = shot.size.width, shot.size.height
        self._scale = max(1, min(width // 200, height // 150))
        self._text_row = round(height * _RAMP_END) + 2 * self._scale
        _write(self._still, f"SEED {shot.seed}", self._text_row, self._scale)
        _write(self._still, f"PROMPT {digest}  TEST CARD", self._text_row + 9 * self._scale, self._scale)

    def frame(self, index: int) -> Picture:
        """The picture at `index`: uint8 (height, width, 3)."""
        given = self._given(index)
        if given is not None:
            return given
        picture = self._still.copy()
        size, timing = self._shot.size, self._shot.timing
        _mark(picture, timing.time(index))
        picture[flash_region(size)] = 255 if flashes(index, timing) else 0
        picture[strip_region(size)] = _strip(index, size)
        _write(picture, f"FRAME {index:06d}", self._text_row + 18 * self._scale, self._scale)
        return picture

    def _given(self, index: int) -> Picture | None:
        if index == 0 and self._shot.first is not None:
            return self._shot.first
        if index == self._shot.timing.frames - 1:
            return self._shot.last
        return None


def read_strip(picture: Picture) -> int:
    """The frame number that a card shows, also after lossy encoding. Raises ValueError if this is no test card."""
    size = Size(picture.shape[1], picture.shape[0])
    rows, columns = strip_region(size)
    grey = picture[rows, columns].mean(axis=2)
    middle = grey.shape[0] // 2
    number = 0
    for start, end in _cells(size):
        inset = (end - start) // 4
        upper = grey[middle // 4 : middle - middle // 4, start + inset : end - inset].mean()
        lower = grey[middle + middle // 4 : -(middle // 4), start + inset : end - inset].mean()
        if abs(upper - lower) < 100:
            raise ValueError("no frame strip here")
        number = 2 * number + int(upper > lower)
    return number


def strip_region(size: Size) -> Region:
    """Where the strip is. Its upper half holds the bits, highest first, white for 1; its lower half is the negative."""
    return slice(round(size.height * _STRIP_START), round(size.height * _STRIP_END)), slice(0, size.width)


def flash_region(size: Size) -> Region:
    """The cell that is white while a beep starts, else black."""
    side = min(size.width, size.height) // 8
    return slice(side // 4, side // 4 + side), slice(size.width - side // 4 - side, size.width - side // 4)


def flashes(index: int, timing: Timing) -> bool:
    """True for the two frames that begin at a whole second."""
    return index % round(timing.fps) < 2


def beeps(timing: Timing) -> Sound:
    """A 1 kHz beep of 80 ms at each whole second, on both channels, as long as the frames."""
    length = round(BEEP_SECONDS * SOUND_RATE)
    beep = _BEEP_LOUDNESS * np.sin(2 * np.pi * BEEP_HERTZ / SOUND_RATE * np.arange(length))
    beep[-_BEEP_FADE:] *= np.linspace(1, 0, _BEEP_FADE)
    samples = np.zeros((2, timing.samples()), np.float32)
    for start in range(0, samples.shape[1], SOUND_RATE):
        end = min(start + length, samples.shape[1])
        samples[:, start:end] = beep[: end - start]
    return Sound(SOUND_RATE, samples)


def tint(seed: int) -> NDArray[np.float64]:
    """The bars' tint for a seed: a factor of 0.55-1 for each of red, green and blue."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    return np.array([0.55 + 0.45 * byte / 255 for byte in digest[:3]])


def _background(size: Size, colour: NDArray[np.float64]) -> Picture:
    """Bars, counter-bars and a grey ramp, above black for text and strip."""
    card = np.zeros((size.height, size.width, 3), np.float64)
    bar = np.arange(size.width) * len(_BARS) // size.width
    bars_end, counter_end, ramp_end = (round(size.height * part) for part in (_BARS_END, _COUNTER_END, _RAMP_END))
    card[:bars_end] = (_BARS * colour)[bar]
    card[bars_end:counter_end] = (_COUNTER_BARS * colour)[bar]
    card[counter_end:ramp_end] = np.linspace(0, 1, size.width)[:, None]
    return (card * 255).round().astype(np.uint8)


def _mark(picture: Picture, seconds: float) -> None:
    """A white disc with a soft edge that runs over the bars from left to right and back."""
    height, width = picture.shape[:2]
    radius = min(width, height) / 14
    phase = seconds / _MARK_PERIOD % 1
    x = radius + (width - 2 * radius) * (1 - abs(2 * phase - 1))
    y = height * _BARS_END / 2
    top, left = int(y - radius) - 1, max(0, int(x - radius) - 1)
    patch = picture[top : int(y + radius) + 3, left : int(x + radius) + 3]
    rows = np.arange(patch.shape[0])[:, None] + top + 0.5 - y
    columns = np.arange(patch.shape[1]) + left + 0.5 - x
    cover = np.clip(radius - np.hypot(rows, columns) + 0.5, 0, 1)[..., None]
    patch[:] = (patch * (1 - cover) + 255 * cover).round()


def _cells(size: Size) -> Iterator[tuple[int, int]]:
    """First and end column of each cell."""
    for cell in range(BITS):
        yield cell * size.width // BITS, (cell + 1) * size.width // BITS


def _strip(number: int, size: Size) -> NDArray[np.uint8]:
    rows, columns = strip_region(size)
    strip = np.empty((rows.stop - rows.start, columns.stop, 3), np.uint8)
    middle = strip.shape[0] // 2
    for cell, (start, end) in enumerate(_cells(size)):
        bit = number >> (BITS - 1 - cell) & 1
        strip[:middle, start:end] = 255 * bit
        strip[middle:, start:end] = 255 * (1 - bit)
    return strip


def _write(picture: Picture, text: str, row: int, scale: int) -> None:
    """Write capital letters and digits in white at `row`; what does not fit into the width is cut off."""
    column = 4 * scale
    for letter in text:
        glyph = np.kron(_glyph(letter), np.ones((scale, scale), np.bool_))
        place = picture[row : row + glyph.shape[0], column : column + glyph.shape[1]]
        place[glyph[:, : place.shape[1]]] = 235
        column += 6 * scale


def _glyph(letter: str) -> NDArray[np.bool_]:
    """A letter as 7 rows of 5 dots."""
    rows = bytes.fromhex(_GLYPHS[letter])
    return np.unpackbits(np.frombuffer(rows, np.uint8)[:, None], axis=1)[:, 3:].astype(np.bool_)


# Seven rows of five dots for each letter, one byte a row, the lowest five bits from left to right.
_GLYPHS = {
    " ": "00000000000000",
    "0": "0e11131519110e",
    "1": "040c040404040e",
    "2": "0e11010204081f",
    "3": "0e11010601110e",
    "4": "02060a121f0202",
    "5": "1f101e0101110e",
    "6": "0608101e11110e",
    "7": "1f010204080808",
    "8": "0e11110e11110e",
    "9": "0e11110f01020c",
    "A": "0e11111f111111",
    "B": "1e11111e11111e",
    "C": "0e11101010110e",
    "D": "1e11111111111e",
    "E": "1f10101e10101f",
    "F": "1f10101e101010",
    "M": "111b1515111111",
    "O": "0e11111111110e",
    "P": "1e11111e101010",
    "R": "1e11111e141211",
    "S": "0f10100e01011e",
    "T": "1f040404040404",
}
