"""The worker's two steps, run as a crash or a cancellation would have them run: twice, or too late."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.server.conftest import Client, open_account, picture, stored
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.tasks import accounts, credit
from vitascope.tasks.database import tables
from vitascope.tasks.states import TakeState
from vitascope.worker.made import Ended, Finished
from vitascope.worker.worker import Worker


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, engine="testcard", processes=1)


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    """An account with credit for one take of the cheapest kind."""
    state = ServerState(settings)
    alice = open_account(state, "alice")
    with state.services.engine.begin() as connection:
        credit.set_credit(connection, alice.account_id, Decimal("0.01"))
    yield alice
    state.close()


@pytest.fixture
def worker(settings: Settings, client: Client) -> Iterator[Worker]:
    made = Worker(settings)
    yield made
    made.close()


def left(client: Client) -> Decimal | None:
    with client.state.services.engine.connect() as connection:
        return accounts.account_named(connection, "alice").credit


def videos(client: Client) -> list[str]:
    return sorted(stored(client.state, "videos"))


SMALL = {"duration": 1.2, "outputQuality": 40, "webhookURL": "https://example.com/hook"}


def test_steps_that_run_twice_publish_and_charge_once(client: Client, worker: Worker) -> None:
    task_uuid = client.submit(**SMALL)
    take_id = client.takes(task_uuid)[0].id
    made = worker.make(take_id)
    again = worker.make(take_id)  # the first result was lost in a crash
    assert isinstance(made, Finished) and isinstance(again, Finished)
    assert made.file_digest == again.file_digest
    for _ in range(3):
        worker.publish(take_id, again)
    assert left(client) == Decimal("0.01") - Decimal("0.007622505")
    assert videos(client) == [made.file_key]
    assert worker.make(take_id) == Ended()
    worker.publish(take_id, Ended())
    assert len(client.item("getTaskDetails", task_uuid)["deliveries"]) == 1


def test_a_take_at_work_shows_its_stage_and_a_preview(client: Client, worker: Worker) -> None:
    task_uuid = client.submit(**SMALL)
    take_id = client.takes(task_uuid)[0].id
    made = worker.make(take_id)
    [working] = client.item("getTaskDetails", task_uuid)["working"]
    assert working["stage"] == "drawing" and 0 < working["progress"] <= 99
    assert f"/files/previews/{take_id}.jpg?" in working["previewURL"]
    preview = b"".join(client.state.services.storage.read(f"previews/{take_id}.jpg"))
    with Image.open(io.BytesIO(preview)) as image:
        assert (image.format, max(image.size)) == ("JPEG", 320)
    assert not list(worker.upkeep.scratch.iterdir()), "nothing is left on the way"
    worker._publish(take_id, made.as_json())
    assert "working" not in client.item("getTaskDetails", task_uuid) and not stored(client.state, "previews")


def test_a_database_that_fails_for_a_moment_costs_no_take(
    client: Client, worker: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise sa.exc.OperationalError("select", {}, Exception("away"))

    for name in ("progress", "show_preview", "wanted"):
        monkeypatch.setattr(f"vitascope.tasks.takes.{name}", fail)
    task_uuid = client.submit(**SMALL)
    assert isinstance(worker.make(client.takes(task_uuid)[0].id), Finished)
    assert "its progress was not noted" in caplog.text and "still wanted" in caplog.text


def test_a_take_is_never_said_to_be_done_before_it_is_published(
    client: Client, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vitascope.worker.control.LOOK_EVERY", 0.0)  # nothing that the engine reports is passed over
    task_uuid = client.submit(**SMALL)
    made = worker.make(take_id := client.takes(task_uuid)[0].id)
    assert [(take.progress, take.state) for take in client.takes(task_uuid)] == [(99, TakeState.RUNNING)]
    worker.publish(take_id, made)
    assert [(take.progress, take.state) for take in client.takes(task_uuid)] == [(100, TakeState.SUCCESS)]


def test_a_file_that_is_ready_just_after_its_task_was_cancelled_is_removed(client: Client, worker: Worker) -> None:
    task_uuid = client.submit(**SMALL)
    take_id = client.takes(task_uuid)[0].id
    made = worker.make(take_id)
    assert len(videos(client)) == 1
    client.item("cancelTask", task_uuid)
    worker.publish(take_id, made)
    assert videos(client) == [] and left(client) == Decimal("0.01")
    errors = client.utility("getResponse", task_uuid).errors
    assert [error["code"] for error in errors] == ["taskCancelled"]
    deliveries = client.item("getTaskDetails", task_uuid)["deliveries"]
    assert [item["kind"] for item in deliveries] == ["webhook"], "told once"


def test_what_was_cancelled_while_it_waited_is_not_begun(client: Client, worker: Worker) -> None:
    task_uuid = client.submit(**SMALL)
    client.item("cancelTask", task_uuid)
    assert worker.make(client.takes(task_uuid)[0].id) == Ended() and videos(client) == []


def test_the_worker_clears_up(client: Client, worker: Worker) -> None:
    """Results past their time and pictures nobody used go, with their files; what is needed stays."""
    gone = client.finish(client.submit(**SMALL), cost="0")
    kept = client.finish(recent := client.submit(**SMALL), cost="0")
    client.item("imageUpload", image=picture())
    with client.state.services.engine.begin() as connection:
        mine = tables.take.c.file_key == gone
        connection.execute(tables.take.update().where(mine).values(finished_at=1.0, expires_at=1))
        connection.execute(tables.task.update().values(created_at=1.0))
        connection.execute(tables.input_file.update().values(used_at=1.0))
    worker.upkeep.expire()
    assert videos(client) == [kept] and not stored(client.state, "inputs")
    assert client.utility("getResponse", recent).data[0]["status"] == "success"
