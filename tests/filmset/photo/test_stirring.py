"""Things that move by themselves: where they should, the way they should, from nothing, and nowhere else."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.filmset.photo.pictures import city, cup, flag, gorge, landscape, plain, scene, screen, starry
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.currents import find_course
from vitascope.filmset.photo.drift import Drift
from vitascope.filmset.photo.lightning import flashes
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.plume import find_source
from vitascope.filmset.photo.regions import find_regions
from vitascope.filmset.photo.script import Script
from vitascope.filmset.photo.still import Still
from vitascope.filmset.scene.scene import Camera, Move, Time, Weather
from vitascope.values import Effort, Picture, Size, Timing

SIZE, SHORT = Size(432, 240), Timing(49)
STARRY = frozenset({Stir.TWINKLE})
FIXED, PUSH = Camera(Move.FIXED), Camera(Move.PUSH_IN)


def still(
    picture: Picture, *stirs: Stir, cloth: str | None = None, camera: Camera = FIXED, backwards: bool = False
) -> Still:
    return Still(picture, scene(camera), SHORT, 5, Effort.FULL, backwards, script=Script(frozenset(stirs), cloth))


def luma(picture: Picture) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def flow(one: Picture, two: Picture) -> NDArray[np.float32]:
    grays = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (one, two)]
    return np.asarray(cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(*grays, None), np.float32)


def test_a_fall_falls_evenly_inside_its_borders() -> None:
    picture = gorge(SIZE)
    film = still(picture, Stir.CURRENT)
    course = film.alive.course
    assert course is not None and course.steep > 0.5
    water = cv2.resize(course.mask, (SIZE.width, SIZE.height))
    speeds = [flow(film.frame(index), film.frame(index + 1))[water > 0.9] for index in range(12, 48, 3)]
    across, down = np.mean([speed.mean(axis=0) for speed in speeds], axis=0)
    assert 0.3 < down < 2.5 and abs(across) < 0.1
    assert all(float(speed[:, 1].mean()) > -0.05 for speed in speeds)
    dry = (cv2.dilate(water, np.ones((5, 5))) == 0) & (np.indices(water.shape)[0] < 0.75 * SIZE.height)
    assert np.array_equal(film.frame(30)[dry], picture[dry])


def test_water_starts_softly_and_keeps_its_contrast() -> None:
    picture = gorge(SIZE)
    film = still(picture, Stir.CURRENT)
    course = film.alive.course
    assert course is not None
    inside = cv2.resize(course.mask, (SIZE.width, SIZE.height)) > 0.9
    steps = [float(np.abs(luma(film.frame(i)) - luma(film.frame(i + 1)))[inside].mean()) for i in (0, 1, 4, 24)]
    assert steps[0] < 0.5 and steps[0] <= steps[1] < steps[2] < steps[3] and steps[3] > 1
    contrast = [float(luma(film.frame(index))[inside].std()) for index in range(0, 49, 6)]
    assert min(contrast) > 0.85 * contrast[0] and max(contrast) < 1.15 * contrast[0]


def test_no_course_where_no_water_runs() -> None:
    for picture in (screen(SIZE), plain(SIZE, (90, 90, 90)), city(SIZE)):
        assert find_course(find_regions(picture, watery=True)) is None


def test_steam_rises_from_the_opening_of_a_cup() -> None:
    picture = cup(SIZE)
    source = find_source(Stir.STEAM, find_regions(picture))
    assert source is not None and abs(source.x - 0.5) < 0.02 and abs(source.y - 0.6) < 0.05
    film = still(picture, Stir.STEAM)
    early, late = (np.abs(luma(film.frame(index)) - luma(picture)) for index in (3, 48))
    assert early.max() < 3 and late[: int(0.55 * SIZE.height)].max() > 20
    assert late[int(0.65 * SIZE.height) :].max() <= 1 and late[:, : SIZE.width // 5].max() <= 1


def test_without_a_cup_no_steam_and_the_user_is_told() -> None:
    picture = landscape(SIZE)
    assert find_source(Stir.STEAM, find_regions(picture)) is None
    clip = MovingPhoto(picture, None, scene(FIXED), SIZE, SHORT, 5, script=Script(frozenset({Stir.STEAM})))
    assert "steam" in clip.remarks[0]
    assert Stir.STEAM not in clip.stirring


def test_smoke_rises_from_a_chimney() -> None:
    picture = landscape(SIZE)
    cv2.rectangle(picture, (200, 60), (210, 140), (60, 44, 40), -1)
    source = find_source(Stir.SMOKE, find_regions(picture))
    assert source is not None and abs(source.x - 205 / 432) < 0.01 and abs(source.y - 60 / 240) < 0.03


@pytest.mark.parametrize("stir", [Stir.LEAVES, Stir.PETALS, Stir.EMBERS, Stir.DUST])
def test_what_drifts_comes_from_nothing_and_is_seen(stir: Stir) -> None:
    picture = plain(SIZE, (60, 70, 90))
    air = Drift(frozenset({stir}), SIZE, 0.3, 1, ends=False)
    assert np.array_equal(air.over(picture, 0.0, 0.0), picture)
    assert np.abs(luma(air.over(picture, 2 / 24, 0.01)) - luma(picture)).mean() < 0.02
    late = air.over(picture, 3.0, 1.0)
    assert np.abs(luma(late) - luma(picture)).mean() > 0.1
    assert np.array_equal(late, Drift(frozenset({stir}), SIZE, 0.3, 1, ends=False).over(picture, 3.0, 1.0))
    assert not np.array_equal(late, Drift(frozenset({stir}), SIZE, 0.3, 2, ends=False).over(picture, 3.0, 1.0))


def test_leaves_come_in_from_above() -> None:
    picture = plain(SIZE, (120, 130, 140))
    air = Drift(frozenset({Stir.LEAVES}), SIZE, 0.3, 1, ends=False)
    changed = np.abs(luma(air.over(picture, 0.9, 1.0)) - luma(picture)) > 10
    assert changed[: SIZE.height // 2].sum() > 20 and changed[3 * SIZE.height // 4 :].sum() == 0


def test_a_clip_that_ends_at_its_picture_ends_with_clear_air() -> None:
    film = still(landscape(SIZE), Stir.LEAVES, backwards=True)
    clean = still(landscape(SIZE), backwards=True)
    apart = [np.abs(luma(film.frame(i)) - luma(clean.frame(i))).mean() for i in (10, 44, 47)]
    assert apart[0] > 0.1 and apart[2] < 0.1 * apart[0]


def test_lightning_lights_the_sky_more_than_the_land() -> None:
    picture = landscape(SIZE)
    film = Still(picture // 3, scene(FIXED, Weather.STORM), Timing(73), 5, Effort.FULL)
    flash = flashes(5, 73 / 24)[0]
    before, struck = (film.frame(int(flash.time * 24) + step) for step in (-1, 1))
    gain = luma(struck) - luma(before)
    assert gain[: SIZE.height // 3].mean() > 1.5 * gain[SIZE.height // 2 :].mean() > 3
    assert np.array_equal(film.frame(0), picture // 3)


def test_flashes_leave_both_ends_dark_and_are_few() -> None:
    for seed in range(30):
        times = [flash.time for flash in flashes(seed, 6.0)]
        assert times and times[0] >= 0.7 and times[-1] <= 5.0
        assert all(two - one > 2 for one, two in itertools.pairwise(times))


def test_stars_twinkle_each_on_its_own_and_windows_are_no_stars() -> None:
    picture = starry(SIZE)
    film = still(picture)
    assert Stir.TWINKLE in film.alive.stirring
    ratio = (luma(film.frame(30)) + 5) / (luma(picture) + 5)
    bright = luma(picture) > 90
    assert ratio[bright].std() > 0.08
    assert Stir.TWINKLE not in still(city(SIZE)).alive.stirring


def test_stars_come_out_when_night_falls_and_they_are_named() -> None:
    told = scene(FIXED, time=Time.NIGHT)
    films = [
        Still(landscape(SIZE), told, SHORT, 5, Effort.FULL, script=Script(stirs)) for stirs in (STARRY, frozenset())
    ]
    apart = [luma(films[0].frame(i)) - luma(films[1].frame(i)) for i in (0, 12, 48)]
    assert apart[0].max() == apart[1].max() == 0
    assert (apart[2][: SIZE.height // 2] > 40).sum() > 10 and apart[2][int(0.6 * SIZE.height) :].max() <= 1
    clip = MovingPhoto(landscape(SIZE), None, told, SIZE, SHORT, 5, script=Script(STARRY))
    assert Stir.TWINKLE in clip.stirring and clip.remarks == ()


def test_a_star_falls_once_and_only_in_the_sky() -> None:
    picture = starry(SIZE)
    film, quiet = still(picture, Stir.METEOR), still(picture)
    apart = [float(np.abs(luma(film.frame(i)) - luma(quiet.frame(i))).max()) for i in range(49)]
    assert apart[0] == 0 and max(apart) > 80
    assert sum(value > 20 for value in apart) < 16


def test_named_cloth_moves_and_its_surroundings_do_not() -> None:
    picture = flag(SIZE)
    film = still(picture, Stir.CLOTH, cloth="red")
    assert Stir.CLOTH in film.alive.stirring
    apart = np.abs(luma(film.frame(30)) - luma(picture))
    left, right = int(0.3 * SIZE.width), int(0.7 * SIZE.width)
    assert apart[int(0.35 * SIZE.height) : int(0.58 * SIZE.height), left + 8 : right - 8].mean() > 1.5
    assert apart[int(0.7 * SIZE.height) :].max() == 0 and apart[:, : left - 12].max() == 0


def test_cloth_without_a_colour_moves_less_and_only_where_one_patch_is_sure() -> None:
    film, red = still(flag(SIZE), Stir.CLOTH), still(flag(SIZE), Stir.CLOTH, cloth="red")
    shifts = [each.alive.living.shift(1.3) for each in (film, red)]
    assert shifts[0] is not None and shifts[1] is not None
    assert 0 < np.abs(shifts[0]).max() < 0.7 * np.abs(shifts[1]).max()
    two = flag(SIZE)
    two[20:70, 320:400] = (30, 60, 210)
    assert Stir.CLOTH not in still(two, Stir.CLOTH).alive.stirring
    assert Stir.CLOTH not in still(flag(SIZE)).alive.stirring


def test_named_flames_flicker_faster_than_lamps() -> None:
    picture = city(SIZE)
    fire, lamps = still(picture, Stir.FLAME), still(picture)
    steps = [
        np.mean([np.abs(luma(film.frame(i)) - luma(film.frame(i + 1))).mean() for i in range(12, 30)])
        for film in (fire, lamps)
    ]
    assert steps[0] > 1.3 * steps[1]
    assert np.array_equal(fire.frame(0), picture)


def test_water_lives_between_two_related_pictures() -> None:
    whole = landscape(Size(560, 320))
    first, last = whole[20:260, 20:452].copy(), whole[44:284, 60:492].copy()
    clip = MovingPhoto(first, last, scene(PUSH), SIZE, SHORT, 5)
    assert type(clip._film).__name__ == "Related" and Stir.WATER in clip.stirring
    assert np.array_equal(clip.frame(0), first) and np.array_equal(clip.frame(48), last)


def test_something_is_seen_moving_in_every_picture_before_a_fixed_camera() -> None:
    for picture in (screen(SIZE), city(SIZE), cup(SIZE), flag(SIZE), starry(SIZE), plain(SIZE, (120, 90, 60))):
        film = still(picture)
        apart = np.abs(luma(film.frame(36)) - luma(picture))
        assert apart.mean() > 0.4 or np.quantile(apart, 0.999) > 8
