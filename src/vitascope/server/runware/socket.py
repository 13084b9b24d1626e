"""The WebSocket transport: the same arrays of tasks as over HTTP, answered by the same dispatch, and results pushed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from vitascope.errors import Fault, Refused
from vitascope.server import auth
from vitascope.server.http.connections import CONNECTION, Held
from vitascope.server.http.protocols import LARGE
from vitascope.server.runware.messages import Frame, encoded, frames, held_back, refusal_frame, tasks_in, unfinished
from vitascope.server.runware.outbox import Outbox
from vitascope.server.runware.quirks import quirks_of
from vitascope.server.runware.reply import Reply, failure
from vitascope.server.runware.sessions import CROSSED, REVOKED, Session
from vitascope.server.state import ServerState
from vitascope.service.results import ERRORS, documented

IDLE = 180.0
"""Seconds without a message after which a connection that waits for nothing is closed."""

AT_ONCE = 32
"""Tasks of one connection that are answered at the same time."""

REASONS = {"too slow": 1013, "replaced": 1008, "idle": 1008, REVOKED: 1008}
"""Close codes. None is 1000 or 1001, after which some clients do not come back by themselves."""

log = logging.getLogger("vitascope.server")


async def serve_socket(websocket: WebSocket) -> None:
    """Serve one connection until it ends. The path and its query do not matter."""
    await websocket.accept()
    await Connection(websocket).run()


class Connection:
    """One open WebSocket: a reader, a writer, and the session once the client has said who it is."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._state: ServerState = websocket.app.state.server
        self._connection: Held | None = websocket.scope.get("state", {}).get(CONNECTION)
        self._outbox = Outbox()
        self._session: Session | None = None
        self._key: str | None = None
        self._quirks = quirks_of(websocket.headers)
        self._answering: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Read and write until the client leaves, is idle, or is too slow. Accepted work is finished all the same."""
        reader = asyncio.create_task(self._read())
        writer = asyncio.create_task(self._outbox.drain(self._websocket.send_text))
        ways_to_end: set[asyncio.Future[Any]] = {reader, writer, self._outbox.closed}
        try:
            await asyncio.wait(ways_to_end, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._outbox.close("left")
            reader.cancel()
            writer.cancel()
            ends = await asyncio.gather(reader, writer, return_exceptions=True)
            if self._session is not None:
                self._state.sessions.leave(self._session, self._outbox)
        _report(ends)
        await self._close()
        if self._answering:
            await asyncio.wait(self._answering)

    async def _close(self) -> None:
        if self._websocket.client_state is not WebSocketState.CONNECTED:
            return
        reason = self._outbox.closed.result()
        try:
            async with asyncio.timeout(1):  # a client that does not read takes no close frame either
                await self._websocket.close(REASONS.get(reason, 1011), reason)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            log.debug("a connection ended before it could be closed (%s)", reason)

    async def _read(self) -> None:
        while (message := await self._next_message()) is not None:
            if self._session is not None:
                self._session.confirm()
            await self._take(message)
            if len(message) > LARGE:  # answered before the next is read, so that few are held in memory
                if self._answering:
                    await asyncio.wait(self._answering)
                if self._connection is not None:
                    self._connection.answered()

    async def _next_message(self) -> bytes | str | None:
        """The next message; None when the client has left or has been idle for too long."""
        while True:
            try:
                async with asyncio.timeout(IDLE):
                    event = await self._websocket.receive()
            except TimeoutError:
                if self._session is not None and self._session.watching:
                    continue
                self._outbox.close("idle")
                return None
            if event["type"] == "websocket.disconnect":
                return None
            text: str | None = event.get("text")
            return event["bytes"] if text is None else text

    async def _take(self, message: bytes | str) -> None:
        """Begin to answer every task of a message."""
        try:
            tasks = await tasks_in(message)
        except Refused as refused:
            self._refuse(refused.faults if self._session else refused.faults[:1])
            return
        for task in tasks:
            try:
                if not await self._go_on_with(task):
                    return  # one refusal is enough for all that follows
            except SQLAlchemyError as error:
                self._refuse([failure(error, task)])

    async def _go_on_with(self, task: Any) -> bool:
        """Begin to answer a task; False if nothing is to be answered until the client has said who it is."""
        if isinstance(task, Mapping) and task.get("taskType") == auth.TYPE:
            return await self._authenticate(task) or self._session is not None
        if not await self._still_welcome():
            return False
        await self._begin(task)
        return True

    async def _authenticate(self, task: Mapping[str, Any]) -> bool:
        key = auth.key_of(None, [task])
        account_id = await auth.account(self._state.key_cache, key)
        if account_id is None:
            self._outbox.put(refusal_frame(self._refusal(key)))
            return False
        session = await self._enter(account_id, task.get("connectionSessionUUID"))
        answer = {"taskType": auth.TYPE, "connectionSessionUUID": session.id}
        self._outbox.put(Frame(encoded({"data": [answer]})))  # before anything that is sent again
        if session is not self._session:
            session.attach(self._outbox)
        self._session, self._key = session, key
        session.key = key
        if self._connection is not None:
            self._connection.known_as(account_id)
        return True

    async def _enter(self, account_id: str, session_id: object) -> Session:
        mine = self._session
        if mine is not None and mine.account_id == account_id and (session_id is None or session_id == mine.id):
            return mine
        if mine is not None:  # its client does not want it any more
            mine.detach(self._outbox)
            self._state.sessions.discard(mine)
        session = self._state.sessions.enter(account_id, session_id, self._quirks.forgets_sessions)
        if session.forgetful and session.id != session_id:
            try:
                await self._find_lost_tasks(session)
            except (
                asyncio.CancelledError,
                SQLAlchemyError,
            ):  # the client left: nobody knows it
                self._state.sessions.discard(session)
                raise
        return session

    async def _find_lost_tasks(self, session: Session) -> None:
        """Push the account's unfinished tasks to a client that came back without its session.

        After a drop or a restart of the server, `runware` for Python sends its next poll before it is connected again,
        loses it, and would wait half a minute for the answer. Results it does not wait for it ignores.
        """
        names = await asyncio.to_thread(self._state.services.results.open_tasks, session.account_id)
        for lost in self._state.sessions.abandoned(session.account_id):
            session.inherit(lost)
            names += [task_uuid for _, task_uuid in lost.watching]
        for task_uuid in names:
            self._state.watcher.watch(session, task_uuid)

    async def _still_welcome(self) -> bool:
        """Refuse what comes before authentication, and after a key was revoked: one frame for the whole message."""
        account_id = await auth.account(self._state.key_cache, self._key)
        if account_id is None or self._session is None:
            self._outbox.put(refusal_frame(self._refusal(self._key)))
            return False
        return True

    async def _begin(self, task: Any) -> None:
        assert self._session is not None
        came = time.monotonic()
        await self._outbox.room()
        await self._free.acquire()
        work = asyncio.create_task(self._answer(self._session, task, came))
        self._answering.add(work)
        work.add_done_callback(lambda done: self._end(done, task))

    def _end(self, work: asyncio.Task[None], task: Any) -> None:
        self._answering.discard(work)
        self._free.release()
        if work.cancelled() or (error := work.exception()) is None:
            return
        self._refuse([failure(error, task)])

    async def _answer(self, session: Session, task: Any, came: float) -> None:
        reply = await self._state.dispatch.answer(session.account_id, [task])
        states = unfinished(reply.data, reply.errors)
        for task_uuid, waits in states.items():
            if waits:
                self._state.watcher.watch(session, task_uuid)
            else:
                self._state.watcher.settle(session, task_uuid)
        # A push that came in between was this poll's answer: a second error frame would fail some clients' other tasks.
        # Of those that are known to be such, polls count too that were on their way to us then.
        since = time.monotonic() - CROSSED if self._quirks.spreads_errors else came
        if _all_failed(reply) and all(session.knows_failure(name.lower(), since) for name in states):
            return
        if states and not any(states.values()):
            session.deliver(frames(reply.data, reply.errors))
        else:
            self._send(reply)

    def _refusal(self, key: str | None) -> dict[str, Any]:
        return documented(auth.refusal(key).as_item(), self._state.services.links.page(ERRORS))

    def _refuse(self, faults: Sequence[Fault]) -> None:
        page = self._state.services.links.page(ERRORS)
        self._send(Reply(errors=[documented(fault.as_item(), page) for fault in faults]))

    def _send(self, reply: Reply) -> None:
        for frame in frames(*held_back(reply.data, reply.errors, successes_too=not self._quirks.shows_each_result)):
            self._outbox.put(frame)


def _all_failed(reply: Reply) -> bool:
    return bool(reply.errors) and not reply.data and all(item.get("status") == "error" for item in reply.errors)


def _report(ends: Iterable[BaseException | None]) -> None:
    """Log what ended a connection, unless that is one of the usual ways."""
    for end in ends:
        if end is not None and not isinstance(end, asyncio.CancelledError | WebSocketDisconnect):
            log.error("a connection ended unexpectedly", exc_info=end)
