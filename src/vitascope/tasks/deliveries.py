"""Deliveries: who is to be told of a take's end or given its file, and how the tries went."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from vitascope.tasks.database.tables import delivery, take, task
from vitascope.tasks.queue.dbos import Enqueuer, NewTry
from vitascope.tasks.states import DeliveryState


@dataclass(frozen=True, slots=True)
class Delivery:
    """One receiver of one take's result. `id` is the delivery id: the same for every try."""

    id: str
    take_id: str
    kind: str
    url: str


def enqueue_first_tries(connection: sa.Connection, enqueuer: Enqueuer, deliveries: Sequence[Delivery]) -> None:
    """Write deliveries down and enqueue the first try of each, in the caller's transaction."""
    for item in deliveries:
        row = {"id": item.id, "take_id": item.take_id, "kind": item.kind, "url": item.url}
        connection.execute(delivery.insert().values(**row, state=DeliveryState.PENDING.value))
        owner = sa.select(task.c.account_id).join(take).where(take.c.id == item.take_id)
        account_id = connection.execute(owner).scalar_one()
        enqueuer.delivery(connection, NewTry(item.id, item.kind, account_id))


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """What became of a delivery so far. `last_status` is the receiver's HTTP status."""

    take_id: str
    kind: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str | None


def deliveries_of(connection: sa.Connection, take_ids: Sequence[str]) -> list[DeliveryRecord]:
    """The deliveries of these takes, in no promised order."""
    rows = connection.execute(sa.select(delivery).where(delivery.c.take_id.in_(take_ids))).mappings()
    names = ("take_id", "kind", "attempts", "last_status", "last_error")
    known = set(DeliveryState)  # what a newer version wrote is passed over
    return [
        DeliveryRecord(state=DeliveryState(row["state"]), **{name: row[name] for name in names})
        for row in rows
        if row["state"] in known
    ]


def find_delivery(connection: sa.Connection, delivery_id: str, attempt: int) -> Delivery | None:
    """A delivery that still has to be done, unless this try of it, counted from 0, has been noted already."""
    due = (delivery.c.state == DeliveryState.PENDING.value) & (delivery.c.attempts <= attempt)
    row = connection.execute(sa.select(delivery).where(delivery.c.id == delivery_id, due)).mappings().first()
    return Delivery(row["id"], row["take_id"], row["kind"], row["url"]) if row else None


def untried(connection: sa.Connection, kind: str, take_ids: Sequence[str]) -> bool:
    """Whether any of these takes has a delivery of this kind that is due and was never tried."""
    first = (delivery.c.state == DeliveryState.PENDING.value) & (delivery.c.attempts == 0)
    mine = sa.select(delivery.c.id).where(delivery.c.take_id.in_(take_ids), delivery.c.kind == kind, first)
    return connection.execute(mine.limit(1)).first() is not None


def note_try(
    connection: sa.Connection,
    delivery_id: str,
    state: DeliveryState,
    attempts: int,
    status: int | None,
    error: str | None,
) -> None:
    """Write down how a try to deliver went."""
    done = time.time() if state is not DeliveryState.PENDING else None
    values = {"attempts": attempts, "last_status": status, "last_error": error, "finished_at": done}
    connection.execute(delivery.update().where(delivery.c.id == delivery_id).values(state=state.value, **values))
