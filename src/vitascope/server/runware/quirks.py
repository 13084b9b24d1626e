"""What some official clients do over WebSockets that others do not, by the words with which they introduce themselves.

Everything that this server does for one client only is decided here, so that it can go when that client is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirks:
    """One client's peculiarities; all False for a client that is not known."""

    shows_each_result: bool = False
    """It knows results by their videoUUID and shows its user each as it is ready: finished takes are told at once.

    For all others they wait until their whole task has ended. `runware` for Python adds the results of every answer to
    those it has, and so counts some twice; up to 0.5.3 nothing in its handshake tells it from any other client.
    """

    forgets_sessions: bool = False
    """It comes back after a drop without naming its session, and loses the poll that it sends first."""

    spreads_errors: bool = False
    """It takes an error of a task that it has finished with for an error of all its other tasks."""


def quirks_of(headers: Mapping[str, str]) -> Quirks:
    """The quirks of the client that sent these headers (named in lower case) with its handshake."""
    if headers.get("x-sdk-name") == "python":  # PyPI `runware`, 0.5.4 to 0.5.24
        return Quirks(forgets_sessions=True)
    agent = headers.get("user-agent", "")  # an application may put its own name before the client's
    if "runware-python/" in agent or "runware-typescript/" in agent:
        return Quirks(shows_each_result=True, spreads_errors=True)
    return Quirks()
