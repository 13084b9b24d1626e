"""A database that fails at any step of a task's life: what was acknowledged ends, once, and is charged once.

`docs/faults.md` has the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from dbos._sys_db import SystemDatabase

from tests.life.conftest import Receiver
from tests.life.faults.station import SOON, Everywhere, Fault, Locked, Refused, Station, Vanished, at, hurry, until
from vitascope.server.http.health import ready
from vitascope.service import services
from vitascope.tasks import expiry, takes
from vitascope.tasks.queue.recovery import Presence, Recovery
from vitascope.worker.deliveries import Deliveries
from vitascope.worker.worker import Worker


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with pytest.MonkeyPatch.context() as patch:
        hurry(patch)
        running = Station(tmp_path_factory.mktemp("faults") / "data")
        running.start()
        yield running
        running.close()


FAULTS = ("refused", "locked", "full", "read-only", "vanished")


@pytest.fixture
def make_fault(station: Station) -> Iterator[Callable[[str, str], Fault]]:
    """Makes a fault by its name; the second name is the statement that is refused."""
    pragmas: list[Everywhere] = []
    database = station.settings.data / "vitascope.db"

    def make(name: str, refused: str) -> Fault:
        if name == "refused":
            return Refused(database, refused)
        if name == "locked":
            return Locked(database)
        if name == "vanished":
            return Vanished(database)
        pages = station.row("pragma page_count")[0]
        chosen = {
            "full": (f"max_page_count={pages}", "max_page_count=1073741823"),
            "read-only": ("query_only=1", "query_only=0"),
        }[name]
        pragmas.append(Everywhere(*chosen))
        return pragmas[-1]

    yield make
    for pragma in pragmas:
        pragma.remove()


@dataclass(frozen=True)
class Step:
    """Where a step begins, what a database that refuses it refuses, and which calls are meant."""

    owner: Any
    name: str
    refused: str
    meant: Callable[..., bool] = lambda *_: True
    faults: tuple[str, ...] = FAULTS[:2]


def recording(step: str) -> Step:
    def meant(_database: Any, result: Any, *_: Any) -> bool:
        return bool(result["function_name"] == step)

    return Step(SystemDatabase, "record_operation_result", "insert on operation_outputs", meant)


def of_takes(_database: Any, queue: Any, *_: Any) -> bool:
    return str(queue.name).startswith("takes-")


STEPS = {
    "accept": Step(services, "accept", "insert on task", faults=FAULTS),
    "claim": Step(SystemDatabase, "start_queued_workflows", "update of owner_xid on workflow_status", of_takes, FAULTS),
    "begin": Step(Worker, "_begin", "update of attempts on take"),
    "progress": Step(takes, "progress", "update of progress on take", faults=FAULTS),
    "record what was made": recording("make"),
    "publish": Step(Worker, "publish", "update of state on take", faults=FAULTS),
    "record the publication": recording("publish"),
    "end the workflow": Step(SystemDatabase, "update_workflow_outcome", "update of completed_at on workflow_status"),
    "hand over": Step(Deliveries, "_look_up", "update on process", faults=FAULTS),
    "note the delivery": Step(Deliveries, "_note", "update on delivery"),
    "record the delivery": recording("hand_over"),
}
UPKEEP = {
    "beat": Step(Presence, "beat", "update on process"),
    "hand on": Step(Recovery, "hand_on", "update on process"),
    "resume": Step(Recovery, "resume", "update on process"),
}
CASES = [(step, fault) for step, how in STEPS.items() for fault in how.faults]
CASES += [(step, fault) for step, how in UPKEEP.items() for fault in how.faults]


@pytest.mark.parametrize(("step", "name"), CASES)
def test_what_was_acknowledged_ends_once(
    station: Station, make_fault: Callable[[str, str], Fault], receiver: Receiver, step: str, name: str
) -> None:
    how = {**STEPS, **UPKEEP}[step]
    before = station.spent()
    hook = {"webhookURL": f"{receiver.url}/hook"}
    task_uuid = station.submit(**hook) if step in UPKEEP else ""
    with at((how.owner, how.name), make_fault(name, how.refused), how.meant) as gate:
        acknowledged = True
        if not task_uuid:
            task_uuid, acknowledged = station.try_to_submit(**hook)
        assert gate.reached.wait(20)
        if name != "refused":
            until(lambda: gate.over.is_set() or ready(station.state)[0] == 503)
        gate.over.wait(20)
    assert acknowledged or step == "accept"
    if not acknowledged:
        task_uuid = station.submit(**hook)
    until(lambda: station.ended(task_uuid))
    data = station.client.utility("getResponse", task_uuid).data
    assert [item["status"] for item in data] == ["success"]
    [take] = station.client.takes(task_uuid)
    assert station.row("select attempts from take where id = ?", take.id) == (1,), "no attempt of the take's own failed"
    until(lambda: station.row("select state from delivery where take_id = ?", take.id) == ("done",))
    assert [call.json()["videoUUID"] for call in receiver.calls] == [take.id], "told once"
    status = "select status from workflow_status where workflow_uuid = ?"
    until(lambda: station.row(status, take.id)[0] in {"SUCCESS", "ERROR"})
    after = station.spent()
    assert after["requests"] - before["requests"] == 1
    assert after["credits"] - before["credits"] == pytest.approx(0.007622505), "charged once"
    until(lambda: ready(station.state) == (200, {"status": "ready", "workers": 1}))


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_past_its_time_is_forgotten_once(
    station: Station, make_fault: Callable[[str, str], Fault], name: str
) -> None:
    task_uuid = station.submit()
    until(lambda: station.ended(task_uuid))
    before = station.spent()
    [take] = station.client.takes(task_uuid)
    assert take.file_key is not None

    def old(_engine: Any, _enqueuer: Any, task_ids: Any) -> bool:
        return bool(task_ids)

    with at((expiry, "_forget"), make_fault(name, "delete on task"), old) as gate:
        station.age(take.id)
        assert gate.over.wait(SOON)
    until(lambda: station.row("select id from take where id = ?", take.id) is None)
    assert station.spent() == before, "what it cost stays counted, once"
    assert station.state.services.storage.head(take.file_key) is None
    assert station.row("select count(*) from workflow_status where workflow_uuid = ?", take.id) == (0,)
