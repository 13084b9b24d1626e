"""Whether this server can do its work now: the database answers, and a worker has beaten lately."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from vitascope.server.state import ServerState

LATELY = 10.0  # seconds


def ready(state: ServerState) -> tuple[int, dict[str, Any]]:
    """(HTTP status, facts): 200 if tasks can be accepted and worked on, 503 with the reason otherwise."""
    try:
        workers = state.services.workers(LATELY)
    except SQLAlchemyError as error:
        return 503, {"status": "not ready", "reason": f"the database does not answer ({type(error).__name__})"}
    if workers == 0:
        return 503, {"status": "not ready", "reason": "no worker is running; tasks are accepted and wait", "workers": 0}
    return 200, {"status": "ready", "workers": workers}
