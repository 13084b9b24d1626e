"""Accounts as a front door needs them: whose key this is, and what an account has, spent and waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from vitascope.tasks import accounts, credit, usage
from vitascope.tasks.accounts import KeyRecord, digest
from vitascope.tasks.usage import Failures, Sums, Times, sums_since

__all__ = ["Accounts", "Failures", "Holding", "KeyRecord", "Sums", "Times", "digest", "sums_since"]


@dataclass(frozen=True, slots=True)
class Holding:
    """An account with its keys. `left` is its credit in USD, None for no limit; `held` is set aside for open tasks."""

    id: str
    name: str
    left: Decimal | None
    held: Decimal
    keys: tuple[KeyRecord, ...]


class Accounts:
    """Asks the database about accounts. Every method may wait for it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of_key(self, key: str) -> str | None:
        """The id of the account that a valid, unrevoked key opens."""
        with self._engine.connect() as connection:
            return accounts.account_of(connection, key)

    def holding(self, account_id: str) -> Holding:
        """What an account is and has. Raises LookupError if there is none of this id."""
        with self._engine.connect() as connection:
            record = accounts.account_by_id(connection, account_id)
            if record is None:
                raise LookupError(account_id)
            held = credit.as_usd(credit.held(connection, account_id))
            keys = tuple(accounts.keys_of(connection, account_id))
        return Holding(record.id, record.name, record.credit, held, keys)

    def days(self, account_id: str) -> dict[int, Sums]:
        """What an account came to on each day (days since 1970, UTC)."""
        with self._engine.connect() as connection:
            return usage.sums_by_day(connection, account_id)

    def times(self, account_id: str, start: float, end: float, models: Sequence[str]) -> list[Times]:
        """How long its takes took between two times; `models` empty for all."""
        with self._engine.connect() as connection:
            return usage.times(connection, account_id, start, end, models)

    def failures(self, account_id: str, start: float, end: float, models: Sequence[str]) -> list[Failures]:
        """How its takes failed between two times; `models` empty for all."""
        with self._engine.connect() as connection:
            return usage.failures(connection, account_id, start, end, models)
