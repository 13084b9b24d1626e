"""The desk: one array of task objects in, one reply out. HTTP and every later transport bring their arrays here."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vitascope.contract.catalog import TASK_TYPE
from vitascope.contract.task_ids import about_task, task_uuid_faults
from vitascope.errors import Fault, Refused
from vitascope.server import auth
from vitascope.server.intake import Intake
from vitascope.server.results import Results

Item = dict[str, Any]


@dataclass(slots=True)
class Reply:
    """What the tasks of one array came to: data items and error items, each in the order of the tasks."""

    data: list[Item] = field(default_factory=list)
    errors: list[Item] = field(default_factory=list)

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Add faults as error items."""
        self.errors.extend(fault.as_item() for fault in faults)

    def as_json(self) -> dict[str, list[Item]]:
        """The envelope. A key with nothing in it is left out: several clients take an empty `errors` for a failure."""
        if self.errors:
            return {"data": self.data, "errors": self.errors} if self.data else {"errors": self.errors}
        return {"data": self.data}

    @property
    def status(self) -> int:
        """The HTTP status: 200 unless every task was refused."""
        if self.data or not self.errors:
            return 200
        if all(item.get("status") == "error" for item in self.errors):
            return 200  # an honest answer about a task that failed
        return 404 if all(item["code"].endswith("NotFound") for item in self.errors) else 400


Handler = Callable[[str, Mapping[str, Any], Reply], Awaitable[None]]


class Desk:
    """Hands each task of an array to whoever answers its type; one bad task does not disturb its neighbours."""

    def __init__(self, intake: Intake, results: Results) -> None:
        self._intake = intake
        self._results = results
        self._handlers: dict[str, Handler] = {
            auth.TYPE: self._authentication,
            "ping": self._ping,
            TASK_TYPE: self._video_inference,
            "getResponse": self._get_response,
            "imageUpload": self._image_upload,
        }

    async def answer(self, account_id: str, tasks: Sequence[Any]) -> Reply:
        """Answer an array of tasks for an account. Never raises for anything a client can send."""
        if len(tasks) == 1:  # the usual case, without the cost of scheduling
            return await self._answer_one(account_id, tasks[0])
        replies = await asyncio.gather(*(self._answer_one(account_id, task) for task in tasks))
        whole = Reply()
        for reply in replies:
            whole.data.extend(reply.data)
            whole.errors.extend(reply.errors)
        return whole

    async def _answer_one(self, account_id: str, task: Any) -> Reply:
        reply = Reply()
        if not isinstance(task, Mapping):
            message = 'Each element of the array must be a task object such as {"taskType": "videoInference", ...}.'
            reply.refuse([Fault("invalidTask", message, type="object")])
            return reply
        kind = task.get("taskType")
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        if handler is None:
            reply.refuse([_unknown_type(task, tuple(self._handlers))])
            return reply
        try:
            await handler(account_id, task, reply)
        except Refused as refused:
            reply.refuse([about_task(fault, task) for fault in refused.faults])
        return reply

    async def _authentication(self, _account: str, _task: Mapping[str, Any], reply: Reply) -> None:
        reply.data.append({"taskType": auth.TYPE, "connectionSessionUUID": str(uuid.uuid4())})

    async def _ping(self, _account: str, _task: Mapping[str, Any], reply: Reply) -> None:
        reply.data.append({"taskType": "ping", "pong": True})

    async def _video_inference(self, account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        reply.data.append(await self._intake.accept(account_id, task))

    async def _image_upload(self, account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        _require_uuid(task)
        reply.data.append(await self._intake.upload_image(account_id, task))

    async def _get_response(self, account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        _require_uuid(task)
        data, faults = await self._results.of(account_id, task["taskUUID"])
        reply.data.extend(data)
        reply.errors.extend(faults)


def _require_uuid(task: Mapping[str, Any]) -> None:
    faults = task_uuid_faults(task)
    if faults:
        raise Refused(faults)


def _unknown_type(task: Mapping[str, Any], known: tuple[str, ...]) -> Fault:
    if task.get("taskType") is None:
        message = "Say what this task is: add taskType."
        fault = Fault("missingTaskType", message, "taskType", type="string", allowed_values=known)
    else:
        message = "This server does not do tasks of this type. Use one of the allowed values for taskType."
        fault = Fault("unsupportedTaskType", message, "taskType", type="string", allowed_values=known)
    return about_task(fault, task)
