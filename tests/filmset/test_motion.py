"""Motion: feet that do not slide, bodies that hold together, events that lie where the drawing has the contact."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.filmset.scenes import scene
from vitascope.filmset.people.outfit import outfit
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.skeleton import FORE, SHIN, THIGH, UPPER
from vitascope.filmset.scene.scene import (
    Action,
    Camera,
    CameraSection,
    Kind,
    Move,
    Noise,
    Pace,
    Scene,
    Setting,
    Time,
    Weather,
)
from vitascope.filmset.stage.cast import Actor, cast
from vitascope.filmset.stage.dance import mirrored
from vitascope.filmset.stage.events import events
from vitascope.filmset.stage.play import BREATH, ball_height, jump
from vitascope.filmset.stage.pulse import flash, tolls
from vitascope.values import Size, Timing

SIZE, TIMING = Size(864, 480), Timing(121)
SECONDS = float(TIMING.seconds)
GAITS = [
    (Kind.WALKER, Action.WALK),
    (Kind.WALKER, Action.WADE),
    (Kind.RUNNER, Action.RUN),
    (Kind.DANCER, Action.DANCE),
    (Kind.DANCER, Action.SPIN),
    (Kind.COURIER, Action.RUN),
    (Kind.MUSICIAN, Action.PLAY),
    (Kind.DRUMMER, Action.PLAY),
    (Kind.WALKER, Action.JUMP),
    (Kind.SKATER, Action.SKATE),
]


def hero(kind: Kind, action: Action, setting: Setting = Setting.DUNES) -> Actor:
    return cast(scene(kind, action, setting), SIZE, TIMING).actors[0]


@pytest.mark.parametrize(("kind", "action"), [gait for gait in GAITS if gait[1] is not Action.SKATE])  # wheels roll
def test_a_standing_foot_does_not_slide(kind: Kind, action: Action) -> None:
    actor, stood = hero(kind, action), 0
    for first, second in pairwise(np.arange(0.0, SECONDS, 1 / 48)):
        now, after = pose(actor, float(first), SECONDS), pose(actor, float(second), SECONDS)
        for foot in (0, 1):
            if now.grounded[foot] and after.grounded[foot]:
                moved = np.hypot(*(after.balls[foot] - now.balls[foot])[[0, 2]])
                assert moved * 48 < 0.02 * actor.stature
                stood += 1
    assert stood > 40


@pytest.mark.parametrize(("kind", "action"), GAITS)
def test_bones_keep_their_length_and_nothing_jumps(kind: Kind, action: Action) -> None:
    actor = hero(kind, action)
    before = pose(actor, 0.0, SECONDS)
    for t in np.arange(1 / 24, SECONDS, 1 / 24):
        now = pose(actor, float(t), SECONDS)
        for k in (0, 1):
            assert np.linalg.norm(now.knees[k] - now.hips[k]) == pytest.approx(THIGH * actor.stature, rel=0.02)
            assert np.linalg.norm(now.ankles[k] - now.knees[k]) == pytest.approx(SHIN * actor.stature, rel=0.02)
            assert np.linalg.norm(now.elbows[k] - now.shoulders[k]) == pytest.approx(UPPER * actor.stature, rel=0.02)
            assert np.linalg.norm(now.wrists[k] - now.elbows[k]) == pytest.approx(FORE * actor.stature, rel=0.02)
            assert np.linalg.norm(now.hands[k] - before.hands[k]) < 0.5
        assert np.linalg.norm(now.pelvis - before.pelvis) < 0.25
        before = now


def test_a_dancer_turns_in_space() -> None:
    actor = hero(Kind.DANCER, Action.SPIN)
    facing = [float(pose(actor, float(t), SECONDS).chest_way[2]) for t in np.arange(0, SECONDS, 1 / 24)]
    assert min(facing) < -0.9  # towards the viewer
    assert max(facing) > 0.9  # away from him


def test_steps_are_heard_when_the_foot_comes_down() -> None:
    made = scene(Kind.WALKER, Action.WALK)
    actor = cast(made, SIZE, TIMING).actors[0]
    steps = [event for event in events(made, TIMING, SIZE) if event.noise is Noise.STEP]
    assert len(steps) >= 5
    assert actor.feet is not None
    for event in steps:
        down = [not foot.planted(event.time - 1 / 48) and foot.planted(event.time + 1e-6) for foot in actor.feet]
        assert any(down)


def test_bounces_are_heard_when_the_ball_touches() -> None:
    made = scene(Kind.BALLS, Action.BOUNCE)
    actor = cast(made, SIZE, TIMING).actors[0]
    bounces = [event for event in events(made, TIMING, SIZE) if event.noise is Noise.BOUNCE]
    assert bounces
    for event in bounces:
        assert ball_height(actor, event.time)[0] < 1e-6


def test_landings_are_heard_when_the_jumper_lands() -> None:
    made = scene(Kind.WALKER, Action.JUMP)
    actor = cast(made, SIZE, TIMING).actors[0]
    lands = [event.time for event in events(made, TIMING, SIZE) if event.noise is Noise.LAND]
    assert lands
    for time in lands:
        assert jump(actor, time - 0.05)[0] > 0.05
        assert jump(actor, time + 0.01)[0] == 0.0


def test_thunder_begins_with_its_flash_and_the_bell_with_its_stroke() -> None:
    made = Scene(Setting.HARBOUR, Time.NIGHT, Weather.STORM, 4)
    found = events(made, TIMING, SIZE)
    thunder = [event.time for event in found if event.noise is Noise.THUNDER]
    assert thunder
    for time in thunder:
        assert flash(made, SECONDS, time - 0.02)[0] < 0.1 < flash(made, SECONDS, time + 0.001)[0]
    strokes = [event.time for event in found if event.noise is Noise.BELL]
    assert strokes and strokes == list(tolls(made, SECONDS))


def test_events_are_ordered_and_lie_in_the_clip() -> None:
    for kind, action in GAITS:
        found = events(scene(kind, action, Setting.HARBOUR), TIMING, SIZE)
        assert [event.time for event in found] == sorted(event.time for event in found)
        assert all(0 <= event.time < SECONDS and -1 <= event.pan <= 1 and event.distance > 0 for event in found)


def test_a_tracking_camera_keeps_the_hero_in_the_middle() -> None:
    made = scene(Kind.RUNNER, Action.RUN, move=Move.TRACKING)
    company = cast(made, SIZE, TIMING)
    for t in (0.0, 2.0, 4.9):
        x, z = company.actors[0].where(t)
        u, _, _ = company.camera.view(t).project(x, 0.0, z)
        assert abs(float(u)) < 0.05


@pytest.mark.parametrize("move", list(Move))
def test_camera_paths_are_smooth(move: Move) -> None:
    company = cast(scene(None, move=move), SIZE, TIMING)
    states = [company.camera.state(TIMING.time(k)) for k in range(TIMING.frames)]
    pans = np.array([[s.x, s.y, s.z, s.pan, s.tilt] for s in states])
    assert np.abs(np.diff(pans, 2, axis=0)).max() < 0.02
    assert (np.abs(pans).max() > 0.01) == (move is not Move.FIXED)


def test_a_cut_changes_the_framing_and_a_continued_shot_does_not() -> None:
    sections = (CameraSection(0.0, Camera(Move.PUSH_IN)), CameraSection(0.5, Camera(Move.PAN), cut=False))
    made = scene(None)
    for cut in (False, True):
        company = cast(
            Scene(
                made.setting, made.time, made.weather, 1, (), (sections[0], CameraSection(0.5, Camera(Move.PAN), cut))
            ),
            SIZE,
            TIMING,
        )
        before, after = company.camera.state(0.5 * SECONDS - 0.001), company.camera.state(0.5 * SECONDS + 0.001)
        assert (abs(before.pan - after.pan) + abs(before.z - after.z) > 0.05) == cut


def test_a_diver_kicks_in_turn_trails_bubbles_and_stays_level() -> None:
    actor = hero(Kind.DIVER, Action.SWIM, Setting.REEF)
    lead = []
    for t in np.arange(0.0, SECONDS, 1 / 24):
        now = pose(actor, float(t), SECONDS)
        heights = [float(now.ankles[k][1]) for k in (0, 1)]
        lead.append(heights[0] - heights[1])
        assert abs(float(now.chest[1] - now.pelvis[1])) < 0.15 * actor.stature  # trim
    crossings = int((np.diff(np.sign(lead)) != 0).sum())
    assert 5 <= crossings <= 9  # two in each kick of 1.45 s
    assert max(np.abs(np.diff(lead))) < 0.12 * actor.stature
    breaths = [event.time for event in events(scene(Kind.DIVER, Action.SWIM, Setting.REEF), TIMING, SIZE)
               if event.noise is Noise.BUBBLES and event.strength == 0.5]  # fmt: skip
    assert breaths[0] == 0.5 and np.allclose(np.diff(breaths), BREATH)


@pytest.mark.parametrize("frames", [73, 121])
def test_a_fast_car_goes_fast_and_the_camera_with_it(frames: int) -> None:
    made = scene(Kind.VEHICLE, Action.DRIVE, move=Move.TRACKING)
    fast = replace(made, subjects=(replace(made.subjects[0], pace=Pace.FAST),))
    company = cast(fast, SIZE, Timing(frames))
    start, end = company.camera.state(0.0), company.camera.state(1.0)
    assert company.actors[0].way.speed >= 8.0
    assert abs(end.x - start.x) == pytest.approx(company.actors[0].way.speed)


def test_two_dancers_are_a_pair_and_not_twins() -> None:
    alone = scene(Kind.DANCER, Action.DANCE)
    pair = replace(alone, subjects=(replace(alone.subjects[0], count=2),))
    left, right = sorted(cast(pair, SIZE, TIMING).actors, key=lambda actor: actor.way.x)
    assert outfit(left).cloth != outfit(right).cloth
    assert left.piece is not None and right.piece is not None
    assert mirrored(left.piece).figures == right.piece.figures
    red = replace(pair, subjects=(replace(pair.subjects[0], colour="red"),))
    assert len({outfit(actor).cloth for actor in cast(red, SIZE, TIMING).actors}) == 1
    apart = [pose(right, t, SECONDS).pelvis[0] - pose(left, t, SECONDS).pelvis[0] for t in np.arange(0, SECONDS, 0.2)]
    assert min(apart) > 0.8


def test_a_skate_rolls_on_its_wheels_and_pushes_out() -> None:
    actor = hero(Kind.SKATER, Action.SKATE)
    poses = [pose(actor, float(t), SECONDS) for t in np.arange(0.0, 3.0, 1 / 24)]
    assert all(made.heels[k][1] > 0.026 * made.scale for made in poses for k in (0, 1))
    reach = [float(np.linalg.norm(made.balls[0] - made.balls[1])) for made in poses]
    assert min(reach) < 0.35 and max(reach) > 0.6
