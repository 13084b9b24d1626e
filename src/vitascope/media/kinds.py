"""What a file is by its first bytes: one of the picture formats that are read, or something else that has a name.

The label under which it came (a media type, a file name) is never asked. Plain byte comparisons, no library.
"""

from __future__ import annotations

import re

from vitascope.errors import VitascopeError
from vitascope.values import PICTURE_FORMATS

TEXT_LOOKED_AT = 4096  # bytes of a text in which its kind is looked for
BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}  # sizes of the header that follows "BM"
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}


class UnreadablePicture(VitascopeError):
    """The picture cannot be read."""

    code = "invalidFrameImage"

    def __init__(self, reason: str = "this one cannot be decoded") -> None:
        super().__init__(f"Send a picture as {', '.join(PICTURE_FORMATS[:-1])} or {PICTURE_FORMATS[-1]}: {reason}.")
        self.reason = reason


def picture_format(data: bytes) -> str:
    """Which of `PICTURE_FORMATS` a file is. Raises `UnreadablePicture` that names what it is instead."""
    if (found := _taken(data)) is not None:
        return found
    raise UnreadablePicture(f"this is {_name(data)}")


def _taken(data: bytes) -> str | None:
    for start, name in _PICTURES:
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in BMP_HEADERS:
        return "BMP"
    return _by_brand(data) if data[4:8] == b"ftyp" else None


def _by_brand(data: bytes) -> str | None:
    """HEIC and AVIF share their container with each other and with videos."""
    length = min(int.from_bytes(data[:4]), 512)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length, 4))]
    if brands[0] in (b"avif", b"avis"):
        return "AVIF"
    if brands[0] not in HEIC_BRANDS:
        return None
    return "AVIF" if brands[0] in (b"mif1", b"msf1") and {b"avif", b"avis"} & set(brands) else "HEIC"


def _name(data: bytes) -> str:
    """What a file is that is not read, with its article."""
    if not data:
        return "an empty file"
    for at, mark, name in _OTHERS:
        if data[at : at + len(mark)] == mark:
            return name
    if data[4:8] == b"ftyp":
        return {b"crx ": "a camera's raw file", b"jxl ": "a JPEG XL picture"}.get(data[8:12], "a video or sound file")
    if data[-26:-2] == b"TRUEVISION-XFILE." + bytes(7) or data[-18:-2] == b"TRUEVISION-XFILE":
        return "a Targa picture"
    return _text(data[:TEXT_LOOKED_AT]) or "a file of an unknown kind"


def _text(beginning: bytes) -> str | None:
    """What kind of text this is, None if it is none."""
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = beginning.decode("utf-16", "replace")
    elif _NO_TEXT.search(beginning):
        return None
    else:
        text = beginning.decode("utf-8", "replace").lstrip("\ufeff")
        if text.count("\ufffd") > 1 + len(text) // 20:
            return None
    text = text.strip().lower()
    if text.startswith("<"):
        return _markup(text)
    for mark, name in _TEXTS:
        if re.match(mark, text):
            return name
    return "a text" if text else "nothing but blanks"


def _markup(text: str) -> str:
    found = [(at, name) for mark, name in _TAGS if (at := text.find(mark)) >= 0]
    return min(found)[1] if found else "an XML document"


_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_PICTURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)

_OTHERS = (
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    (0, b"8BPS", "a Photoshop file (PSD)"),
    (0, b"\0\0\x01\0", "an icon (ICO)"),
    (0, b"\0\0\x02\0\x01\0", "a cursor (CUR)"),
    (0, b"icns", "an icon (ICNS)"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"II\xbc", "a JPEG XR picture"),
    (0, b"DDS ", "a DDS texture"),
    (0, b"qoif", "a QOI picture"),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (0, b"#?RADIANCE", "a Radiance picture"),
    (0, b"gimp xcf", "a GIMP file (XCF)"),
    (0, b"\x01\xda", "an SGI picture"),
    (0, b"\x0a\x05\x01", "a PCX picture"),
    *((0, b"P%d" % number + blank, "a Netpbm picture") for number in range(1, 8) for blank in (b"\n", b" ")),
    (0, b"\xff\xfb", "a video or sound file"),
    (0, b"BPG\xfb", "a BPG picture"),
    (0, b"FORM", "an IFF picture or sound"),
    (0, b"SIMPLE  =", "a FITS picture"),
    (128, b"DICM", "a DICOM picture"),
    (40, b" EMF", "a Windows metafile"),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile"),
    (0, b"FUJIFILMCCD-RAW", "a camera's raw file"),
    (0, b"IIRO", "a camera's raw file"),
    (0, b"IIU\0", "a camera's raw file"),
    (0, b"\x1aE\xdf\xa3", "a video or sound file"),
    (8, b"AVI ", "a video or sound file"),
    (8, b"WAVE", "a video or sound file"),
    (4, b"moov", "a video or sound file"),
    (4, b"mdat", "a video or sound file"),
    (0, b"\0\0\x01\xba", "a video or sound file"),
    (0, b"\0\0\x01\xb3", "a video or sound file"),
    (0, b"OggS", "a video or sound file"),
    (0, b"FLV\x01", "a video or sound file"),
    (0, b"ID3", "a video or sound file"),
    (0, b"fLaC", "a video or sound file"),
    (0, b"\x30\x26\xb2\x75", "a video or sound file"),
    (0, b"PK\x03\x04", "a ZIP archive or an office document"),
    (0, b"\xd0\xcf\x11\xe0", "an office document"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"\xfd7zXZ\0", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (0, b"SQLite format 3", "a database"),
)
"""Where a mark stands, the mark, and what the file is. What comes first wins."""

_TAGS = (
    ("<svg", "an SVG drawing"),
    *((tag, "an HTML page") for tag in ("<!doctype html", "<html", "<head", "<body", "<title")),
)
"""SVG drawings stand in pages and the reverse: what comes first wins."""

_TEXTS = (
    (r"[{\[]", "JSON"),
    (r"data:", "a data URI inside another"),
    (r"version https://git-lfs", "a Git LFS pointer instead of the file"),
    (r"https?://", "a URL inside a data URI or Base64"),
    (r"/\* xpm \*/|#define ", "an X bitmap"),
)
