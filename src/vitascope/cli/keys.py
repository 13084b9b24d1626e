"""`vitascope keys`: API keys of a data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from vitascope.settings import Settings
from vitascope.tasks import accounts
from vitascope.tasks.database import open_database

keys = typer.Typer(help="API keys.", no_args_is_help=True)

DATA = typer.Option(None, "--data", help="The server's data folder (default: vitascope-data).")


def settings_for(
    data: Path | None, engine: str | None = None, port: int | None = None, public_url: str | None = None
) -> Settings:
    """Settings with the options of a command line laid over them; None leaves a setting alone."""
    given: dict[str, Any] = {"data": data, "engine": engine, "port": port, "public_url": public_url}
    return Settings(**{name: value for name, value in given.items() if value is not None}).prepare()


@keys.callback()
def about() -> None:
    """API keys of a data folder."""


@keys.command()
def create(data: Path | None = DATA) -> None:
    """Make a key and print it, and nothing else. It is not stored and cannot be shown again."""
    database = open_database(settings_for(data))
    with database.begin() as connection:
        print(accounts.create_key(connection, accounts.default_account(connection)))
    database.dispose()
