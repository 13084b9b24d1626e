"""Clearing up: what cannot be deleted holds up nothing else, and a clock that jumps deletes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.server.conftest import Client, open_account, picture, stored
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.tasks.database import tables
from vitascope.values import DAY
from vitascope.worker import upkeep
from vitascope.worker.worker import Worker


@dataclass
class Clocks:
    """What the clearing up sees of the time."""

    wall: float
    steady: float = 1000.0

    def go_on(self, seconds: float, jump: float = 0.0) -> None:
        self.steady += seconds
        self.wall += seconds + jump


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    made = Clocks(time.time())
    seen = SimpleNamespace(time=lambda: made.wall, monotonic=lambda: made.steady)
    for module in ("worker.upkeep", "tasks.expiry", "service.pictures"):
        monkeypatch.setattr(f"vitascope.{module}.time", seen)
    return made


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    state = ServerState(Settings(data=tmp_path, engine="testcard"))
    yield open_account(state, "alice")
    state.close()


@pytest.fixture
def worker(tmp_path: Path, client: Client, clocks: Clocks) -> Iterator[Worker]:
    made = Worker(Settings(data=tmp_path, engine="testcard"))
    yield made
    made.close()


def old_videos(client: Client, number: int) -> list[str]:
    """Finished tasks that are long past their time. Returns their files' keys."""
    keys = [client.finish(client.submit()) for _ in range(number)]
    with client.state.services.engine.begin() as connection:
        connection.execute(tables.take.update().values(finished_at=1.0, expires_at=1))
        connection.execute(tables.task.update().values(created_at=1.0))
    return keys


def wall_off(client: Client, key: str) -> Callable[[], None]:
    """Make a file one that cannot be deleted, by the like of which there is a folder. Returns what undoes it."""
    path = client.state.services.settings.data / "files" / key
    content = path.read_bytes()
    path.unlink()
    (path / "inside").mkdir(parents=True)

    def undo() -> None:
        (path / "inside").rmdir()
        path.rmdir()
        path.write_bytes(content)

    return undo


def test_one_video_that_cannot_be_deleted_stays_alone(client: Client, worker: Worker) -> None:
    stuck, *others = old_videos(client, 3)
    undo = wall_off(client, stuck)
    worker.upkeep.expire()
    assert not stored(client.state, "videos") & set(others), "the others are gone"
    undo()
    worker.upkeep.expire()
    assert not stored(client.state, "videos")


def test_one_picture_that_cannot_be_deleted_stays_alone(client: Client, worker: Worker, clocks: Clocks) -> None:
    for shade in (1, 2, 3):
        client.item("imageUpload", image=picture(shade=shade))
    stuck = min(stored(client.state, "inputs"))
    undo = wall_off(client, stuck)
    clocks.wall += 31 * DAY
    worker.upkeep.expire()
    assert not stored(client.state, "inputs"), "the others are gone"
    undo()
    clocks.wall += 2 * DAY
    worker.upkeep.expire()
    assert not stored(client.state, "inputs")
    with client.state.services.engine.connect() as connection:
        assert not connection.execute(tables.input_file.select()).all()


def one_round(worker: Worker) -> None:
    for duty in worker.upkeep.duties(()):
        duty()


def sweep(worker: Worker, clocks: Clocks, jump: float = 0.0) -> None:
    """One round when clearing up is due."""
    clocks.go_on(upkeep.EXPIRE_EVERY + 1, jump)
    one_round(worker)


def test_a_clock_that_jumps_ahead_and_back_deletes_nothing(client: Client, worker: Worker, clocks: Clocks) -> None:
    kept = {client.finish(client.submit(), expires_at=int(time.time()) + 60) for _ in range(2)}
    sweep(worker, clocks)
    sweep(worker, clocks)
    sweep(worker, clocks, jump=400 * DAY)
    sweep(worker, clocks, jump=-400 * DAY)
    sweep(worker, clocks)
    assert stored(client.state, "videos") == kept
    sweep(worker, clocks, jump=400 * DAY)
    assert stored(client.state, "videos") == kept
    sweep(worker, clocks)
    assert not stored(client.state, "videos"), "a clock that goes steadily for an interval is believed"


def test_a_clock_is_not_believed_at_first_sight(client: Client, worker: Worker, clocks: Clocks) -> None:
    kept = set(old_videos(client, 1))
    one_round(worker)
    assert stored(client.state, "videos") == kept
    sweep(worker, clocks)
    assert not stored(client.state, "videos")
