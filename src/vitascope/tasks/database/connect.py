"""Opening the database: one engine for our tables and the durable engine's, and bringing both up to date.

SQLite gets what a server needs of it: write-ahead logging, IMMEDIATE transactions (two processes never deadlock on an
upgrade from reading to writing), a patient busy time-out and a full fsync on each commit, because an acknowledgement
promises that the task is on disk. `python -m` brings the database of one data folder up to date, and ends.
"""

from __future__ import annotations

import fcntl
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS
from sqlalchemy import event

from vitascope.settings import Settings
from vitascope.tasks.database.migrations import HEAD, VERSION_TABLE

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
    # Pages that many commits touch are copied back once for all of them, not every few commits.
    "wal_autocheckpoint=16000",
    # For each connection. The system caches the file for all of them.
    "cache_size=-4096",
)


def open_database(settings: Settings) -> sa.Engine:
    """The engine for a settings object, its tables up to date. Two processes may call this at the same time."""
    url = settings.database
    with _one_at_a_time(settings.data / "run" / "migrate.lock"):
        _migrate(url)
    return connect(url)


def connect(url: str) -> sa.Engine:
    """An engine for a database that is known to be up to date."""
    if not url.startswith("sqlite"):
        return sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    engine = sa.create_engine(url, pool_size=8, max_overflow=8, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def up_to_date(engine: sa.Engine) -> bool:
    """Whether our tables are those of this version."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(VERSION_TABLE):
            return False
        found = connection.execute(sa.text(f"select version_num from {VERSION_TABLE}")).scalar()
    return found == HEAD


def _migrate(url: str) -> None:
    # The migrators announce every step; a user who starts a server wants to read none of it.
    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS.migrate(url)
    engine = connect(url)
    try:
        if not up_to_date(engine):
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
    open_database(Settings(data=Path(sys.argv[1])).prepare()).dispose()
