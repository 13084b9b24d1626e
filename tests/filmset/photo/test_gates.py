"""The gates that given pictures are held to, on small drawn pictures; bench/pictures measures real ones."""

from __future__ import annotations

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.filmset.photo.pictures import city, landscape, scene, screen
from vitascope.filmset.photo.camera import CameraPose, destination, planned, source
from vitascope.filmset.photo.join import joined
from vitascope.filmset.photo.limiter import Edges, Strain, limited, strain, worst
from vitascope.filmset.photo.related import Related
from vitascope.filmset.photo.script import Script
from vitascope.filmset.photo.sharpness import Detail, restored
from vitascope.filmset.photo.still import Still
from vitascope.filmset.photo.warp import Grid, Plate
from vitascope.filmset.photo.whip import _side_by_side
from vitascope.filmset.scene.scene import Camera, Direction, Move, Weather
from vitascope.values import Effort, Picture, Size, Timing

SIZE, SHORT = Size(432, 240), Timing(49)
PUSH, ORBIT = Camera(Move.PUSH_IN), Camera(Move.ORBIT, Direction.RIGHT)


def still(picture: Picture, camera: Camera, timing: Timing = SHORT) -> Still:
    return Still(picture, scene(camera), timing, 5, Effort.FULL)


def luma(picture: Picture) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def steps(film: Still, timing: Timing = SHORT) -> list[float]:
    frames = (luma(film.frame(index)) for index in range(timing.frames))
    return [float(np.abs(one - two).mean()) for one, two in itertools.pairwise(frames)]


@pytest.mark.parametrize("camera", [PUSH, ORBIT, Camera(Move.TRACKING, Direction.LEFT)], ids=lambda c: c.move.value)
def test_nothing_is_stretched_bent_or_folded(camera: Camera) -> None:
    for picture in (landscape(SIZE), city(SIZE)):
        film = still(picture, camera)
        assert film.path is not None
        found = worst(film.path, film.grid, film.near, Edges.of(picture))
        assert found.stretch < 0.02 and found.bend < 0.10 and found.fold < 0.006, found


@pytest.mark.parametrize("camera", [PUSH, ORBIT, Camera(Move.PAN), Camera(Move.HANDHELD)], ids=lambda c: c.move.value)
def test_moves_evenly_and_always(camera: Camera) -> None:
    found = steps(still(landscape(SIZE), camera))
    assert min(found) > 0.02
    assert max(found) <= 1.5 * float(np.median(found))


def test_long_orbits_come_back_without_a_jerk() -> None:
    timing = Timing(289)
    film = still(landscape(SIZE), ORBIT, timing)
    assert film.path is not None
    slides = [film.path.pose(share).slide for share in np.linspace(0, 1, 49)]
    assert max(slides) > 0 > min(slides)
    assert max(film.beyond(index) for index in range(0, 289, 6)) <= 0.5


def test_stays_as_sharp_as_the_picture() -> None:
    picture = landscape(SIZE)
    film = still(picture, Camera(Move.PAN, Direction.RIGHT))
    first = cv2.Laplacian(luma(picture), cv2.CV_32F).var()
    for index in range(1, 7):
        change = cv2.Laplacian(luma(film.frame(index)), cv2.CV_32F).var() / first - 1
        assert abs(change) <= 0.2, index


def test_fixed_camera_leaves_the_background_exactly_as_it_is() -> None:
    picture = landscape(SIZE)
    film = still(picture, Camera(Move.FIXED))
    background = slice(int(0.53 * SIZE.height), int(0.59 * SIZE.height))  # the ridge, away from clouds and shore
    for index in (1, 17, 48):
        assert np.array_equal(film.frame(index)[background], picture[background])
    assert min(steps(film)[2:]) > 0.01


def test_fixed_camera_has_moving_light_where_nothing_lives() -> None:
    found = steps(still(screen(SIZE), Camera(Move.FIXED)))
    assert min(found) > 0.01


def test_clouds_drift_and_leaves_sway_before_a_fixed_camera() -> None:
    film = still(landscape(SIZE), Camera(Move.FIXED))
    one, two = luma(film.frame(0)), luma(film.frame(48))
    height = SIZE.height
    for part in (slice(0, int(0.3 * height)), slice(int(0.9 * height), height)):
        assert np.abs(one[part] - two[part]).mean() > 0.5


@pytest.mark.parametrize(
    ("camera", "axis", "sign"),
    [
        (Camera(Move.PAN, Direction.RIGHT), 0, -1),
        (Camera(Move.PAN, Direction.LEFT), 0, 1),
        (Camera(Move.TILT, Direction.DOWN), 1, -1),
        (Camera(Move.TILT, Direction.UP), 1, 1),
        (Camera(Move.TRACKING, Direction.RIGHT), 0, -1),
        (Camera(Move.TRACKING, Direction.LEFT), 0, 1),
    ],
)
def test_the_camera_goes_where_it_was_sent(camera: Camera, axis: int, sign: int) -> None:
    film = still(city(SIZE), camera)
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grays = [cv2.cvtColor(film.frame(index), cv2.COLOR_RGB2GRAY) for index in (20, 28)]
    moved = search.calc(grays[0], grays[1], None)[..., axis]
    lit = grays[0] > 60
    assert sign * float(moved[lit].mean()) / 8 > 0.03


def test_a_picture_given_as_last_is_approached() -> None:
    film = Still(landscape(SIZE), scene(PUSH), SHORT, 5, Effort.FULL, backwards=True)
    assert film.path is not None
    start, end = (film._where(index) for index in (0, 48))
    assert np.allclose(end, film.grid.nodes)
    assert np.ptp(start[..., 0]) < np.ptp(end[..., 0])


def test_limiter_holds_what_would_tear() -> None:
    picture = landscape(SIZE)
    film = still(picture, PUSH)
    cliff = (film.grid.nodes[..., 0] > 200).astype(np.float32)  # depth with a hard step
    path = planned(ORBIT, 5.0, SIZE.ratio, 0.5, 1)
    assert path is not None
    edges = Edges.of(picture)
    assert not worst(path, film.grid, cliff, edges).bearable
    assert worst(limited(path, film.grid, cliff, edges), film.grid, cliff, edges).bearable


def test_strain_of_a_pure_zoom_is_nothing() -> None:
    grid = Grid.of(SIZE)
    near = np.full(grid.shape, 0.5, np.float32)
    found = strain(grid, near, Edges.of(city(SIZE)), CameraPose(zoom=1.3, push=0.2), 0.5)
    assert replace(found, lean=0.0) == Strain(0.0, 0.0, 0.0, 0.0)


def test_destination_undoes_source() -> None:
    grid = Grid.of(SIZE)
    near = np.clip(grid.nodes[..., 1] / SIZE.height, 0, 1).astype(np.float32)
    pose = CameraPose(pan=0.02, tilt=0.01, slide=0.05, push=0.1, zoom=1.1, roll=0.01, yaw=0.1)
    back = destination(grid, near, source(grid, near, pose, 0.4), pose, 0.4)
    assert np.abs(back - grid.nodes)[2:-2, 2:-2].max() < 0.01


def test_identity_map_gives_the_picture_back() -> None:
    picture, grid = city(SIZE), Grid.of(SIZE)
    assert np.array_equal(Plate.of(picture, 1).look(grid.enlarge(grid.nodes)), picture)


def test_sharpening_restores_what_a_blur_took_and_never_softens() -> None:
    picture = landscape(SIZE)
    energy = Detail.of(picture, Grid.of(SIZE)).seen(Grid.of(SIZE).nodes)
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.5), np.uint8)
    before, after = (cv2.Laplacian(luma(p), cv2.CV_32F).var() for p in (blurred, restored(blurred, energy)))
    assert before < 0.8 * energy and after > 1.15 * before
    assert np.array_equal(restored(picture, 0.0), picture)


def crops(left: int, top: int) -> tuple[Picture, Picture]:
    whole = city(Size(720, 400))
    return whole[40:280, 40:472].copy(), whole[40 + top : 280 + top, 40 + left : 472 + left].copy()


def test_related_pictures_follow_a_path_without_ghosts() -> None:
    film, remarks = joined(*crops(120, 20), scene(PUSH), SHORT, 1, Effort.FULL)
    assert remarks == ()
    assert isinstance(film, Related)
    for share in np.linspace(0.05, 0.95, 19):
        one, two, weight = film.views(float(share))
        mixed = 4 * weight * (1 - weight) * np.minimum(1, np.abs(luma(one) - luma(two)) / 25)
        assert mixed.mean() <= 0.15, share


def test_equal_pictures_are_not_a_still() -> None:
    film, _ = joined(landscape(SIZE), landscape(SIZE), scene(PUSH), SHORT, 1, Effort.FULL)
    assert isinstance(film, Related)
    middle = luma(film.frame(24))
    assert np.abs(middle - luma(landscape(SIZE))).mean() > 1


def test_fog_joins_strangers_through_mist() -> None:
    film, remarks = joined(landscape(SIZE), city(SIZE), scene(PUSH, Weather.FOG), SHORT, 1, Effort.FULL)
    assert "mist" in remarks[0]
    before, after = film.frame(23), film.frame(24)
    assert np.abs(luma(before) - luma(after)).mean() < 6
    assert luma(before).std() < 15


def test_drifting_clouds_leave_white_towers_standing() -> None:
    picture = landscape(SIZE)
    cv2.rectangle(picture, (280, 45), (305, 130), (236, 236, 240), -1)
    film = still(picture, Camera(Move.FIXED))
    late = film.frame(48)
    assert np.abs(late[50:128, 284:302].astype(int) - picture[50:128, 284:302]).max() <= 1
    assert np.abs(luma(late)[: SIZE.height // 4] - luma(picture)[: SIZE.height // 4]).mean() > 0.5


def test_a_loop_of_one_picture_before_a_fixed_camera_stands() -> None:
    picture = landscape(SIZE)
    film, remarks = joined(picture, picture, scene(Camera(Move.FIXED)), SHORT, 1, Effort.FULL)
    assert remarks == ()
    ridge = slice(int(0.53 * SIZE.height), int(0.59 * SIZE.height))
    for index in (4, 17, 24, 44):  # it grows from rest, and comes to rest
        assert np.array_equal(film.frame(index)[ridge], picture[ridge])
        bank = slice(int(0.9 * SIZE.height), SIZE.height)
        assert np.abs(luma(film.frame(index))[bank] - luma(picture)[bank]).mean() > 0.005
    assert np.abs(luma(film.frame(24)) - luma(picture)).mean() > 0.2


def test_a_change_of_light_before_a_fixed_camera_moves_nothing() -> None:
    first = landscape(SIZE)
    last = np.asarray(first * np.array([0.7, 0.62, 0.55]), np.uint8)
    film, remarks = joined(first, last, scene(Camera(Move.FIXED)), SHORT, 1, Effort.FULL)
    assert isinstance(film, Related) and film.stands and remarks == ()
    ridge = slice(int(0.5 * SIZE.height), int(0.6 * SIZE.height))
    middle, before = (luma(p)[ridge] + 8 for p in (film.frame(24), first))
    standing, shifted = (image / before for image in (middle, np.roll(middle, 1, axis=1)))
    rough = [float(np.abs(ratio - cv2.GaussianBlur(ratio, (0, 0), 6.0)).mean()) for ratio in (standing, shifted)]
    assert rough[0] < 0.4 * rough[1]  # of a picture that moved, what it was divided by shows
    assert luma(last).mean() < luma(film.frame(24)).mean() < luma(first).mean()


def test_a_pair_tells_what_camera_it_cannot_follow() -> None:
    first, last = crops(120, 20)
    directed = Script(directed=True)
    told = {
        camera: joined(first, last, scene(camera), SHORT, 1, Effort.FAST, directed)[1]
        for camera in (Camera(Move.FIXED), Camera(Move.PAN, Direction.RIGHT), Camera(Move.PAN, Direction.LEFT))
    }
    fixed, right, left = told.values()
    assert "different places" in fixed[0] and right == () and "pan left" in left[0]
    again = joined(first, first, scene(Camera(Move.PAN, Direction.LEFT)), SHORT, 1, Effort.FAST, directed)
    assert "comes back" in again[1][0]


def test_strangers_follow_the_prompts_camera_before_and_after_the_whip() -> None:
    first, last = landscape(SIZE), city(SIZE)
    film, remarks = joined(first, last, scene(Camera(Move.FIXED)), SHORT, 1, Effort.FULL)
    ridge = slice(int(0.53 * SIZE.height), int(0.59 * SIZE.height))
    assert np.array_equal(film.frame(12)[ridge], first[ridge]) and "stays" in remarks[-1]


@pytest.mark.parametrize("picture", [landscape(SIZE), city(SIZE)], ids=["landscape", "city"])
def test_fog_comes_in_evenly_over_the_whole_clip(picture: Picture) -> None:
    film = Still(picture, scene(Camera(Move.TRACKING, Direction.RIGHT), Weather.FOG), Timing(73), 5, Effort.FULL)
    found = steps(film, Timing(73))
    assert max(found) <= 1.5 * float(np.median(found))


def test_a_whip_shows_no_mirrored_border() -> None:
    wide = _side_by_side(landscape(SIZE), city(SIZE))
    between = wide[:, SIZE.width : -SIZE.width]
    assert between.shape[1] <= 0.2 * SIZE.width + 1
    assert np.ptp(between[:, : between.shape[1] // 12], axis=1).max() == 0  # level streaks: nothing to recognise


def test_a_black_picture_before_a_fixed_camera_is_not_frozen() -> None:
    black = np.zeros((SIZE.height, SIZE.width, 3), np.uint8)
    film = still(black, Camera(Move.FIXED), Timing(73))
    assert not film.frame(0).any()
    assert luma(film.frame(60)).mean() > 0.3
    assert min(steps(film, Timing(73))[12:]) > 0.01
