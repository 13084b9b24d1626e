"""A WebSocket client for tests: sends arrays of tasks as text or binary, reads frames with a time limit."""

from __future__ import annotations

import json
import time
from socket import SHUT_RDWR
from types import TracebackType
from typing import Any

from websockets.sync.client import connect

Frame = dict[str, Any]


class Socket:
    """One connection, authenticated unless `key` is None."""

    def __init__(self, url: str, key: str | None, session: str | None = None, **headers: str) -> None:
        url = url.replace("http", "ws", 1)
        self._open = connect(url, additional_headers=headers, max_size=None, compression=None, close_timeout=1)
        self.wire = self._open.__enter__()
        self.session = ""
        self.key = key
        if key is not None:
            task = {"taskType": "authentication", "apiKey": key}
            self.send({**task, "connectionSessionUUID": session} if session else task)
            item = self.receive()["data"][0]
            assert item["taskType"] == "authentication"
            self.session = item["connectionSessionUUID"]

    def __enter__(self) -> Socket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def send(self, *tasks: Any) -> None:
        self.wire.send(json.dumps(tasks))

    def receive(self, seconds: float = 10) -> Frame:
        frame: Frame = json.loads(self.wire.recv(timeout=seconds))
        assert len({*frame} & {"data", "errors"}) == 1, f"data or errors, not both and not neither: {frame}"
        return frame

    def ask(self, *tasks: Any) -> Frame:
        self.send(*tasks)
        return self.receive()

    def silent(self, seconds: float) -> bool:
        """True if nothing comes for so long."""
        try:
            print(self.receive(seconds))
        except TimeoutError:
            return True
        return False

    def result(self, task_uuid: str, seconds: float = 60) -> Frame:
        """The first frame that says how a task ended, skipping answers that it is being made."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.receive(deadline - time.monotonic())
            items = frame.get("data") or frame["errors"]
            assert {item.get("taskUUID") for item in items} == {task_uuid}, frame
            if "errors" in frame or all(item.get("status") == "success" for item in items):
                return frame

    def cut(self) -> None:
        """Break the connection without a goodbye."""
        self.wire.socket.shutdown(SHUT_RDWR)
        self.wire.recv_events_thread.join(1)  # a reader with a full queue notices later
