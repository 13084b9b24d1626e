"""Several processes that draw the frames of one shot: frames are functions of their index, so they are shared out.

Python threads do not help here (drawing holds the interpreter's lock), processes do. The order of the frames and every
pixel are the same for any number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from vitascope.engines.pipes import Helper, Line, LineBroken
from vitascope.engines.protocol import Control, check
from vitascope.errors import EngineFailed
from vitascope.values import Frames, Picture

STAGE = "drawing"
PREVIEW_EVERY = 12  # frames


class Painter(Protocol):
    """Draws any frame of a shot, in any order, with the same result."""

    def frame(self, index: int) -> Picture:
        """The picture at `index`: uint8 (height, width, 3)."""
        ...


MakePainter = Callable[[], Painter]
"""Builds a painter; must pickle (a module-level function or a `functools.partial` of one)."""


@dataclass(frozen=True, slots=True)
class _Failure:
    message: str


def draw(make: MakePainter, frames: int, processes: int, control: Control) -> Iterator[Frames]:
    """Yield all frames in order, one a chunk, drawn by so many `processes` (1 = in this one).

    Reports progress and raises `Cancelled` within a frame's time. A process that dies raises `EngineFailed`.
    Closing the iterator ends the processes.
    """
    pictures = _alone(make, frames) if processes <= 1 else _shared(make, frames, min(processes, frames), control)
    for index, picture in enumerate(pictures):
        check(control)
        yield picture[None]
        control.progress(100 * (index + 1) // frames, STAGE, None if index % PREVIEW_EVERY else picture)


def _alone(make: MakePainter, frames: int) -> Iterator[Picture]:
    painter = make()
    for index in range(frames):
        yield painter.frame(index)


def _shared(make: MakePainter, frames: int, processes: int, control: Control) -> Iterator[Picture]:
    helpers: list[Helper] = []
    try:
        for number in range(processes):
            helpers.append(Helper(_work, make, range(number, frames, processes), daemon=True))
        for index in range(frames):
            yield _receive(helpers[index % processes], control)
    finally:
        for helper in helpers:
            helper.end()


def _receive(helper: Helper, control: Control) -> Picture:
    """One picture from a process."""
    try:
        message = helper.line.receive(lambda: check(control))
    except LineBroken:
        raise EngineFailed("A drawing process ended before its frames were done.") from None
    if isinstance(message, _Failure):
        raise EngineFailed(f"The drawing stopped: {message.message}")
    picture: Picture = message
    return picture


def _work(make: MakePainter, indices: range, line: Line) -> None:
    """Draw every frame of `indices` and send it."""
    try:
        painter = make()
        for index in indices:
            line.send_array(painter.frame(index))
    except LineBroken:
        raise
    except Exception as error:
        line.send(_Failure(f"{type(error).__name__}: {error}"))
        raise
