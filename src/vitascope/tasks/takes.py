"""What a worker writes about a take: begun, how far, ended. Every ending is final and happens once."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from vitascope.tasks.credit import charge
from vitascope.tasks.database.tables import handover, take
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.states import DeliveryState, TakeState

OPEN = (TakeState.QUEUED.value, TakeState.RUNNING.value)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One receiver of one take's result. `id` is the delivery id: the same for every try."""

    id: str
    take_id: str
    kind: str
    url: str


def begin(connection: sa.Connection, take_id: str) -> int | None:
    """Note that a worker begins. Returns how often one has, this time included; None if the take has ended."""
    changed = connection.execute(
        take.update()
        .where(take.c.id == take_id, take.c.state.in_(OPEN))
        .values(
            state=TakeState.RUNNING.value,
            attempts=take.c.attempts + 1,
            started_at=sa.func.coalesce(take.c.started_at, time.time()),
        )
    )
    if changed.rowcount == 0:
        return None
    return int(connection.execute(sa.select(take.c.attempts).where(take.c.id == take_id)).scalar_one())


def set_aside(connection: sa.Connection, take_ids: Collection[str]) -> None:
    """Note that a worker stops in the middle of takes on purpose: this beginning does not count as an attempt."""
    mine = take.c.id.in_(take_ids) & take.c.state.in_(OPEN)
    connection.execute(take.update().where(mine).values(attempts=take.c.attempts - 1))


def progress(connection: sa.Connection, take_id: str, percent: int) -> None:
    """Note how far a take is. Never falls, so that a second attempt does not run backwards."""
    connection.execute(
        take.update()
        .where(take.c.id == take_id, take.c.state.in_(OPEN), take.c.progress < percent)
        .values(progress=percent)
    )


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
    values = {"fault": json.dumps(fault), "state": TakeState.FAILED.value}
    return _end(connection, enqueuer, take_id, values, deliveries)


def _end(
    connection: sa.Connection,
    enqueuer: Enqueuer,
    take_id: str,
    values: Mapping[str, Any],
    deliveries: Sequence[Delivery],
) -> bool:
    changed = connection.execute(
        take.update().where(take.c.id == take_id, take.c.state.in_(OPEN)).values(**values, finished_at=time.time())
    )
    if changed.rowcount == 0:
        return False
    for item in deliveries:
        row = {"id": item.id, "take_id": item.take_id, "kind": item.kind, "url": item.url}
        connection.execute(handover.insert().values(**row, state=DeliveryState.PENDING.value))
        enqueuer.handover(connection, item.id, attempt=0, delay=0)
    return True


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """What became of a handover so far. `last_status` is the receiver's HTTP status."""

    take_id: str
    kind: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str | None


def deliveries_of(connection: sa.Connection, take_ids: Sequence[str]) -> list[DeliveryRecord]:
    """The deliveries of these takes, in no promised order."""
    rows = connection.execute(sa.select(handover).where(handover.c.take_id.in_(take_ids))).mappings()
    names = ("take_id", "kind", "attempts", "last_status", "last_error")
    return [DeliveryRecord(state=DeliveryState(row["state"]), **{name: row[name] for name in names}) for row in rows]


def find_delivery(connection: sa.Connection, delivery_id: str) -> Delivery | None:
    """A handover that still has to be done."""
    row = (
        connection.execute(
            sa.select(handover).where(handover.c.id == delivery_id, handover.c.state == DeliveryState.PENDING.value)
        )
        .mappings()
        .first()
    )
    return Delivery(row["id"], row["take_id"], row["kind"], row["url"]) if row else None


def note_try(
    connection: sa.Connection,
    delivery_id: str,
    state: DeliveryState,
    attempts: int,
    status: int | None,
    error: str | None,
) -> None:
    """Write down how a try to hand over went."""
    done = time.time() if state is not DeliveryState.PENDING else None
    values = {"attempts": attempts, "last_status": status, "last_error": error, "finished_at": done}
    connection.execute(handover.update().where(handover.c.id == delivery_id).values(state=state.value, **values))
