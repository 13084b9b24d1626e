"""Picture files as they come: which formats are read, how large a picture is, and whether it decodes. Pillow alone.

Nothing here trusts the file. Only the listed formats are tried, the size is read from the header before anything is
decoded, and whatever a damaged file makes Pillow raise or warn about ends as `UnreadablePicture`.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from PIL import ExifTags, Image, UnidentifiedImageError

from vitascope.errors import VitascopeError
from vitascope.values import Size

FORMATS: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF") + (
    ("AVIF",) if find_spec("PIL._avif") else ()  # a Pillow without libavif cannot read it
)
_READ = ", ".join(FORMATS)

# Larger than anything a contract accepts (6000 x 6000); beyond it nothing is decoded.
MOST_PIXELS = 64_000_000

_LYING = {5, 6, 7, 8}  # orientations that swap width and height

# All that Pillow's readers were seen to raise on damaged files.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_quiet = threading.Lock()  # the warning filters belong to the whole process


class UnreadablePicture(VitascopeError):
    """The frame image cannot be read."""

    code = "invalidFrameImage"

    def __init__(self, reason: str = "it cannot be decoded") -> None:
        super().__init__(f"The frame image cannot be read: {reason}. Send one of {_READ}.")


def look(data: bytes) -> Size:
    """The size of a picture file as it is meant to be seen, from its header alone. Raises `UnreadablePicture`."""
    with opened(data) as image:
        width, height = image.size
        return Size(height, width) if orientation(image, data) in _LYING else Size(width, height)


def decodes(data: bytes) -> bool:
    """Whether a whole picture comes out of a file: one cut short has a sound beginning."""
    try:
        with opened(data) as image:
            if image.width * image.height <= MOST_PIXELS:
                image.load()
                return True
    except UnreadablePicture:
        pass
    return False


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Open a file without decoding it; everything that goes wrong inside becomes `UnreadablePicture`."""
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                yield image
        except UnidentifiedImageError:
            raise UnreadablePicture("it is broken or of another format") from None
        except Image.DecompressionBombError:
            raise UnreadablePicture("it is too large") from None
        except _DAMAGE as error:
            raise UnreadablePicture from error


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
