"""A take's control: writes progress to the ledger, and notices that a take is no longer wanted or has run too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LOOK_EVERY = 0.5  # seconds between two looks at the database


class TakeControl:
    """Implements the engines' control for one take of a worker.

    `report(percent)` and `wanted()` go to the database, so both are called twice a second at most. While the worker is
    stopping, asking never returns: the take must neither end nor fail, because the next start will finish it.
    """

    def __init__(
        self,
        report: Callable[[int], None],
        wanted: Callable[[], bool],
        stopping: threading.Event,
        seconds: float,
    ) -> None:
        self._report = report
        self._wanted = wanted
        self._stopping = stopping
        self._deadline = time.monotonic() + seconds
        self._next_report = self._next_look = 0.0
        self._percent = -1
        self._cancelled = False

    @property
    def timed_out(self) -> bool:
        """True once the take has run longer than it may."""
        return time.monotonic() > self._deadline

    def progress(self, percent: int) -> None:
        """Note how far the take is: integers that never fall."""
        now = time.monotonic()
        if percent > self._percent and now >= self._next_report:
            self._next_report = now + LOOK_EVERY
            self._percent = percent
            self._report(percent)

    def cancelled(self) -> bool:
        """True once nobody wants the take any more or its time is up."""
        wait_if_stopping(self._stopping)
        now = time.monotonic()
        if not self._cancelled and now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            self._cancelled = not self._wanted()
        return self._cancelled or self.timed_out


def wait_if_stopping(stopping: threading.Event) -> None:
    """Hold this thread for ever once the worker stops: the process is about to end and must record nothing more."""
    if stopping.is_set():
        threading.Event().wait()
