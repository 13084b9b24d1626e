"""Our tables. They live in the same database as the durable engine's, so that one transaction covers both.

Times are UTC seconds since 1970 (floats); JSON is text; ids are UUID strings. Every query a user sees reads these.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("credit", sa.BigInteger, comment="what is left, in billionths of a USD; null = no limit"),
)

api_key = sa.Table(
    "api_key",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True, comment="SHA-256 of the key; the key itself is never kept"),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("hint", sa.String(8), nullable=False, comment="last characters, to tell keys apart"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("revoked_at", sa.Float),
)

task = sa.Table(
    "task",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("task_uuid", sa.String(36), nullable=False, comment="lower case, for comparison"),
    sa.Column("model", sa.String(100)),
    sa.Column("request", sa.Text, nullable=False, comment="as received, inline pictures replaced by their keys"),
    sa.Column("order", sa.Text, nullable=False, comment="the resolved order"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.UniqueConstraint("account_id", "task_uuid", name="one_task_per_uuid"),
)

task_input = sa.Table(
    "task_input",
    metadata,
    sa.Column("task_id", sa.ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("file_key", sa.String(200), primary_key=True, index=True, comment="a picture that the task needs"),
)

take = sa.Table(
    "take",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True, comment="also the videoUUID and the workflow's id"),
    sa.Column("task_id", sa.ForeignKey("task.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False, comment="0-3, the order of the results"),
    sa.Column("seed", sa.String(20), nullable=False, comment="decimal: 2^63 does not fit a signed integer column"),
    sa.Column("state", sa.String(10), nullable=False, index=True),
    sa.Column("progress", sa.Integer, nullable=False, default=0),
    sa.Column("stage", sa.String(60), comment="what its worker is doing"),
    sa.Column("preview_key", sa.String(200), comment="a picture of what there is so far"),
    sa.Column("attempts", sa.Integer, nullable=False, default=0, comment="how often a worker has begun it"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("started_at", sa.Float),
    sa.Column("finished_at", sa.Float),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("file_key", sa.String(200)),
    sa.Column("file_bytes", sa.Integer),
    sa.Column("file_digest", sa.String(64)),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("cost", sa.String(24), comment="exact USD as a decimal"),
    sa.Column("held", sa.BigInteger, comment="the most it can cost while it is open, in billionths of a USD"),
    sa.Column("draft_id", sa.String(40), unique=True),
    sa.Column("flagged", sa.Boolean, comment="what the safety check found; null = none was asked for"),
    sa.Column("error_code", sa.String(60), comment="of a failed take"),
    sa.Column("fault", sa.Text, comment="the error item of a failed take"),
    sa.Column("reading", sa.Text, comment="what the engine understood of the prompt"),
    sa.UniqueConstraint("task_id", "number", name="one_take_per_number"),
)

media = sa.Table(
    "media",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("file_key", sa.String(200), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float, nullable=False),
)

input_file = sa.Table(
    "input_file",
    metadata,
    sa.Column("file_key", sa.String(200), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("digest", sa.String(64), index=True, comment="SHA-256 of the content"),
    sa.Column("bytes", sa.BigInteger, comment="null = kept by an earlier version, not counted"),
    sa.Column("used_at", sa.Float, nullable=False, index=True),
    sa.Column("removed_at", sa.Float, comment="since when its file is being removed; null = it is there"),
)

usage = sa.Table(
    "usage",
    metadata,
    sa.Column("account_id", sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True, comment="days since 1970, UTC; of tasks that are no longer kept"),
    sa.Column("requests", sa.Integer, nullable=False),
    sa.Column("succeeded", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("spent", sa.BigInteger, nullable=False, comment="billionths of a USD"),
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True, comment="also the workflow's id and the webhook's delivery id"),
    sa.Column("take_id", sa.ForeignKey("take.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False, comment="webhook or upload"),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("last_status", sa.Integer),
    sa.Column("last_error", sa.Text),
    sa.Column("finished_at", sa.Float),
)

process = sa.Table(
    "process",
    metadata,
    sa.Column("executor_id", sa.String(80), primary_key=True),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("beat_at", sa.Float, nullable=False),
)
