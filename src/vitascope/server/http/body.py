"""Reading a request's body: its type, its encoding and its size, each refused as soon as it is known to be wrong."""

from __future__ import annotations

import asyncio
import io
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import Request

from vitascope.contract.faults import plain
from vitascope.errors import Fault, Refused

NOT_JSON = {"audio", "font", "image", "multipart", "video"}
NOT_JSON_EITHER = {"application/pdf", "application/xml", "application/zip", "text/html", "text/xml", "text/csv"}
GZIP = {"gzip", "x-gzip"}
ENCODINGS = ("gzip", "identity")
BEGINNING = 256 * 1024  # bytes of a body that are read from anybody
PIECE = 1024 * 1024  # bytes unpacked between two looks at the limit


async def read_body(request: Request, limit: int, known: Callable[[bytes], Awaitable[bool]]) -> bytes:
    """The body, unpacked. Raises Refused; `limit` in bytes holds for what is sent and for what it unpacks to.

    `known` says from the body's beginning, once that is long, whether the rest is worth reading: whether its sender is
    known. What it decides then is not final.
    """
    _check_type(request.headers.get("content-type", ""))
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in {*GZIP, "", "identity"}:
        message = f"Send the body as it is or packed with gzip, not as {plain(encoding)}."
        raise Refused([Fault("unsupportedContentEncoding", message, allowed_values=ENCODINGS)])
    if int(request.headers.get("content-length") or 0) > limit:
        raise _too_large(limit)
    chunks = request.stream()
    return await _gather(_unpacked(chunks) if encoding in GZIP else chunks, limit, known)


def _check_type(header: str) -> None:
    """Only types that are clearly something else are refused: tools send JSON under many names, or none."""
    kind = header.partition(";")[0].strip().lower()
    if kind.partition("/")[0] in NOT_JSON or kind in NOT_JSON_EITHER:
        message = f"Send the tasks as JSON with the header Content-Type: application/json, not {plain(kind)}."
        raise Refused([Fault("unsupportedContentType", message, allowed_values=("application/json",))])


async def _gather(chunks: AsyncIterator[bytes], limit: int, known: Callable[[bytes], Awaitable[bool]]) -> bytes:
    whole = io.BytesIO()  # gives its bytes away at the end without a second copy of them
    trusted = False
    async for chunk in chunks:
        if not trusted and whole.tell() > BEGINNING:
            if not await known(whole.getvalue()[:BEGINNING]):
                message = "Send the API key as a header, or as the first element of the array, which is read first."
                raise Refused([Fault("missingApiKey", message, "apiKey", "string", task_type="authentication")])
            trusted = True
        if whole.tell() + len(chunk) > limit:
            raise _too_large(limit)
        whole.write(chunk)
    return whole.getvalue()


async def _unpacked(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What gzip-packed chunks hold, a piece at a time, so that a small body cannot unpack to a large one unnoticed."""
    packer = zlib.decompressobj(16 + zlib.MAX_WBITS)
    async for chunk in chunks:
        rest = chunk
        piece = b""
        if packer.eof and rest.lstrip(b"\0"):  # a file may be several, one after the other
            packer = zlib.decompressobj(16 + zlib.MAX_WBITS)
        # A full piece may have more behind it even when all of its input is used up.
        while not packer.eof and (rest or len(piece) == PIECE):
            try:
                piece = packer.decompress(rest, PIECE)
            except zlib.error:
                raise _broken() from None
            rest = packer.unconsumed_tail
            if another := packer.unused_data.lstrip(b"\0"):  # zeros may fill up a block
                rest, packer = another, zlib.decompressobj(16 + zlib.MAX_WBITS)
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
