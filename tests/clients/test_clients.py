"""The official clients, unmodified and from their registries, against a running server: every flow a user has.

Each client runs all its flows at the same time in one process; one more run kills the server in mid-task.
"""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from collections.abc import Iterator

import pytest

from tests.clients.homes import python_home
from tests.clients.judged import (
    HERE,
    LONG,
    Client,
    EveryFlow,
    Outcomes,
    end,
    finished,
    items,
    run_every_flow,
    wait_until_made,
)
from tests.life.conftest import Server
from vitascope.contract.errors.page import sections

pytestmark = [pytest.mark.judge, pytest.mark.slow]

CLIENTS = [Client("runware"), Client("runware-sdk"), Client("runware-sdk", "rest"), Client("sdk-js")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("judges") / "data", VITASCOPE_WORKERS="2")
    try:
        yield running.start().ready()
    finally:
        running.close()
    log = running.log.read_text()
    assert "Traceback" not in log, log


@pytest.fixture(scope="module", params=CLIENTS, ids=str)
def client(request: pytest.FixtureRequest) -> Client:
    chosen: Client = request.param
    return chosen


@pytest.fixture(scope="module")
def outcomes(client: Client, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return run_every_flow(client, server, tmp_path_factory.mktemp(client.name), 60)


class TestNewest(EveryFlow):
    def test_a_killed_server_in_mid_task(self, client: Client, server: Server) -> None:
        name = str(uuid.uuid4())
        process = client.run({"url": server.url, "key": server.key, "flows": {"restart": {**LONG, "taskUUID": name}}})
        try:
            wait_until_made(server, name, process)
            server.kill()
            time.sleep(0.5)
            server.start().ready()
            assert items(finished(process, 120), "restart")
        finally:
            end(process)


def test_the_new_library_sorts_every_code_as_the_page_says() -> None:
    """By its own function, called with every code."""
    kinds = {section.code: section.error.kind for section in sections()}
    script = "import json, sys; from runware.errors import derive_code; "
    script += "print(json.dumps({code: derive_code(code) for code in json.loads(sys.argv[1])}))"
    command = [str(python_home("runware-sdk")), "-c", script, json.dumps(list(kinds))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=HERE)
    assert json.loads(done.stdout) == kinds
