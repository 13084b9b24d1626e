"""Credit, limits and keys: never overdrawn, charged once; full queues refuse; a migration loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command

from vitascope.errors import SetupError
from vitascope.settings import Settings
from vitascope.tasks import accounts, credit, takes
from vitascope.tasks.admission import OpenCount, Verdict
from vitascope.tasks.database.connect import connect, open_database
from vitascope.tasks.database.migrate import configured
from vitascope.tasks.ledger import NewTask, accept, find_task

if TYPE_CHECKING:
    from tests.tasks.conftest import Book

PRICE = Decimal("0.07")


def priced(book: Book, results: int = 1, price: Decimal = PRICE, account_id: str | None = None) -> NewTask:
    seeds = list(range(results))
    new = book.new_task()
    return replace(new, account_id=account_id or book.account_id, seeds=seeds, price=credit.billionths(price))


def accepted(book: Book, tasks: Sequence[NewTask], queue: OpenCount | None = None) -> list[Verdict]:
    with book.engine.begin() as connection:
        return accept(connection, book.enqueuer, tasks, queue)


def limit(book: Book, usd: str | None) -> None:
    with book.engine.begin() as connection:
        credit.set_credit(connection, book.account_id, None if usd is None else Decimal(usd))


def left(book: Book) -> Decimal | None:
    with book.engine.connect() as connection:
        return accounts.account_named(connection, "tester").credit


def end(book: Book, new: NewTask, cost: str | None) -> None:
    """End a task's takes, well with a cost, badly without."""
    with book.engine.begin() as connection:
        task = find_task(connection, new.account_id, new.task_uuid)
        assert task is not None
        for take in task.takes:
            if cost is None:
                takes.fail(connection, book.enqueuer, take.id, {"code": "x", "message": "y"}, [])
            else:
                takes.succeed(connection, book.enqueuer, take.id, {"cost": cost}, [])


def test_prices_are_whole_numbers() -> None:
    assert credit.billionths(Decimal("0.649") * 81 / 1_000_000) == 52569
    assert credit.as_usd(credit.billionths(Decimal("0.000000001"))) == Decimal("0.000000001")


def test_credit_is_set_aside_while_takes_are_open_and_charged_when_they_end_well(book: Book) -> None:
    limit(book, "0.21")
    two, one, more = priced(book, 2), priced(book), priced(book)
    assert accepted(book, [two]) == [Verdict.ACCEPTED]
    assert accepted(book, [one, more]) == [Verdict.ACCEPTED, Verdict.NO_CREDIT], "one transaction knows what it gave"
    assert left(book) == Decimal("0.21"), "nothing is charged before it is finished"
    end(book, two, "0.05")  # cheaper than the dearest
    end(book, two, "0.05")
    assert left(book) == Decimal("0.11")
    assert accepted(book, [more]) == [Verdict.NO_CREDIT], "0.07 of it is set aside"
    end(book, one, None)
    assert left(book) == Decimal("0.11"), "what failed costs nothing"
    assert accepted(book, [more]) == [Verdict.ACCEPTED]


def test_credit_must_cover_every_result(book: Book) -> None:
    limit(book, "0.14")  # two of PRICE
    assert accepted(book, [priced(book, 3)]) == [Verdict.NO_CREDIT]
    assert book.scalar("select count(*) from take") == 0, "nothing of it was begun"
    assert accepted(book, [priced(book, 2), priced(book)]) == [Verdict.ACCEPTED, Verdict.NO_CREDIT]


def test_a_repeated_task_is_told_so_even_without_credit(book: Book) -> None:
    new = priced(book)
    limit(book, "0.07")
    assert accepted(book, [new]) == [Verdict.ACCEPTED]
    assert accepted(book, [new, priced(book)]) == [Verdict.REPEATED, Verdict.NO_CREDIT]
    full = OpenCount(most_of_account=1)
    assert accepted(book, [new, priced(book)], full) == [Verdict.REPEATED, Verdict.QUEUE_FULL]


def test_accounts_without_a_limit_are_not_charged(book: Book) -> None:
    new = priced(book, 4, Decimal(10**6))
    assert accepted(book, [new]) == [Verdict.ACCEPTED]
    end(book, new, "1000000")
    assert left(book) is None
    with book.engine.begin() as connection:
        credit.add_credit(connection, book.account_id, Decimal("1.5"))
        credit.add_credit(connection, book.account_id, Decimal("0.25"))
    assert left(book) == Decimal("1.75")


def test_parallel_tasks_cannot_overdraw(book: Book) -> None:
    limit(book, "0.35")  # five of PRICE
    verdicts: list[Verdict] = []

    def many() -> None:
        for _ in range(5):
            verdicts.extend(accepted(book, [priced(book)]))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a writer is stuck"
    assert sorted(verdicts) == sorted([Verdict.ACCEPTED] * 5 + [Verdict.NO_CREDIT] * 15)


def test_a_full_queue_refuses_until_there_is_room(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vitascope.tasks.admission.RECOUNT_AFTER", 0.0)
    with book.engine.begin() as connection:
        other = accounts.create_account(connection, "other")
    queue = OpenCount(most_of_account=3, most_in_all=5)
    first = priced(book, 2)
    assert accepted(book, [first, priced(book, 2)], queue) == [Verdict.ACCEPTED, Verdict.QUEUE_FULL]
    assert accepted(book, [priced(book)], queue) == [Verdict.ACCEPTED]
    assert accepted(book, [priced(book, 2, account_id=other)], queue) == [Verdict.ACCEPTED]
    assert accepted(book, [priced(book, account_id=other)], queue) == [Verdict.QUEUE_FULL], "the house is full"
    end(book, first, "0.01")
    assert accepted(book, [priced(book, 2), priced(book)], queue) == [Verdict.ACCEPTED, Verdict.QUEUE_FULL]
    elsewhere = OpenCount(most_of_account=3, most_in_all=5)
    assert accepted(book, [priced(book)], elsewhere) == [Verdict.QUEUE_FULL], "another process counts for itself"


def test_names_of_accounts_are_their_own(book: Book) -> None:
    with book.engine.begin() as connection:
        for name in ("tester", "", "x" * 201):
            with pytest.raises(SetupError):
                accounts.create_account(connection, name)
        with pytest.raises(SetupError, match="no account nobody"):
            accounts.account_named(connection, "nobody")
        assert [account.name for account in accounts.all_accounts(connection)] == ["tester"]


def test_keys_are_listed_without_being_told_and_end_when_revoked(book: Book) -> None:
    with book.engine.begin() as connection:
        keys = [accounts.create_key(connection, book.account_id) for _ in range(2)]
        listed = accounts.keys_of(connection, book.account_id)
        assert [key[-4:] for key in keys] == [key.hint for key in listed]
        assert not any(key in repr(listed) for key in keys)
        accounts.revoke_key(connection, listed[0].name)
        accounts.revoke_key(connection, keys[1])
        assert [accounts.account_of(connection, key) for key in keys] == [None, None]
        for name in (keys[1], listed[0].name, "0123", "%%%%%%%%", "________"):
            with pytest.raises(SetupError):
                accounts.revoke_key(connection, name)
    with book.engine.begin() as connection:
        key = accounts.create_key(connection, book.account_id)
        with pytest.raises(SetupError):
            accounts.revoke_key(connection, key, accounts.create_account(connection, "other"))
        assert accounts.account_of(connection, key) == book.account_id


def test_an_older_database_is_brought_up_to_date_with_what_is_in_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path).prepare()
    engine = connect(settings.database)
    with engine.begin() as connection:
        command.upgrade(configured(connection), "0001")
        connection.execute(sa.text("insert into account values ('a', 'old', 1)"))
        connection.execute(sa.text("insert into media values ('m', 'a', 'inputs/a/x', 1, 5)"))
    engine.dispose()
    engine = open_database(settings)
    with engine.begin() as connection:
        assert accounts.account_named(connection, "old").credit is None
        assert connection.execute(sa.text("select file_key, used_at from input_file")).all() == [("inputs/a/x", 5.0)]
        command.downgrade(configured(connection), "0001")
        assert connection.execute(sa.text("select name from account")).scalar() == "old"
    engine.dispose()
