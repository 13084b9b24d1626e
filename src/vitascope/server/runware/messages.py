"""JSON in and out, for both transports: an array of tasks from a message, and the frames that carry a reply.

The frames keep every known client alive. Never `data` and `errors` in one frame. What belongs to one task is in one
frame with nothing about another: one client hands a frame's whole `data`, and a frame's first error, to whoever waits
for any item in it. Two others hand an error that nobody waits for any more to everybody who waits for anything, so that
a second error frame for a task would end its neighbours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pydantic_core
from starlette.concurrency import run_in_threadpool

from vitascope.contract.catalog import TASK_TYPE
from vitascope.contract.inputs import UUID4
from vitascope.contract.reply import processing
from vitascope.contract.task_ids import about_task
from vitascope.errors import Fault, Refused
from vitascope.server.runware.bounds import check_message
from vitascope.server.runware.lenient import read_leniently, whole_characters

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """One message to a client: its text, and whether it holds errors."""

    text: str
    errors: bool = False


QUICK = 64 * 1024
"""Messages of up to so many bytes are parsed in a moment."""

MOST_TASKS = 1000
"""Tasks in one array. Each costs an answer: a small body of many would hold up everybody else."""

_SEARCHED = 256 * 1024  # bytes of a message that is no JSON in which names of tasks are looked for
_NAMED = re.compile(rf'"taskUUID"\s*:\s*"({UUID4})"', re.IGNORECASE)


def read_tasks(message: bytes | bytearray | str) -> list[Any]:
    """The array of tasks that a body or a message holds; in place of a task that cannot be read stands its `Refused`.

    Raises Refused with invalidJSON, invalidRequestBody or arrayTooLarge, one for each task that the message names: who
    waits for an answer by a taskUUID must get it.
    """
    check_message(message)
    try:
        tasks: Any = pydantic_core.from_json(message, allow_inf_nan=False)
    except ValueError as error:
        try:
            tasks = read_leniently(message)
        except (ValueError, RecursionError):
            raise _refusal(Fault("invalidJSON", f"This is not valid JSON: {error}."), message) from error
    if isinstance(tasks, list) and len(tasks) > MOST_TASKS:
        advice = f"Send at most {MOST_TASKS} tasks in one array; this one has {len(tasks)}."
        raise _refusal(Fault("arrayTooLarge", advice, type="array"), message)
    if isinstance(tasks, list) and tasks:
        return tasks
    fault = Fault("invalidRequestBody", "Send an array of task objects: [{...}].", type="array")
    raise Refused([about_task(fault, tasks) if isinstance(tasks, Mapping) else fault])


def _refusal(fault: Fault, message: bytes | bytearray | str) -> Refused:
    """What is wrong with a whole message, once for each task that it names."""
    beginning = message[:_SEARCHED] if isinstance(message, str) else message[:_SEARCHED].decode("utf-8", "replace")
    names = dict.fromkeys(_NAMED.findall(beginning))
    return Refused([about_task(fault, {"taskUUID": name}) for name in list(names)[:MOST_TASKS]] or [fault])


async def tasks_in(message: bytes | bytearray | str) -> list[Any]:
    """`read_tasks`, of what takes a while in a thread."""
    if len(message) <= QUICK:
        return read_tasks(message)
    tasks, faults = await run_in_threadpool(_read, message)
    if faults:
        raise Refused(faults)
    return tasks


def _read(message: bytes | bytearray | str) -> tuple[list[Any], Sequence[Fault]]:
    """An error that crosses threads would keep the message, by its traceback, until garbage is collected."""
    try:
        return read_tasks(message), ()
    except Refused as refused:
        return [], refused.faults


def encoded(content: Mapping[str, Any]) -> str:
    """Compact JSON that can be sent: whatever it tells of, it is valid Unicode."""
    return whole_characters(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def frames(data: list[Item], errors: list[Item]) -> list[Frame]:
    """The frames for some items, task by task: its data, then its errors. Takes that failed alike share one error."""
    if not data and not errors:
        return [Frame(encoded({"data": []}))]
    tasks: dict[Any, tuple[list[Item], list[Item]]] = {}
    for place, items in enumerate((data, errors)):
        for item in items:
            of_task = tasks.setdefault(item.get("taskUUID"), ([], []))[place]
            if place == 0 or item not in of_task:
                of_task.append(item)
    named = (pair for both in tasks.values() for pair in zip(("data", "errors"), both, strict=True))
    return [Frame(encoded({name: items}), errors=name == "errors") for name, items in named if items]


def refusal_frame(error: Item) -> Frame:
    """A refused key. One client looks for a plural `errors`, another for a singular `error` and hangs without it."""
    return Frame(encoded({"errors": [error], "error": error}), errors=True)


def held_back(data: list[Item], errors: list[Item], successes_too: bool) -> tuple[list[Item], list[Item]]:
    """The items of polls, with failed takes shown as processing until all takes of their task have ended.

    Every client gives a task up at its first error, and two of them take what comes later for an error of other tasks.
    With `successes_too`, finished takes wait as well, for clients that might count some twice.
    """
    waiting = {item.get("taskUUID") for item in data if item.get("status") == "processing"}

    def early(item: Item) -> bool:
        return item.get("taskUUID") in waiting and item.get("status") in {"success", "error"}

    shown = [processing(item["taskUUID"]) if successes_too and early(item) else item for item in data]
    shown += [processing(item["taskUUID"]) for item in errors if early(item)]
    return shown, [item for item in errors if not early(item)]


def unfinished(data: list[Item], errors: list[Item]) -> dict[str, bool]:
    """Every video task that a reply is about, by its UUID: whether something of it is still to come."""
    tasks: dict[str, bool] = {}
    for item in data:
        if item.get("taskType") == TASK_TYPE and isinstance(item.get("taskUUID"), str):
            waits = item.get("status", "processing") == "processing"
            tasks[item["taskUUID"]] = waits or tasks.get(item["taskUUID"], False)
    for item in errors:
        if not isinstance(item.get("taskUUID"), str):
            continue
        if item.get("code") == "conflictTaskUUID":  # sent again, perhaps over a new connection: it is waited for
            tasks[item["taskUUID"]] = True
        elif item.get("status") == "error":
            tasks.setdefault(item["taskUUID"], False)
    return tasks
