"""Forty scenes with every factor drawn at random, three sizes, both orientations: none empty, clipped or popping."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.filmset.scenes import drawn
from tests.filmset.visible import boxes
from vitascope.filmset.film import Film
from vitascope.filmset.scene.scene import Kind, Weather
from vitascope.filmset.stage.pulse import flashes
from vitascope.values import Effort, Size, Timing

pytestmark = pytest.mark.slow

NUMBERS = range(100, 140)
TIMING = Timing(97)
SIZES = (Size(864, 480), Size(720, 1280), Size(1920, 1088), Size(480, 864), Size(1280, 720), Size(1088, 1920))
MANY = (Kind.CROWD, Kind.FISH, Kind.BIRDS, Kind.DRONES)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_frame_is_empty_and_no_hero_is_clipped(number: int) -> None:
    size = SIZES[number % len(SIZES)]
    made = drawn(number)
    film = Film(made, size, TIMING, Effort.FAST)
    for index in (0, 31, 62, 96):
        picture = film.frame(index)
        assert picture.shape == (size.height, size.width, 3)
        assert picture.std() > 6, "empty"
        box = boxes(film, index)[0]
        assert box.right > 0.1 * size.width and box.left < 0.9 * size.width, "out of the picture"
        assert box.bottom > 0.1 * size.height and box.top < 0.95 * size.height, "out of the picture"
        if made.subjects[0].kind not in MANY:
            assert box.left > -0.12 * size.width and box.right < 1.12 * size.width and box.bottom < 1.08 * size.height


@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_pops(number: int) -> None:
    """No frame differs from the one before by much more than the frames around it do, but for lightning."""
    whole = SIZES[number % len(SIZES)]
    size = Size(whole.width // 6, whole.height // 6)
    made = drawn(number)
    film = Film(made, size, TIMING, Effort.FAST)
    frames = [film.frame(index).astype(np.int16) for index in range(TIMING.frames)]
    steps = np.array([np.abs(b - a).mean() for a, b in pairwise(frames)])
    lit = flashes(made.seed, made.weather, float(TIMING.seconds)) if made.weather is Weather.STORM else ()
    for time, *_ in lit:
        steps[max(0, round(time * 24) - 2) : round(time * 24) + 16] = np.nan
    for k in range(len(steps)):
        around = steps[max(0, k - 6) : k + 7]
        if np.isfinite(steps[k]) and np.isfinite(around).sum() > 6:
            assert steps[k] < 2.5 * np.nanmedian(around) + 1.0, f"frame {k + 1}"
