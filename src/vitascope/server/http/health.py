"""Whether this server can do its work now: the database answers, and a worker has beaten lately."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from vitascope.server.state import ServerState
from vitascope.tasks.database.tables import process

LATELY = 10.0  # seconds


def ready(state: ServerState) -> tuple[int, dict[str, Any]]:
    """(HTTP status, facts): 200 if tasks can be accepted and worked on, 503 with the reason otherwise."""
    try:
        with state.engine.connect() as connection:
            recent = sa.select(sa.func.count()).where(process.c.beat_at > time.time() - LATELY)
            workers = connection.execute(recent).scalar_one()
    except sa.exc.SQLAlchemyError as error:
        return 503, {"status": "not ready", "reason": f"the database does not answer ({type(error).__name__})"}
    if workers == 0:
        return 503, {"status": "not ready", "reason": "no worker is running; tasks are accepted and wait", "workers": 0}
    return 200, {"status": "ready", "workers": workers}
