"""What was looked up inside JSON becomes columns: a task's model and pictures, a take's error code.

Handovers are called deliveries. Pictures get their digest, and a mark while their file is being removed; takes get the
stage and the preview of their work.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.add_column("task", sa.Column("model", sa.String(length=100), nullable=True))
    op.add_column("take", sa.Column("stage", sa.String(length=60), nullable=True))
    op.add_column("take", sa.Column("preview_key", sa.String(length=200), nullable=True))
    op.add_column("take", sa.Column("error_code", sa.String(length=60), nullable=True))
    op.add_column("input_file", sa.Column("digest", sa.String(length=64), nullable=True))
    op.add_column("input_file", sa.Column("removed_at", sa.Float(), nullable=True))
    op.create_index("ix_input_file_digest", "input_file", ["digest"])
    op.create_table(
        "task_input",
        sa.Column("task_id", sa.String(length=36), sa.ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("file_key", sa.String(length=200), primary_key=True),
    )
    op.create_index("ix_task_input_file_key", "task_input", ["file_key"])
    op.drop_index("ix_handover_take_id", "handover")
    op.rename_table("handover", "delivery")
    op.create_index("ix_delivery_take_id", "delivery", ["take_id"])
    _fill()


def _fill() -> None:
    """Bring the new columns up to date from the JSON that had these facts."""
    run = op.get_bind().execute
    task_model = sa.text("UPDATE task SET model = :model WHERE id = :id")
    for row in run(sa.text('SELECT id, "order" FROM task')).all():
        order: dict[str, Any] = json.loads(row[1])
        run(task_model, {"model": order["model"], "id": row[0]})
        for key in {frame["value"] for frame in order["frames"] if frame["form"] == "stored"}:
            run(sa.text("INSERT INTO task_input (task_id, file_key) VALUES (:id, :key)"), {"id": row[0], "key": key})
    for row in run(sa.text("SELECT id, fault FROM take WHERE fault IS NOT NULL")).all():
        code = json.loads(row[1])["code"]
        run(sa.text("UPDATE take SET error_code = :code WHERE id = :id"), {"code": code, "id": row[0]})
    for row in run(sa.text("SELECT file_key FROM input_file")).all():
        digest = row[0].rpartition("/")[2]
        run(sa.text("UPDATE input_file SET digest = :digest WHERE file_key = :key"), {"digest": digest, "key": row[0]})


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_delivery_take_id", "delivery")
    op.rename_table("delivery", "handover")
    op.create_index("ix_handover_take_id", "handover", ["take_id"])
    op.drop_index("ix_task_input_file_key", "task_input")
    op.drop_table("task_input")
    op.drop_index("ix_input_file_digest", "input_file")
    for table, column in (
        ("input_file", "removed_at"),
        ("input_file", "digest"),
        ("take", "error_code"),
        ("take", "preview_key"),
        ("take", "stage"),
        ("task", "model"),
    ):
        op.drop_column(table, column)
