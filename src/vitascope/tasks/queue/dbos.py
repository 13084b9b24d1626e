"""The durable engine (DBOS Transact) behind this one module: what is enqueued here runs to its end, whatever dies.

Facts it is built around: the engine recovers only workflows of its own executor id, so each process start takes a
new one and `recovery` hands a dead one's work on; tasks in flight wait for ever for a code version that is gone, so the
version is pinned; a running step is never interrupted, so steps look for cancellation themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, StepOptions
from sqlalchemy.dialects import sqlite

from vitascope.tasks.database.dialect import is_sqlite
from vitascope.tasks.queue.unattended import DELIVERY_WORKFLOW, FIRST_TAKES, TAKE_WORKFLOW

APPLICATION = "vitascope"
VERSION = "1"  # change only when takes in flight cannot be finished by the new code
FIRST_DELIVERIES = "io"  # the one queue of deliveries that there was at first; what waits in it is still delivered
POLL_SECONDS = 0.1
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
"""The engine's names for the states in which it does nothing more with a workflow."""
NO_CONTENT: Any = {"load_input": False, "load_output": False}
"""For lists of workflows: what is in them is of no interest, and may be damaged."""
AT_ONCE = 500  # workflows in one statement: databases bound the number of values


@dataclass(frozen=True, slots=True)
class Share:
    """How many deliveries of a kind one worker process does at a time: in all, and of one account."""

    in_all: int
    of_account: int


SHARES = {"webhook": Share(32, 4), "upload": Share(16, 2)}
"""By kind. Each has a queue of its own, in which accounts take turns: slow receivers hold up their owner's only."""


Made = dict[str, Any]
"""What the first step of a take leaves for the second: plain data."""


def _retried(name: str) -> StepOptions:
    """A short step that is tried again when the database or the file store fails: for about nine hours."""
    return {"name": name, "retries_allowed": True, "max_attempts": 20, "interval_seconds": 1.0, "backoff_rate": 2.0}


@dataclass(frozen=True, slots=True)
class NewTake:
    """A take's place in a queue: whose it is, and which pool of workers makes it."""

    take_id: str
    account_id: str
    pool: str


def queue_of(pool: str) -> str:
    """The name of a pool's queue. Each pool has its own, so that a slow engine holds up no other's takes."""
    return f"takes-{pool}"


def _deliveries_of(kind: str) -> str:
    return f"deliveries-{kind}"


def _try_id(delivery_id: str, attempt: int) -> str:
    return f"{delivery_id}/{attempt}"


@dataclass(frozen=True, slots=True)
class NewTry:
    """One try of a delivery, 0 the first: whose it is, of which kind, and in how many seconds it is due."""

    delivery_id: str
    kind: str
    account_id: str
    attempt: int = 0
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sent:
    """The answer to an INSERT of a row whose key is new: the row as it was sent, as the engine asks for it."""

    _mapping: dict[str, Any]

    def fetchone(self) -> _Sent:
        return self


class BufferedInserts:
    """A connection that gathers the engine's INSERTs of new rows, for SQLite's driver to run all at once.

    On SQLite the engine builds, compiles and runs two statements for each workflow, and each run hands the
    interpreter's lock to whoever waits for it. BufferedInserts, a commit's worth of them costs two statements in all
    (`bench/accept.py`). Only for rows whose ids were made a moment ago: there is nothing they could collide with.
    """

    def __init__(self, connection: sa.Connection, compiled: dict[tuple[str, ...], str]) -> None:
        self._connection = connection
        self._compiled = compiled
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: sa.Insert, values: dict[str, Any]) -> _Sent:
        """Keep an INSERT with named values, which are texts, numbers or None, for `run`."""
        key = (statement.table.name, *values)
        if key not in self._compiled:
            self._compiled[key] = self._compile(statement, list(values))
        self._rows.setdefault(self._compiled[key], []).append(values)
        return _Sent(values)

    def run(self) -> None:
        """Run what was buffered."""
        for statement, rows in self._rows.items():
            self._connection.exec_driver_sql(statement, rows)

    def _compile(self, statement: sa.Insert, columns: list[str]) -> str:
        options = self._connection.get_execution_options()
        schemas = {name: real or "main" for name, real in (options.get("schema_translate_map") or {}).items()}
        compiled = statement.compile(
            dialect=sqlite.dialect(paramstyle="named"),
            column_keys=columns,
            schema_translate_map=schemas,
            render_schema_translate=bool(schemas),
        )
        return str(compiled).partition(" RETURNING ")[0]


class Enqueuer:
    """Adds work inside a transaction of the caller's: it exists exactly if that transaction is committed."""

    def __init__(self, engine: sa.Engine) -> None:
        self._client = DBOSClient(system_database_engine=engine, application_name=APPLICATION)
        self._compiled: dict[tuple[str, ...], str] = {}

    def takes(self, connection: sa.Connection, takes: Sequence[NewTake]) -> None:
        """Enqueue new takes. Accounts take turns: queues are partitioned by account."""
        buffered = BufferedInserts(connection, self._compiled) if is_sqlite(connection) else None
        for new in takes:
            self._client.enqueue_in_transaction(
                cast(sa.Connection, buffered or connection),
                {
                    "workflow_name": TAKE_WORKFLOW,
                    "queue_name": queue_of(new.pool),
                    "workflow_id": new.take_id,
                    "queue_partition_key": new.account_id,
                    "app_version": VERSION,
                },
                new.take_id,
            )
        if buffered:
            buffered.run()

    def delivery(self, connection: sa.Connection, new: NewTry) -> None:
        """Enqueue one try to hand a result over. Accounts take turns."""
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": DELIVERY_WORKFLOW,
                "queue_name": _deliveries_of(new.kind),
                "workflow_id": _try_id(new.delivery_id, new.attempt),
                "queue_partition_key": new.account_id,
                "app_version": VERSION,
                "delay_seconds": new.delay,
            },
            new.delivery_id,
            new.attempt,
        )

    def hand_on(self, queue: str, workflow_ids: list[str]) -> None:
        """Put workflows of a dead process back into their queue."""
        self._client.resume_workflows(workflow_ids, queue_name=queue)

    def begin_again(self, queue: str, workflow_id: str, partition: str | None = None) -> None:
        """Put a workflow that ended, however it did, back into its queue, as if it had never begun."""
        self._client.rewind_workflow(workflow_id, queue_name=queue, queue_partition_key=partition)

    def forget(self, take_ids: Sequence[str], deliveries: Sequence[tuple[str, int]]) -> None:
        """Delete the engine's record of takes, and of deliveries (id, tries made) with the try that may be due."""
        tries = [_try_id(name, attempt) for name, made in deliveries for attempt in range(made + 1)]
        self._delete([*take_ids, *tries])

    def forget_deliveries(self, before: float) -> None:
        """Delete the engine's record of all tries that were enqueued before a time (UTC seconds) and have ended."""
        moment = datetime.fromtimestamp(max(before, 0.0), UTC).isoformat()
        ended: Any = {"name": DELIVERY_WORKFLOW, "status": ENDED, "end_time": moment, "limit": AT_ONCE}
        while found := self._client.list_workflows(**ended, **NO_CONTENT):
            self._delete([status.workflow_id for status in found])

    def _delete(self, workflow_ids: list[str]) -> None:
        for start in range(0, len(workflow_ids), AT_ONCE):
            self._client.delete_workflows(workflow_ids[start : start + AT_ONCE])

    def close(self) -> None:
        """Let go of the client; the database engine stays the caller's."""
        self._client.destroy()


class Runner:
    """Runs takes and deliveries in this process until it is stopped."""

    def __init__(self, engine: sa.Engine, executor_id: str, workers: int, pools: Sequence[str], first: str) -> None:
        """`workers` takes at a time of each of the pools, whose queues alone are looked into.

        `first` is the pool whose takes are in the queue that there was at first.
        """
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_engine": engine,
            "application_version": VERSION,
            "executor_id": executor_id,
            "run_migrations": False,
            "log_level": "WARNING",
        }
        self._workers = workers
        self._running: set[str] = set()
        self._queues = (*((FIRST_TAKES,) if first in pools else ()), *map(queue_of, pools))
        DBOS(config=config)

    def start(
        self,
        make: Callable[[str], Made],
        publish: Callable[[str, Made], None],
        deliver: Callable[[str, int], None],
    ) -> None:
        """Begin to work.

        make(take_id) does the long part and may run again after a crash. publish(take_id, made) makes its result
        visible in one transaction and may be repeated without effect. deliver(delivery_id, attempt) is one try of a
        delivery. What is wrong with a take or a receiver is part of what they record; what the two short ones raise is
        our own fault of a moment, and they are tried again.
        """

        def take(take_id: str) -> None:
            with self._seen_running():
                made = DBOS.run_step({"name": "make"}, make, take_id)
                DBOS.run_step(_retried("publish"), publish, take_id, made)

        def deliver_once(delivery_id: str, attempt: int) -> None:
            with self._seen_running():
                DBOS.run_step(_retried("hand_over"), deliver, delivery_id, attempt)

        # Our own count of attempts ends a take that kills its workers (see `recovery`), hence no limit here.
        DBOS.workflow(name=TAKE_WORKFLOW, max_recovery_attempts=None)(take)
        DBOS.workflow(name=DELIVERY_WORKFLOW, max_recovery_attempts=None)(deliver_once)
        DBOS.listen_queues([*self._queues, FIRST_DELIVERIES, *map(_deliveries_of, SHARES)])
        DBOS.launch()
        # The engine warns about each database hiccup it retries by itself.
        logging.getLogger("dbos").setLevel(logging.ERROR)
        for name in self._queues:
            _register(name, Share(self._workers, self._workers))
        for kind, share in SHARES.items():
            _register(_deliveries_of(kind), share)
        _register(FIRST_DELIVERIES, Share(8, 0))

    def running(self) -> frozenset[str]:
        """The ids of the workflows that this process is in the middle of."""
        return frozenset(self._running)

    @contextmanager
    def _seen_running(self) -> Iterator[None]:
        workflow_id = str(DBOS.workflow_id)
        self._running.add(workflow_id)
        try:
            yield
        finally:
            self._running.discard(workflow_id)

    def stop(self) -> None:
        """Take no more work. What is running stays unfinished in the database and is put back by the next recovery."""
        DBOS.destroy(destroy_registry=True)


def _register(name: str, share: Share) -> None:
    """Make a queue known as this version has it; a share of 0 for an account: it is not partitioned by account."""
    DBOS.register_queue(
        name,
        worker_concurrency=share.in_all,
        partition_worker_concurrency=share.of_account or None,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )
