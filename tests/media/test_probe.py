"""The probe sees what is wrong with a file; the contact sheet shows the frames that it names."""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.media import clips
from vitascope.engines.testcard import read_strip
from vitascope.media.encode import encode
from vitascope.media.probe import UnreadableVideo, pictures, probe
from vitascope.media.sheet import contact_sheet
from vitascope.values import Container, Size

SMALL = Size(416, 240)


def card(folder: Path, container: Container = Container.MP4, frames: int = 29, size: Size = SMALL) -> Path:
    path = folder / f"card{container.suffix}"
    encode(clips.card(size, frames), container, 95, path, notes={})
    return path


def other_file(path: Path, **options: str) -> Path:
    """A file that our encoder would not write: 25 frames a second, late sound, no faststart, BT.601."""
    with av.open(str(path), "w", container_options=options) as file:
        video = file.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 128, 96, "yuv420p"
        audio = file.add_stream("aac", rate=44_100)
        audio.codec_context.layout = "mono"
        for index in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((96, 128, 3), 20 * index, np.uint8), "rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            file.mux(video.encode(frame))
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 8_820), np.float32), "fltp", "mono")
        sound.sample_rate, sound.pts = 44_100, 44_100
        file.mux(audio.encode(sound))
        file.mux(video.encode(None))
        file.mux(audio.encode(None))
    return path


class TestProbe:
    def test_sees_another_encoders_faults(self, tmp_path: Path) -> None:
        facts = probe(other_file(tmp_path / "x.mp4"))
        assert (facts.codec, facts.size, facts.frames, facts.fps) == ("mpeg4", Size(128, 96), 10, Fraction(25))
        assert facts.faststart is False
        assert facts.colour.primaries != 1 and not facts.colour.limited
        assert facts.sound is not None
        assert (facts.sound.rate, facts.sound.channels) == (44_100, 1)
        assert facts.sound.start == pytest.approx(1.0, abs=0.05), "a sound that comes a second late is seen"

    @pytest.mark.parametrize("content", [b"", b"no video", b"\0\0\0\x20ftypisom" + b"\0" * 500])
    def test_refuses_what_is_no_video(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "x.mp4"
        path.write_bytes(content)
        with pytest.raises(UnreadableVideo):
            probe(path)
        with pytest.raises(UnreadableVideo):
            list(pictures(path))

    def test_refuses_sound_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "x.mp4"
        with av.open(str(path), "w") as file:
            audio = file.add_stream("aac", rate=48_000)
            frame = av.AudioFrame.from_ndarray(np.zeros((2, 4_800), np.float32), "fltp", "stereo")
            frame.sample_rate = 48_000
            file.mux([*audio.encode(frame), *audio.encode(None)])
        with pytest.raises(UnreadableVideo, match="no picture track"):
            probe(path)

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            probe(tmp_path / "missing.mp4")

    @pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed here")
    @pytest.mark.parametrize("container", list(Container))
    def test_agrees_with_ffprobe(self, container: Container, tmp_path: Path) -> None:
        path = card(tmp_path, container)
        command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
        streams = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["streams"]
        (video,) = [stream for stream in streams if stream["codec_type"] == "video"]
        facts = probe(path)
        assert (video["codec_name"], int(video["nb_read_frames"])) == (facts.codec, facts.frames)
        assert Fraction(video["avg_frame_rate"]) == Fraction(video["r_frame_rate"]) == facts.fps
        assert (video["color_space"], video["color_range"]) == ("bt709", "tv")


class TestContactSheet:
    def test_shows_the_frames_it_names(self, tmp_path: Path) -> None:
        """Each cell of a 3 x 2 sheet holds the expected frame: its strip is still readable when small."""
        path = card(tmp_path, frames=121, size=Size(864, 480))
        contact_sheet(path, tmp_path / "sheet.png", columns=3, rows=2)
        sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
        numbers = [
            read_strip(sheet[top : top + 291, left : left + 522]) for top in (30, 351) for left in (8, 538, 1068)
        ]
        assert numbers == [0, 24, 48, 72, 96, 120]

    @pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
    def test_writes_common_formats(self, suffix: str, tmp_path: Path) -> None:
        contact_sheet(card(tmp_path), tmp_path / f"sheet{suffix}")
        with Image.open(tmp_path / f"sheet{suffix}") as sheet:
            assert sheet.width == 1600

    def test_fewer_frames_than_cells(self, tmp_path: Path) -> None:
        contact_sheet(card(tmp_path, frames=3, size=Size(864, 480)), tmp_path / "sheet.png", columns=3, rows=2)
        sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
        assert [read_strip(sheet[30:321, left : left + 522]) for left in (8, 538, 1068)] == [0, 1, 2]
        assert (sheet[351:642] == sheet[-1, -1]).all(), "nothing but paper in the second row"

    def test_needs_cells(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="at least one"):
            contact_sheet(card(tmp_path, frames=3), tmp_path / "sheet.png", columns=0)
