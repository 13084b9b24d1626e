"""Waiting for tasks to end, on behalf of sockets, whichever process does the work: one query for all that wait."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from vitascope.delivery.links import Links
from vitascope.server import auth
from vitascope.server.runware.messages import frames
from vitascope.server.runware.sessions import Session
from vitascope.service.results import Item, task_items
from vitascope.tasks.endings import Name, ended_tasks, open_tasks

EVERY = 0.2  # seconds between two looks
MOST_FOUND = 200  # tasks that are watched for a client that does not say which are its own

log = logging.getLogger("vitascope.server")


class Watcher:
    """Pushes the whole result of a task, once, to every session that submitted or polled it and has not got it yet."""

    def __init__(self, engine: sa.Engine, key_cache: auth.KeyCache, links: Links) -> None:
        self._engine = engine
        self._key_cache = key_cache
        self._links = links
        self._watched: defaultdict[Name, set[Session]] = defaultdict(set)
        self._work: asyncio.Task[None] | None = None

    def watch(self, session: Session, task_uuid: str) -> None:
        """Push this task's result to the session when it has ended."""
        name = (session.account_id, task_uuid.lower())
        self._watched[name].add(session)
        session.watching.add(name)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._look_again_and_again())
            self._work.add_done_callback(_tell)

    def open_tasks(self, account_id: str) -> list[str]:
        """The UUIDs of an account's newest tasks that have not ended. Asks the database."""
        with self._engine.connect() as connection:
            return open_tasks(connection, account_id, MOST_FOUND)

    def settle(self, session: Session, task_uuid: str) -> None:
        """The session has the result already."""
        name = (session.account_id, task_uuid.lower())
        session.watching.discard(name)
        if name in self._watched:
            self._watched[name].discard(session)
            if not self._watched[name]:
                del self._watched[name]

    def stop(self) -> None:
        """Look no more."""
        self._watched.clear()
        if self._work is not None:
            self._work.cancel()

    async def _look_again_and_again(self) -> None:
        while self._watched:
            await asyncio.sleep(EVERY)
            self._drop_the_forgotten()
            try:
                ended = await asyncio.to_thread(self._ended, list(self._watched))
            except sa.exc.SQLAlchemyError as error:
                log.warning("the database did not say which tasks have ended (%s); asking again", error)
                continue
            for name, data_and_errors in ended:
                await self._push(name, *data_and_errors)

    def _drop_the_forgotten(self) -> None:
        for name in list(self._watched):
            self._watched[name] = {session for session in self._watched[name] if name in session.watching}
            if not self._watched[name]:
                del self._watched[name]

    def _ended(self, names: Sequence[Name]) -> list[tuple[Name, tuple[list[Item], list[Item]]]]:
        with self._engine.connect() as connection:
            records = ended_tasks(connection, names)
        return [((record.account_id, record.task_uuid), task_items(record, self._links)) for record in records]

    async def _push(self, name: Name, data: list[Item], errors: list[Item]) -> None:
        whole = frames(data, errors)
        for session in self._watched.pop(name, ()):
            session.watching.discard(name)
            if await auth.account(self._key_cache, session.key) != session.account_id:
                session.shut_out()
                continue
            if errors:
                session.note_failure(name[1])
            session.deliver(whole)


def _tell(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()) is not None:
        log.error("watching for ended tasks failed; the next task watched begins it again", exc_info=error)
