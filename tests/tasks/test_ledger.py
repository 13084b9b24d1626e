"""The ledger's promises: all or nothing, once, per account, and endings that stay."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from vitascope.tasks import accounts, takes
from vitascope.tasks.admission import Verdict
from vitascope.tasks.batching import Batcher
from vitascope.tasks.deliveries import Delivery, find_delivery, note_try
from vitascope.tasks.ledger import accept, find_draft, find_task
from vitascope.tasks.queue.dbos import Enqueuer, NewTake
from vitascope.tasks.states import DeliveryState, TakeState

if TYPE_CHECKING:
    from tests.tasks.conftest import Book


def test_a_task_its_takes_and_their_places_in_the_queue_are_one_transaction(book: Book) -> None:
    class Failing(Enqueuer):
        def __init__(self) -> None: ...

        def takes(self, connection: sa.Connection, takes: Sequence[NewTake]) -> None:
            book.enqueuer.takes(connection, takes[:3])
            raise RuntimeError("the power fails here")

    with pytest.raises(RuntimeError), book.engine.begin() as connection:
        accept(connection, Failing(), [book.new_task(results=4)])
    for table in ("task", "take", "workflow_status"):
        assert book.scalar(f"select count(*) from {table}") == 0
    book.accepted(results=4)
    assert [book.scalar(f"select count(*) from {t}") for t in ("task", "take", "workflow_status")] == [1, 4, 4]


def test_seeds_up_to_the_largest_come_back_exactly(book: Book) -> None:
    task = book.accepted(results=2)
    assert [take.seed for take in task.takes] == [2**63 - 1, 2**63]


def test_a_task_uuid_is_taken_once_an_account_in_any_case(book: Book) -> None:
    first = book.new_task()
    with book.engine.begin() as connection:
        twin = book.new_task(first.task_uuid.upper())
        assert accept(connection, book.enqueuer, [first, twin]) == [Verdict.ACCEPTED, Verdict.REPEATED]
        assert accept(connection, book.enqueuer, [twin]) == [Verdict.REPEATED]
        other = accounts.create_account(connection, "other")
        again = replace(first, account_id=other)
        assert accept(connection, book.enqueuer, [again]) == [Verdict.ACCEPTED]
        assert find_task(connection, str(uuid.uuid4()), first.task_uuid) is None
    assert book.scalar("select count(*) from take") == 2


def test_a_take_ends_once(book: Book) -> None:
    take_id = book.accepted().takes[0].id
    webhook = Delivery(f"{take_id}-webhook", take_id, "webhook", "https://example.com/hook")
    with book.engine.begin() as connection:
        assert takes.begin(connection, take_id) == 1
        assert takes.begin(connection, take_id) == 2
        takes.progress(connection, take_id, 40, "drawing")
        takes.progress(connection, take_id, 10, "")
        assert takes.succeed(connection, book.enqueuer, take_id, {"file_key": "videos/a.mp4"}, [webhook])
        assert not takes.succeed(connection, book.enqueuer, take_id, {"file_key": "videos/b.mp4"}, [webhook])
        assert not takes.fail(connection, book.enqueuer, take_id, {"code": "x"}, [webhook])
        assert takes.begin(connection, take_id) is None
        assert not takes.wanted(connection, take_id)
    assert book.scalar("select file_key || progress from take") == "videos/a.mp4100"
    assert book.scalar("select count(*) from workflow_status where name = 'handover'") == 1


def test_progress_never_falls(book: Book) -> None:
    take_id = book.accepted().takes[0].id
    with book.engine.begin() as connection:
        for percent in (40, 10, 41):
            takes.progress(connection, take_id, percent, "drawing")
    assert book.scalar("select progress from take") == 41
    assert book.scalar("select stage from take") == "drawing"


def test_a_delivery_remembers_how_its_tries_went(book: Book) -> None:
    take_id = book.accepted().takes[0].id
    item = Delivery(f"{take_id}-upload", take_id, "upload", "https://example.com/put")
    with book.engine.begin() as connection:
        takes.fail(connection, book.enqueuer, take_id, {"code": "x", "message": "y"}, [item])
        assert find_delivery(connection, item.id, 0) == item
        note_try(connection, item.id, DeliveryState.PENDING, 1, 503, "busy")
        assert find_delivery(connection, item.id, 1) == item
        assert find_delivery(connection, item.id, 0) is None, "this try was noted"
        note_try(connection, item.id, DeliveryState.GIVEN_UP, 2, 403, "forbidden")
        assert find_delivery(connection, item.id, 2) is None
    assert book.scalar("select state from take") == TakeState.FAILED


def test_drafts_belong_to_their_account(book: Book) -> None:
    take_id = book.accepted().takes[0].id
    with book.engine.begin() as connection:
        takes.succeed(connection, book.enqueuer, take_id, {"draft_id": "cgt-1"}, [])
        found = find_draft(connection, book.account_id, "cgt-1")
        assert found is not None and found[1].id == take_id
        assert find_draft(connection, accounts.create_account(connection, "other"), "cgt-1") is None
        assert find_draft(connection, book.account_id, "cgt-2") is None


def test_group_commit_keeps_good_writes_when_a_neighbour_fails(book: Book) -> None:
    sizes = []

    def write(connection: sa.Connection, items: Sequence[int]) -> list[Verdict]:
        sizes.append(len(items))
        if any(item % 10 == 5 for item in items):
            raise ValueError("bad")
        return accept(connection, book.enqueuer, [book.new_task() for _ in items])

    async def run() -> list[Any]:
        return await asyncio.gather(*(commits.submit(number) for number in range(40)), return_exceptions=True)

    commits = Batcher(book.engine, write)
    results = asyncio.run(run())
    commits.close()
    assert [number for number, result in enumerate(results) if result is not Verdict.ACCEPTED] == [5, 15, 25, 35]
    assert all(isinstance(results[number], ValueError) for number in (5, 15, 25, 35))
    assert book.scalar("select count(*) from task") == 36
    assert max(sizes) > 10, "writes that wait together are committed together"


def test_keys_open_their_account_until_unknown(book: Book) -> None:
    with book.engine.begin() as connection:
        key = accounts.create_key(connection, book.account_id)
        assert len(key) > 24
        assert accounts.account_of(connection, key) == book.account_id
        assert accounts.account_of(connection, key + "x") is None
    assert key not in str(book.scalar("select group_concat(digest || hint) from api_key"))
