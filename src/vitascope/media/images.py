"""Frame images in: any common picture file becomes upright 8-bit sRGB of the size that a shot needs.

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

import numpy as np
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError, features

from vitascope.errors import VitascopeError
from vitascope.values import Picture, Size

FORMATS: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF") + (
    ("AVIF",) if features.check("avif") else ()  # a Pillow without libavif cannot read it
)
_READ = ", ".join(FORMATS)

# Larger than anything a contract accepts (6000 x 6000); beyond it nothing is decoded.
MOST_PIXELS = 64_000_000

_BACKGROUND = (255, 255, 255)  # what shows through transparent parts, as in browsers and viewers

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
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
    with _opened(data) as image:
        width, height = image.size
        return Size(height, width) if _orientation(image, data) in _LYING else Size(width, height)


def load(data: bytes, size: Size) -> Picture:
    """Decode a picture file, turn it upright, convert it to sRGB, cut it to `size`'s ratio around its middle, scale it.

    Animations give their first frame, transparent parts show white. Raises `UnreadablePicture`.
    """
    with _opened(data) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UnreadablePicture(f"{image.width}x{image.height} is too large")
        turn = _UPRIGHT.get(_orientation(image, data))
        image.load()
        plain = _srgb(image)
        upright = plain if turn is None else plain.transpose(turn)
        box = _middle(Size(*upright.size), size)
        return np.asarray(upright.resize((size.width, size.height), Image.Resampling.LANCZOS, box))


def decodes(data: bytes) -> bool:
    """Whether a whole picture comes out of a file: one cut short has a sound beginning."""
    try:
        with _opened(data) as image:
            if image.width * image.height <= MOST_PIXELS:
                image.load()
                return True
    except UnreadablePicture:
        pass
    return False


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
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


def _orientation(image: Image.Image, data: bytes) -> int:
    """The EXIF orientation that is still to be applied, 1-8."""
    if image.format == "TIFF":
        return 1  # Pillow turns TIFF files itself, and gives their size accordingly
    # Pillow would decode a PNG whole to find EXIF data behind the pixels.
    exif = _png_exif(data) if image.format == "PNG" else image.getexif()
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    return orientation if isinstance(orientation, int) else 1


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


def _srgb(image: Image.Image) -> Image.Image:
    """Any decoded picture as RGB, 8 bit, sRGB, without transparency."""
    profile = image.info.get("icc_profile")
    image = _eight_bit(image)
    alpha = None
    if image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("RGB")
    colours = _by_profile(image, profile) if profile else None
    if colours is None:
        colours = image.convert("RGB")
    if alpha is None:
        return colours
    behind = Image.new("RGB", colours.size, _BACKGROUND)
    behind.paste(colours, mask=alpha)
    return behind


def _eight_bit(image: Image.Image) -> Image.Image:
    """Pictures with more than 8 bits a channel as 8-bit grey; all others as they are, palettes resolved."""
    if image.mode == "P":
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "F":
        values = np.nan_to_num(np.asarray(image))
        full = 1.0 if values.max() <= 1 else 255.0 if values.max() <= 255 else 65535.0
    elif image.mode.startswith("I"):
        values = np.asarray(image).astype(np.float64)
        full = 65535.0
    else:
        return image
    return Image.fromarray(np.clip(values * (255 / full), 0, 255).round().astype(np.uint8))


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture's colours in sRGB by its ICC profile; None if the profile is broken or does not fit the picture."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return None


def _middle(given: Size, wanted: Size) -> tuple[float, float, float, float]:
    """The largest part of `given` around its middle that has `wanted`'s ratio: left, top, right, bottom."""
    scale = min(given.width / wanted.width, given.height / wanted.height)
    width, height = wanted.width * scale, wanted.height * scale
    left, top = (given.width - width) / 2, (given.height - height) / 2
    return max(0.0, left), max(0.0, top), min(left + width, given.width), min(top + height, given.height)
