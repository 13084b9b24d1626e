"""The webhooks of one task against a real receiver: a take that is ready later, or begun later, does not overtake."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.server.conftest import Client, open_account
from vitascope.errors import Fault
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.worker.made import Failed
from vitascope.worker.worker import Worker


class Receiver(ThreadingHTTPServer):
    """Keeps the order of what comes; answers the next of `statuses`, then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told: list[str] = []
        self.statuses: list[int] = []


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        item = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told.append(item["message"])
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join(20)
    assert not thread.is_alive(), "the receiver is stuck"
    server.server_close()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """A worker whose queue is not looked into: the test decides which delivery is taken from it first."""
    made = Worker(Settings(data=tmp_path, engine="testcard", processes=1, allow_hosts=("127.0.0.1",)))
    yield made
    made.close()


@pytest.fixture
def client(tmp_path: Path, worker: Worker) -> Iterator[Client]:
    state = ServerState(Settings(data=tmp_path, engine="testcard", allow_hosts=("127.0.0.1",)))
    yield open_account(state, "alice")
    state.close()


def submitted(client: Client, receiver: Receiver) -> list[str]:
    """The ids of the takes of a task of three, in their order."""
    url = f"http://127.0.0.1:{receiver.server_address[1]}/hook"
    return [take.id for take in client.takes(client.submit(numberResults=3, webhookURL=url))]


def end(worker: Worker, takes: list[str], *numbers: int) -> None:
    for number in numbers:
        worker.publish(takes[number], Failed((Fault("internalServerError", f"take {number}"),)))


def deliver_together(worker: Worker, takes: list[str], *numbers: int) -> None:
    """Begin the first try of each, in this order, and wait for all."""
    threads = [threading.Thread(target=worker._deliveries.deliver, args=(f"{takes[n]}-webhook", 0)) for n in numbers]
    for thread in threads:
        thread.start()
        thread.join(0.3)  # what may overtake has the time to do so
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_takes_that_are_ready_are_told_in_order(worker: Worker, client: Client, receiver: Receiver) -> None:
    takes = submitted(client, receiver)
    end(worker, takes, 2, 1, 0)
    deliver_together(worker, takes, 2, 1, 0)
    assert receiver.told == ["take 0", "take 1", "take 2"]


def test_a_take_is_told_before_earlier_ones_that_are_not_ready(
    worker: Worker, client: Client, receiver: Receiver
) -> None:
    takes = submitted(client, receiver)
    end(worker, takes, 1)
    deliver_together(worker, takes, 1)
    end(worker, takes, 2, 0)
    deliver_together(worker, takes, 2, 0)
    assert receiver.told == ["take 1", "take 0", "take 2"]


def test_a_webhook_that_fails_holds_up_the_others_for_its_first_try_alone(
    worker: Worker, client: Client, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    takes = submitted(client, receiver)
    end(worker, takes, 0, 1, 2)
    deliver_together(worker, takes, 1, 0, 2)
    worker._deliveries.deliver(f"{takes[0]}-webhook", 1)
    assert receiver.told == ["take 0", "take 1", "take 2", "take 0"]
