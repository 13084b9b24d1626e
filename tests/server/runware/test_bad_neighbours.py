"""Whatever is wrong with one task of an array, its neighbours and its caller get their answers, on both transports."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.life.conftest import Server, video_task
from tests.server.runware.sockets import Socket
from vitascope.server.runware.lenient import DEEPEST

Item = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("neighbours") / "data")
    try:
        yield running.start().ready()
    finally:
        running.close()


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


HALF = "a cat \ud83d"
# What is wrong -> (what is changed in a sound task, the code or "" if it is accepted all the same).
FAULTY: dict[str, tuple[Item, str]] = {
    "half a character in the prompt": ({"positivePrompt": HALF}, ""),
    "the other half": ({"positivePrompt": "\udc31 and a cat"}, ""),
    "halves in the wrong order": ({"positivePrompt": "a cat \udc31\ud83d"}, ""),
    "only halves": ({"positivePrompt": "\ud83d\ud83d\ud83d"}, "invalidPositivePrompt"),
    "half a character in a name": ({"\ud83d": 1}, "unsupportedParameter"),
    "half a character in what is not looked at": ({"routing": {"\ud83d": [HALF]}}, ""),
    "half a character in a model": ({"model": "bytedance:2@2\ud83d"}, "invalidModel"),
    "half a character in a type": ({"taskType": "videoInference\ud83d"}, "unsupportedTaskType"),
    "half a character in a URL": ({"webhookURL": "https://example.com/\ud83d"}, "invalidWebhookURL"),
    "half a character in a picture": ({"frameImages": ["\ud83d"]}, "invalidFrameImage"),
    "U+0000 in the prompt": ({"positivePrompt": "a cat\0 and a dog"}, "invalidPositivePrompt"),
    "U+0000 in a name": ({"width\0": 1}, "unsupportedParameter"),
    "U+0000 in what is not looked at": ({"routing": "\0"}, ""),
    "no number": ({"seed": float("nan")}, "invalidSeed"),
    "no number either": ({"duration": float("inf")}, "invalidDuration"),
    "no number in what is not looked at": ({"routing": [float("nan"), float("-inf")]}, ""),
    "nested too deeply": ({"routing": {"half": HALF, "deep": deep(DEEPEST)}}, "invalidTask"),
}


def asked(server: Server, transport: str, message: bytes, number: int) -> list[Item]:
    """The items that come back for a message that says `number` things."""
    if transport == "http":
        headers = {"Authorization": f"Bearer {server.key}"}
        reply = server.client.post(f"{server.url}/v1", content=message, headers=headers)
        assert reply.headers["content-type"] == "application/json", reply.text
        return [item for items in json.loads(reply.content.decode()).values() for item in items]
    with Socket(server.url, server.key) as socket:
        socket.wire.send(message, text=None if transport == "binary" else True)
        found: list[Item] = []
        while len(found) < number:
            frame = socket.receive()
            found += frame.get("data") or frame["errors"]
        return found


@pytest.mark.parametrize("transport", ["http", "text"])
@pytest.mark.parametrize("name", FAULTY)
def test_neighbours_and_the_caller_are_answered(server: Server, transport: str, name: str) -> None:
    change, code = FAULTY[name]
    before, after = ({"taskType": "getResponse", "taskUUID": str(uuid.uuid4())} for _ in range(2))
    bad = video_task(**change)
    items = asked(server, transport, json.dumps([before, bad, after]).encode(), 3)
    by_uuid = {item["taskUUID"]: item for item in items}
    assert by_uuid[before["taskUUID"]]["code"] == by_uuid[after["taskUUID"]]["code"] == "taskNotFound"
    assert by_uuid[bad["taskUUID"]].get("code", "") == code, items
    if not code:
        details = {"taskType": "getTaskDetails", "taskUUID": bad["taskUUID"]}
        assert asked(server, transport, json.dumps([details]).encode(), 1)[0]["request"], "its record can be read again"


@pytest.mark.parametrize("transport", ["http", "text"])
def test_a_half_character_becomes_the_replacement_character(server: Server, transport: str) -> None:
    task = video_task(positivePrompt=HALF, routing=float("nan"))
    asked(server, transport, json.dumps([task]).encode(), 1)
    request = server.post({"taskType": "getTaskDetails", "taskUUID": task["taskUUID"]}).json()["data"][0]["request"][0]
    assert (request["positivePrompt"], request["routing"]) == ("a cat \ufffd", None)


@pytest.mark.parametrize("transport", ["http", "text"])
@pytest.mark.parametrize("name", ["", "\0", "x\0y", "\ud83d", "no uuid", "é" * 99])
def test_a_bad_name_is_answered_as_it_was_sent(server: Server, transport: str, name: str) -> None:
    sound = str(uuid.uuid4())
    tasks = [{"taskType": "getResponse", "taskUUID": each} for each in (name, sound)]
    items = asked(server, transport, json.dumps(tasks).encode(), 2)
    named = {item.get("taskUUID"): item["code"] for item in items}
    assert named == {name.replace("\ud83d", "\ufffd") or None: "invalidTaskUUID", sound: "taskNotFound"}


@pytest.mark.parametrize("transport", ["http", "text"])
@pytest.mark.parametrize("other", [5, None, "a text", [], [[]], True, {"taskUUID": 7}, {"taskType": 1, "taskUUID": {}}])
def test_what_has_no_name_hurts_nobody(server: Server, transport: str, other: Any) -> None:
    sound = str(uuid.uuid4())
    items = asked(server, transport, json.dumps([other, {"taskType": "getResponse", "taskUUID": sound}]).encode(), 2)
    assert [item["code"] for item in items if item.get("taskUUID") == sound] == ["taskNotFound"]
    assert len(items) == 2


@pytest.mark.parametrize("transport", ["http", "binary"])
def test_bytes_that_are_no_text_are_told_under_the_tasks_name(server: Server, transport: str) -> None:
    bad, sound = video_task(positivePrompt="un caf\u00e9 \u00e0 Paris"), str(uuid.uuid4())
    tasks = [bad, {"taskType": "getResponse", "taskUUID": sound}]
    items = asked(server, transport, json.dumps(tasks, ensure_ascii=False).encode("latin-1"), 2)
    assert {item["taskUUID"]: item["code"] for item in items} == {bad["taskUUID"]: "invalidTask", sound: "taskNotFound"}
    assert any("UTF-8" in item["message"] for item in items)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_other_encodings_of_unicode_are_read(server: Server, encoding: str) -> None:
    task = video_task(positivePrompt="ein schöner Garten")
    assert asked(server, "http", json.dumps([task], ensure_ascii=False).encode(encoding), 1)[0].get("code") is None


@pytest.mark.parametrize("digits", [20, 400, 4299, 4300, 5000, 100_000])
@pytest.mark.parametrize("name", ["seed", "width", "duration", "routing", "taskUUID", "ttl"])
def test_huge_numbers_are_one_tasks_fault(server: Server, name: str, digits: int) -> None:
    bad = video_task(**{name: 0})
    sound = str(uuid.uuid4())
    tasks = [bad, {"taskType": "getResponse", "taskUUID": sound}]
    message = json.dumps(tasks).replace(f'"{name}": 0', f'"{name}": {"9" * digits}')
    items = asked(server, "http", message.encode(), 2)
    assert [item["code"] for item in items if item.get("taskUUID") == sound] == ["taskNotFound"]
    other = [item for item in items if item.get("taskUUID") != sound]
    assert other and (name in {"routing", "ttl"} or "code" in other[0]), items
    if name == "routing":
        detail = server.post({"taskType": "getTaskDetails", "taskUUID": bad["taskUUID"]})
        assert "routing" in detail.json()["data"][0]["request"][0]


def test_the_last_of_two_equal_names_counts(server: Server) -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    message = f'[{{"taskType": "getResponse", "taskUUID": "{first}", "taskUUID": "{second}"}}]'
    assert [item["taskUUID"] for item in asked(server, "http", message.encode(), 1)] == [second]


@pytest.mark.parametrize(
    "message", ['[{"taskType": "x", "taskUUID": "%s", ]', '[{"taskUUID": "%s", "a": ' + "[" * 9999]
)
def test_a_message_that_is_no_json_is_told_to_those_it_names(server: Server, message: str) -> None:
    """A client over a socket that finds no answer under its taskUUID waits for ever, or takes it for all its tasks'."""
    name = str(uuid.uuid4())
    for transport in ("http", "text"):
        items = asked(server, transport, (message % name).encode(), 1)
        assert [(item["taskUUID"], item["code"]) for item in items] == [(name, "invalidJSON")]


def test_too_many_tasks_are_told_to_each(server: Server) -> None:
    tasks = [{"taskType": "getResponse", "taskUUID": str(uuid.uuid4())} for _ in range(1001)]
    items = asked(server, "http", json.dumps(tasks).encode(), 1000)
    assert {item["code"] for item in items} == {"arrayTooLarge"} and len({item["taskUUID"] for item in items}) == 1000


def test_one_bad_name_in_a_poll_of_several(server: Server) -> None:
    names = [str(uuid.uuid4()), "nonsense", str(uuid.uuid4())]
    items = asked(server, "http", json.dumps([{"taskType": "getResponse", "taskUUID": names}]).encode(), 3)
    codes = {item["taskUUID"]: item["code"] for item in items}
    assert codes == {names[0]: "taskNotFound", "nonsense": "invalidTaskUUID", names[2]: "taskNotFound"}


def test_strangers_are_told_once(server: Server) -> None:
    message = "[" + ",".join(f'{{"taskUUID": "{uuid.uuid4()}"}}' for _ in range(1001))
    for headers in ({}, {"Authorization": "Bearer nobody"}):
        reply = server.client.post(f"{server.url}/v1", content=message, headers=headers)
        assert len(reply.json()["errors"]) == 1
    with Socket(server.url, None) as socket:
        socket.wire.send(message)
        assert len(socket.receive()["errors"]) == 1 and socket.silent(0.3)
