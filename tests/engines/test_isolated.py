"""Engines in child processes: the same frames, deaths and hangs that stay one take's affair, progress, cancellation."""

from __future__ import annotations

import functools
import multiprocessing
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from tests.engines.odd_engines import Odd
from vitascope.contract.read import read
from vitascope.engines.isolated import Isolated
from vitascope.engines.protocol import Unattended
from vitascope.errors import Cancelled, EngineFailed
from vitascope.media.probe import probe
from vitascope.values import Shot, Size, Timing
from vitascope.worker.produce import produce

SHOT = Shot("a prompt", Size(64, 48), Timing(29), seed=1)


class Watch:
    """A control that counts, and cancels after some seconds."""

    def __init__(self, seconds: float = 1e9) -> None:
        self.seen: list[int] = []
        self._end = time.monotonic() + seconds

    def progress(self, percent: int) -> None:
        self.seen.append(percent)

    def cancelled(self) -> bool:
        return time.monotonic() > self._end


def engine(habit: str, flag: Path | None = None) -> Isolated:
    return Isolated(functools.partial(Odd, habit, flag))


def test_frames_and_progress_cross_the_border() -> None:
    watch = Watch()
    clip = engine("behaves").generate(SHOT, watch)
    frames = np.concatenate(list(clip.chunks))
    assert frames.shape == (29, 48, 64, 3) and (frames[:, 0, 0, 0] == np.arange(29)).all()
    assert watch.seen == sorted(watch.seen) and watch.seen[-1] == 100
    assert not multiprocessing.active_children()


@pytest.mark.parametrize(("habit", "words"), [("dies", "exit code -9"), ("raises", "ValueError: the brush broke")])
def test_what_happens_in_the_child_is_this_takes_error(habit: str, words: str) -> None:
    clip = engine(habit).generate(SHOT, Unattended())
    with pytest.raises(EngineFailed, match=words):
        list(clip.chunks)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("habit", ["hangs", "never begins"])
def test_cancellation_is_noticed_within_a_second_even_by_a_hanging_engine(habit: str) -> None:
    watch = Watch(seconds=2.0)
    with pytest.raises(Cancelled):
        list(engine(habit).generate(SHOT, watch).chunks)
    assert time.monotonic() < watch._end + 1.5
    assert not multiprocessing.active_children()


def test_closing_the_clip_ends_the_child() -> None:
    clip = engine("hangs").generate(SHOT, Unattended())
    next(clip.chunks)
    assert isinstance(clip.chunks, Generator)
    clip.chunks.close()
    assert not multiprocessing.active_children()


def test_a_take_whose_engine_died_is_tried_once_more(tmp_path: Path) -> None:
    task = {"taskType": "videoInference", "taskUUID": "7f3dbd0c-5d23-4f0e-8a44-0d7d8c40b9b5", "model": "bytedance:2@2"}
    order = read({**task, "positivePrompt": "a prompt", "width": 864, "height": 480, "duration": 1.2})
    path = tmp_path / "clip.mp4"
    once = engine("dies once", tmp_path / "flag")
    produced = produce(order, 1, once, lambda _source: b"", path, Unattended())
    assert produced.encoded.frames == 29 == probe(path).frames
    with pytest.raises(EngineFailed):
        produce(order, 1, engine("dies"), lambda _source: b"", path, Unattended())
    assert not path.exists()
