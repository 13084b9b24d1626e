"""A record that makes no sense to this version, newer or damaged: it is told as one, and hides nothing else."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from tests.cli.command import vitascope
from tests.server.conftest import Client
from vitascope.tasks.database import tables
from vitascope.worker.made import Failed
from vitascope.worker.worker import Worker

DAMAGE = [
    ("task", "order", "{"),
    ("task", "order", "[]"),
    ("task", "order", '{"taskUUID": "x", "model": "of a newer version"}'),
    ("task", "request", "not JSON"),
    ("take", "fault", "{"),
    ("take", "fault", '{"message": "without a code"}'),
    ("take", "reading", "[1]"),
    ("take", "state", "paused"),
    ("take", "seed", "many"),
    ("take", "expires_at", "soon"),
]


def damage(client: Client, task_uuid: str, table: str, column: str, value: str) -> None:
    rows = tables.metadata.tables[table]
    key = rows.c.id if table == "task" else rows.c.task_id
    mine = sa.select(tables.task.c.id).where(tables.task.c.task_uuid == task_uuid).scalar_subquery()
    with client.state.services.engine.begin() as connection:
        connection.execute(rows.update().where(key == mine).values({column: sa.literal(value, sa.Text)}))


@pytest.mark.parametrize(("table", "column", "value"), DAMAGE)
def test_a_damaged_record_is_told_as_one_and_hides_no_other(
    client: Client, table: str, column: str, value: str
) -> None:
    damaged, sound, waiting = (client.submit() for _ in range(3))
    client.finish(damaged)
    client.finish(sound)
    damage(client, damaged, table, column, value)
    reply = client.utility("getResponse", [damaged, sound, waiting])
    assert {item["taskUUID"]: item["status"] for item in reply.data} == {sound: "success", waiting: "processing"}
    [error] = reply.errors
    assert (error["taskUUID"], error["code"], error["status"]) == (damaged, "internalServerError", "error")
    assert "cannot be read" in error["message"] and value not in error["message"]
    names = [(client.account_id, name) for name in (damaged, sound, waiting)]
    ended = dict(client.state.services.results.ended(names))
    assert set(ended) == set(names[:2]), "sockets are told of both"
    assert ended[names[0]].errors and ended[names[1]].data
    for kind in ("getTaskDetails", "cancelTask"):
        reply = client.utility(kind, damaged)
        assert {item.get("taskUUID") for item in reply.errors} <= {damaged}
    said = vitascope(client.state.services.settings.data, "tasks", "list", "--data", ".")
    assert said.code == 0 and all(name in said.stdout for name in (damaged, sound, waiting))


def test_text_that_is_no_text_hides_nothing(client: Client) -> None:
    damaged, sound = client.submit(), client.submit()
    with client.state.services.engine.begin() as connection:
        spoil = "update task set request = cast(x'7bff' as text), model = cast(x'ff' as text) where task_uuid = :name"
        connection.execute(sa.text(spoil), {"name": damaged})
    reply = client.utility("getResponse", [damaged, sound])
    assert [item["taskUUID"] for item in reply.data] == [sound]
    assert [item["taskUUID"] for item in reply.errors] == [damaged]


@pytest.mark.parametrize("column", ["order", "request"])
def test_a_take_of_a_damaged_task_ends(client: Client, column: str) -> None:
    """Queued before it was damaged: the worker ends it, and its place in the queue is free."""
    task_uuid = client.submit(webhookURL="https://example.com/hook")
    take_id = client.takes(task_uuid)[0].id
    damage(client, task_uuid, "task", column, "{")
    worker = Worker(client.state.services.settings)
    made = worker.make(take_id)
    assert isinstance(made, Failed)
    worker.publish(take_id, made)
    with client.state.services.engine.connect() as connection:
        state, code = connection.execute(sa.select(tables.take.c.state, tables.take.c.error_code)).one()
    assert (state, code) == ("failed", "internalServerError")
    worker.close()


def test_a_delivery_of_a_damaged_task_is_given_up(client: Client) -> None:
    task_uuid = client.submit(webhookURL="https://example.com/hook")
    client.item("cancelTask", task_uuid)
    damage(client, task_uuid, "take", "fault", "{")
    worker = Worker(client.state.services.settings)
    with client.state.services.engine.connect() as connection:
        name = connection.execute(sa.select(tables.delivery.c.id)).scalar_one()
    worker._deliveries.deliver(name, 0)
    with client.state.services.engine.connect() as connection:
        row = connection.execute(sa.select(tables.delivery.c.state, tables.delivery.c.last_error)).one()
    assert row.state == "given up" and "cannot be read" in row.last_error
    worker.close()


def test_a_damaged_draft_is_no_draft(client: Client) -> None:
    draft = {"model": "bytedance:seedance@1.5-pro", "height": 496, "providerSettings": {"bytedance": {"draft": True}}}
    drafted = client.submit(**draft)
    client.finish(drafted, draft_id="cgt-20260327025345-g766z")
    damage(client, drafted, "task", "request", "{")
    final = {"model": "bytedance:seedance@1.5-pro", "taskUUID": str(uuid.uuid4())}
    settings = {"bytedance": {"draftId": "cgt-20260327025345-g766z"}}
    reply = client.ask({"taskType": "videoInference", **final, "resolution": "720p", "providerSettings": settings})
    assert reply.errors and not reply.data
