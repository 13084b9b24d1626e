"""`vitascope keys`: API keys of a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from vitascope.cli.options import DATA, settings_for
from vitascope.tasks import accounts
from vitascope.tasks.database.connect import open_database

keys = typer.Typer(help="API keys.", no_args_is_help=True)

ACCOUNT = typer.Option(None, "--account", help="The account's name (default: the first account).")


@contextmanager
def opened(data: Path | None) -> Iterator[sa.Connection]:
    """One transaction on a data folder's database, undone if the command fails."""
    database = open_database(settings_for(data))
    try:
        with database.begin() as connection:
            yield connection
    finally:
        database.dispose()


def account_id(connection: sa.Connection, name: str | None) -> str:
    """The id of the account of this name; the first account's without a name."""
    return accounts.account_named(connection, name).id if name else accounts.default_account(connection)


def day(seconds: float | None) -> str:
    """A time as tables show it."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


@keys.callback()
def about() -> None:
    """API keys of a data folder."""


@keys.command()
def create(account: str | None = ACCOUNT, data: Path | None = DATA) -> None:
    """Make a key and print it, and nothing else. It is not stored and cannot be shown again."""
    with opened(data) as connection:
        print(accounts.create_key(connection, account_id(connection, account)))


@keys.command(name="list")
def show(account: str | None = ACCOUNT, data: Path | None = DATA) -> None:
    """List the keys by their short names. Keys themselves are not kept."""
    with opened(data) as connection:
        found = accounts.keys_of(connection, account_id(connection, account) if account else None)
    table = Table("key", "ends in", "account", "created (UTC)", "revoked (UTC)", box=SIMPLE_HEAD, pad_edge=False)
    for key in found:
        table.add_row(key.name, key.hint, key.account, day(key.created_at), day(key.revoked_at))
    Console().print(table)


@keys.command()
def revoke(
    key: str = typer.Argument(help="The key's short name, as `keys list` shows it, or the key itself."),
    account: str | None = ACCOUNT,
    data: Path | None = DATA,
) -> None:
    """End a key. Running servers notice within five seconds."""
    with opened(data) as connection:
        accounts.revoke_key(connection, key, account_id(connection, account) if account else None)
    print("Revoked.")
