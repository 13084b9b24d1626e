"""Accounts and their API keys. Keys are long random words; the database holds only their SHA-256."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from vitascope.errors import SetupError
from vitascope.tasks.credit import as_usd
from vitascope.tasks.database.tables import account, api_key

PREFIX = "vita_"
SHORTEST_NAME = 8  # hexadecimal digits of a key's digest that name it on the command line
LONGEST_ACCOUNT_NAME = 200


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """One account. `credit` is what is left in USD, None for no limit."""

    id: str
    name: str
    created_at: float
    credit: Decimal | None


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key as it can be shown: `name` is the start of its digest, `hint` its last characters."""

    name: str
    hint: str
    account: str
    created_at: float
    revoked_at: float | None


def create_account(connection: sa.Connection, name: str) -> str:
    """Open an account. Returns its id. Raises SetupError if there is one of this name."""
    if not 0 < len(name) <= LONGEST_ACCOUNT_NAME:
        raise SetupError(f"An account's name has 1 to {LONGEST_ACCOUNT_NAME} characters.")
    if find_account(connection, name):
        raise SetupError(f"There is an account {name} already.")
    account_id = str(uuid.uuid4())
    connection.execute(account.insert().values(id=account_id, name=name, created_at=time.time()))
    return account_id


def default_account(connection: sa.Connection) -> str:
    """The oldest account's id; opens one on an empty database."""
    first = connection.execute(sa.select(account.c.id).order_by(account.c.created_at).limit(1)).scalar()
    return first or create_account(connection, "default")


def find_account(connection: sa.Connection, name: str) -> AccountRecord | None:
    """The account of this name."""
    return next(iter(_accounts(connection, account.c.name == name)), None)


def account_named(connection: sa.Connection, name: str) -> AccountRecord:
    """The account of this name. Raises SetupError if there is none."""
    found = find_account(connection, name)
    if found is None:
        raise SetupError(f"There is no account {name}. `vitascope accounts list` shows all.")
    return found


def account_by_id(connection: sa.Connection, account_id: str) -> AccountRecord | None:
    """The account of this id."""
    return next(iter(_accounts(connection, account.c.id == account_id)), None)


def all_accounts(connection: sa.Connection) -> list[AccountRecord]:
    """Every account, the oldest first."""
    return _accounts(connection, sa.true())


def _accounts(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[AccountRecord]:
    rows = connection.execute(sa.select(account).where(where).order_by(account.c.created_at)).all()
    return [
        AccountRecord(row.id, row.name, row.created_at, None if row.credit is None else as_usd(row.credit))
        for row in rows
    ]


def create_key(connection: sa.Connection, account_id: str) -> str:
    """Make a key for an account. This is the only time that anybody sees it (48 characters)."""
    key = PREFIX + secrets.token_hex(22)[:43]
    connection.execute(
        api_key.insert().values(digest=digest(key), account_id=account_id, hint=key[-4:], created_at=time.time())
    )
    return key


def digest(key: str) -> str:
    """What the database keeps of a key. No salt: keys are random enough that no table of guesses exists."""
    return hashlib.sha256(key.encode()).hexdigest()


def account_of(connection: sa.Connection, key: str) -> str | None:
    """The account that a valid, unrevoked key opens."""
    return connection.execute(
        sa.select(api_key.c.account_id).where(api_key.c.digest == digest(key), api_key.c.revoked_at.is_(None))
    ).scalar()


def keys_of(connection: sa.Connection, account_id: str | None = None) -> list[KeyRecord]:
    """One account's keys, or everybody's, the oldest first."""
    where = sa.true() if account_id is None else api_key.c.account_id == account_id
    chosen = sa.select(api_key, account.c.name).select_from(api_key.join(account)).where(where)
    rows = connection.execute(chosen.order_by(api_key.c.created_at)).all()
    return [KeyRecord(row.digest[:SHORTEST_NAME], row.hint, row.name, row.created_at, row.revoked_at) for row in rows]


def revoke_key(connection: sa.Connection, name: str, account_id: str | None = None) -> None:
    """End a key, named by the start of its digest (8 digits or more) or by itself; servers notice within seconds.

    Raises SetupError unless exactly one key that is still good has this name.
    """
    whole = digest(name) if name.startswith(PREFIX) else name.lower()
    if len(whole) < SHORTEST_NAME:
        raise SetupError(f"Name the key by at least {SHORTEST_NAME} digits; `vitascope keys list` shows them.")
    good = api_key.c.digest.startswith(whole, autoescape=True) & api_key.c.revoked_at.is_(None)
    if account_id is not None:
        good &= api_key.c.account_id == account_id
    changed = connection.execute(api_key.update().where(good).values(revoked_at=time.time()))
    if changed.rowcount != 1:
        count = changed.rowcount or "No"
        raise SetupError(f"{count} valid keys are called {name[:SHORTEST_NAME]}...; `vitascope keys list` shows them.")
