"""Pictures that accounts bring: uploaded ones by their UUID, and the files behind them and behind inline pictures.

Each file is kept once an account, by the digest of its content, until nobody has used it for a while. It is marked
before it is removed, in a transaction of its own, and whatever is marked counts as gone: a picture that is sent again
in that very moment gets a new file, and no writer waits while files are deleted.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from vitascope.delivery.storage import Storage
from vitascope.errors import DeliveryFailed, Fault, Refused
from vitascope.tasks.database.dialect import begin_writing
from vitascope.tasks.database.tables import account, input_file, media, take, task_input
from vitascope.tasks.states import OPEN
from vitascope.values import DAY

KEPT_FOR = 30 * DAY
"""Seconds after its last use that a picture is kept."""

AT_ONCE = 100  # files marked in one transaction
AGAIN_AFTER = DAY  # seconds after which a file that is still marked is tried again
TRIES = 5  # a picture that is removed while it is being kept is kept again

log = logging.getLogger("vitascope.pictures")


@dataclass(frozen=True, slots=True)
class Quota:
    """The most that `upload` keeps for one account; each file counts once, however often it was sent."""

    pictures: int
    bytes: int


class Pictures:
    """Stores pictures and notes when they are used, by which they expire."""

    def __init__(self, engine: sa.Engine, storage: Storage, scratch: Path, quota: Quota) -> None:
        """`scratch` is a folder for files that are on their way."""
        self._engine = engine
        self._storage = storage
        self._scratch = scratch
        self._quota = quota

    def store(self, account_id: str, data: bytes) -> str:
        """Keep a picture; sending it twice keeps it once. Returns its key."""
        digest = hashlib.sha256(data).hexdigest()
        key = self._noted(account_id, digest, len(data))
        if self._storage.head(key) is None:
            with tempfile.NamedTemporaryFile(dir=self._scratch) as file:
                file.write(data)
                file.flush()
                self._storage.put_file(key, Path(file.name))
        return key

    def is_kept(self, account_id: str, key: str) -> bool:
        """Note that a file is needed, then say whether it is there."""
        with self._engine.begin() as connection:
            known = _touch(connection, account_id, input_file.c.file_key == key)
        return known is not None and self._storage.head(key) is not None

    def upload(self, account_id: str, media_id: str, data: bytes) -> str:
        """Keep a picture that tasks can name by its UUID. Returns its key. Raises Refused beyond the quota."""
        for _ in range(TRIES):
            key = self.store(account_id, data)
            now = time.time()
            row = {"id": media_id, "account_id": account_id, "file_key": key, "created_at": now, "used_at": now}
            try:
                with self._engine.begin() as connection:
                    begin_writing(connection)
                    # One upload of an account after the other, where databases have several writers.
                    connection.execute(sa.select(account.c.id).where(account.c.id == account_id).with_for_update())
                    if _touch(connection, account_id, input_file.c.file_key == key) is None:
                        continue
                    self._check_room(connection, account_id, len(data), key)
                    connection.execute(media.insert().values(**row))
            except Refused:
                self.drop(account_id, [key])
                raise
            return key
        raise AssertionError("a picture was removed as often as it was kept")

    def check_room(self, account_id: str) -> None:
        """Raise Refused if an account's quota is used up. `upload` looks again, in its transaction."""
        with self._engine.connect() as connection:
            self._check_room(connection, account_id)

    def _check_room(self, connection: sa.Connection, account_id: str, more: int = 0, key: str | None = None) -> None:
        mine = sa.select(media.c.file_key).where(media.c.account_id == account_id)
        pictures = connection.execute(sa.select(sa.func.count()).select_from(mine.subquery())).scalar_one()
        total = sa.select(sa.func.coalesce(sa.func.sum(input_file.c.bytes), 0))
        others = total.where(input_file.c.file_key.in_(mine), input_file.c.file_key != (key or ""))
        size = int(connection.execute(others).scalar_one())
        if pictures >= self._quota.pictures or size + more > self._quota.bytes:
            raise Refused([_no_room(self._quota, pictures, size)])

    def read(self, key: str) -> bytes:
        """The file of a picture that is kept. Raises DeliveryFailed."""
        return b"".join(self._storage.read(key))

    def drop(self, account_id: str, keys: Sequence[str]) -> None:
        """Remove files that were kept for a task that was refused, unless another task or an upload has them."""
        needed = sa.exists().where(task_input.c.file_key == input_file.c.file_key)
        uploaded = sa.exists().where(media.c.file_key == input_file.c.file_key)
        mine = input_file.c.file_key.in_(keys) & (input_file.c.account_id == account_id)
        with self._engine.begin() as connection:
            connection.execute(input_file.update().where(mine, ~needed, ~uploaded).values(used_at=0.0))
        for key in keys:
            remove_unused(self._engine, self._storage, only=key)

    def uploaded(self, account_id: str, media_id: str) -> str | None:
        """The key of an uploaded picture of this account, None if it has no such picture. Notes that it is needed."""
        mine = _named(account_id, media_id)
        with self._engine.begin() as connection:
            key: str | None = connection.execute(sa.select(media.c.file_key).where(mine)).scalar()
            if key is None or _touch(connection, account_id, input_file.c.file_key == key) is None:
                return None
            connection.execute(media.update().where(mine).values(used_at=time.time()))
        return key if self._storage.head(key) is not None else None

    def forget(self, account_id: str, media_id: str) -> bool:
        """Delete an uploaded picture of this account; its file too, unless an upload or an open task needs it."""
        mine = _named(account_id, media_id)
        with self._engine.begin() as connection:
            key: str | None = connection.execute(sa.select(media.c.file_key).where(mine)).scalar()
            if key is None:
                return False
            connection.execute(media.delete().where(mine))
            twins = sa.exists().where(media.c.file_key == key)
            connection.execute(input_file.update().where(input_file.c.file_key == key, ~twins).values(used_at=0.0))
        remove_unused(self._engine, self._storage, only=key)
        return True

    def _noted(self, account_id: str, digest: str, size: int) -> str:
        """The key for a content, noted as needed now, before its file is looked for or written."""
        with self._engine.begin() as connection:
            begin_writing(connection)
            key = _touch(connection, account_id, input_file.c.digest == digest)
            if key is None:
                key = f"inputs/{account_id}/{digest}-{secrets.token_hex(4)}"
                row = {"file_key": key, "account_id": account_id, "digest": digest, "used_at": time.time()}
                connection.execute(input_file.insert().values(**row, bytes=size))
        return key


def _no_room(quota: Quota, pictures: int, size: int) -> Fault:
    mib = 1024 * 1024
    message = (
        f"This account keeps {pictures} uploaded pictures ({size / mib:.1f} MiB) and may keep {quota.pictures} "
        f"({quota.bytes / mib:.1f} MiB). Delete some with mediaStorage (operation: delete, media: the picture's UUID), "
        "or send the picture in the task itself."
    )
    return Fault("maxStoredMediaExceeded", message)


def remove_unused(
    engine: sa.Engine, storage: Storage, kept_for: float = KEPT_FOR, only: str | None = None
) -> list[str]:
    """Remove the files that nobody used for `kept_for` seconds. Returns their keys.

    Files of tasks that are still open stay. `only` looks at that one file. What a crash leaves marked, and what could
    not be deleted, a later call removes.
    """
    removed: list[str] = []
    while keys := _mark_some(engine, time.time() - kept_for, only):
        gone = [key for key in keys if _deleted(storage, key)]
        with engine.begin() as connection:
            connection.execute(media.delete().where(media.c.file_key.in_(keys)))
            connection.execute(input_file.delete().where(input_file.c.file_key.in_(gone)))
        removed += gone
    return removed


def _deleted(storage: Storage, key: str) -> bool:
    try:
        storage.delete(key)
    except DeliveryFailed as error:
        log.warning("clearing up: %s It will be tried again", error)
        return False
    except ValueError as error:  # there never was such a file
        log.warning("clearing up: %s", error)
    return True


def _mark_some(engine: sa.Engine, before: float, only: str | None) -> list[str]:
    """Mark some unused files; the marked ones, older marks included."""
    needed = (
        sa.exists()
        .where(task_input.c.file_key == input_file.c.file_key, take.c.task_id == task_input.c.task_id)
        .where(take.c.state.in_(OPEN))
    )
    unused = (input_file.c.removed_at.is_(None) & (input_file.c.used_at < before) & ~needed) | (
        input_file.c.removed_at
        < time.time() - AGAIN_AFTER  # whoever marked it has died, or its file could not be deleted
    )
    if only is not None:
        unused &= input_file.c.file_key == only
    with engine.begin() as connection:
        begin_writing(connection)
        chosen = sa.select(input_file.c.file_key).where(unused).limit(AT_ONCE).with_for_update()
        keys = list(connection.execute(chosen).scalars())
        mine = input_file.c.file_key.in_(keys)
        connection.execute(input_file.update().where(mine).values(removed_at=time.time()))
    return keys


def _named(account_id: str, media_id: str) -> sa.ColumnElement[bool]:
    return (media.c.id == media_id.lower()) & (media.c.account_id == account_id)


def _touch(connection: sa.Connection, account_id: str, which: sa.ColumnElement[bool]) -> str | None:
    """Note that a file of this account is needed now. Its key, None if there is none that stays."""
    mine: Any = which & (input_file.c.account_id == account_id) & input_file.c.removed_at.is_(None)
    key: str | None = connection.execute(sa.select(input_file.c.file_key).where(mine).limit(1)).scalar()
    if key is None:
        return None
    still = (input_file.c.file_key == key) & input_file.c.removed_at.is_(None)
    changed = connection.execute(input_file.update().where(still).values(used_at=time.time()))
    return key if changed.rowcount else None
