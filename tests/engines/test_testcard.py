"""The test card: what it shows can be measured again, and it behaves like any engine."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import pytest

from vitascope.engines.protocol import Engine, Unattended
from vitascope.engines.registry import facts_of
from vitascope.engines.testcard import TestCard, beeps, flash_region, flashes, read_strip, strip_region
from vitascope.errors import Cancelled
from vitascope.values import Frames, Picture, Shot, Size, Timing

SIZE = Size(416, 240)


def shot(
    seed: int = 1,
    size: Size = SIZE,
    frames: int = 29,
    prompt: str = "a card",
    sound: bool = True,
) -> Shot:
    return Shot(prompt, size, Timing(frames), seed, sound=sound)


def frames_of(order: Shot) -> Frames:
    return np.concatenate(list(TestCard().generate(order, Unattended()).chunks))


class Watcher:
    """A control that remembers the progress and cancels after a while."""

    def __init__(self, patience: float = 1e9) -> None:
        self.seen: list[int] = []
        self.looks: list[float] = []
        self._until = time.monotonic() + patience

    def progress(self, percent: int, stage: str = "", preview: Picture | None = None) -> None:
        self.seen.append(percent)

    def cancelled(self) -> bool:
        self.looks.append(time.monotonic())
        return time.monotonic() > self._until


class TestPictures:
    def test_every_frame_tells_its_number(self) -> None:
        frames = frames_of(shot())
        assert frames.shape == (29, 240, 416, 3) and frames.dtype == np.uint8
        assert [read_strip(frame) for frame in frames] == list(range(29))

    @pytest.mark.parametrize("size", ["416x960", "960x416", "864x480", "834x1112", "2206x946"])
    def test_at_any_size(self, size: str) -> None:
        frames = frames_of(shot(size=Size.parse(size), frames=5))
        assert [read_strip(frame) for frame in frames] == [0, 1, 2, 3, 4]

    def test_nothing_else_has_a_number(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (240, 416, 3), np.uint8)
        for picture in (noise, np.zeros_like(noise), np.full_like(noise, 255)):
            with pytest.raises(ValueError, match="no frame strip"):
                read_strip(picture)

    def test_flashes_on_each_second(self) -> None:
        frames = frames_of(shot(frames=53))
        rows, columns = flash_region(SIZE)
        lit = [index for index, frame in enumerate(frames) if frame[rows, columns].min() == 255]
        dark = [index for index, frame in enumerate(frames) if frame[rows, columns].max() == 0]
        assert lit == [0, 1, 24, 25, 48, 49]
        assert len(lit) + len(dark) == 53
        assert lit == [index for index in range(53) if flashes(index, Timing(53))]

    def test_the_mark_moves_in_every_frame(self) -> None:
        frames = frames_of(shot(frames=24))
        bars = frames[:, 60:130]
        assert all(np.abs(one.astype(int) - two).max() > 50 for one, two in pairwise(bars))

    def test_same_shot_same_frames(self) -> None:
        assert np.array_equal(frames_of(shot()), frames_of(shot()))

    def test_another_seed_has_other_colours_and_digits(self) -> None:
        one, two = frames_of(shot(seed=1))[5], frames_of(shot(seed=2))[5]
        assert np.abs(one[:100].astype(int) - two[:100]).mean() > 5
        assert not np.array_equal(one[170:185, :150], two[170:185, :150])

    def test_another_prompt_has_another_digest(self) -> None:
        one, two = frames_of(shot(prompt="a fox")), frames_of(shot(prompt="a dog"))
        assert not np.array_equal(one, two)
        assert np.array_equal(one[:, :160], two[:, :160])

    def test_the_largest_seed_fits(self) -> None:
        narrow = Size(416, 960)
        nine, ten = (frames_of(shot(seed=2**63 - off, size=narrow, frames=5))[3] for off in (0, 1))
        start = strip_region(narrow)[0].start
        assert not np.array_equal(nine[670:start], ten[670:start]), "the last digit must not be cut off"


class TestGivenPictures:
    def test_are_the_ends(self) -> None:
        first, last = np.random.default_rng(1).integers(0, 255, (2, 240, 416, 3), np.uint8)
        frames = frames_of(Shot("a", SIZE, Timing(29), 1, first=first, last=last))
        assert np.array_equal(frames[0], first) and np.array_equal(frames[-1], last)
        assert [read_strip(frame) for frame in frames[1:-1]] == list(range(1, 28))


class TestSound:
    def test_beeps_on_each_second(self) -> None:
        sound = TestCard().generate(shot(frames=53), Unattended()).sound
        assert sound is not None and sound.rate == 48_000
        assert sound.samples.shape == (2, 106_000) and sound.samples.dtype == np.float32
        loud = np.abs(sound.samples[0]) > 0.02
        for second in range(3):
            start = second * 48_000
            assert loud[start : start + 20].any() and not loud[start - 4_000 : start].any()
            assert not loud[start + 3_840 : start + 48_000].any()

    def test_is_one_kilohertz(self) -> None:
        beep = beeps(Timing(5)).samples[0, :3_600]
        assert int(np.argmax(np.abs(np.fft.rfft(beep, 48_000)))) == pytest.approx(1_000, abs=10)

    def test_only_when_asked_for(self) -> None:
        assert TestCard().generate(shot(sound=False), Unattended()).sound is None


class TestControl:
    def test_progress_rises_to_the_end(self) -> None:
        watcher = Watcher()
        list(TestCard().generate(shot(frames=121), watcher).chunks)
        assert watcher.seen == sorted(watcher.seen) and watcher.seen[-1] == 100
        assert len(watcher.seen) >= 10

    def test_stops_when_cancelled(self) -> None:
        watcher = Watcher(patience=0.5)
        started = time.monotonic()
        with pytest.raises(Cancelled):
            list(TestCard(pace=1.0).generate(shot(frames=121), watcher).chunks)
        assert 0.4 < time.monotonic() - started < 1.5
        assert max(np.diff(watcher.looks)) < 0.5, "it looks at least twice a second"

    def test_is_not_begun_when_already_cancelled(self) -> None:
        with pytest.raises(Cancelled):
            TestCard().generate(shot(), Watcher(patience=-1))

    def test_pace(self) -> None:
        started = time.monotonic()
        list(TestCard(pace=0.02).generate(shot(frames=21), Unattended()).chunks)
        assert 0.42 <= time.monotonic() - started < 1.5


class TestWhatItSaysOfItself:
    def test_is_an_engine(self) -> None:
        engine: Engine = TestCard()
        facts = facts_of("testcard")
        assert (facts.name, facts.kind, facts.heavy) == ("testcard", "test pattern", False)
        plan = engine.generate(shot(), Unattended()).plan
        assert "29 frames" in plan and "beep" in plan
        assert "no sound" in engine.generate(shot(sound=False), Unattended()).plan

    def test_says_that_the_prompt_is_not_drawn(self) -> None:
        reading = TestCard().generate(shot(), Unattended()).reading
        assert reading is not None and "does not draw the prompt" in reading.remarks[0]

    def test_needs_only_numpy(self) -> None:
        program = (
            "import sys, vitascope.engines.testcard; "
            "print({name.split('.')[0] for name in sys.modules} & {'torch', 'skia', 'cv2', 'PIL', 'av'})"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
        assert done.stdout.strip() == "set()"


def test_five_seconds_at_480p_take_less_than_two() -> None:
    started = time.process_time()
    for _ in TestCard().generate(shot(size=Size(864, 480), frames=121), Unattended()).chunks:
        pass
    assert time.process_time() - started < 2
