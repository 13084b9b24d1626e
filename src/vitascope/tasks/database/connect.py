"""Opening the database: one engine for our tables and the durable engine's, and bringing both up to date.

SQLite gets what a server needs of it: write-ahead logging, IMMEDIATE transactions (two processes never deadlock on an
upgrade from reading to writing), a busy time-out and a full fsync on each commit, because an acknowledgement
promises that the task is on disk. `python -m` brings the database of one data folder up to date, and ends.
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from dbos import DBOS
from sqlalchemy import event

from vitascope.errors import SetupError
from vitascope.settings import PRIVATE, Settings, tighten
from vitascope.tasks.database.migrations import HEAD, VERSION_TABLE

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    # Pages that many commits touch are copied back once for all of them, not every few commits.
    "wal_autocheckpoint=16000",
    # For each connection. The system caches the file for all of them.
    "cache_size=-4096",
)


logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # below, it quotes rows: prompts, and URLs with secrets

PATIENCE = 30.0
"""Seconds that work which nobody waits for waits for the database."""

REQUEST_PATIENCE = 3.0
"""Seconds that a request waits for the database before its sender is told to come again."""


def open_database(settings: Settings, patience: float = PATIENCE) -> sa.Engine:
    """The engine for a settings object, its tables up to date. Two processes may call this at the same time.

    Raises SetupError if a newer version has changed the tables.
    """
    url = settings.database
    with _one_at_a_time(settings.data / "run" / "migrate.lock"):
        _migrate(url)
    return connect(url, patience)


def connect(url: str, patience: float = PATIENCE) -> sa.Engine:
    """An engine for a database that is known to be up to date.

    What goes wrong is told without the values of the statement: they are prompts, and URLs that hold secrets.
    """
    options: dict[str, Any] = {"hide_parameters": True, "pool_timeout": patience}
    if not url.startswith("sqlite"):
        target = sa.make_url(url).set(drivername="postgresql+psycopg")
        waits = {"connect_timeout": max(2, int(patience)), "tcp_user_timeout": int(patience * 1000)}
        engine = sa.create_engine(target, pool_pre_ping=True, connect_args=waits, **options)
        if patience < PATIENCE:
            event.listen(engine, "connect", partial(_wait_for_locks, patience))
        return engine
    file = _SQLiteFile(Path(sa.make_url(url).database or ""), patience)
    engine = sa.create_engine(url, pool_size=8, max_overflow=16, creator=file.open, **options)
    event.listen(engine, "checkout", file.check)
    return engine


def _wait_for_locks(patience: float, connection: Any, _record: Any) -> None:
    connection.execute(f"SET lock_timeout = {int(patience * 1000)}")
    connection.commit()


class _SQLiteFile:
    """A database in a file, which is made when the server starts and never by a connection.

    The driver would make an absent file anew, empty, and would go on writing into one that was deleted or replaced:
    what is acknowledged then is lost.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path.absolute()
        self._patience = patience
        make_private(path)

    def open(self) -> sqlite3.Connection:
        """A new connection. Raises sqlite3.OperationalError if there is no file."""
        name = f"file:{quote(str(self._path))}?mode=rw"
        connection = sqlite3.connect(name, uri=True, timeout=self._patience, check_same_thread=False)
        connection.isolation_level = "IMMEDIATE"
        connection.text_factory = _text  # else one damaged text would make a whole answer unreadable
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    def check(self, _connection: Any, record: Any, _proxy: Any) -> None:
        """Have a pooled connection replaced if its file is not the one under this name any more."""
        try:
            found = self._path.stat()
        except OSError as error:
            raise sa.exc.DisconnectionError("the database file is not there") from error
        if record.info.setdefault("file", (found.st_dev, found.st_ino)) != (found.st_dev, found.st_ino):
            raise sa.exc.DisconnectionError("the database file was replaced")


def _text(data: bytes) -> str:
    return str(data, "utf-8", "replace")


def make_private(path: Path) -> None:
    """See that a database's file is there, and that its owner alone may read it and the files beside it."""
    try:
        if not path.exists():
            path.touch(mode=PRIVATE)
    except OSError as error:
        raise SetupError(f"The database file {path} cannot be made: {error.strerror}.") from error
    for ending in ("", "-wal", "-shm", "-journal"):  # the driver makes those with the file's own mode
        with suppress(FileNotFoundError):
            tighten(path.with_name(path.name + ending), PRIVATE)


def up_to_date(engine: sa.Engine) -> bool:
    """Whether our tables are those of this version. Raises SetupError if they are those of a newer one."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(VERSION_TABLE):
            return False
        found = connection.execute(sa.text(f"select version_num from {VERSION_TABLE}")).scalar()
    if found is not None and found > HEAD:
        raise SetupError(
            f"The database was brought up to date by a newer version of Vitascope (its schema is {found}, this version "
            f"knows {HEAD} at most). Install that version again, or restore a backup from before it."
        )
    return bool(found == HEAD)


def _migrate(url: str) -> None:
    # The migrators announce every step; a user who starts a server wants to read none of it.
    logging.getLogger("dbos").setLevel(logging.WARNING)
    engine = connect(url)
    try:
        known = up_to_date(engine)  # first of all: a newer version's database is not touched
        DBOS.migrate(url)
        if not known:
            from vitascope.tasks.database.migrate import upgrade  # takes 11 MiB, which is seldom needed

            upgrade(engine)
    finally:
        engine.dispose()


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Hold a file lock; the operating system frees it if this process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        open_database(Settings(data=Path(sys.argv[1])).prepare()).dispose()
    except SetupError as failure:
        sys.exit(f"Error: {failure}")
    except sa.exc.SQLAlchemyError as failure:
        sys.exit(f"Error: The database failed ({getattr(failure, 'orig', failure)}).")
