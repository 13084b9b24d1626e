"""What differs between SQLite and PostgreSQL, in one place."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from vitascope.values import DAY


def begin_writing(connection: sa.Connection) -> None:
    """Call this before the first read of a transaction that reads before it writes and must not be overtaken.

    On SQLite a transaction begins with its first write only, so that what was read before may be old: this begins it
    now, and other writers wait. On PostgreSQL nothing happens; lock rows with FOR UPDATE, which SQLite passes over.
    """
    if is_sqlite(connection) and not connection.connection.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def whole_days(connection: sa.Connection, moment: sa.ColumnElement[float]) -> sa.ColumnElement[int]:
    """The days since 1970, UTC, of a time in seconds."""
    days = moment / float(DAY)
    # A cast cuts off on SQLite and rounds on PostgreSQL; only the latter is sure to have floor().
    return sa.cast(days if is_sqlite(connection) else sa.func.floor(days), sa.Integer)


def is_sqlite(connection: sa.Connection) -> bool:
    """Whether this is SQLite: one writer at a time, and a driver that likes to be given many rows at once."""
    return connection.dialect.name == "sqlite"


def is_unavailable(error: BaseException) -> bool:
    """Whether it is the database that failed, and not what was asked of it: locked, full, read-only, gone, damaged.

    What fails for such a reason succeeds later, unchanged.
    """
    if isinstance(error, sa.exc.DBAPIError):
        asked = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError, sa.exc.NotSupportedError)
        # SQLite's driver says "operational" also of statements that make no sense, under this one number.
        return not isinstance(error, asked) and getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    return isinstance(error, sa.exc.TimeoutError)
