"""A random walk of everything that can happen to tasks, against a small model of what must hold at every step.

The desk, the ledger and the database are real; the walk plays the worker by the same transactions that a worker uses.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.server.conftest import Client, open_account, video_task
from vitascope.server.rooms import Rooms
from vitascope.tasks import accounts, credit, takes
from vitascope.tasks.expiry import expire_tasks

STEPS = 300
MOST_OPEN = 12
PRICE = Decimal("0.031788020")  # 864 x 480, 121 frames of 1.0 Pro Fast


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

    make: Callable[[], Rooms]
    dice: random.Random
    rooms: Rooms = field(init=False)
    clients: list[Client] = field(init=False)
    credit: list[Decimal | None] = field(default_factory=lambda: [None, Decimal("0.5")])
    known: dict[str, Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rooms = self.make()
        self.clients = [open_account(self.rooms, name) for name in ("unlimited", "limited")]
        self._set_credit(1)

    def _set_credit(self, owner: int) -> None:
        with self.rooms.engine.begin() as connection:
            credit.set_credit(connection, self.clients[owner].account_id, self.credit[owner])

    def _some(self) -> Known | None:
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
        if each := self._some():
            reply = self.clients[each.owner].ask({**each.task, "positivePrompt": "something else"})
            assert [error["code"] for error in reply.errors] == ["conflictTaskUUID"] and not reply.data

    def cancel(self) -> None:
        if each := self._some():
            each.states = [
                state if state in {"success", "inferenceError"} else "taskCancelled" for state in each.states
            ]
            item = self.clients[each.owner].item("cancelTask", each.task["taskUUID"])
            assert item["cancelledResults"] == each.states.count("taskCancelled")

    def spy(self) -> None:
        if each := self._some():
            stranger = self.clients[1 - each.owner]
            for kind in ("getResponse", "getTaskDetails", "cancelTask"):
                assert stranger.code(kind, each.task["taskUUID"]) == "taskNotFound"

    def work(self) -> None:
        """A worker begins, finishes or fails a take, perhaps one that has ended, perhaps twice."""
        if not (each := self._some()):
            return
        number, ending = self.dice.randrange(len(each.states)), self.dice.choice(["begin", "succeed", "fail"])
        take_id = self.clients[each.owner].takes(each.task["taskUUID"])[number].id
        was_open = number in each.open
        for _ in range(self.dice.randint(1, 2)):
            with self.rooms.engine.begin() as connection:
                done = self._end(connection, take_id, ending)
            assert done is (was_open and number in each.open)
            if done:
                self._note(each, number, ending)

    def _end(self, connection: Any, take_id: str, ending: str) -> bool:
        if ending == "begin":
            return takes.begin(connection, take_id) is not None
        if ending == "fail":
            fault = {"code": "inferenceError", "message": "It broke."}
            return takes.fail(connection, self.rooms.enqueuer, take_id, fault, [])
        facts = {"file_key": f"videos/{take_id}.mp4", "expires_at": 2_000_000_000, "cost": str(PRICE)}
        return takes.succeed(connection, self.rooms.enqueuer, take_id, facts, [])

    def _note(self, each: Known, number: int, ending: str) -> None:
        each.states[number] = {"begin": "running", "succeed": "success", "fail": "inferenceError"}[ending]
        left = self.credit[each.owner]
        if ending == "succeed" and left is not None:
            self.credit[each.owner] = left - PRICE

    def restart(self) -> None:
        self.rooms.close()
        self.rooms = self.make()
        for client in self.clients:
            client.rooms = self.rooms

    def top_up(self) -> None:
        assert self.credit[1] is not None
        self.credit[1] += PRICE * self.dice.randint(0, 3)
        self._set_credit(1)

    def expire(self) -> None:
        """All that has ended is forgotten, as if its time were over."""
        ended = [name for name, each in self.known.items() if not each.open and "success" not in each.states]
        count = expire_tasks(self.rooms.engine, self.rooms.enqueuer, -60, self.rooms.storage.delete)
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
        with self.rooms.engine.connect() as connection:
            for client, left in zip(self.clients, self.credit, strict=True):
                account = accounts.account_by_id(connection, client.account_id)
                assert account is not None and account.credit == left
                assert left is None or left - credit.as_usd(credit.held(connection, account.id)) >= 0, "never overdrawn"


@pytest.mark.parametrize("seed", range(3))
def test_a_random_walk_of_everything(
    make_rooms: Callable[..., Rooms], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vitascope.tasks.admission.RECOUNT_AFTER", 0.0)
    walk = Walk(lambda: make_rooms(max_queued=MOST_OPEN), random.Random(seed))
    ways = {
        walk.submit: 8,
        walk.work: 14,
        walk.repeat: 2,
        walk.cancel: 2,
        walk.spy: 1,
        walk.expire: 1,
        walk.restart: 1,
        walk.top_up: 1,
    }
    for _ in range(STEPS):
        walk.dice.choices(list(ways), list(ways.values()))[0]()
        if each := walk._some():
            walk.check(each)
        walk.check_credit()
    for each in walk.known.values():
        walk.check(each)
    ended = {state for each in walk.known.values() for state in each.states}
    assert {"success", "inferenceError"} <= ended, "the walk went somewhere"
    assert walk.clients[0].code("getResponse", str(uuid.uuid4())) == "taskNotFound"
