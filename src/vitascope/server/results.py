"""Answers to polls: one item for each take, in the takes' order, always all of them."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from vitascope.contract.order import Order
from vitascope.delivery.links import Links
from vitascope.errors import Fault, Refused
from vitascope.items import Item, take_item
from vitascope.tasks.ledger import TaskRecord, find_task
from vitascope.tasks.states import TakeState


class Results:
    """Reads what became of tasks."""

    def __init__(self, engine: sa.Engine, links: Links, strict_parity: bool) -> None:
        self._engine = engine
        self._links = links
        self._strict_parity = strict_parity

    async def of(self, account_id: str, task_uuid: str) -> tuple[list[Item], list[Item]]:
        """(data items, error items) for a task. Raises Refused with `taskNotFound` if the account has no such task."""
        task = await run_in_threadpool(self._find, account_id, task_uuid)
        if task is None:
            if self._strict_parity:
                return [], []
            message = "This account has no task with this taskUUID; results are kept for a limited time."
            raise Refused([Fault("taskNotFound", message, "taskUUID", "string", task_uuid=task_uuid)])
        order = Order.from_json(task.order)
        items = [(take.state, take_item(order, take, self._links)) for take in task.takes]
        data = [item for state, item in items if state is not TakeState.FAILED]
        return data, [item for state, item in items if state is TakeState.FAILED]

    def _find(self, account_id: str, task_uuid: str) -> TaskRecord | None:
        with self._engine.connect() as connection:
            return find_task(connection, account_id, task_uuid)
