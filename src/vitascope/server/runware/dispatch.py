"""The dispatch: one array of task objects in, one reply out. Both transports bring their arrays here."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vitascope.contract.catalog import TASK_TYPE
from vitascope.contract.errors.codes import Kind, status_of_all
from vitascope.contract.faults import plain
from vitascope.contract.task_ids import about_task, task_uuid_faults
from vitascope.errors import Fault, Refused
from vitascope.server import auth
from vitascope.server.runware.intake import Intake
from vitascope.server.runware.results import Results, not_found
from vitascope.server.runware.utilities import Utilities
from vitascope.service.results import documented

Item = dict[str, Any]

RETRY_AFTER = 10  # seconds after which a full queue is worth another try
MOST_POLLED = 100  # tasks in one getResponse


@dataclass(slots=True)
class Reply:
    """What the tasks of one array came to: data items and error items, each in the order of the tasks.

    `page` is the URL of the page that explains the error codes.
    """

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
        return {"Retry-After": str(RETRY_AFTER)} if self.status == Kind.RATE_LIMIT.status else {}


Handler = Callable[[str, Mapping[str, Any], Reply], Awaitable[None]]


class Dispatch:
    """Hands each task of an array to whoever answers its type; one bad task does not disturb its neighbours."""

    def __init__(self, intake: Intake, results: Results, utilities: Utilities, errors_page: str) -> None:
        self._intake = intake
        self._results = results
        self._page = errors_page
        self._handlers: dict[str, Handler] = {
            auth.TYPE: self._authentication,
            "ping": self._ping,
            TASK_TYPE: self._video_inference,
            "getResponse": self._get_response,
            "imageUpload": _one(utilities.image_upload),
            "mediaStorage": _one(utilities.media_storage),
            "getTaskDetails": _one(utilities.task_details),
            "cancelTask": _one(utilities.cancel),
            "modelSearch": _one(utilities.model_search),
            "accountManagement": _one(utilities.account_management),
        }

    async def answer(self, account_id: str, tasks: Sequence[Any]) -> Reply:
        """Answer an array of tasks for an account. Never raises for anything a client can send."""
        if len(tasks) == 1:  # the usual case, without the cost of scheduling
            return await self._answer_one(account_id, tasks[0])
        replies = await asyncio.gather(*(self._answer_one(account_id, task) for task in tasks))
        whole = Reply(page=self._page)
        for reply in replies:
            whole.data.extend(reply.data)
            whole.errors.extend(reply.errors)
        return whole

    async def _answer_one(self, account_id: str, task: Any) -> Reply:
        reply = Reply(page=self._page)
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
            reply.refuse([fault if fault.task_uuid else about_task(fault, task) for fault in refused.faults])
        return reply

    async def _authentication(self, _account: str, _task: Mapping[str, Any], reply: Reply) -> None:
        reply.data.append({"taskType": auth.TYPE, "connectionSessionUUID": str(uuid.uuid4())})

    async def _ping(self, _account: str, task: Mapping[str, Any], reply: Reply) -> None:
        sent = task.get("taskUUID")
        named = {"taskUUID": plain(sent)} if isinstance(sent, str) and sent else {}
        reply.data.append({"taskType": "ping", "pong": True, **named})

    async def _video_inference(self, account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        reply.data.append(await self._intake.accept(account_id, task))

    async def _get_response(self, account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        names = _polled(task)
        for name, answer in zip(names, await self._results.of_all(account_id, names), strict=True):
            if answer is None:
                reply.refuse([about_task(not_found(name), {**task, "taskUUID": name})])
                continue
            reply.data.extend(answer.data)
            reply.errors.extend(answer.errors)


def _one(answer: Callable[[str, Mapping[str, Any]], Awaitable[Item]]) -> Handler:
    """A handler for a task that has a taskUUID and comes to one data item."""

    async def handle(account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        _require_uuid(task)
        reply.data.append(await answer(account_id, task))

    return handle


def _polled(task: Mapping[str, Any]) -> list[str]:
    """The UUIDs that a getResponse asks for: one, or a list of them. Raises Refused."""
    sent = task.get("taskUUID")
    if not isinstance(sent, list):
        _require_uuid(task)
        return [task["taskUUID"]]
    if len(sent) > MOST_POLLED:
        message = f"Ask for at most {MOST_POLLED} tasks in one getResponse."
        raise Refused([Fault("arrayTooLarge", message, "taskUUID", "array")])
    faults = [fault for name in sent or [None] for fault in task_uuid_faults({**task, "taskUUID": name})]
    if faults:
        raise Refused(faults)
    once: dict[str, str] = {}
    for name in sent:
        once.setdefault(name.lower(), name)
    return list(once.values())


def _require_uuid(task: Mapping[str, Any]) -> None:
    faults = task_uuid_faults(task)
    if faults:
        raise Refused(faults)


def _unknown_type(task: Mapping[str, Any], known: tuple[str, ...]) -> Fault:
    sent = task.get("taskType")
    if sent is None:
        code, message = "missingTaskType", "Say what this task is: add taskType."
    elif not isinstance(sent, str):
        code, message = "invalidTaskType", "taskType is a string. Use one of the allowed values."
    else:
        code = "unsupportedTaskType"
        message = "This server does not do tasks of this type. Use one of the allowed values for taskType."
    return about_task(Fault(code, message, "taskType", type="string", allowed_values=known), task)
