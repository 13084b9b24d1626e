"""The files of pictures that accounts bring: each kept once an account, under the digest of its content."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import sqlalchemy as sa

from vitascope.delivery.storage import Storage
from vitascope.media.images import UnreadablePicture, look
from vitascope.tasks import media
from vitascope.values import Size


class Pictures:
    """Stores pictures and notes when they are used, by which they expire."""

    def __init__(self, engine: sa.Engine, storage: Storage, scratch: Path) -> None:
        self._engine = engine
        self._storage = storage
        self._scratch = scratch

    def store(self, account_id: str, data: bytes) -> str:
        """Keep a picture; sending it twice keeps it once. Returns its key."""
        key = f"inputs/{account_id}/{hashlib.sha256(data).hexdigest()}"
        if not self.is_kept(account_id, key):
            with tempfile.NamedTemporaryFile(dir=self._scratch) as file:
                file.write(data)
                file.flush()
                self._storage.put_file(key, Path(file.name))
        return key

    def is_kept(self, account_id: str, key: str) -> bool:
        """Note that a file is needed, then say whether it is there."""
        with self._engine.begin() as connection:
            media.note_use(connection, account_id, key)
        return self._storage.head(key) is not None

    def upload(self, account_id: str, media_id: str, data: bytes) -> str:
        """Keep a picture that tasks can name by its UUID. Returns its key."""
        key = self.store(account_id, data)
        with self._engine.begin() as connection:
            media.keep(connection, media_id, account_id, key)
        return key

    def uploaded(self, account_id: str, media_id: str) -> str | None:
        """The key of an uploaded picture of this account, None if it has no such picture."""
        with self._engine.begin() as connection:
            key = media.use(connection, account_id, media_id)
        return key if key is not None and self._storage.head(key) is not None else None

    def forget(self, account_id: str, media_id: str) -> bool:
        """Delete an uploaded picture of this account; its file too, unless something still needs it."""
        with self._engine.begin() as connection:
            key = media.forget(connection, account_id, media_id)
        if key is None:
            return False
        media.sweep_inputs(self._engine, self._storage.delete, only=key)
        return True


def size_of(data: bytes) -> Size | None:
    """A picture's size as it is shown, None if it does not decode."""
    try:
        return look(data)
    except UnreadablePicture:
        return None
