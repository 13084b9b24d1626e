"""A delivery that is given up: its owner finds why in getTaskDetails, the operator in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.conftest import Client, open_account
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.worker.worker import Worker

HOOK = "http://127.0.0.1:9/hook?token=secret"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """Of a server that could call its own machine when the task was accepted."""
    state = ServerState(Settings(data=tmp_path, allow_hosts=("127.0.0.1",)))
    yield open_account(state, "alice")
    state.close()


def test_what_is_given_up_is_logged_and_told(client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    task_uuid = client.submit(webhookURL=HOOK)
    client.item("cancelTask", task_uuid)
    worker = Worker(Settings(data=tmp_path, engine="testcard", processes=1))  # the operator has closed it since
    try:
        worker._deliveries.deliver(f"{client.takes(task_uuid)[0].id}-webhook", 0)
    finally:
        worker.close()
    (told,) = client.item("getTaskDetails", task_uuid)["deliveries"]
    assert (told["kind"], told["state"], told["tries"]) == ("webhook", "given up", 1)
    assert told["lastError"].endswith("(setting allow_hosts).")
    assert task_uuid in caplog.text and "its webhook is given up (tries: 1)" in caplog.text
    assert "(setting allow_hosts)" in caplog.text and "secret" not in caplog.text
