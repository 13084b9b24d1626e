"""A database that is locked, full or gone: 503 soon, with Retry-After, and everything goes on once it is back."""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.command import vitascope
from tests.life.conftest import Server, video_task
from tests.server.runware.sockets import Socket

SOON = 20.0  # seconds; a request used to wait for 30
STATES = ("locked", "full", "gone")


@contextlib.contextmanager
def broken(server: Server, state: str) -> Iterator[None]:
    """The server's database, unusable for a while."""
    path = server.data / "vitascope.db"
    assert server.process is not None
    with contextlib.ExitStack() as back:
        if state == "locked":
            writer = sqlite3.connect(path, timeout=30, isolation_level=None)
            back.callback(writer.close)
            writer.execute("begin immediate")
        elif state == "full":  # as far as the API process can tell: it may write no byte into any file
            pid, limit = server.process.pid, resource.RLIMIT_FSIZE
            before = resource.prlimit(pid, limit)
            back.callback(resource.prlimit, pid, limit, before)
            resource.prlimit(pid, limit, (1, before[1]))
        else:
            back.callback(path.with_name("away").rename, path)
            path.rename(path.with_name("away"))
        yield


@pytest.mark.parametrize("state", STATES)
def test_a_broken_database_is_told_soon_and_then_all_goes_on(server: Server, state: str) -> None:
    if state == "full" and not hasattr(resource, "prlimit"):
        pytest.skip("only Linux lets one process limit another")
    server.ready()
    task = video_task()
    with Socket(server.url, server.key) as socket, broken(server, state):
        begun = time.monotonic()
        reply = server.post(task)
        assert time.monotonic() - begun < SOON
        assert reply.status_code == 503 and int(reply.headers["retry-after"]) > 0, reply.text
        [error] = reply.json()["errors"]
        assert (error["code"], error["taskUUID"]) == ("serviceUnavailable", task["taskUUID"])
        assert "sql" not in reply.text.lower(), "no insides"
        mixed = server.post({"taskType": "ping"}, task).json()
        assert [item["taskType"] for item in mixed["data"]] == ["ping"], "a neighbour that needs no database"
        assert [item["taskUUID"] for item in mixed["errors"]] == [task["taskUUID"]]
        pushed = socket.ask(task)
        assert (pushed["errors"][0]["code"], pushed["errors"][0]["taskUUID"]) == (error["code"], task["taskUUID"])
        # A full disk hits the file store too, and a look at either is good for a moment.
        server.until(lambda: "database" in server.get("/readyz").json().get("reason", ""), SOON)
        assert server.get("/readyz").status_code == 503
        assert server.get("/healthz").status_code == 200
    server.ready()
    assert server.post(task).status_code == 200
    assert server.wait(task["taskUUID"], 120)[0][0]["status"] == "success"


def test_an_unknown_key_cannot_be_told_from_a_known_one_without_a_database(make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    with broken(server, "gone"):
        reply = server.post({"taskType": "ping"}, key="never-seen")
        assert reply.status_code == 503 and "retry-after" in reply.headers
        assert reply.json()["errors"][0]["code"] == "serviceUnavailable"
    assert server.post({"taskType": "ping"}, key="never-seen").status_code == 401


COMMANDS = (
    ("accounts", "list"),
    ("accounts", "create", "x"),
    ("keys", "list"),
    ("keys", "create"),
    ("tasks", "list"),
    ("tasks", "cancel", "17df03fb-ef1a-4f48-b118-10a7dc4f20e4"),
    ("generate", "--prompt", "a cat", "--engine", "testcard"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that was used."""
    assert vitascope(tmp_path, "keys", "create", "--data", "data").code == 0
    return tmp_path


def alter(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "data" / "vitascope.db")
    with connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("words", COMMANDS, ids="-".join)
def test_a_newer_schema_is_one_sentence(folder: Path, words: tuple[str, ...]) -> None:
    alter(folder, "update vitascope_version set version_num = '9999'")
    said = vitascope(folder, *words, "--data", "data")
    assert said.code == 1 and "newer version" in said.stderr and "Traceback" not in said.stderr
    assert said.stderr.count("Error") == 1 and not said.stdout


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_newer_schema_ends_servers_with_one_sentence(folder: Path, command: str) -> None:
    alter(folder, "update vitascope_version set version_num = '9999'")
    words = [sys.executable, "-m", "vitascope", command, "--engine", "testcard", "--data", "data"]
    environment = {**os.environ, "COLUMNS": "500"}
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 1 and not done.stdout
    assert "newer version" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_doctor_finds_a_newer_schema(folder: Path) -> None:
    alter(folder, "update vitascope_version set version_num = '9999'")
    said = vitascope(folder, "doctor", "--data", "data")
    assert said.code == 1 and "newer" in said.stdout and "Traceback" not in said.stderr


def test_a_file_that_is_no_database_is_one_sentence(folder: Path) -> None:
    for path in (folder / "data").glob("vitascope.db*"):
        path.write_bytes(b"not a database at all" * 1000)
    said = vitascope(folder, "keys", "list", "--data", "data")
    assert said.code == 1 and "database" in said.stderr and "Traceback" not in said.stderr
