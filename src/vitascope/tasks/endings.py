"""Which of many tasks have ended: one cheap question for everybody who waits, whichever process did the work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import sqlalchemy as sa

from vitascope.tasks.database.tables import take, task
from vitascope.tasks.ledger import TaskRecord, find_task
from vitascope.tasks.takes import OPEN

Name = tuple[str, str]
"""A task as the ledger names it: (account id, taskUUID in lower case)."""

AT_ONCE = 400  # names in one statement: databases bound the number of values


def ended_tasks(connection: sa.Connection, names: Iterable[Name]) -> list[TaskRecord]:
    """The tasks among these whose takes have all ended. Two index look-ups for each name that has not."""
    asked: dict[str, list[str]] = {}
    for account_id, task_uuid in names:
        asked.setdefault(account_id, []).append(task_uuid)
    found = []
    # By account: SQLite reads the whole table to answer a question about pairs.
    for account_id, uuids in asked.items():
        for some in _batches(uuids):
            chosen = (task.c.account_id == account_id) & task.c.task_uuid.in_(some)
            for task_uuid in connection.execute(_ENDED.where(chosen)).scalars().all():
                record = find_task(connection, account_id, task_uuid)
                if record is not None:
                    found.append(record)
    return found


def open_tasks(connection: sa.Connection, account_id: str, most: int) -> list[str]:
    """The UUIDs of an account's tasks that have not ended, the newest first."""
    chosen = sa.select(task.c.task_uuid).join(take).where(task.c.account_id == account_id, take.c.state.in_(OPEN))
    return list(connection.execute(chosen.distinct().order_by(task.c.created_at.desc()).limit(most)).scalars())


_ENDED = sa.select(task.c.task_uuid).where(~sa.exists().where(take.c.task_id == task.c.id, take.c.state.in_(OPEN)))


def _batches(uuids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(uuids)
    while some := list(islice(rest, AT_ONCE)):
        yield some
