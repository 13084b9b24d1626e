"""What one web process holds open: the database, the group commit, storage, links, and the desk made of them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from vitascope.delivery.links import Links
from vitascope.delivery.secret import load_or_create
from vitascope.delivery.storage import Storage
from vitascope.outbound import Outbound, OutboundRules
from vitascope.server.auth import Doorkeeper
from vitascope.server.desk import Desk
from vitascope.server.intake import Intake
from vitascope.server.results import Results
from vitascope.settings import Settings
from vitascope.tasks.commits import GroupCommit
from vitascope.tasks.database import open_database
from vitascope.tasks.durable import Enqueuer
from vitascope.tasks.ledger import NewTask, accept


class Rooms:
    """Opened when the web process starts, closed when it ends."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.prepare()
        self.engine = open_database(settings)
        self.enqueuer = Enqueuer(self.engine)
        self.commits = GroupCommit(self.engine, self._accept)
        self.storage = Storage.open(settings.storage)
        self.links = Links(load_or_create(settings.data / "links.secret"), settings.base_url)
        self.doorkeeper = Doorkeeper(self.engine)
        outbound = Outbound(OutboundRules(allow=settings.allow_hosts))
        scratch = settings.data / "scratch"
        intake = Intake(self.engine, self.commits, self.storage, self.links, outbound, scratch)
        self.desk = Desk(intake, Results(self.engine, self.links, settings.strict_parity))

    def _accept(self, connection: sa.Connection, tasks: Sequence[NewTask]) -> list[bool]:
        return accept(connection, self.enqueuer, tasks)

    def close(self) -> None:
        """Finish the writes that wait, then let go of everything."""
        self.commits.close()
        self.enqueuer.close()
        self.engine.dispose()
