"""Work of processes that died is handed on, work of living ones is left alone, old tasks are forgotten."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from vitascope.tasks import takes
from vitascope.tasks.database import tables
from vitascope.tasks.deliveries import Delivery, note_try
from vitascope.tasks.expiry import expire_tasks
from vitascope.tasks.queue.recovery import PATIENCE, SILENT_FOR, STUCK_FOR, Presence, Recovery, StruckOff
from vitascope.tasks.states import DeliveryState

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


def pool_of(_model: str) -> str:
    return "testcard"


def recovery_of(book: Book) -> Recovery:
    return Recovery(book.engine, book.enqueuer, book.folder, pool_of)


def test_a_living_process_is_left_alone(book: Book) -> None:
    presence = Presence(book.engine, book.folder)
    presence.beat()
    recovery = recovery_of(book)
    assert recovery.hand_on() == 0
    assert book.scalar("select count(*) from process") == 1
    presence.leave()
    assert recovery.hand_on() == 1
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
    recovery = recovery_of(book)
    assert recovery.hand_on() == 0, "the process lives"
    process.kill()
    process.wait(20)
    process.stdout.close()
    assert recovery.hand_on() == 2, "the process and its take"
    assert book.scalar(f"select status || queue_name from workflow_status where workflow_uuid = '{take_id}'") == (
        "ENQUEUEDtakes-testcard"
    )
    assert recovery.hand_on() == 0
    assert not list(Path(book.folder).glob("w-*.lock"))


def test_a_silent_process_of_another_machine_is_dead_after_a_while(book: Book) -> None:
    """Whatever its clock says: what counts is how often it was looked at without a new beat."""
    now = time.time()
    for executor_id in ("beats", "silent"):
        row = {"executor_id": executor_id, "started_at": 0, "beat_at": now - 3600}
        with book.engine.begin() as connection:
            connection.execute(tables.process.insert().values(**row))
    recovery = recovery_of(book)
    for look in range(SILENT_FOR):
        assert recovery.hand_on() == 0, f"look {look}"
        with book.engine.begin() as connection:
            mine = tables.process.c.executor_id == "beats"
            connection.execute(tables.process.update().where(mine).values(beat_at=now - 3600 + look))
    assert recovery.hand_on() == 1
    assert book.scalar("select group_concat(executor_id) from process") == "beats"


def test_a_process_that_was_struck_off_learns_it_and_records_nothing(book: Book) -> None:
    presence = Presence(book.engine, book.folder)
    with book.engine.begin() as connection:
        presence.fence(connection)
    book.execute("delete from process")
    with pytest.raises(StruckOff):
        presence.beat()
    with pytest.raises(StruckOff), book.engine.begin() as connection:
        presence.fence(connection)
    presence.leave()


def test_a_process_of_this_machine_that_hangs_is_struck_off_late(book: Book) -> None:
    presence = Presence(book.engine, book.folder)
    recovery = Recovery(book.engine, book.enqueuer, book.folder, pool_of, silent_for=2)
    looks = 0
    while recovery.hand_on() == 0:
        looks += 1
    assert looks == 2 * STUCK_FOR
    with pytest.raises(StruckOff):
        presence.beat()
    presence.leave()


BROKEN = {
    "an error": "update workflow_status set status = 'ERROR'",
    "cancelled": "update workflow_status set status = 'CANCELLED', queue_name = null",
    "too many recoveries": "update workflow_status set status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED', queue_name = null",
    "done": "update workflow_status set status = 'SUCCESS'",
    "deleted": "delete from workflow_status",
    "of nobody": "update workflow_status set status = 'PENDING', executor_id = 'w-nobody'",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_an_open_take_always_has_a_workflow(book: Book, broken: str) -> None:
    take_id, other = book.accepted().takes[0].id, book.accepted().takes[0].id
    ended = book.accepted().takes[0].id
    book.execute(BROKEN[broken] + f" where workflow_uuid != '{other}'")
    with book.engine.begin() as connection:
        takes.begin(connection, take_id)
        takes.succeed(connection, book.enqueuer, ended, {}, [])
    recovery = recovery_of(book)
    recovery.hand_on()
    assert recovery.resume("w-me", ()) == (0 if broken == "of nobody" else 1)
    place = "status || ' ' || queue_name || ' ' || queue_partition_key"
    assert (
        book.scalar(f"select {place} from workflow_status where workflow_uuid = '{take_id}'")
        == f"ENQUEUED takes-testcard {book.account_id}"
    )
    counted = 1 if broken == "of nobody" else 0
    assert book.scalar(f"select attempts from take where id = '{take_id}'") == counted, "only a death is an attempt"
    assert recovery.resume("w-me", ()) == 0
    if broken != "of nobody":
        gone = f"select count(*) from workflow_status where status = 'ENQUEUED' and workflow_uuid = '{ended}'"
        assert book.scalar(gone) == 0, "what has ended is left alone"


@pytest.mark.parametrize("broken", BROKEN)
def test_a_delivery_that_is_due_always_has_a_workflow(book: Book, broken: str) -> None:
    take_id = book.accepted().takes[0].id
    with book.engine.begin() as connection:
        due = [Delivery(f"d-{name}", take_id, "webhook", "http://127.0.0.1:1/") for name in ("a", "b")]
        takes.succeed(connection, book.enqueuer, take_id, {}, due)
        note_try(connection, "d-b", DeliveryState.DONE, 1, 200, None)
    book.execute(BROKEN[broken])
    recovery = recovery_of(book)
    recovery.hand_on()
    assert recovery.resume("w-me", ()) == (0 if broken == "of nobody" else 1)
    assert book.scalar("select status from workflow_status where workflow_uuid = 'd-a/0'") in {"ENQUEUED", "DELAYED"}
    assert recovery.resume("w-me", ()) == 0


def test_what_this_process_took_and_lost_goes_back_into_the_queue(book: Book) -> None:
    """Claimed, and then the database failed before it was begun; or its end could not be recorded."""
    lost, running = (book.accepted().takes[0].id for _ in range(2))
    presence = Presence(book.engine, book.folder)
    book.execute(f"update workflow_status set status = 'PENDING', executor_id = '{presence.executor_id}'")
    recovery = recovery_of(book)
    assert recovery.hand_on() == 0
    assert recovery.resume(presence.executor_id, {running}) == 0, "it may just be about to begin"
    assert recovery.resume(presence.executor_id, {running}) == 1
    assert book.scalar(f"select status from workflow_status where workflow_uuid = '{lost}'") == "ENQUEUED"
    assert book.scalar(f"select status from workflow_status where workflow_uuid = '{running}'") == "PENDING"
    presence.leave()


def test_a_take_that_is_lost_again_and_again_for_hours_is_counted(book: Book) -> None:
    """So that every take ends, also one whose publication fails whatever is done."""
    take_id = book.accepted().takes[0].id
    with book.engine.begin() as connection:
        takes.begin(connection, take_id)
        long_ago = {"started_at": time.time() - PATIENCE - 1}
        connection.execute(tables.take.update().values(**long_ago))
    book.execute("update workflow_status set status = 'ERROR'")
    assert recovery_of(book).resume("w-me", ()) == 1
    assert book.scalar(f"select attempts from take where id = '{take_id}'") == 1


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
