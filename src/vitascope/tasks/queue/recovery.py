"""Presence and recovery: every process shows that it lives, and the work of those that do not is handed on.

A process holds a lock on a file that the operating system frees when it dies, however it dies, and beats a row once a
second. Dead means: its lock file is free or, where there is no such file (a process of another machine), its last beat
is older than `SILENT_FOR`. Nothing here runs a take; it only puts takes back where a living worker finds them.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from vitascope.tasks.database import tables
from vitascope.tasks.queue.dbos import Enqueuer

SILENT_FOR = 30.0  # seconds without a beat after which a process on another machine counts as dead


class Presence:
    """This process's sign of life. Taken at start, before any work; let go by `leave` or by dying."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        self.executor_id = f"w-{uuid.uuid4()}"
        self._engine = engine
        self._path = folder / f"{self.executor_id}.lock"
        self._file: IO[str] = self._path.open("w")
        # The lock comes before the row: a row without a lock always means a dead process.
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        now = time.time()
        with engine.begin() as connection:
            row = {"executor_id": self.executor_id, "started_at": now, "beat_at": now}
            connection.execute(tables.process.insert().values(**row))

    def beat(self) -> None:
        """Show that this process lives."""
        mine = tables.process.c.executor_id == self.executor_id
        with self._engine.begin() as connection:
            connection.execute(tables.process.update().where(mine).values(beat_at=time.time()))

    def leave(self) -> None:
        """Free the lock; the row stays until a recovery has handed this process's work on."""
        self._file.close()


def living_workers(connection: sa.Connection, since: float) -> int:
    """How many processes have shown that they live since a moment."""
    recent = sa.select(sa.func.count()).where(tables.process.c.beat_at > since)
    return int(connection.execute(recent).scalar_one())


def recover(engine: sa.Engine, enqueuer: Enqueuer, folder: Path) -> int:
    """Hand on the work of dead processes. Returns how many workflows were put back.

    One recovery at a time: whoever finds its lock taken leaves it to the other.
    """
    with (folder / "recover.lock").open("w") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        with engine.connect() as connection:
            rows = connection.execute(sa.select(tables.process)).mappings().all()
        dead = [row["executor_id"] for row in rows if _is_dead(folder, row["executor_id"], row["beat_at"])]
        return sum(_hand_on(engine, enqueuer, folder, executor_id) for executor_id in dead)


def _is_dead(folder: Path, executor_id: str, beat_at: float) -> bool:
    path = folder / f"{executor_id}.lock"
    if not path.exists():  # a process of another machine
        return time.time() - beat_at > SILENT_FOR
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _hand_on(engine: sa.Engine, enqueuer: Enqueuer, folder: Path, executor_id: str) -> int:
    count = 0
    for queue, workflow_ids in enqueuer.unfinished_of(executor_id).items():
        enqueuer.hand_on(queue, workflow_ids)
        count += len(workflow_ids)
    # Only now may the process be forgotten: a crash in between puts it back twice, which does no harm.
    with engine.begin() as connection:
        connection.execute(tables.process.delete().where(tables.process.c.executor_id == executor_id))
    (folder / f"{executor_id}.lock").unlink(missing_ok=True)
    return count
