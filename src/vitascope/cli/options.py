"""Options that several commands have, and the settings they make. Loads nothing that prints: a server keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from vitascope.engines.registry import ENGINES
from vitascope.settings import Settings

DATA = typer.Option(None, "--data", help="The server's data folder (default: vitascope-data).")
ENGINE = typer.Option(None, "--engine", help=f"What makes the clips: {' or '.join(ENGINES)}.")


def settings_for(
    data: Path | None, engine: str | None = None, port: int | None = None, public_url: str | None = None
) -> Settings:
    """Settings with the options of a command line laid over them; None leaves a setting alone."""
    given: dict[str, Any] = {"data": data, "engine": engine, "port": port, "public_url": public_url}
    return Settings(**{name: value for name, value in given.items() if value is not None}).prepare()
