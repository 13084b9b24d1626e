"""Cancelling a task: its takes end in the ledger, which every worker looks at twice a second while it draws."""

from __future__ import annotations

import sqlalchemy as sa

from vitascope.errors import Cancelled
from vitascope.service.deliveries import deliveries
from vitascope.service.orders import order_of
from vitascope.tasks import takes
from vitascope.tasks.ledger import TaskRecord, find_task
from vitascope.tasks.queue.dbos import Enqueuer


def cancel_task(engine: sa.Engine, enqueuer: Enqueuer, account_id: str, task_uuid: str) -> TaskRecord | None:
    """End the takes of an account's task that have not ended, and tell its webhook. May be repeated without effect.

    Queued takes never start; running ones stop within two looks of their worker. Returns the task as it is now, None
    if the account has none of this UUID. Raises RecordUnreadable.
    """
    fault = Cancelled().fault().as_item()
    with engine.begin() as connection:
        task = find_task(connection, account_id, task_uuid)
        if task is None:
            return None
        order = order_of(task)
        for take in task.takes:
            takes.fail(connection, enqueuer, take.id, fault, deliveries(order, take.id, uploaded=False))
        return find_task(connection, account_id, task_uuid)


def cancelled_takes(task: TaskRecord) -> int:
    """How many of a task's takes ended by being cancelled."""
    return sum(take.fault is not None and take.fault.get("code") == Cancelled.code for take in task.takes)
