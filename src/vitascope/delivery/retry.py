"""When a failed delivery is tried again: policies as values, without clocks or loops. The worker does the waiting."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from vitascope.errors import DeliveryFailed
from vitascope.outbound.failures import AnsweredBadly, OutboundFailed

GONE = 410

QUICK = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0)  # between the first ten tries: the receiver hiccups
SLOW = 30.0  # seconds that each try which timed out adds to the wait: a busy receiver is not helped by haste
PATIENT = (60.0, 600.0, 3_600.0, 21_600.0, 86_400.0)  # and then: the receiver is being repaired


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits in seconds between tries, and which failures are worth another one.

    Each wait is shortened by a random share of up to `jitter`, so that receivers who come back are not hit by all at
    once. `any_status`: every answer but 2xx is tried again, except 410 Gone, by which a receiver unsubscribes.
    """

    waits: tuple[float, ...] = QUICK + PATIENT
    jitter: float = 0.25
    any_status: bool = False

    def wait(self, tries_made: int, random: Random, timed_out: bool = False) -> float | None:
        """Seconds until the next try after `tries_made` (1 or more) failed ones; None when it is time to give up.

        After a time-out (`timed_out`) it is longer: such a try has cost time here, too.
        """
        if tries_made < 1:
            raise ValueError("no try was made yet")
        if tries_made > len(self.waits):
            return None
        least = SLOW * tries_made if timed_out else 0.0
        return max(self.waits[tries_made - 1], least) * (1 - self.jitter * random.random())

    def should_retry(self, error: DeliveryFailed) -> bool:
        """Whether another try may succeed where this one failed."""
        if self.any_status and isinstance(error, AnsweredBadly):
            return error.status != GONE
        # Our own file store failing says nothing about the receiver: it may be back in a moment.
        return error.retryable if isinstance(error, OutboundFailed) else True


WEBHOOK = RetryPolicy(any_status=True)
UPLOAD = RetryPolicy()
