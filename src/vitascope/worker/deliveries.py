"""Uploads and webhooks: one durable try at a time, the next one enqueued in the transaction that records this one."""

from __future__ import annotations

import logging
import random
import time

import sqlalchemy as sa

from vitascope.delivery import upload, webhook
from vitascope.delivery.links import Links
from vitascope.delivery.outcome import Outcome
from vitascope.delivery.retry import UPLOAD, WEBHOOK
from vitascope.delivery.storage import NotStored, Storage
from vitascope.errors import DeliveryFailed
from vitascope.outbound.client import Outbound
from vitascope.service.orders import order_of
from vitascope.service.results import take_item
from vitascope.tasks.deliveries import Delivery, find_delivery, note_try
from vitascope.tasks.ledger import TakeRecord, TaskRecord, task_of_take
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.states import DeliveryState

log = logging.getLogger("vitascope.worker")

POLICIES = {"upload": UPLOAD, "webhook": WEBHOOK}


class Deliveries:
    """Does the deliveries of this worker's queue."""

    def __init__(
        self, engine: sa.Engine, enqueuer: Enqueuer, storage: Storage, links: Links, outbound: Outbound
    ) -> None:
        self._engine = engine
        self._enqueuer = enqueuer
        self._storage = storage
        self._links = links
        self._outbound = outbound
        self._random = random.SystemRandom()

    def deliver(self, delivery_id: str, attempt: int) -> None:
        """Try once (attempt 0 is the first). Does nothing for a delivery that is done or given up."""
        with self._engine.connect() as connection:
            item = find_delivery(connection, delivery_id)
            task = task_of_take(connection, item.take_id) if item else None
        if item is None or task is None:
            return
        take = next(take for take in task.takes if take.id == item.take_id)
        outcome = self._send(item, task, take)
        wait = POLICIES[item.kind].wait(attempt + 1, self._random) if outcome.retryable else None
        state = DeliveryState.DONE if outcome.delivered else DeliveryState.GIVEN_UP
        with self._engine.begin() as connection:
            if wait is not None:
                state = DeliveryState.PENDING
                self._enqueuer.delivery(connection, item.id, attempt + 1, wait)
            note_try(connection, item.id, state, attempt + 1, outcome.status, outcome.message or None)
        if state is DeliveryState.GIVEN_UP:
            told = "task %s: its %s is given up (tries: %d): %s"
            log.warning(told, task.task_uuid, item.kind, attempt + 1, outcome.message)

    def _send(self, item: Delivery, task: TaskRecord, take: TakeRecord) -> Outcome:
        """One try."""
        try:
            if item.kind == "upload":
                assert take.file_key is not None
                return upload.put(self._outbound, item.url, self._storage, take.file_key)
            result = take_item(order_of(task), take, self._links)
            return webhook.post(self._outbound, item.url, result, item.id, int(time.time()))
        except NotStored as error:
            return Outcome(False, None, message=str(error))
        except DeliveryFailed as error:  # our own file store hiccups
            return Outcome(False, None, retryable=True, message=str(error))
