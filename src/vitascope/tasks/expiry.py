"""Forgetting tasks that nobody can ask for any more: their files first, then their rows; what they cost stays counted.

A task is past its time when all its takes ended longer than the retention ago and every URL of theirs has expired.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa

from vitascope.tasks.credit import billionths
from vitascope.tasks.database.dialect import begin_writing
from vitascope.tasks.database.tables import take, task, usage
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.states import TakeState
from vitascope.values import DAY

AT_ONCE = 200

Rows: TypeAlias = list[Any]
"""Rows of takes with their task's account and time."""


def expire_tasks(engine: sa.Engine, enqueuer: Enqueuer, retention: int, delete: Callable[[str], None]) -> int:
    """Forget the tasks that are past their time; `delete(key)` removes a file. Returns how many they were."""
    count = 0
    while forgotten := _expire_some(engine, enqueuer, retention, delete):
        count += forgotten
        if forgotten < AT_ONCE:
            break
    return count


def _expire_some(engine: sa.Engine, enqueuer: Enqueuer, retention: int, delete: Callable[[str], None]) -> int:
    with engine.connect() as connection:
        task_ids = list(connection.execute(_past_their_time(time.time(), retention)).scalars())
        rows = _takes_of(connection, task_ids)
    # The files go first: a crash in between leaves rows whose URLs have expired, and the next round goes on.
    for row in rows:
        if row.file_key:
            delete(row.file_key)
    with engine.begin() as connection:
        begin_writing(connection)
        # Counted from what is there now, under lock: another worker may have forgotten some of them meanwhile.
        here = list(connection.execute(sa.select(task.c.id).where(task.c.id.in_(task_ids)).with_for_update()).scalars())
        _keep_usage(connection, _takes_of(connection, here))
        connection.execute(task.delete().where(task.c.id.in_(here)))
    if rows:
        enqueuer.forget([row.id for row in rows])
    return len(task_ids)


def _past_their_time(now: float, retention: int) -> sa.Select[tuple[str]]:
    ended = (TakeState.SUCCESS.value, TakeState.FAILED.value)
    needed = (
        take.c.state.not_in(ended)
        | (take.c.finished_at > now - retention)
        | (sa.func.coalesce(take.c.expires_at, 0) > now)
    )
    still = sa.exists().where(take.c.task_id == task.c.id, needed)
    return sa.select(task.c.id).where(task.c.created_at < now - retention, ~still).limit(AT_ONCE)


def _takes_of(connection: sa.Connection, task_ids: Sequence[Any]) -> Rows:
    columns = (take.c.id, take.c.number, take.c.state, take.c.cost, take.c.file_key, task.c.account_id)
    chosen = sa.select(*columns, task.c.created_at).select_from(take.join(task)).where(task.c.id.in_(task_ids))
    return list(connection.execute(chosen))


def _keep_usage(connection: sa.Connection, rows: Rows) -> None:
    """Add what these takes came to, to their accounts' days."""
    days: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        done = row.state == TakeState.SUCCESS.value
        sums = days[row.account_id, int(row.created_at // DAY)]
        sums[0] += row.number == 0
        sums[1] += done
        sums[2] += not done
        sums[3] += billionths(Decimal(row.cost or 0)) if done else 0
    for (account_id, day), sums in days.items():
        _add(connection, account_id, day, dict(zip(("requests", "succeeded", "failed", "spent"), sums, strict=True)))


def _add(connection: sa.Connection, account_id: str, day: int, sums: dict[str, int]) -> None:
    mine = (usage.c.account_id == account_id) & (usage.c.day == day)
    more = {name: usage.c[name] + value for name, value in sums.items()}
    if connection.execute(usage.update().where(mine).values(**more)).rowcount == 0:
        connection.execute(usage.insert().values(account_id=account_id, day=day, **sums))
