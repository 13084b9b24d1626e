"""Sessions: what outlives a broken connection. A client that comes back with its session's UUID loses no result.

A session is known to the process that opened it. A client that comes back to another process, or after a restart, gets
a new session; its next poll tells it everything.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from dataclasses import dataclass, field

from vitascope.server.runware.messages import Frame
from vitascope.server.runware.outbox import Outbox
from vitascope.service.results import TaskName

KEEP = 120.0
"""Seconds that a session outlives its connection, and that a push waits for it."""

CERTAIN = 2.0
"""A push counts as received once its client has sent something this many seconds later; it is sent again otherwise."""

MOST_KEPT = 1000

MOST_LEFT = 1000
"""Sessions of one account that outlive their connections; of more, the oldest is forgotten."""

REVOKED = "revoked"
"""Why a connection is closed whose key is no longer good."""

CROSSED = 3.0
"""Seconds within which a poll may have crossed a push on its way."""


@dataclass(eq=False, slots=True)
class Session:
    """One client of one account. `watching` belongs to the watcher; `forgetful` clients never name their session.

    `key` is the API key that its client came with last.
    """

    account_id: str
    forgetful: bool = False
    key: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    watching: set[TaskName] = field(default_factory=set)
    _outbox: Outbox | None = None
    _unconfirmed: deque[tuple[float, Frame]] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    _told: dict[str, float] = field(default_factory=dict)

    def attach(self, outbox: Outbox) -> None:
        """Send what was not delivered, and from now on everything, to this connection. An older one is closed."""
        if self._outbox is not None:
            self._outbox.close("replaced")
        self._outbox = outbox
        oldest = time.monotonic() - KEEP
        for pushed_at, frame in self._unconfirmed:
            if pushed_at >= oldest:
                outbox.put(frame)

    def inherit(self, lost: Session) -> None:
        """Take over what another session could not deliver; before this one has a connection."""
        self._unconfirmed.extend(lost._unconfirmed)

    def detach(self, outbox: Outbox) -> bool:
        """Let go of a connection that ended. False if another has taken its place."""
        if self._outbox is not outbox:
            return False
        self._outbox = None
        return True

    def deliver(self, frames: list[Frame]) -> None:
        """Send the frames that end a task, and keep them until they are surely received.

        Errors are kept only if there is no connection: some clients take one that comes twice for an error of their
        other tasks.
        """
        now = time.monotonic()
        connected = self._outbox is not None and not self._outbox.closed.done()
        for frame in frames:
            if not connected or not frame.errors:
                self._unconfirmed.append((now, frame))
            if self._outbox is not None:
                self._outbox.put(frame)

    def confirm(self) -> None:
        """The client was heard: what was pushed a while ago has reached it."""
        certain = time.monotonic() - CERTAIN
        while self._unconfirmed and self._unconfirmed[0][0] < certain:
            self._unconfirmed.popleft()

    def shut_out(self) -> None:
        """Its key was revoked: it gets nothing more."""
        self._unconfirmed.clear()
        if self._outbox is not None:
            self._outbox.close(REVOKED)

    def note_failure(self, task_uuid: str) -> None:
        """Remember for a moment that this client was told of a task's failure."""
        now = time.monotonic()
        for old in [name for name, at in self._told.items() if at < now - CROSSED]:
            del self._told[old]
        self._told[task_uuid] = now

    def knows_failure(self, task_uuid: str, since: float) -> bool:
        """True if a push has told of this failure since a moment of the monotonic clock."""
        return self._told.get(task_uuid, float("-inf")) >= since


class Sessions:
    """All sessions of this process."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}
        self._ending: dict[str, asyncio.TimerHandle] = {}
        self._left: dict[str, dict[str, None]] = {}

    def enter(self, account_id: str, session_id: object, forgetful: bool = False) -> Session:
        """The session with this id if it is the account's, else a new one."""
        known = self._open.get(session_id) if isinstance(session_id, str) else None
        if known is not None and known.account_id == account_id:
            if known.id in self._ending:
                self._ending.pop(known.id).cancel()
                self._unlist(known)
            return known
        session = Session(account_id, forgetful)
        self._open[session.id] = session
        return session

    def abandoned(self, account_id: str) -> list[Session]:
        """The sessions that an account's forgetful clients left behind."""
        left = [self._open[session_id] for session_id in self._ending]
        return [session for session in left if session.forgetful and session.account_id == account_id]

    def discard(self, session: Session) -> None:
        """Forget a session that has no connection and is not waited for."""
        self._open.pop(session.id, None)
        session.watching.clear()

    def leave(self, session: Session, outbox: Outbox) -> None:
        """Note that a connection ended. Its session is forgotten unless it is taken up again in time."""
        if session.detach(outbox):
            self._ending[session.id] = asyncio.get_running_loop().call_later(KEEP, self._forget, session)
            left = self._left.setdefault(session.account_id, {})
            left[session.id] = None
            if len(left) > MOST_LEFT:
                oldest = next(iter(left))
                self._ending[oldest].cancel()
                self._forget(self._open[oldest])

    def _unlist(self, session: Session) -> None:
        left = self._left[session.account_id]
        del left[session.id]
        if not left:
            del self._left[session.account_id]

    def _forget(self, session: Session) -> None:
        del self._ending[session.id], self._open[session.id]
        self._unlist(session)
        session.watching.clear()  # by which the watcher knows that nobody waits any more
