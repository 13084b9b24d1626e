"""Crowds and ribbons: people who differ in what they do, when and how tall they are; silk that never bends sharply."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.filmset.scenes import scene
from vitascope.filmset.people.crowd import hop, manner
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.ribbons import Trail, hung, tip
from vitascope.filmset.people.skeleton import UPPER
from vitascope.filmset.scene.scene import Action, Kind, Scene, Setting, Time
from vitascope.filmset.stage.cast import Actor, cast
from vitascope.values import Size, Timing

SIZE, TIMING = Size(432, 240), Timing(121)
SECONDS = float(TIMING.seconds)


def people(setting: Setting, time: Time = Time.NIGHT, action: Action = Action.STAND) -> tuple[Actor, ...]:
    return cast(replace(scene(Kind.CROWD, action, setting), time=time), SIZE, TIMING).actors


def test_people_at_a_concert_do_many_things_and_some_hold_up_lights() -> None:
    crowd = people(Setting.STAGE)
    manners = Counter(manner(actor) for actor in crowd)
    assert len(manners) >= 5 and max(manners.values()) <= len(crowd) / 2
    assert 1 <= manners["phone"] <= len(crowd) / 2
    assert not any(actor.prop == "phone" for actor in people(Setting.STAGE, Time.DAY))
    assert max(actor.stature for actor in crowd) > 1.12 * min(actor.stature for actor in crowd)


def test_a_street_is_calmer_than_a_concert() -> None:
    hopping = {
        setting: sum(max(hop(actor, t)[0] for t in np.arange(0, 5, 0.05)) > 0.02 for actor in people(setting))
        for setting in (Setting.STAGE, Setting.HARBOUR)
    }
    assert hopping[Setting.STAGE] >= 2 and hopping[Setting.HARBOUR] == 0


def raised(actor: Actor, t: float) -> float:
    made = pose(actor, t, SECONDS)
    return float(max(made.wrists[k][1] for k in (0, 1)) - made.chest[1])


def test_hands_do_not_rise_and_fall_together() -> None:
    crowd = people(Setting.STAGE)
    heights = np.array([[raised(actor, float(t)) for t in np.arange(0, SECONDS, 0.1)] for actor in crowd])
    moving = heights[heights.std(1) > 0.05]
    assert len(moving) >= 5
    together = np.corrcoef(moving)[np.triu_indices(len(moving), 1)]
    assert np.median(np.abs(together)) < 0.6


@pytest.mark.parametrize("setting", [Setting.STAGE, Setting.HARBOUR])
def test_a_crowd_moves_without_jerks_and_its_feet_stay(setting: Setting) -> None:
    for actor in people(setting)[:8]:
        before = pose(actor, 0.0, SECONDS)
        for t in np.arange(1 / 24, SECONDS, 1 / 24):
            now = pose(actor, float(t), SECONDS)
            for k in (0, 1):
                assert np.linalg.norm(now.elbows[k] - now.shoulders[k]) == pytest.approx(UPPER * now.scale, rel=0.02)
                assert np.linalg.norm(now.hands[k] - before.hands[k]) < 0.35
                assert np.hypot(*(now.balls[k] - before.balls[k])[[0, 2]]) < 1e-6
            before = now


def dancer() -> tuple[Scene, Actor]:
    made = scene(Kind.DANCER, Action.SPIN)
    return made, cast(made, SIZE, TIMING).actors[0]


def test_a_ribbon_begins_at_the_wand_and_follows_its_way() -> None:
    _, actor = dancer()
    way = Trail(actor).way(2.0)
    now = pose(actor, 2.0, SECONDS)
    for k in (0, 1):
        assert np.linalg.norm(way[k, 0] - tip(now, k)) < 0.02
    again = Trail(actor)
    again.way(4.0)
    assert np.array_equal(again.way(2.0), way)  # whatever was asked for before


def test_a_ribbon_has_no_corners() -> None:
    """No two pieces of 2.5 cm and more meet at an angle: where the hand turns back, there is a round of small ones."""
    _, actor = dancer()
    trail, sharpest = Trail(actor), []
    for t in np.arange(1.0, 4.5, 0.1):
        for k, way in enumerate(trail.way(float(t))):
            steps = np.diff(hung(way, 0.3, 5 + k, 1.75, float(t)), axis=0)
            long = np.sqrt((steps**2).sum(1, keepdims=True))
            turns = np.arccos(np.clip(((steps / long)[1:] * (steps / long)[:-1]).sum(1), -1, 1))
            sharpest.append(float(turns[np.minimum(long[1:], long[:-1])[:, 0] > 0.025].max(initial=0.0)))
    assert max(sharpest) < 0.9
