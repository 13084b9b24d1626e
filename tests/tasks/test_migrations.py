"""Databases of earlier versions are brought up to date without losing anything, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from vitascope.settings import Settings
from vitascope.tasks.database.connect import connect, open_database, up_to_date
from vitascope.tasks.database.migrate import configured
from vitascope.tasks.database.migrations import HEAD
from vitascope.tasks.deliveries import find_delivery
from vitascope.tasks.ledger import find_task
from vitascope.tasks.usage import failures

ORDER = {
    "model": "bytedance:2@1",
    "frames": [
        {"position": "first", "form": "stored", "value": "inputs/a/feed"},
        {"position": "last", "form": "url", "value": "https://example.com/cliff.jpg"},
    ],
}


@contextmanager
def migrated(connection: sa.Connection, revision: str, up: bool = True) -> Iterator[sa.Connection]:
    (command.upgrade if up else command.downgrade)(configured(connection), revision)
    yield connection


def insert(connection: sa.Connection, table: str, **row: Any) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"insert into {table} ({names}) values ({values})"), row)


def test_what_stood_in_json_becomes_columns(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path).prepare()
    engine = connect(settings.database)
    with engine.begin() as connection, migrated(connection, "0002"):
        insert(connection, "account", id="a", name="old", created_at=1)
        insert(connection, "input_file", file_key="inputs/a/feed", account_id="a", used_at=5)
        insert(
            connection,
            "task",
            id="t",
            account_id="a",
            task_uuid="u",
            request="{}",
            order=json.dumps(ORDER),
            created_at=1,
        )
        fault = json.dumps({"code": "inferenceError", "message": "no"})
        row = {"id": "k", "task_id": "t", "number": 0, "seed": "1", "state": "failed", "progress": 3, "attempts": 1}
        insert(connection, "take", **row, created_at=1, started_at=2, finished_at=3, fault=fault)
        insert(
            connection, "handover", id="h", take_id="k", kind="webhook", url="http://x/", state="pending", attempts=1
        )
    engine.dispose()
    engine = open_database(settings)
    with engine.begin() as connection:
        task = find_task(connection, "a", "u")
        assert task is not None and task.model == "bytedance:2@1"
        assert connection.execute(sa.text("select * from task_input")).all() == [("t", "inputs/a/feed")]
        assert connection.execute(sa.text("select digest, removed_at from input_file")).all() == [("feed", None)]
        found = find_delivery(connection, "h", 99)
        assert found is not None and found.url == "http://x/"
        [failure] = failures(connection, "a", 0, 10, ["bytedance:2@1"])
        assert (failure.model, failure.code, failure.count) == ("bytedance:2@1", "inferenceError", 1)
        with migrated(connection, "0002", up=False):
            assert connection.execute(sa.text("select id from handover")).scalar() == "h"
            assert (
                connection.execute(
                    sa.text('select count(*) from task where "order" like :key'), {"key": "%feed%"}
                ).scalar()
                == 1
            )
    engine.dispose()


def test_a_migration_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path).prepare()
    engine = connect(settings.database)
    with engine.begin() as connection, migrated(connection, "0002"):
        insert(connection, "account", id="a", name="old", created_at=1)
        row = {"id": "t", "account_id": "a", "task_uuid": "u", "request": "{}", "created_at": 1}
        insert(connection, "task", **row, order="no JSON")
    for _ in range(2):
        with pytest.raises(json.JSONDecodeError):
            open_database(settings)
    with engine.begin() as connection:
        connection.execute(sa.text('update task set "order" = :order'), {"order": json.dumps(ORDER)})
    engine.dispose()
    open_database(settings).dispose()


def test_the_newest_step_is_known_without_alembic(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path).prepare()
    engine = open_database(settings)
    with engine.connect() as connection:
        assert ScriptDirectory.from_config(configured(connection)).get_heads() == [HEAD]
    assert up_to_date(engine)
    engine.dispose()
