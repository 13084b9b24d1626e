"""Picture files opened and decoded by Pillow. Runs in the decoding process alone (`decoder`); nothing else imports it.

Nothing here trusts the file. Only the listed formats are tried, what is absurd is refused before it is opened
(`bounds`), the size is read from the header before anything is decoded, and whatever a damaged file makes the libraries
raise ends as `UnreadablePicture`.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from PIL import AvifImagePlugin, ExifTags, Image, UnidentifiedImageError

from vitascope.media import bounds
from vitascope.media.jpeg import Jpeg
from vitascope.media.kinds import UnreadablePicture, picture_format
from vitascope.values import Size

THREADS = 2  # of one decoder: each reserves address space, of which this process has only so much

_LYING = {5, 6, 7, 8}  # orientations that swap width and height

# All that the readers were seen to raise on damaged files.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    RuntimeError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)


def look(data: bytes) -> Size:
    """The size of a picture file as it is meant to be seen, from its header alone. Raises `UnreadablePicture`."""
    with opened(data) as image:
        return _seen(image, data)


def whole(data: bytes) -> Size:
    """The same for a file that has been decoded to its end: one cut short has a sound beginning."""
    with decoded(data) as image:
        return _seen(image, data)


@contextmanager
def decoded(data: bytes) -> Iterator[Image.Image]:
    """Open a file and decode it. A JPEG that lacks its end marker alone is whole. Raises `UnreadablePicture`."""
    with opened(data) as image:
        bounds.check_size(Size(*image.size))
        if image.format in ("JPEG", "MPO") and not (facts := Jpeg.of(data)).ended:
            ended, padded = facts.endings(data)
            if not facts.all_there or not _alike(ended, padded):
                raise UnreadablePicture("this JPEG breaks off before its end")
            data = ended
        else:
            image.load()
            yield image
            return
    with opened(data) as image:
        image.load()
        yield image


def _alike(one: bytes, other: bytes) -> bool:
    with opened(one) as first, opened(other) as second:
        return bool(first.tobytes() == second.tobytes())


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Open a file without decoding it; everything that goes wrong inside becomes `UnreadablePicture`."""
    kind = picture_format(data)
    bounds.check(kind, data)
    try:
        with Image.open(io.BytesIO(data), formats=[_reader(kind)]) as image:
            yield image
    except UnidentifiedImageError:
        raise UnreadablePicture(f"this {kind} is broken") from None
    except Image.DecompressionBombError:
        raise UnreadablePicture("this one is too large") from None
    except MemoryError:
        raise UnreadablePicture(f"this {kind} takes too much memory") from None
    except _DAMAGE as error:
        raise UnreadablePicture(_reason(kind, error)) from error


def _reason(kind: str, error: BaseException) -> str:
    told = str(error).lower()
    if "decompressed data too large" in told or "too much memory used" in told:
        return f"this {kind} has a text or colour profile that unpacks to more than 1 MiB"
    if "truncated" in told or isinstance(error, EOFError):
        return f"this {kind} breaks off before its end"
    return f"this {kind} is broken"


@cache
def _reader(kind: str) -> str:
    """The name that Pillow has for the reader of a format."""
    if kind == "AVIF":
        AvifImagePlugin.DEFAULT_MAX_THREADS = THREADS
    if kind != "HEIC":
        return kind.upper()
    import pi_heif  # only a process that meets such a file loads its library

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=THREADS)
    return str(pi_heif.HeifImageFile.format)


def _seen(image: Image.Image, data: bytes) -> Size:
    width, height = image.size
    return Size(height, width) if orientation(image, data) in _LYING else Size(width, height)


def orientation(image: Image.Image, data: bytes) -> int:
    """The EXIF orientation that is still to be applied, 1-8."""
    if image.format == "TIFF":
        return 1  # Pillow turns TIFF files itself, and gives their size accordingly
    # Pillow would decode a PNG whole to find EXIF data behind the pixels.
    exif = _png_exif(data) if image.format == "PNG" else image.getexif()
    found = exif.get(ExifTags.Base.Orientation, 1)
    return found if isinstance(found, int) else 1


def _png_exif(data: bytes) -> Image.Exif:
    """The EXIF chunk of a PNG, wherever it stands, found without touching the pixels."""
    exif = Image.Exif()
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"eXIf":
            exif.load(data[at + 8 : at + 8 + length])
            break
        at += 12 + length
    return exif
