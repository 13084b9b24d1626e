"""Ten thousand generated messages: no dead process, no unexpected error, every answer names the task it is about."""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.life.conftest import Server, video_task
from tests.server.runware.sockets import Socket
from vitascope.server.http.protocols import BEGINNING

MESSAGES = 10_000
BATCH = 100
HUGE = 98765432109876543210
"""Sent as a number of 4200 digits, nearly the most that is read."""

TYPES = ["videoInference", "getResponse", "imageUpload", "mediaStorage", "getTaskDetails", "cancelTask", "modelSearch"]
TYPES += ["accountManagement", "ping", "dance", "", "authentication ", "authentication"]
WORDS = [
    "",
    "x",
    "\0",
    "\u202e",
    "é" * 40,
    "null",
    "-1",
    "../../etc",
    "%s%n",
    "😀",
    "http://127.0.0.1:9/",
    "data:,",
    "===",
]
NAMES = ["model", "positivePrompt", "width", "height", "duration", "seed", "inputs", "frameImages", "providerSettings"]
NAMES += ["numberResults", "outputFormat", "ttl", "webhookURL", "safety", "fps", "routing", "apiKey", "image", "search"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("fuzz") / "data")
    try:
        yield running.start().ready()
    finally:
        running.close()
    log = running.log.read_text()
    assert "Traceback" not in log and "unexpected" not in log, log[-5000:]


def value(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON value."""
    kind = dice.randrange(9 if depth < 3 else 7)
    if kind == 7:
        return [value(dice, depth + 1) for _ in range(dice.randrange(4))]
    if kind == 8:
        return {dice.choice([*NAMES, "bytedance", "image", "frame"]): value(dice, depth + 1) for _ in range(3)}
    numbers = [dice.randrange(-5, 3000), dice.choice([1.2, -0.0, 1e308]), dice.choice([2**63, 10**30, HUGE])]
    return [None, True, *numbers, dice.choice(WORDS), some_uuid(dice)][kind]


def some_uuid(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def task(dice: random.Random) -> Any:
    """Nearly a task: a valid one with a few of its values changed, or any value at all."""
    if dice.random() < 0.1:
        return value(dice)
    wanted: dict[str, Any] = {"taskType": dice.choice(TYPES), "taskUUID": some_uuid(dice)}
    if wanted["taskType"] == "videoInference":
        wanted = {**video_task(), **wanted, "width": 865}  # refused whatever else is right: nothing is made here
    for _ in range(dice.randrange(4)):
        wanted[dice.choice([*NAMES, "taskUUID" if dice.random() < 0.2 else "operation"])] = value(dice)
    if dice.random() < 0.002:
        wanted["positivePrompt"] = "giant " * 400_000
    return wanted


def message(dice: random.Random) -> tuple[list[Any], bytes]:
    """(the tasks in it, if it can be read; the message)."""
    tasks = [task(dice) for _ in range(dice.choice([1, 1, 1, 2, 5]))]
    whole = json.dumps(tasks).replace(str(HUGE), "9" * 4200).encode()
    if dice.random() < 0.75:
        return tasks, whole
    broken = [
        whole[: dice.randrange(len(whole))],
        whole.replace(b":", b"", 1) if b":" in whole else b"[",
        b"[" * dice.randrange(1, 3000),
        b'["\\ud800"]',
        b"[NaN]",
        b"[1e999]",
        b"[" + b"9" * 5000 + b"]",
        dice.choice(WORDS).encode(),
        dice.randbytes(dice.randrange(50)),
        json.dumps({"taskUUID": value(dice)}).encode(),
    ]
    return [], dice.choice(broken)


def send(socket: Socket, dice: random.Random, data: bytes) -> None:
    """As text if it is text, else binary; whole or in pieces."""
    try:
        text: str | None = data.decode()
    except UnicodeDecodeError:
        text = None
    sent: Any = text if text is not None and dice.random() < 0.7 else data
    if len(sent) > 1 and dice.random() < 0.2:
        cut = dice.randrange(1, len(sent))
        sent = iter([sent[:cut], sent[cut:]])
    socket.wire.send(sent)


def named(tasks: list[Any]) -> set[str]:
    """The UUIDs that answers must carry: those sent as plain, short text. What is said about keys carries none."""
    sent = [
        task.get("taskUUID") for task in tasks if isinstance(task, dict) and task.get("taskType") != "authentication"
    ]
    return {each for each in sent if isinstance(each, str) and each and each.isprintable()}


def read_all(socket: Socket, wanted: set[str], number: int) -> None:
    """Read until each UUID was named in an answer and at least so many frames came."""
    deadline = time.monotonic() + 20
    while wanted or number > 0:
        try:
            frame = socket.receive(deadline - time.monotonic())
        except TimeoutError:
            raise AssertionError(f"{number} frames and answers about {wanted} did not come") from None
        number -= 1
        for item in frame.get("data") or frame["errors"]:
            assert item.get("code") != "internalServerError", item
            wanted.discard(item.get("taskUUID"))


def test_ten_thousand_messages(server: Server) -> None:
    dice = random.Random(20260)
    with Socket(server.url, server.key) as socket:
        for _ in range(MESSAGES // BATCH):
            wanted: set[str] = set()
            number = 0
            for _ in range(BATCH):
                tasks, data = message(dice)
                send(socket, dice, data)
                wanted |= named(tasks)
                number += len(tasks) or 1
            read_all(socket, wanted, number)
        assert socket.ask({"taskType": "ping", "ping": True}) == {"data": [{"taskType": "ping", "pong": True}]}
    assert server.get("/readyz").status_code == 200


def test_messages_of_nobody(server: Server) -> None:
    dice = random.Random(7)
    with Socket(server.url, None) as socket:
        for _ in range(500):
            sent = message(dice)[1]
            send(socket, dice, sent if len(sent) < BEGINNING else b"[]")
            assert "errors" in socket.receive()
        assert socket.silent(0.3)


def test_text_that_is_no_text_ends_its_connection_only(server: Server) -> None:
    with Socket(server.url, server.key) as other:
        with Socket(server.url, server.key) as socket:
            socket.wire.send(b"\xff\xfe[", text=True)
            with pytest.raises(ConnectionClosed):
                socket.receive(5)
        assert "data" in other.ask({"taskType": "ping", "ping": True})
