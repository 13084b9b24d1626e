"""What is found in a picture, and what is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.filmset.photo.pictures import city, cup, landscape, plain, scene, screen
from vitascope.filmset.photo.camera import destination
from vitascope.filmset.photo.daylight import Daylight
from vitascope.filmset.photo.depth import nearness
from vitascope.filmset.photo.motes import Motes
from vitascope.filmset.photo.regions import find_regions, with_somebody
from vitascope.filmset.photo.relation import exp_matrix, log_matrix, relation
from vitascope.filmset.photo.script import Script
from vitascope.filmset.photo.still import Still
from vitascope.filmset.photo.warp import Grid
from vitascope.filmset.photo.weather import Overcast
from vitascope.filmset.scene.scene import Camera, Direction, Glow, Move, Time, Weather
from vitascope.values import Effort, Picture, Size, Timing

SIZE = Size(432, 240)
FIXED = Camera(Move.FIXED)


def test_finds_sky_water_and_leaves() -> None:
    found = find_regions(landscape(SIZE))
    rows = found.sky.shape[0]
    assert found.sky[: int(0.3 * rows)].mean() > 0.8 and found.sky[int(0.6 * rows) :].mean() < 0.02
    assert found.clouds > 0.2
    assert found.water[int(0.66 * rows) : int(0.78 * rows)].mean() > 0.5 and found.water[: int(0.55 * rows)].max() == 0
    assert found.foliage[int(0.92 * rows) :].mean() > 0.7 and found.foliage[: int(0.7 * rows)].mean() < 0.02
    assert not found.graphic


def test_finds_lights_at_night_only() -> None:
    assert find_regions(city(SIZE)).lights.sum() > 50
    assert find_regions(landscape(SIZE)).lights.sum() == 0


def test_flat_artwork_is_level_and_left_alone() -> None:
    found = find_regions(screen(SIZE))
    assert found.graphic
    assert max(mask.max() for mask in (found.sky, found.water, found.foliage, found.lights)) == 0
    assert np.ptp(nearness(found, Grid.of(SIZE))) == 0


def test_walls_are_not_skies() -> None:
    wall = np.clip(np.random.default_rng(0).normal((190, 160, 130), 6, (240, 432, 3)), 0, 255).astype(np.uint8)
    cv2.rectangle(wall, (100, 90), (330, 240), (60, 40, 30), -1)
    assert find_regions(wall).sky.max() == 0


def test_a_face_is_rigid() -> None:
    picture = landscape(SIZE)
    cv2.ellipse(picture, (216, 100), (34, 46), 0, 0, 360, (214, 168, 140), -1, cv2.LINE_AA)
    found = find_regions(picture)
    assert found.skin[100 * found.skin.shape[0] // 240, found.skin.shape[1] // 2] == 1
    grid = Grid.of(SIZE)
    inside = np.hypot((grid.nodes[..., 0] - 216) / 30, (grid.nodes[..., 1] - 100) / 40) < 1
    assert np.ptp(nearness(found, grid)[inside]) < 0.03


def test_somebody_named_but_not_found_is_rigid_in_the_middle() -> None:
    grey = np.repeat(landscape(SIZE).mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    grid, found = Grid.of(SIZE), find_regions(grey)
    assert not found.skin.any()
    inside = np.hypot((grid.nodes[..., 0] - 216) / 70, (grid.nodes[..., 1] - 120) / 70) < 1
    before, after = (np.ptp(nearness(each, grid)[inside]) for each in (found, with_somebody(found, close=False)))
    assert after < 0.06 < 0.2 < before


def test_depth_is_far_above_and_near_below() -> None:
    near = nearness(find_regions(landscape(SIZE)), Grid.of(SIZE))
    assert near[:5].mean() < 0.05 < 0.6 < near[-5:].mean()
    assert near.min() >= 0 and near.max() <= 1


@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.SNOW, Weather.FOG, Weather.STORM])
def test_weather_is_seen_and_begins_from_nothing(weather: Weather) -> None:
    picture, near = city(SIZE), np.full((4, 4), 0.3, np.float32)
    air = Overcast(scene(FIXED, weather), picture, 1)
    assert np.array_equal(air.over(picture, near, 2.0, 0.0), picture)
    full = air.over(picture, near, 2.0, 1.0)
    assert np.abs(full.astype(int) - picture).mean() > 2
    assert np.array_equal(full, Overcast(scene(FIXED, weather), picture, 1).over(picture, near, 2.0, 1.0))
    assert not np.array_equal(full, Overcast(scene(FIXED, weather), picture, 2).over(picture, near, 2.0, 1.0))


def test_clear_air_changes_nothing() -> None:
    assert Overcast(scene(FIXED), city(SIZE), 1).clear
    assert Motes(scene(FIXED), SIZE, 1).none


def test_night_falls_on_a_day_and_not_on_a_night() -> None:
    day = landscape(SIZE)
    light = Daylight(day, find_regions(day).lamps, scene(FIXED, time=Time.NIGHT))
    assert light.over(day, 1.0).mean() < 0.6 * day.mean()
    assert np.array_equal(light.over(day, 0.0), day)
    night = city(SIZE)
    assert not Daylight(night, find_regions(night).lamps, scene(FIXED, time=Time.NIGHT)).changes


def test_fireflies_shine() -> None:
    picture = plain(SIZE, (10, 12, 20))
    lights = Motes(scene(FIXED, glows=(Glow.FIREFLIES,)), SIZE, 1)
    assert lights.over(picture, 3.0, 1.0).max() > 200
    assert np.array_equal(lights.over(picture, 3.0, 0.0), picture)


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 0, -240.0], [0, 1, 30], [0, 0, 1]],
        [[2, 0, -100], [0, 2, -60], [0, 0, 1]],
        [[0.9, -0.3, 12], [0.3, 0.9, -7], [1e-4, 2e-4, 1]],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    ],
)
def test_logarithm_and_exponential_undo_each_other(matrix: list[list[float]]) -> None:
    logged = log_matrix(np.array(matrix))
    assert logged is not None
    assert np.allclose(exp_matrix(logged), matrix, atol=1e-6)


def test_mirrors_have_no_path() -> None:
    assert log_matrix(np.diag([-1.0, 1.0, 1.0])) is None


def test_relations_are_found_and_not_invented() -> None:
    whole = city(Size(720, 400))
    bond = relation(whole[40:280, 40:472].copy(), whole[60:300, 140:572].copy())
    assert bond is not None
    assert np.allclose(bond.homography[:2, 2] / bond.homography[2, 2], [-100, -20], atol=2)
    assert relation(landscape(SIZE), city(SIZE)) is None
    assert relation(plain(SIZE, (0, 0, 0)), city(SIZE)) is None


def face(size: Size, tone: tuple[int, int, int] = (205, 150, 122)) -> Picture:
    """A head that fills the picture: an oval with eyes, brows, a mouth and hair before a grey wall."""
    width, height = size.width, size.height
    picture = np.full((height, width, 3), 118, np.uint8)
    middle, unit = (width // 2, round(0.54 * height)), height / 100
    cv2.ellipse(
        picture, (middle[0], round(0.44 * height)), (round(40 * unit), round(44 * unit)), 0, 0, 360, (46, 34, 28), -1
    )
    cv2.ellipse(picture, middle, (round(33 * unit), round(42 * unit)), 0, 0, 360, tone, -1, cv2.LINE_AA)
    for side in (-1, 1):
        eye = (middle[0] + round(side * 13 * unit), round(0.46 * height))
        cv2.ellipse(picture, eye, (round(5 * unit), round(3 * unit)), 0, 0, 360, (60, 44, 38), -1, cv2.LINE_AA)
    cv2.ellipse(
        picture, (middle[0], round(0.75 * height)), (round(10 * unit), round(3 * unit)), 0, 0, 360, (150, 70, 70), -1
    )
    noise = np.random.default_rng(3).normal(0, 2.5, picture.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("size", [Size(300, 300), Size(432, 240)], ids=str)
@pytest.mark.parametrize("move", [Move.ORBIT, Move.PUSH_IN, Move.TRACKING])
def test_a_face_close_up_keeps_its_shape(size: Size, move: Move) -> None:
    asked = scene(Camera(move, Direction.RIGHT if move is not Move.PUSH_IN else None))
    grey = np.repeat(cv2.cvtColor(face(size), cv2.COLOR_RGB2GRAY)[..., np.newaxis], 3, axis=-1)
    for picture, script in ((face(size), Script()), (grey, Script(close=True))):
        film = Still(picture, asked, Timing(121), 5, Effort.FAST, script=script)
        assert film.regions.close and film.path is not None
        landed = destination(film.grid, film.near, film.grid.nodes, film.path.pose(1.0), film.path.pivot)
        across, down = (landed[1:-1, 2:] - landed[1:-1, :-2]), (landed[2:, 1:-1] - landed[:-2, 1:-1])
        lengths = np.linalg.svd(np.stack((across, down), axis=-1), compute_uv=False)
        assert (lengths[..., 0] / lengths[..., 1]).max() < 1.06
        assert np.abs(film.grid.inner(film._where(120) - film.grid.nodes)).mean() > 5 * size.width / 864


def test_a_landscape_is_no_face() -> None:
    for picture in (landscape(Size(432, 240)), city(Size(432, 240)), cup(Size(432, 240))):
        assert not find_regions(picture).close
