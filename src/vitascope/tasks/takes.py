"""What a worker writes about a take: begun, how far, ended. Every ending is final and happens once."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from vitascope.tasks.credit import charge
from vitascope.tasks.database.tables import take
from vitascope.tasks.deliveries import Delivery, enqueue_first_tries
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.states import OPEN, TakeState


def begin(connection: sa.Connection, take_id: str) -> int | None:
    """Note that a worker begins. Returns how often one has, this time included; None if the take has ended."""
    changed = connection.execute(
        take.update()
        .where(take.c.id == take_id, take.c.state.in_(OPEN))
        .values(
            state=TakeState.RUNNING.value,
            attempts=take.c.attempts + 1,
            stage=None,
            started_at=sa.func.coalesce(take.c.started_at, time.time()),
        )
    )
    if changed.rowcount == 0:
        return None
    return int(connection.execute(sa.select(take.c.attempts).where(take.c.id == take_id)).scalar_one())


def set_aside(connection: sa.Connection, take_ids: Collection[str], begun_after: float = 0.0) -> None:
    """Note that takes were left in the middle through no doing of theirs: this beginning is not an attempt.

    Takes that were first begun before `begun_after` are left as they are: sometime every take must end.
    """
    mine = take.c.id.in_(take_ids) & take.c.state.in_(OPEN) & (take.c.attempts > 0)
    recent = take.c.started_at > begun_after
    connection.execute(take.update().where(mine, recent).values(attempts=take.c.attempts - 1))


def progress(connection: sa.Connection, take_id: str, percent: int, stage: str) -> None:
    """Note how far a take is and what is being done. The per cent never fall, also in a second attempt."""
    mine = (take.c.id == take_id) & take.c.state.in_(OPEN)
    higher = sa.case((take.c.progress < percent, percent), else_=take.c.progress)
    connection.execute(take.update().where(mine).values(progress=higher, stage=stage or take.c.stage))


WAITING_FOR_STORE, WAITING_FOR_DISK = "waiting for the file store", "waiting for disk space"


def waiting(connection: sa.Connection) -> str | None:
    """The stage of a running take that cannot go on, None if there is none."""
    mine = (take.c.state == TakeState.RUNNING.value) & take.c.stage.in_((WAITING_FOR_STORE, WAITING_FOR_DISK))
    return connection.execute(sa.select(take.c.stage).where(mine).limit(1)).scalar()


def show_preview(connection: sa.Connection, take_id: str, key: str) -> bool:
    """Note where a preview picture of a take is kept. False if the take has ended."""
    mine = (take.c.id == take_id) & take.c.state.in_(OPEN)
    return connection.execute(take.update().where(mine).values(preview_key=key)).rowcount > 0


def wanted(connection: sa.Connection, take_id: str) -> bool:
    """False once a take has ended by other means (cancelled, given up): whoever works on it should stop."""
    state = connection.execute(sa.select(take.c.state).where(take.c.id == take_id)).scalar()
    return state in OPEN


def succeed(
    connection: sa.Connection,
    enqueuer: Enqueuer,
    take_id: str,
    facts: Mapping[str, Any],
    deliveries: Sequence[Delivery],
) -> bool:
    """Publish a take: its facts (columns of the take table) and its deliveries. False if it had ended already.

    Its cost is charged in this transaction and in no other, so exactly once, whatever dies when.
    """
    values = {**facts, "state": TakeState.SUCCESS.value, "progress": 100}
    ended = _end(connection, enqueuer, take_id, values, deliveries)
    if ended and facts.get("cost"):
        charge(connection, take_id, Decimal(facts["cost"]))
    return ended


def fail(
    connection: sa.Connection,
    enqueuer: Enqueuer,
    take_id: str,
    fault: Mapping[str, Any],
    deliveries: Sequence[Delivery],
) -> bool:
    """End a take with an error item. False if it had ended already."""
    values = {"fault": json.dumps(fault), "error_code": fault["code"], "state": TakeState.FAILED.value}
    return _end(connection, enqueuer, take_id, values, deliveries)


_NOTHING_GOING_ON = {"stage": None, "preview_key": None}


def _end(
    connection: sa.Connection,
    enqueuer: Enqueuer,
    take_id: str,
    values: Mapping[str, Any],
    deliveries: Sequence[Delivery],
) -> bool:
    changed = connection.execute(
        take.update()
        .where(take.c.id == take_id, take.c.state.in_(OPEN))
        .values(**values, **_NOTHING_GOING_ON, finished_at=time.time())
    )
    if changed.rowcount == 0:
        return False
    enqueue_first_tries(connection, enqueuer, deliveries)
    return True
