"""What some official clients do over WebSockets that others do not, by the words with which they introduce themselves.

Everything that this server does for one client only is decided here, so that it can go when that client is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirks:
    """One client's peculiarities; all False for a client that nobody needs to spare."""

    adds_up_results: bool = False
    """It adds the results of every answer to those it has: finished takes wait until their whole task has ended."""

    forgets_sessions: bool = False
    """It comes back after a drop without naming its session, and loses the poll that it sends first."""

    spreads_errors: bool = False
    """It takes an error of a task that it has finished with for an error of all its other tasks."""


def quirks_of(headers: Mapping[str, str]) -> Quirks:
    """The quirks of the client that sent these headers (named in lower case) with its handshake."""
    if headers.get("x-sdk-name") == "python":  # PyPI `runware`, up to 0.5.24
        return Quirks(adds_up_results=True, forgets_sessions=True)
    if headers.get("user-agent", "").startswith(("runware-python", "runware-typescript")):
        return Quirks(spreads_errors=True)
    return Quirks()
