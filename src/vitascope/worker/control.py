"""A take's control: writes progress to the ledger, and notices that a take is no longer wanted or has run too long."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from vitascope.errors import Cancelled
from vitascope.values import Picture

LOOK_EVERY = 0.5  # seconds between two looks at the database
SHOW_EVERY = 2.0  # seconds between two previews


class Ledger(Protocol):
    """What a control needs of the ledger, for one take. All of it costs a transaction or more."""

    def report(self, percent: int, stage: str) -> None:
        """Note how far the take is and what is being done."""

    def show(self, preview: Picture) -> None:
        """Keep a picture of what there is so far."""

    def wanted(self) -> bool:
        """False once the take has ended by other means."""


class TakeControl:
    """Implements the engines' control for one take of a worker.

    The ledger is asked and told twice a second at most. While the worker is stopping, asking never returns: the take
    must neither end nor fail, because the next start will finish it.
    """

    def __init__(self, ledger: Ledger, stopping: threading.Event, seconds: float) -> None:
        """`seconds` is how long the take may run."""
        self._ledger = ledger
        self._stopping = stopping
        self._deadline = time.monotonic() + seconds
        self._next_report = self._next_look = self._next_preview = 0.0
        self._percent = -1
        self._stage = ""
        self._cancelled = False

    @property
    def timed_out(self) -> bool:
        """True once the take has run longer than it may."""
        return time.monotonic() > self._deadline

    def progress(self, percent: int, stage: str = "", preview: Picture | None = None) -> None:
        """Note how far the take is: integers that never fall."""
        now = time.monotonic()
        new_stage = stage not in ("", self._stage)
        if new_stage or (percent > self._percent and now >= self._next_report):
            self._next_report = now + LOOK_EVERY
            self._percent = max(percent, self._percent)
            self._stage = stage or self._stage
            self._ledger.report(self._percent, self._stage)
        if preview is not None and now >= self._next_preview:
            self._next_preview = now + SHOW_EVERY
            self._ledger.show(preview)

    def waits(self, stage: str, seconds: float) -> None:
        """The take could not go on for some seconds, which are not its own. Raises Cancelled if nobody wants it."""
        self._deadline += seconds
        self.progress(max(self._percent, 0), stage)
        if self.cancelled():
            raise Cancelled

    def cancelled(self) -> bool:
        """True once nobody wants the take any more or its time is up."""
        wait_if_stopping(self._stopping)
        now = time.monotonic()
        if not self._cancelled and now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            self._cancelled = not self._ledger.wanted()
        return self._cancelled or self.timed_out


def wait_if_stopping(stopping: threading.Event) -> None:
    """Hold this thread for ever once the worker stops: the process is about to end and must record nothing more."""
    if stopping.is_set():
        threading.Event().wait()
