"""Drafts that a later task may finish: from the ledger's rows to what the contract needs of them."""

from __future__ import annotations

import time

import sqlalchemy as sa

from vitascope.contract.order import Draft
from vitascope.service.orders import order_of
from vitascope.tasks.ledger import find_draft
from vitascope.values import Size


def kept_draft(connection: sa.Connection, account_id: str, draft_id: str) -> Draft | None:
    """An account's finished draft, None if it has none of this id."""
    if "\0" in draft_id:  # PostgreSQL takes no such text, not even to look for it
        return None
    found = find_draft(connection, account_id, draft_id)
    if found is None:
        return None
    task, take = found
    assert take.width is not None and take.height is not None and take.expires_at is not None
    expired = take.expires_at < time.time()
    return Draft(order_of(task), take.seed, Size(take.width, take.height), expired)


class Drafts:
    """The drafts of a server's accounts."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def find(self, account_id: str, draft_id: str) -> Draft | None:
        """An account's finished draft, None if it has none of this id. Asks the database."""
        with self._engine.connect() as connection:
            return kept_draft(connection, account_id, draft_id)
