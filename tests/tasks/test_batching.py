"""Whatever goes wrong in a batch, everybody who waits for it is answered, and the next batch is worked on."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from vitascope.tasks.batching import Batcher, Closed
from vitascope.tasks.database import tables

if TYPE_CHECKING:
    from tests.tasks.conftest import Book

PATIENCE = 30.0


def asked(batcher: Batcher[Any, Any], *items: Any) -> list[Any]:
    """What some items come to at the same time: results or errors."""

    async def ask() -> list[Any]:
        return await asyncio.gather(*(batcher.submit(item) for item in items), return_exceptions=True)

    async def ask_within() -> list[Any]:
        return await asyncio.wait_for(ask(), PATIENCE)

    return asyncio.run(ask_within())


@pytest.mark.parametrize(
    "error",
    [ValueError("no"), SystemExit(1), KeyboardInterrupt(), asyncio.CancelledError(), StopIteration(), GeneratorExit()],
)
def test_an_error_of_any_kind_is_answered_and_the_next_is_brought(book: Book, error: BaseException) -> None:
    def act(_connection: sa.Connection, items: Sequence[int]) -> list[int]:
        if 0 in items:
            raise error
        return [10 * item for item in items]

    batcher = Batcher(book.engine, act)
    failed, *others = asked(batcher, 0, 1, 2)
    assert isinstance(failed, Exception) and others == [10, 20]
    assert asked(batcher, 3) == [30]
    batcher.close()


def test_a_batch_that_comes_to_too_few_results_is_undone_and_answered(book: Book) -> None:
    def act(connection: sa.Connection, items: Sequence[str]) -> list[str]:
        for item in items:
            connection.execute(tables.account.insert().values(id=item, name=item, created_at=1))
        return [item for item in items if item != "lost"]

    batcher = Batcher(book.engine, act)
    lost, kept = asked(batcher, "lost", "kept")
    assert isinstance(lost, RuntimeError) and kept == "kept"
    assert book.scalar("select count(*) from account where id = 'lost'") == 0
    batcher.close()


def test_an_error_at_the_commit_is_answered(book: Book) -> None:
    def act(connection: sa.Connection, items: Sequence[str]) -> list[str]:
        connection.exec_driver_sql("pragma defer_foreign_keys = on")
        for item in items:
            owner = book.account_id if item == "good" else "nobody"
            row = {"digest": item, "account_id": owner, "hint": "", "created_at": 1}
            connection.execute(tables.api_key.insert().values(**row))
        return list(items)

    batcher = Batcher(book.engine, act)
    bad, good = asked(batcher, "bad", "good")
    assert isinstance(bad, sa.exc.IntegrityError) and good == "good"
    batcher.close()


def test_a_caller_whose_loop_has_ended_holds_up_nobody(book: Book) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def act(_connection: sa.Connection, items: Sequence[int]) -> list[int]:
        entered.set()
        assert go_on.wait(PATIENCE)
        return list(items)

    batcher = Batcher(book.engine, act)

    async def leave() -> None:
        waiting = asyncio.ensure_future(batcher.submit(1))
        await asyncio.to_thread(entered.wait, PATIENCE)
        waiting.cancel()

    asyncio.run(leave())
    go_on.set()
    assert asked(batcher, 2) == [2]
    batcher.close()


def test_nobody_waits_for_one_that_is_closed(book: Book) -> None:
    batcher: Batcher[int, int] = Batcher(book.engine, lambda _connection, items: list(items))
    batcher.close()
    [refused] = asked(batcher, 1)
    assert isinstance(refused, Closed)


def locked(book: Book) -> Callable[[], None]:
    """Hold the write lock of the database. Returns what lets go of it."""
    holder = sqlite3.connect(str(book.engine.url.database), isolation_level=None, check_same_thread=False)
    holder.execute("begin immediate")
    return holder.close


def test_a_locked_database_is_told_to_everybody_at_once(book: Book) -> None:
    """Not to one after the other, each after a wait of his own."""

    def act(connection: sa.Connection, items: Sequence[int]) -> list[int]:
        connection.exec_driver_sql("pragma busy_timeout = 500")
        connection.execute(tables.account.update().values(created_at=2))
        return list(items)

    batcher = Batcher(book.engine, act)
    let_go = locked(book)
    begun = time.monotonic()
    answers = asked(batcher, *range(40))
    assert all(isinstance(answer, sa.exc.OperationalError) for answer in answers)
    assert time.monotonic() - begun < 10, "40 waits in turn would be 20 s"
    let_go()
    assert asked(batcher, 1) == [1]
    batcher.close()
