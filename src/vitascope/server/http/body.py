"""Reading a request's body: its type, its encoding and its size, each refused as soon as it is known to be wrong."""

from __future__ import annotations

import asyncio
import io
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from starlette.requests import Request

from vitascope.contract.faults import plain
from vitascope.errors import Fault, Refused
from vitascope.server.http.protocols import BEGINNING

NOT_JSON = {"audio", "font", "image", "multipart", "video"}
NOT_JSON_EITHER = {"application/pdf", "application/xml", "application/zip", "text/html", "text/xml", "text/csv"}
GZIP = {"gzip", "x-gzip"}
ENCODINGS = ("gzip", "identity")
PIECE = 1024 * 1024  # bytes unpacked between two looks at the limit
LINGER, LINGER_FOR = 2 * 1024 * 1024, 2.0  # bytes and seconds
MOST_MEMBERS = 10_000  # files that one gzip-packed body may consist of


async def read_body(request: Request, limit: int, known: Callable[[bytes], Awaitable[bool]]) -> bytes:
    """The body, unpacked. Raises Refused; `limit` in bytes holds for what is sent and for what it unpacks to, as does
    what is taken from strangers.

    `known` says from the body's beginning, once that is long, whether the rest is worth reading: whether its sender is
    known. What it decides then is not final.
    """
    _check_type(request.headers.get("content-type", ""))
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in {*GZIP, "", "identity"}:
        message = f"Send the body as it is or packed with gzip, not as {plain(encoding)}."
        raise Refused([Fault("unsupportedContentEncoding", message, allowed_values=ENCODINGS)])
    body = _Body(limit, known)
    chunks = request.stream()
    try:
        if int(request.headers.get("content-length") or 0) > limit:
            raise _too_large(limit)
        async for piece in _unpacked(body.packed(chunks)) if encoding in GZIP else chunks:
            await body.take(piece)
    except Refused:
        await _read_on(chunks)
        raise
    return body.whole.getvalue()


async def _read_on(chunks: AsyncIterator[bytes]) -> None:
    """Take a little more and forget it: whoever is still sending when the connection closes may lose the answer."""
    read = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_FOR):
            async for chunk in chunks:
                read += len(chunk)
                if read > LINGER:
                    return


def _check_type(header: str) -> None:
    """Only types that are clearly something else are refused: tools send JSON under many names, or none."""
    kind = header.partition(";")[0].strip().lower()
    if kind.partition("/")[0] in NOT_JSON or kind in NOT_JSON_EITHER:
        message = f"Send the tasks as JSON with the header Content-Type: application/json, not {plain(kind)}."
        raise Refused([Fault("unsupportedContentType", message, allowed_values=("application/json",))])


class _Body:
    """What has been read: little from a stranger, `limit` from a known sender, as sent and as unpacked."""

    def __init__(self, limit: int, known: Callable[[bytes], Awaitable[bool]]) -> None:
        self.whole = io.BytesIO()  # gives its bytes away at the end without a second copy of them
        self._limit = limit
        self._known = known
        self._trusted = False

    async def take(self, piece: bytes) -> None:
        """Add some unpacked bytes. Raises Refused."""
        await self._check(self.whole.tell(), len(piece))
        self.whole.write(piece)

    async def packed(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks, counted: they may unpack to nothing. Raises Refused."""
        read = 0
        async for chunk in chunks:
            await self._check(read, len(chunk))
            read += len(chunk)
            yield chunk

    async def _check(self, taken: int, more: int) -> None:
        if not self._trusted and taken > BEGINNING:
            if not await self._known(self.whole.getvalue()[:BEGINNING]):
                message = "Send the API key as a header, or as the first element of the array, which is read first."
                raise Refused([Fault("missingApiKey", message, "apiKey", "string", task_type="authentication")])
            self._trusted = True
        if taken + more > self._limit:
            raise _too_large(self._limit)


async def _unpacked(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What gzip-packed chunks hold, a piece at a time, so that a small body cannot unpack to a large one unnoticed."""
    packer, members = zlib.decompressobj(16 + zlib.MAX_WBITS), 1
    async for chunk in chunks:
        rest = chunk
        piece = b""
        if packer.eof and rest.lstrip(b"\0"):  # a file may be several, one after the other
            packer, members = zlib.decompressobj(16 + zlib.MAX_WBITS), members + 1
        # A full piece may have more behind it even when all of its input is used up.
        while not packer.eof and (rest or len(piece) == PIECE):
            try:
                piece = packer.decompress(rest, PIECE)
            except zlib.error:
                raise _broken() from None
            rest = packer.unconsumed_tail
            if another := packer.unused_data.lstrip(b"\0"):  # zeros may fill up a block
                rest, packer, members = another, zlib.decompressobj(16 + zlib.MAX_WBITS), members + 1
                if members > MOST_MEMBERS:
                    raise _broken()
            yield piece
            await asyncio.sleep(0)  # unpacking is work: others get their turn
    if not packer.eof:
        raise _broken()


def _broken() -> Refused:
    message = "The body does not unpack: Content-Encoding says gzip. Pack it again, or send it as it is."
    return Refused([Fault("invalidContentEncoding", message)])


def _too_large(limit: int) -> Refused:
    message = f"The request is larger than {limit} bytes. Send pictures by URL, or smaller ones."
    return Refused([Fault("maxRequestSizeExceeded", message)])
