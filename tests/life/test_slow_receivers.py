"""Receivers that drip bytes hold up their owner's deliveries only: other accounts, and webhooks, go on."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.life.conftest import video_task

if TYPE_CHECKING:
    from tests.life.conftest import Receiver, Server

UPLOADS = 8
PATIENCE = 60.0  # seconds; a dripping receiver used to hold its place for 900


class Dripping:
    """Takes what it is sent in drips, and answers in drips, without end."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._leaving = threading.Event()
        self._threads: list[threading.Thread] = []
        self.held = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/put"

    def run(self) -> None:
        while not self._leaving.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._listening.accept()
                self.held += 1
                self._threads.append(threading.Thread(target=self._drip, args=(connection,)))
                self._threads[-1].start()

    def _drip(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while not self._leaving.wait(0.2):
                connection.recv(16)
                connection.send(b"H")

    def close(self) -> None:
        self._leaving.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(20)


@pytest.fixture
def dripping() -> Iterator[Dripping]:
    made = Dripping()
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.close()
    thread.join(20)


def key_of_another(server: Server) -> str:
    words = [sys.executable, "-m", "vitascope"]
    data = ["--data", str(server.data)]
    subprocess.run([*words, "accounts", "create", "bob", *data], check=True, capture_output=True, timeout=60)
    make = [*words, "keys", "create", "--account", "bob", *data]
    return subprocess.run(make, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def test_dripping_receivers_hold_up_nobody_else(
    make_server: Callable[..., Server], receiver: Receiver, dripping: Dripping
) -> None:
    server = make_server().start().ready()
    bob = key_of_another(server)
    slow = [server.submit(uploadEndpoint=f"{dripping.url}?{number}") for number in range(UPLOADS)]
    for task_uuid in slow:
        server.wait(task_uuid)
    deadline = time.monotonic() + PATIENCE
    while dripping.held < 2:
        assert time.monotonic() < deadline, "no upload has begun"
        time.sleep(0.1)
    tasks = [
        (bob, video_task(webhookURL=f"{receiver.url}/bob", uploadEndpoint=f"{receiver.url}/bob.mp4")),
        (server.key, video_task(webhookURL=f"{receiver.url}/alice")),
    ]
    begun = time.monotonic()
    for key, task in tasks:
        assert server.post(task, key=key).status_code == 200
    receiver.wait(3, PATIENCE)
    assert sorted(call.path for call in receiver.calls) == ["/alice", "/bob", "/bob.mp4"]
    assert time.monotonic() - begun < PATIENCE
    assert dripping.held < UPLOADS, "few at a time of one account"
