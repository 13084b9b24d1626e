"""When encoding stops half-way, nothing is left behind; a clip that is not what it says is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.media import clips
from vitascope.errors import Cancelled, EngineFailed
from vitascope.media.encode import encode
from vitascope.values import Clip, Container, Frames, Size, Sound, Timing

SMALL = Size(416, 240)
NO_NOTES: dict[str, str] = {}


class Stop(Exception):
    """Raised by the tests themselves."""


def fail_in(clip: Clip, at: int, closed: list[bool]) -> Clip:
    """The same clip, whose engine is cancelled at a frame and notes when it is closed."""
    given = clip.chunks

    def chunks() -> Iterator[Frames]:
        try:
            for index, frame in enumerate(frame for chunk in given for frame in chunk):
                if index == at:
                    raise Cancelled
                yield frame[np.newaxis]
        finally:
            closed.append(True)

    return replace(clip, chunks=chunks())


@pytest.mark.parametrize("container", list(Container))
class TestStopsCleanly:
    @pytest.mark.parametrize("at", [0, 1, 40])
    def test_when_the_engine_stops(self, container: Container, at: int, tmp_path: Path) -> None:
        closed: list[bool] = []
        with pytest.raises(Cancelled):
            encode(fail_in(clips.card(SMALL, 49), at, closed), container, 90, tmp_path / "out", notes=NO_NOTES)
        assert closed == [True]
        assert list(tmp_path.iterdir()) == []

    def test_when_the_listener_stops_it(self, container: Container, tmp_path: Path) -> None:
        closed: list[bool] = []

        def stop(done: int) -> None:
            if done == 7:
                raise Stop

        with pytest.raises(Stop):
            encode(
                fail_in(clips.card(SMALL, 49), 48, closed), container, 90, tmp_path / "x", notes=NO_NOTES, on_frame=stop
            )
        assert closed == [True]
        assert list(tmp_path.iterdir()) == []

    def test_when_the_folder_is_missing(self, container: Container, tmp_path: Path) -> None:
        with pytest.raises(OSError):
            encode(clips.card(SMALL, 5), container, 90, tmp_path / "missing" / "x", notes=NO_NOTES)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_an_os_error() -> None:
    link = Path("/dev/full")
    program = (
        "from pathlib import Path; import pathlib; from tests.media import clips\n"
        "from vitascope.media.encode import encode; from vitascope.values import Container, Size\n"
        "pathlib.Path.unlink = lambda self, missing_ok=False: None\n"
        "try: encode(clips.card(Size(416, 240), 9), Container.WEBM, 90, Path('/dev/full'), notes={})\n"
        "except OSError as error: print(error.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert link.exists() and done.stdout.strip() == "28"


class TestListener:
    def test_is_told_each_frame(self, tmp_path: Path) -> None:
        told: list[int] = []
        encode(clips.card(SMALL, 29), Container.MP4, 90, tmp_path / "x", notes=NO_NOTES, on_frame=told.append)
        assert told == list(range(1, 30))


class TestRefuses:
    def test_too_few_frames(self, tmp_path: Path) -> None:
        clip = replace(clips.card(SMALL, 5, sound=False), timing=Timing(9))
        with pytest.raises(EngineFailed, match="5 frames instead of 9"):
            encode(clip, Container.MP4, 90, tmp_path / "x", notes=NO_NOTES)
        assert list(tmp_path.iterdir()) == []

    def test_too_many_frames(self, tmp_path: Path) -> None:
        clip = replace(clips.card(SMALL, 29, sound=False), timing=Timing(9))
        with pytest.raises(EngineFailed, match="frames instead of 9"):
            encode(clip, Container.MP4, 90, tmp_path / "x", notes=NO_NOTES)

    def test_frames_of_another_size(self, tmp_path: Path) -> None:
        clip = replace(clips.card(SMALL, 5), size=Size(416, 256))
        with pytest.raises(EngineFailed, match="416x256"):
            encode(clip, Container.MP4, 90, tmp_path / "x", notes=NO_NOTES)

    @pytest.mark.parametrize("samples", [np.zeros((2, 9_999)), np.zeros((3, 10_000)), np.full((2, 10_000), np.nan)])
    def test_sound_that_does_not_fit(self, samples: np.ndarray, tmp_path: Path) -> None:
        clip = replace(clips.card(SMALL, 5), sound=Sound(48_000, samples.astype(np.float32)))
        with pytest.raises(EngineFailed):
            encode(clip, Container.MP4, 90, tmp_path / "x", notes=NO_NOTES)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("quality", [19, 100])
    def test_other_qualities(self, quality: int, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="20-99"):
            encode(clips.card(SMALL, 5), Container.MP4, quality, tmp_path / "x", notes=NO_NOTES)

    def test_notes_that_a_container_would_lose(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="mood"):
            encode(clips.card(SMALL, 5), Container.MP4, 90, tmp_path / "x", notes={"mood": "blue"})


MEMORY_PROGRAM = """
import resource, sys
from pathlib import Path
import numpy as np
from vitascope.media.encode import encode
from vitascope.values import Clip, Container, Size, Sound, Timing

size, timing = Size(1920, 1088), Timing(145)
canvas = np.add.outer(np.arange(1088), np.arange(1920 + 145))[..., None] // np.array([13, 17, 19]) % 256
canvas = canvas.astype(np.uint8)
chunks = (canvas[np.newaxis, :, index : index + 1920] for index in range(145))
sound = Sound(48_000, np.zeros((2, timing.samples()), np.float32))
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
encode(Clip(size, timing, chunks, sound), Container(sys.argv[1]), 95, Path(sys.argv[2]), notes={})
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("container", [Container.MP4, Container.WEBM])
def test_six_seconds_at_1080p_never_lie_in_memory(container: Container, tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEMORY_PROGRAM, container.value, str(tmp_path / "x")]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert int(done.stdout) <= 500, "MiB of peak memory above the process at rest; all frames would be 866"
