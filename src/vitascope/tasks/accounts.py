"""Accounts and their API keys. Keys are long random words; the database holds only their SHA-256."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid

import sqlalchemy as sa

from vitascope.tasks.tables import account, api_key

PREFIX = "vita_"


def create_account(connection: sa.Connection, name: str) -> str:
    """Open an account. Returns its id."""
    account_id = str(uuid.uuid4())
    connection.execute(account.insert().values(id=account_id, name=name, created_at=time.time()))
    return account_id


def default_account(connection: sa.Connection) -> str:
    """The oldest account's id; opens one on an empty database."""
    first = connection.execute(sa.select(account.c.id).order_by(account.c.created_at).limit(1)).scalar()
    return first or create_account(connection, "default")


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
