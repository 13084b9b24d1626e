"""A worker that is silent, is struck off, and comes back: real processes, stopped and let go on by signals."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.life.conftest import Receiver, Server
from tests.life.faults.station import until

SILENT_FOR = "3"
LONG = 120.0  # seconds
BIG = {"width": 864, "height": 480, "duration": 10, "model": "bytedance:2@1"}


def rows(server: Server, statement: str) -> list[Any]:
    connection = sqlite3.connect(server.data / "vitascope.db", timeout=30)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def identity(folder: Path, server: Server) -> str | None:
    """Under which name the worker of a data folder is known now."""
    known = {row[0] for row in rows(server, "select executor_id from process")}
    return next((path.stem for path in (folder / "run").glob("w-*.lock") if path.stem in known), None)


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    return make_server(VITASCOPE_SILENT_FOR=SILENT_FOR).start().ready()


@pytest.fixture
def elsewhere(server: Server, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with a data folder of its own, as on another machine, not yet at work: it is stopped."""
    shared = {
        "VITASCOPE_DATABASE_URL": f"sqlite:///{server.data / 'vitascope.db'}",
        "VITASCOPE_STORAGE_URL": str(server.data / "files"),
        "VITASCOPE_PUBLIC_URL": server.url,
    }
    (tmp_path / "elsewhere").mkdir()
    secret = server.data / "links.secret"
    (tmp_path / "elsewhere" / secret.name).write_bytes(secret.read_bytes())
    command = [sys.executable, "-m", "vitascope", "worker", "--engine", "testcard", "--data"]
    with (tmp_path / "elsewhere.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, str(tmp_path / "elsewhere")], env={**os.environ, **server.settings, **shared}, stderr=log
        )
    yield process
    process.kill()
    process.wait(20)


@pytest.mark.slow
def test_a_worker_that_is_stopped_and_goes_on(
    server: Server, elsewhere: subprocess.Popen[bytes], receiver: Receiver, tmp_path: Path
) -> None:
    """Its work is handed on, it records nothing of it, and it works again under another name."""
    mine = until(lambda: identity(tmp_path / "elsewhere", server), LONG)
    # Two workers, two takes: each has one.
    both = [server.submit(**BIG, seed=seed, webhookURL=f"{receiver.url}/hook") for seed in (1, 2)]
    held = f"select workflow_uuid from workflow_status where status = 'PENDING' and executor_id = '{mine}'"
    [[take_id]] = until(lambda: rows(server, held), LONG)
    until(lambda: rows(server, f"select 1 from take where id = '{take_id}' and progress > 0"), LONG)
    elsewhere.send_signal(signal.SIGSTOP)
    until(lambda: not rows(server, f"select 1 from process where executor_id = '{mine}'"), LONG)
    for task_uuid in both:
        data, errors = server.wait(task_uuid, LONG)
        assert len(data) == 1 and not errors
    until(lambda: {call.json()["videoUUID"] for call in receiver.calls} >= {take_id}, LONG)
    elsewhere.send_signal(signal.SIGCONT)
    again = until(lambda: identity(tmp_path / "elsewhere", server), LONG)
    assert again != mine and elsewhere.poll() is None, "the same process, under a new name"
    third = [server.submit(**BIG, seed=seed, webhookURL=f"{receiver.url}/hook") for seed in (3, 4)]
    until(lambda: rows(server, held.replace(mine, again)), LONG)
    elsewhere.kill()  # what it holds when it later dies is handed on as well
    for task_uuid in third:
        data, errors = server.wait(task_uuid, LONG)
        assert len(data) == 1 and not errors
    until(lambda: len(receiver.calls) >= 4, LONG)
    assert len({call.json()["videoUUID"] for call in receiver.calls}) == 4 == len(receiver.calls), "told once each"
    assert rows(server, "select count(*) from take where state = 'success' and cost is not null") == [(4,)]
    assert "it begins anew" in (tmp_path / "elsewhere.log").read_text()


def test_a_worker_that_finds_no_database_at_its_start_waits_for_one(tmp_path: Path) -> None:
    nowhere = {"VITASCOPE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    command = [sys.executable, "-m", "vitascope", "worker", "--engine", "testcard", "--data", str(tmp_path / "data")]
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, env={**os.environ, **nowhere}, stderr=file)
    try:
        until(lambda: log.read_text().count("the database does not answer") >= 2, LONG)
        assert process.poll() is None and "Traceback" not in log.read_text()
        process.terminate()
        process.wait(20)
    finally:
        process.kill()
        process.wait(20)
