"""What one web process holds open: the services behind every wire, and what Runware's wire keeps between requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from vitascope.server.auth import KeyCache
from vitascope.server.http.connections import LARGE_AT_ONCE
from vitascope.server.runware.dispatch import Dispatch
from vitascope.server.runware.sessions import Sessions
from vitascope.server.runware.turns import Turns
from vitascope.server.runware.uploads import Uploads
from vitascope.server.runware.watch import Watcher
from vitascope.service.services import Services
from vitascope.settings import Settings

MOST_FETCHES = 32
"""Pictures that are fetched at the same time. A server that never answers holds up no other work."""


class ServerState:
    """Opened when the web process starts, closed when it ends."""

    def __init__(self, settings: Settings) -> None:
        self.services = Services(settings)
        self.key_cache = KeyCache(self.services.accounts)
        self._fetching = ThreadPoolExecutor(MOST_FETCHES, "fetch")
        services = self.services
        uploads = Uploads(
            services.pictures,
            services.links,
            services.own_files,
            services.outbound,
            services.decoders,
            self._fetching,
        )
        self.dispatch = Dispatch(self.services, uploads)
        self.sessions = Sessions()
        self.large_bodies = Turns(LARGE_AT_ONCE)
        self.watcher = Watcher(self.services.results, self.key_cache)

    def close(self) -> None:
        """Finish the writes that wait, then let go of everything."""
        self._fetching.shutdown(wait=False, cancel_futures=True)
        self.services.close()
