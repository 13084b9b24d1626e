"""`vitascope accounts`: who may use a server, and how much each may spend."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

import sqlalchemy as sa
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from vitascope.cli.keys import day, opened
from vitascope.cli.options import DATA
from vitascope.errors import SetupError
from vitascope.tasks import accounts as ledger
from vitascope.tasks import credit

accounts = typer.Typer(help="Accounts and their credit.", no_args_is_help=True)

NAME = typer.Argument(help="The account's name.")
UNLIMITED = "unlimited"
MOST = Decimal(10**9)


@accounts.callback()
def about() -> None:
    """Accounts and their credit."""


@accounts.command()
def create(name: str = NAME, data: Path | None = DATA) -> None:
    """Open an account, without a limit to its credit and without a key."""
    with opened(data) as connection:
        ledger.create_account(connection, name)
    print(f"Opened {name}. `vitascope keys create --account {name}` makes a key for it.")


@accounts.command(name="list")
def show(data: Path | None = DATA) -> None:
    """List the accounts: credit left, what open tasks may still cost, and valid keys. Money is USD."""
    table = Table("account", "credit left", "set aside", "keys", "opened (UTC)", box=SIMPLE_HEAD, pad_edge=False)
    with opened(data) as connection:
        for account in ledger.all_accounts(connection):
            table.add_row(*_row(connection, account))
    Console().print(table)


def _row(connection: sa.Connection, account: ledger.AccountRecord) -> list[str]:
    held = credit.as_usd(credit.held(connection, account.id))
    keys = [key for key in ledger.keys_of(connection, account.id) if key.revoked_at is None]
    left = UNLIMITED if account.credit is None else f"{account.credit.normalize():f}"
    return [account.name, left, f"{held.normalize():f}", str(len(keys)), day(account.created_at)]


@accounts.command(name="credit")
def set_credit(
    name: str = NAME,
    amount: str = typer.Argument(help="USD it has left from now on; +5 adds 5 to what it has; or: unlimited."),
    data: Path | None = DATA,
) -> None:
    """Set what an account may still spend."""
    with opened(data) as connection:
        account = ledger.account_named(connection, name)
        if amount.startswith("+"):
            credit.add_credit(connection, account.id, _usd(amount))
        else:
            credit.set_credit(connection, account.id, None if amount == UNLIMITED else _usd(amount))
        left = ledger.account_named(connection, name).credit
    print(f"{name}: {UNLIMITED if left is None else f'{left.normalize():f} USD'}")


def _usd(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= MOST:
        raise SetupError(f"{text} is not an amount of USD such as 12.50.")
    return amount
