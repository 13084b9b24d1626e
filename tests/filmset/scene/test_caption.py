"""Captions are understood back: the words of any scene give the scene's attributes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.filmset.scene.captions import caption
from vitascope.filmset.prompt.casting import ACTIONS, IN_WATER, INSTRUMENTS, VERTICAL
from vitascope.filmset.prompt.choose import PEOPLE
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import (
    COLOURS,
    MOODS,
    VARIANTS,
    Ambience,
    Camera,
    CameraSection,
    Craft,
    Direction,
    Glow,
    Kind,
    Move,
    Pace,
    Scene,
    Setting,
    Subject,
    Time,
    Weather,
)

SIDES = [Direction.LEFT, Direction.RIGHT]
WAYS = {Move.PAN: SIDES, Move.ORBIT: SIDES, Move.TRACKING: SIDES, Move.TILT: [Direction.UP, Direction.DOWN]}
AT_SEA = {Setting.SEA, Setting.MARSH, Setting.REEF}


@st.composite
def subjects(draw: st.DrawFn, place: Setting) -> tuple[Subject, ...]:
    kinds = [kind for kind in Kind if place in AT_SEA or kind not in IN_WATER]
    if place is Setting.REEF:
        kinds = [Kind.DIVER, Kind.FISH, Kind.BOAT]
    cast = draw(st.lists(st.sampled_from(kinds), max_size=3, unique=True))
    return tuple(draw(subject(kind)) for kind in cast)


@st.composite
def subject(draw: st.DrawFn, kind: Kind) -> Subject:
    ways = [None, *SIDES, Direction.TOWARDS, Direction.AWAY]
    if kind in VERTICAL:
        ways += [Direction.UP, Direction.DOWN]
    props = [None, *sorted(INSTRUMENTS)] if kind is Kind.MUSICIAN else [None]
    return Subject(
        kind,
        draw(st.sampled_from(ACTIONS[kind])),
        draw(st.integers(2 if kind is Kind.CROWD else 1, 12)),
        draw(st.sampled_from([None, *COLOURS])),
        draw(st.sampled_from(ways)),
        draw(st.sampled_from(Pace)),
        draw(st.sampled_from(props)),
        draw(st.sampled_from([None, *Craft])) if kind is Kind.BOAT else None,
    )


@st.composite
def sections(draw: st.DrawFn) -> tuple[CameraSection, ...]:
    moves = draw(st.lists(st.sampled_from(Move), min_size=1, max_size=3, unique=True))
    found = []
    for number, move in enumerate(moves):
        still = move in (Move.FIXED, Move.HANDHELD)
        way = draw(st.sampled_from(WAYS[move])) if move in WAYS else None
        pace = Pace.SLOW if still else draw(st.sampled_from(Pace))
        found.append(CameraSection(number / len(moves), Camera(move, way, pace), number > 0 and draw(st.booleans())))
    return tuple(found)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    place = draw(st.sampled_from(Setting))
    weather = draw(st.sampled_from(Weather))
    time = draw(st.sampled_from(Time))
    later = draw(st.sampled_from([None, *(other for other in Time if other is not time)]))
    return Scene(
        place,
        time,
        weather,
        draw(st.integers(0, 2**31)),
        subjects=draw(subjects(place)),
        sections=draw(sections()),
        glows=tuple(draw(st.lists(st.sampled_from(Glow), max_size=3, unique=True))),
        ambience=tuple(draw(st.lists(st.sampled_from(Ambience), max_size=3, unique=True))),
        mood=draw(st.sampled_from([None, *MOODS])),
        wet=weather in (Weather.RAIN, Weather.STORM) or draw(st.booleans()),
        later=later,
        variant=draw(st.sampled_from([None, *VARIANTS.get(place, ())])),
    )


def people(scene: Scene) -> dict[Kind, Any]:
    """The subjects without their order, which is the film set's to choose."""
    return {subject.kind: subject for subject in scene.subjects}


@settings(max_examples=300, deadline=None)
@given(scenes())
def test_a_dense_caption_holds_the_whole_scene(scene: Scene) -> None:
    words = caption(scene, dense=True)
    found, reading = understand(words, scene.seed + 1)
    told = f"{words}\n{reading}"
    assert (found.setting, found.time, found.weather) == (scene.setting, scene.time, scene.weather), told
    assert found.later == scene.later, told
    assert people(found) == people(scene), told
    assert [s.camera for s in found.sections] == [s.camera for s in scene.sections], told
    assert [s.cut for s in found.sections[1:]] == [s.cut for s in scene.sections[1:]], told
    assert set(found.glows) == set(scene.glows), told
    assert set(found.ambience) == set(scene.ambience), told
    assert (found.mood, found.wet) == (scene.mood, scene.wet), told
    assert scene.variant in (None, found.variant), told
    assert not reading.missed and not reading.remarks, told


@settings(max_examples=150, deadline=None)
@given(scenes())
def test_a_short_caption_holds_place_time_weather_hero_and_camera(scene: Scene) -> None:
    words = caption(scene)
    found, _ = understand(words, scene.seed + 1)
    assert (found.setting, found.time, found.weather) == (scene.setting, scene.time, scene.weather), words
    assert found.subjects == scene.subjects[:1], words
    assert found.sections[0].camera == scene.sections[0].camera, words
    assert len(words) < 250


@pytest.mark.parametrize("kind", sorted(PEOPLE))
def test_captions_are_plain_english(kind: Kind) -> None:
    scene = Scene(Setting.ROOFTOP, Time.NIGHT, Weather.CLEAR, 1, subjects=(Subject(kind, ACTIONS[kind][0], 2, "red"),))
    assert " in red " in caption(scene) and caption(scene).startswith("On a rooftop")
