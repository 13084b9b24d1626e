"""What an account used, from rows whose times and costs are known: exact sums, medians and 95th percentiles."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.tasks.conftest import Book
from vitascope.tasks import takes, usage
from vitascope.tasks.database import tables
from vitascope.tasks.expiry import expire_tasks
from vitascope.tasks.ledger import accept, find_task
from vitascope.tasks.usage import Failures, Sums, Times
from vitascope.values import DAY

NOON = 20_000 * DAY + DAY // 2
ENDLESS = (0.0, 1e12, ())
"""All times, all models."""


def task_of(book: Book, results: int, model: str = "a", created_at: float = NOON) -> list[str]:
    """A task for a model, sent at a known time. Returns its takes' ids."""
    new = replace(book.new_task(results=results), model=model)
    with book.engine.begin() as connection:
        accept(connection, book.enqueuer, [new])
        task = find_task(connection, book.account_id, new.task_uuid)
        assert task is not None
        mine = tables.task.c.id == task.id
        connection.execute(tables.task.update().where(mine).values(created_at=created_at))
    return [take.id for take in task.takes]


def end(book: Book, take_id: str, waited: float, ran: float, cost: str | None = "0.5", code: str = "x") -> None:
    """End a take of a task that was sent at noon: well with a cost, badly without."""
    times = {"started_at": NOON + waited, "finished_at": NOON + waited + ran}
    with book.engine.begin() as connection:
        if cost is None:
            takes.fail(connection, book.enqueuer, take_id, {"code": code, "message": "y"}, [])
        else:
            takes.succeed(connection, book.enqueuer, take_id, {"cost": cost}, [])
        connection.execute(tables.take.update().where(tables.take.c.id == take_id).values(**times))


def sums(book: Book) -> dict[int, Sums]:
    with book.engine.connect() as connection:
        return usage.sums_by_day(connection, book.account_id)


def test_times_are_medians_and_95th_percentiles(book: Book) -> None:
    ids = [take_id for _ in range(10) for take_id in task_of(book, 4)]
    for number, take_id in enumerate(reversed(ids), 1):  # waited 1, 2, ... 40 s; ran 1, 4, ... 1600 s
        end(book, take_id, number, number**2)
    end(book, task_of(book, 1, "b")[0], 7, 3)
    end(book, task_of(book, 1)[0], 5000, 5000, cost=None)
    with book.engine.connect() as connection:
        found = usage.times(connection, book.account_id, *ENDLESS)
        assert found == [
            Times("a", 40, (20.5, 39.0), ((20**2 + 21**2) / 2, 39.0**2)),
            Times("b", 1, (7.0, 7.0), (3.0, 3.0)),
        ]
        assert usage.times(connection, book.account_id, 0.0, 1e12, ["b"]) == found[1:]
        early = usage.times(connection, book.account_id, NOON, NOON + 12, [])
        assert early == [
            Times("a", 2, (1.5, 2.0), (2.5, 4.0)),
            Times("b", 1, (7.0, 7.0), (3.0, 3.0)),
        ], "the third ended when the time was over"
        assert usage.times(connection, "nobody", *ENDLESS) == [], "another account's"


def test_failures_are_counted_by_code(book: Book) -> None:
    ids = task_of(book, 4)
    for seconds, (take_id, code) in enumerate(zip(ids, ("late", "often", "often", ""), strict=True)):
        end(book, take_id, 0, seconds, cost=None if code else "1", code=code)
    with book.engine.connect() as connection:
        found = usage.failures(connection, book.account_id, *ENDLESS)
    assert found == [Failures("a", "often", 2, NOON + 2), Failures("a", "late", 1, NOON)]


def test_what_is_forgotten_stays_counted_as_it_was(book: Book) -> None:
    """Good takes as good ones, failed as failed, each task once, on the days on which they were sent."""
    for created_at, costs in ((NOON, ["0.25", None, "0.125", None]), (NOON, ["2"]), (NOON - DAY, [None, None, "1"])):
        for take_id, cost in zip(task_of(book, len(costs), created_at=created_at), costs, strict=True):
            end(book, take_id, 1, 1, cost)
    expected = {
        20_000: Sums(requests=2, succeeded=3, failed=2, spent=Decimal("2.375")),
        19_999: Sums(requests=1, succeeded=1, failed=2, spent=Decimal(1)),
    }
    assert sums(book) == expected
    assert expire_tasks(book.engine, book.enqueuer, 60, lambda key: None) == 3
    assert book.scalar("select count(*) from task") == 0 and sums(book) == expected
    end(book, task_of(book, 1)[0], 1, 1, None)
    expire_tasks(book.engine, book.enqueuer, 60, lambda key: None)
    assert sums(book)[20_000] == Sums(3, 3, 3, Decimal("2.375")), "a day that was counted before is added to"
    assert book.scalar("select count(*) from usage") == 2, "one row a day"
