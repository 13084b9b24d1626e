"""Ground truth proved by the pictures: the next frame taken back along the flow is this frame."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.filmset.scenes import scene
from vitascope.filmset.film import Film
from vitascope.filmset.footage.plan import Take
from vitascope.filmset.footage.reel import Reel, Shot
from vitascope.filmset.scene.scene import Action, Camera, Craft, Kind, Move, Scene, Section, Setting, Subject
from vitascope.filmset.truth import Truth
from vitascope.values import Effort, Size, Timing

SIZE, TIMING = Size(288, 160), Timing(25, Fraction(12))


def filmed(made: Scene) -> Film:
    return Film(made, SIZE, TIMING, Effort.FAST)


def misses(film: Film, index: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:
    """(error by pixel without flow, with flow, whose pixel it is), NaN where the next frame hides what is seen."""
    truth = Truth(film)
    now, after = (film.frame(k).astype(np.float32) for k in (index, index + 1))
    flow = truth.flow(index)
    y, x = np.mgrid[0 : SIZE.height, 0 : SIZE.width].astype(np.float32)
    taken_back = cv2.remap(after, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    errors = [np.abs(now - other).mean(-1).astype(np.float64) for other in (after, taken_back)]
    hidden = truth.covered(index)
    for error in errors:
        error[hidden] = np.nan
    return errors[0], errors[1], truth.seen(index)


def gain(film: Film, part: str, indices: tuple[int, ...] = (6, 11, 15)) -> float:
    """What is left of the change between frames after the flow is taken back: on subjects, on the rest, or all."""
    left, change = 0.0, 0.0
    for index in indices:
        without, along, owner = misses(film, index)
        where = {"subject": owner > 0, "rest": owner == 0, "all": owner >= 0}[part]
        left, change = left + float(np.nanmean(along[where])), change + float(np.nanmean(without[where]))
    return left / change


@pytest.mark.parametrize(
    ("kind", "action", "setting", "move", "most"),
    [
        (Kind.WALKER, Action.WALK, Setting.DUNES, None, 0.35),
        (Kind.WALKER, Action.WALK, Setting.DUNES, Move.PAN, 0.35),
        (Kind.WALKER, Action.WALK, Setting.DUNES, Move.PUSH_IN, 0.35),
        (Kind.BALLS, Action.BOUNCE, Setting.DUNES, None, 0.6),
        (Kind.BALLS, Action.BOUNCE, Setting.DUNES, Move.PUSH_IN, 0.6),
        (Kind.DANCER, Action.DANCE, Setting.DUNES, None, 0.96),
        (Kind.DANCER, Action.DANCE, Setting.DUNES, Move.PAN, 0.75),
        (Kind.BOAT, Action.SAIL, Setting.MARSH, None, 0.65),
        (Kind.BOAT, Action.SAIL, Setting.MARSH, Move.PUSH_IN, 0.65),
        (Kind.BIRDS, Action.FLY, Setting.DUNES, Move.PAN, 0.7),
        (Kind.VEHICLE, Action.DRIVE, Setting.DUNES, None, 0.6),
        (Kind.DRONES, Action.FLY, Setting.DUNES, Move.PAN, 0.6),
    ],
)
def test_subjects_go_where_their_flow_says(
    kind: Kind, action: Action, setting: Setting, move: Move | None, most: float
) -> None:
    made = scene(kind, action, setting, move)
    if kind is Kind.BOAT:  # a sailing boat: the oars of others go their own way
        made = replace(made, subjects=(replace(made.subjects[0], craft=Craft.SAILING),))
    assert gain(filmed(made), "subject") < most


@pytest.mark.parametrize(
    ("setting", "move", "most"),
    [
        (Setting.FOREST, Move.ORBIT, 0.4),
        (Setting.HALL, Move.ORBIT, 0.5),
        (Setting.ALLEY, Move.PUSH_IN, 0.65),
        (Setting.DUNES, Move.PAN, 0.5),
        (Setting.SKYLINE, Move.ORBIT, 0.5),
    ],
)
def test_still_things_go_with_the_camera_at_their_own_depth(setting: Setting, move: Move, most: float) -> None:
    film = filmed(scene(Kind.WALKER, Action.WALK, setting, move))
    assert gain(film, "rest") < most
    assert gain(film, "all") < most


def test_a_fixed_camera_moves_nothing_but_the_subject() -> None:
    film = filmed(scene())
    truth = Truth(film)
    flow, owner = truth.flow(8), truth.seen(8)
    assert np.abs(flow[owner == 0]).max() < 1e-3
    assert np.abs(flow[owner > 0]).max() > 1.0


def test_what_stands_before_a_subject_hides_it_and_depth_has_an_order() -> None:
    made = replace(
        scene(setting=Setting.FOREST),
        subjects=(Subject(Kind.WALKER, Action.STAND), Subject(Kind.CARAVAN, Action.STAND)),
    )
    truth = Truth(filmed(made))
    depth, owner = truth.depth(4), truth.seen(4)
    walker, caravan = (np.median(depth[owner == label]) for label in (1, 2))
    assert walker < caravan < np.median(depth[owner == 0][: SIZE.width * 20])
    assert (owner > 0).sum() <= (truth.masks(4) > 0).sum()
    ground = depth[SIZE.height - 3, :]
    assert ground.max() < walker


def test_a_walker_covers_what_he_walks_before() -> None:
    film = filmed(scene())
    truth = Truth(film)
    covered, owner, after = truth.covered(8), truth.seen(8), truth.seen(9)
    fresh = (after > 0) & (owner == 0)
    assert fresh.sum() > 20
    assert covered[fresh].mean() > 0.9
    assert covered[(after == 0) & (owner == 0)].mean() < 0.02


def test_a_clip_of_footage_has_the_films_truth() -> None:
    made = scene(Kind.WALKER, Action.WALK, Setting.FOREST, Move.PUSH_IN)
    empty = replace(made, subjects=(), sections=(Section(0.0, Camera(Move.FIXED)),))
    reel = Reel([Take(empty, made.seed, 0, False), Take(made, made.seed, 1, False)], SIZE, TIMING)
    clip, film = Truth(Shot(reel, 1)), Truth(filmed(made))
    assert clip.boxes(9) == film.boxes(9)
    assert np.mean(clip.seen(9) != film.seen(9)) < 0.003
    same = np.isclose(*(np.minimum(truth.depth(9), 1000) for truth in (clip, film)), rtol=0.03)
    assert same.mean() > 0.97
    assert np.abs(clip.flow(9) - film.flow(9))[same].mean() < 0.05
