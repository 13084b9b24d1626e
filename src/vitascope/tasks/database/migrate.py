"""Bringing our tables up to date, step by step, with Alembic."""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from vitascope.tasks.database.dialect import begin_writing

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
        begin_writing(connection)  # else SQLite would commit each change of a table on its own, whatever comes after
        command.upgrade(configured(connection), "head")
