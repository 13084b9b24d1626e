"""The command `vitascope`: its subcommands by name, each in a module that is loaded when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from vitascope import __version__
from vitascope.errors import VitascopeError

COMMANDS = {
    "serve": "vitascope.cli.serve:serve",
    "worker": "vitascope.cli.serve:work",
    "generate": "vitascope.cli.generate:generate",
    "models": "vitascope.cli.models:models",
    "price": "vitascope.cli.price:price",
    "accounts": "vitascope.cli.accounts:accounts",
    "keys": "vitascope.cli.keys:keys",
    "tasks": "vitascope.cli.tasks:tasks",
    "doctor": "vitascope.cli.doctor:doctor",
    "sheet": "vitascope.cli.sheet:sheet",
    "understand": "vitascope.cli.understand:understand",
    "world": "vitascope.cli.world:world",
}
"""Subcommand -> where it is, in the order of the help page."""


class _Lazy(TyperGroup):
    """Loads a subcommand when it is asked for: `vitascope --version` must not load a server."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = _load(cmd_name)
        return self.commands[cmd_name]


def _load(name: str) -> Any:
    module, _, attribute = COMMANDS[name].partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer(add_completion=False)
        found.command(name=name)(function)
    command = get_command(found)
    command.name = name
    return command


app = typer.Typer(cls=_Lazy, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"vitascope {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    """A self-hosted video-generation server that speaks Runware's videoInference protocol."""


def run() -> None:
    """Run the command line. Our own errors become one line on standard error and exit code 1."""
    try:
        app()
    except VitascopeError as error:
        _fail("Error:", str(error))
    except _database_errors() as error:
        _fail("Error:", f"The database failed ({type(error).__name__}: {_cause(error)}).")
    except ValueError as error:  # the settings' errors are such, and are loaded with the settings only
        described = _settings_error(error)
        if described is None:
            raise
        _fail("Error in the settings:", described)


def _database_errors() -> tuple[type[Exception], ...]:
    """What a database raises, if the command that was called has anything to do with one."""
    loaded = sys.modules.get("sqlalchemy.exc")
    return (loaded.SQLAlchemyError,) if loaded else ()


def _cause(error: Exception) -> str:
    """What the database said, without the statement and its values."""
    return (str(getattr(error, "orig", None) or error).splitlines() or [""])[0]


def _fail(title: str, message: str) -> None:
    from rich.console import Console
    from rich.markup import escape

    Console(stderr=True).print(f"[red]{title}[/red] {escape(message)}", highlight=False)
    sys.exit(1)


def _settings_error(error: ValueError) -> str | None:
    """Which settings are wrong, and how, in one line; None if this is another error."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    if isinstance(error, SettingsError):
        return str(error)
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    return None
