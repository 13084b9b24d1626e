"""Lines between a process that orders and one that works: messages and arrays over a pipe, and an end for both.

A message is a small picklable value; an array's bytes follow its shape as a message of their own, so that they are
never pickled. The pipe's small buffer keeps a sender at most one array ahead of its receiver. Waiting is done in short
pieces, between which the control is asked, so that a hanging process holds nobody up who has lost interest.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import numpy as np
from numpy.typing import NDArray

PATIENCE = 0.2  # seconds between two looks at the control while waiting
GRACE = 1.0  # seconds a process gets to end by itself before it is killed


class LineBroken(Exception):
    """The process at the other end has gone."""


@dataclass(frozen=True, slots=True)
class _Array:
    """The header of an array: its bytes follow."""

    shape: tuple[int, ...]
    dtype: str


class Line:
    """One end of a pipe. Both ends send and receive; one thread uses an end at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(self, message: object) -> None:
        """Send a message that pickles. Raises LineBroken."""
        try:
            self._connection.send(message)
        except OSError:
            raise LineBroken from None

    def send_array(self, array: NDArray[Any]) -> None:
        """Send an array of numbers. Raises LineBroken."""
        whole = np.ascontiguousarray(array)
        try:
            self._connection.send(_Array(whole.shape, whole.dtype.str))
            self._connection.send_bytes(whole.data.cast("B"))
        except OSError:
            raise LineBroken from None

    def waits(self, seconds: float = 0.0) -> bool:
        """Whether something to receive comes within so many seconds. A broken line counts: `receive` will say so."""
        try:
            return self._connection.poll(seconds)
        except OSError:
            return True

    def receive(self, between: Callable[[], None] | None = None) -> Any:
        """The next message, or the next array. `between` is called while waiting; what it raises ends the wait.

        Raises LineBroken.
        """
        while not self.waits(PATIENCE):
            if between is not None:
                between()
        try:
            message = self._connection.recv()
            if not isinstance(message, _Array):
                return message
            array = np.empty(message.shape, message.dtype)
            self._connection.recv_bytes_into(array.data.cast("B"))
            return array
        except (EOFError, OSError):
            raise LineBroken from None

    def close(self) -> None:
        """Hang up: the other end's next call raises LineBroken."""
        self._connection.close()


class Helper:
    """A process of our own at the other end of a line, started anew (never forked: threads would not survive it)."""

    def __init__(self, work: Callable[..., None], *arguments: object, daemon: bool) -> None:
        """Start `work(*arguments, line)` in a process. `daemon` processes cannot have children and die with ours."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self.line = Line(ours)
        self._process: SpawnProcess = context.Process(target=_run, args=(work, arguments, theirs), daemon=daemon)
        self._process.start()
        theirs.close()

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.is_alive()

    def exit_code(self) -> int | None:
        """Wait a moment for the end of a process whose line broke; its exit code, None if it goes on."""
        self._process.join(GRACE)
        return self._process.exitcode

    def end(self, at_once: bool = True) -> None:
        """End the process: hang up and, unless `at_once`, wait a moment; then ask it; then kill it."""
        self.line.close()
        if not at_once:
            self._process.join(GRACE)
        if self._process.exitcode is None:
            self._process.terminate()
            self._process.join(GRACE)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self._process.close()


def end_all() -> None:
    """End every process that this one has started here, whatever it is doing: for one that is about to end itself."""
    helpers = multiprocessing.active_children()
    with suppress(ValueError):  # one was just ended by another thread
        for helper in helpers:
            helper.terminate()
        for helper in helpers:
            helper.join(2 * GRACE)  # it ends those further down
        for helper in helpers:
            helper.kill()
            helper.join()
    # The library's own process, which ends when nobody has anything to do with it any more.
    stop = resource_tracker._resource_tracker._stop  # type: ignore[attr-defined]
    tracker = threading.Thread(target=stop, daemon=True)
    tracker.start()
    tracker.join(GRACE)


class _Ended(BaseException):
    """SIGTERM arrived: `finally` blocks run and end processes further down."""


def _run(work: Callable[..., None], arguments: tuple[object, ...], connection: Connection) -> None:
    """A helper's life. Ctrl-C reaches the whole group of processes; only the first of them decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    try:
        work(*arguments, Line(connection))
    except (LineBroken, _Ended):
        pass  # nobody waits for anything any more
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(_signal: int, _frame: object) -> None:
    raise _Ended
