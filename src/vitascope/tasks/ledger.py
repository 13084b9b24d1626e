"""The ledger: what was accepted, for whom, and what became of it. Every answer a user gets is read from here."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from vitascope.errors import Fault
from vitascope.tasks.admission import Gate, OpenCount, Verdict
from vitascope.tasks.database import tables
from vitascope.tasks.database.dialect import begin_writing
from vitascope.tasks.queue.dbos import Enqueuer, NewTake
from vitascope.tasks.states import OPEN, TakeState

TaskName = tuple[str, str]
"""A task as the ledger names it: (account id, taskUUID in lower case)."""

log = logging.getLogger("vitascope.tasks")

AT_ONCE = 400  # names in one statement: databases bound the number of values


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task that passed its contract and is about to be promised. JSON values are plain data.

    `pool` names the queue of its takes, `inputs` the stored pictures that it needs. `price` is the most that one of
    its takes can cost, in billionths of a USD. With `only_asked` nothing is written: it asks for the verdict alone.
    """

    account_id: str
    task_uuid: str
    model: str
    pool: str
    request: Mapping[str, Any]
    order: Mapping[str, Any]
    seeds: Sequence[int]
    price: int = 0
    inputs: Sequence[str] = ()
    only_asked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Some tasks that an account asks about, by the UUIDs that its client chose."""

    account_id: str
    task_uuids: Sequence[str]


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """One take as the ledger knows it. Times are UTC seconds; `fault` is the wire's error item."""

    id: str
    number: int
    seed: int
    state: TakeState
    progress: int
    stage: str | None
    preview_key: str | None
    width: int | None
    height: int | None
    file_key: str | None
    expires_at: int | None
    cost: str | None
    draft_id: str | None
    flagged: bool | None
    fault: dict[str, Any] | None
    reading: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task with its takes in their order.

    `readable` is False for a row that makes no sense to this version: then there is no request, order or take in it.
    """

    id: str
    account_id: str
    task_uuid: str
    model: str
    request: dict[str, Any]
    order: dict[str, Any]
    created_at: float
    takes: tuple[TakeRecord, ...]
    readable: bool = True

    @property
    def ended(self) -> bool:
        """True once every take has reached a final state."""
        return all(take.state.ended for take in self.takes)


def accept(
    connection: sa.Connection, enqueuer: Enqueuer, tasks: Sequence[NewTask], open_count: OpenCount | None = None
) -> list[Verdict]:
    """Write tasks, their takes and their places in the queue. Only those whose verdict is ACCEPTED are written.

    All of it is one transaction, the caller's; only after its commit may a task be acknowledged. If another process
    takes a UUID in this very moment, the transaction fails as a whole (IntegrityError) and may be tried again.
    """
    begin_writing(connection)
    taken = _taken(connection, tasks)
    kept = _kept(connection, tasks)
    gate = Gate(connection, open_count or OpenCount(), tasks)
    verdicts, task_rows, input_rows, take_rows, queued = [], [], [], [], []
    now = time.time()
    for new in tasks:
        name = (new.account_id, new.task_uuid.lower())
        # First of all: a client that asks again must learn that its task is known, even when nothing new would fit.
        if name in taken:
            verdicts.append(Verdict.REPEATED)
        elif not kept.issuperset(new.inputs):
            verdicts.append(Verdict.PICTURE_GONE)
        else:
            verdicts.append(gate.admit(new, new.only_asked))
        if verdicts[-1] is not Verdict.ACCEPTED or new.only_asked:
            continue
        taken.add(name)
        task_id = str(uuid.uuid4())
        task_rows.append(_task_row(new, task_id, now))
        input_rows += [{"task_id": task_id, "file_key": key} for key in dict.fromkeys(new.inputs)]
        # Sorted, because the queue orders by id what came at the same moment: a task's takes begin in their order.
        for number, take_id in enumerate(sorted(str(uuid.uuid4()) for _ in new.seeds)):
            take_rows.append(_take_row(new, task_id, take_id, number, now))
            queued.append(NewTake(take_id, new.account_id, new.pool))
    if task_rows:
        connection.execute(_NEW_TASK, task_rows)
        connection.execute(_NEW_TAKE, take_rows)
        if input_rows:
            connection.execute(tables.task_input.insert(), input_rows)
        enqueuer.takes(connection, queued)
    return verdicts


_NEW_TASK = tables.task.insert()
_NEW_TAKE = tables.take.insert()


def _taken(connection: sa.Connection, tasks: Sequence[NewTask]) -> set[tuple[str, str]]:
    """Which of these tasks' (account, taskUUID) exist already."""
    asked: dict[str, list[str]] = {}
    for new in tasks:
        asked.setdefault(new.account_id, []).append(new.task_uuid.lower())
    taken: set[tuple[str, str]] = set()
    # One question an account: SQLite reads a whole table to answer one about pairs.
    for account_id, uuids in asked.items():
        where = (tables.task.c.account_id == account_id) & tables.task.c.task_uuid.in_(uuids)
        found = connection.execute(sa.select(tables.task.c.task_uuid).where(where))
        taken.update((account_id, task_uuid) for task_uuid in found.scalars())
    return taken


def _kept(connection: sa.Connection, tasks: Sequence[NewTask]) -> set[str]:
    """Which of the pictures that these tasks need are there. Their rows are locked: they stay until the commit."""
    needed = {key for new in tasks for key in new.inputs}
    if not needed:
        return set()
    there = tables.input_file.c.file_key.in_(needed) & tables.input_file.c.removed_at.is_(None)
    connection.execute(tables.input_file.update().where(there).values(used_at=time.time()))
    return set(connection.execute(sa.select(tables.input_file.c.file_key).where(there)).scalars())


def _task_row(new: NewTask, task_id: str, now: float) -> dict[str, Any]:
    return {
        "id": task_id,
        "account_id": new.account_id,
        "task_uuid": new.task_uuid.lower(),
        "model": new.model,
        "request": json.dumps(new.request, separators=(",", ":")),
        "order": json.dumps(new.order, separators=(",", ":")),
        "created_at": now,
    }


def _take_row(new: NewTask, task_id: str, take_id: str, number: int, now: float) -> dict[str, Any]:
    names = {"id": take_id, "task_id": task_id, "number": number, "seed": str(new.seeds[number])}
    return {**names, "state": TakeState.QUEUED.value, "created_at": now, "held": new.price}


def find_task(connection: sa.Connection, account_id: str, task_uuid: str) -> TaskRecord | None:
    """One account's task by the UUID its client chose."""
    where = (tables.task.c.account_id == account_id) & (tables.task.c.task_uuid == task_uuid.lower())
    return _read_task(connection, where)


def find_tasks(connection: sa.Connection, account_id: str, task_uuids: Sequence[str]) -> dict[str, TaskRecord]:
    """One account's tasks by the UUIDs (in lower case) that its client chose; those it does not have are left out."""
    names = {name.lower() for name in task_uuids}
    where = (tables.task.c.account_id == account_id) & tables.task.c.task_uuid.in_(names)
    return {task.task_uuid: task for task in _read_tasks(connection, where)}


def find_asked(connection: sa.Connection, asked: Sequence[Asked]) -> list[dict[str, TaskRecord]]:
    """`find_tasks` for several who ask at the same time, with one question for each account."""
    names: dict[str, list[str]] = {}
    for each in asked:
        names.setdefault(each.account_id, []).extend(each.task_uuids)
    found = {account_id: find_tasks(connection, account_id, uuids) for account_id, uuids in names.items()}
    return [found[each.account_id] for each in asked]


def tasks_named(connection: sa.Connection, task_uuid: str, account_id: str | None = None) -> list[TaskRecord]:
    """Every account's tasks of this UUID, or one account's."""
    where = tables.task.c.task_uuid == task_uuid.lower()
    return _read_tasks(connection, where if account_id is None else where & (tables.task.c.account_id == account_id))


def recent_tasks(
    connection: sa.Connection, account_id: str | None = None, open_only: bool = False, limit: int = 20
) -> list[TaskRecord]:
    """The newest tasks, the oldest first; of all accounts or of one; all or only those that have not ended."""
    chosen = sa.select(tables.task.c.id).order_by(tables.task.c.created_at.desc()).limit(limit)
    if account_id is not None:
        chosen = chosen.where(tables.task.c.account_id == account_id)
    if open_only:
        unfinished = tables.take.c.state.in_(OPEN)
        chosen = chosen.where(sa.exists().where(tables.take.c.task_id == tables.task.c.id, unfinished))
    return _read_tasks(connection, tables.task.c.id.in_(list(connection.execute(chosen).scalars())))


def ended_tasks(connection: sa.Connection, names: Iterable[TaskName]) -> list[TaskRecord]:
    """The tasks among these whose takes have all ended. Two index look-ups for each name that has not."""
    asked: dict[str, list[str]] = {}
    for account_id, task_uuid in names:
        asked.setdefault(account_id, []).append(task_uuid)
    found = []
    # By account: SQLite reads the whole table to answer a question about pairs.
    for account_id, uuids in asked.items():
        for some in _batches(uuids):
            chosen = (tables.task.c.account_id == account_id) & tables.task.c.task_uuid.in_(some)
            for task_uuid in connection.execute(_ENDED.where(chosen)).scalars().all():
                record = find_task(connection, account_id, task_uuid)
                if record is not None:
                    found.append(record)
    return found


def open_tasks(connection: sa.Connection, account_id: str, most: int) -> list[str]:
    """The UUIDs of an account's tasks that have not ended, the newest first."""
    unfinished = sa.exists().where(tables.take.c.task_id == tables.task.c.id, tables.take.c.state.in_(OPEN))
    chosen = sa.select(tables.task.c.task_uuid).where(tables.task.c.account_id == account_id, unfinished)
    return list(connection.execute(chosen.order_by(tables.task.c.created_at.desc()).limit(most)).scalars())


_ENDED = sa.select(tables.task.c.task_uuid).where(
    ~sa.exists().where(tables.take.c.task_id == tables.task.c.id, tables.take.c.state.in_(OPEN))
)


def _batches(uuids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(uuids)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def task_of_take(connection: sa.Connection, take_id: str) -> TaskRecord | None:
    """The task that a take belongs to."""
    chosen = sa.select(tables.take.c.task_id).where(tables.take.c.id == take_id).scalar_subquery()
    return _read_task(connection, tables.task.c.id == chosen)


def find_draft(connection: sa.Connection, account_id: str, draft_id: str) -> tuple[TaskRecord, TakeRecord] | None:
    """The finished draft take with this id, if it is this account's."""
    task_id = connection.execute(
        sa.select(tables.take.c.task_id)
        .join(tables.task)
        .where(tables.take.c.draft_id == draft_id, tables.task.c.account_id == account_id)
    ).scalar()
    task = _read_task(connection, tables.task.c.id == task_id) if task_id else None
    if task is None or not task.readable:
        return None
    return next((task, take) for take in task.takes if take.draft_id == draft_id)


def _read_task(connection: sa.Connection, where: sa.ColumnElement[bool]) -> TaskRecord | None:
    task = connection.execute(sa.select(tables.task).where(where)).mappings().first()
    if task is None:
        return None
    order_by = tables.take.c.number
    takes = connection.execute(sa.select(tables.take).where(tables.take.c.task_id == task["id"]).order_by(order_by))
    return _task_record(task, takes.mappings().all())


def _read_tasks(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[TaskRecord]:
    rows = connection.execute(sa.select(tables.task).where(where).order_by(tables.task.c.created_at)).mappings().all()
    takes: dict[str, list[sa.RowMapping]] = {row["id"]: [] for row in rows}
    mine = sa.select(tables.take).where(tables.take.c.task_id.in_(takes)).order_by(tables.take.c.number)
    for take in connection.execute(mine).mappings():
        takes[take["task_id"]].append(take)
    return [_task_record(row, takes[row["id"]]) for row in rows]


def _task_record(task: sa.RowMapping, takes: Sequence[sa.RowMapping]) -> TaskRecord:
    """One task. A row that a newer version wrote, or that is damaged, is a record too: it must not hide others."""
    try:
        return _readable_record(task, takes)
    except (ValueError, TypeError) as error:
        log.error("task %s cannot be read (%s)", task["id"], type(error).__name__)
        names = {name: task[name] for name in ("id", "account_id", "task_uuid", "model", "created_at")}
        return TaskRecord(**names, request={}, order={}, takes=(), readable=False)


def _readable_record(task: sa.RowMapping, takes: Sequence[sa.RowMapping]) -> TaskRecord:
    return TaskRecord(
        id=task["id"],
        account_id=task["account_id"],
        task_uuid=task["task_uuid"],
        model=task["model"],
        request=_object(task["request"]),
        order=_object(task["order"]),
        created_at=task["created_at"],
        takes=tuple(_take_record(row) for row in takes),
    )


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def _take_record(row: sa.RowMapping) -> TakeRecord:
    fault = _object(row["fault"]) if row["fault"] else None
    if fault is not None:
        Fault.from_item(fault)
    return TakeRecord(
        id=row["id"],
        number=row["number"],
        seed=int(row["seed"]),
        state=TakeState(row["state"]),
        progress=int(row["progress"]),
        stage=row["stage"],
        preview_key=row["preview_key"],
        width=row["width"],
        height=row["height"],
        file_key=row["file_key"],
        expires_at=None if row["expires_at"] is None else int(row["expires_at"]),
        cost=row["cost"],
        draft_id=row["draft_id"],
        flagged=row["flagged"],
        fault=fault,
        reading=_object(row["reading"]) if row["reading"] else None,
    )


def record_draft(connection: sa.Connection, new: NewTask, facts: Mapping[str, Any]) -> None:
    """Note a draft that was made without a queue (on the command line), so that a later task can finish it."""
    now = time.time()
    task_id, take_id = str(uuid.uuid4()), str(uuid.uuid4())
    connection.execute(_NEW_TASK, _task_row(new, task_id, now))
    done = {"state": TakeState.SUCCESS.value, "progress": 100, "finished_at": now}
    row = {**_take_row(new, task_id, take_id, 0, now), **done, **facts}
    connection.execute(tables.take.insert().values(**row))
