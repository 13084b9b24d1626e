"""The room's promises: exact ends, the same bytes anywhere, the right camera, no borders, no picture too odd."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from tests.filmset.photo.pictures import city, landscape, plain, scene
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.still import Still
from vitascope.filmset.scene.scene import Camera, Direction, Move
from vitascope.values import Effort, Picture, Size, Timing

SMALL = Size(320, 180)
SHORT = Timing(25)


def plates(
    first: Picture | None,
    last: Picture | None = None,
    move: Move = Move.PUSH_IN,
    direction: Direction | None = None,
    size: Size = SMALL,
    timing: Timing = SHORT,
) -> MovingPhoto:
    return MovingPhoto(first, last, scene(Camera(move, direction)), size, timing, seed=5)


@pytest.mark.parametrize("move", list(Move))
def test_starts_at_the_first_picture_exactly(move: Move) -> None:
    picture = landscape(SMALL)
    film = plates(picture, move=move)
    assert np.array_equal(film.frame(0), picture)
    assert film.frame(13).shape == picture.shape


@pytest.mark.parametrize("move", list(Move))
def test_ends_at_the_last_picture_exactly(move: Move) -> None:
    picture = landscape(SMALL)
    film = plates(None, picture, move=move)
    assert np.array_equal(film.frame(SHORT.frames - 1), picture)


def test_starts_and_ends_at_two_strangers() -> None:
    first, last = landscape(SMALL), city(SMALL)
    film = plates(first, last)
    assert np.array_equal(film.frame(0), first)
    assert np.array_equal(film.frame(SHORT.frames - 1), last)


def test_needs_a_picture() -> None:
    with pytest.raises(ValueError, match="first or a last"):
        plates(None, None)


def test_frames_do_not_depend_on_their_order() -> None:
    film, again = plates(landscape(SMALL)), plates(landscape(SMALL))
    forward = [film.frame(index) for index in (3, 9, 20)]
    backward = [again.frame(index) for index in (20, 9, 3)]
    assert all(np.array_equal(one, two) for one, two in zip(forward, reversed(backward), strict=True))


FINGERPRINT = """
import hashlib, cv2
cv2.setNumThreads({threads})
from tests.filmset.photo.test_animate import fingerprint
print(fingerprint())
"""


def fingerprint() -> str:
    """A hash of frames of every kind of film."""
    digest = hashlib.sha256()
    for move in (Move.ORBIT, Move.HANDHELD, Move.FIXED):
        digest.update(plates(landscape(SMALL), move=move).frame(11).tobytes())
    digest.update(plates(landscape(SMALL), city(SMALL)).frame(12).tobytes())
    return digest.hexdigest()


def test_same_bytes_in_other_processes() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", FINGERPRINT.format(threads=threads)], capture_output=True, text=True, check=True
        ).stdout
        for threads in (1, 2)
    }
    assert found == {fingerprint() + "\n"}


@pytest.mark.parametrize("size", [Size(1470, 630), Size(834, 1112), Size(300, 300), Size(416, 224)], ids=str)
@pytest.mark.parametrize("move", [Move.PUSH_IN, Move.ORBIT])
def test_odd_sizes(size: Size, move: Move) -> None:
    film = plates(landscape(size), size=size, move=move)
    assert film.frame(7).shape == (size.height, size.width, 3)
    assert film.frame(7).dtype == np.uint8


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (10, 200, 30)])
def test_single_colours_never_raise_and_stay_themselves(colour: tuple[int, int, int]) -> None:
    picture = plain(SMALL, colour)
    for film in (plates(picture), plates(picture, picture), plates(picture, city(SMALL)), plates(None, picture)):
        middle = film.frame(8)
        assert middle.shape == picture.shape
    assert np.abs(plates(picture).frame(20).astype(int) - picture).max() <= 12


@pytest.mark.parametrize("move", list(Move))
def test_no_border_is_ever_seen(move: Move) -> None:
    size = Size(240, 136)
    film = Still(landscape(size), scene(Camera(move, Direction.RIGHT)), SHORT, 5, Effort.FULL)
    assert max(film.beyond(index) for index in range(SHORT.frames)) <= 0.51


def test_pictures_of_other_sizes_are_cropped_and_scaled() -> None:
    film = plates(np.repeat(np.repeat(landscape(Size(300, 260)), 10, axis=0), 10, axis=1))
    assert film.frame(0).shape == (180, 320, 3)
    assert plates(landscape(Size(90, 50))).frame(3).shape == (180, 320, 3)


def test_says_that_it_cannot_pull_out_of_a_first_picture() -> None:
    assert "pushes in" in plates(landscape(SMALL), move=Move.PULL_OUT).remarks[0]
    assert plates(None, landscape(SMALL), move=Move.PULL_OUT).remarks == ()


def test_says_that_it_cannot_move_away_from_a_first_picture() -> None:
    away, towards = ((Move.TRACKING, way) for way in (Direction.AWAY, Direction.TOWARDS))
    assert "pushes in" in plates(landscape(SMALL), None, *away).remarks[0]
    assert "pulls out" in plates(None, landscape(SMALL), *towards).remarks[0]
    assert plates(landscape(SMALL), None, *towards).remarks == plates(None, landscape(SMALL), *away).remarks == ()


def test_fast_effort_draws_too() -> None:
    film = MovingPhoto(landscape(SMALL), None, scene(Camera(Move.ORBIT)), SMALL, SHORT, 5, Effort.FAST)
    assert film.frame(12).std() > 10
