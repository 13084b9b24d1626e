"""videoInference and the tasks about it: getResponse, getTaskDetails, cancelTask."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from vitascope.contract.order import Order
from vitascope.contract.read import read
from vitascope.contract.reply import acknowledgement
from vitascope.contract.shapes import TaskShape
from vitascope.contract.task_ids import about_task, task_uuid_faults
from vitascope.errors import Fault, Refused
from vitascope.server.runware.reply import Reply
from vitascope.service.results import Item, not_found
from vitascope.service.services import Services

MOST_POLLED = 100  # tasks in one getResponse
FEW_SETTINGS = 8  # names inside providerSettings; no model has more


class Tasks:
    """Answers tasks about videos for accounts. Raises Refused."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def video_inference(self, account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        """Promise a video. Acknowledged once it is on disk."""
        order = await self._read(account_id, task)
        await self._services.submissions.submit(account_id, order, task)
        reply.data.append(acknowledgement(order.task_uuid))

    async def get_response(self, account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        """What became of one task or of several: all takes of each, in their order."""
        names, faults = polled(task)
        reply.refuse(faults)
        for name, answer in zip(names, await self._services.results.of_all(account_id, names), strict=True):
            if answer is None:
                reply.refuse([about_task(not_found(), {**task, "taskUUID": name})])
                continue
            reply.data.extend(answer.data)
            reply.errors.extend(answer.errors)

    async def details(self, account_id: str, task: Mapping[str, Any]) -> Item:
        """getTaskDetails."""
        return {"taskType": "getTaskDetails", **await self._services.results.details(account_id, task["taskUUID"])}

    async def cancel(self, account_id: str, task: Mapping[str, Any]) -> Item:
        """cancelTask, an extension: what has not finished ends with `taskCancelled`; what has stays as it is."""
        name = task["taskUUID"]
        cancelled = await run_in_threadpool(self._services.cancel, account_id, name)
        if cancelled is None:
            raise Refused([not_found()])
        return {"taskType": "cancelTask", "taskUUID": name, "cancelledResults": cancelled}

    async def _read(self, account_id: str, task: Mapping[str, Any]) -> Order:
        # All other tasks are read on the event loop.
        if takes_long(task):
            drafts = self._services.drafts
            find_draft = partial(drafts.find, account_id)
            return await run_in_threadpool(read, task, find_draft, objection=self._services.outbound.objection)
        return read(task, objection=self._services.outbound.objection)


def takes_long(task: Mapping[str, Any]) -> bool:
    """Whether reading a videoInference task takes more than a moment.

    Drafts need the database, pictures take time to decode, and to a name that there is not the nearest is looked for.
    """
    settings = task.get("providerSettings")
    return bool(
        task.get("inputs")
        or task.get("frameImages")
        or not task.keys() <= TaskShape.model_fields.keys()
        or (isinstance(settings, Mapping) and sum(map(_length, settings.values())) + len(settings) > FEW_SETTINGS)
    )


def _length(value: Any) -> int:
    return len(value) if isinstance(value, Mapping) else 0


def polled(task: Mapping[str, Any]) -> tuple[list[str], list[Fault]]:
    """The UUIDs that a getResponse asks for, one or a list of them, and what is wrong with others. Raises Refused."""
    sent = task.get("taskUUID")
    if not isinstance(sent, list):
        require_uuid(task)
        return [task["taskUUID"]], []
    if len(sent) > MOST_POLLED:
        message = f"Ask for at most {MOST_POLLED} tasks in one getResponse."
        raise Refused([Fault("arrayTooLarge", message, "taskUUID", "array")])
    once: dict[str, str] = {}
    faults: list[Fault] = []
    for name in sent or [None]:
        wrong = task_uuid_faults({**task, "taskUUID": name})
        faults += wrong
        if not wrong:
            once.setdefault(name.lower(), name)
    return list(once.values()), list(dict.fromkeys(faults))


def require_uuid(task: Mapping[str, Any]) -> None:
    """Raise Refused unless the task has a sound taskUUID."""
    faults = task_uuid_faults(task)
    if faults:
        raise Refused(faults)
