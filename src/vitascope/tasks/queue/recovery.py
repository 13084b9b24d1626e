"""Presence and recovery: every process shows that it lives, and what nobody works on is handed on.

A process holds a lock on a file that the operating system frees when it dies, however it dies, and beats a row once a
second. It is struck off, its row deleted, when its lock is free or when another process has looked at the row again and
again without a new beat. Looks are counted, not seconds: no clock of another machine matters, nor does a time in which
the database was away for all. A process that was struck off may live on; `Presence.fence` keeps it from recording
anything, in the very transaction that would. Nothing here runs a take; it only puts takes back where a living worker
finds them.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from vitascope.tasks import takes
from vitascope.tasks.database import tables
from vitascope.tasks.database.dialect import begin_writing
from vitascope.tasks.queue.dbos import Enqueuer, NewTake, NewTry, queue_of
from vitascope.tasks.queue.unattended import begun_by, orphans, unattended_deliveries, unattended_takes

SILENT_FOR = 30  # looks, about a second apart, without a beat, after which a process of another machine counts as dead
PATIENCE = 12 * 3600.0  # seconds
STUCK_FOR = 10  # times as many, for a process of this machine: its lock says that it lives


class StruckOff(Exception):
    """Others take this process for dead and have its work. It must record nothing more, and begin anew."""


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
        """Show that this process lives. Raises StruckOff."""
        mine = tables.process.c.executor_id == self.executor_id
        with self._engine.begin() as connection:
            if connection.execute(tables.process.update().where(mine).values(beat_at=time.time())).rowcount == 0:
                raise StruckOff

    def fence(self, connection: sa.Connection) -> None:
        """Let this transaction go on only if this process is not struck off before its end. Raises StruckOff."""
        begin_writing(connection)
        mine = tables.process.c.executor_id == self.executor_id
        # Beats may pass this lock, a deletion may not.
        held = sa.select(tables.process.c.executor_id).where(mine).with_for_update(read=True, key_share=True)
        if connection.execute(held).scalar() is None:
            raise StruckOff

    def leave(self) -> None:
        """Free the lock; the row stays until a recovery has handed this process's work on."""
        self._file.close()


def living_workers(connection: sa.Connection, since: float) -> int:
    """How many processes have shown that they live since a moment."""
    recent = sa.select(sa.func.count()).where(tables.process.c.beat_at > since)
    return int(connection.execute(recent).scalar_one())


class Recovery:
    """Watches the other processes, and that there is somebody for everything that is open."""

    def __init__(
        self,
        engine: sa.Engine,
        enqueuer: Enqueuer,
        folder: Path,
        pool_of: Callable[[str], str],
        silent_for: int = SILENT_FOR,
        patience: float = PATIENCE,
    ) -> None:
        """`pool_of` names the pool that makes a model's takes.

        A take that was lost for longer than `patience` seconds after its first beginning has an attempt counted for it.
        """
        self._engine = engine
        self._enqueuer = enqueuer
        self._folder = folder
        self._pool_of = pool_of
        self._silent_for = silent_for
        self._patience = patience
        self._last_beats: dict[str, tuple[float, int]] = {}
        self._missed: frozenset[str] = frozenset()

    def hand_on(self) -> int:
        """Strike off the dead and hand their work on. Returns how many processes and workflows that were."""
        with self._one_at_a_time() as mine:
            if not mine:
                return 0
            dead = self._dead()
            if dead:
                # From here on they can record nothing. A crash before the rest leaves orphans for the next round.
                with self._engine.begin() as connection:
                    connection.execute(tables.process.delete().where(tables.process.c.executor_id.in_(dead)))
            with self._engine.connect() as connection:
                found = orphans(connection)
            for queue, workflow_ids in found.items():
                self._enqueuer.hand_on(queue, workflow_ids)
            for executor_id in dead:
                (self._folder / f"{executor_id}.lock").unlink(missing_ok=True)
            return len(dead) + sum(map(len, found.values()))

    def resume(self, executor_id: str, running: Collection[str]) -> int:
        """Begin again what is open and has nobody. Returns how many takes and deliveries that were.

        `running` is what the process `executor_id`, this one, is in the middle of: what it took from a queue and is not
        in the middle of, twice in a row, it has lost.
        """
        with self._engine.connect() as connection:
            begun = begun_by(connection, executor_id)
        missed = frozenset(id_ for ids in begun.values() for id_ in ids if id_ not in running)
        lost = missed & self._missed
        self._missed = missed - lost
        for queue, ids in begun.items():
            if here := [id_ for id_ in ids if id_ in lost]:
                self._enqueuer.hand_on(queue, here)
        with self._one_at_a_time() as mine:
            again = self._resume_takes() if mine else []
            deliveries = self._resume_deliveries() if mine else 0
        if lost or again:
            with self._engine.begin() as connection:
                takes.set_aside(connection, [*lost, *again], time.time() - self._patience)
        return len(lost) + len(again) + deliveries

    def _resume_takes(self) -> list[str]:
        with self._engine.connect() as connection:
            found = unattended_takes(connection)
        for each in found:
            pool = self._pool_of(each.model)
            if each.recorded:
                self._enqueuer.begin_again(queue_of(pool), each.take_id, each.account_id)
                continue
            with self._engine.begin() as connection:
                self._enqueuer.takes(connection, [NewTake(each.take_id, each.account_id, pool)])
        return [each.take_id for each in found]

    def _resume_deliveries(self) -> int:
        with self._engine.connect() as connection:
            found = unattended_deliveries(connection)
        for each in found:
            self._enqueuer.forget([], [(each.delivery_id, each.attempt)])
            with self._engine.begin() as connection:
                again = NewTry(each.delivery_id, each.kind, each.account_id, each.attempt)
                self._enqueuer.delivery(connection, again)
        return len(found)

    def _dead(self) -> list[str]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(tables.process.c.executor_id, tables.process.c.beat_at)).all()
        looks: dict[str, tuple[float, int]] = {}
        for executor_id, beat_at in rows:
            last, count = self._last_beats.get(executor_id, (beat_at, -1))
            looks[executor_id] = (beat_at, count + 1 if last == beat_at else 0)
        self._last_beats = looks
        return [executor_id for executor_id, (_, count) in looks.items() if self._is_dead(executor_id, count)]

    def _is_dead(self, executor_id: str, looks: int) -> bool:
        path = self._folder / f"{executor_id}.lock"
        if not path.exists():  # a process of another machine
            return looks >= self._silent_for
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return looks >= self._silent_for * STUCK_FOR
        return True

    @contextmanager
    def _one_at_a_time(self) -> Iterator[bool]:
        """False if another process of this machine is at it: it is left to that one."""
        with (self._folder / "recover.lock").open("w") as guard:
            try:
                fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
