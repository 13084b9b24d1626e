"""A real database file for each test, with the durable engine's tables in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from vitascope.settings import Settings
from vitascope.tasks import accounts
from vitascope.tasks.admission import Verdict
from vitascope.tasks.database.connect import open_database
from vitascope.tasks.ledger import NewTask, TaskRecord, accept, find_task
from vitascope.tasks.queue.dbos import Enqueuer


@dataclass
class Book:
    """An open database with one account."""

    engine: sa.Engine
    enqueuer: Enqueuer
    account_id: str
    folder: Path

    def new_task(self, task_uuid: str | None = None, results: int = 1) -> NewTask:
        seeds = [2**63 - 1 + number for number in range(results)]
        return NewTask(
            account_id=self.account_id,
            task_uuid=task_uuid or str(uuid.uuid4()),
            model="bytedance:2@2",
            pool="testcard",
            request={"a": 1},
            order={"prompt": "x"},
            seeds=seeds,
        )

    def accepted(self, results: int = 1) -> TaskRecord:
        """A task that was accepted, as the ledger knows it."""
        new = self.new_task(results=results)
        with self.engine.begin() as connection:
            assert accept(connection, self.enqueuer, [new]) == [Verdict.ACCEPTED]
            task = find_task(connection, self.account_id, new.task_uuid)
        assert task is not None
        return task

    def scalar(self, query: str) -> object:
        with self.engine.connect() as connection:
            return connection.execute(sa.text(query)).scalar()

    def execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    settings = Settings(data=tmp_path).prepare()
    engine = open_database(settings)
    enqueuer = Enqueuer(engine)
    with engine.begin() as connection:
        account_id = accounts.create_account(connection, "tester")
    yield Book(engine, enqueuer, account_id, tmp_path / "run")
    enqueuer.close()
    engine.dispose()
