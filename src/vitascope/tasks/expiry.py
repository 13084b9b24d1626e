"""Forgetting tasks that nobody can ask for any more: their files first, then their rows; what they cost stays counted.

A task is past its time when all its takes ended longer than the retention ago and every URL of theirs has expired.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from vitascope.errors import DeliveryFailed
from vitascope.tasks.credit import billionths, cost_of
from vitascope.tasks.database.dialect import begin_writing
from vitascope.tasks.database.tables import delivery, take, task, usage
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.states import TakeState
from vitascope.values import DAY

AT_ONCE = 200

log = logging.getLogger("vitascope.tasks")

Rows: TypeAlias = list[Any]
"""Rows of takes with their task's account and time."""


def expire_tasks(engine: sa.Engine, enqueuer: Enqueuer, retention: int, delete: Callable[[str], None]) -> int:
    """Forget the tasks that are past their time; `delete(key)` removes a file. Returns how many they were.

    A file that cannot be deleted keeps its task until a later sweep, and holds up no other.
    """
    now = time.time()
    enqueuer.forget_deliveries(now - retention)
    count, last = 0, ""
    while True:
        with engine.connect() as connection:
            task_ids: list[str] = list(connection.execute(_past_their_time(now, retention, last)).scalars())
            rows = _takes_of(connection, task_ids)
        # The files go first, outside any transaction: a crash in between leaves rows whose URLs have expired, and the
        # next sweep goes on.
        stuck = {row.task_id for row in rows if row.file_key and not _deleted(row.file_key, delete)}
        count += _forget(engine, enqueuer, [task_id for task_id in task_ids if task_id not in stuck])
        if len(task_ids) < AT_ONCE:
            return count
        last = task_ids[-1]


def _deleted(key: str, delete: Callable[[str], None]) -> bool:
    try:
        delete(key)
    except DeliveryFailed as error:
        log.warning("clearing up: %s Its task is kept until it can be deleted", error)
        return False
    except ValueError as error:  # there never was such a file
        log.warning("clearing up: %s", error)
    return True


def _forget(engine: sa.Engine, enqueuer: Enqueuer, task_ids: Sequence[str]) -> int:
    """Forget tasks whose files are gone. Returns how many they were."""
    with engine.connect() as connection:
        take_ids = [row.id for row in _takes_of(connection, task_ids)]
        tries = connection.execute(
            sa.select(delivery.c.id, delivery.c.attempts).where(delivery.c.take_id.in_(take_ids))
        ).all()
    # Before the rows that name them: whatever a crash leaves is found again by the next sweep.
    enqueuer.forget(take_ids, [(row.id, row.attempts) for row in tries])
    with engine.begin() as connection:
        begin_writing(connection)
        # Counted from what is there now, under lock: another worker may have forgotten some of them meanwhile.
        here = list(connection.execute(sa.select(task.c.id).where(task.c.id.in_(task_ids)).with_for_update()).scalars())
        _keep_usage(connection, _takes_of(connection, here))
        connection.execute(task.delete().where(task.c.id.in_(here)))
    return len(task_ids)


def _past_their_time(now: float, retention: int, after: str) -> sa.Select[Any]:
    ended = (TakeState.SUCCESS.value, TakeState.FAILED.value)
    needed = (
        take.c.state.not_in(ended)
        | (take.c.finished_at > now - retention)
        | (sa.func.coalesce(take.c.expires_at, 0) > now)
    )
    still = sa.exists().where(take.c.task_id == task.c.id, needed)
    chosen = sa.select(task.c.id).where(task.c.created_at < now - retention, ~still, task.c.id > after)
    return chosen.order_by(task.c.id).limit(AT_ONCE)


def _takes_of(connection: sa.Connection, task_ids: Sequence[Any]) -> Rows:
    columns = (take.c.id, take.c.task_id, take.c.number, take.c.state, take.c.cost, take.c.file_key, task.c.account_id)
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
        sums[3] += billionths(cost_of(row.cost)) if done else 0
    for (account_id, day), sums in days.items():
        _add(connection, account_id, day, dict(zip(("requests", "succeeded", "failed", "spent"), sums, strict=True)))


def _add(connection: sa.Connection, account_id: str, day: int, sums: dict[str, int]) -> None:
    mine = (usage.c.account_id == account_id) & (usage.c.day == day)
    more = {name: usage.c[name] + value for name, value in sums.items()}
    if connection.execute(usage.update().where(mine).values(**more)).rowcount == 0:
        connection.execute(usage.insert().values(account_id=account_id, day=day, **sums))
