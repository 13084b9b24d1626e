"""What may go wrong with a call to another machine.

    DeliveryFailed
    └── OutboundFailed        carries `retryable`
        ├── AddressRefused    the address is not one that this server calls
        ├── Unreachable       no connection, or a broken one
        │   └── TimedOut      no answer in time, or too slow
        ├── AnsweredBadly     an answer that is not a success
        └── TooLarge          more bytes than allowed

Messages name hosts, never paths or query strings: those hold secrets.
"""

from __future__ import annotations

from vitascope.errors import DeliveryFailed

PASSING_STATUSES = frozenset({408, 425, 429})


class OutboundFailed(DeliveryFailed):
    """A call to another machine failed."""

    retryable = False


class AddressRefused(OutboundFailed):
    """This address is not one that the server calls. Use a public http or https address."""


class Unreachable(OutboundFailed):
    """The host could not be reached."""

    retryable = True


class TimedOut(Unreachable):
    """The host did not answer in time."""


class AnsweredBadly(OutboundFailed):
    """The host gave an answer that is not a success. `status` is its HTTP status."""

    def __init__(self, host: str, status: int, why: str = "") -> None:
        super().__init__(f"{host} answered with HTTP status {status}{why and ': ' + why}.")
        self.status = status
        self.retryable = status >= 500 or status in PASSING_STATUSES


class TooLarge(OutboundFailed):
    """The host sent more bytes than allowed."""


def closed(host: str) -> AddressRefused:
    """The refusal of a host in a place that only this server's operator could open."""
    why = "is not a public address, and this server's operator has not allowed it (setting allow_hosts)."
    return AddressRefused(f"{host} {why}")
