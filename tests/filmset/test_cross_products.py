"""Scenes with every factor drawn at random, in six shapes: no frame is empty, no hero clipped, and nothing pops."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.filmset.scenes import drawn
from tests.filmset.visible import boxes
from vitascope.filmset.film import Film
from vitascope.filmset.scene.scene import Kind, Weather
from vitascope.filmset.stage.pulse import flashes
from vitascope.values import Effort, Picture, Size, Timing

pytestmark = pytest.mark.slow

NUMBERS = [number for number in range(100, 124) if number != 114]  # 114: nine ferries full of people, half a minute
TIMING = Timing(73)
SHAPES = (Size(144, 80), Size(120, 213), Size(320, 181), Size(80, 144), Size(213, 120), Size(181, 320))
"""A sixth of 864x480, 720x1280, 1920x1088, ...: what a frame shows does not depend on its size (see test_film)."""
MANY = (Kind.CROWD, Kind.FISH, Kind.BIRDS, Kind.DRONES)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_frame_is_empty_no_hero_clipped_and_nothing_pops(number: int) -> None:
    film = Film(drawn(number), SHAPES[number % len(SHAPES)], TIMING, Effort.FAST)
    frames = [film.frame(index) for index in range(TIMING.frames)]
    for index in (0, 24, 48, 72):
        assert frames[index].std() > 6, "empty"
        check_hero(film, index)
    check_pops(film, frames)


def check_hero(film: Film, index: int) -> None:
    """The hero is in the picture; one who is no swarm is in it whole, or nearly."""
    width, height = film.size.width, film.size.height
    box = boxes(film, index)[0]
    assert box.right > 0.1 * width and box.left < 0.9 * width, "out of the picture"
    assert box.bottom > 0.05 * height and box.top < 0.95 * height, "out of the picture"
    if film.cast.scene.subjects[0].kind not in MANY:
        assert box.left > -0.12 * width and box.right < 1.12 * width and box.bottom < 1.08 * height


def check_pops(film: Film, frames: list[Picture]) -> None:
    """No frame differs from the one before by much more than the frames around it do, but for lightning."""
    steps = np.array([np.abs(b.astype(np.int16) - a).mean() for a, b in pairwise(frames)])
    made = film.cast.scene
    lit = flashes(made.seed, made.weather, float(TIMING.seconds)) if made.weather is Weather.STORM else ()
    for time, *_ in lit:
        steps[max(0, round(time * 24) - 2) : round(time * 24) + 16] = np.nan
    for k in range(len(steps)):
        around = steps[max(0, k - 6) : k + 7]
        if np.isfinite(steps[k]) and np.isfinite(around).sum() > 6:
            assert steps[k] < 2.5 * np.nanmedian(around) + 1.0, f"frame {k + 1}"
