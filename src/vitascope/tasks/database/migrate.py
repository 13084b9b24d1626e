"""Bringing our tables up to date, step by step, with Alembic. `python -m` runs it for one data folder."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from vitascope.settings import Settings
from vitascope.tasks.database.connect import open_database

SCRIPTS = Path(__file__).parent / "migrations"


def configured(connection: sa.Connection) -> Config:
    """Alembic's configuration for our scripts, to be run on this connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine) -> None:
    """Run the steps that are missing."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with engine.begin() as connection:
        command.upgrade(configured(connection), "head")


if __name__ == "__main__":
    open_database(Settings(data=Path(sys.argv[1])).prepare()).dispose()
