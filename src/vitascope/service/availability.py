"""When this server cannot do its work: which errors say so, and what a client is told that should come again."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from vitascope.delivery.storage import NotStored, StorageFailed
from vitascope.errors import Fault, Unavailable
from vitascope.tasks.database.dialect import is_unavailable

RETRY_AFTER = 5  # seconds after which another try is worth it


def unavailable(error: BaseException) -> Fault | None:
    """What to answer if it is the database or the file store that failed; None for any other error."""
    if isinstance(error, Unavailable):
        return error.fault()
    stored = isinstance(error, StorageFailed) and not isinstance(error, NotStored)
    return Unavailable().fault() if stored or is_unavailable(error) else None


def reason(error: BaseException) -> str:
    """Why, in a few words for the log, without anything that was asked for."""
    cause = _cause(error)
    return f"{type(cause).__name__}: {(str(cause).splitlines() or [''])[0]}"


def public_reason(error: BaseException) -> str:
    """Why, for everybody: without the names and addresses that are in a database server's messages."""
    cause = _cause(error)
    return str(cause) if isinstance(cause, sqlite3.Error) else type(cause).__name__


def _cause(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
