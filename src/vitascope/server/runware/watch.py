"""Waiting for tasks to end, on behalf of sockets, whichever process does the work: one query for all that wait."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict

from sqlalchemy.exc import SQLAlchemyError

from vitascope.server import auth
from vitascope.server.runware.messages import frames
from vitascope.server.runware.sessions import Session
from vitascope.service.results import Answer, Results, TaskName

EVERY = 0.2  # seconds between two looks
AGAIN_AFTER = 5.0  # seconds after which it begins again if something unforeseen ended it

log = logging.getLogger("vitascope.server")


class Watcher:
    """Pushes the whole result of a task, once, to every session that submitted or polled it and has not got it yet."""

    def __init__(self, results: Results, key_cache: auth.KeyCache) -> None:
        self._results = results
        self._key_cache = key_cache
        self._watched: defaultdict[TaskName, set[Session]] = defaultdict(set)
        self._work: asyncio.Task[None] | None = None

    def watch(self, session: Session, task_uuid: str) -> None:
        """Push this task's result to the session when it has ended."""
        name = (session.account_id, task_uuid.lower())
        self._watched[name].add(session)
        session.watching.add(name)
        self._begin()

    def _begin(self) -> None:
        if self._watched and (self._work is None or self._work.done()):
            self._work = asyncio.create_task(self._look_again_and_again())
            self._work.add_done_callback(self._tell)

    def _tell(self, work: asyncio.Task[None]) -> None:
        if not work.cancelled() and (error := work.exception()) is not None:
            log.error("watching for ended tasks failed; it begins again", exc_info=error)
            asyncio.get_running_loop().call_later(AGAIN_AFTER, self._begin)

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
                for name, answer in await asyncio.to_thread(self._results.ended, list(self._watched)):
                    await self._push(name, answer)
            except SQLAlchemyError as error:
                log.warning("the database did not say which tasks have ended (%s); asking again", error)

    def _drop_the_forgotten(self) -> None:
        for name in list(self._watched):
            self._watched[name] = {session for session in self._watched[name] if name in session.watching}
            if not self._watched[name]:
                del self._watched[name]

    async def _push(self, name: TaskName, answer: Answer) -> None:
        whole = frames(answer.data, answer.errors)
        for session in list(self._watched.get(name, ())):
            # Asked before anything is settled: if the database fails here, the session is told at the next look.
            welcome = await auth.account(self._key_cache, session.key) == session.account_id
            self.settle(session, name[1])
            if not welcome:
                session.shut_out()
                continue
            if answer.errors:
                session.note_failure(name[1])
            session.deliver(whole)
