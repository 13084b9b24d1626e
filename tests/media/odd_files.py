"""Picture files as nobody should send them: every format and mode, cut off, and made to cost much with few bytes."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vitascope.values import Size

SAMPLES = Path(__file__).with_name("samples")
WIDE = Size(64, 48)
COLOURS = ((230, 20, 20), (20, 200, 40), (30, 40, 220), (255, 255, 255))
MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "I", "F", "I;16")
TIFF_PACKED = ("tiff_lzw", "packbits", "tiff_adobe_deflate", "tiff_deflate", "jpeg")
TIFF_UNREAD = ("group3", "group4", "tiff_ccitt", "lzma", "zstd")


def quarters(size: Size = WIDE) -> Image.Image:
    """Red, green / blue, white."""
    pixels = np.empty((size.height, size.width, 3), np.uint8)
    middle, centre = size.height // 2, size.width // 2
    pixels[:middle, :centre], pixels[:middle, centre:] = COLOURS[:2]
    pixels[middle:, :centre], pixels[middle:, centre:] = COLOURS[2:]
    return Image.fromarray(pixels)


def noise() -> Image.Image:
    """Nothing in it can be guessed from the rest."""
    pixels = np.random.default_rng(1).integers(0, 255, (30, 40, 3), np.uint8)
    return Image.fromarray(pixels).resize((160, 120))


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """An RGB picture in another mode; numbers beyond 8 bits span their range."""
    if mode == "LAB":
        from PIL import ImageCms

        lab = ImageCms.createProfile("LAB")
        return ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), lab, outputMode="LAB") or image
    grey = np.asarray(image.convert("L"))
    numbers: dict[str, Any] = {
        "I": grey.astype(np.int32) * 257,
        "I;16": grey.astype(np.uint16) * 257,
        "F": grey.astype(np.float32),
    }
    if mode in numbers:
        return Image.fromarray(numbers[mode])
    return image.convert("P").convert("PA") if mode == "PA" else image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def all_that_pillow_writes() -> Iterator[tuple[str, str, bytes]]:
    """(format, mode, file) of every pair that Pillow can write."""
    Image.init()
    for kind in sorted(Image.SAVE):
        for mode in MODES:
            try:
                yield kind, mode, saved(in_mode(quarters(), mode), kind)
            except (OSError, ValueError, KeyError, SystemError, RuntimeError, AttributeError, struct.error):
                continue  # not this mode, or a stub without a writer


def truncated() -> Iterator[tuple[str, bytes, Image.Image]]:
    """(name, the beginning of a file, the whole picture): ten places in each kind of file."""
    image = noise()
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "JPEG": ("JPEG", {"quality": 90}),
        "JPEG-progressive": ("JPEG", {"progressive": True}),
        "JPEG-restarts": ("JPEG", {"restart_marker_blocks": 5}),
        "PNG": ("PNG", {}),
        "GIF": ("GIF", {}),
        "BMP": ("BMP", {}),
        "TIFF": ("TIFF", {}),
        "TIFF-LZW": ("TIFF", {"compression": "tiff_lzw"}),
        "WEBP": ("WEBP", {}),
        "WEBP-lossless": ("WEBP", {"lossless": True}),
        "AVIF": ("AVIF", {}),
    }
    for name, (kind, options) in kinds.items():
        data = saved(image, kind, **options)
        whole = Image.open(io.BytesIO(data)).convert("RGB")
        for tenth in range(10):
            yield f"{name}-{tenth}", data[: len(data) * tenth // 10], whole
    data = (SAMPLES / "tiles.heic").read_bytes()
    for tenth in range(10):
        yield f"HEIC-{tenth}", data[: len(data) * tenth // 10], quarters(Size(640, 512))


def bombs() -> dict[str, tuple[bytes, str]]:
    """Name -> a file, and a word of the reason for which it is refused; "" for one that costs little and is read."""
    plain = saved(quarters(), "PNG")
    jpeg = saved(quarters(), "JPEG")
    frames = [Image.new("RGB", (64, 48), (number % 256, 0, 0)) for number in range(600)]
    animated = {"save_all": True, "append_images": frames}
    extended = b"\0" * 4 + (16382).to_bytes(3, "little") * 2
    return {
        "JPEG: 700 scans": (many_scans(700), "scans"),
        "JPEG: 65500 x 65500": (jpeg_of_size(65500, 65500), "too large"),
        "JPEG: a profile of 5 MiB": (saved(quarters(), "JPEG", icc_profile=bytes(5 << 20)), "colour profile"),
        "JPEG: EXIF tags that share their bytes": (exif_jpeg(jpeg), "tags"),
        "JPEG: 5 MB of fill bytes": (jpeg[:2] + b"\xff" * 5_000_000 + jpeg[2:], "nothing between"),
        "PNG: 9000 x 9000": (png(9000, 9000), "too large"),
        "PNG: 2 000 000 000 x 2 000 000 000": (png(2_000_000_000, 2_000_000_000), "too large"),
        "PNG: 30 000 chunks": (with_chunks(plain, [(b"tEXt", b"a\0b")] * 30_000), "chunks"),
        "PNG: a text that unpacks to 100 MB": (with_chunks(plain, [(b"zTXt", b"a\0\0" + packed(100))]), "unpacks"),
        "PNG: another one": (with_chunks(plain, [(b"iTXt", b"a\0\1\0\0\0" + packed(100))]), "unpacks"),
        "PNG: a profile that unpacks to 100 MB": (with_chunks(plain, [(b"iCCP", b"a\0\0" + packed(100))]), "unpacks"),
        "PNG: EXIF of 5 MiB": (with_chunks(plain, [(b"eXIf", b"II*\0" + bytes(5 << 20))]), "EXIF"),
        "PNG: 600 frames": (saved(frames[0], "PNG", **animated), ""),
        "PNG: promises 2^31 frames": (with_chunks(plain, [(b"acTL", struct.pack(">II", 2**31 - 1, 0))]), ""),
        "GIF: 600 frames": (saved(frames[0], "GIF", **animated), ""),
        "GIF: 9 MB of comments": (commented_gif(9_000_000), "comments"),
        "GIF: 65535 x 65535": (b"GIF89a\xff\xff\xff\xff" + saved(quarters(), "GIF")[10:], "too large"),
        "WebP: 600 frames": (saved(frames[0], "WEBP", **animated), ""),
        "WebP: 16383 x 16383": (riff([(b"VP8X", extended), (b"VP8 ", bytes(20))]), "too large"),
        "WebP: 30 000 chunks": (riff([(b"VP8X", bytes(10)), *[(b"abcd", b"")] * 30_000]), "chunks"),
        "TIFF: 60000 x 60000": (tiff({256: 60000, 257: 60000}), "too large"),
        "TIFF: tags that share their bytes": (tiff({}, shared=60_000), "tags"),
        "TIFF: 2000 tags": (tiff({30_000 + number: 1 for number in range(2000)}), "tags"),
        "TIFF: 600 pages": (saved(frames[0], "TIFF", **animated), ""),
        "TIFF: an endless chain of pages": (endless_tiff(), ""),
        "TIFF: a camera's raw file": (tiff({50706: 1}), "raw file"),
        "BMP: 30000 x 30000": (sized(saved(quarters(), "BMP"), 18, struct.pack("<ii", 30000, 30000)), "too large"),
        "HEIC: 60000 x 60000": (sized_heic(60000, 60000), "too large"),
    }


def many_scans(number: int, side: int = 3000) -> bytes:
    """A valid progressive JPEG whose last scan comes again and again: at 5800 x 5800, 105 KB took a minute."""
    data = saved(Image.new("L", (side, side), 128), "JPEG", progressive=True, quality=30)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * number + data[-2:]


def jpeg_of_size(width: int, height: int) -> bytes:
    data = saved(quarters(), "JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def exif_jpeg(data: bytes, tags: int = 5000) -> bytes:
    block = b"Exif\0\0II*\0\x08\0\0\0" + entries(tags, 60_000)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def entries(number: int, size: int) -> bytes:
    """A directory whose tags all have the same bytes of the file as their value."""
    each = [struct.pack("<HHII", tag, 7, size, 8) for tag in range(1000, 1000 + number)]
    return struct.pack("<H", number) + b"".join(each) + bytes(4)


def png(width: int, height: int) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed(1)) + chunk(b"IEND", b"")


@cache
def packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunks(data: bytes, chunks: list[tuple[bytes, bytes]]) -> bytes:
    """A PNG with more chunks between its header and its pixels."""
    return data[:33] + b"".join(chunk(*each) for each in chunks) + data[33:]


def commented_gif(size: int) -> bytes:
    data = saved(quarters(), "GIF")
    palette = 13 + (3 << (data[10] % 8 + 1) if data[10] & 128 else 0)
    comment = b"!\xfe" + (b"\xff" + b"a" * 255) * (size // 256) + b"\0"
    return data[:palette] + comment + data[palette:]


def riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(content)) + content for kind, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff(tags: dict[int, int], shared: int = 0) -> bytes:
    """A grey TIFF by hand, with more tags, or other values of the usual ones."""
    usual = {256: 64, 257: 48, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 48, 279: 64 * 48}
    strips = bytes(64 * 48)
    if shared:
        return b"II*\0" + struct.pack("<I", 8 + len(strips)) + strips + entries(shared, 1_000_000) + bytes(300_000)
    each = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted({**usual, **tags}.items())]
    head = b"II*\0" + struct.pack("<I", 8 + len(strips)) + strips
    return head + struct.pack("<H", len(each)) + b"".join(each) + bytes(4)


def endless_tiff() -> bytes:
    """Its first page names itself as the next one."""
    data = tiff({})
    return data[:-4] + struct.pack("<I", 8 + 64 * 48)


def sized(data: bytes, at: int, size: bytes) -> bytes:
    return data[:at] + size + data[at + len(size) :]


def sized_heic(width: int, height: int) -> bytes:
    data = (SAMPLES / "plain.heic").read_bytes()
    return sized(data, data.index(b"ispe") + 8, struct.pack(">II", width, height))
