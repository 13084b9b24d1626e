"""What PostgreSQL does not take in a text (U+0000) is answered all the same, with a cluster where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import Client, open_account, video_task
from vitascope.server.state import ServerState
from vitascope.settings import Settings

PROGRAMS = ("initdb", "pg_ctl")
OWNER = "postgres"  # the programs refuse to run for root


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A new cluster that listens on a socket in its own folder only."""
    if not all(map(shutil.which, PROGRAMS)):
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="vitascope-pg-"))  # short: the name of a socket has at most 107 bytes
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    try:
        run("initdb", "-D", folder / "db", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", folder / "db", "-w", "-l", folder / "log", "-o", options, "start")
        yield f"postgresql://{OWNER}@/postgres?host={folder}"
    finally:
        subprocess.run(as_owner("pg_ctl", "-D", folder / "db", "-m", "immediate", "stop"), check=False, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def as_owner(*command: Any) -> list[str]:
    return [*(("runuser", "-u", OWNER, "--") if os.geteuid() == 0 else ()), *map(str, command)]


def run(*command: Any) -> None:
    subprocess.run(as_owner(*command), check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=120)


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[Client]:
    state = ServerState(Settings(data=tmp_path / "data", database_url=database_url))
    yield open_account(state, tmp_path.name)
    state.close()


NUL = "a\0b"
ASKS: dict[str, Callable[[Client], str]] = {
    "draftId": lambda client: refusal(client, model="bytedance:seedance@1.5-pro", height=496, inputs={"draftId": NUL}),
    "prompt": lambda client: refusal(client, positivePrompt=NUL),
    "model": lambda client: refusal(client, model=NUL),
    "picture": lambda client: refusal(client, inputs={"frameImages": [NUL]}),
    "webhook": lambda client: refusal(client, webhookURL=f"https://example.com/{NUL}"),
    "models": lambda client: client.code("accountManagement", operation="getUsageErrors", models=[NUL]),
    "models too": lambda client: client.code("accountManagement", operation="getUsagePerformance", models=[NUL, "x"]),
    "media": lambda client: client.code("mediaStorage", operation="delete", media=NUL),
    "poll": lambda client: client.code("getResponse", NUL),
    "details": lambda client: client.code("getTaskDetails", NUL),
    "dates": lambda client: client.code("accountManagement", operation="getUsageActivity", startDate=NUL),
}


def refusal(client: Client, **changes: Any) -> str:
    reply = client.ask(video_task(**changes))
    assert not reply.data, reply.data
    return str(reply.errors[0]["code"])


@pytest.mark.parametrize("name", ASKS)
def test_a_text_with_u_0000_is_refused_and_no_error_of_the_server(client: Client, name: str) -> None:
    assert ASKS[name](client).startswith(("invalid", "draftNotFound"))


def test_what_is_not_looked_at_is_recorded_with_it(client: Client) -> None:
    task_uuid = client.submit(routing={NUL: [NUL]})
    assert client.item("getTaskDetails", task_uuid)["request"][0]["routing"] == {NUL: [NUL]}
