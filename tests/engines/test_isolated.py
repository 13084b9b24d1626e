"""Engines in child processes: the same frames, deaths and hangs that stay one take's affair, and a child that stays."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.engines.odd_engines import Odd
from vitascope.contract.read import read
from vitascope.engines.isolated import Isolated
from vitascope.engines.protocol import Facts, Unattended
from vitascope.errors import Cancelled, EngineFailed
from vitascope.media.decoding import Decoders
from vitascope.media.probe import probe
from vitascope.safety.classifier import Classifier
from vitascope.safety.description import described
from vitascope.values import Picture, Shot, Size, Timing
from vitascope.worker.produce import Tools, produce

SHOT = Shot("a prompt", Size(64, 48), Timing(29), seed=1)
FACTS = Facts("odd", "for tests", "Does one odd thing.", heavy=True)


class Watch:
    """A control that notes what it is told, and cancels after some seconds."""

    def __init__(self, seconds: float = 1e9) -> None:
        self.seen: list[int] = []
        self.stages: set[str] = set()
        self.previews: list[Picture] = []
        self.end = time.monotonic() + seconds

    def progress(self, percent: int, stage: str = "", preview: Picture | None = None) -> None:
        self.seen.append(percent)
        self.stages.add(stage)
        if preview is not None:
            self.previews.append(preview)

    def cancelled(self) -> bool:
        return time.monotonic() > self.end


@contextmanager
def engine(
    habit: str, flag: Path | None = None, idle: float = 300.0, most_shots: int | None = None
) -> Iterator[Isolated]:
    made = Isolated(functools.partial(Odd, habit, flag), idle, most_shots)
    made.open()
    yield made
    made.close()
    assert not multiprocessing.active_children(), "closing ends the children"


def plan_of(made: Isolated) -> str:
    """Run a whole shot; what the engine said of itself."""
    clip = made.generate(SHOT, Unattended())
    assert sum(len(chunk) for chunk in clip.chunks) == 29
    return clip.plan


def children_after(seconds: float) -> int:
    """How many children there are, once there are none or so many seconds have passed."""
    until = time.monotonic() + seconds
    while (children := len(multiprocessing.active_children())) and time.monotonic() < until:
        time.sleep(0.05)
    return children


def test_frames_progress_stage_and_preview_cross_the_border() -> None:
    watch = Watch()
    with engine("behaves") as made:
        frames = np.concatenate(list(made.generate(SHOT, watch).chunks))
    assert frames.shape == (29, 48, 64, 3) and (frames[:, 0, 0, 0] == np.arange(29)).all()
    assert watch.seen == sorted(watch.seen) and watch.seen[-1] == 100
    assert watch.stages == {"painting"}
    [preview] = watch.previews
    assert preview.shape == (48, 64, 3) and preview.max() == 3


def test_the_child_stays_for_the_next_shot_and_is_opened_once() -> None:
    with engine("behaves") as made:
        first, second = plan_of(made), plan_of(made)
        assert first == second and "opened 1 times" in first
        assert len(multiprocessing.active_children()) == 1


def test_a_child_that_died_between_two_shots_is_replaced() -> None:
    with engine("behaves") as made:
        first = plan_of(made)
        [child] = multiprocessing.active_children()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert plan_of(made) != first


def test_a_child_is_ended_when_it_has_been_idle_and_closes_its_engine(tmp_path: Path) -> None:
    with engine("says goodbye", tmp_path / "goodbye", idle=0.3) as made:
        plan_of(made)
        assert children_after(5) == 0
        assert (tmp_path / "goodbye").exists()
        plan_of(made)


def test_a_child_is_replaced_after_its_most_shots() -> None:
    with engine("behaves", most_shots=2) as made:
        plans = [plan_of(made) for _ in range(3)]
        assert plans[0] == plans[1] != plans[2]


def test_two_shots_at_the_same_time_have_a_child_each() -> None:
    with engine("behaves") as made:
        one, two = made.generate(SHOT, Unattended()), made.generate(SHOT, Unattended())
        assert one.plan != two.plan
        frames = [np.concatenate(list(clip.chunks)) for clip in (one, two)]
        assert (frames[0] == frames[1]).all() and len(frames[0]) == 29


@pytest.mark.parametrize(("habit", "words"), [("dies", "exit code -9"), ("raises", "ValueError: the brush broke")])
def test_what_happens_in_the_child_is_this_takes_error(habit: str, words: str) -> None:
    with engine(habit) as made, pytest.raises(EngineFailed, match=words):
        list(made.generate(SHOT, Unattended()).chunks)


def test_an_engine_that_cannot_be_opened_is_never_used() -> None:
    with engine("cannot be opened") as made:
        for _ in range(2):
            with pytest.raises(EngineFailed, match="weights are missing"):
                made.generate(SHOT, Unattended())


def test_after_a_failure_the_next_shot_gets_another_process(tmp_path: Path) -> None:
    with engine("raises once", tmp_path / "flag") as made:
        clip = made.generate(SHOT, Unattended())
        with pytest.raises(EngineFailed):
            list(clip.chunks)
        assert plan_of(made) != clip.plan


@pytest.mark.parametrize("habit", ["hangs", "never begins"])
def test_cancellation_is_noticed_soon_even_by_a_hanging_engine(habit: str) -> None:
    watch = Watch(seconds=2.0)
    with engine(habit) as made, pytest.raises(Cancelled):
        list(made.generate(SHOT, watch).chunks)
    assert time.monotonic() < watch.end + 4.0, "a second to answer, a second to end, then it is killed"


def test_a_cancelled_engine_that_answers_keeps_what_it_has_loaded() -> None:
    with engine("is slow") as made:
        clip = made.generate(SHOT, Watch(seconds=1.5))
        [child] = multiprocessing.active_children()
        with pytest.raises(Cancelled):
            list(clip.chunks)
        assert [each.pid for each in multiprocessing.active_children()] == [child.pid]
        again = made.generate(SHOT, Unattended())
        assert again.plan == clip.plan
        again.close()


def test_closing_the_clip_stops_its_shot() -> None:
    with engine("is slow") as made:
        clip = made.generate(SHOT, Unattended())
        assert next(clip.chunks).max() == 0
        clip.close()
        again = made.generate(SHOT, Unattended())
        assert again.plan == clip.plan, "the child is free again"
        again.close()


def test_a_take_whose_engine_died_is_tried_once_more(tmp_path: Path) -> None:
    task = {"taskType": "videoInference", "taskUUID": "7f3dbd0c-5d23-4f0e-8a44-0d7d8c40b9b5", "model": "bytedance:2@2"}
    order = read({**task, "positivePrompt": "a prompt", "width": 864, "height": 480, "duration": 1.2})
    path = tmp_path / "clip.mp4"
    tools = Tools(Decoders(), Classifier(described()))
    with engine("dies once", tmp_path / "flag") as once:
        produced = produce(order, 1, (once, FACTS), lambda _source: b"", tools, path, Unattended())
    assert produced.encoded.frames == 29 == probe(path).frames
    with engine("dies") as always, pytest.raises(EngineFailed):
        produce(order, 1, (always, FACTS), lambda _source: b"", tools, path, Unattended())
    assert not path.exists()
