"""Patience: what fails through no fault of a take's own is waited for, by the clock and not by tries.

That is the database, the file store and a disk that is full or gone. Meanwhile the take keeps its place at the worker,
so that no other take of its queue runs into the same wall.
"""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from vitascope.delivery.storage import NotStored, StorageFailed
from vitascope.tasks.database.dialect import is_unavailable
from vitascope.tasks.takes import WAITING_FOR_DISK, WAITING_FOR_STORE
from vitascope.worker.control import wait_if_stopping

log = logging.getLogger("vitascope.worker")

Answer = TypeVar("Answer")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds
NO_FILES_NOW = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE})

WAITING_FOR_DATABASE = "waiting for the database"


def outage(error: Exception) -> str | None:
    """The stage of a take that waits for the end of this; None if waiting does not help."""
    if isinstance(error, StorageFailed):
        return None if isinstance(error, NotStored) else WAITING_FOR_STORE
    # What a take writes breaks no constraint, unless something else just did the same.
    if is_unavailable(error) or isinstance(error, sa.exc.IntegrityError):
        return WAITING_FOR_DATABASE
    return WAITING_FOR_DISK if isinstance(error, OSError) and error.errno in NO_FILES_NOW else None


def cause(error: Exception) -> str:
    """What went wrong, without the statement and the values that a database error quotes."""
    return str(getattr(error, "orig", None) or error).strip()


def nothing(_stage: str, _seconds: float) -> None:
    """What is done meanwhile, if nothing is."""


class Patience:
    """Tries again what fails, for `seconds`. While the worker is stopping, waiting never ends."""

    def __init__(self, seconds: float, stopping: threading.Event) -> None:
        self._seconds = seconds
        self._stopping = stopping

    def __call__(self, act: Callable[[], Answer], meanwhile: Callable[[str, float], None] = nothing) -> Answer:
        """What `act` returns once it does, or what it raises: at once if waiting does not help, else in the end.

        Before each pause, `meanwhile` is told the stage and the seconds lost since it was last told. It may raise.
        """
        begun = told = time.monotonic()
        pause = FIRST_PAUSE
        while True:
            try:
                return act()
            except (sa.exc.SQLAlchemyError, StorageFailed, OSError) as error:
                now = time.monotonic()
                stage = outage(error)
                if stage is None or now - begun > self._seconds:
                    raise
                if pause == FIRST_PAUSE:
                    log.warning("%s (%s)", stage, cause(error))
            wait_if_stopping(self._stopping)
            meanwhile(stage, now - told)
            told = now
            self._stopping.wait(pause)
            wait_if_stopping(self._stopping)
            pause = min(2 * pause, LONGEST_PAUSE)
