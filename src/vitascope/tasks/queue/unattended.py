"""What should be worked on and is not: read from our tables and the durable engine's, each in one consistent look.

The rule that recovery keeps: an open take, and a delivery that is due, has a workflow that waits or that a living
process runs. A database that failed at the wrong moment, or a hand in the tables, may have broken it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from vitascope.tasks.database.dialect import is_sqlite
from vitascope.tasks.database.tables import delivery, process, take, task
from vitascope.tasks.states import OPEN, DeliveryState

TAKE_WORKFLOW = "take"
DELIVERY_WORKFLOW = "handover"  # its first name, in rows that are kept; a retry may be due days after an upgrade
FIRST_TAKES = "takes"  # the one queue of takes that there was at first; what waited in it is still made

OURS = (TAKE_WORKFLOW, DELIVERY_WORKFLOW)
LIVING = ("ENQUEUED", "DELAYED", "PENDING")
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class UnattendedTake:
    """An open take that nothing works on or waits for. `recorded`: the durable engine still knows its workflow."""

    take_id: str
    account_id: str
    model: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class UnattendedDelivery:
    """A delivery that is due, and no try of it waits; `attempt` is the number of the next one."""

    delivery_id: str
    kind: str
    account_id: str
    attempt: int


def workflows(connection: sa.Connection) -> sa.TableClause:
    """The durable engine's table of workflows, as far as it is read here."""
    names = ("workflow_uuid", "name", "status", "executor_id", "queue_name")
    return sa.table("workflow_status", *map(sa.column, names), schema=None if is_sqlite(connection) else "dbos")


def orphans(connection: sa.Connection) -> dict[str, list[str]]:
    """Workflows that a process had begun which is not known as a living one, by queue."""
    table = workflows(connection)
    living = sa.select(process.c.executor_id)
    return _begun(connection, table, table.c.executor_id.not_in(living))


def begun_by(connection: sa.Connection, executor_id: str) -> dict[str, list[str]]:
    """Workflows that a process has begun and not ended, by queue."""
    table = workflows(connection)
    return _begun(connection, table, table.c.executor_id == executor_id)


def _begun(connection: sa.Connection, table: sa.TableClause, which: sa.ColumnElement[bool]) -> dict[str, list[str]]:
    chosen = sa.select(table.c.workflow_uuid, table.c.queue_name)
    found: dict[str, list[str]] = {}
    for row in connection.execute(chosen.where(table.c.status == "PENDING", table.c.name.in_(OURS), which)):
        found.setdefault(row.queue_name or FIRST_TAKES, []).append(row.workflow_uuid)
    return found


def unattended_takes(connection: sa.Connection) -> Sequence[UnattendedTake]:
    """Some open takes without a living workflow."""
    table = workflows(connection)
    own = table.c.workflow_uuid == take.c.id
    rows = connection.execute(
        sa.select(take.c.id, task.c.account_id, task.c.model, table.c.status)
        .select_from(take.join(task).outerjoin(table, own))
        .where(take.c.state.in_(OPEN), sa.func.coalesce(table.c.status, "").not_in(LIVING))
        .limit(AT_ONCE)
    )
    return [UnattendedTake(row.id, row.account_id, row.model or "", row.status is not None) for row in rows]


def unattended_deliveries(connection: sa.Connection) -> Sequence[UnattendedDelivery]:
    """Some deliveries that are due, without a living workflow for their next try."""
    table = workflows(connection)
    name = delivery.c.id + "/" + sa.cast(delivery.c.attempts, sa.String)
    rows = connection.execute(
        sa.select(delivery.c.id, delivery.c.kind, task.c.account_id, delivery.c.attempts)
        .select_from(delivery.join(take).join(task).outerjoin(table, table.c.workflow_uuid == name))
        .where(delivery.c.state == DeliveryState.PENDING.value)
        .where(sa.func.coalesce(table.c.status, "").not_in(LIVING))
        .limit(AT_ONCE)
    )
    return [UnattendedDelivery(row.id, row.kind, row.account_id, row.attempts) for row in rows]
