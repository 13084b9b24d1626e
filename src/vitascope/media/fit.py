"""Frame images fitted: any picture file becomes upright 8-bit sRGB of the size that a shot needs."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

from vitascope.media.images import MOST_PIXELS, UnreadablePicture, opened, orientation
from vitascope.values import Picture, Size

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


def load(data: bytes, size: Size) -> Picture:
    """Decode a picture file, turn it upright, convert it to sRGB, cut it to `size`'s ratio around its middle, scale it.

    Animations give their first frame, transparent parts show white. Raises `UnreadablePicture`.
    """
    with opened(data) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UnreadablePicture(f"{image.width}x{image.height} is too large")
        turn = _UPRIGHT.get(orientation(image, data))
        image.load()
        plain = _srgb(image)
        upright = plain if turn is None else plain.transpose(turn)
        box = _middle(Size(*upright.size), size)
        return np.asarray(upright.resize((size.width, size.height), Image.Resampling.LANCZOS, box))


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
