"""A real server process on a port of its own choice, a real receiver for its outgoing calls, and a small client."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

Item = dict[str, Any]


class Server:
    """`vitascope serve` as a user starts it, in a process group of its own, so that it can be killed as a whole.

    It listens on a free port at its first start, and on the same one whenever it is started again.
    """

    def __init__(self, data: Path, engine: str = "testcard", **settings: str) -> None:
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        self.port = 0
        self.engine = engine
        self.url = ""
        self.settings = {"VITASCOPE_ALLOW_HOSTS": '["127.0.0.1"]', **settings}
        self.process: subprocess.Popen[str] | None = None
        self.key = ""
        self.banner = ""
        self.client = httpx.Client(timeout=30, trust_env=False)

    def start(self) -> Server:
        command = [sys.executable, "-m", "vitascope", "serve", "--engine", self.engine]
        command += ["--port", str(self.port), "--data", str(self.data)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **self.settings},
                start_new_session=True,
            )
        self.banner = self._read_banner(self.process, 60)
        found = re.search(r"listens on (http://127.0.0.1:(\d+))/v1\n", self.banner)
        assert found, self.banner
        self.url, self.port = found[1], int(found[2])
        self.key = (self.data / "api-key").read_text().strip()
        self.until(lambda: self.get("/healthz").status_code == 200, 20)
        return self

    def _read_banner(self, process: subprocess.Popen[str], seconds: float) -> str:
        """What it prints at its start. One that says too little is killed after a while, which ends the reading."""
        alarm = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        try:
            assert process.stdout is not None
            lines = [""]
            while "curl" not in lines[-1]:
                lines.append(process.stdout.readline())
                assert lines[-1], f"it ended, or was silent for {seconds} s; log:\n{self.log.read_text()}"
            return "".join([*lines, process.stdout.readline()])
        finally:
            alarm.cancel()

    def ready(self) -> Server:
        self.until(lambda: self.get("/readyz").status_code == 200, 20)
        return self

    def until(self, true: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if true():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds} s; log:\n{self.log.read_text()}")

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(self.url + path, **options)

    def post(self, *tasks: Any, key: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        return self.client.post(f"{self.url}/v1", json=list(tasks), headers=headers)

    def submit(self, **changes: Any) -> str:
        """Send one task; returns its UUID once it is acknowledged."""
        task = video_task(**changes)
        reply = self.post(task)
        assert reply.json() == {"data": [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]}, reply.text
        return str(task["taskUUID"])

    def poll(self, task_uuid: str) -> tuple[list[Item], list[Item]]:
        reply = self.post({"taskType": "getResponse", "taskUUID": task_uuid}).json()
        return reply.get("data", []), reply.get("errors", [])

    def wait(self, task_uuid: str, seconds: float = 60) -> tuple[list[Item], list[Item]]:
        """Poll until no take is processing."""
        deadline = time.monotonic() + seconds
        while True:
            data, errors = self.poll(task_uuid)
            if all(item["status"] == "success" for item in data):
                return data, errors
            assert time.monotonic() < deadline, f"still processing after {seconds} s: {data}"
            time.sleep(0.1)

    def wait_until_begun(self, task_uuid: str, seconds: float = 60) -> None:
        """Poll until a take of the task has got somewhere."""
        deadline = time.monotonic() + seconds
        while not any(item.get("progress", 0) > 0 for item in self.poll(task_uuid)[0]):
            assert time.monotonic() < deadline, f"no take has begun within {seconds} s: {self.poll(task_uuid)}"
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of the whole group: API, worker, engines."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self._reap()

    def stop(self) -> float:
        """Ctrl-C: SIGINT to the whole group. Returns the seconds until it has ended."""
        if self.process is None:
            return 0.0
        begun = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self._reap()
        return time.monotonic() - begun

    def _reap(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        self.process.wait(20)
        self.process.stdout.close()
        self.process = None

    def close(self) -> None:
        if self.process is not None:
            self.kill()
        self.client.close()


def video_task(**changes: Any) -> Item:
    """A small valid task: 480p, 29 frames on 1.0 Pro Fast."""
    task = {
        "taskType": "videoInference",
        "taskUUID": str(uuid.uuid4()),
        "model": "bytedance:2@2",
        "positivePrompt": "a test pattern",
        "width": 864,
        "height": 480,
        "duration": 1.2,
        "seed": 1,
        "outputQuality": 40,
    }
    return {name: value for name, value in {**task, **changes}.items() if value is not None}


@dataclass
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """A real HTTP server that keeps what it was sent, serves files, and answers statuses as told."""

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    url: str = ""

    def wait(self, number: int, seconds: float = 20) -> list[Call]:
        deadline = time.monotonic() + seconds
        while len(self.calls) < number:
            assert time.monotonic() < deadline, f"{len(self.calls)} of {number} calls came"
            time.sleep(0.05)
        return self.calls


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = state.files.get(self.path, ("text/plain", b""))
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _keep(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.calls.append(Call(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(state.statuses.pop(0) if state.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT = _keep

        def log_message(self, *_: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield state
    httpd.shutdown()
    httpd.server_close()
    thread.join(20)
    assert not thread.is_alive(), "the receiver is stuck"


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers (not started) that are closed at the end of the test."""
    made: list[Server] = []

    def make(name: str = "data", **settings: str) -> Server:
        made.append(Server(tmp_path / name, **settings))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for all tests of a module that do not disturb each other."""
    running = Server(tmp_path_factory.mktemp("life") / "data").start().ready()
    yield running
    running.close()
