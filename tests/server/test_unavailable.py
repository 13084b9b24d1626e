"""What cannot be done right now is told as that, item by item, for whichever reason."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.server.conftest import Client, picture
from vitascope.delivery.storage import NotStored, StorageFailed
from vitascope.service.availability import public_reason, reason, unavailable
from vitascope.tasks.batching import Closed
from vitascope.tasks.database.connect import connect


def test_a_file_store_that_fails_is_not_the_clients_fault(client: Client) -> None:
    blocked = client.state.services.settings.data / "files" / "inputs"
    blocked.touch()  # where a folder has to be
    reply = client.utility("imageUpload", image=picture())
    assert [error["code"] for error in reply.errors] == ["serviceUnavailable"]
    assert reply.status == 503 and int(reply.headers["Retry-After"]) > 0
    mixed = client.ask({"taskType": "imageUpload", "image": picture()}, {"taskType": "ping"})
    assert mixed.status == 200 and not mixed.headers
    blocked.unlink()
    assert client.item("imageUpload", image=picture())["imageUUID"]


def failure(engine: sa.Engine, statement: str) -> Exception:
    with pytest.raises(sa.exc.SQLAlchemyError) as caught, engine.begin() as connection:
        connection.execute(sa.text(statement))
    return caught.value


def test_what_says_that_the_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    engine = connect(f"sqlite:///{path}", patience=0.2)
    with engine.begin() as connection:
        connection.execute(sa.text("create table t (n integer primary key)"))
        connection.execute(sa.text("insert into t values (1)"))
    readable = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True))
    read_only = failure(readable, "insert into t values (2)")
    assert unavailable(read_only) and "readonly" in public_reason(read_only)
    readable.dispose()
    for statement in ("insert into t values (1)", "insert into u values (1)", "insert in t", "select no_column from t"):
        assert unavailable(failure(engine, statement)) is None, statement
    path.rename(tmp_path / "away")
    gone = failure(engine, "insert into t values (3)")
    assert unavailable(gone) and not path.exists(), "it is not made anew"
    path.touch()
    (tmp_path / "away").replace(path)
    with engine.connect() as connection:
        assert connection.execute(sa.text("select count(*) from t")).scalar() == 1
    engine.dispose()


def test_a_database_that_was_replaced_is_noticed(tmp_path: Path) -> None:
    """A backup put in its place is read, and nothing is written into what has no name any more."""
    for name in ("old.db", "new.db"):
        engine = connect(f"sqlite:///{tmp_path / name}")
        with engine.begin() as connection:
            connection.execute(sa.text("create table t (name text)"))
            connection.execute(sa.text("insert into t values (:name)"), {"name": name})
        if name == "new.db":
            engine.dispose()
        else:
            kept = engine
    (tmp_path / "new.db").replace(tmp_path / "old.db")
    for ending in ("-wal", "-shm"):
        (tmp_path / f"old.db{ending}").unlink(missing_ok=True)
    with kept.connect() as connection:
        assert connection.execute(sa.text("select name from t")).scalar() == "new.db"
    kept.dispose()


def test_other_reasons(tmp_path: Path) -> None:
    assert unavailable(Closed()) and unavailable(StorageFailed()) and unavailable(sa.exc.TimeoutError("pool"))
    assert unavailable(NotStored()) is None and unavailable(ValueError()) is None
    told = sa.exc.OperationalError("select", {}, RuntimeError("at 10.0.0.7\nuser vitascope"))
    assert reason(told) == "RuntimeError: at 10.0.0.7" and public_reason(told) == "RuntimeError"
