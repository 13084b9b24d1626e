"""The worker: takes from the durable queue are made and published; deliveries and upkeep go on beside.

Every step is written so that it may run twice: a take's file has one name, its row ends once, and its deliveries are
enqueued in the transaction that ends it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from vitascope.contract.catalog import CARDS
from vitascope.contract.inputs import picture_file
from vitascope.contract.order import Form, FrameSource, Order
from vitascope.contract.pricing import own_rates, price
from vitascope.contract.reply import new_draft_id
from vitascope.delivery.links import Links
from vitascope.delivery.secret import load_or_create
from vitascope.delivery.storage import Storage
from vitascope.engines.pipes import end_all
from vitascope.errors import (
    Cancelled,
    DeliveryFailed,
    EngineFailed,
    Fault,
    RecordUnreadable,
    Refused,
    RunTimedOut,
    VitascopeError,
)
from vitascope.media.decoding import Decoders
from vitascope.media.preview import write_preview
from vitascope.outbound.client import open_outbound
from vitascope.safety.classifier import detector_for
from vitascope.service.deliveries import deliveries
from vitascope.service.orders import order_of
from vitascope.settings import Settings
from vitascope.tasks import takes
from vitascope.tasks.database.connect import open_database
from vitascope.tasks.ledger import TaskRecord, task_of_take
from vitascope.tasks.queue.dbos import Enqueuer, Runner
from vitascope.tasks.queue.recovery import StruckOff
from vitascope.tasks.states import TakeState
from vitascope.values import Picture
from vitascope.worker.control import TakeControl, wait_if_stopping
from vitascope.worker.deliveries import Deliveries
from vitascope.worker.made import Ended, Failed, Finished, Made, made_from_json
from vitascope.worker.patience import Patience, cause
from vitascope.worker.pools import Pools
from vitascope.worker.produce import Tools, produce
from vitascope.worker.upkeep import Upkeep

log = logging.getLogger("vitascope.worker")

Answer = TypeVar("Answer")

MOST_ATTEMPTS = 3  # workers that one take may take down with it before it is given up
MOST_PROGRESS = 99  # per cent of a take whose file is not published yet
ROUND_EVERY = 1.0


class Worker:
    """One worker process. `run` returns after `stop`; what was running is finished by the next start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.prepare()
        self._pools = Pools(settings)
        self._pools.prepare()
        self._database = open_database(settings)
        self._enqueuer = Enqueuer(self._database)
        self._storage = Storage.open(settings.storage)
        self._outbound = open_outbound(settings)
        self._tools = Tools(Decoders(), detector_for(settings), settings.title_from_prompt)
        links = Links(load_or_create(settings.data / "links.secret"), settings.base_url)
        self._rates = own_rates(settings.rates)
        self.upkeep = Upkeep(settings, self._database, self._enqueuer, self._storage)
        self._fence = self.upkeep.presence.fence
        self._stopping = threading.Event()
        self._patience = Patience(settings.patience, self._stopping)
        self._deliveries = Deliveries(
            self._database, self._enqueuer, self._storage, links, self._outbound, self._fence, self._patience
        )
        self._held: set[str] = set()  # takes that are being made right now

    def run(self) -> bool:
        """Work until `stop`. True: begin anew, because others took this process for dead, or it could not begin at all.

        Afterwards end the process at once: a thread may hold a take that must not be recorded.
        """
        runner = Runner(
            self._database, self.upkeep.executor_id, self._settings.workers, self._pools.names, self._settings.engine
        )
        again = True
        try:
            runner.start(
                lambda take_id: _or_hold(lambda: self.make(take_id).as_json()),
                lambda take_id, made: _or_hold(lambda: self._publish(take_id, made)),
                lambda delivery_id, attempt: _or_hold(lambda: self._deliveries.deliver(delivery_id, attempt)),
            )
            again = self._rounds(runner)
        except sa.exc.SQLAlchemyError as error:
            log.error("the worker could not begin (%s)", cause(error))
        self._stopping.set()
        # Before the runner stops, which takes its time: whoever stops this process may not wait for so long.
        first = set(self._held)
        self._set_aside(first)
        runner.stop()
        self._set_aside(self._held - first)
        self._pools.close()
        self._tools.decoders.close()
        end_all()
        self.upkeep.leave()
        return again

    def _set_aside(self, take_ids: Collection[str]) -> None:
        """Note of takes that this process holds that it stops on purpose."""
        if not take_ids:
            return
        try:
            with self._database.begin() as connection:
                takes.set_aside(connection, take_ids)
        except sa.exc.SQLAlchemyError as error:
            log.warning("what was left in the middle counts as tried (%s)", cause(error))

    def _rounds(self, runner: Runner) -> bool:
        """Upkeep until `stop` or, then True, until this process learns that it was struck off."""
        while not self._stopping.wait(ROUND_EVERY):
            for duty in self.upkeep.duties(runner.running()):
                try:
                    duty()
                except StruckOff:
                    log.warning("this worker was silent for so long that its work was handed on; it begins anew")
                    return True
                except sa.exc.SQLAlchemyError as error:
                    log.warning("upkeep: the next round tries again (%s)", cause(error))
                except Exception:
                    log.exception("upkeep: the next round tries again")
        return False

    def stop(self) -> None:
        """Ask `run` to end. Safe in a signal handler."""
        self._stopping.set()

    def close(self) -> None:
        """Let go of everything, of a worker that never ran."""
        self._pools.close()
        self._tools.decoders.close()
        self.upkeep.leave()
        self._enqueuer.close()
        self._database.dispose()

    def make(self, take_id: str) -> Made:
        """The long step: produce the take's file and store it. What went wrong is in what it returns.

        Raises StruckOff, and nothing else.
        """
        made = self._made(take_id)
        wait_if_stopping(self._stopping)
        self._held.discard(take_id)
        return made

    def _made(self, take_id: str) -> Made:
        try:
            return self._make(take_id)
        except StruckOff:
            raise
        except Refused as refused:
            return Failed(refused.faults)
        except VitascopeError as error:
            return Failed((error.fault(),))
        except Exception as error:
            log.exception("take %s: unexpected error", take_id)
            message = f"Something went wrong inside the server ({type(error).__name__}); its log has the details."
            return Failed((Fault("internalServerError", message),))

    def _make(self, take_id: str) -> Made:
        attempts, task = self._patience(lambda: self._begin(take_id))
        if attempts is None or task is None:
            return Ended()
        self._held.add(take_id)
        if attempts > MOST_ATTEMPTS:
            raise EngineFailed(f"Making this video ended the worker {MOST_ATTEMPTS} times; it will not be tried again.")
        order = order_of(task)
        take = next(take for take in task.takes if take.id == take_id)
        ledger = _TakeLedger(self._database, self._storage, self.upkeep.scratch, take_id)
        control = TakeControl(ledger, self._stopping, self._settings.run_timeout)
        path = self.upkeep.scratch / f"{take_id}{order.container.suffix}"
        try:
            engine = self._pools.engine_for(order.model)
            fetch = partial(self._fetch, order, control)
            make = partial(produce, order, take.seed, engine, fetch, self._tools, path, control)
            produced = self._patience(make, control.waits)
        except Cancelled:
            raise (RunTimedOut if control.timed_out else Cancelled)() from None
        key = f"videos/{take_id}{order.container.suffix}"
        wait_if_stopping(self._stopping)
        self._patience(self._still_ours)  # nothing is written over what another worker has published meanwhile
        try:
            self._patience(lambda: self._storage.put_file(key, path), control.waits)
        finally:
            _remove(path)
        return Finished.of(produced, price(order, produced.size, self._rates), key)

    def _begin(self, take_id: str) -> tuple[int | None, TaskRecord | None]:
        with self._database.begin() as connection:
            self._fence(connection)
            return takes.begin(connection, take_id), task_of_take(connection, take_id)

    def _still_ours(self) -> None:
        with self._database.begin() as connection:
            self._fence(connection)

    def _publish(self, take_id: str, made: dict[str, Any]) -> None:
        self._patience(lambda: self.publish(take_id, made_from_json(made)))
        try:
            self._storage.delete(preview_key(take_id))
        except DeliveryFailed as error:
            log.warning("take %s: its preview stays (%s)", take_id, error)

    def publish(self, take_id: str, made: Made) -> None:
        """The short step: one transaction that makes the result visible and enqueues its deliveries."""
        if isinstance(made, Ended):
            return
        with self._database.begin() as connection:
            self._fence(connection)
            task = task_of_take(connection, take_id)
            if task is None:
                return
            try:
                order = order_of(task)
            except RecordUnreadable as error:
                takes.fail(connection, self._enqueuer, take_id, error.fault().as_item(), [])
                return
            if isinstance(made, Failed):
                told = deliveries(order, take_id, uploaded=False)
                takes.fail(connection, self._enqueuer, take_id, made.fault(), told)
                return
            facts = {**made.as_json(), "expires_at": int(time.time()) + (order.ttl or self._settings.file_ttl)}
            if order.draft:
                facts["draft_id"] = new_draft_id(datetime.now(UTC), secrets.choice)
            told = deliveries(order, take_id, uploaded=True)
            unwanted = not takes.succeed(connection, self._enqueuer, take_id, facts, told)
            unwanted = unwanted and self._failed(connection, take_id)
        if unwanted:  # it was cancelled when its file was just ready
            self._storage.delete(made.file_key)

    def _failed(self, connection: sa.Connection, take_id: str) -> bool:
        task = task_of_take(connection, take_id)
        return task is None or any(take.id == take_id and take.state is TakeState.FAILED for take in task.takes)

    def _fetch(self, order: Order, control: TakeControl, source: FrameSource) -> bytes:
        if source.form is Form.URL:
            return self._outbound.fetch(source.value, CARDS[order.model].pictures.most_bytes).data
        if source.form is Form.STORED:
            return self._patience(lambda: b"".join(self._storage.read(source.value)), control.waits)
        return picture_file(source)


def _or_hold(step: Callable[[], Answer]) -> Answer:
    """A step of the queue. One that finds this process struck off never ends: another worker does it again."""
    try:
        return step()
    except StruckOff:
        threading.Event().wait()
        raise


def _remove(path: Path) -> None:
    """Remove a file of the scratch folder; what cannot be removed goes with the folder."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def preview_key(take_id: str) -> str:
    """Where the preview of a take is kept while it is being made."""
    return f"previews/{take_id}.jpg"


@dataclass(frozen=True, slots=True)
class _TakeLedger:
    """What the control of one take writes and asks."""

    database: sa.Engine
    storage: Storage
    scratch: Path
    take_id: str

    def report(self, percent: int, stage: str) -> None:
        def note() -> None:
            with self.database.begin() as connection:
                takes.progress(connection, self.take_id, min(percent, MOST_PROGRESS), stage)

        self._try("its progress was not noted", note, None)

    def show(self, preview: Picture) -> None:
        path = self.scratch / f"{self.take_id}.jpg"

        def keep() -> None:
            write_preview(preview, path)
            self.storage.put_file(preview_key(self.take_id), path)
            with self.database.begin() as connection:
                takes.show_preview(connection, self.take_id, preview_key(self.take_id))

        self._try("its preview was not kept", keep, None)
        _remove(path)

    def wanted(self) -> bool:
        def ask() -> bool:
            with self.database.connect() as connection:
                return takes.wanted(connection, self.take_id)

        return self._try("nobody could say whether it is still wanted", ask, True)

    def _try(self, what: str, act: Callable[[], Answer], otherwise: Answer) -> Answer:
        """Go on when the database or the file store fails for a moment: a take is worth more than news of it."""
        try:
            return act()
        except (sa.exc.SQLAlchemyError, DeliveryFailed, OSError) as error:
            log.warning("take %s: %s (%s)", self.take_id, what, cause(error))
            return otherwise
