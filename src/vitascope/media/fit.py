"""Frame images fitted: any picture file becomes upright 8-bit sRGB of the size that a shot needs.

Runs in the decoding process alone (`decoder`).
"""

from __future__ import annotations

import io

from PIL import Image, ImageCms

from vitascope.media.images import decoded, orientation
from vitascope.values import Size

_BACKGROUND = (255, 255, 255)  # what shows through transparent parts, as in browsers and viewers

STRIP = 256  # rows that are worked on at once, so that no picture of numbers takes several times its memory

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def fitted(data: bytes, size: Size) -> Image.Image:
    """Decode a picture file, turn it upright, convert it to sRGB, cut it to `size`'s ratio around its middle, scale it.

    Animations give their first frame, transparent parts show white. Raises `UnreadablePicture`.
    """
    with decoded(data) as image:
        turn = _UPRIGHT.get(orientation(image, data))
        plain = _srgb(image)
        upright = plain if turn is None else plain.transpose(turn)
        box = _middle(Size(*upright.size), size)
        return upright.resize((size.width, size.height), Image.Resampling.LANCZOS, box)


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
    if image.mode != "F" and not image.mode.startswith("I"):
        return image
    import numpy as np  # few pictures need it

    strips = [
        image.crop((0, top, image.width, min(top + STRIP, image.height))) for top in range(0, image.height, STRIP)
    ]
    full = 65535.0
    if image.mode == "F":
        most = max(float(np.nan_to_num(np.asarray(strip)).max()) for strip in strips)
        full = 1.0 if most <= 1 else 255.0 if most <= 255 else 65535.0
    grey = Image.new("L", image.size)
    for number, strip in enumerate(strips):
        values = np.asarray(strip)
        values = np.nan_to_num(values) if image.mode == "F" else values.astype(np.float64)
        eight = np.clip(values * (255 / full), 0, 255).round().astype(np.uint8)
        grey.paste(Image.fromarray(eight), (0, number * STRIP))
    return grey


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
