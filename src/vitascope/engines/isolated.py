"""Engines in a process of their own: what dies there is one take's error, never the end of the worker.

The parent sees an ordinary engine. Frames cross a pipe one chunk at a time, so neither side is ever more than a chunk
ahead and the whole video is in nobody's memory.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from vitascope.engines.protocol import Control, Engine, check
from vitascope.errors import EngineFailed, TakeFailed
from vitascope.values import Clip, Frames, Reading, Shot, Sound

PATIENCE = 0.2  # seconds between two looks at the control while waiting for the child
GRACE = 1.0  # seconds a child gets to end by itself before it is killed

MakeEngine = Callable[[], Engine]
"""Builds an engine; must pickle (a class or a `functools.partial` of one)."""


@dataclass(frozen=True, slots=True)
class _Progress:
    percent: int


@dataclass(frozen=True, slots=True)
class _Opening:
    sound: Sound | None
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class _Chunk:
    shape: tuple[int, ...]  # its bytes follow as a message of their own


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None


class Isolated:
    """Runs each shot of an engine in a fresh child process."""

    def __init__(self, make: MakeEngine) -> None:
        self._make = make
        self._inner = make()
        self.facts = self._inner.facts

    def plan(self, shot: Shot) -> str:
        """The inner engine's plan."""
        return self._inner.plan(shot)

    def generate(self, shot: Shot, control: Control) -> Clip:
        """Start the child and wait for its opening. Raises `Cancelled` or `EngineFailed`."""
        child = _Child(self._make, shot, control)
        try:
            opening = child.receive()
            if not isinstance(opening, _Opening):
                raise EngineFailed("The engine ended before it began.")
        except BaseException:
            child.end()
            raise
        return Clip(shot.size, shot.timing, child.frames(), opening.sound, opening.reading)


class _Child:
    """The parent's end of one child process."""

    def __init__(self, make: MakeEngine, shot: Shot, control: Control) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._control = control
        # Not a daemon: engines may have children of their own. It ends when its pipe breaks.
        self._process = context.Process(target=_work, args=(make, shot, theirs), daemon=False)
        self._process.start()
        theirs.close()

    def receive(self) -> _Opening | _Chunk | None:
        """The next message that matters, None at the end; progress goes to the control on the way."""
        while True:
            while not self._line.poll(PATIENCE):
                check(self._control)
            check(self._control)
            try:
                message: Any = self._line.recv()
            except (EOFError, ConnectionResetError):
                self._process.join()
                raise EngineFailed(f"The engine's process died (exit code {self._process.exitcode}).") from None
            if isinstance(message, _Progress):
                self._control.progress(message.percent)
            elif isinstance(message, _End):
                if message.error is not None:
                    raise message.error
                return None
            elif isinstance(message, _Opening | _Chunk):
                return message

    def frames(self) -> Iterator[Frames]:
        """All chunks, then the end of the process, also if the reader stops early."""
        try:
            while isinstance(message := self.receive(), _Chunk):
                chunk = np.empty(message.shape, np.uint8)
                try:
                    self._line.recv_bytes_into(chunk.data.cast("B"))
                except (EOFError, OSError):
                    raise EngineFailed("The engine's process died in the middle of a frame.") from None
                yield chunk
        finally:
            self.end()

    def end(self) -> None:
        """Stop the process: politely, then not."""
        self._line.close()
        self._process.terminate()
        self._process.join(GRACE)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self._process.close()


class _Line:
    """The child's control: progress goes up the pipe; cancellation comes as the end of the process."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._last = -1

    def progress(self, percent: int) -> None:
        if percent > self._last:
            self._last = percent
            self._line.send(_Progress(percent))

    def cancelled(self) -> bool:
        return False


def _work(make: MakeEngine, shot: Shot, line: Connection) -> None:
    """The child's life: one shot."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that `finally` blocks end grandchildren
    try:
        clip = make().generate(shot, _Line(line))
        line.send(_Opening(clip.sound, clip.reading))
        for chunk in clip.chunks:
            whole = np.ascontiguousarray(chunk)
            line.send(_Chunk(whole.shape))
            line.send_bytes(whole.data.cast("B"))
        line.send(_End(None))
    except BrokenPipeError:
        return  # the parent has gone or wants no more
    except TakeFailed as error:
        line.send(_End(type(error)(str(error))))
    except Exception as error:  # noqa: BLE001 - the last handler of a process
        line.send(_End(EngineFailed(f"The engine failed: {type(error).__name__}: {error}")))
