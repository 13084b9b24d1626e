"""The UUID that names a task, checked the same way for every task type."""

from __future__ import annotations

from collections.abc import Mapping

from vitascope.contract.catalog import TASK_TYPE
from vitascope.contract.faults import as_sent, invalid, missing, plain
from vitascope.contract.inputs import is_uuid4
from vitascope.contract.wire import is_nothing
from vitascope.errors import Fault


def task_uuid_faults(task: Mapping[str, object]) -> list[Fault]:
    """missingTaskUUID or invalidTaskUUID, or nothing. UUIDs are version 4, in either case; replies keep the client's
    spelling, comparisons use `inputs.canonical_uuid`.
    """
    value = task.get("taskUUID")
    if is_nothing(value):
        fault = missing("taskUUID", "string", "Add taskUUID: a new UUID (version 4) for every task.")
    elif not isinstance(value, str) or not is_uuid4(value):
        fault = invalid("taskUUID", "string", "Set taskUUID to a UUID of version 4, a new one for every task.")
    else:
        return []
    return [about_task(fault, task)]


def about_task(fault: Fault, task: Mapping[str, object]) -> Fault:
    """The fault with the task's type and UUID as they were sent, as far as they can be sent back."""
    kind, uuid = task.get("taskType"), task.get("taskUUID")
    return fault.about(
        plain(kind) if isinstance(kind, str) and kind else TASK_TYPE,
        as_sent(uuid) if isinstance(uuid, str) and uuid else None,
    )
