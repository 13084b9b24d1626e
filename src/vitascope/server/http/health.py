"""Whether this server can do its work now, and if not, why."""

from __future__ import annotations

from typing import Any

from vitascope.server.state import ServerState


def ready(state: ServerState) -> tuple[int, dict[str, Any]]:
    """(HTTP status, facts): 200 if tasks can be accepted and worked on, 503 with the reason otherwise."""
    found = state.services.health.look()
    if found.trouble:
        return 503, {"status": "not ready", "reason": found.trouble, "workers": found.workers}
    return 200, {"status": "ready", "workers": found.workers}
