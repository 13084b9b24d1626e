"""A dispatch with a real database and real files behind it, and accounts that ask it for things. No worker runs."""

from __future__ import annotations

import asyncio
import base64
import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore
import pytest
from PIL import Image

from vitascope.server.runware.reply import Reply
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.tasks import accounts, takes
from vitascope.tasks.ledger import TakeRecord, find_task

Item = dict[str, Any]


@dataclass
class Client:
    """One account at the dispatch."""

    state: ServerState
    account_id: str

    def ask(self, *tasks: Any) -> Reply:
        return asyncio.run(self.state.dispatch.answer(self.account_id, list(tasks)))

    def utility(self, kind: str, task_uuid: Any = None, **parameters: Any) -> Reply:
        return self.ask(
            {"taskType": kind, "taskUUID": str(uuid.uuid4()) if task_uuid is None else task_uuid, **parameters}
        )

    def item(self, kind: str, task_uuid: Any = None, **parameters: Any) -> Item:
        """The data item that a utility task comes to."""
        reply = self.utility(kind, task_uuid, **parameters)
        assert not reply.errors, reply.errors
        return reply.data[0]

    def code(self, kind: str, task_uuid: Any = None, **parameters: Any) -> str:
        """The code that a utility task is refused with."""
        reply = self.utility(kind, task_uuid, **parameters)
        assert not reply.data, reply.data
        return str(reply.errors[0]["code"])

    def submit(self, **changes: Any) -> str:
        task = video_task(**changes)
        reply = self.ask(task)
        assert reply.data == [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}], reply.errors
        return str(task["taskUUID"])

    def takes(self, task_uuid: str) -> list[TakeRecord]:
        with self.state.services.engine.connect() as connection:
            task = find_task(connection, self.account_id, task_uuid)
        assert task is not None
        return list(task.takes)

    def finish(self, task_uuid: str, number: int = 0, cost: str = "0.01", **facts: Any) -> str:
        """End one take as the worker would: the file put away, one transaction. Returns the file's key."""
        take_id = self.takes(task_uuid)[number].id
        key = f"videos/{take_id}.mp4"
        path = self.state.services.settings.data / "clip"
        path.write_bytes(take_id.encode())
        self.state.services.storage.put_file(key, path)
        ended = {"file_key": key, "expires_at": 2_000_000_000, "width": 864, "height": 480, "cost": cost, **facts}
        with self.state.services.engine.begin() as connection:
            takes.begin(connection, take_id)
            assert takes.succeed(connection, self.state.services.enqueuer, take_id, ended, [])
        return key


def video_task(**changes: Any) -> Item:
    """A task that is accepted, with changes; None takes a parameter out."""
    task = {
        "taskType": "videoInference",
        "taskUUID": str(uuid.uuid4()),
        "model": "bytedance:2@2",
        "positivePrompt": "a test pattern",
        "width": 864,
        "height": 480,
        "duration": 5,
    }
    return {name: value for name, value in {**task, **changes}.items() if value is not None}


def stored(state: ServerState, prefix: str) -> set[str]:
    """The keys of the files that a server keeps below a prefix."""
    return {found["path"] for batch in obstore.list(state.services.storage.store, prefix) for found in batch}


def picture(width: int = 640, height: int = 480, shade: int = 0) -> str:
    """A data URI of a picture; another `shade` is another picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 80, 160)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


@pytest.fixture
def make_rooms(tmp_path: Path) -> Iterator[Callable[..., ServerState]]:
    """Opens the state of a web process, with settings; they are closed at the end of the test."""
    made: list[ServerState] = []

    def make(name: str = "data", **settings: Any) -> ServerState:
        made.append(ServerState(Settings(data=tmp_path / name, **settings)))
        return made[-1]

    yield make
    for state in made:
        state.close()


@pytest.fixture
def state(make_rooms: Callable[..., ServerState]) -> ServerState:
    return make_rooms()


@pytest.fixture
def client(state: ServerState) -> Client:
    """An account without a limit."""
    return open_account(state, "alice")


@pytest.fixture
def other(state: ServerState) -> Client:
    """Another account."""
    return open_account(state, "bob")


def open_account(state: ServerState, name: str) -> Client:
    with state.services.engine.begin() as connection:
        return Client(state, accounts.create_account(connection, name))
