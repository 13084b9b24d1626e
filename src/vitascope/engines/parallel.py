"""Several processes that draw the frames of one shot: frames are functions of their index, so they are shared out.

Python threads do not help here (drawing holds the interpreter's lock), processes do. The order of the frames and every
pixel are the same for any number of processes.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Protocol

import numpy as np

from vitascope.engines.protocol import Control, check
from vitascope.errors import EngineFailed
from vitascope.values import Frames, Picture

PATIENCE = 0.25  # seconds between two looks at the control while waiting for a frame


class Painter(Protocol):
    """Draws any frame of a shot, in any order, with the same result."""

    def frame(self, index: int) -> Picture:
        """The picture at `index`: uint8 (height, width, 3)."""
        ...


MakePainter = Callable[[], Painter]
"""Builds a painter; must pickle (a module-level function or a `functools.partial` of one)."""


def draw(make: MakePainter, frames: int, processes: int, control: Control) -> Iterator[Frames]:
    """Yield all frames in order, one a chunk, drawn by so many `processes` (1 = in this one).

    Reports progress and raises `Cancelled` within a frame's time. A process that dies raises `EngineFailed`.
    Closing the iterator ends the processes.
    """
    pictures = _alone(make, frames) if processes <= 1 else _shared(make, frames, min(processes, frames), control)
    for index, picture in enumerate(pictures):
        check(control)
        yield picture[np.newaxis]
        control.progress(100 * (index + 1) // frames)


def _alone(make: MakePainter, frames: int) -> Iterator[Picture]:
    painter = make()
    for index in range(frames):
        yield painter.frame(index)


def _shared(make: MakePainter, frames: int, processes: int, control: Control) -> Iterator[Picture]:
    context = multiprocessing.get_context("spawn")
    lines: list[Connection] = []
    running = []
    try:
        for number in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(make, range(number, frames, processes), theirs), daemon=True)
            process.start()
            theirs.close()
            lines.append(ours)
            running.append(process)
        for index in range(frames):
            yield _receive(lines[index % processes], control)
    finally:
        for process in running:
            process.terminate()
        for line in lines:
            line.close()
        for process in running:
            process.join()
            process.close()


def _receive(line: Connection, control: Control) -> Picture:
    """One picture from a process: its shape, then its bytes."""
    while not line.poll(PATIENCE):
        check(control)
    try:
        message = line.recv()
        if isinstance(message, str):
            raise EngineFailed(f"The drawing stopped: {message}")
        picture = np.empty(message, np.uint8)
        line.recv_bytes_into(picture.data.cast("B"))
    except EOFError:
        raise EngineFailed("A drawing process ended before its frames were done.") from None
    return picture


def _work(make: MakePainter, indices: range, line: Connection) -> None:
    """Draw every frame of `indices` and send it. The pipe's small buffer keeps each process at most one frame ahead."""
    try:
        painter = make()
        for index in indices:
            picture = np.ascontiguousarray(painter.frame(index))
            line.send(picture.shape)
            line.send_bytes(picture.data.cast("B"))
    except (BrokenPipeError, KeyboardInterrupt):
        return
    except Exception as error:
        line.send(f"{type(error).__name__}: {error}")
        raise
