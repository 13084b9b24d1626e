"""A whole server in this process: services, a worker at work, and faults that begin when a step is reached.

The faults are real ones of SQLite and of folders. What is replaced in the product is only how often it looks.
"""

from __future__ import annotations

import functools
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
import sqlalchemy as sa

from tests.server.conftest import Client, open_account, video_task
from vitascope.server.http.health import ready
from vitascope.server.state import ServerState
from vitascope.service import services
from vitascope.settings import Settings
from vitascope.tasks.database import tables
from vitascope.tasks.database.connect import open_database
from vitascope.worker import patience, upkeep, worker

LASTS = 0.4  # seconds of a fault
SOON = 45.0  # seconds within which everything is well again
BUSY = 0.15  # seconds that SQLite waits for a lock here


class Fault(Protocol):
    """Something that begins and ends."""

    def begin(self) -> None: ...

    def end(self) -> None: ...


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Look more often than in earnest, and give up a locked database soon."""
    patch.setattr(worker, "open_database", functools.partial(open_database, patience=BUSY))
    patch.setattr(services, "REQUEST_PATIENCE", BUSY)
    patch.setattr(worker, "ROUND_EVERY", 0.2)
    patch.setattr(upkeep, "RESUME_EVERY", 0.4)
    patch.setattr(upkeep, "EXPIRE_EVERY", 0.5)
    patch.setattr(patience, "FIRST_PAUSE", 0.1)
    patch.setattr(patience, "LONGEST_PAUSE", 0.5)
    patch.setattr("vitascope.service.health.FRESH", 0.0)
    patch.setattr("vitascope.worker.control.LOOK_EVERY", 0.05)
    patch.setattr("vitascope.worker.control.SHOW_EVERY", 0.1)


class Station:
    """An account at a server whose one worker runs in a thread."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.settings = Settings(
            data=folder, engine="testcard", processes=1, allow_hosts=("127.0.0.1",), retention=60, **settings
        )
        self.state = ServerState(self.settings)
        self.client: Client = open_account(self.state, "alice")
        self.worker = worker.Worker(self.settings)
        self._thread = threading.Thread(target=self.worker.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        until(lambda: ready(self.state)[0] == 200)

    def close(self) -> None:
        self.worker.stop()
        self._thread.join(SOON)
        assert not self._thread.is_alive()
        self.state.close()

    def task(self, **changes: Any) -> dict[str, Any]:
        """A small task that is not sent."""
        return video_task(**{"duration": 1.2, "outputQuality": 40, **changes})

    def submit(self, **changes: Any) -> str:
        """One small task; its UUID once it is acknowledged."""
        return self.client.submit(**self.task(**changes))

    def try_to_submit(self, **changes: Any) -> tuple[str, bool]:
        """(UUID, whether it was acknowledged) of a task that is sent while something is wrong."""
        task = self.task(**changes)
        try:
            return task["taskUUID"], bool(self.client.ask(task).data)
        except sa.exc.SQLAlchemyError:  # the HTTP layer makes an answer of it
            return task["taskUUID"], False

    def ended(self, task_uuid: str) -> bool:
        return all(take.state.ended for take in self.client.takes(task_uuid))

    def row(self, statement: str, *values: Any) -> Any:
        """One row, read past everything that is broken."""
        connection = sqlite3.connect(f"file:{self.settings.data / 'vitascope.db'}?mode=rw", uri=True, timeout=SOON)
        try:
            return connection.execute(statement, values).fetchone()
        finally:
            connection.close()

    def age(self, take_id: str) -> None:
        """Let a take and its task be past their time."""
        with self.state.services.engine.begin() as connection:
            mine = tables.take.c.id == take_id
            task_id = sa.select(tables.take.c.task_id).where(mine).scalar_subquery()
            connection.execute(tables.task.update().where(tables.task.c.id == task_id).values(created_at=1.0))
            connection.execute(tables.take.update().where(mine).values(finished_at=1.0, expires_at=1))

    def spent(self) -> Any:
        return self.client.item("accountManagement", operation="getDetails")["usage"]["total"]


def until(true: Callable[[], Any], seconds: float = SOON) -> Any:
    """Wait for something to come true; what it came to."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.03)
    return found


class Gate:
    """Begins a fault when a step is reached for the first time, and ends it after a while."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._lock = threading.Lock()
        self.reached = threading.Event()
        self.over = threading.Event()

    def pass_through(self) -> None:
        with self._lock:
            if self.reached.is_set():
                return
            self._fault.begin()
            self.reached.set()
        threading.Timer(LASTS, self._end).start()

    def _end(self) -> None:
        self._fault.end()
        self.over.set()


@contextmanager
def at(step: tuple[Any, str], fault: Fault, when: Callable[..., bool] = lambda *_: True) -> Iterator[Gate]:
    """While this lasts, the first call of a function (its owner and name) for which `when` is true meets a fault."""
    owner, name = step
    original = owner.__dict__[name] if isinstance(owner, type) else getattr(owner, name)
    gate = Gate(fault)

    @functools.wraps(original)
    def gated(*arguments: Any, **named: Any) -> Any:
        if when(*arguments):
            gate.pass_through()
        return original(*arguments, **named)

    setattr(owner, name, gated)
    try:
        yield gate
        assert gate.reached.is_set(), f"{name} was never reached"
        assert gate.over.wait(SOON)
    finally:
        setattr(owner, name, original)
        if gate.reached.is_set():
            gate.over.wait(SOON)


class Refused:
    """The database refuses a statement, as it does with a full disk at just that moment: a trigger."""

    def __init__(self, database: Path, on: str) -> None:
        self._database = database
        self._on = on

    def begin(self) -> None:
        self._run(f"create trigger refuse before {self._on} begin select raise(abort, 'refused'); end")

    def end(self) -> None:
        self._run("drop trigger refuse")

    def _run(self, statement: str) -> None:
        connection = sqlite3.connect(self._database, timeout=SOON, isolation_level=None)
        connection.execute(statement)
        connection.close()


class Locked:
    """Another program holds the database's write lock."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None

    def begin(self) -> None:
        self._connection = sqlite3.connect(self._database, timeout=SOON, isolation_level=None, check_same_thread=False)
        self._connection.execute("begin immediate")

    def end(self) -> None:
        assert self._connection is not None
        self._connection.rollback()
        self._connection.close()


class Everywhere:
    """A pragma in every connection that is taken from a pool while it lasts."""

    def __init__(self, pragma: str, otherwise: str) -> None:
        self._pragma, self._otherwise = pragma, otherwise
        self._on = False
        sa.event.listen(sa.pool.Pool, "checkout", self._prepare)

    def begin(self) -> None:
        self._on = True

    def end(self) -> None:
        self._on = False

    def remove(self) -> None:
        sa.event.remove(sa.pool.Pool, "checkout", self._prepare)

    def _prepare(self, connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"pragma {self._pragma if self._on else self._otherwise}").close()


class Vanished:
    """A folder is not there, as when its disk is not mounted; or something else is in its place."""

    def __init__(self, folder: Path, in_its_place: str = "nothing") -> None:
        self._folder = folder
        self._elsewhere = folder.with_name(f"{folder.name}-elsewhere")
        self._in_its_place = in_its_place

    def begin(self) -> None:
        self._folder.rename(self._elsewhere)
        if self._in_its_place == "a file":
            self._folder.write_bytes(b"")
        elif self._in_its_place == "an empty folder":
            self._folder.mkdir()

    def end(self) -> None:
        if self._folder.is_dir():
            shutil.rmtree(self._folder)
        else:
            self._folder.unlink(missing_ok=True)
        self._elsewhere.rename(self._folder)
