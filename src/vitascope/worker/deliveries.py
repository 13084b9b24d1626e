"""Uploads and webhooks: one durable try at a time, the next one enqueued in the transaction that records this one."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable

import sqlalchemy as sa

from vitascope.delivery import upload, webhook
from vitascope.delivery.links import Links
from vitascope.delivery.outcome import Outcome
from vitascope.delivery.retry import UPLOAD, WEBHOOK
from vitascope.delivery.storage import NotStored, Storage
from vitascope.errors import DeliveryFailed, RecordUnreadable
from vitascope.outbound.client import Outbound
from vitascope.service.orders import order_of
from vitascope.service.results import take_item
from vitascope.tasks.deliveries import Delivery, find_delivery, note_try, untried
from vitascope.tasks.ledger import TakeRecord, TaskRecord, task_of_take
from vitascope.tasks.queue.dbos import Enqueuer, NewTry
from vitascope.tasks.states import DeliveryState
from vitascope.worker.patience import Patience

LONGEST_WAIT = 20.0
"""Seconds that a take's first try waits for those of the takes before it: three of them, each with a time limit."""

LOOK_EVERY = 0.05

log = logging.getLogger("vitascope.worker")

POLICIES = {"upload": UPLOAD, "webhook": WEBHOOK}

UNREADABLE = str(RecordUnreadable())
"""Why the delivery of a record without takes is given up."""


class Deliveries:
    """Does the deliveries of this worker's queue."""

    def __init__(
        self,
        engine: sa.Engine,
        enqueuer: Enqueuer,
        storage: Storage,
        links: Links,
        outbound: Outbound,
        fence: Callable[[sa.Connection], None],
        patience: Patience,
    ) -> None:
        """`fence` ends a transaction of a process that others take for dead."""
        self._fence = fence
        self._patience = patience
        self._engine = engine
        self._enqueuer = enqueuer
        self._storage = storage
        self._links = links
        self._outbound = outbound
        self._random = random.SystemRandom()

    def deliver(self, delivery_id: str, attempt: int) -> None:
        """Try once (attempt 0 is the first). Does nothing for a delivery that is done, given up or at a later try."""
        item, task = self._patience(lambda: self._look_up(delivery_id, attempt))
        if item is None or task is None:
            return
        take = next((take for take in task.takes if take.id == item.take_id), None)
        if take is not None and item.kind == "webhook" and attempt == 0:
            self._patience(lambda: self._let_earlier_go_first(item, task, take))
        outcome = self._send(item, task, take) if take is not None else Outcome(False, None, message=UNREADABLE)
        wait = POLICIES[item.kind].wait(attempt + 1, self._random, outcome.timed_out) if outcome.retryable else None
        again = None if wait is None else NewTry(item.id, item.kind, task.account_id, attempt + 1, wait)
        # Here, not by trying the whole step again: the receiver has it already.
        self._patience(lambda: self._note(item.id, attempt + 1, outcome, again))
        if again is None and not outcome.delivered:
            told = "task %s: its %s is given up (tries: %d): %s"
            log.warning(told, task.task_uuid, item.kind, attempt + 1, outcome.message)

    def _note(self, delivery_id: str, tries: int, outcome: Outcome, again: NewTry | None) -> None:
        state = DeliveryState.DONE if outcome.delivered else DeliveryState.GIVEN_UP
        with self._engine.begin() as connection:
            self._fence(connection)
            if again is not None:
                state = DeliveryState.PENDING
                self._enqueuer.delivery(connection, again)
            note_try(connection, delivery_id, state, tries, outcome.status, outcome.message or None)

    def _look_up(self, delivery_id: str, attempt: int) -> tuple[Delivery | None, TaskRecord | None]:
        with self._engine.begin() as connection:
            self._fence(connection)
            item = find_delivery(connection, delivery_id, attempt)
            return item, task_of_take(connection, item.take_id) if item else None

    def _let_earlier_go_first(self, item: Delivery, task: TaskRecord, take: TakeRecord) -> None:
        """Wait for the first tries of the task's earlier takes that are ready too, so that webhooks come in order.

        Only for the first tries, and not for ever: a receiver that fails for one take holds up no other.
        """
        earlier = [other.id for other in task.takes if other.number < take.number]
        until = time.monotonic() + LONGEST_WAIT
        while earlier and time.monotonic() < until:
            with self._engine.connect() as connection:
                if not untried(connection, item.kind, earlier):
                    return
            time.sleep(LOOK_EVERY)

    def _send(self, item: Delivery, task: TaskRecord, take: TakeRecord) -> Outcome:
        """One try."""
        try:
            order = order_of(task)
            if item.kind == "upload":
                assert take.file_key is not None
                return upload.put(self._outbound, item.url, self._storage, take.file_key)
            result = take_item(order, take, self._links)
            return webhook.post(self._outbound, item.url, result, item.id, int(time.time()))
        except (NotStored, RecordUnreadable) as error:
            return Outcome(False, None, message=str(error))
        except DeliveryFailed as error:  # our own file store hiccups
            return Outcome(False, None, retryable=True, message=str(error))
