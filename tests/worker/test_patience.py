"""What is waited for, for how long, and what ends the waiting."""

from __future__ import annotations

import errno
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from vitascope.delivery.storage import NotStored, StorageFailed
from vitascope.errors import Cancelled, EngineFailed
from vitascope.values import Picture
from vitascope.worker import patience
from vitascope.worker.control import TakeControl
from vitascope.worker.patience import Patience, cause, outage


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(patience, "LONGEST_PAUSE", 0.02)


FULL = OSError(errno.ENOSPC, "No space left on device")
BUSY = sa.exc.OperationalError(
    "update take set prompt = ?", ("a secret",), sqlite3.OperationalError("database is locked")
)
BAD_SQL = sa.exc.ProgrammingError("selekt", (), sqlite3.ProgrammingError("syntax"))
TIRED = sa.exc.TimeoutError("the pool is empty")


@pytest.mark.parametrize(
    ("error", "stage"),
    [
        (FULL, "waiting for disk space"),
        (BUSY, "waiting for the database"),
        (TIRED, "waiting for the database"),
        (StorageFailed("The file store failed."), "waiting for the file store"),
        (NotStored("There is no file."), None),
        (BAD_SQL, None),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (EngineFailed(), None),
    ],
)
def test_what_is_not_the_takes_fault_is_waited_for(error: Exception, stage: str | None) -> None:
    assert outage(error) == stage
    left = [error] * 3

    def act() -> str:
        if left:
            raise left.pop()
        return "done"

    waits = Patience(60, threading.Event())
    if stage is None:
        with pytest.raises(type(error)):
            waits(act)
        assert len(left) == 2, "tried once"
    else:
        told: list[str] = []
        assert waits(act, lambda told_stage, _: told.append(told_stage)) == "done"
        assert told == [stage] * 3


def test_the_clock_ends_the_waiting_and_not_the_number_of_tries() -> None:
    tries = 0

    def act() -> None:
        nonlocal tries
        tries += 1
        raise FULL

    with pytest.raises(OSError, match="No space"):
        Patience(0.3, threading.Event())(act)
    assert tries > 3


def test_what_a_statement_was_about_is_not_said() -> None:
    assert cause(BUSY) == "database is locked"


class Ledger:
    """One take's, which is wanted until it is told otherwise."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.is_wanted = True

    def report(self, percent: int, stage: str) -> None:
        self.stages.append(stage)

    def show(self, preview: Picture) -> None:
        raise AssertionError(preview)

    def wanted(self) -> bool:
        return self.is_wanted


def test_the_time_that_a_take_waits_is_not_its_own() -> None:
    ledger = Ledger()
    control = TakeControl(ledger, threading.Event(), seconds=100)
    control.progress(10, "drawing")
    control.waits("waiting for disk space", 0.0)
    control.progress(20, "drawing")
    assert ledger.stages == ["drawing", "waiting for disk space", "drawing"]
    late = TakeControl(ledger, threading.Event(), seconds=-1)
    assert late.timed_out
    late.waits("waiting for disk space", 100)
    assert not late.timed_out


def test_a_take_that_waits_and_is_cancelled_ends() -> None:
    ledger = Ledger()
    control = TakeControl(ledger, threading.Event(), seconds=100)
    ledger.is_wanted = False
    with pytest.raises(Cancelled):
        control.waits("waiting for the file store", 1.0)
