"""What one web process holds open: the database, what goes to it together, storage, links, and the desk of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from vitascope.contract.plan import own_rates
from vitascope.delivery.links import Links
from vitascope.delivery.secret import load_or_create
from vitascope.delivery.storage import Storage
from vitascope.items import ERRORS
from vitascope.outbound import Outbound, OutboundRules
from vitascope.server.auth import Doorkeeper
from vitascope.server.desk import Desk
from vitascope.server.intake import Intake
from vitascope.server.pictures import Pictures
from vitascope.server.results import Results
from vitascope.server.sessions import Sessions
from vitascope.server.uploads import Uploads
from vitascope.server.utilities import Utilities
from vitascope.server.watch import Watcher
from vitascope.settings import Settings
from vitascope.tasks.admission import Queue, Verdict
from vitascope.tasks.database import open_database
from vitascope.tasks.durable import Enqueuer
from vitascope.tasks.ledger import NewTask, accept, find_asked
from vitascope.tasks.together import Together

MOST_FETCHES = 32
"""Pictures that are fetched at the same time. A server that never answers holds up no other work."""


class Rooms:
    """Opened when the web process starts, closed when it ends."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.prepare()
        self.engine = open_database(settings)
        self.enqueuer = Enqueuer(self.engine)
        self._queue = Queue(settings.max_queued, settings.max_queued_in_all)
        self.commits = Together(self.engine, self._accept)
        self.polls = Together(self.engine, find_asked)
        self.storage = Storage.open(settings.storage)
        self.links = Links(load_or_create(settings.data / "links.secret"), settings.base_url)
        self.doorkeeper = Doorkeeper(self.engine)
        self._fetching = ThreadPoolExecutor(MOST_FETCHES, "fetch")
        outbound = Outbound(OutboundRules(allow=settings.allow_hosts))
        pictures = Pictures(self.engine, self.storage, settings.data / "scratch")
        results = Results(self.engine, self.polls, self.links, settings.strict_parity)
        uploads = Uploads(pictures, self.links, outbound, self._fetching)
        intake = Intake(self.engine, self.commits, pictures, own_rates(settings.rates))
        utilities = Utilities(self.engine, self.enqueuer, results, uploads)
        self.desk = Desk(intake, results, utilities, self.links.page(ERRORS))
        self.sessions = Sessions()
        self.watcher = Watcher(self.engine, self.doorkeeper, self.links)

    def _accept(self, connection: sa.Connection, tasks: Sequence[NewTask]) -> list[Verdict]:
        return accept(connection, self.enqueuer, tasks, self._queue)

    def close(self) -> None:
        """Finish the writes that wait, then let go of everything."""
        self.commits.close()
        self.polls.close()
        self._fetching.shutdown(wait=False, cancel_futures=True)
        self.enqueuer.close()
        self.engine.dispose()
