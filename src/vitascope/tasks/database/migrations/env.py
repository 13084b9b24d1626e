"""Alembic's entry: runs the scripts on the connection it is given, never on one of its own."""

from __future__ import annotations

from alembic import context

from vitascope.tasks.database.migrations import VERSION_TABLE
from vitascope.tasks.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite cannot alter columns in place
)
with context.begin_transaction():
    context.run_migrations()
