"""The durable queue in a process of its own: what fails for a moment is tried again, other pools are left alone."""

from __future__ import annotations

import subprocess
import sys
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from vitascope.tasks.ledger import accept, find_tasks
from vitascope.tasks.queue.dbos import NewTry

if TYPE_CHECKING:
    from tests.tasks.conftest import Book

PROGRAM = """
import os, sys, threading
from vitascope.tasks.database.connect import connect
from vitascope.tasks.queue.dbos import Runner

done, tries = threading.Event(), []

def publish(take_id, made):
    tries.append(made)
    if len(tries) < 3:
        raise OSError("the file store is away")
    done.set()

runner = Runner(connect(sys.argv[1]), "w-1", 1, ["testcard"], "testcard")
runner.start(lambda take_id: {"made": take_id}, publish, lambda delivery_id, attempt: None)
assert done.wait(30), tries
print(len(tries), len({str(made) for made in tries}), flush=True)
os._exit(0)
"""


ORDER = """
import os, sys, threading
from vitascope.tasks.database.connect import connect
from vitascope.tasks.queue.dbos import Runner

begun, all_begun = [], threading.Event()

def make(take_id):
    begun.append(take_id)
    if len(begun) == int(sys.argv[2]):
        all_begun.set()
    return {}

runner = Runner(connect(sys.argv[1]), "w-1", 1, ["testcard"], "testcard")
runner.start(make, lambda take_id, made: None, lambda delivery_id, attempt: None)
assert all_begun.wait(50), begun
print(*begun, flush=True)
os._exit(0)
"""


def test_the_takes_of_a_task_begin_in_order(book: Book) -> None:
    new = [book.new_task(results=4) for _ in range(5)]
    with book.engine.begin() as connection:
        accept(connection, book.enqueuer, new)
        tasks = find_tasks(connection, book.account_id, [task.task_uuid for task in new]).values()
    command = [sys.executable, "-c", ORDER, str(book.engine.url), "20"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    begun = done.stdout.split()
    assert len(begun) == 20, done.stderr
    for task in tasks:
        ids = [take.id for take in task.takes]
        assert sorted(ids, key=begun.index) == ids
        assert all(uuid.UUID(take_id).version == 4 for take_id in ids)


def test_a_publication_that_fails_is_tried_again_and_made_once(book: Book) -> None:
    book.accepted()
    with book.engine.begin() as connection:
        accept(connection, book.enqueuer, [replace(book.new_task(), pool="filmset")])
    command = [sys.executable, "-c", PROGRAM, str(book.engine.url)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["3", "1"], done.stderr
    waiting = "select count(*) from workflow_status where status = 'ENQUEUED' and queue_name = 'takes-filmset'"
    assert book.scalar(waiting) == 1, "another pool's take waits for its own workers"


DELIVERING = """
import os, sys, threading
from vitascope.tasks.database.connect import connect
from vitascope.tasks.queue.dbos import Runner

got, all_there = set(), threading.Event()

def deliver(delivery_id, attempt):
    got.add(f"{delivery_id}/{attempt}")
    if len(got) == 4:
        all_there.set()

runner = Runner(connect(sys.argv[1]), "w-1", 1, ["testcard"], "testcard")
runner.start(lambda take_id: {}, lambda take_id, made: None, deliver)
all_there.wait(30)
print(*sorted(got), flush=True)
os._exit(0)
"""


def test_deliveries_come_from_the_queue_of_their_kind_and_from_the_one_that_there_was_at_first(book: Book) -> None:
    with book.engine.begin() as connection:
        for name, kind, account_id in (("a", "webhook", "alice"), ("b", "webhook", "bob"), ("c", "upload", "alice")):
            book.enqueuer.delivery(connection, NewTry(name, kind, account_id, 1))
        book.enqueuer.delivery(connection, NewTry("old", "webhook", "alice"))
        row = "update workflow_status set queue_name = 'io', queue_partition_key = null where workflow_uuid = 'old/0'"
        connection.execute(sa.text(row))
    command = [sys.executable, "-c", DELIVERING, str(book.engine.url)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    assert done.stdout.split() == ["a/1", "b/1", "c/1", "old/0"], done.stderr
