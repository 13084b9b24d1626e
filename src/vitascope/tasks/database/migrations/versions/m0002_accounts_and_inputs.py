"""Credit, files that tasks bring, and the usage of tasks that are no longer kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.add_column("account", sa.Column("credit", sa.BigInteger(), nullable=True))
    op.add_column("take", sa.Column("held", sa.BigInteger(), nullable=True))
    op.create_index("one_account_per_name", "account", ["name"], unique=True)
    op.create_table(
        "input_file",
        sa.Column("file_key", sa.String(length=200), primary_key=True),
        sa.Column("account_id", sa.String(length=36), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("used_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_input_file_used_at", "input_file", ["used_at"])
    op.create_table(
        "usage",
        sa.Column("account_id", sa.String(length=36), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
    )
    # Pictures uploaded before there was this table expire by it too.
    op.execute(
        "INSERT INTO input_file (file_key, account_id, used_at) "
        "SELECT file_key, account_id, max(used_at) FROM media GROUP BY file_key, account_id"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("usage")
    op.drop_index("ix_input_file_used_at", "input_file")
    op.drop_table("input_file")
    op.drop_index("one_account_per_name", "account")
    op.drop_column("take", "held")
    op.drop_column("account", "credit")
