"""One array of task objects in, one reply out: each task goes to whoever answers its type. Both transports use it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool

from vitascope.contract.catalog import TASK_TYPE
from vitascope.contract.faults import as_sent
from vitascope.contract.task_ids import about_task
from vitascope.errors import Fault, Refused, VitascopeError
from vitascope.server import auth
from vitascope.server.runware import account
from vitascope.server.runware.bounds import check_task
from vitascope.server.runware.models import search_models
from vitascope.server.runware.reply import Reply, failure
from vitascope.server.runware.tasks import Tasks, require_uuid, takes_long
from vitascope.server.runware.turns import Turns
from vitascope.server.runware.uploads import Uploads
from vitascope.service.results import ERRORS, Item
from vitascope.service.services import Services

log = logging.getLogger("vitascope.server")

Handler = Callable[[str, Mapping[str, Any], Reply], Awaitable[None]]

AT_ONCE = 64
"""Tasks of one account that are answered at the same time, over all its connections: between them others get theirs."""

OF_ARRAY_AT_ONCE = 32
"""Tasks of one array that are answered at the same time."""

SLOW_AT_ONCE = 2
"""The same for tasks that ask the database for much, or occupy a thread."""

SLOW = {"accountManagement", "getTaskDetails", "cancelTask"}
UPLOADS = {"imageUpload", "mediaStorage"}
FEW = 8  # UUIDs that are looked up in a moment

MOST_REPORTS = 100  # accountManagement tasks in one array
MOST_POLLED_IN_ALL = 1000  # UUIDs in the polls of one array


class Dispatch:
    """Hands each task of an array to its handler; one bad task does not disturb its neighbours."""

    def __init__(self, services: Services, uploads: Uploads) -> None:
        self._accounts = services.accounts
        self._page = services.links.page(ERRORS)
        tasks = Tasks(services)
        self._turns, self._slow_turns = Turns(AT_ONCE), Turns(SLOW_AT_ONCE)
        self._handlers: dict[str, Handler] = {
            auth.TYPE: self._authentication,
            "ping": self._ping,
            TASK_TYPE: tasks.video_inference,
            "getResponse": tasks.get_response,
            "imageUpload": _one(uploads.image_upload),
            "mediaStorage": _one(uploads.media_storage),
            "getTaskDetails": _one(tasks.details),
            "cancelTask": _one(tasks.cancel),
            "modelSearch": _one(self._model_search),
            "accountManagement": _one(self._account_management),
        }

    async def answer(self, account_id: str, tasks: Sequence[Any]) -> Reply:
        """Answer an array of tasks for an account. Never raises for anything a client can send.

        In place of a task that could not be read stands its `Refused`. What fails unexpectedly is raised if there are
        no neighbours whose answers would be lost, and is one task's error otherwise.
        """
        if len(tasks) == 1:  # the usual case, without the cost of scheduling
            return await self._answer_one(account_id, tasks[0])
        whole = Reply(page=self._page)
        few, too_many = _bounded(tasks)
        whole.refuse(too_many)
        replies: dict[int, Reply | BaseException] = {}
        rest = iter(enumerate(few))

        async def work() -> None:
            for place, task in rest:
                (replies[place],) = await asyncio.gather(self._answer_one(account_id, task), return_exceptions=True)
                await asyncio.sleep(0)  # others get their turn

        await asyncio.gather(*(work() for _ in range(min(len(few), OF_ARRAY_AT_ONCE))))
        for place, task in enumerate(few):
            reply = replies[place]
            if isinstance(reply, Exception):
                whole.refuse([failure(reply, task)])
            elif isinstance(reply, BaseException):
                raise reply
            else:
                whole.data.extend(reply.data)
                whole.errors.extend(reply.errors)
        return whole

    async def _answer_one(self, account_id: str, task: Any) -> Reply:
        reply = Reply(page=self._page)
        if isinstance(task, Refused):
            reply.refuse(task.faults)
            return reply
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
            check_task(task)
            if kind in UPLOADS:  # they take turns of their own
                await handler(account_id, task, reply)
                return reply
            async with (self._slow_turns if _is_slow(task) else self._turns).of(account_id):
                await handler(account_id, task, reply)
        except Refused as refused:
            reply.refuse([fault if fault.task_type else about_task(fault, task) for fault in refused.faults])
        except VitascopeError as error:
            reply.refuse([failure(error, task)])
        return reply

    async def _authentication(self, _account: str, _task: Mapping[str, Any], reply: Reply) -> None:
        reply.data.append({"taskType": auth.TYPE, "connectionSessionUUID": str(uuid.uuid4())})

    async def _ping(self, _account: str, task: Mapping[str, Any], reply: Reply) -> None:
        sent = task.get("taskUUID")
        named = {"taskUUID": as_sent(sent)} if isinstance(sent, str) and sent else {}
        reply.data.append({"taskType": "ping", "pong": True, **named})

    async def _model_search(self, _account: str, task: Mapping[str, Any]) -> Item:
        return search_models(task)

    async def _account_management(self, account_id: str, task: Mapping[str, Any]) -> Item:
        return await run_in_threadpool(account.answer, self._accounts, account_id, task)


def _is_slow(task: Mapping[str, Any]) -> bool:
    """Whether answering a task takes more than a moment."""
    kind = task["taskType"]
    return kind in SLOW or _polled(task) > FEW or (kind == TASK_TYPE and takes_long(task))


def _polled(task: Mapping[str, Any]) -> int:
    """How many tasks one task asks about."""
    if task.get("taskType") != "getResponse":
        return 0
    return len(task["taskUUID"]) if isinstance(task.get("taskUUID"), list) else 1


def _bounded(tasks: Sequence[Any]) -> tuple[list[Any], list[Fault]]:
    """The tasks of an array that are answered, and the refusals of those that would make it into too much work."""
    few: list[Any] = []
    too_many: list[Fault] = []
    polled = reports = 0
    for task in tasks:
        message = None
        if isinstance(task, Mapping):
            polled += _polled(task)
            reports += task.get("taskType") == "accountManagement"
            if polled > MOST_POLLED_IN_ALL and _polled(task):
                message = f"Ask for at most {MOST_POLLED_IN_ALL} tasks in one array, its polls taken together."
            elif reports > MOST_REPORTS and task.get("taskType") == "accountManagement":
                message = f"Send at most {MOST_REPORTS} accountManagement tasks in one array."
        if message is None:
            few.append(task)
        else:
            too_many.append(about_task(Fault("arrayTooLarge", message, type="array"), task))
    return few, too_many


def _one(answer: Callable[[str, Mapping[str, Any]], Awaitable[Item]]) -> Handler:
    """A handler for a task that has a taskUUID and comes to one data item."""

    async def handle(account_id: str, task: Mapping[str, Any], reply: Reply) -> None:
        require_uuid(task)
        reply.data.append(await answer(account_id, task))

    return handle


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
