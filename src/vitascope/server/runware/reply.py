"""What the tasks of one array came to, and the HTTP status that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vitascope.contract.errors.codes import UNAVAILABLE, Kind, status_of_all
from vitascope.errors import Fault
from vitascope.service import availability
from vitascope.service.results import Item, documented

RETRY_AFTER = {Kind.RATE_LIMIT.status: 10, UNAVAILABLE: availability.RETRY_AFTER}
"""Seconds after which another try is worth it, by HTTP status: with a full queue, and when this server cannot work."""


@dataclass(slots=True)
class Reply:
    """Data items and error items, each in the order of the tasks. `page` is the URL that explains the error codes."""

    data: list[Item] = field(default_factory=list)
    errors: list[Item] = field(default_factory=list)
    page: str = ""

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Add faults as error items."""
        self.errors.extend(documented(fault.as_item(), self.page) for fault in faults)

    def as_json(self) -> dict[str, list[Item]]:
        """The envelope. A key with nothing in it is left out: several clients take an empty `errors` for a failure."""
        if self.errors:
            return {"data": self.data, "errors": self.errors} if self.data else {"errors": self.errors}
        return {"data": self.data}

    @property
    def status(self) -> int:
        """The HTTP status: 200 unless every task was refused."""
        # An item with a status is an honest answer about a task that failed.
        if self.data or not self.errors or any(item.get("status") == "error" for item in self.errors):
            return 200
        return status_of_all(item["code"] for item in self.errors)

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that go with the status."""
        return retry_after(self.status)


def retry_after(status: int) -> dict[str, str]:
    """The header that says when to come again, with a status that asks to."""
    return {"Retry-After": str(RETRY_AFTER[status])} if status in RETRY_AFTER else {}
