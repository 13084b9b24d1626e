"""Whether the work can be done now: the database takes a write, the file store takes a file, and no take waits.

Each look is made in a thread of its own and answers for a few seconds, so that neither a hanging store nor many who ask
hold anything up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Unanswered
from dataclasses import dataclass

import sqlalchemy as sa

from vitascope.delivery.storage import Storage, StorageFailed
from vitascope.service.availability import public_reason
from vitascope.tasks import takes
from vitascope.tasks.database.tables import process
from vitascope.tasks.queue.recovery import living_workers

LATELY = 10.0  # seconds
FRESH = 2.0  # seconds that an answer is good for
LEAST = 1e-6  # seconds; what a time of today in a float can lose
PATIENT = 5.0  # seconds after which no answer is an answer


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong, None if nothing is; and, of the database, what the workers have to tell."""

    trouble: str | None = None
    workers: int = 0
    idle: str | None = None


class Health:
    """Looks at a database and a file store."""

    def __init__(self, engine: sa.Engine, storage: Storage, lately: float = LATELY) -> None:
        """`lately` is how many seconds ago a living worker may have beaten."""
        self._engine = engine
        self._storage = storage
        self._lately = lately
        self._looks = (_Look("database", self._database), _Look("file store", self._files))

    def look(self) -> Found:
        """The first thing that is wrong, and the number of workers."""
        database, files = (look.answer() for look in self._looks)
        return Found(database.trouble or files.trouble or database.idle, database.workers)

    def _database(self) -> Found:
        now = time.time()
        try:
            with self._engine.begin() as connection:
                # A write: a database that can only be read takes no task. It has to be a change, if a small one: SQLite
                # writes nothing for what is the same. Not of the beat, whose every change is a sign of life.
                connection.execute(process.update().values(started_at=process.c.started_at - LEAST))
                workers = living_workers(connection, now - self._lately)
                stage = takes.waiting(connection)
        except sa.exc.SQLAlchemyError as error:
            return Found(f"the database cannot be written ({public_reason(error)})")
        doing = f"a worker is {stage}" if stage else None
        if workers == 0:
            doing = "no worker is running"
        return Found(workers=workers, idle=f"{doing}; tasks are accepted and wait" if doing else None)

    def _files(self) -> Found:
        try:
            self._storage.probe()
        except StorageFailed as error:
            return Found(f"the file store fails ({str(error).rstrip('.')})")
        return Found()


class _Look:
    """One look that may take long, at most one at a time."""

    def __init__(self, name: str, act: Callable[[], Found]) -> None:
        self._name = name
        self._act = act
        self._lock = threading.Lock()
        self._begun = 0.0
        self._future: Future[Found] | None = None

    def answer(self) -> Found:
        """What the latest look came to; a new one is made if that is no longer fresh."""
        with self._lock:
            old = time.monotonic() - self._begun > FRESH
            if self._future is None or (self._future.done() and old):
                self._future = Future()
                self._begun = time.monotonic()
                threading.Thread(target=self._run, args=(self._future,), name=self._name, daemon=True).start()
            future = self._future
        try:
            return future.result(PATIENT)
        except Unanswered:
            return Found(f"the {self._name} has not answered for {time.monotonic() - self._begun:.0f} s")

    def _run(self, future: Future[Found]) -> None:
        found = Found(f"the look at the {self._name} broke off; the log has the details")
        try:
            found = self._act()
        finally:
            future.set_result(found)
