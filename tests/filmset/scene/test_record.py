"""A scene as plain data: whatever it holds is JSON, and every attribute goes by its name."""

from __future__ import annotations

import json
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.record import as_record
from vitascope.filmset.scene.scene import Action, Craft, Kind, Scene, Setting, Subject, Time, Variant, Weather


@given(st.text(max_size=300), st.integers(0, 2**31))
def test_any_prompts_scene_is_plain_data(prompt: str, seed: int) -> None:
    scene, _ = understand(prompt, seed)
    record = as_record(scene)
    assert json.loads(json.dumps(record)) == record
    assert set(record) == {field.name for field in fields(Scene)}
    assert [Kind(entry["kind"]) for entry in record["subjects"]] == [subject.kind for subject in scene.subjects]


def test_a_record_is_plain_and_named() -> None:
    record = as_record(Scene(Setting.REEF, Time.DAWN, Weather.FOG, 3))
    assert record["setting"] == "coral reef" and record["sections"][0]["camera"]["move"] == "push in"


def test_kinds_are_named_in_a_record() -> None:
    boat = Subject(Kind.BOAT, Action.SAIL, craft=Craft.GONDOLA)
    record = as_record(Scene(Setting.HALL, Time.DAY, Weather.CLEAR, 3, (boat,), variant=Variant.ARCADE))
    assert (record["variant"], record["subjects"][0]["craft"]) == ("arcade", "gondola")
