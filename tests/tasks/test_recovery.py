"""Work of processes that died is handed on, work of living ones is left alone, old tasks are forgotten."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from vitascope.tasks import takes
from vitascope.tasks.database import tables
from vitascope.tasks.expiry import expire_tasks
from vitascope.tasks.queue.recovery import Presence, recover

if TYPE_CHECKING:
    from tests.tasks.conftest import Book

HOLDER = """
import sys, time
from pathlib import Path
from vitascope.tasks.database.connect import connect
from vitascope.tasks.queue.recovery import Presence
presence = Presence(connect(sys.argv[1]), Path(sys.argv[2]))
print(presence.executor_id, flush=True)
time.sleep(60)
"""


def test_a_living_process_is_left_alone(book: Book) -> None:
    presence = Presence(book.engine, book.folder)
    presence.beat()
    assert recover(book.engine, book.enqueuer, book.folder) == 0
    assert book.scalar("select count(*) from process") == 1
    presence.leave()
    recover(book.engine, book.enqueuer, book.folder)
    assert book.scalar("select count(*) from process") == 0


def test_the_work_of_a_killed_process_goes_back_into_the_queue(book: Book) -> None:
    take_id = book.accepted().takes[0].id
    command = [sys.executable, "-c", HOLDER, str(book.engine.url), str(book.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    executor_id = process.stdout.readline().strip()
    with book.engine.begin() as connection:
        values = {"executor_id": executor_id, "status": "PENDING"}
        changed = sa.text("update workflow_status set executor_id = :executor_id, status = :status")
        connection.execute(changed, values)
    assert recover(book.engine, book.enqueuer, book.folder) == 0, "the process lives"
    process.kill()
    process.wait(20)
    process.stdout.close()
    assert recover(book.engine, book.enqueuer, book.folder) == 1
    assert book.scalar(f"select status || queue_name from workflow_status where workflow_uuid = '{take_id}'") == (
        "ENQUEUEDtakes-testcard"
    )
    assert recover(book.engine, book.enqueuer, book.folder) == 0
    assert not list(Path(book.folder).glob("w-*.lock"))


def test_a_silent_process_of_another_machine_is_dead_after_a_while(book: Book) -> None:
    for executor_id, silence in (("elsewhere-1", 5), ("elsewhere-2", 60)):
        row = {"executor_id": executor_id, "started_at": 0, "beat_at": time.time() - silence}
        with book.engine.begin() as connection:
            connection.execute(tables.process.insert().values(**row))
    recover(book.engine, book.enqueuer, book.folder)
    assert book.scalar("select group_concat(executor_id) from process") == "elsewhere-1"


def test_old_tasks_are_forgotten_and_their_files_named(book: Book) -> None:
    old, running, recent = book.accepted(), book.accepted(), book.accepted()
    with book.engine.begin() as connection:
        for task in (old, recent):
            takes.succeed(connection, book.enqueuer, task.takes[0].id, {"file_key": f"videos/{task.id}.mp4"}, [])
        long_ago = {"created_at": time.time() - 1000}
        connection.execute(tables.task.update().values(**long_ago))
        mine = tables.take.c.task_id == old.id
        connection.execute(tables.take.update().where(mine).values(finished_at=time.time() - 900))
    deleted: list[str] = []
    assert expire_tasks(book.engine, book.enqueuer, 600, deleted.append) == 1
    assert deleted == [f"videos/{old.id}.mp4"]
    left = f"select count(*) from task where id in ('{running.id}', '{recent.id}')"
    assert book.scalar(left) == 2 == book.scalar("select count(*) from task")
    assert book.scalar("select count(*) from workflow_status") == 2
