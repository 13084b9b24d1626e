"""What a string is: a text to be seen, a UUID, an http(s) address, a data URI, raw base64. Pure checks, no look-ups."""

from __future__ import annotations

import binascii
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from vitascope.contract.order import Form, FrameSource

FEWEST_BASE64_CHARACTERS = 100
"""Shorter texts are words, not pictures: a 300 x 300 picture does not fit into 75 bytes."""

MOST_DECODED_CHARACTERS = 24 * 1024 * 1024
"""Longer texts are too large a picture whatever is in them: counted, not decoded."""

LONGEST_ADDRESS = 8192

RESULT_NAME = "{videoUUID}"
"""In an upload address it stands for the UUID of the result; with its braces encoded too, as URL libraries write it."""

UUID4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
"""A UUID of version 4 as a regular expression, to be used without regard to case."""

_RESULT_NAME = re.compile(r"(?:\{|%7[Bb])videoUUID(?:\}|%7[Dd])")
_UUID4 = re.compile(UUID4, re.IGNORECASE)
_DATA_URI = re.compile(r"\s*data:([^,]{0,400}),", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\x00-\x20\x7f\ufffd]+", re.IGNORECASE)  # U+FFFD stands for what was lost
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\ufffd")
"""Fillers that count as letters or signs, and the marks of what was lost."""
_BLANKS = b" \t\r\n\f\v"
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def is_uuid4(text: str) -> bool:
    """Whether the text is a UUID of version 4 with hyphens, in either case."""
    return _UUID4.fullmatch(text) is not None


def canonical_uuid(text: str) -> str:
    """The spelling under which UUIDs are compared and stored: two cases of one UUID are one task."""
    return text.lower()


def has_something_to_see(text: str) -> bool:
    """Whether the text has a letter, a digit, a sign or a picture in it that leaves a mark on paper."""
    return any(unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK for letter in text)


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
    """The file inside a data URI or Base64; None when it does not decode.

    What a data URI says of its type is not asked: the bytes decide. Of Base64 either alphabet passes, line breaks,
    percent-encoding and missing padding do.
    """
    if form is Form.BASE64:
        return _from_base64(text)
    label, _, text = text.partition(",")
    if label.strip().lower().endswith("base64"):
        return _from_base64(text)
    return unquote_to_bytes(text)


def _from_base64(text: str) -> bytes | None:
    if not text.isascii():
        return None
    encoded = unquote_to_bytes(text) if "%" in text else text.encode()
    digits = encoded.translate(_URL_SAFE, _BLANKS)
    whole = digits.rstrip(b"=")
    if not whole or len(digits) - len(whole) > 2 or whole.translate(None, _BASE64):
        return None
    try:
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
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
