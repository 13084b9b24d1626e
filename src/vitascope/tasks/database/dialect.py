"""Transactions that read before they write, and must not be overtaken in between."""

from __future__ import annotations

import sqlalchemy as sa


def begin_writing(connection: sa.Connection) -> None:
    """Call this before the first read of such a transaction.

    On SQLite a transaction begins with its first write only, so that what was read before may be old: this begins it
    now, and other writers wait. On PostgreSQL nothing happens; lock rows with FOR UPDATE, which SQLite passes over.
    """
    if connection.dialect.name == "sqlite" and not connection.connection.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
