"""The worker process: takes from the durable queue, makes them, publishes them, processes them over, and sweeps.

Every step is written so that it may run twice: a take's file has one name, its row ends once, and its deliveries are
enqueued in the transaction that ends it.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from vitascope.contract.catalog import CARDS
from vitascope.contract.inputs import picture_file
from vitascope.contract.order import Form, FrameSource, Order
from vitascope.contract.pricing import own_rates, price
from vitascope.contract.reply import new_draft_id
from vitascope.delivery.links import Links
from vitascope.delivery.secret import load_or_create
from vitascope.delivery.storage import Storage
from vitascope.engines.registry import make_engine
from vitascope.errors import Cancelled, DeliveryFailed, EngineFailed, Fault, Refused, RunTimedOut, VitascopeError
from vitascope.outbound.client import Outbound, OutboundRules
from vitascope.service.deliveries import deliveries
from vitascope.settings import Settings
from vitascope.tasks import takes
from vitascope.tasks.database.connect import open_database
from vitascope.tasks.expiry import expire_tasks
from vitascope.tasks.ledger import task_of_take
from vitascope.tasks.media import sweep_inputs
from vitascope.tasks.queue.dbos import Enqueuer, Made, Runner
from vitascope.tasks.queue.recovery import Presence, sweep
from vitascope.tasks.states import TakeState
from vitascope.worker.control import TakeControl, wait_if_stopping
from vitascope.worker.deliveries import Deliveries
from vitascope.worker.produce import Produced, produce

log = logging.getLogger("vitascope.worker")

MOST_ATTEMPTS = 3  # workers that one take may take down with it before it is given up
BEAT_EVERY = 1.0
EXPIRE_EVERY = 60.0


class Worker:
    """One worker process. `run` returns after `stop`; what was running is finished by the next start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.prepare()
        self._engine = make_engine(settings.engine, settings.processes)
        self._database = open_database(settings)
        self._enqueuer = Enqueuer(self._database)
        self._storage = Storage.open(settings.storage)
        self._outbound = Outbound(OutboundRules(allow=settings.allow_hosts))
        links = Links(load_or_create(settings.data / "links.secret"), settings.base_url)
        self._deliveries = Deliveries(self._database, self._enqueuer, self._storage, links, self._outbound)
        self._rates = own_rates(settings.rates)
        self._locks = settings.data / "run"
        self._presence = Presence(self._database, self._locks)
        self._scratch = settings.data / "scratch" / self._presence.executor_id
        self._scratch.mkdir()
        self._stopping = threading.Event()
        self._held: set[str] = set()  # takes that are being made right now

    def run(self) -> None:
        """Work until `stop`, then end the process: a thread may still hold a take that must not be recorded."""
        runner = Runner(self._database, self._presence.executor_id, self._settings.workers)
        runner.start(self.make, self.publish, self._deliveries.deliver)
        next_expiry = 0.0
        while not self._stopping.wait(BEAT_EVERY):
            self._presence.beat()
            if sweep(self._database, self._enqueuer, self._locks):
                self._clear_scratch()
            if time.monotonic() > next_expiry:
                next_expiry = time.monotonic() + EXPIRE_EVERY
                self._expire()
        runner.stop()
        with self._database.begin() as connection:
            takes.set_aside(connection, self._held)
        self._presence.leave()
        shutil.rmtree(self._scratch, ignore_errors=True)
        logging.shutdown()
        os._exit(0)

    def stop(self) -> None:
        """Ask `run` to end. Safe in a signal handler."""
        self._stopping.set()

    def make(self, take_id: str) -> Made:
        """The long step: produce the take's file and store it. What went wrong is in what it returns."""
        try:
            return self._make(take_id)
        except Refused as refused:
            return {"faults": [fault.as_item() for fault in refused.faults]}
        except VitascopeError as error:
            return {"faults": [error.fault().as_item()]}
        except Exception as error:
            log.exception("take %s: unexpected error", take_id)
            message = f"Something went wrong inside the server ({type(error).__name__}); its log has the details."
            return {"faults": [Fault("internalServerError", message).as_item()]}
        finally:
            wait_if_stopping(self._stopping)
            self._held.discard(take_id)

    def _make(self, take_id: str) -> Made:
        with self._database.begin() as connection:
            attempts = takes.begin(connection, take_id)
            task = task_of_take(connection, take_id)
        if attempts is None or task is None:
            return {"ended": True}
        self._held.add(take_id)
        if attempts > MOST_ATTEMPTS:
            raise EngineFailed(f"Making this video ended the worker {MOST_ATTEMPTS} times; it will not be tried again.")
        order = Order.from_json(task.order)
        take = next(take for take in task.takes if take.id == take_id)
        control = TakeControl(
            report=lambda percent: self._report(take_id, percent),
            wanted=lambda: self._wanted(take_id),
            stopping=self._stopping,
            seconds=self._settings.run_timeout,
        )
        path = self._scratch / f"{take_id}{order.container.suffix}"
        try:
            fetch = partial(self._fetch, CARDS[order.model].pictures.most_bytes)
            produced = produce(order, take.seed, self._engine, fetch, path, control)
        except Cancelled:
            raise (RunTimedOut if control.timed_out else Cancelled)() from None
        key = f"videos/{take_id}{order.container.suffix}"
        wait_if_stopping(self._stopping)
        self._storage.put_file(key, path)
        path.unlink()
        return _facts(produced, price(order, produced.size, self._rates), key)

    def publish(self, take_id: str, made: Made) -> None:
        """The short step: one transaction that makes the result visible and enqueues its deliveries."""
        if "ended" in made:
            return
        with self._database.begin() as connection:
            task = task_of_take(connection, take_id)
            if task is None:
                return
            order = Order.from_json(task.order)
            if "faults" in made:
                fault = made["faults"][0] if len(made["faults"]) == 1 else _joined(made["faults"])
                takes.fail(connection, self._enqueuer, take_id, fault, deliveries(order, take_id, uploaded=False))
            else:
                facts = {**made, "expires_at": int(time.time()) + (order.ttl or self._settings.file_ttl)}
                if order.draft:
                    facts["draft_id"] = _draft_id()
                told = deliveries(order, take_id, uploaded=True)
                if not takes.succeed(connection, self._enqueuer, take_id, facts, told):
                    self._remove_unwanted(connection, take_id, made["file_key"])

    def _fetch(self, limit: int, source: FrameSource) -> bytes:
        if source.form is Form.URL:
            return self._outbound.fetch(source.value, limit).data
        if source.form is Form.STORED:
            return b"".join(self._storage.read(source.value))
        return picture_file(source)

    def _report(self, take_id: str, percent: int) -> None:
        with self._database.begin() as connection:
            takes.progress(connection, take_id, min(percent, 99))

    def _wanted(self, take_id: str) -> bool:
        with self._database.connect() as connection:
            return takes.wanted(connection, take_id)

    def _remove_unwanted(self, connection: sa.Connection, take_id: str, key: str) -> None:
        """Remove the file of a take that was cancelled when its file was just ready."""
        task = task_of_take(connection, take_id)
        if task is None or any(take.id == take_id and take.state is TakeState.FAILED for take in task.takes):
            self._storage.delete(key)

    def _expire(self) -> None:
        try:
            expire_tasks(self._database, self._enqueuer, self._settings.retention, self._storage.delete)
            sweep_inputs(self._database, self._storage.delete)
        except DeliveryFailed as error:  # the file store hiccups; the next sweep goes on where this one stopped
            log.warning("clearing up: %s", error)

    def _clear_scratch(self) -> None:
        """Remove what dead workers left half written."""
        for folder in self._scratch.parent.iterdir():
            if not (self._locks / f"{folder.name}.lock").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _facts(produced: Produced, cost: Decimal, key: str) -> dict[str, Any]:
    return {
        "width": produced.size.width,
        "height": produced.size.height,
        "file_key": key,
        "file_bytes": produced.encoded.bytes,
        "file_digest": produced.encoded.sha256,
        "cost": str(cost),
        "flagged": produced.flagged,
        "reading": json.dumps(produced.reading.as_json()) if produced.reading else None,
    }


def _joined(items: list[dict[str, Any]]) -> dict[str, Any]:
    """A failed take has one error item: the first fault's, with every message."""
    return {**items[0], "message": " ".join(item["message"] for item in items)}


def _draft_id() -> str:
    return new_draft_id(datetime.now(UTC), secrets.choice)
