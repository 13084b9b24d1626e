"""Everything that can happen to tasks, in any order, against a small model of what must hold at every step.

The dispatch, the ledger and the database are real; the walk plays the worker by a worker's own transactions.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.server.conftest import Client, open_account, video_task
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.tasks import accounts, credit, takes
from vitascope.tasks.expiry import expire_tasks

MOST_OPEN = 12
PRICE = Decimal("0.031804245")  # 864 x 480, 121 frames of 1.0 Pro Fast


@dataclass
class Known:
    """What must be true of one task: its owner, and for each take queued, running, success or a code."""

    owner: int
    task: dict[str, Any]
    states: list[str]

    @property
    def open(self) -> list[int]:
        return [number for number, state in enumerate(self.states) if state in {"queued", "running"}]


@dataclass
class Walk:
    """The world and its model, side by side."""

    make: Callable[[], ServerState]
    dice: random.Random
    state: ServerState = field(init=False)
    clients: list[Client] = field(init=False)
    credit: list[Decimal | None] = field(default_factory=lambda: [None, Decimal("0.5")])
    known: dict[str, Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self.make()
        self.clients = [open_account(self.state, name) for name in ("unlimited", "limited")]
        self._set_credit(1)

    def _set_credit(self, owner: int) -> None:
        with self.state.services.engine.begin() as connection:
            credit.set_credit(connection, self.clients[owner].account_id, self.credit[owner])

    def some(self) -> Known | None:
        """One of the known tasks."""
        return self.dice.choice(list(self.known.values())) if self.known else None

    def submit(self) -> None:
        owner, results = self.dice.randrange(2), self.dice.randint(1, 4)
        task = video_task(numberResults=results, includeCost=True)
        reply = self.clients[owner].ask(task)
        open_takes = sum(len(each.open) for each in self.known.values() if each.owner == owner)
        left = self.credit[owner]
        if open_takes + results > MOST_OPEN:
            assert (reply.errors[0]["code"], reply.status) == ("queueRateLimitExceeded", 429)
        elif left is not None and left < PRICE * (open_takes + results):
            assert (reply.errors[0]["code"], reply.status) == ("insufficientCredits", 402)
        else:
            assert not reply.errors, reply.errors
            self.known[task["taskUUID"]] = Known(owner, task, ["queued"] * results)
            return
        assert not reply.data
        assert self.clients[owner].code("getResponse", task["taskUUID"]) == "taskNotFound", "nothing was begun"

    def repeat(self) -> None:
        if each := self.some():
            reply = self.clients[each.owner].ask({**each.task, "positivePrompt": "something else"})
            assert [error["code"] for error in reply.errors] == ["conflictTaskUUID"] and not reply.data

    def cancel(self) -> None:
        if each := self.some():
            each.states = [
                state if state in {"success", "inferenceError"} else "taskCancelled" for state in each.states
            ]
            item = self.clients[each.owner].item("cancelTask", each.task["taskUUID"])
            assert item["cancelledResults"] == each.states.count("taskCancelled")

    def spy(self) -> None:
        if each := self.some():
            stranger = self.clients[1 - each.owner]
            for kind in ("getResponse", "getTaskDetails", "cancelTask"):
                assert stranger.code(kind, each.task["taskUUID"]) == "taskNotFound"

    def work(self, ending: str) -> None:
        """A worker begins, finishes or fails a take, perhaps one that has ended, perhaps twice."""
        if not (each := self.some()):
            return
        number = self.dice.randrange(len(each.states))
        take_id = self.clients[each.owner].takes(each.task["taskUUID"])[number].id
        was_open = number in each.open
        for _ in range(self.dice.randint(1, 2)):
            with self.state.services.engine.begin() as connection:
                done = self._end(connection, take_id, ending)
            assert done is (was_open and number in each.open)
            if done:
                self._note(each, number, ending)

    def _end(self, connection: Any, take_id: str, ending: str) -> bool:
        if ending == "begin":
            return takes.begin(connection, take_id) is not None
        if ending == "fail":
            fault = {"code": "inferenceError", "message": "It broke."}
            return takes.fail(connection, self.state.services.enqueuer, take_id, fault, [])
        facts = {"file_key": f"videos/{take_id}.mp4", "expires_at": 2_000_000_000, "cost": str(PRICE)}
        return takes.succeed(connection, self.state.services.enqueuer, take_id, facts, [])

    def _note(self, each: Known, number: int, ending: str) -> None:
        each.states[number] = {"begin": "running", "succeed": "success", "fail": "inferenceError"}[ending]
        left = self.credit[each.owner]
        if ending == "succeed" and left is not None:
            self.credit[each.owner] = left - PRICE

    def restart(self) -> None:
        self.state.close()
        self.state = self.make()
        for client in self.clients:
            client.state = self.state

    def top_up(self) -> None:
        assert self.credit[1] is not None
        self.credit[1] += PRICE * self.dice.randint(0, 3)
        self._set_credit(1)

    def expire(self) -> None:
        """All that has ended is forgotten, as if its time were over."""
        ended = [name for name, each in self.known.items() if not each.open and "success" not in each.states]
        count = expire_tasks(
            self.state.services.engine, self.state.services.enqueuer, -60, self.state.services.storage.delete
        )
        assert count == len(ended), "finished files are kept until their URLs expire"
        for name in ended:
            owner = self.known.pop(name).owner
            assert self.clients[owner].code("getResponse", name) == "taskNotFound"

    def check(self, each: Known) -> None:
        """A poll tells what the model knows, in the takes' order, under names that never change."""
        reply = self.clients[each.owner].utility("getResponse", each.task["taskUUID"])
        shown = {"queued": "processing", "running": "processing", "success": "success"}
        assert [item["status"] for item in reply.data] == [shown[s] for s in each.states if s in shown]
        assert [error["code"] for error in reply.errors] == [s for s in each.states if s not in shown]
        names = [take.id for take in self.clients[each.owner].takes(each.task["taskUUID"])]
        videos = [item["videoUUID"] for item in reply.data if item["status"] == "success"]
        assert videos == [name for name, state in zip(names, each.states, strict=True) if state == "success"]
        assert reply.status == 200

    def check_credit(self) -> None:
        with self.state.services.engine.connect() as connection:
            for client, left in zip(self.clients, self.credit, strict=True):
                account = accounts.account_by_id(connection, client.account_id)
                assert account is not None and account.credit == left
                assert left is None or left - credit.as_usd(credit.held(connection, account.id)) >= 0, "never overdrawn"


DICE = st.randoms(use_true_random=False)


class Machine(RuleBasedStateMachine):
    """Hypothesis chooses the steps, and finds the fewest that break something."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._opened: list[ServerState] = []
        self.walk = Walk(self._open, random.Random(0))

    def _open(self) -> ServerState:
        self._opened.append(ServerState(Settings(data=Path(self._folder.name), max_queued=MOST_OPEN)))
        return self._opened[-1]

    def teardown(self) -> None:
        for each in self.walk.known.values():
            self.walk.check(each)
        self.walk.state.close()
        self._folder.cleanup()

    @rule(dice=DICE)
    def submit(self, dice: random.Random) -> None:
        self._step(dice, self.walk.submit)

    @rule(dice=DICE)
    def submit_another(self, dice: random.Random) -> None:
        self._step(dice, self.walk.submit)

    @rule(dice=DICE, ending=st.sampled_from(["begin", "succeed", "fail"]))
    def work(self, dice: random.Random, ending: str) -> None:
        self._step(dice, lambda: self.walk.work(ending))

    @rule(dice=DICE)
    def succeed(self, dice: random.Random) -> None:
        self._step(dice, lambda: self.walk.work("succeed"))

    @rule(dice=DICE)
    def repeat(self, dice: random.Random) -> None:
        self._step(dice, self.walk.repeat)

    @rule(dice=DICE)
    def cancel(self, dice: random.Random) -> None:
        self._step(dice, self.walk.cancel)

    @rule(dice=DICE)
    def spy(self, dice: random.Random) -> None:
        self._step(dice, self.walk.spy)

    @rule(dice=DICE)
    def top_up(self, dice: random.Random) -> None:
        self._step(dice, self.walk.top_up)

    @rule()
    def restart(self) -> None:
        self.walk.restart()

    @rule()
    def expire(self) -> None:
        self.walk.expire()

    @invariant()
    def credit_is_exact(self) -> None:
        self.walk.check_credit()

    def _step(self, dice: random.Random, act: Callable[[], None]) -> None:
        self.walk.dice = dice
        act()
        if each := self.walk.some():
            self.walk.check(each)


@pytest.mark.slow
def test_whatever_happens_the_ledger_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vitascope.tasks.admission.RECOUNT_AFTER", 0.0)
    how = settings(max_examples=30, stateful_step_count=50, deadline=None, derandomize=True, database=None)
    run_state_machine_as_test(Machine, settings=how)
