"""Training footage: like the film, the same everywhere, varied, told truly, and in mirrors left is right."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice, pairwise

import numpy as np
import pytest

from vitascope.filmset.film import Film
from vitascope.filmset.footage.clips import Clip, Footage
from vitascope.filmset.footage.plan import CLIPS, Take, mirror, reel
from vitascope.filmset.footage.reel import Reel
from vitascope.filmset.scene.record import as_record, scene_of
from vitascope.filmset.scene.scene import Action, Direction, Event, Kind, Move, Scene, Setting, Subject, Time, Weather
from vitascope.filmset.stage.events import events
from vitascope.filmset.stage.site import flooded
from vitascope.values import Effort, Frames, Size, Timing

SIZE, TIMING = Size(160, 96), Timing(13, Fraction(8))


@lru_cache(maxsize=4)
def footage(seed: int) -> Footage:
    return Footage(SIZE, TIMING, seed)


def unmirrored(clip: Clip) -> Frames:
    return clip.frames[:, :, ::-1] if clip.mirrored else clip.frames


def digest(frames: Frames) -> str:
    return hashlib.sha256(frames.tobytes()).hexdigest()


OTHER_PROCESS = """
import hashlib
from fractions import Fraction
from vitascope.values import Size, Timing
from vitascope.world.footage.clips import Footage
clip = Footage(Size(160, 96), Timing(13, Fraction(8)), 4).clip(29)
print(hashlib.sha256(clip.frames.tobytes()).hexdigest(), clip.dense)
"""


def test_two_processes_give_the_same_clip_wherever_they_begin() -> None:
    here = footage(4)
    first = here.clip(26)  # another clip of the reel first: what is recorded on the way must not matter
    run = subprocess.run([sys.executable, "-c", OTHER_PROCESS], capture_output=True, text=True, check=True, timeout=120)
    clip = here.clip(29)
    assert run.stdout.strip() == f"{digest(clip.frames)} {clip.dense}"
    assert digest(first.frames) != digest(clip.frames)


def test_a_leg_goes_on_where_the_last_one_stopped_and_workers_share_the_work() -> None:
    resumed = next(footage(4).clips(start=5))
    assert resumed.number == 5
    assert digest(resumed.frames) == digest(footage(4).clip(5).frames)
    numbers = [clip.number for worker in (0, 1) for clip in islice(numbered(worker), 2 * CLIPS)]
    assert sorted(numbers) == list(range(4 * CLIPS))


def numbered(worker: int) -> islice[Clip]:
    """A worker's clips without their pictures."""
    made = Footage(SIZE, TIMING, 0)
    blank = footage(4).clip(0)
    made.clip = lambda index: replace(blank, number=index)  # type: ignore[method-assign]
    return islice(made.clips(worker=worker, workers=2), 10**6)


@pytest.mark.parametrize("number", [0, 31, 60, 77, 100, 131])
def test_a_composed_clip_looks_like_the_film(number: int) -> None:
    clip = footage(7).clip(number)
    take = clip.shot.reel.takes[number % CLIPS]
    film = Film(take.scene, SIZE, TIMING, Effort.FAST, cast_seed=take.seed)
    assert clip.frames.shape == (TIMING.frames, SIZE.height, SIZE.width, 3)
    assert clip.frames.dtype == np.uint8
    for index in (1, 11):
        ours, theirs = unmirrored(clip)[index].astype(float), film.frame(index).astype(float)
        assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.85
        assert 10 * np.log10(255**2 / np.mean((ours - theirs) ** 2)) > 20


def one_reel(*scenes: Scene, mirrored: bool = False) -> Reel:
    return Reel([Take(scene, 3, k, mirrored) for k, scene in enumerate(scenes)], SIZE, TIMING)


@pytest.mark.parametrize(
    ("kind", "action", "count"),
    [
        (Kind.WALKER, Action.WALK, 1),
        (Kind.BALLS, Action.BOUNCE, 3),
        (Kind.BIRDS, Action.FLY, 20),
        (Kind.CROWD, Action.STAND, 22),
        (Kind.VEHICLE, Action.DRIVE, 1),
    ],
)
def test_a_troupe_of_any_size_stands_in_a_place_baked_for_another(kind: Kind, action: Action, count: int) -> None:
    place = Scene(Setting.DUNES, Time.SUNSET, Weather.CLEAR, 11)
    scene = replace(place, subjects=(Subject(kind, action, count, prop="lantern" if kind is Kind.CROWD else None),))
    takes = one_reel(place, scene)
    film = Film(scene, SIZE, TIMING, Effort.FAST, cast_seed=3)
    frames, alone = takes.frames(1), takes.frames(0)
    for index in (2, 10):
        drawn = film.frame(index).astype(float)
        assert np.abs(frames[index] - drawn).mean() < 0.45 * np.abs(alone[index] - drawn).mean() + 0.6
        assert np.abs(frames[index].astype(float) - alone[index]).max() > 30


def test_no_pops_under_a_fixed_camera() -> None:
    for number in range(3 * CLIPS):
        take = reel(7, 2)[number % CLIPS]
        if [section.camera.move for section in take.scene.sections] == [Move.FIXED]:
            break
    frames = one_reel(take.scene).frames(0).astype(int)
    steps = [np.abs(a - b).mean() for a, b in pairwise(frames)]
    assert max(steps) < 3 * min(steps) + 1


def test_a_mirrored_clip_is_told_as_it_is_seen() -> None:
    clips = [footage(7).clip(number) for number in range(6)]
    clip = next(clip for clip in clips if clip.mirrored)
    take = clip.shot.reel.takes[clip.number]
    path = [clip.shot.cast.camera.state(TIMING.time(k)) for k in range(TIMING.frames)]
    assert [(s.x, s.pan, s.z) for s in clip.camera] == [(-s.x, -s.pan, s.z) for s in path]
    assert clip.scene == mirror(take.scene)
    assert mirror(clip.scene) == take.scene
    for k, way in enumerate(subject.direction for subject in take.scene.subjects):
        if way is Direction.LEFT:
            assert clip.scene.subjects[k].direction is Direction.RIGHT
    labels = clip.masks(3)
    for box in clip.boxes(3):
        columns = np.nonzero(labels == box.actor + 1)[1]
        if len(columns) > 30:
            assert box.left - 25 < np.median(columns) < box.right + 25


def test_records_captions_events_and_sound_belong_to_the_clip() -> None:
    clip = footage(7).clip(3)
    assert scene_of(as_record(clip.scene)) == clip.scene
    assert len(clip.dense) >= len(clip.short) > 10
    assert len(clip.camera) == TIMING.frames
    times = [event.time for event in clip.events]
    assert times == sorted(times)
    sound = clip.sound()
    assert sound.samples.shape == (2, TIMING.samples(sound.rate))


def test_a_place_keeps_its_own_events_and_actors_theirs() -> None:
    place = Scene(Setting.HARBOUR, Time.DAY, Weather.STORM, 21)
    scene = replace(place, subjects=(Subject(Kind.WALKER, Action.WALK),))
    take = one_reel(scene)
    found = set(footage_events(take))
    assert set(events(place, TIMING, SIZE)) <= found
    assert found <= set(events(place, TIMING, SIZE)) | set(events(replace(scene, seed=3), TIMING, SIZE))


def footage_events(made: Reel) -> tuple[Event, ...]:
    from vitascope.filmset.stage.events import happenings

    return happenings(made.empty, made.companies[0])


def test_every_factor_is_drawn_over_its_whole_range_and_each_reel_keeps_one_place() -> None:
    seen: Counter[object] = Counter()
    pairs = set()
    for index in range(160):
        takes = reel(5, index)
        assert len(takes) == CLIPS
        assert len({replace(take.scene, subjects=(), sections=()) for take in takes}) == 1
        assert len({flooded(take.scene) for take in takes if take.scene.subjects}) <= 1
        assert 0.3 < np.mean([take.mirrored for take in takes]) < 0.7
        scenes = [take.scene for take in takes]
        seen.update([scenes[0].setting, scenes[0].time, scenes[0].weather])
        seen.update(section.camera.move for scene in scenes for section in scene.sections)
        seen.update(subject.kind for scene in scenes for subject in scene.subjects)
        pairs |= {(scenes[0].setting, subject.kind) for scene in scenes for subject in scene.subjects}
        for subject in (subject for scene in scenes for subject in scene.subjects):
            assert subject.direction is None or subject.action not in (Action.STAND, Action.BOUNCE, Action.DANCE)
    for factor in (Setting, Time, Weather, Move, Kind):
        assert not [value for value in factor if not seen[value]]
    assert len(pairs) > 0.75 * len(Setting) * len(Kind)
