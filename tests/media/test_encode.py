"""Files are what they should be: proved by decoding them and by a reader of our own that shares no code with FFmpeg."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media import boxes, clips
from tests.media.boxes import Mp4, Webm
from vitascope.engines.testcard import flash_region, read_strip
from vitascope.media.encode import Encoded, encode
from vitascope.media.probe import ColourTags, pictures, probe
from vitascope.values import Clip, Container, Size, Sound, Timing

EVERY = list(Container)
FRAMES = 29
LENGTH = Fraction(FRAMES, 24)
FRAME = Fraction(1, 24)
SMALL = Size(416, 240)
CODECS = {Container.MP4: ("h264", "aac"), Container.MOV: ("h264", "aac"), Container.WEBM: ("vp9", "opus")}

# Every size of the contracts that is not a multiple of 16 both ways, and the largest.
AWKWARD = ["1470x630", "2206x946", "834x1112", "1112x834", "1080x1920", "752x560", "992x432"]


def write(
    clip: Clip, container: Container, folder: Path, quality: int = 90, name: str = "clip"
) -> tuple[Path, Encoded]:
    path = folder / f"{name}{container.suffix}"
    return path, encode(clip, container, quality, path, notes={"title": "A card", "comment": "engine: testcard"})


def tick(container: Container) -> Fraction:
    """How far a time may be off: WEBM counts in milliseconds, MP4 and MOV in whole samples."""
    return Fraction(1, 1000) if container is Container.WEBM else Fraction(0)


@pytest.mark.parametrize("sound", [True, False], ids=["sound", "silent"])
@pytest.mark.parametrize("container", EVERY)
class TestWhatIsInTheFile:
    def test_decodes_to_what_was_promised(self, container: Container, sound: bool, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES, sound), container, tmp_path)
        facts = probe(path)
        assert (facts.size, facts.frames, facts.fps) == (SMALL, FRAMES, Fraction(24))
        assert facts.start == 0
        assert abs(facts.length - LENGTH) <= tick(container)
        assert facts.colour == ColourTags(primaries=1, transfer=1, matrix=1, limited=True)
        assert facts.codec == CODECS[container][0]
        assert facts.profile == ("Profile 0" if container is Container.WEBM else "High")
        assert (facts.notes["title"], facts.notes["comment"]) == ("A card", "engine: testcard")
        assert (facts.sound is not None) is sound
        if facts.sound is not None:
            assert (facts.sound.codec, facts.sound.rate, facts.sound.channels) == (CODECS[container][1], 48_000, 2)
            assert facts.sound.start == 0
            assert abs(facts.sound.length - LENGTH) <= tick(container)

    def test_reports_what_it_wrote(self, container: Container, sound: bool, tmp_path: Path) -> None:
        path, encoded = write(clips.card(SMALL, FRAMES, sound), container, tmp_path)
        seen = subprocess.run(["sha256sum", path], capture_output=True, check=True, text=True).stdout.split()[0]
        assert encoded == Encoded(path.stat().st_size, seen, FRAMES, 58_000 if sound else 0)

    def test_every_frame_is_there_in_order(self, container: Container, sound: bool, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES, sound), container, tmp_path, quality=20)
        assert [read_strip(picture) for picture in pictures(path)] == list(range(FRAMES))


@pytest.mark.parametrize("container", [Container.MP4, Container.MOV])
class TestBoxes:
    def test_picture_track(self, container: Container, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES), container, tmp_path)
        file = Mp4(path)
        track = file.track("vide")
        assert file.brand == {"MP4": "isom", "MOV": "qt  "}[container]
        assert file.order.index("moov") < file.order.index("mdat")
        assert (track.codec, track.samples, track.steps) == ("avc1", FRAMES, {FRAME})
        assert (track.width, track.height) == (416, 240)
        assert track.edit_length == file.length == LENGTH
        assert track.edit_start == track.first_composition, "the edit list takes away the reordering delay, no more"
        assert track.colour == ({"MP4": "nclx", "MOV": "nclc"}[container], 1, 1, 1)
        assert file.created == 0, "a time of creation would change the bytes from run to run"

    def test_sound_track(self, container: Container, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES), container, tmp_path)
        track = Mp4(path).track("soun")
        assert (track.codec, track.edit_length) == ("mp4a", LENGTH)
        assert track.edit_start == Fraction(1024, 48_000), "the edit list takes away the encoder's priming"
        assert track.media_length == LENGTH + track.edit_start

    def test_no_sound_no_track(self, container: Container, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES, sound=False), container, tmp_path)
        assert [track.handler for track in Mp4(path).tracks] == ["vide"]

    def test_picture_and_sound_lie_side_by_side(self, container: Container, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, 97), container, tmp_path)
        with av.open(str(path)) as file:
            kinds = [
                (packet.stream.type, packet.pts * packet.time_base) for packet in file.demux() if packet.pts is not None
            ]
        latest = {"video": Fraction(0), "audio": Fraction(0)}
        for kind, time in kinds:
            latest[kind] = max(latest[kind], time)
            assert abs(latest["video"] - latest["audio"]) < Fraction(3, 2)


class TestWebmElements:
    def test_tracks(self, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES), Container.WEBM, tmp_path)
        file = Webm(path)
        (video,), (audio,) = file.of_type(1), file.of_type(2)
        fields = file.tracks[video]
        assert file.doc_type == "webm" and not file.dated
        assert (fields[boxes.CODEC], file.tracks[audio][boxes.CODEC]) == (b"V_VP9", b"A_OPUS")
        assert (int.from_bytes(fields[boxes.WIDTH]), int.from_bytes(fields[boxes.HEIGHT])) == (416, 240)
        assert int.from_bytes(fields[boxes.DEFAULT_DURATION]) == 10**9 // 24
        tags = [boxes.PRIMARIES, boxes.TRANSFER, boxes.MATRIX, boxes.RANGE]
        assert [int.from_bytes(fields[tag]) for tag in tags] == [1, 1, 1, 1]
        assert int.from_bytes(file.tracks[audio][boxes.CODEC_DELAY]) == 6_500_000, "Opus' 312 samples of pre-skip"

    def test_times(self, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES), Container.WEBM, tmp_path)
        file = Webm(path)
        (video,), (audio,) = file.of_type(1), file.of_type(2)
        assert file.times[video] == [Fraction(round(1000 * index * FRAME), 1000) for index in range(FRAMES)]
        assert file.times[audio][0] == 0
        assert abs(file.length - LENGTH) < FRAME

    def test_no_sound_no_track(self, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, FRAMES, sound=False), Container.WEBM, tmp_path)
        assert Webm(path).of_type(2) == []


@pytest.mark.parametrize("container", EVERY)
@pytest.mark.parametrize("size", AWKWARD)
def test_awkward_sizes_are_exact(size: str, container: Container, tmp_path: Path) -> None:
    path, _ = write(clips.card(Size.parse(size), 3, sound=False), container, tmp_path)
    facts = probe(path)
    assert (str(facts.size), facts.frames) == (size, 3)
    assert abs(facts.length - 3 * FRAME) <= tick(container)
    assert [read_strip(picture) for picture in pictures(path)] == [0, 1, 2]


@pytest.mark.parametrize("container", EVERY)
@pytest.mark.parametrize("frames", [1, 2, 5])
def test_very_short_clips(frames: int, container: Container, tmp_path: Path) -> None:
    path, _ = write(clips.card(SMALL, frames), container, tmp_path)
    facts = probe(path)
    assert facts.frames == frames and abs(facts.length - frames * FRAME) <= tick(container)
    assert facts.sound is not None and abs(facts.sound.length - frames * FRAME) < FRAME


@pytest.mark.parametrize("container", [Container.MP4, Container.WEBM])
def test_the_ends_of_a_still_clip_are_no_worse_than_its_middle(container: Container, tmp_path: Path) -> None:
    size = Size(640, 360)
    still = next(clips.photograph(size, 1).chunks)
    path, _ = write(Clip(size, Timing(25), (still for _ in range(25))), container, tmp_path, 95)
    likeness = [clips.psnr(clips.luma(still[0]), frame) for frame in clips.raw_luma(path)]
    assert min(likeness[0], likeness[-1]) >= np.median(likeness) - 1


@pytest.mark.parametrize("container", EVERY)
class TestSound:
    @pytest.mark.parametrize("at", [0, 12_345, 50_000])
    def test_a_click_stays_where_it_was(self, container: Container, at: int, tmp_path: Path) -> None:
        timing = Timing(FRAMES)
        clip = clips.card(SMALL, FRAMES)
        clip.sound = clips.click(timing, at)
        path, _ = write(clip, container, tmp_path)
        got = clips.heard(path)
        assert 0 <= got.shape[1] - timing.samples() < 1024, "a decoder may go on to the end of the last AAC packet"
        for channel in (0, 1):
            assert abs(clips.lag(clip.sound.samples[channel], got[channel])) <= 48

    def test_channels_stay_apart(self, container: Container, tmp_path: Path) -> None:
        clip = clips.card(SMALL, FRAMES)
        left = 0.5 * np.sin(np.arange(58_000) * 0.1).astype(np.float32)
        clip.sound = Sound(48_000, np.stack([left, np.zeros_like(left)]))
        path, _ = write(clip, container, tmp_path)
        loudness = np.abs(clips.heard(path)).mean(axis=1)
        assert loudness[0] > 0.25 and loudness[1] < 0.01

    def test_flash_and_beep_together(self, container: Container, tmp_path: Path) -> None:
        path, _ = write(clips.card(SMALL, 53), container, tmp_path)
        rows, columns = flash_region(SMALL)
        bright = [float(picture[rows, columns].mean()) > 128 for picture in pictures(path)]
        assert [index for index, lit in enumerate(bright) if lit] == [0, 1, 24, 25, 48, 49]
        loud = np.abs(clips.heard(path)[0]) > 0.1
        for second in (1, 2):
            start = 48_000 * second - 24_000
            onset = start + int(np.argmax(loud[start : start + 48_000]))
            assert abs(onset - 48_000 * second) < 240, "within 5 ms of the flash"

    @pytest.mark.parametrize(("rate", "channels"), [(24_000, 1), (44_100, 2), (16_000, 2)])
    def test_other_rates_become_48_khz_stereo(
        self, container: Container, rate: int, channels: int, tmp_path: Path
    ) -> None:
        clip = clips.card(SMALL, FRAMES)
        clip.sound = clips.click(clip.timing, rate // 2, rate)
        clip.sound = Sound(rate, clip.sound.samples[:channels])
        path, encoded = write(clip, container, tmp_path)
        assert encoded.samples == 58_000
        got = np.abs(clips.heard(path)).max(axis=0)
        assert 24_000 - 96 <= int(np.argmax(got > 0.2)) <= 24_000 + 96


@pytest.mark.parametrize("container", EVERY)
class TestColour:
    @pytest.mark.parametrize(
        "colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (90, 140, 60)]
    )
    def test_numbers_in_the_file_are_bt709_limited(
        self, container: Container, colour: tuple[int, int, int], tmp_path: Path
    ) -> None:
        path, _ = write(clips.plain(Size(64, 64), 2, colour), container, tmp_path, quality=99)
        with av.open(str(path)) as file:
            planes = next(file.decode(video=0)).to_ndarray(format="yuv420p")
        red, green, blue = (value / 255 for value in colour)
        y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        expected = [16 + 219 * y, 128 + 224 * (blue - y) / 1.8556, 128 + 224 * (red - y) / 1.5748]
        got = [planes[:64].mean(), planes[64:80].mean(), planes[80:96].mean()]
        assert np.abs(np.subtract(got, expected)).max() <= 1.5

    def test_colours_come_back(self, container: Container, tmp_path: Path) -> None:
        path, _ = write(clips.plain(Size(64, 64), 2, (200, 120, 40)), container, tmp_path, quality=99)
        assert np.abs(next(pictures(path)).mean(axis=(0, 1)) - (200, 120, 40)).max() <= 2


@pytest.mark.parametrize("container", [Container.MP4, Container.WEBM])
def test_more_quality_is_more_bytes_and_more_likeness(container: Container, tmp_path: Path) -> None:
    clip = clips.photograph(Size(640, 360), 9)
    chunks = list(clip.chunks)
    wanted = [clips.luma(chunk[0]) for chunk in chunks]
    sizes, likeness = [], []
    for quality in (20, 35, 50, 65, 80, 95, 99):
        path, encoded = write(replace(clip, chunks=iter(chunks)), container, tmp_path, quality)
        sizes.append(encoded.bytes)
        likeness.append(np.mean([clips.psnr(*pair) for pair in zip(wanted, clips.raw_luma(path), strict=True)]))
    assert sizes == sorted(set(sizes)), sizes
    assert likeness == sorted(set(likeness)), likeness


@pytest.mark.parametrize("container", [Container.MP4, Container.WEBM])
def test_quality_95_looks_lossless_to_both_ends(container: Container, tmp_path: Path) -> None:
    clip = clips.photograph(Size(1920, 1080), 9)
    chunks = list(clip.chunks)
    wanted = [clips.luma(chunk[0]) for chunk in chunks]
    path, _ = write(replace(clip, chunks=iter(chunks)), container, tmp_path, 95)
    likeness = [clips.psnr(*pair) for pair in zip(wanted, clips.raw_luma(path), strict=True)]
    assert np.mean(likeness) >= 42
    assert min(likeness[0], likeness[-1]) >= 42, "given first and last frames deserve no less"


@pytest.mark.parametrize("container", EVERY)
class TestSameClipSameBytes:
    def test_twice(self, container: Container, tmp_path: Path) -> None:
        _, one = write(clips.card(SMALL, 49), container, tmp_path, name="one")
        _, two = write(clips.card(SMALL, 49), container, tmp_path, name="two")
        assert one == two

    @pytest.mark.parametrize("heap", ["0", "85", "170"])
    def test_in_another_process(self, container: Container, heap: str, tmp_path: Path) -> None:
        """Also when fresh memory is full of other bytes, which is how x264's macroblock trees were caught."""
        _, here = write(clips.card(SMALL, 49), container, tmp_path)
        program = (
            "from tests.media.test_encode import *\n"
            f"where = Path({str(tmp_path)!r})\n"
            f"print(write(clips.card(SMALL, 49), Container.{container.name}, where, name='there')[1].sha256)"
        )
        command = ["env", f"MALLOC_PERTURB_={heap}", sys.executable, "-c", program]
        there = subprocess.run(command, capture_output=True, check=True, text=True)
        assert there.stdout.strip() == here.sha256

    def test_another_clip_other_bytes(self, container: Container, tmp_path: Path) -> None:
        _, one = write(clips.card(SMALL, 5, seed=1), container, tmp_path)
        _, two = write(clips.card(SMALL, 5, seed=2), container, tmp_path)
        assert one.sha256 != two.sha256
