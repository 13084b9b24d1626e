"""The error tree. A class's docstring is its default message; `fault()` gives the wire form that users see.

VitascopeError
├── Refused               a task broke its contract: one Fault for each thing to change
├── TakeFailed            an accepted take ended without a video
│   ├── EngineFailed      the engine raised or its process died
│   ├── RunTimedOut       the run took longer than allowed (queueing never counts)
│   └── Cancelled         somebody asked for the run to stop
├── DeliveryFailed        an upload or a webhook could not be delivered
├── Unavailable           the database, or whatever else this server needs, does not answer right now
├── RecordUnreadable      what the database holds of a task makes no sense to this version
└── SetupError            this machine or these settings cannot run what was asked
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter


_ITEM_NAMES = {"allowed_values": "allowedValues", "task_type": "taskType", "task_uuid": "taskUUID"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One error item as users see it: what is wrong, with which parameter, and what is allowed instead."""

    __pydantic_config__: ClassVar[Any] = {"alias_generator": lambda name: _ITEM_NAMES.get(name, name)}

    code: str
    message: str
    parameter: str | tuple[str, ...] | None = None
    type: str | None = None
    allowed_values: tuple[Any, ...] | None = None
    status: str | None = None
    task_type: str | None = None
    task_uuid: str | None = None

    def about(self, task_type: str | None, task_uuid: str | None) -> Fault:
        """The same fault, naming the task it belongs to."""
        return replace(self, task_type=task_type, task_uuid=task_uuid)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Fault:
        """The inverse of `as_item`."""
        return _items().validate_python(item)

    def as_item(self) -> dict[str, Any]:
        """The item of an `errors` array: camelCase names, absent instead of null."""
        item: dict[str, Any] = _items().dump_python(self, mode="json", by_alias=True, exclude_none=True)
        return item


@cache
def _items() -> TypeAdapter[Fault]:
    from pydantic import TypeAdapter  # only here: a process that only draws goes without it

    return TypeAdapter(Fault)


class VitascopeError(Exception):
    """Something went wrong in Vitascope."""

    code = "internalServerError"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())

    def fault(self) -> Fault:
        """The wire form of this error."""
        return Fault(code=self.code, message=str(self))


class Refused(VitascopeError):
    """The task breaks its contract."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults) or None)
        self.faults = tuple(faults)

    def fault(self) -> Fault:
        """The first fault; `faults` has all of them."""
        return self.faults[0]


class TakeFailed(VitascopeError):
    """The video could not be made."""

    code = "inferenceError"


class EngineFailed(TakeFailed):
    """The engine stopped before the video was finished. Send the task again with a new taskUUID."""


class RunTimedOut(TakeFailed):
    """The run took longer than this server allows. Ask for a shorter or smaller video."""

    code = "providerTimeout"


class Cancelled(TakeFailed):
    """The task was cancelled."""

    code = "taskCancelled"


class DeliveryFailed(VitascopeError):
    """The result could not be handed over."""


class Unavailable(VitascopeError):
    """This server cannot do its work right now. Send the same again in a few seconds, with the same taskUUID."""

    code = "serviceUnavailable"


class RecordUnreadable(VitascopeError):
    """The record of this task cannot be read: a newer version wrote it, or it is damaged. Send it as a new task."""


class SetupError(VitascopeError):
    """This machine or these settings cannot run what was asked."""
