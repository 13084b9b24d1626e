"""Frames on their way to one client. A client that reads slowly fills its own outbox and holds nobody else up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from vitascope.server.runware.messages import Frame

MOST_FRAMES = 2048
MOST_BYTES = 32 * 1024 * 1024


class Outbox:
    """A bounded queue with one writer. Overflowing closes it, and whoever owns it closes the connection."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._roomy = asyncio.Event()
        self._roomy.set()
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def put(self, frame: Frame) -> None:
        """Queue a frame. Nothing happens once the outbox is closed."""
        if self.closed.done():
            return
        self._frames.append(frame)
        self._bytes += len(frame.text)
        self._filled.set()
        if len(self._frames) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self.close("too slow")
        elif len(self._frames) > MOST_FRAMES // 2 or self._bytes > MOST_BYTES // 2:
            self._roomy.clear()

    def close(self, reason: str) -> None:
        """Drop what is queued; `closed` says why."""
        if not self.closed.done():
            self.closed.set_result(reason)
        self._frames.clear()
        self._roomy.set()

    async def room(self) -> None:
        """Wait until the queue is half empty: who sends requests without reading answers waits for its own answers."""
        await self._roomy.wait()

    async def drain(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send frames in order, until cancelled or `send` raises."""
        while True:
            await self._filled.wait()
            while self._frames:
                frame = self._frames.popleft()
                self._bytes -= len(frame.text)
                await send(frame.text)
                if len(self._frames) <= MOST_FRAMES // 2 and self._bytes <= MOST_BYTES // 2:
                    self._roomy.set()
            self._filled.clear()
