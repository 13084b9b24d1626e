"""How connections end: idle ones, revoked keys, and errors that nobody expected. The server runs in this process."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sqlalchemy as sa
from websockets.exceptions import ConnectionClosed

from tests.life.conftest import video_task
from tests.server.inside import Inside, inside
from vitascope.server import auth
from vitascope.server.runware import socket
from vitascope.service.cancel import cancel_task
from vitascope.tasks import accounts
from vitascope.tasks.database.tables import api_key

__all__ = ["inside"]

PING = {"taskType": "ping", "ping": True}
PONG = {"data": [{"taskType": "ping", "pong": True}]}


def test_idle_connections_are_closed_but_not_those_that_wait(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert socket.IDLE >= 120
    monkeypatch.setattr(socket, "IDLE", 0.2)
    with inside.open() as wire:
        assert "data" in wire.ask(video_task())  # there is no worker: it stays in the queue
        time.sleep(0.6)
        assert wire.ask(PING) == PONG
    with inside.open() as wire, pytest.raises(ConnectionClosed) as ended:
        wire.receive(2)
    assert ended.value.rcvd is not None
    assert (ended.value.rcvd.code, ended.value.rcvd.reason) == (1008, "idle")


def test_a_revoked_key_opens_nothing_more(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "REMEMBER", 0.0)
    with inside.open() as wire:
        assert wire.ask(PING) == PONG
        with inside.state.services.engine.begin() as connection:
            connection.execute(sa.update(api_key).values(revoked_at=time.time()))
        frame = wire.ask(PING)
        assert frame["error"]["code"] == "invalidApiKey" and frame["errors"] == [frame["error"]]


def test_a_revoked_key_gets_no_more_results(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "REMEMBER", 0.0)
    task = video_task()
    with inside.open() as wire:
        assert "data" in wire.ask(task)
        with inside.state.services.engine.begin() as connection:
            connection.execute(sa.update(api_key).values(revoked_at=time.time()))
            account_id = accounts.default_account(connection)
        cancel_task(
            inside.state.services.engine, inside.state.services.enqueuer, account_id, task["taskUUID"]
        )  # it ends: a push is due
        with pytest.raises(ConnectionClosed) as ended:
            wire.receive(3)
    assert ended.value.rcvd is not None
    assert (ended.value.rcvd.code, ended.value.rcvd.reason) == (1008, "revoked")


@pytest.mark.parametrize("session", [[], {}, 5, True, "x", None])
def test_any_session_uuid_may_be_named_again(inside: Inside, session: Any) -> None:
    with inside.open() as wire:
        frame = wire.ask({"taskType": "authentication", "apiKey": wire.key, "connectionSessionUUID": session})
        assert frame["data"][0]["connectionSessionUUID"]
        assert wire.ask(PING) == PONG


def test_an_unexpected_error_names_its_task_and_no_secret(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = inside.state.dispatch.answer

    async def fails_once(account_id: str, tasks: list[Any]) -> Any:
        if tasks[0]["taskType"] == "getResponse":
            raise LookupError("a secret of the inside")
        return await answer(account_id, tasks)

    monkeypatch.setattr(inside.state.dispatch, "answer", fails_once)
    with inside.open() as wire:
        task_uuid = video_task()["taskUUID"]
        error = wire.ask({"taskType": "getResponse", "taskUUID": task_uuid})["errors"][0]
        assert error["code"] == "internalServerError" and error["taskUUID"] == task_uuid
        assert "secret" not in str(error) and "secret" in caplog.text
        assert wire.ask(PING) == PONG
