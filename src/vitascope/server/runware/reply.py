"""What the tasks of one array came to, and the HTTP status that says so."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vitascope.contract.errors.codes import UNAVAILABLE, Kind, status_of_all
from vitascope.contract.task_ids import about_task
from vitascope.errors import Fault, VitascopeError
from vitascope.service.availability import RETRY_AFTER as UNAVAILABLE_FOR
from vitascope.service.availability import reason, unavailable
from vitascope.service.results import Item, documented

RETRY_AFTER = {Kind.RATE_LIMIT.status: 10, UNAVAILABLE: UNAVAILABLE_FOR}
"""Seconds after which another try is worth it, by HTTP status: with a full queue, and when this server cannot work."""

log = logging.getLogger("vitascope.server")


def failure(error: BaseException, task: Any = None) -> Fault:
    """What a client is told of an error that is none of its own, about its task if that is known; the log has more."""
    fault = unavailable(error)
    if fault is not None:
        log.warning("a request was not answered: %s", reason(error))
    elif isinstance(error, VitascopeError):
        fault = error.fault()
    else:
        number = secrets.token_hex(4)
        log.error("unexpected error %s", number, exc_info=error)
        message = f"Something went wrong inside the server (error {number}); its log has the details. Try again."
        fault = Fault("internalServerError", message)
    return about_task(fault, task) if isinstance(task, Mapping) else fault


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
