"""Every form of picture file that users send becomes upright sRGB; everything else is refused, never a crash."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from vitascope.media.fit import fitted
from vitascope.media.images import look
from vitascope.media.kinds import UnreadablePicture
from vitascope.values import PICTURE_FORMATS, Picture, Size

# As in the process that decodes: the readers warn of what they pass over.
pytestmark = pytest.mark.filterwarnings("ignore")

WIDE = Size(64, 48)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")  # as Pillow names those that it writes
RED, GREEN, BLUE, WHITE = (230, 20, 20), (20, 200, 40), (30, 40, 220), (255, 255, 255)


def load(data: bytes, size: Size) -> Picture:
    return np.asarray(fitted(data, size))


def quarters(size: Size = WIDE) -> Image.Image:
    """Red, green / blue, white: shows every turn and every swap of channels."""
    pixels = np.empty((size.height, size.width, 3), np.uint8)
    middle, centre = size.height // 2, size.width // 2
    pixels[:middle, :centre], pixels[:middle, centre:] = RED, GREEN
    pixels[middle:, :centre], pixels[middle:, centre:] = BLUE, WHITE
    return Image.fromarray(pixels)


def corners(picture: NDArray[Any]) -> NDArray[np.int64]:
    """The four quarters' middle colours, row by row."""
    height, width = picture.shape[:2]
    rows, columns = [height // 4, 3 * height // 4], [width // 4, 3 * width // 4]
    return np.array([picture[row, column] for row in rows for column in columns], np.int64)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def assert_quarters(picture: Picture, tolerance: int = 6) -> None:
    assert picture.dtype == np.uint8
    assert np.abs(corners(picture) - np.array([RED, GREEN, BLUE, WHITE])).max() <= tolerance, corners(picture)


OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"quality": 95},
    "AVIF": {"quality": 95, "subsampling": "4:4:4"},
}


@pytest.mark.parametrize("kind", FORMATS)
class TestFormats:
    def test_is_read(self, kind: str) -> None:
        data = saved(quarters(), kind, **OPTIONS.get(kind, {}))
        assert look(data) == WIDE
        assert_quarters(load(data, WIDE), tolerance=10)

    def test_look_reads_the_header_alone(self, kind: str) -> None:
        noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 300, 3), np.uint8))
        data = saved(noise, kind)
        if kind not in {"TIFF", "AVIF", "WEBP"}:  # these keep their tables at the end, or count their length first
            data = data[: len(data) // 2]
        assert look(data) == Size(300, 200)

    def test_cut_off_file(self, kind: str) -> None:
        noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8))
        data = saved(noise, kind)
        with pytest.raises(UnreadablePicture, match="JPEG, PNG"):
            load(data[: len(data) * 2 // 3], WIDE)


def test_photographs_with_more_pictures_inside() -> None:
    """Telephones write JPEG files that hold a second picture (MPO)."""
    data = saved(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))], **OPTIONS["JPEG"])
    assert look(data) == WIDE
    assert_quarters(load(data, WIDE))


# Where the quarters must lie in the file so that this orientation shows them upright.
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


class TestOrientation:
    @pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind not in {"GIF", "BMP"}])
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_is_undone(self, kind: str, orientation: int) -> None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        turn = TURNS[orientation]
        stored = quarters() if turn is None else quarters().transpose(turn)
        data = saved(stored, kind, exif=exif, **OPTIONS.get(kind, {}))
        assert look(data) == WIDE
        assert_quarters(load(data, WIDE), tolerance=10)

    def test_behind_the_pixels_of_a_png(self) -> None:
        """Some programs write the EXIF chunk last; it counts all the same."""
        exif = Image.Exif()
        exif[0x0112] = 6
        data = saved(quarters().transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif)
        at = data.index(b"eXIf") - 4
        length = 12 + int.from_bytes(data[at : at + 4])
        late = data[:at] + data[at + length : -12] + data[at : at + length] + data[-12:]
        assert look(late) == WIDE
        assert_quarters(load(late, WIDE))

    @pytest.mark.parametrize("orientation", [0, 9, 60_000])
    def test_nonsense_is_upright(self, orientation: int) -> None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        assert_quarters(load(saved(quarters(), "PNG", exif=exif), WIDE))


class TestColours:
    def test_cmyk_jpeg(self) -> None:
        ink = Image.merge("CMYK", [Image.new("L", (64, 48), value) for value in (0, 255, 255, 0)])
        picture = load(saved(ink, "JPEG", quality=95), WIDE)
        assert np.abs(picture.astype(int) - (255, 0, 0)).max() <= 12

    def test_palette(self) -> None:
        assert_quarters(load(saved(quarters().quantize(16), "PNG"), WIDE))

    def test_palette_with_transparency_shows_white(self) -> None:
        image = quarters().quantize(16)
        red = image.getpixel((2, 2))
        picture = load(saved(image, "PNG", transparency=red), WIDE)
        assert np.abs(corners(picture) - np.array([WHITE, GREEN, BLUE, WHITE])).max() <= 6

    def test_half_transparent(self) -> None:
        image = quarters().convert("RGBA")
        image.putalpha(128)
        expected = np.array([RED, GREEN, BLUE, WHITE]) * (128 / 255) + 255 * (127 / 255)
        assert np.abs(corners(load(saved(image, "PNG"), WIDE)) - expected).max() <= 2

    def test_grey_with_transparency(self) -> None:
        image = Image.merge("LA", [Image.new("L", (64, 48), 40), Image.linear_gradient("L").resize((64, 48))])
        picture = load(saved(image, "PNG"), WIDE)
        assert picture[0].mean() > 250 and abs(float(picture[-1].mean()) - 40) < 4

    @pytest.mark.parametrize("kind", ["PNG", "TIFF"])
    def test_sixteen_bit_grey(self, kind: str) -> None:
        ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (48, 1))
        picture = load(saved(Image.fromarray(ramp), kind), WIDE)
        assert np.abs(picture[10, :, 0].astype(float) - np.linspace(0, 255, 64)).max() <= 1.5

    def test_sixteen_bit_colour(self) -> None:
        picture = load(sixteen_bit_png((58_000, 12_000, 30_000)), WIDE)
        assert np.abs(picture.astype(float) - np.array([58_000, 12_000, 30_000]) / 257).max() <= 1.5

    def test_floating_point(self) -> None:
        image = Image.fromarray(np.full((48, 64), 0.5, np.float32))
        assert np.abs(load(saved(image, "TIFF"), WIDE).astype(int) - 128).max() <= 1

    def test_one_bit(self) -> None:
        image = Image.new("1", (64, 48), 1)
        assert load(saved(image, "PNG"), WIDE).min() == 255

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    def test_animated_gives_its_first_frame(self, kind: str) -> None:
        frames = [Image.new("RGB", (64, 48), colour) for colour in (RED, GREEN, BLUE)]
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, loop=0)
        assert np.abs(load(data, WIDE).astype(int) - RED).max() <= 8


class TestProfiles:
    def test_is_converted(self) -> None:
        """Only the profile says that red and green are swapped; read as plain numbers the colours would be wrong."""
        wide = swapped_profile()
        picture = load(saved(quarters(), "PNG", icc_profile=wide), WIDE)
        got = corners(picture)
        assert got[0].argmax() == 1 and got[1].argmax() == 0, "the profile swaps red and green"
        assert np.abs(got[3] - 255).max() <= 3

    def test_srgb_changes_nothing(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        assert_quarters(load(saved(quarters(), "PNG", icc_profile=profile), WIDE), tolerance=2)

    def test_keeps_transparency(self) -> None:
        image = quarters().convert("RGBA")
        image.putalpha(0)
        assert load(saved(image, "PNG", icc_profile=swapped_profile()), WIDE).min() == 255

    @pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 200])
    def test_broken_is_ignored(self, profile: bytes) -> None:
        assert_quarters(load(saved(quarters(), "PNG", icc_profile=profile), WIDE), tolerance=2)

    def test_for_other_channels_is_ignored(self) -> None:
        data = saved(Image.new("L", (64, 48), 90), "PNG", icc_profile=swapped_profile())
        assert np.abs(load(data, WIDE).astype(int) - 90).max() <= 2


class TestFitting:
    @pytest.mark.parametrize("wanted", ["864x480", "480x864", "640x640", "1470x630", "48x48"])
    def test_is_cut_around_the_middle(self, wanted: str) -> None:
        """Where the quarters meet stays in the middle, whatever is cut off."""
        size = Size.parse(wanted)
        picture = load(saved(quarters(Size(600, 400)), "PNG"), size)
        assert picture.shape == (size.height, size.width, 3)
        assert_quarters(picture, tolerance=2)
        row = picture[size.height // 4].astype(int)
        assert abs(int(np.argmax(row[:, 0] < 125)) - size.width / 2) <= 1

    def test_keeps_the_ratio(self) -> None:
        """A round spot stays round."""
        y, x = np.mgrid[0:400, 0:600]
        spot = np.where(np.hypot(x - 300, y - 200) < 100, 255, 0).astype(np.uint8)
        bright = load(saved(Image.fromarray(spot), "PNG"), Size(300, 300))[..., 0] > 128
        assert abs(int(bright.any(axis=0).sum()) - int(bright.any(axis=1).sum())) <= 1
        assert abs(int(bright.any(axis=0).sum()) - 150) <= 2

    def test_same_size_is_the_same_picture(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
        assert np.array_equal(load(saved(Image.fromarray(noise), "PNG"), WIDE), noise)

    def test_making_it_smaller_does_not_flicker(self) -> None:
        """Stripes too fine to be shown become even grey, not a pattern of their own."""
        stripes = np.zeros((600, 900, 3), np.uint8)
        stripes[:, ::2] = 255
        assert load(saved(Image.fromarray(stripes), "PNG"), Size(150, 100)).std() < 2


class TestRefuses:
    @pytest.mark.parametrize(
        "data",
        [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"\0" * 1000],
    )
    @pytest.mark.parametrize("read", [look, lambda data: load(data, WIDE)])
    def test_what_is_no_picture(self, data: bytes, read: Any) -> None:
        with pytest.raises(UnreadablePicture) as caught:
            read(data)
        fault = caught.value.fault()
        assert fault.code == "invalidFrameImage"
        assert all(kind in fault.message for kind in PICTURE_FORMATS)

    @pytest.mark.parametrize("kind", ["PPM", "TGA", "ICO", "PCX", "SGI", "DDS", "EPS", "PDF"])
    def test_formats_that_are_not_listed(self, kind: str) -> None:
        with pytest.raises(UnreadablePicture):
            look(saved(quarters(), kind))

    def test_svg(self) -> None:
        with pytest.raises(UnreadablePicture):
            look(b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"/>')

    @pytest.mark.parametrize("side", [9_000, 60_000])
    def test_bombs_before_they_are_decoded(self, side: int) -> None:
        """A few bytes that promise 81 million or 3.6 thousand million pixels."""
        data = png(side, side, 8, 2, b"")
        tracemalloc.start()
        with pytest.raises(UnreadablePicture, match="too large"):
            load(data, WIDE)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20_000_000

    def test_the_contract_learns_the_size_of_a_large_one(self) -> None:
        assert look(png(9_000, 7_000, 8, 2, b"")) == Size(9_000, 7_000)

    def test_random_damage(self) -> None:
        """Any damage ends as a picture or as our own error."""
        chance = random.Random(7)
        files = [saved(quarters(), kind) for kind in FORMATS]
        refused = 0
        for _ in range(1_500):
            data = bytearray(chance.choice(files))
            for _ in range(chance.choice([1, 3, 20])):
                data[chance.randrange(min(len(data), 400))] = chance.randrange(256)
            try:
                look(bytes(data))
                load(bytes(data), WIDE)
            except UnreadablePicture:
                refused += 1
        assert 300 < refused < 1_500


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    """A PNG written by hand: what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def sixteen_bit_png(colour: tuple[int, int, int]) -> bytes:
    row = b"\0" + struct.pack(">HHH", *colour) * 64
    return png(64, 48, 16, 2, row * 48)


def swapped_profile() -> bytes:
    """An sRGB profile whose red and green primaries are swapped."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for index in range(int.from_bytes(data[128:132])):
        at = 132 + 12 * index
        tag = bytes(data[at : at + 4])
        data[at : at + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(tag, tag)
    return bytes(data)
