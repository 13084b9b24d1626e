"""The command `vitascope` and its subcommands, each in a module of its own."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console

from vitascope import __version__
from vitascope.cli.accounts import accounts
from vitascope.cli.doctor import doctor
from vitascope.cli.generate import generate
from vitascope.cli.keys import keys
from vitascope.cli.models import show_models
from vitascope.cli.price import price
from vitascope.cli.serve import ENGINE, serve, work
from vitascope.cli.sheet import sheet
from vitascope.cli.tasks import tasks
from vitascope.cli.understand import understand
from vitascope.cli.world import world
from vitascope.contract.catalog import CARDS
from vitascope.engines.registry import make_engine
from vitascope.errors import VitascopeError
from vitascope.settings import Settings

app = typer.Typer(
    help="A self-hosted video-generation server that speaks Runware's videoInference protocol.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"vitascope {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    """A self-hosted video-generation server that speaks Runware's videoInference protocol."""


def models(engine: str | None = ENGINE) -> None:
    """List the contracts: what each accepts and costs, and which engine serves it."""
    settings = Settings()
    facts = make_engine(engine or settings.engine, settings.processes).facts
    show_models(dict.fromkeys(CARDS, f"{facts.name} ({facts.kind})"))


app.command()(serve)
app.command(name="worker")(work)
app.command()(generate)
app.command()(models)
app.command()(price)
app.add_typer(accounts, name="accounts")
app.add_typer(keys, name="keys")
app.add_typer(tasks, name="tasks")
app.command()(doctor)
app.command()(sheet)
app.command()(understand)
app.command()(world)


def run() -> None:
    """Run the command line. Our own errors become one line on standard error and exit code 1."""
    try:
        app()
    except VitascopeError as error:
        Console(stderr=True).print(f"[red]Error:[/red] {error}", highlight=False)
        sys.exit(1)
    except (ValidationError, SettingsError) as error:
        Console(stderr=True).print(f"[red]Error in the settings:[/red] {_told(error)}", highlight=False)
        sys.exit(1)


def _told(error: ValidationError | SettingsError) -> str:
    """Which settings are wrong, and how, in one line."""
    if isinstance(error, SettingsError):
        return str(error)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
