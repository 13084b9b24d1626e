"""Pictures that an account uploaded for later tasks: which file is behind which UUID."""

from __future__ import annotations

import time

import sqlalchemy as sa

from vitascope.tasks.tables import media


def keep(connection: sa.Connection, media_id: str, account_id: str, key: str) -> None:
    """Note an uploaded picture."""
    now = time.time()
    row = {"id": media_id, "account_id": account_id, "file_key": key, "created_at": now, "used_at": now}
    connection.execute(media.insert().values(**row))


def use(connection: sa.Connection, account_id: str, media_id: str) -> str | None:
    """The key of one account's picture, and a note that it is still needed. None if the account has no such picture."""
    where = (media.c.id == media_id.lower()) & (media.c.account_id == account_id)
    key = connection.execute(sa.select(media.c.file_key).where(where)).scalar()
    if key is not None:
        connection.execute(media.update().where(where).values(used_at=time.time()))
    return key
