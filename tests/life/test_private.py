"""What a server writes is for its own user: modes of files, what the log says of an error, where the key is shown."""

from __future__ import annotations

import os
import pty
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.life.conftest import video_task
from tests.server.conftest import picture
from vitascope.settings import Settings
from vitascope.tasks.database.connect import open_database

if TYPE_CHECKING:
    from tests.life.conftest import Item, Server

SECRET = "Xyzzy-1917"
OPEN_TO_OTHERS = 0o077


def open_to_others(folder: Path) -> set[str]:
    """The names of what others may read in a folder, the folder itself included."""
    found = {path for path in [folder, *folder.rglob("*")] if stat.S_IMODE(path.stat().st_mode) & OPEN_TO_OTHERS}
    return {str(path.relative_to(folder)) for path in found}


def test_everything_is_for_its_own_user_also_what_an_earlier_version_left_open(
    make_server: Callable[..., Server],
) -> None:
    server = make_server()
    before = os.umask(0)
    try:
        open_database(Settings(data=server.data).prepare()).dispose()
        for path in [server.data, *server.data.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o666)
        (server.data / "vitascope.db-wal").touch(0o666)
        server.start().ready()
        server.wait(server.submit(inputs={"frameImages": [picture()]}))
        names = {path.name for path in server.data.rglob("*")}
        assert {"vitascope.db", "vitascope.db-wal", "vitascope.db-shm", "api-key", "links.secret", "inputs"} <= names
        assert open_to_others(server.data) <= {"run/migrate.lock"}
    finally:
        os.umask(before)


def test_a_folder_of_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    tmp_path.chmod(0o755)
    open_database(Settings(data=tmp_path).prepare()).dispose()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert open_to_others(tmp_path) <= {".", "thesis.tex", "run/migrate.lock"}


def alter(server: Server, statement: str) -> None:
    connection = sqlite3.connect(server.data / "vitascope.db", timeout=30)
    with connection:
        connection.execute(statement)
    connection.close()


def tries(server: Server, task: Item) -> int:
    details = server.post({"taskType": "getTaskDetails", "taskUUID": task["taskUUID"]}).json()["data"][0]
    return int(details["deliveries"][0]["tries"])


def test_a_database_error_logs_nothing_of_what_was_sent(make_server: Callable[..., Server]) -> None:
    """Neither where a task is accepted nor where its result is published."""
    server = make_server(VITASCOPE_LOG_LEVEL="DEBUG").start().ready()
    task = video_task(positivePrompt=f"a cat named {SECRET}", webhookURL=f"http://127.0.0.1:1/{SECRET}?token={SECRET}")
    for table in ("task", "take"):
        alter(server, f"create trigger broken before insert on {table} begin select raise(abort, 'no luck'); end")
        reply = server.post(task)
        assert reply.status_code == 500 and SECRET not in reply.text
        alter(server, "drop trigger broken")
    alter(server, "create trigger broken before insert on delivery begin select raise(abort, 'no luck'); end")
    server.submit(**task)
    server.wait_until_begun(task["taskUUID"])
    time.sleep(3)  # until it is published, again and again
    alter(server, "drop trigger broken")
    server.wait(task["taskUUID"])
    server.until(lambda: tries(server, task) > 2, 60)  # of the webhook
    log = server.log.read_text()
    assert log.count("no luck") >= 2 and SECRET not in log


def said_on_a_terminal(data: Path) -> str:
    """What `serve` prints on a terminal until its example."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "vitascope", "serve", "--engine", "testcard", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, start_new_session=True)
    os.close(theirs)
    said = b""
    try:
        with suppress(OSError):
            while b"-d '" not in said and (more := os.read(ours, 4096)):
                said += more
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        os.close(ours)
    return said.decode().replace("\r\n", "\n")


def test_the_key_is_shown_once_and_on_a_terminal_only(make_server: Callable[..., Server], tmp_path: Path) -> None:
    data = tmp_path / "on-a-terminal"
    first = said_on_a_terminal(data)
    key = (data / "api-key").read_text().strip()
    assert f"API key: {key}" in first
    again = said_on_a_terminal(data)
    assert key not in again and str(data / "api-key") in again
    server = make_server("in-a-service").start()
    assert server.key and server.key not in server.banner + server.log.read_text()
    assert str(server.data / "api-key") in server.banner, "it says where to look"
