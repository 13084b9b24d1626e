"""Everything that a front door works with, opened together: one database, one file store, what is done with them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from vitascope.contract.catalog import CARDS
from vitascope.contract.pricing import own_rates
from vitascope.delivery.links import Links
from vitascope.delivery.secret import load_or_create
from vitascope.delivery.storage import Storage
from vitascope.errors import SetupError
from vitascope.media.decoding import Decoders
from vitascope.outbound.client import open_outbound
from vitascope.outbound.failures import AddressRefused
from vitascope.service.accounts import Accounts
from vitascope.service.cancel import cancel_task, cancelled_takes
from vitascope.service.drafts import Drafts
from vitascope.service.health import Health
from vitascope.service.incoming import Incoming
from vitascope.service.own_files import OwnFiles
from vitascope.service.pictures import Pictures, Quota
from vitascope.service.results import Results
from vitascope.service.submit import Submissions
from vitascope.settings import Settings
from vitascope.tasks.admission import OpenCount, Verdict
from vitascope.tasks.batching import Batcher
from vitascope.tasks.database.connect import REQUEST_PATIENCE, open_database
from vitascope.tasks.ledger import NewTask, accept, find_asked
from vitascope.tasks.queue.dbos import Enqueuer

MOST_PICTURES = 16
"""Pictures of tasks that are checked or stored at the same time, in threads that nothing else needs."""


class Services:
    """Opened when a web process starts, closed when it ends."""

    def __init__(self, settings: Settings) -> None:
        unknown = [model for model in settings.engines if model not in CARDS]
        if unknown:
            raise SetupError(
                f"The setting engines names {unknown[0]}: name models of the catalogue, {', '.join(CARDS)}."
            )
        self.settings = settings.prepare()
        self.engine = open_database(settings, REQUEST_PATIENCE)
        self.enqueuer = Enqueuer(self.engine)
        self.storage = Storage.open(settings.storage)
        self.outbound = open_outbound(settings)
        secret = load_or_create(settings.data / "links.secret")
        self.links = Links(secret, settings.base_url, also_known_as=settings.local_urls)
        self.own_files = OwnFiles(self.links, self.storage)
        self.health = Health(self.engine, self.storage)
        self.accounts = Accounts(self.engine)
        self.drafts = Drafts(self.engine)
        quota = Quota(settings.max_uploads, settings.max_upload_bytes)
        self.pictures = Pictures(self.engine, self.storage, settings.data / "scratch", quota)
        self.decoders = Decoders()
        self._desk = ThreadPoolExecutor(MOST_PICTURES, "pictures")
        self._open_count = OpenCount(settings.max_queued, settings.max_queued_in_all)
        self._commits = Batcher(self.engine, self._accept)
        self._polls = Batcher(self.engine, find_asked)
        incoming = Incoming(self.pictures, self.decoders, self.fetch_at_once, self._desk)
        self.submissions = Submissions(self._commits, incoming, settings.engine_of, own_rates(settings.rates))
        self.results = Results(self.engine, self._polls, self.links, settings.strict_parity)

    def cancel(self, account_id: str, task_uuid: str) -> int | None:
        """End an account's task. How many of its results ended by being cancelled, None if it has no such task."""
        found = cancel_task(self.engine, self.enqueuer, account_id, task_uuid)
        return None if found is None else cancelled_takes(found)

    def fetch_at_once(self, url: str, max_bytes: int) -> bytes | None:
        """The file at a link of this server's own, None for a URL that the worker is to fetch.

        Raises VitascopeError for a link to nothing and for an address that will surely not be called.
        """
        own = self.own_files.read(url, max_bytes)
        if own is None and (reason := self.outbound.objection(url)):
            raise AddressRefused(reason)
        return own

    def close(self) -> None:
        """Finish the writes that wait, then let go of everything."""
        self._desk.shutdown(wait=False, cancel_futures=True)
        self.decoders.close()
        self._commits.close()
        self._polls.close()
        self.enqueuer.close()
        self.engine.dispose()

    def _accept(self, connection: sa.Connection, tasks: Sequence[NewTask]) -> list[Verdict]:
        return accept(connection, self.enqueuer, tasks, self._open_count)
