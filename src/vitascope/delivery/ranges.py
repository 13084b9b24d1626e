"""What a GET or HEAD for a stored file is answered: whole, a part, "not modified", or a refusal (RFC 9110, 13 and 14).

Pure: request headers and a file's description in; status, byte range and headers out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from vitascope.delivery.storage import Stored

_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,30})-([0-9]{0,30})|-([0-9]{1,30}))[ \t]*", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?"[^"]*"')


@dataclass(frozen=True, slots=True)
class Serving:
    """How to answer: status, headers, and the bytes `start` to `end` (exclusive) as the body of a GET."""

    status: int
    headers: dict[str, str]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` to `end` (exclusive) of a file. An empty one answers a range that the file does not have."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Number of bytes."""
        return self.end - self.start


def serve(stored: Stored, method: str, headers: Mapping[str, str]) -> Serving:
    """Decide the answer to `method` ("GET" or "HEAD") with these request headers, named in lower case."""
    described = {"ETag": stored.etag, "Last-Modified": http_date(stored.modified), "Accept-Ranges": "bytes"}
    if _has_changed(stored, headers):
        return Serving(412, described | {"Content-Length": "0"})
    if _is_known(stored, headers):
        return Serving(304, described)
    span = _asked_span(stored, headers) if method == "GET" else None
    if span is None:
        return _whole(stored, described)
    if span.length == 0:
        return Serving(416, described | {"Content-Range": f"bytes */{stored.size}", "Content-Length": "0"})
    described |= {
        "Content-Type": stored.content_type,
        "Content-Length": str(span.length),
        "Content-Range": f"bytes {span.start}-{span.end - 1}/{stored.size}",
    }
    return Serving(206, described, span.start, span.end)


def parse_range(text: str, size: int) -> Span | None:
    """The span of a Range header in a file of `size` bytes; None if the header is to be ignored.

    Several ranges at once are ignored as well: the whole file is a correct answer, and no player asks for them.
    """
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        # An empty file has no last bytes that Content-Range could name; all of it is the correct answer.
        return None if size == 0 and int(suffix) else Span(max(0, size - int(suffix)), size)
    if last and int(last) < int(first):
        return None
    start = min(int(first), size)
    return Span(start, min(int(last) + 1, size) if last else size)


def http_date(moment: datetime) -> str:
    """ "Sun, 06 Nov 1994 08:49:37 GMT"."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _whole(stored: Stored, described: dict[str, str]) -> Serving:
    described |= {"Content-Type": stored.content_type, "Content-Length": str(stored.size)}
    return Serving(200, described, 0, stored.size)


def _has_changed(stored: Stored, headers: Mapping[str, str]) -> bool:
    """Whether If-Match or, failing that, If-Unmodified-Since forbids an answer."""
    if "if-match" in headers:
        return not _names(headers["if-match"], stored.etag, weakly=False)
    since = _read_date(headers.get("if-unmodified-since"))
    return since is not None and _in_seconds(stored.modified) > since


def _is_known(stored: Stored, headers: Mapping[str, str]) -> bool:
    """Whether the client has this file already, by If-None-Match or, failing that, If-Modified-Since."""
    if "if-none-match" in headers:
        return _names(headers["if-none-match"], stored.etag, weakly=True)
    since = _read_date(headers.get("if-modified-since"))
    return since is not None and _in_seconds(stored.modified) <= since


def _asked_span(stored: Stored, headers: Mapping[str, str]) -> Span | None:
    """The span asked for, if the part that the client has already (If-Range) is of this very file."""
    condition = headers.get("if-range", "").strip()
    if '"' in condition and (condition.startswith("W/") or condition != stored.etag):
        return None
    if condition and '"' not in condition and _read_date(condition) != _in_seconds(stored.modified):
        return None
    return parse_range(headers["range"], stored.size) if "range" in headers else None


def _names(listed: str, etag: str, weakly: bool) -> bool:
    """Whether a list of entity tags names this one; a weak tag counts only where weak comparison is asked for."""
    if listed.strip() == "*":
        return True
    tags = _TAG.findall(listed)
    if weakly:
        return etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}
    return not etag.startswith("W/") and etag in tags


def _in_seconds(moment: datetime) -> datetime:
    """HTTP dates have whole seconds only."""
    return moment.replace(microsecond=0)


def _read_date(text: str | None) -> datetime | None:
    """An HTTP date; None for anything else, as such conditions are to be ignored."""
    try:
        date = parsedate_to_datetime(text or "")
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
