"""What one web process holds open: the database, what goes to it together, storage, links, and the dispatch of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from vitascope.contract.pricing import own_rates
from vitascope.delivery.links import Links
from vitascope.delivery.secret import load_or_create
from vitascope.delivery.storage import Storage
from vitascope.outbound.client import Outbound, OutboundRules
from vitascope.server.auth import KeyCache
from vitascope.server.runware.dispatch import Dispatch
from vitascope.server.runware.intake import Intake
from vitascope.server.runware.pictures import Pictures
from vitascope.server.runware.results import Results
from vitascope.server.runware.sessions import Sessions
from vitascope.server.runware.uploads import Uploads
from vitascope.server.runware.utilities import Utilities
from vitascope.server.runware.watch import Watcher
from vitascope.service.results import ERRORS
from vitascope.settings import Settings
from vitascope.tasks.admission import Queue, Verdict
from vitascope.tasks.batching import Batcher
from vitascope.tasks.database.connect import open_database
from vitascope.tasks.ledger import NewTask, accept, find_asked
from vitascope.tasks.queue.dbos import Enqueuer

MOST_FETCHES = 32
"""Pictures that are fetched at the same time. A server that never answers holds up no other work."""


class ServerState:
    """Opened when the web process starts, closed when it ends."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.prepare()
        self.engine = open_database(settings)
        self.enqueuer = Enqueuer(self.engine)
        self._queue = Queue(settings.max_queued, settings.max_queued_in_all)
        self.commits = Batcher(self.engine, self._accept)
        self.polls = Batcher(self.engine, find_asked)
        self.storage = Storage.open(settings.storage)
        self.links = Links(load_or_create(settings.data / "links.secret"), settings.base_url)
        self.key_cache = KeyCache(self.engine)
        self._fetching = ThreadPoolExecutor(MOST_FETCHES, "fetch")
        outbound = Outbound(OutboundRules(allow=settings.allow_hosts))
        pictures = Pictures(self.engine, self.storage, settings.data / "scratch")
        results = Results(self.engine, self.polls, self.links, settings.strict_parity)
        uploads = Uploads(pictures, self.links, outbound, self._fetching)
        intake = Intake(self.engine, self.commits, pictures, own_rates(settings.rates))
        utilities = Utilities(self.engine, self.enqueuer, results, uploads)
        self.dispatch = Dispatch(intake, results, utilities, self.links.page(ERRORS))
        self.sessions = Sessions()
        self.watcher = Watcher(self.engine, self.key_cache, self.links)

    def _accept(self, connection: sa.Connection, tasks: Sequence[NewTask]) -> list[Verdict]:
        return accept(connection, self.enqueuer, tasks, self._queue)

    def close(self) -> None:
        """Finish the writes that wait, then let go of everything."""
        self.commits.close()
        self.polls.close()
        self._fetching.shutdown(wait=False, cancel_futures=True)
        self.enqueuer.close()
        self.engine.dispose()
