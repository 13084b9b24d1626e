"""Whether this server can do its work now: the database takes a write, and a worker has beaten lately."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from vitascope.server.state import ServerState
from vitascope.service.availability import public_reason

LATELY = 10.0  # seconds
GOOD_FOR = 1.0  # seconds


class Readiness:
    """Answers whoever asks, by one look a second: anybody may ask, and a look costs a write."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._answer: tuple[int, dict[str, Any]] | None = None
        self._good_until = 0.0

    async def ask(self, state: ServerState) -> tuple[int, dict[str, Any]]:
        """(HTTP status, facts)."""
        async with self._one_at_a_time:
            if self._answer is None or time.monotonic() > self._good_until:
                self._answer = await run_in_threadpool(ready, state)
                self._good_until = time.monotonic() + GOOD_FOR
            return self._answer


def ready(state: ServerState) -> tuple[int, dict[str, Any]]:
    """(HTTP status, facts): 200 if tasks can be accepted and worked on, 503 with the reason otherwise."""
    try:
        workers = state.services.workers(LATELY)
    except SQLAlchemyError as error:
        return 503, {"status": "not ready", "reason": f"the database cannot be written ({public_reason(error)})"}
    if workers == 0:
        return 503, {"status": "not ready", "reason": "no worker is running; tasks are accepted and wait", "workers": 0}
    return 200, {"status": "ready", "workers": workers}
