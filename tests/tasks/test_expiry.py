"""What is past its time goes whole: files, rows, the engine's records; what cannot be deleted holds up nothing else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from vitascope.delivery.storage import StorageFailed
from vitascope.tasks import expiry, takes
from vitascope.tasks.database import tables
from vitascope.tasks.deliveries import Delivery, note_try
from vitascope.tasks.expiry import expire_tasks
from vitascope.tasks.ledger import TaskRecord
from vitascope.tasks.queue.dbos import NewTry
from vitascope.tasks.states import DeliveryState

if TYPE_CHECKING:
    from tests.tasks.conftest import Book

LASTING = {"account", "usage", "vitascope_version", "dbos_migrations"}
"""Tables whose rows are not about tasks."""


def ended(book: Book, cost: str = "0.5") -> TaskRecord:
    """A task that ended long ago, with a webhook that took three tries and an upload that is still being tried."""
    task = book.accepted(results=2)
    with book.engine.begin() as connection:
        for take in task.takes:
            told = [
                Delivery(f"{take.id}-{kind}", take.id, kind, "https://example.com/") for kind in ("webhook", "upload")
            ]
            facts = {"file_key": f"videos/{take.id}.mp4", "cost": cost}
            takes.succeed(connection, book.enqueuer, take.id, facts, told)
            for kind, state in (("webhook", DeliveryState.DONE), ("upload", DeliveryState.PENDING)):
                for attempt in (1, 2):
                    again = NewTry(f"{take.id}-{kind}", kind, book.account_id, attempt, 9.0)
                    book.enqueuer.delivery(connection, again)
                note_try(connection, f"{take.id}-{kind}", state, 3 if kind == "webhook" else 2, 500, "no")
        connection.execute(tables.task.update().values(created_at=1.0))
        connection.execute(tables.take.update().values(finished_at=2.0))
    return task


def rows_left(book: Book) -> dict[str, int]:
    """Every table of ours and of the engine's that has rows, and how many."""
    names = sa.inspect(book.engine).get_table_names()
    counts = {name: book.scalar(f'select count(*) from "{name}"') for name in names if name not in LASTING}
    return {name: int(str(count)) for name, count in counts.items() if count}


def test_nothing_is_left_of_a_task_that_is_past_its_time(book: Book) -> None:
    before = rows_left(book)
    ended(book)
    assert rows_left(book)["workflow_status"] == 2 + 2 * 2 * 3
    assert expire_tasks(book.engine, book.enqueuer, 60, lambda key: None) == 1
    assert rows_left(book) == before


def test_tries_that_an_earlier_version_left_behind_go(book: Book) -> None:
    task = ended(book)
    with book.engine.begin() as connection:
        connection.execute(tables.task.delete().where(tables.task.c.id == task.id))
        connection.execute(sa.text("update workflow_status set status = 'SUCCESS', created_at = 1000"))
        waiting = NewTry("later", "webhook", book.account_id)
        book.enqueuer.delivery(connection, waiting)
    expire_tasks(book.engine, book.enqueuer, 60, lambda key: None)
    left = "select group_concat(distinct name || status) from workflow_status where name = 'handover'"
    assert book.scalar(left) == "handoverDELAYED", "only what has ended"


def test_a_file_that_cannot_be_deleted_holds_up_its_own_task_only(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "AT_ONCE", 2)  # so that the stuck ones fill more than one batch
    tasks = sorted((ended(book) for _ in range(7)), key=lambda each: each.id)
    stuck = {take.id for task in tasks[:3] for take in task.takes}
    locked = True

    def delete(key: str) -> None:
        with book.engine.begin() as connection:  # nobody else has to wait meanwhile
            connection.execute(tables.account.update().values(created_at=time.time()))
        if locked and key[len("videos/") : -len(".mp4")] in stuck:
            raise StorageFailed(f"The file store failed at {key}.")

    assert expire_tasks(book.engine, book.enqueuer, 60, delete) == 4
    assert book.scalar("select count(*) from task") == 3
    locked = False
    assert expire_tasks(book.engine, book.enqueuer, 60, delete) == 3
    assert book.scalar("select count(*) from task") == 0 == book.scalar("select count(*) from workflow_status")


@pytest.mark.parametrize("column", ["cost", "file_key", "fault", "reading", "seed"])
def test_a_damaged_row_stops_nothing(book: Book, column: str) -> None:
    damaged, sound = ended(book), ended(book)
    with book.engine.begin() as connection:
        mine = tables.take.c.task_id == damaged.id
        connection.execute(tables.take.update().where(mine).values({column: "{no"}))
        connection.execute(tables.task.update().where(tables.task.c.id == damaged.id).values(request="{", order="["))
    assert sound.id != damaged.id
    assert expire_tasks(book.engine, book.enqueuer, 60, lambda key: None) == 2
    spent = 2 * 10**9 if column != "cost" else 10**9
    assert book.scalar("select sum(spent) from usage") == spent
