"""The states of a take. A task has no state of its own: it is what its takes are."""

from __future__ import annotations

from enum import StrEnum


class TakeState(StrEnum):
    """Where a take is. It only ever moves down this list, and reaches exactly one of the last two."""

    QUEUED = "queued"
    """Accepted and stored; no worker has begun. Survives every restart."""

    RUNNING = "running"
    """A worker has begun. If that worker dies, another begins again; users keep seeing `processing`."""

    SUCCESS = "success"
    """The file is published under its final name. Never changes again."""

    FAILED = "failed"
    """The take ended without a file and its error says why. Never changes again."""

    @property
    def ended(self) -> bool:
        """True for the two final states."""
        return self in {TakeState.SUCCESS, TakeState.FAILED}


OPEN = (TakeState.QUEUED.value, TakeState.RUNNING.value)
"""The states that are not final, as the database keeps them."""


class DeliveryState(StrEnum):
    """Where an upload or a webhook is."""

    PENDING = "pending"
    """Not handed over yet; further tries follow."""

    DONE = "done"
    """The receiver answered with success."""

    GIVEN_UP = "given up"
    """The receiver refused for good, or every try failed. The result itself stays available."""
