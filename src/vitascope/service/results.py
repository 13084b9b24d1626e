"""What became of tasks, as their owners see it: items of polls, which are also the bodies of webhooks, and details."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from vitascope.contract.order import Order
from vitascope.contract.reply import failure, processing, success
from vitascope.delivery.links import Links
from vitascope.errors import Fault, RecordUnreadable, Refused
from vitascope.service.orders import order_of
from vitascope.tasks.batching import Batcher
from vitascope.tasks.credit import cost_of
from vitascope.tasks.deliveries import DeliveryRecord, deliveries_of
from vitascope.tasks.ledger import Asked, TakeRecord, TaskName, TaskRecord, ended_tasks, open_tasks
from vitascope.tasks.states import TakeState

__all__ = ["Answer", "Item", "Results", "TaskName", "documented", "not_found", "take_item"]

Item = dict[str, Any]

ERRORS = "docs/errors"
"""Where this server shows what its error codes mean."""

MOST_FOUND = 200  # newest open tasks of an account that are looked for
PREVIEW_SECONDS = 600  # that the URL of a preview works


@dataclass(frozen=True, slots=True)
class Answer:
    """What a task comes to. Neither list has anything in it only under strict parity."""

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
        return [self._answer(task) if task and _has_results(task) else unknown for task in tasks]

    async def details(self, account_id: str, task_uuid: str) -> Item:
        """The request as it was sent, what it came to, how delivering it went, and what was understood of the prompt.

        Of takes that are being made, the stage of the work and a picture of what there is so far. Raises Refused.
        """
        found = await self._polls.submit(Asked(account_id, [task_uuid]))
        task = found.get(task_uuid.lower())
        if task is None or not _has_results(task):
            raise Refused([not_found()])
        if not task.readable:
            raise RecordUnreadable
        answer = self._answer(task)
        response = {"data": answer.data, "errors": answer.errors}
        working = [self._work(take) for take in task.takes if take.stage or take.preview_key]
        return {
            "taskUUID": task_uuid,
            "request": [task.request],
            "response": {name: [_without_status(item) for item in items] for name, items in response.items() if items},
            "deliveries": await run_in_threadpool(self._deliveries, task),
            "understood": [{"videoUUID": each.id, **each.reading} for each in task.takes if each.reading],
            **({"working": working} if working else {}),
        }

    def ended(self, names: Sequence[TaskName]) -> list[tuple[TaskName, Answer]]:
        """The tasks among these whose takes have all ended, with what they came to. Asks the database."""
        with self._engine.connect() as connection:
            records = ended_tasks(connection, names)
        return [((record.account_id, record.task_uuid), self._answer(record)) for record in records]

    def open_tasks(self, account_id: str) -> list[str]:
        """The UUIDs of an account's newest tasks that have not ended. Asks the database."""
        with self._engine.connect() as connection:
            return open_tasks(connection, account_id, MOST_FOUND)

    def _answer(self, task: TaskRecord) -> Answer:
        """All takes of a task, in their order. Of one that cannot be read, that."""
        try:
            order = order_of(task)
        except RecordUnreadable as error:
            return Answer([], [documented(failure(error.fault(), task.task_uuid), self._links.page(ERRORS))])
        data: list[Item] = []
        errors: list[Item] = []
        for take in task.takes:
            (errors if take.fault is not None else data).append(take_item(order, take, self._links))
        return Answer(data, errors)

    def _work(self, take: TakeRecord) -> Item:
        item: Item = {"videoUUID": take.id, "progress": take.progress, "stage": take.stage or ""}
        if take.preview_key:
            item["previewURL"] = self._links.sign(take.preview_key, int(time.time()) + PREVIEW_SECONDS)
        return item

    def _deliveries(self, task: TaskRecord) -> list[dict[str, Any]]:
        numbers = {take.id: take.number for take in task.takes}
        with self._engine.connect() as connection:
            records = deliveries_of(connection, list(numbers))
        return [_delivery(record) for record in sorted(records, key=lambda each: (numbers[each.take_id], each.kind))]


def _has_results(task: TaskRecord) -> bool:
    """False for a draft that `vitascope generate` made in this data folder: it has no file here."""
    return not any(take.state is TakeState.SUCCESS and take.file_key is None for take in task.takes)


def take_item(order: Order, take: TakeRecord, links: Links) -> Item:
    """The item for one take, whatever its state. Also the body of its webhook."""
    if take.fault is not None:
        return documented(failure(Fault.from_item(take.fault), order.task_uuid), links.page(ERRORS))
    if take.file_key is None or take.expires_at is None:
        return processing(order.task_uuid, take.progress)
    return success(
        order.task_uuid,
        video_uuid=take.id,
        video_url=links.sign(take.file_key, take.expires_at),
        seed=take.seed,
        cost=cost_of(take.cost) if order.include_cost else None,
        draft_id=take.draft_id,
        nsfw=take.flagged,
    )


def documented(item: Item, page: str) -> Item:
    """An error item with the place that explains its code; `page` is the URL of the page of errors."""
    return {**item, "documentation": f"{page}#{item['code']}"}


def not_found() -> Fault:
    """The account has no such task."""
    message = "This account has no task with this taskUUID; results are kept for a limited time."
    return Fault("taskNotFound", message, "taskUUID", "string")


def _delivery(record: DeliveryRecord) -> dict[str, Any]:
    facts = {"lastStatus": record.last_status, "lastError": record.last_error}
    item = {"kind": record.kind, "videoUUID": record.take_id, "state": record.state.value, "tries": record.attempts}
    return {**item, **{name: value for name, value in facts.items() if value is not None}}


def _without_status(item: Item) -> Item:
    return {name: value for name, value in item.items() if name != "status"}
