"""Pictures that accounts bring: uploaded ones by their UUID, and the files behind them and behind inline pictures.

A file is kept until nobody has used it for a while. It is deleted inside the transaction that forgets it, and noted
before it is looked for, so that a picture that is sent again in that very moment is never lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa

from vitascope.tasks.database.dialect import begin_writing
from vitascope.tasks.database.tables import input_file, media, take, task
from vitascope.tasks.states import TakeState

KEPT_FOR = 30 * 86_400
"""Seconds after its last use that a picture is kept."""

AT_ONCE = 20  # files deleted in one transaction, which keeps writers waiting


def note_use(connection: sa.Connection, account_id: str, key: str) -> None:
    """Note that an account's file is needed now. Call it before the file is looked for or written."""
    now = time.time()
    mine = input_file.c.file_key == key
    if connection.execute(input_file.update().where(mine).values(used_at=now)).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(input_file.insert().values(file_key=key, account_id=account_id, used_at=now))
    except sa.exc.IntegrityError:  # another process was quicker
        connection.execute(input_file.update().where(mine).values(used_at=now))


def keep(connection: sa.Connection, media_id: str, account_id: str, key: str) -> None:
    """Note an uploaded picture."""
    now = time.time()
    row = {"id": media_id, "account_id": account_id, "file_key": key, "created_at": now, "used_at": now}
    connection.execute(media.insert().values(**row))


def use(connection: sa.Connection, account_id: str, media_id: str) -> str | None:
    """The key of one account's picture, and a note that it is still needed. None if the account has no such picture."""
    where = (media.c.id == media_id.lower()) & (media.c.account_id == account_id)
    key: str | None = connection.execute(sa.select(media.c.file_key).where(where)).scalar()
    if key is not None:
        connection.execute(media.update().where(where).values(used_at=time.time()))
        note_use(connection, account_id, key)
    return key


def forget(connection: sa.Connection, account_id: str, media_id: str) -> str | None:
    """Make one account's picture unknown. Returns its file's key; None if the account has no such picture.

    The file itself goes with the next `sweep_inputs`, unless another upload or an open task needs it.
    """
    where = (media.c.id == media_id.lower()) & (media.c.account_id == account_id)
    key: str | None = connection.execute(sa.select(media.c.file_key).where(where)).scalar()
    if key is None:
        return None
    connection.execute(media.delete().where(where))
    others = sa.exists().where(media.c.file_key == key)
    connection.execute(input_file.update().where(input_file.c.file_key == key, ~others).values(used_at=0.0))
    return key


def sweep_inputs(
    engine: sa.Engine, delete: Callable[[str], None], kept_for: float = KEPT_FOR, only: str | None = None
) -> list[str]:
    """Delete the files that nobody used for `kept_for` seconds, with `delete(key)`. Returns their keys.

    Files of tasks that are still open stay. `only` looks at that one file.
    """
    swept: list[str] = []
    while keys := _sweep_some(engine, delete, time.time() - kept_for, only):
        swept += keys
        if len(keys) < AT_ONCE:
            break
    return swept


def _sweep_some(engine: sa.Engine, delete: Callable[[str], None], before: float, only: str | None) -> list[str]:
    is_open = take.c.state.in_((TakeState.QUEUED.value, TakeState.RUNNING.value))
    needed = (
        sa.exists()
        .where(task.c.account_id == input_file.c.account_id, take.c.task_id == task.c.id, is_open)
        .where(task.c.order.contains(input_file.c.file_key))
    )
    old = (input_file.c.used_at < before) & ~needed
    if only is not None:
        old &= input_file.c.file_key == only
    with engine.begin() as connection:
        begin_writing(connection)
        chosen = sa.select(input_file.c.file_key).where(old).limit(AT_ONCE).with_for_update()
        keys = list(connection.execute(chosen).scalars())
        for key in keys:
            delete(key)
        connection.execute(media.delete().where(media.c.file_key.in_(keys)))
        connection.execute(input_file.delete().where(input_file.c.file_key.in_(keys)))
    return keys
