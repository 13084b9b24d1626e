"""What an account used: by day over all time; of the tasks still kept, how long they took and how they failed."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from vitascope.tasks.credit import as_usd, cost_of
from vitascope.tasks.database.dialect import whole_days
from vitascope.tasks.database.tables import take, task, usage
from vitascope.tasks.states import TakeState

MOST_TIMED = 10_000  # newest takes that times are computed from


@dataclass(slots=True)
class Sums:
    """What something came to. `requests` are tasks, `succeeded` and `failed` are takes, `spent` is USD."""

    requests: int = 0
    succeeded: int = 0
    failed: int = 0
    spent: Decimal = Decimal(0)

    def add(self, other: Sums) -> None:
        """Add other sums to these."""
        self.requests += other.requests
        self.succeeded += other.succeeded
        self.failed += other.failed
        self.spent += other.spent


@dataclass(frozen=True, slots=True)
class Times:
    """How long one model's finished takes waited and ran, in seconds: (median, 95th percentile) each."""

    model: str
    takes: int
    waited: tuple[float, float]
    ran: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Failures:
    """How often one model's takes ended with a code, and when last."""

    model: str
    code: str
    count: int
    last_at: float


def sums_by_day(connection: sa.Connection, account_id: str) -> dict[int, Sums]:
    """An account's sums for each day (days since 1970, UTC) on which it sent tasks."""
    days: dict[int, Sums] = defaultdict(Sums)
    for row in connection.execute(sa.select(usage).where(usage.c.account_id == account_id)):
        days[row.day].add(Sums(row.requests, row.succeeded, row.failed, as_usd(row.spent)))
    day = whole_days(connection, task.c.created_at).label("day")
    columns = (day, take.c.state, take.c.cost, sa.func.count().label("takes"))
    tasks = sa.func.sum(sa.case((take.c.number == 0, 1), else_=0)).label("tasks")
    chosen = sa.select(*columns, tasks).select_from(take.join(task)).where(task.c.account_id == account_id)
    for row in connection.execute(chosen.group_by(day, take.c.state, take.c.cost)):
        succeeded = row.takes if row.state == TakeState.SUCCESS.value else 0
        failed = row.takes if row.state == TakeState.FAILED.value else 0
        days[row.day].add(Sums(row.tasks, succeeded, failed, cost_of(row.cost) * succeeded))
    return dict(days)


def sums_since(days: dict[int, Sums], first_day: int) -> Sums:
    """The sums of all days from one on."""
    whole = Sums()
    for day, sums in days.items():
        if day >= first_day:
            whole.add(sums)
    return whole


def times(connection: sa.Connection, account_id: str, start: float, end: float, models: Sequence[str]) -> list[Times]:
    """How long takes took that finished well between two times; `models` empty for all."""
    chosen = (
        sa.select(task.c.model, task.c.created_at, take.c.started_at, take.c.finished_at)
        .select_from(take.join(task))
        .where(task.c.account_id == account_id, take.c.state == TakeState.SUCCESS.value)
        .where(take.c.finished_at >= start, take.c.finished_at < end, take.c.started_at.is_not(None))
    )
    if models:
        chosen = chosen.where(task.c.model.in_(models))
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in connection.execute(chosen.order_by(take.c.finished_at.desc()).limit(MOST_TIMED)):
        found[row.model].append((row.started_at - row.created_at, row.finished_at - row.started_at))
    return [
        Times(name, len(pairs), _spread(pair[0] for pair in pairs), _spread(pair[1] for pair in pairs))
        for name, pairs in sorted(found.items())
    ]


def failures(
    connection: sa.Connection, account_id: str, start: float, end: float, models: Sequence[str]
) -> list[Failures]:
    """How takes failed between two times, the most frequent first; `models` empty for all."""
    last = sa.func.max(take.c.finished_at)
    chosen = (
        sa.select(task.c.model, take.c.error_code, sa.func.count().label("takes"), last.label("last_at"))
        .select_from(take.join(task))
        .where(task.c.account_id == account_id, take.c.state == TakeState.FAILED.value)
        .where(take.c.finished_at >= start, take.c.finished_at < end)
    )
    if models:
        chosen = chosen.where(task.c.model.in_(models))
    rows = connection.execute(chosen.group_by(task.c.model, take.c.error_code).order_by(sa.func.count().desc()))
    return [Failures(row.model, row.error_code, row.takes, row.last_at) for row in rows]


def _spread(values: Iterable[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
