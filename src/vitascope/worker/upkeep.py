"""What a worker does beside making takes: it shows that it lives, hands dead workers' work on, and clears up."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Collection

import sqlalchemy as sa

from vitascope.delivery.storage import Storage
from vitascope.service.pictures import remove_unused
from vitascope.settings import Settings
from vitascope.tasks.expiry import expire_tasks
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.queue.recovery import Presence, Recovery

log = logging.getLogger("vitascope.worker")

EXPIRE_EVERY = 60.0
RESUME_EVERY = 10.0
MOST_DRIFT = 5.0  # seconds by which the two clocks may differ over that time


class BelievableClock:
    """Whether the wall clock went on as steadily as the monotonic one since the last time it was asked.

    What is deleted by a clock that has jumped ahead does not come back when the clock does. So nothing is deleted by a
    clock that was seen once only: a computer that has just started may not know the time yet.
    """

    def __init__(self) -> None:
        self._seen: tuple[float, float] | None = None

    def is_steady(self) -> bool:
        """Ask, and be compared with this moment the next time."""
        now = (time.time(), time.monotonic())
        before, self._seen = self._seen, now
        if before is None:
            return False
        drift = (now[0] - before[0]) - (now[1] - before[1])
        if abs(drift) > MOST_DRIFT:
            log.warning("clearing up: the clock jumped by %.0f s; nothing is deleted until it goes steadily", drift)
        return abs(drift) <= MOST_DRIFT


class Upkeep:
    """Everything that is due now and then. Do the `duties` about once a second."""

    def __init__(self, settings: Settings, engine: sa.Engine, enqueuer: Enqueuer, storage: Storage) -> None:
        """Makes this process known as a living one."""
        self._retention = settings.retention
        self._database = engine
        self._enqueuer = enqueuer
        self._storage = storage
        self._locks = settings.data / "run"
        self.presence = Presence(engine, self._locks)
        self._recovery = Recovery(
            engine, enqueuer, self._locks, settings.engine_of, settings.silent_for, settings.patience
        )
        self._clock = BelievableClock()
        self._next_expiry = self._next_resume = 0.0
        self.executor_id = self.presence.executor_id
        self.scratch = settings.data / "scratch" / self.executor_id
        """A folder of this process's own. It goes when the process leaves, or when another finds it dead."""
        self.scratch.mkdir()

    def duties(self, running: Collection[str]) -> tuple[Callable[[], object], ...]:
        """What is due: each may fail and be tried in the next round, and the others are done all the same.

        `running` is what this process is in the middle of. The first raises StruckOff.
        """
        due: list[Callable[[], object]] = [self.presence.beat, self._hand_on]
        now = time.monotonic()
        if now > self._next_resume:
            self._next_resume = now + RESUME_EVERY
            due.append(lambda: self._resume(running))
        if now > self._next_expiry:
            self._next_expiry = now + EXPIRE_EVERY
            if self._clock.is_steady():
                due.append(self.expire)
        return tuple(due)

    def _hand_on(self) -> None:
        if count := self._recovery.hand_on():
            log.info("what processes that ended had begun is handed on (%d)", count)
            self._clear_scratch()

    def _resume(self, running: Collection[str]) -> None:
        if count := self._recovery.resume(self.executor_id, running):
            log.warning("what nobody worked on is begun again (%d)", count)

    def expire(self) -> None:
        """Remove results past their time, and pictures that nobody used for long."""
        expire_tasks(self._database, self._enqueuer, self._retention, self._storage.delete)
        remove_unused(self._database, self._storage)

    def leave(self) -> None:
        """Stop showing that this process lives; what it had begun is handed on."""
        self.presence.leave()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _clear_scratch(self) -> None:
        """Remove what dead workers left half written."""
        for folder in self.scratch.parent.iterdir():
            if folder.is_dir() and not (self._locks / f"{folder.name}.lock").exists():
                shutil.rmtree(folder, ignore_errors=True)
