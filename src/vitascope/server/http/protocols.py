"""HTTP/1.1 and WebSockets on one connection, by uvicorn's protocols, with bounds on what a client may do to them.

h11 reads HTTP: it bounds headers, and unlike the other parser keeps the body of a request that offers to go on in
HTTP/2, as Java's client and `curl --http2` do. What is bounded here: the time a client may take for a request or a
message, how little it may send in a piece, and what it may send before it is known.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame

from vitascope.server.http.connections import CONNECTION, Connections

HEADERS = 32 * 1024
"""Bytes that the headers of a request may have."""

BEGINNING = 64 * 1024
"""Bytes of a body or a message that are taken from anybody, before it is known who sends it."""

LARGE = 1024 * 1024
"""A message of more bytes than this waits for its account's turn."""

FOR_HEADERS = 20.0  # seconds, from the first byte or from the connection on
FOR_KEY = 30.0  # seconds that a WebSocket may be open without a known key
FOR_PIECE = 20.0  # seconds that a body or a message may be behind `SLOWEST`
FOR_ANSWER = 120.0  # seconds that a client may read nothing of an answer
SLOWEST = 8 * 1024  # bytes a second

SIP, GULP = 4 * 1024, 32 * 1024  # bytes read at once from strangers and from the others
MOST_SMALL = 64  # small frames of one read
SMALL = 16  # bytes
MOST_WASTE = 8 * 1024  # bytes around the chunks of a body beyond the body itself

_buffer = memoryview(bytearray(GULP))  # whoever reads takes its bytes out at once


class WebConfig(uvicorn.Config):
    """uvicorn's configuration with the connections of its server."""

    connections: Connections


class Patience:
    """How much longer one client may keep the server waiting."""

    def __init__(self) -> None:
        self._phase: object = None
        self._left = 0.0

    def ends(self, phase: object, seconds: float, allowed: float, heard: int = 0) -> bool:
        """Whether it ends with these seconds in this phase; `heard` bytes earn new patience."""
        if phase != self._phase:
            self._phase, self._left = phase, allowed
        self._left = min(allowed, self._left + heard / SLOWEST) - seconds
        return phase is not None and self._left < 0


class _Reading(asyncio.BufferedProtocol):
    """Reads a little at a time: what one read brings is worked off without a pause, and small frames are much work."""

    inner: HttpConnection | SocketConnection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.inner.connection_made(transport)  # type: ignore[arg-type]

    def get_buffer(self, _hint: int) -> memoryview:
        return _buffer[: GULP if self.inner.known else SIP]

    def buffer_updated(self, count: int) -> None:
        self.inner.data_received(bytes(_buffer[:count]))

    def data_received(self, data: bytes) -> None:  # the handshake, when HTTP hands a connection over
        self.inner.data_received(data)

    def eof_received(self) -> None:
        self.inner.eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        self.inner.connection_lost(error)

    def pause_writing(self) -> None:
        self.inner.pause_writing()

    def resume_writing(self) -> None:
        self.inner.resume_writing()


class ReadingHttp(_Reading):
    """What uvicorn makes for a new connection."""

    def __init__(
        self,
        config: WebConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.inner = HttpConnection(config, server_state, app_state, _loop)


class ReadingSocket(_Reading):
    """What uvicorn makes of a connection that goes on as a WebSocket."""

    def __init__(self, config: WebConfig, server_state: ServerState, app_state: dict[str, Any]) -> None:
        self.inner = SocketConnection(config, server_state, app_state)


class HttpConnection(H11Protocol):
    """One connection that speaks HTTP/1.1."""

    def __init__(
        self,
        config: WebConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, CONNECTION: self}, _loop)
        self.known = False
        self._connections = config.connections
        self._patience = Patience()
        self._heard = 0
        self._waste = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._connections.enter(self, self.client[0] if self.client else "")

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.leave(self)
        super().connection_lost(exc)
        if self.cycle is not None:
            self.cycle.body = (
                bytearray()
            )  # connections refer to themselves, and would keep it until garbage is collected

    def data_received(self, data: bytes) -> None:
        self._heard += len(data)
        before = self._body_length()
        super().data_received(data)
        if self.conn.their_state is not h11.SEND_BODY:
            self._waste = 0
        elif before is not None:
            self._waste += len(data) - 2 * ((self._body_length() or 0) - before)
            if self._waste > MOST_WASTE:
                self._refuse(400, "Send the body in larger chunks.")

    def _body_length(self) -> int | None:
        """The bytes of the body that nobody has taken yet; None if no body is under way."""
        return len(self.cycle.body) if self.conn.their_state is h11.SEND_BODY and self.cycle else None

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._connections.leave(self)
        super().handle_websocket_upgrade(event)

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing is wrong: an offer to go on in HTTP/2 may be passed over."""

    def send_400_response(self, msg: str) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431:
            self._refuse(431, f"Send at most {HEADERS} bytes of headers.")
        else:
            self._refuse(400, msg)

    def _refuse(self, status: int, message: str) -> None:
        """Answer, if nothing was answered yet, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            names = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}
            head = f"HTTP/1.1 {status} {names[status]}\r\nconnection: close\r\ncontent-type: text/plain\r\n"
            self.transport.write(f"{head}content-length: {len(message)}\r\n\r\n{message}".encode())
        self.transport.close()

    def known_as(self, account_id: str) -> None:
        self.known = True
        self._connections.identify(self, account_id)

    def answered(self) -> None:
        """Bodies wait for their turn where they are read."""

    go_on = answered

    @property
    def waiting(self) -> bool:
        if self.cycle is None or self.cycle.response_complete or self.flow.write_paused:
            return True
        return self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused

    def overdue(self, seconds: float) -> bool:
        heard, self._heard = self._heard, 0
        if self.flow.write_paused:
            unread = self.transport.get_write_buffer_size()
            return self._patience.ends(("answer", unread), seconds, FOR_ANSWER)
        if self.conn.their_state is h11.IDLE and self.timeout_keep_alive_task is None:
            return self._patience.ends("headers", seconds, FOR_HEADERS)
        if self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused:
            return self._patience.ends("body", seconds, FOR_PIECE, heard)
        return self._patience.ends(None, seconds, 0.0)

    def end(self, timed_out: bool = False) -> None:
        if timed_out and not self.flow.write_paused:
            self._refuse(408, "The request took too long.")
        else:
            self.transport.abort()


class SocketConnection(WebSocketsSansIOProtocol):
    """One connection that speaks WebSocket."""

    def __init__(self, config: WebConfig, server_state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(config, server_state, {**app_state, CONNECTION: self})
        self.known = False
        self._connections = config.connections
        self._patience = Patience()
        self._heard = 0
        self._small = 0
        self._held_back = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.enter(self, self.client[0] if self.client else "")

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.leave(self)
        super().connection_lost(exc)
        self.frames = []  # as above; an error of the parser holds what it was reading
        self.conn.reader.buffer.clear()
        self.conn.parser_exc = None
        self.conn.events_received()

    def data_received(self, data: bytes) -> None:
        self._heard += len(data)
        self._small = 0
        super().data_received(data)
        unfinished = self._unfinished()
        if not self.known and unfinished > BEGINNING:
            self._fail(1009, f"over {BEGINNING} bytes before a known key")
        elif self.known and unfinished > LARGE and not self._connections.claim(self):
            self._held_back = True
            self.transport.pause_reading()

    def _unfinished(self) -> int:
        """Bytes of a message that has begun and not ended."""
        return len(self.conn.reader.buffer) + sum(map(len, self.frames))

    def handle_text(self, event: Frame) -> None:
        super().handle_text(event)
        self._count(event)

    def handle_bytes(self, event: Frame) -> None:
        super().handle_bytes(event)
        self._count(event)

    def handle_cont(self, event: Frame) -> None:
        # Kept in one piece: of very many, each would cost more than what is in it.
        whole: Any = self.frames[0]
        if not isinstance(whole, bytearray):
            self.frames = [whole := bytearray(whole)]  # type: ignore[list-item]
        whole += event.data
        if event.fin:
            self.send_receive_event_to_app()
        self._count(event)

    def handle_ping(self) -> None:
        super().handle_ping()
        self._count(None)

    def handle_pong(self, event: Frame) -> None:
        super().handle_pong(event)
        self._count(None)

    def _count(self, frame: Frame | None) -> None:
        """End the connection of a client that sends very many very small frames."""
        self._small += frame is None or len(frame.data) < SMALL
        if self._small > MOST_SMALL:
            self._fail(1008, "too many small frames")

    def _fail(self, code: int, reason: str) -> None:
        """Say why, and close."""
        if self.close_sent or not self.handshake_complete or self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.conn.fail(code, reason)
            self.handle_parser_exception()

    def known_as(self, account_id: str) -> None:
        self.known = True
        self._connections.identify(self, account_id)

    def answered(self) -> None:
        self._connections.give_back(self)

    def go_on(self) -> None:
        if self._held_back:
            self._held_back = False
            self.transport.resume_reading()

    @property
    def waiting(self) -> bool:
        return not self.known

    def overdue(self, seconds: float) -> bool:
        heard, self._heard = self._heard, 0
        if not self.known:
            return self._patience.ends("key", seconds, FOR_KEY)
        if self._held_back or self.read_paused or not self._unfinished():
            return self._patience.ends(None, seconds, 0.0)
        return self._patience.ends("message", seconds, FOR_PIECE, heard)

    def end(self, timed_out: bool = False) -> None:
        self._fail(*(1008, "too slow") if timed_out else (1013, "too many connections"))

    async def receive(self) -> Any:
        """The next event. What a stranger sends next is not read before its first message has been looked into."""
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            self.transport.resume_reading()
        return await (super().receive() if self.known else self.queue.get())
