"""Answers about tasks: polls (one item for each take, in the takes' order, always all of them) and details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from vitascope.delivery.links import Links
from vitascope.errors import Fault, Refused
from vitascope.service.results import Item, task_items
from vitascope.tasks.batching import Batcher
from vitascope.tasks.ledger import Asked, TaskRecord
from vitascope.tasks.takes import DeliveryRecord, deliveries_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What a poll about one task comes to. Neither list has anything in it only under strict parity."""

    data: list[Item]
    errors: list[Item]


class Results:
    """Reads what became of tasks."""

    def __init__(
        self, engine: sa.Engine, polls: Batcher[Asked, dict[str, TaskRecord]], links: Links, strict_parity: bool
    ) -> None:
        self._engine = engine
        self._polls = polls
        self._links = links
        self._strict_parity = strict_parity

    async def of_all(self, account_id: str, task_uuids: Sequence[str]) -> list[Answer | None]:
        """An answer for each of these UUIDs, None for those of no task of this account."""
        found = await self._polls.submit(Asked(account_id, task_uuids))
        unknown = Answer([], []) if self._strict_parity else None
        tasks = [found.get(task_uuid.lower()) for task_uuid in task_uuids]
        return [self._answer(task) if task else unknown for task in tasks]

    async def details(self, account_id: str, task_uuid: str) -> Item:
        """The request as it was sent, what it came to, how handing it over went, and what was understood of the prompt.

        Raises Refused.
        """
        found = await self._polls.submit(Asked(account_id, [task_uuid]))
        task = found.get(task_uuid.lower())
        if task is None:
            raise Refused([not_found(task_uuid)])
        answer = self._answer(task)
        response = {"data": answer.data, "errors": answer.errors}
        return {
            "taskType": "getTaskDetails",
            "taskUUID": task_uuid,
            "request": [task.request],
            "response": {name: [_without_status(item) for item in items] for name, items in response.items() if items},
            "deliveries": await run_in_threadpool(self._deliveries, task),
            "understood": [{"videoUUID": each.id, **each.reading} for each in task.takes if each.reading],
        }

    def _answer(self, task: TaskRecord) -> Answer:
        data, errors = task_items(task, self._links)
        return Answer(data, errors)

    def _deliveries(self, task: TaskRecord) -> list[dict[str, Any]]:
        numbers = {take.id: take.number for take in task.takes}
        with self._engine.connect() as connection:
            records = deliveries_of(connection, list(numbers))
        return [_delivery(record) for record in sorted(records, key=lambda each: (numbers[each.take_id], each.kind))]


def not_found(task_uuid: str) -> Fault:
    """The account has no such task."""
    message = "This account has no task with this taskUUID; results are kept for a limited time."
    return Fault("taskNotFound", message, "taskUUID", "string", task_uuid=task_uuid)


def _delivery(record: DeliveryRecord) -> dict[str, Any]:
    facts = {"lastStatus": record.last_status, "lastError": record.last_error}
    item = {"kind": record.kind, "videoUUID": record.take_id, "state": record.state.value, "tries": record.attempts}
    return {**item, **{name: value for name, value in facts.items() if value is not None}}


def _without_status(item: Item) -> Item:
    return {name: value for name, value in item.items() if name != "status"}
