"""Older versions of the official clients: of each package the oldest that has words for videos, and one between.

They run side by side against one server, each from a lock of its own. `make judge` runs every flow of theirs, `make
test` the one in which `runware` once got wrong results.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.judged import (
    FAST,
    LESS_LONG,
    Client,
    EveryFlow,
    Outcomes,
    end,
    finished,
    items,
    run_every_flow,
)
from tests.life.conftest import Server

pytestmark = [pytest.mark.judge, pytest.mark.slow]

BEFORE_SOUND = frozenset({"image", "legacy", "sound", "silent", "draft"})
"""What came to `runware` later: `resolution`, `audio` and, in 0.4.42, drafts."""

RECONNECTING = frozenset({"dropped", "restart"})
"""A poll of `runware-sdk` that comes due while it is reconnecting is an error; 1.8.0 keeps it until it is connected."""

OLDER = [
    Client("runware", version="0.4.15", lacks=BEFORE_SOUND, loses_files=True),
    Client("runware", version="0.4.43", loses_files=True),
    Client("runware", version="0.5.0", loses_files=True),
    Client("runware-sdk", version="1.2.0", lacks=RECONNECTING),
    Client("runware-sdk", "rest", version="1.2.0"),
    Client("runware-sdk", version="1.5.0", lacks=RECONNECTING),
    Client("sdk-js", version="1.1.44", lacks=frozenset({"restart"})),  # ends its process when a reconnection is refused
    Client("sdk-js", version="1.2.5"),
]
AT_ONCE = 2
PATIENCE = 280
"""Seconds for a task to begin where several clients share two workers."""

Begun = dict[Client, Future[Outcomes]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("older") / "data", VITASCOPE_WORKERS="2")
    try:
        yield running.start().ready()
    finally:
        running.close()
    log = running.log.read_text()
    assert "Traceback" not in log, log


@pytest.fixture(scope="module", params=OLDER, ids=str)
def client(request: pytest.FixtureRequest) -> Client:
    chosen: Client = request.param
    return chosen


@pytest.fixture(scope="module")
def begun(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    """Every flow of every client, of a few clients at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        folders = {client: tmp_path_factory.mktemp(client.name) for client in OLDER}
        yield {
            client: pool.submit(run_every_flow, client, server, folder, PATIENCE) for client, folder in folders.items()
        }


@pytest.fixture(scope="module")
def outcomes(client: Client, begun: Begun) -> Outcomes:
    """Waits for this client; skips where it could not be installed."""
    return begun[client].result()


@pytest.mark.older
class TestOlder(EveryFlow):
    pass


def wait_until_one_is_made(server: Server, names: list[str]) -> None:
    """Until all tasks are accepted and one has begun; the others wait."""
    deadline = time.monotonic() + PATIENCE
    while True:
        takes = [server.poll(name)[0] for name in names]
        if all(takes) and any(item.get("progress", 0) > 0 for items in takes for item in items):
            return
        assert time.monotonic() < deadline, takes
        time.sleep(0.05)


def run_together(
    clients: list[Client], server: Server, flow: str, task: dict[str, Any], then: Callable[[], None] | None = None
) -> dict[Client, Outcomes]:
    """One flow of these clients at the same time. `then` is done when all have been accepted and one is being made."""
    with ThreadPoolExecutor(len(clients)) as pool:
        names = {client: str(uuid.uuid4()) for client in clients}
        jobs = {
            client: {"url": server.url, "key": server.key, "flows": {flow: {**task, "taskUUID": name}}}
            for client, name in names.items()
        }
        started = {client: pool.submit(client.run, job) for client, job in jobs.items()}
        processes = {client: process.result() for client, process in started.items()}
        try:
            if then is not None:
                wait_until_one_is_made(server, list(names.values()))
                then()
            return {client: finished(process, PATIENCE) for client, process in processes.items()}
        finally:
            for process in processes.values():
                end(process)


@pytest.mark.older
def test_a_killed_server_in_mid_task(server: Server) -> None:
    def restart() -> None:
        server.kill()
        time.sleep(0.5)
        server.start().ready()

    able = [client for client in OLDER if "restart" not in client.lacks]
    for outcomes in run_together(able, server, "restart", LESS_LONG, restart).values():
        assert items(outcomes, "restart")


def test_three_results_are_three(server: Server) -> None:
    task = {**FAST, "numberResults": 3, "seed": 40}
    for client, outcomes in run_together(OLDER, server, "three", task).items():
        seeds = sorted(item["seed"] for item in items(outcomes, "three", 3))
        assert seeds == [40, 41, 42], client
