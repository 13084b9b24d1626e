"""Every error code, got from a running server over HTTP: one test each, with its status, its page and its message."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.cli.command import vitascope
from tests.life.conftest import Item, Server, video_task
from vitascope.contract.errors.examples import EXAMPLES, TASK, UTILITY_EXAMPLES
from vitascope.contract.errors.page import CodeSection, sections

PRO = "bytedance:seedance@1.5-pro"
LONG = {"model": "bytedance:2@1", "width": 1920, "height": 1088, "duration": 12}
SECTIONS = {section.code: section for section in sections()}


class House:
    """The servers that the scenes need, each started when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Server] = {}

    @property
    def usual(self) -> Server:
        """Nothing special about it."""
        return self._server("usual")

    @property
    def tight(self) -> Server:
        """Room for two takes of an account, 64 KiB a request, one second a run."""
        limits = {"VITASCOPE_MAX_QUEUED": "2", "VITASCOPE_MAX_BODY": "65536", "VITASCOPE_RUN_TIMEOUT": "1"}
        return self._server("tight", **limits)

    @property
    def drawing(self) -> Server:
        """Its engine draws in processes of its own; it keeps one uploaded picture of an account."""
        return self._server("drawing", engine="filmset", VITASCOPE_MAX_UPLOADS="1")

    def _server(self, name: str, engine: str = "testcard", **settings: str) -> Server:
        if name not in self._running:
            self._running[name] = Server(self._folder / name, engine, **settings).start().ready()
        return self._running[name]

    def close(self) -> None:
        for server in self._running.values():
            server.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


def named(task: Mapping[str, Any]) -> Item:
    """A task under a fresh UUID, if it has the example's."""
    return {**task, "taskUUID": str(uuid.uuid4())} if task.get("taskUUID") == TASK["taskUUID"] else dict(task)


def raw(server: Server, body: bytes, **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {server.key}", **{name.replace("_", "-"): each for name, each in headers.items()}}
    return server.client.post(f"{server.url}/v1", content=body, headers=sent)


def poll(server: Server, task_uuid: str, seconds: float = 60) -> httpx.Response:
    """The poll that tells of a task's failure."""
    deadline = time.monotonic() + seconds
    while True:
        reply = server.post({"taskType": "getResponse", "taskUUID": task_uuid})
        if "errors" in reply.json():
            return reply
        assert time.monotonic() < deadline, f"no error within {seconds} s: {reply.text}"
        time.sleep(0.1)


def change(server: Server, statement: str) -> None:
    connection = sqlite3.connect(server.data / "vitascope.db", timeout=30)
    try:
        with connection:
            connection.execute(statement)
    finally:
        connection.close()


def picture(width: int, height: int, noise: bool = False) -> str:
    """A PNG as a data URI; noise cannot be packed: three bytes a pixel."""
    shape = (height, width, 3)
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8) if noise else np.zeros(shape, np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def framed(server: Server, image: str) -> httpx.Response:
    return server.post(video_task(inputs={"frameImages": [image]}))


def locked_out(house: House) -> httpx.Response:
    """Somebody else writes, and does not come to an end."""
    writer = sqlite3.connect(house.usual.data / "vitascope.db", timeout=30, isolation_level=None)
    writer.execute("begin immediate")
    try:
        return house.usual.post(video_task())
    finally:
        writer.close()


def short_of_credit(house: House) -> httpx.Response:
    server = house.usual
    lines = (("accounts", "create", "poor"), ("accounts", "credit", "poor", "0.001"))
    for words in (*lines, ("keys", "create", "--account", "poor")):
        done = vitascope(server.data.parent, *words, "--data", str(server.data))
        assert done.code == 0, done.stderr
    return server.post(video_task(), key=done.stdout.strip())


def queue_full(house: House) -> httpx.Response:
    return house.tight.post(video_task(numberResults=3))


def repeated(house: House) -> httpx.Response:
    task = video_task()
    assert house.usual.post(task).status_code == 200
    return house.usual.post(task)


def cancelled(house: House) -> httpx.Response:
    task_uuid = house.usual.submit(**LONG)
    assert house.usual.post({"taskType": "cancelTask", "taskUUID": task_uuid}).status_code == 200
    return poll(house.usual, task_uuid)


def expired_draft(house: House) -> httpx.Response:
    server = house.usual
    settings = {"bytedance": {"draft": True}}
    data, errors = server.wait(server.submit(model=PRO, height=496, duration=4, providerSettings=settings))
    assert not errors
    draft_id = data[0]["outputs"]["draftId"]
    change(server, f"update take set expires_at = 1 where draft_id = '{draft_id}'")
    final = {"taskType": "videoInference", "taskUUID": str(uuid.uuid4()), "model": PRO, "inputs": {"draftId": draft_id}}
    return server.post(final)


def too_many_uploads(house: House) -> httpx.Response:
    for _ in range(2):
        upload = {"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": picture(300, 300)}
        reply = house.drawing.post(upload)
    return reply


def broken_inside(house: House) -> httpx.Response:
    change(house.tight, "alter table media rename to elsewhere")
    task = {"taskType": "mediaStorage", "taskUUID": str(uuid.uuid4()), "operation": "delete"}
    return house.tight.post({**task, "media": str(uuid.uuid4())})


def engine_killed(house: House) -> httpx.Response:
    """Its processes killed whenever they are seen: a take whose engine died once is begun again."""
    server = house.drawing
    before = descendants(server)
    task_uuid = server.submit(**{**LONG, "positivePrompt": "a dancer on a rooftop stage at night"})
    deadline = time.monotonic() + 120
    while not (reply := server.post({"taskType": "getResponse", "taskUUID": task_uuid})).json().get("errors"):
        assert time.monotonic() < deadline, f"the take goes on without its processes: {reply.text}"
        for pid in descendants(server) - before:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
    return reply


def descendants(server: Server) -> set[int]:
    """The processes of a server's group that have not ended."""
    assert server.process is not None
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], check=True, capture_output=True, text=True, timeout=20)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid) for pid, group, state in rows if int(group) == server.process.pid and not state.startswith("Z")}


Scene = Callable[[House], httpx.Response]

SCENES: dict[str, Scene] = {
    "missingApiKey": lambda house: raw(house.usual, b'[{"taskType": "ping"}]', Authorization=""),
    "invalidApiKey": lambda house: house.usual.post({"taskType": "ping"}, key="vita_0000"),
    "invalidJSON": lambda house: raw(house.usual, b'[{"taskType": '),
    "invalidRequestBody": lambda house: raw(house.usual, b"{}"),
    "invalidTask": lambda house: raw(house.usual, b"[5]"),
    "maxTaskSizeExceeded": lambda house: house.usual.post(video_task(routing=[0] * 400)),
    "maxRequestSizeExceeded": lambda house: raw(house.tight, json.dumps([{"x": "x" * 65536}]).encode()),
    "unsupportedMethod": lambda house: house.usual.get("/v1"),
    "unsupportedContentType": lambda house: raw(house.usual, b"--x", Content_Type="multipart/form-data; boundary=x"),
    "unsupportedContentEncoding": lambda house: raw(house.usual, b"x", Content_Encoding="br"),
    "invalidContentEncoding": lambda house: raw(house.usual, b"x", Content_Encoding="gzip"),
    "conflictTaskUUID": repeated,
    "insufficientCredits": short_of_credit,
    "queueRateLimitExceeded": queue_full,
    "internalServerError": broken_inside,
    "serviceUnavailable": locked_out,
    "maxStoredMediaExceeded": too_many_uploads,
    "inferenceError": engine_killed,
    "providerTimeout": lambda house: poll(house.tight, house.tight.submit(**LONG)),
    "taskCancelled": cancelled,
    "draftExpired": expired_draft,
    "frameImageNotFound": lambda house: framed(house.usual, str(uuid.uuid4())),
    "invalidFrameImageWidth": lambda house: framed(house.usual, picture(299, 400)),
    "invalidFrameImageHeight": lambda house: framed(house.usual, picture(400, 299)),
    "invalidFrameImageRatio": lambda house: framed(house.usual, picture(1200, 400)),
    "invalidFrameImageSize": lambda house: framed(house.usual, picture(2000, 1800, noise=True)),
}


def scene(code: str) -> Scene:
    """What brings a code about: a scene of this file, the contract's example, or the example on the page."""
    if code in SCENES:
        return SCENES[code]
    if code in EXAMPLES:
        return lambda house: house.usual.post(named({**TASK, **EXAMPLES[code]}))
    assert code in UTILITY_EXAMPLES, f"{code} needs a scene"
    return lambda house: house.usual.post(named(UTILITY_EXAMPLES[code]))


@pytest.mark.parametrize("section", [pytest.param(section, id=code) for code, section in SECTIONS.items()])
def test_the_code_is_sent_as_documented(house: House, section: CodeSection) -> None:
    reply = scene(section.code)(house)
    errors = [item for item in reply.json()["errors"] if item["code"] == section.code]
    assert errors, reply.text
    assert reply.status_code == section.error.status
    assert errors[0]["documentation"].endswith(f"/docs/errors#{section.code}")
    assert len(errors[0]["message"]) > 20
