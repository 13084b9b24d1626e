"""What is absurd in a picture file before anything is decoded: each format's own ways to cost much with few bytes.

All of it is one pass over the file's own table of contents, linear and bounded. What decoding costs all the same is
bounded by the process that decodes (`decoder`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

from vitascope.media.jpeg import MOST_SCANS, Jpeg
from vitascope.media.kinds import UnreadablePicture
from vitascope.values import Size

MIB = 1024 * 1024
MOST_PIXELS = 64_000_000
"""Larger than anything a contract accepts (6000 x 6000)."""
MOST_METADATA = 4 * MIB  # bytes of EXIF, of XMP, of a colour profile
MOST_CHUNKS = 20_000  # of a PNG or WebP file
MOST_TAGS = 512
MOST_FILLING = 64 * 1024
MOST_STRIPS = 65_536
TIFF_COMPRESSIONS = {1: "none", 5: "LZW", 7: "JPEG", 8: "Deflate", 32773: "PackBits", 32946: "Deflate"}

_TYPE_SIZES = (1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8)  # bytes of each TIFF field type
_COMPRESSION, _STRIPS, _TILES, _RAW = 259, 273, 324, 50706


def check(kind: str, data: bytes) -> None:
    """Raise `UnreadablePicture` for a file of this format that is absurd."""
    look = _CHECKS.get(kind)
    if look is not None:
        look(data)


def check_size(size: Size) -> None:
    """Raise `UnreadablePicture` for a picture that is too large to be decoded."""
    if size.width * size.height > MOST_PIXELS:
        raise UnreadablePicture(f"this one has {size} pixels, which is too large (at most {MOST_PIXELS:,} in all)")


def _jpeg(data: bytes) -> None:
    facts = Jpeg.of(data)
    if facts.scans > MOST_SCANS:
        raise UnreadablePicture(f"this JPEG comes in more than {MOST_SCANS} scans")
    if facts.filling > MOST_FILLING:
        raise UnreadablePicture("this JPEG has more than 64 KiB of nothing between its blocks")
    _metadata("colour profile", facts.profile)
    exif(facts.exif)


def _png(data: bytes) -> None:
    at, chunks = 8, 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunks += 1
        if chunks > MOST_CHUNKS:
            raise UnreadablePicture(f"this PNG has more than {MOST_CHUNKS} chunks")
        if kind in _PNG_METADATA:
            _metadata(_PNG_METADATA[kind], length)
        if kind == b"eXIf":
            exif(data[at + 8 : at + 8 + length])
        at += 12 + length


_PNG_METADATA = {b"zTXt": "text", b"iTXt": "text", b"tEXt": "text", b"iCCP": "colour profile", b"eXIf": "EXIF block"}


def _webp(data: bytes) -> None:
    at, chunks = 12, 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        chunks += 1
        if chunks > MOST_CHUNKS:
            raise UnreadablePicture(f"this WebP has more than {MOST_CHUNKS} chunks")
        content = data[at + 8 : at + 8 + min(length, MOST_METADATA + 1)] if kind != b"ANMF" else b""
        if kind in _WEBP_METADATA:
            _metadata(_WEBP_METADATA[kind], length)
        if kind == b"VP8X" and len(content) >= 10:
            # Its reader makes room for the picture when it opens the file.
            check_size(Size(*(int.from_bytes(content[place : place + 3], "little") + 1 for place in (4, 7))))
        if kind == b"EXIF":
            exif(content)
        at += 8 + length + length % 2


_WEBP_METADATA = {b"EXIF": "EXIF block", b"XMP ": "XMP block", b"ICCP": "colour profile"}


def _gif(data: bytes) -> None:
    """Comments before the first picture: readers put them together block by block."""
    at = begin = 13 + _palette(data[10:11])
    while data[at : at + 1] == b"!":
        at += 2
        while (length := int.from_bytes(data[at : at + 1])) > 0:
            at += 1 + length
            if at - begin > MIB:
                raise UnreadablePicture("this GIF begins with more than 1 MiB of comments")
        at += 1


def _palette(flags: bytes) -> int:
    """The bytes of a GIF's palette."""
    return 3 << (flags[0] % 8 + 1) if flags and flags[0] & 128 else 0


def _tiff(data: bytes) -> None:
    tags = directory(data)
    if len(tags) > MOST_TAGS:
        raise UnreadablePicture(f"this TIFF has more than {MOST_TAGS} tags")
    if _RAW in tags:
        raise UnreadablePicture("this is a camera's raw file (DNG)")
    compression = tags.get(_COMPRESSION, (1, 1))[1]
    if compression not in TIFF_COMPRESSIONS:
        known = ", ".join(dict.fromkeys(TIFF_COMPRESSIONS.values()))
        raise UnreadablePicture(f"this TIFF has compression {compression}; read are {known}")
    strips = max(tags.get(tag, (0, 0))[0] for tag in (_STRIPS, _TILES))
    if strips > MOST_STRIPS:
        raise UnreadablePicture(f"this TIFF is cut into more than {MOST_STRIPS} pieces")


def _boxes(data: bytes) -> None:
    """HEIC and AVIF: a box that goes on behind the end of the file was cut off; decoders show what they find."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16])
        if length == 0:  # to the end of the file
            return
        if kind not in _BOXES or length < 8:
            return
        at += length
        if at > len(data):
            raise UnreadablePicture("this file breaks off before its end")
        if kind == b"meta":
            _metadata("table of contents", length)


_BOXES = {b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid"}


def exif(block: bytes) -> None:
    """An EXIF block is a small TIFF file."""
    start = block.find(b"Exif\0\0", 0, 16)
    block = block[start + 6 :] if start >= 0 else block
    if len(block) >= 8 and block[:2] in (b"II", b"MM"):
        directory(block)


def directory(data: bytes) -> Mapping[int, tuple[int, int]]:
    """The first directory of a TIFF file: tag -> (number of values, the value if it is one small number).

    Raises `UnreadablePicture` for values that share their bytes: readers copy each, and each may be most of the file.
    """
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    start, counted, entry = (8, "Q", "HHQQ") if big else (4, "H", "HHII")
    at = _number(order + ("Q" if big else "I"), data, start)
    count = _number(order + counted, data, at)
    at += struct.calcsize(order + counted)
    step = struct.calcsize(order + entry)
    found: dict[int, tuple[int, int]] = {}
    inline, total = (8, 0) if big else (4, 0)
    for place in range(at, min(at + count * step, len(data) - step + 1), step):
        tag, kind, values, value = struct.unpack_from(order + entry, data, place)
        size = values * (_TYPE_SIZES[kind] if kind < len(_TYPE_SIZES) else 1)
        total += max(0, min(size, len(data) - value)) if size > inline else 0
        if kind == 3 and values == 1:
            value = _number(order + "H", data, place + step - inline)
        found[tag] = (values, value)
    if total > 2 * len(data):
        raise UnreadablePicture("its tags have more bytes than the file")
    return found


def _number(kind: str, data: bytes, at: int) -> int:
    """A number at a place, 0 where the file has ended."""
    if at + struct.calcsize(kind) > len(data):
        return 0
    number: int = struct.unpack_from(kind, data, at)[0]
    return number


def _metadata(what: str, length: int) -> None:
    if length > MOST_METADATA:
        raise UnreadablePicture(f"its {what} is larger than {MOST_METADATA // MIB} MiB")


_CHECKS: Mapping[str, Callable[[bytes], None]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WebP": _webp,
    "GIF": _gif,
    "TIFF": _tiff,
    "AVIF": _boxes,
    "HEIC": _boxes,
}
