"""What came of one try to deliver something: a value that can be stored beside the delivery and shown to its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vitascope.delivery.retry import RetryPolicy
from vitascope.outbound.failures import AnsweredBadly, OutboundFailed, TimedOut


@dataclass(frozen=True, slots=True)
class Outcome:
    """One try: the HTTP status (None without an answer) and whether another try makes sense."""

    delivered: bool
    status: int | None
    retryable: bool = False
    message: str = ""
    timed_out: bool = False


def attempt(call: Callable[[], int], policy: RetryPolicy) -> Outcome:
    """Make one outgoing call. What the receiver or the network does wrong is an outcome, not an exception."""
    try:
        status = call()
    except OutboundFailed as error:
        answered = error.status if isinstance(error, AnsweredBadly) else None
        return Outcome(False, answered, policy.should_retry(error), str(error), isinstance(error, TimedOut))
    return Outcome(True, status)
