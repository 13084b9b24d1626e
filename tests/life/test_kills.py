"""kill -9 of the whole process group at ten moments: nothing acknowledged is lost, nothing is published twice."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.life.conftest import Receiver, Server

KILLS = 10


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_comes_twice(make_server: Callable[..., Server], receiver: Receiver) -> None:
    server = make_server()
    moments = random.Random(4)
    acknowledged: list[str] = []
    for _ in range(KILLS):
        server.start()
        hook = f"{receiver.url}/hook"
        for _ in range(2):
            acknowledged.append(server.submit(numberResults=2, seed=moments.randrange(1000), webhookURL=hook))
        # Anywhere from "the worker is still starting" over "in the middle of a take" to "between two takes".
        time.sleep(moments.uniform(0.0, 4.0))
        server.kill()
    server.start().ready()
    for task_uuid in acknowledged:
        data, errors = server.wait(task_uuid, 180)
        assert len(data) == 2 and not errors
        assert len({item["videoUUID"] for item in data}) == 2
        for item in data:
            assert server.client.head(item["videoURL"]).status_code == 200
    assert server.post(_again(acknowledged[0])).json()["errors"][0]["code"] == "conflictTaskUUID"
    takes = 2 * len(acknowledged)
    # A kill between a webhook's arrival and the note of it makes it come again: never other than the first time.
    deadline = time.monotonic() + 60
    while {call.json()["videoUUID"] for call in receiver.calls} != _published(server):
        assert time.monotonic() < deadline, "a webhook did not come"
        time.sleep(0.1)
    assert len(receiver.calls) <= takes + KILLS
    assert len({call.body for call in receiver.calls}) == takes
    assert len(list((server.data / "files" / "videos").iterdir())) == takes == len(_published(server))


def _again(task_uuid: str) -> dict[str, object]:
    task = {"taskType": "videoInference", "taskUUID": task_uuid, "model": "bytedance:2@2", "duration": 2}
    return {**task, "positivePrompt": "another prompt", "width": 864, "height": 480}


def _published(server: Server) -> set[str]:
    connection = sqlite3.connect(server.data / "vitascope.db")
    rows = connection.execute("select id from take where state = 'success'").fetchall()
    connection.close()
    return {row[0] for row in rows}


@pytest.mark.slow
def test_a_take_that_kills_its_worker_ends_as_an_error(make_server: Callable[..., Server]) -> None:
    server = make_server().start().ready()
    task_uuid = server.submit(model="bytedance:2@1", width=1920, height=1088, duration=12, outputQuality=99)
    for attempt in (1, 2, 3):
        deadline = time.monotonic() + 60
        while _attempts(server) < attempt:
            assert time.monotonic() < deadline, f"attempt {attempt} was not begun within a minute"
            time.sleep(0.05)
        server.kill()
        server.start()
    data, errors = server.wait(task_uuid, 60)
    assert not data and "3 times" in errors[0]["message"]


def _attempts(server: Server) -> int:
    connection = sqlite3.connect(server.data / "vitascope.db")
    attempts = connection.execute("select attempts from take").fetchone()[0]
    connection.close()
    return int(attempts)
