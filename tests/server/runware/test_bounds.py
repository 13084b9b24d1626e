"""How much one message, one array and one task may be, over HTTP and over sockets, and before anybody is known."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.life.conftest import video_task
from tests.server.conftest import Client
from tests.server.inside import Inside, inside
from tests.server.runware.sockets import Socket
from vitascope.errors import Refused
from vitascope.server.http.protocols import BEGINNING
from vitascope.server.runware import sessions
from vitascope.server.runware.messages import read_tasks

__all__ = ["inside"]

PING = {"taskType": "ping", "ping": True}


def refusal(message: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_tasks(message)
    return refused.value.fault().code


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"[" + b"[]," * 150_000 + b"0]", "arrayTooLarge"),
        (b"[" + b"0," * 210_000 + b"0]", "arrayTooLarge"),
        (b"[" + b"{" * 210_000, "arrayTooLarge"),
        (b"[{" + b'"a":1,' * 210_000 + b'"a":1}]', "arrayTooLarge"),
        (b'["' + b"\\n" * 2_100_000 + b'"]', "invalidJSON"),
        (b"[" * 1000, "invalidJSON"),
    ],
)
def test_messages_that_are_much_work_are_not_parsed(message: bytes, code: str) -> None:
    assert refusal(message) == code


def nested(levels: int) -> Any:
    return [nested(levels - 1)] if levels else 0


@pytest.mark.parametrize(
    "change",
    [
        {f"name{number}": 1 for number in range(400)},
        {"x" * 70_000: 1},
        {"routing": "x" * 70_000},
        {"routing": {"image": {"a": "x" * 70_000}}},
        {"routing": ["x" * 4000] * 20},
        {"routing": [0] * 400},
        {"routing": nested(17)},
        {"model": "x" * 70_000},
        {"positivePrompt": "x" * 70_000},
        {"providerSettings": {"bytedance": {str(number): number for number in range(400)}}},
        {"inputs": {"frameImages": [0] * 400}},
    ],
)
@pytest.mark.parametrize("kind", ["videoInference", "ping", "imageUpload", "getResponse"])
def test_tasks_that_are_too_large_are_refused_alone(client: Client, kind: str, change: dict[str, Any]) -> None:
    good, bad = video_task(), {**video_task(), **change, "taskType": kind}
    reply = client.ask(good, bad)
    assert [item["taskUUID"] for item in reply.data] == [good["taskUUID"]]
    assert [(error["code"], error["taskUUID"]) for error in reply.errors] == [("maxTaskSizeExceeded", bad["taskUUID"])]
    assert len(json.dumps(reply.errors)) < 2000


def test_what_is_small_is_taken_with_everything_in_it(client: Client) -> None:
    routing = {"providers": [{"name": "x" * 50, "regions": ["a", "b"] * 20}] * 3}
    task_uuid = client.submit(routing=routing)
    assert client.item("getTaskDetails", task_uuid)["request"][0]["routing"] == routing


def test_an_array_does_not_multiply(client: Client) -> None:
    names = [client.submit() for _ in range(20)]
    asked = [{"taskType": "getResponse", "taskUUID": names} for _ in range(60)]
    reply = client.ask(PING, *asked, PING)
    assert [item["taskType"] for item in reply.data].count("ping") == 2
    assert [item.get("taskUUID") for item in reply.data].count(names[0]) == 50  # 1000 in all
    assert [error["code"] for error in reply.errors] == ["arrayTooLarge"] * 10
    report = {"taskType": "accountManagement", "taskUUID": str(uuid.uuid4()), "operation": "getDetails"}
    reply = client.ask(*[report] * 103)
    assert (len(reply.data), [error["taskUUID"] for error in reply.errors]) == (100, [report["taskUUID"]] * 3)


def test_many_unknown_names_cost_little_and_are_told(client: Client) -> None:
    reply = client.ask(video_task(**{f"name{number}": 1 for number in range(200)}, durations=5))
    assert {error["code"] for error in reply.errors} == {"unsupportedParameter"} and len(reply.errors) == 20


@pytest.mark.parametrize("size", [BEGINNING + 9000, 20 * 1024 * 1024])
def test_nobody_is_read_little_of(inside: Inside, size: int) -> None:
    with Socket(inside.url, None) as socket, pytest.raises(ConnectionClosed) as ended:
        socket.wire.send(b"[" + b"[]," * (size // 3) + b"0]")
        socket.receive(20)
    # To a client that goes on sending, the reason may be lost with the connection.
    assert ended.value.rcvd is None or ended.value.rcvd.code == 1009
    with inside.open() as other:
        assert other.ask(PING) == {"data": [{"taskType": "ping", "pong": True}]}


def test_a_first_message_may_hold_tasks_and_the_second_may_be_large(inside: Inside) -> None:
    authentication = {"taskType": "authentication", "apiKey": inside.key()}
    with Socket(inside.url, None) as socket:
        socket.send(authentication, *[PING] * 900)
        socket.send({**PING, "image": "x" * 2_000_000})  # before the key was looked up
        frames = [socket.receive(20) for _ in range(902)]
    assert frames[0]["data"][0]["connectionSessionUUID"]
    assert frames[1:] == [{"data": [{"taskType": "ping", "pong": True}]}] * 901


@pytest.mark.parametrize("frame", [b"\x89\x80\0\0\0\0", b"\x8a\x80\0\0\0\0", b"\x00\x80\0\0\0\0"])
def test_very_many_very_small_frames_end_a_connection(inside: Inside, frame: bytes) -> None:
    with inside.open() as socket:
        begin = b"\x01\x80\0\0\0\0" if frame[0] == 0 else b""  # a message in pieces of nothing
        socket.wire.socket.sendall(begin + frame * 5000)
        with pytest.raises(ConnectionClosed) as ended:
            socket.receive(20)
    assert ended.value.rcvd is not None and ended.value.rcvd.code == 1008


def test_a_message_in_many_pieces_is_read(inside: Inside) -> None:
    with inside.open() as socket:
        text = json.dumps([{**PING, "image": "x" * 300_000}])
        socket.wire.send(text[start : start + 1000] for start in range(0, len(text), 1000))
        assert socket.receive(20) == {"data": [{"taskType": "ping", "pong": True}]}


def test_a_socket_has_one_session_and_an_account_leaves_few_behind(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_LEFT", 5)
    known = inside.state.sessions
    with inside.open() as socket:
        for _ in range(50):
            socket.ask({"taskType": "authentication", "apiKey": socket.key, "connectionSessionUUID": "another"})
        assert len(known._open) == 1
    names = []
    for _ in range(12):
        with inside.open() as socket:
            names.append(socket.session)
    with Socket(inside.url, inside.key(), names[-2]) as again:
        assert again.session == names[-2]
    assert len(known._open) <= 7
