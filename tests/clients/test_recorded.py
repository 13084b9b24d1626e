"""Requests as clients that cannot be installed here send them: the ComfyUI nodes, the TypeScript SDK, the command line.

Made from the record of their traffic; what each needs from the answers is asserted.
"""

from __future__ import annotations

import base64
import io
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.life.conftest import Server
from tests.server.runware.sockets import Frame, Socket

PRO = "bytedance:seedance@1.5-pro"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("recorded") / "data")
    try:
        yield running.start().ready()
    finally:
        running.close()


def picture() -> str:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((752, 560)).convert("RGB").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def comfyui_task(**changes: Any) -> dict[str, Any]:
    """Sizes together with frame images, a lower-case format, fps, a null, and the older spelling of frame images."""
    names = {"taskType": "videoInference", "taskUUID": str(uuid.uuid4()), "model": PRO, "outputFormat": "mp4"}
    size = {"height": 496, "width": 864, "positivePrompt": "a cat", "duration": 4, "fps": 24, "includeCost": True}
    settings = {"bytedance": {"cameraFixed": False, "audio": True}}
    frames = [{"inputImage": "data:image/png;base64," + picture(), "frame": "first"}]
    more = {"deliveryMethod": "async", "providerSettings": settings, "frameImages": frames, "seed": None}
    return {**names, **size, **more, **changes}


def test_comfyui_over_http(server: Server) -> None:
    """The key check has no header; each poll follows the last at once; `errors` may not even be an empty list."""
    assert len(server.key) > 24
    check = server.client.post(f"{server.url}/v1", json=[{"taskType": "authentication", "apiKey": server.key}])
    assert check.status_code == 200 and check.json().keys() == {"data"}
    task = comfyui_task()
    assert server.post(task).json() == {"data": [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]}
    deadline = time.monotonic() + 60
    while True:
        assert time.monotonic() < deadline, "no result within a minute"
        answer = server.post({"taskType": "getResponse", "taskUUID": task["taskUUID"]}).json()
        assert answer.keys() == {"data"} and len(answer["data"]) == 1
        if (item := answer["data"][0])["status"] == "success":
            break
        assert not [name for name in item if name.endswith(("URL", "UUID")) and name != "taskUUID"]
        time.sleep(0.2)
    assert item["cost"] > 0
    file = server.client.get(item["videoURL"])
    assert file.headers["content-type"] == "video/mp4" and len(file.content) == int(file.headers["content-length"])


def test_comfyui_over_a_socket(server: Server) -> None:
    with Socket(server.url, server.key):
        pass  # its key check is a connection of its own
    with Socket(server.url, server.key, **{"X-SDK-Name": "comfyui"}) as socket:
        task = comfyui_task(numberResults=2)
        assert socket.ask(task)["data"] == [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]
        first = socket.ask({"taskType": "getResponse", "taskUUID": task["taskUUID"]})
        assert first["data"][0]["taskUUID"] == task["taskUUID"], "known as soon as it is acknowledged"
        assert len(socket.result(task["taskUUID"])["data"]) == 2


def test_the_typescript_sdk(server: Server) -> None:
    """Raw Base64; and a poll that was lost with its connection is never sent again: only the push ends the wait."""
    task: dict[str, Any] = {
        "deliveryMethod": "async",
        "taskType": "videoInference",
        "model": PRO,
        "positivePrompt": "a cat",
        "duration": 4,
    }
    task |= {"inputs": {"frameImages": [{"image": picture(), "frame": "first"}]}, "resolution": "480p"}
    task |= {"taskUUID": str(uuid.uuid4())}
    agent = {"User-Agent": "runware-typescript/1.6.5"}
    socket = Socket(server.url, server.key, **agent)
    assert "data" in socket.ask(task)
    socket.send({"taskType": "getResponse", "taskUUID": task["taskUUID"]})
    socket.cut()
    with Socket(server.url, server.key, socket.session, **agent) as back:
        assert back.result(task["taskUUID"])["data"][0]["videoURL"]


def test_the_typescript_sdk_is_told_of_a_failure_once(server: Server) -> None:
    """A second error frame for a task that it has finished with would fail its other tasks."""
    agent = {"User-Agent": "runware-typescript/1.6.5"}
    with Socket(server.url, server.key, **agent) as socket:
        task = comfyui_task(frameImages=["http://127.0.0.1:9/none.png"], numberResults=3)
        assert "data" in socket.ask(task)
        frames: list[Frame] = []
        deadline = time.monotonic() + 20
        while not any("errors" in frame for frame in frames):
            assert time.monotonic() < deadline, f"told of no failure within 20 s: {frames}"
            socket.send({"taskType": "getResponse", "taskUUID": task["taskUUID"]})
            frames.append(socket.receive())
        with pytest.raises(TimeoutError):
            for _ in range(20):
                frames.append(socket.receive(0.8))
        assert sum("errors" in frame for frame in frames) == 1


def test_the_command_line(server: Server) -> None:
    """A ping first, then a poll every two seconds; `parameter` may be a list, `taskUUID` is a UUID or absent."""
    with Socket(server.url, server.key, **{"User-Agent": "runware-cli/1.0"}) as socket:
        assert socket.ask({"taskType": "ping", "ping": True}) == {"data": [{"taskType": "ping", "pong": True}]}
        errors = socket.ask(comfyui_task(frameImages=[], width=865))["errors"]
        assert errors[0]["parameter"] == ["width", "height"] and uuid.UUID(errors[0]["taskUUID"])
        missing = socket.ask({"taskType": "getResponse"})["errors"][0]
        assert missing["code"] == "missingTaskUUID" and "taskUUID" not in missing
