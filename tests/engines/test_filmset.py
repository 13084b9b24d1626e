"""The film set as an engine: exact frames, sound as long as the picture, the same bytes for any number of hands."""

from __future__ import annotations

import hashlib

import numpy as np

from vitascope.engines.engine import Unattended
from vitascope.engines.filmset import FilmSet
from vitascope.values import SOUND_RATE, Effort, Shot, Size, Timing

PROMPT = "A dancer in a red dress spins on a rooftop at night, fixed camera"


def shot(effort: Effort = Effort.FAST, seed: int = 3) -> Shot:
    return Shot(PROMPT, Size(128, 72), Timing(9), seed, effort, sound=True)


def digest(hands: int, order: Shot) -> str:
    clip = FilmSet(hands).generate(order, Unattended())
    chunks = [np.ascontiguousarray(chunk) for chunk in clip.chunks]
    assert sum(len(chunk) for chunk in chunks) == order.timing.frames
    assert all(chunk.shape[1:] == (72, 128, 3) for chunk in chunks)
    return hashlib.sha256(b"".join(chunk.tobytes() for chunk in chunks)).hexdigest()


def test_any_number_of_hands_draws_the_same_clip() -> None:
    assert digest(1, shot()) == digest(2, shot())


def test_another_seed_is_another_clip() -> None:
    assert digest(1, shot()) != digest(1, shot(seed=4))


def test_sound_is_as_long_as_the_picture() -> None:
    clip = FilmSet(1).generate(shot(), Unattended())
    assert clip.sound is not None
    assert clip.sound.samples.shape == (2, clip.timing.samples(SOUND_RATE))
    assert clip.reading is not None
    assert any(found.slot == "setting" and found.value == "rooftop" for found in clip.reading.understood)


def test_a_given_first_picture_is_the_first_frame() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (72, 128, 3), np.uint8)
    order = Shot(PROMPT, Size(128, 72), Timing(5), 3, Effort.FAST, first=picture)
    first = next(iter(FilmSet(1).generate(order, Unattended()).chunks))[0]
    assert np.array_equal(first, picture)


def test_what_a_given_picture_does_not_allow_is_said() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (72, 128, 3), np.uint8)
    order = Shot("a garden, the camera pulls out", Size(128, 72), Timing(5), 3, Effort.FAST, first=picture)
    clip = FilmSet(1).generate(order, Unattended())
    assert clip.reading is not None and any("push" in remark for remark in clip.reading.remarks), clip.reading


def test_the_plan_says_what_full_effort_adds() -> None:
    assert FilmSet(1).plan(shot()) != FilmSet(1).plan(shot(Effort.FULL))
    assert "shutter" in FilmSet(1).plan(shot(Effort.FULL))
