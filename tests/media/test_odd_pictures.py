"""Two hundred and more odd files: each is read right, or refused by its cause and the formats that are taken."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from tests.media import odd_files
from tests.media.odd_files import MODES, SAMPLES, WIDE, in_mode, quarters, saved
from vitascope.media.decoding import Decoders
from vitascope.media.kinds import UnreadablePicture
from vitascope.values import PICTURE_FORMATS, Size

TAKEN = {"JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"}
SMALL = Size(8, 6)  # at which pictures are compared: dithering is even there
GREY = {"1", "L", "LA", "I", "F", "I;16"}
SLOWEST = 30.0  # seconds for one file on a busy machine; the bombs took minutes


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    pool = Decoders()
    yield pool
    pool.close()


def told(decoders: Decoders, data: bytes) -> str | None:
    """Why a file is refused, None if it is read. The message names the formats that are taken."""
    begun = time.monotonic()
    try:
        decoders.look(data)
        decoders.whole(data)
        return None
    except UnreadablePicture as error:
        assert all(name in str(error) for name in PICTURE_FORMATS) and str(error).endswith(f": {error.reason}.")
        assert error.reason.startswith(("this ", "its ")), error.reason
        assert "decoder" not in error.reason, "it was refused, it did not end its process"
        return error.reason
    finally:
        assert time.monotonic() - begun < SLOWEST


def small(decoders: Decoders, data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    pixels = np.frombuffer(decoders.fit(data, SMALL), np.uint8)
    return pixels.reshape(SMALL.height, SMALL.width, 3).astype(np.int64)


def expected(mode: str, image: Image.Image | None = None) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    picture = (image or quarters()).convert("RGB")
    picture = picture.convert("L").convert("RGB") if mode in GREY else picture
    return np.asarray(picture.resize((SMALL.width, SMALL.height), Image.Resampling.LANCZOS)).astype(np.int64)


@pytest.mark.filterwarnings("ignore")
def test_everything_that_pillow_writes(decoders: Decoders) -> None:
    read, refused = 0, 0
    for kind, mode, data in odd_files.all_that_pillow_writes():
        reason = told(decoders, data)
        if kind not in TAKEN:
            assert reason is not None, (kind, mode)
            refused += 1
            continue
        assert reason is None, (kind, mode, reason)
        stored = Image.open(io.BytesIO(data))
        cut = mode in {"I", "F", "I;16"} and stored.mode[0] not in "IF"  # by the writer, to 8 bits
        far = np.abs(small(decoders, data) - expected("RGB" if cut else mode, stored if cut else None)).mean()
        assert far < (16 if mode in {"P", "PA", "LAB"} or kind == "GIF" else 9), (kind, mode, far)
        read += 1
    assert read >= 45 and refused >= 50


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("PDF", "PDF"),
        ("ICO", "icon"),
        ("ICNS", "icon"),
        ("JPEG2000", "JPEG 2000"),
        ("PPM", "Netpbm"),
        ("TGA", "Targa"),
        ("SGI", "SGI"),
        ("PCX", "PCX"),
        ("DDS", "DDS"),
        ("EPS", "PostScript"),
    ],
)
def test_other_formats_are_named(decoders: Decoders, kind: str, word: str) -> None:
    assert word in (told(decoders, saved(quarters(Size(256, 256)), kind)) or "")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \n", "blanks"),
        (b"hello", "a text"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html><body>403 <svg/></body></html>", "HTML"),
        (b"\n<HTML lang=en>", "HTML"),
        ("<html>é</html>".encode("utf-16"), "HTML"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"/>', "SVG"),
        (b'<?xml version="1.0"?>\n<!-- x --><svg/>', "SVG"),
        (b"<!-- " * 400 + b"<svg>", "SVG"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "XML"),
        (b'{"error": "not found"}', "JSON"),
        (b"data:image/png;base64,iVBORw0KGgo=", "data URI"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "video"),
        (b"\x1aE\xdf\xa3webm", "video"),
        (b"RIFF\0\0\0\0AVI LIST", "video"),
        (b"PK\x03\x04", "ZIP"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0" * 1000, "unknown"),
        (bytes(range(256)) * 4, "unknown"),
        (b"BMW is no bitmap", "a text"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF89a", "GIF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"II*\0", "TIFF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
    ],
)
def test_what_is_no_picture_is_named(decoders: Decoders, data: bytes, word: str) -> None:
    assert word in (told(decoders, data) or "")


def test_files_that_break_off(decoders: Decoders) -> None:
    """Refused, or the whole picture all the same."""
    refused = 0
    for name, data, whole in odd_files.truncated():
        reason = told(decoders, data)
        refused += reason is not None
        if reason is None:
            assert np.abs(small(decoders, data) - expected("RGB", whole)).max() <= 6, name
    assert refused >= 115


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 5}, {"subsampling": 0}])
class TestEndOfJpeg:
    def test_may_be_missing(self, decoders: Decoders, options: dict[str, object]) -> None:
        data = saved(odd_files.noise(), "JPEG", **options)
        whole = small(decoders, data)
        for late in (data[:-2], data[:-1], data[:-2] + bytes(7)):
            assert told(decoders, late) is None
            assert np.array_equal(small(decoders, late), whole)

    def test_what_is_before_it_may_not(self, decoders: Decoders, options: dict[str, object]) -> None:
        data = saved(odd_files.noise(), "JPEG", **options)
        for left in (len(data) - 60, len(data) * 9 // 10, len(data) * 2 // 3, len(data) // 3):
            assert "breaks off" in (told(decoders, data[:left]) or ""), left

    def test_a_progressive_one_may_lack_no_scan(self, decoders: Decoders, options: dict[str, object]) -> None:
        data = saved(odd_files.noise(), "JPEG", **{**options, "progressive": True})
        assert "breaks off" in (told(decoders, data[: data.rindex(b"\xff\xda")]) or "")


@pytest.mark.filterwarnings("ignore")
def test_bombs(decoders: Decoders) -> None:
    for name, (data, word) in odd_files.bombs().items():
        assert len(data) < 10 * 1024 * 1024, name
        reason = told(decoders, data)
        assert word in reason if reason else not word, (name, reason)


@pytest.mark.parametrize("compression", odd_files.TIFF_PACKED)
def test_tiff_compressions_that_are_read(decoders: Decoders, compression: str) -> None:
    data = saved(quarters(), "TIFF", compression=compression)
    assert told(decoders, data) is None
    assert np.abs(small(decoders, data) - expected("RGB")).mean() < 9


@pytest.mark.parametrize("compression", odd_files.TIFF_UNREAD)
def test_tiff_compressions_that_are_not(decoders: Decoders, compression: str) -> None:
    image = quarters() if compression in {"lzma", "zstd"} else quarters().convert("1")
    assert "compression" in (told(decoders, saved(image, "TIFF", compression=compression)) or "")


@pytest.mark.parametrize("name", ["plain", "turned", "alpha", "ten", "tiles"])
def test_heic(decoders: Decoders, name: str) -> None:
    """As a telephone writes it: turned by its container, in tiles; with transparency, with ten bits."""
    data = (SAMPLES / f"{name}.heic").read_bytes()
    size = Size(640, 512) if name == "tiles" else Size(640, 480)
    assert decoders.look(data) == decoders.whole(data) == size
    picture = expected("RGB", quarters(size)).astype(float)
    shown = picture * (128 / 255) + 255 * (127 / 255) if name == "alpha" else picture
    assert np.abs(small(decoders, data) - shown).mean() < 4


def test_modes_are_those_that_are_meant() -> None:
    assert [in_mode(quarters(), mode).mode for mode in MODES] == list(MODES)
    assert quarters().size == (WIDE.width, WIDE.height)
