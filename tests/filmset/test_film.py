"""Frames: the same bytes everywhere, the same content at every size, nothing empty, nothing clipped."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.filmset.scenes import drawn, scene
from tests.filmset.visible import boxes, masks
from vitascope.filmset.film import Film
from vitascope.filmset.scene.scene import Action, Kind, Move, Setting, Time, Weather
from vitascope.values import Effort, Picture, Size, Timing

TIMING = Timing(49)
SMALL = Size(216, 120)
SHAPES = (Size(216, 120), Size(104, 240), Size(160, 160), Size(294, 126))


def digest(pictures: list[Picture]) -> str:
    return hashlib.sha256(b"".join(picture.tobytes() for picture in pictures)).hexdigest()


OTHER_PROCESS = """
import hashlib
from tests.filmset.scenes import drawn
from vitascope.values import Effort, Size, Timing
from vitascope.filmset.film import Film
film = Film(drawn({number}), Size(216, 120), Timing(49), Effort.FULL)
pictures = {{index: film.frame(index) for index in (40, 7, 23)}}
print(hashlib.sha256(b"".join(pictures[index].tobytes() for index in (7, 23, 40))).hexdigest())
"""


@pytest.mark.parametrize("number", [11, 12])
def test_two_processes_and_any_order_give_the_same_bytes(number: int) -> None:
    film = Film(drawn(number), SMALL, TIMING, Effort.FULL)
    here = digest([film.frame(index) for index in (7, 23, 40)])
    run = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS.format(number=number)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert run.stdout.strip() == here


def test_another_seed_is_another_picture() -> None:
    pictures = [Film(scene(seed=seed), SMALL, TIMING, Effort.FAST).frame(20) for seed in (1, 2)]
    assert np.abs(pictures[0].astype(int) - pictures[1]).mean() > 2


def shrunk(picture: Picture, size: Size) -> NDArray[np.float64]:
    """The picture's mean over blocks: (height, width, 3)."""
    k = picture.shape[0] // size.height
    blocks = picture[: size.height * k, : size.width * k].reshape(size.height, k, size.width, k, 3)
    return np.asarray(blocks.mean((1, 3)))


@pytest.mark.parametrize(
    ("setting", "kind", "action"),
    [
        (Setting.FOREST, Kind.WALKER, Action.WALK),
        (Setting.MARSH, Kind.BOAT, Action.SAIL),
        (Setting.ALLEY, Kind.DANCER, Action.DANCE),
        (Setting.HARBOUR, Kind.BIRDS, Action.FLY),
    ],
)
def test_a_final_shows_what_its_draft_showed(setting: Setting, kind: Kind, action: Action) -> None:
    made = scene(kind, action, setting, Move.PUSH_IN)
    draft = Film(made, SMALL, TIMING, Effort.FAST).frame(30)
    final = shrunk(Film(made, Size(SMALL.width * 4, SMALL.height * 4), TIMING, Effort.FULL).frame(30), SMALL)
    same = np.corrcoef(draft.ravel(), final.ravel())[0, 1]
    error = float(np.mean((draft.astype(float) - final) ** 2))
    assert same > 0.96
    assert 10 * np.log10(255**2 / error) > 21


def test_a_fixed_camera_does_not_move_a_bit() -> None:
    film = Film(scene(None, setting=Setting.HALL), SMALL, TIMING, Effort.FULL)
    for index in (0, 20, 48):
        state = film.camera(index)
        assert (state.x, state.y, state.z, state.pan, state.tilt) == (0.0, 0.0, 0.0, 0.0, 0.0)


def test_the_ground_is_bit_still_under_a_fixed_camera() -> None:
    film = Film(scene(None, setting=Setting.SKYLINE), SMALL, TIMING, Effort.FULL)
    assert np.array_equal(film.frame(2)[-8:], film.frame(44)[-8:])


@pytest.mark.parametrize("number", range(20, 32))
def test_random_scenes_are_neither_empty_nor_clipped(number: int) -> None:
    made = drawn(number)
    size = SHAPES[number % len(SHAPES)]
    film = Film(made, size, TIMING, Effort.FAST)
    index = number % TIMING.frames
    picture = film.frame(index)
    assert picture.shape == (size.height, size.width, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 6
    box = boxes(film, index)[0]
    assert box.right > 0.1 * size.width
    assert box.left < 0.9 * size.width
    if made.subjects[0].kind not in (Kind.CROWD, Kind.FISH, Kind.BIRDS):
        assert box.left > -0.12 * size.width
        assert box.right < 1.12 * size.width
        assert box.bottom < 1.08 * size.height


@pytest.mark.parametrize("setting", list(Setting))
def test_every_setting_draws_at_every_time(setting: Setting) -> None:
    bright = {}
    for time in Time:
        made = replace(scene(setting=setting), time=time)
        bright[time] = Film(made, Size(108, 60), Timing(5), Effort.FAST).frame(2).mean()
    assert bright[Time.NIGHT] < bright[Time.DAY]
    assert len(set(bright.values())) == len(Time)


def test_no_pop_between_frames() -> None:
    film = Film(replace(scene(move=Move.PUSH_IN), weather=Weather.RAIN), SMALL, TIMING, Effort.FAST)
    frames = [film.frame(index).astype(int) for index in range(10, 16)]
    steps = [np.abs(a - b).mean() for a, b in itertools.pairwise(frames)]
    assert max(steps) < 3 * min(steps) + 1


def test_the_light_changes_where_the_prompt_asks_for_it() -> None:
    made = replace(scene(None), later=Time.NIGHT)
    film = Film(made, SMALL, TIMING, Effort.FAST)
    day = Film(replace(made, later=None), SMALL, TIMING, Effort.FAST)
    night = Film(replace(made, later=None, time=Time.NIGHT), SMALL, TIMING, Effort.FAST)
    assert np.array_equal(film.frame(0), day.frame(0))
    assert np.array_equal(film.frame(48), night.frame(48))
    assert night.frame(24).mean() < film.frame(24).mean() < day.frame(24).mean()


def test_masks_and_boxes_agree() -> None:
    film = Film(scene(), Size(432, 240), TIMING, Effort.FAST)
    box, mask = boxes(film, 20)[0], masks(film, 20)
    rows, columns = np.nonzero(mask == 1)
    assert len(rows) > 100
    assert abs(columns.min() - box.left) < 14
    assert abs(columns.max() - box.right) < 14
    assert abs(rows.max() - box.bottom) < 8
