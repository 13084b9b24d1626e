"""What the tasks of one array came to, and the HTTP status that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vitascope.errors import Fault
from vitascope.service.results import Item, documented

TOO_MANY = 429
RETRY_AFTER = 10  # seconds after which a full queue is worth another try
STATUSES = {"queueRateLimitExceeded": TOO_MANY, "insufficientCredits": 402}


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
        codes = {item["code"] for item in self.errors}
        # Clients send the whole array again after a 429 and nothing after the others, hence this order.
        for code, status in STATUSES.items():
            if code in codes:
                return status
        return 404 if all(code.endswith("NotFound") for code in codes) else 400

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that go with the status."""
        return {"Retry-After": str(RETRY_AFTER)} if self.status == TOO_MANY else {}
