"""A scene survives JSON exactly, whatever it holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.record import as_record, as_text, scene_of, scene_of_text
from vitascope.filmset.scene.scene import Action, Craft, Kind, Scene, Setting, Subject, Time, Variant, Weather


@given(st.from_type(Scene))
def test_any_scene_comes_back(scene: Scene) -> None:
    if scene.wind == scene.wind and all(section.start == section.start for section in scene.sections):  # no NaN
        assert scene_of_text(as_text(scene)) == scene


@given(st.text(max_size=300), st.integers(0, 2**31))
def test_any_prompts_scene_comes_back(prompt: str, seed: int) -> None:
    scene, _ = understand(prompt, seed)
    assert scene_of(json.loads(json.dumps(as_record(scene)))) == scene


def test_a_record_is_plain_and_named() -> None:
    record = as_record(Scene(Setting.REEF, Time.DAWN, Weather.FOG, 3))
    assert record["setting"] == "coral reef" and record["sections"][0]["camera"]["move"] == "push in"


def test_a_record_from_before_there_were_kinds_still_loads() -> None:
    scene = Scene(Setting.STAGE, Time.DAY, Weather.CLEAR, 3, (Subject(Kind.BOAT, Action.SAIL),))
    record = as_record(scene)
    del record["variant"], record["subjects"][0]["craft"]
    assert scene_of(record) == scene


def test_kinds_are_named_in_a_record() -> None:
    boat = Subject(Kind.BOAT, Action.SAIL, craft=Craft.GONDOLA)
    record = as_record(Scene(Setting.HALL, Time.DAY, Weather.CLEAR, 3, (boat,), variant=Variant.ARCADE))
    assert (record["variant"], record["subjects"][0]["craft"]) == ("arcade", "gondola")


def test_what_is_no_scene_is_refused() -> None:
    record = as_record(Scene(Setting.REEF, Time.DAWN, Weather.FOG, 3))
    with pytest.raises(ValueError, match="volcano"):
        scene_of({**record, "setting": "volcano"})
