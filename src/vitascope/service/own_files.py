"""Files of this server that clients name by its own links: read from the store, whoever may be called or not."""

from __future__ import annotations

import time

from vitascope.delivery.links import Links
from vitascope.delivery.storage import Storage, StorageFailed
from vitascope.errors import VitascopeError


class NoOwnFile(VitascopeError):
    """This server has no file at this link of its own."""


class OwnFiles:
    """Reads files by this server's own signed URLs; whoever holds one may use its file."""

    def __init__(self, links: Links, storage: Storage) -> None:
        self._links = links
        self._storage = storage

    def read(self, url: str, max_bytes: int) -> bytes | None:
        """The file at a link of this server, None for a URL elsewhere. Raises NoOwnFile."""
        parts = self._links.parts_of(url)
        if parts is None:
            return None
        now = time.time()
        if self._links.expired(*parts, now):
            raise NoOwnFile("This link of this server has expired.")
        stored = self._storage.head(parts[0]) if self._links.verify(*parts, now) else None
        if stored is None:
            raise NoOwnFile
        if stored.size > max_bytes:
            raise NoOwnFile(f"The file at this link of this server has more than {max_bytes} bytes.")
        try:
            return b"".join(self._storage.read(parts[0]))
        except StorageFailed:  # removed since we looked
            raise NoOwnFile from None
