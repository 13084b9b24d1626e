"""What a string is: a UUID v4, an http(s) address, a data URI, raw base64. Pure checks, no look-ups."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from vitascope.contract.order import Form, FrameSource

FEWEST_BASE64_CHARACTERS = 100
"""Shorter texts are words, not pictures: a 300 x 300 picture does not fit into 75 bytes."""

MOST_DECODED_CHARACTERS = 24 * 1024 * 1024
"""Longer texts are too large a picture whatever is in them: counted, not decoded."""

LONGEST_ADDRESS = 8192

RESULT_NAME = "{videoUUID}"
"""In an upload address it stands for the UUID of the result; with its braces encoded too, as URL libraries write it."""

_RESULT_NAME = re.compile(r"(?:\{|%7[Bb])videoUUID(?:\}|%7[Dd])")
_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_DATA_URI = re.compile(r"data:image/[a-z0-9.+-]+(?:;[a-z0-9-]+=[^;,]*)*;base64,", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\x00-\x20\x7f]+", re.IGNORECASE)
_LINE_BREAKS = str.maketrans("", "", " \t\r\n")


def is_uuid4(text: str) -> bool:
    """Whether the text is a UUID of version 4 with hyphens, in either case."""
    return _UUID4.fullmatch(text) is not None


def canonical_uuid(text: str) -> str:
    """The spelling under which UUIDs are compared and stored: two cases of one UUID are one task."""
    return text.lower()


def is_address(text: str) -> bool:
    """Whether the text is an absolute http(s) URL with a host, a sound port and no user name or password."""
    if len(text) > LONGEST_ADDRESS or _ADDRESS.fullmatch(text) is None:
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:  # a port or an IPv6 address that is none
        return False


def names_each_result(address: str) -> bool:
    """Whether an upload address has a place for the name of each result."""
    return _RESULT_NAME.search(address) is not None


def address_of_result(address: str, video_uuid: str) -> str:
    """The upload address of one result."""
    return _RESULT_NAME.sub(video_uuid, address)


@dataclass(frozen=True, slots=True)
class RecognisedForm:
    """The form in which a picture was sent, and the bytes of its file when that is inside the text (0 otherwise)."""

    form: Form
    byte_count: int = 0


def recognise(text: str) -> RecognisedForm | None:
    """The form of a picture's text; None when it is none of the four."""
    if is_uuid4(text):
        return RecognisedForm(Form.UUID)
    if is_address(text):
        return RecognisedForm(Form.URL)
    if _DATA_URI.match(text):
        return _inline(Form.DATA_URI, text)
    return _inline(Form.BASE64, text) if len(text) >= FEWEST_BASE64_CHARACTERS else None


def _inline(form: Form, text: str) -> RecognisedForm | None:
    if len(text) > MOST_DECODED_CHARACTERS:
        return RecognisedForm(form, len(text) // 4 * 3)
    content = _decoded(form, text)
    return RecognisedForm(form, len(content)) if content else None


def _decoded(form: Form, text: str) -> bytes | None:
    """The file inside a data URI or raw Base64; None when it does not decode. Line breaks and missing padding pass."""
    if form is Form.DATA_URI:
        text = text.partition(",")[2]
    digits = text.translate(_LINE_BREAKS)
    if _BASE64.fullmatch(digits) is None:
        return None
    digits = digits.rstrip("=")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4))
    except binascii.Error:  # one digit more than whole bytes need
        return None


def picture_file(source: FrameSource) -> bytes:
    """The bytes of a frame image that came inside the request. Raises ValueError for the other forms."""
    if source.form not in (Form.DATA_URI, Form.BASE64):
        raise ValueError(f"a frame image given as {source.form.value} is not in the request")
    content = _decoded(source.form, source.value)
    if content is None:
        raise ValueError("the frame image does not decode")
    return content
