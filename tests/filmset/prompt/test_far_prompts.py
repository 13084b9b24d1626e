"""The prompt reader against words that its first tables lacked, and against prompts from outside the film set's world.

A mark counts only if the reading says which words it came from, so that a lucky seed earns nothing. The prompts in
far_prompts.json were written before any remedy was tried.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.filmset.prompt.test_understand import SEED, marks
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import Action, Kind, Setting, Weather
from vitascope.values import Reading

FAR: dict[str, list[Any]] = json.loads((Path(__file__).parent / "far_prompts.json").read_text("utf-8"))
SHOWN_SLOTS = frozenset({"setting", "time", "weather", "subject", "action", "camera"})


def told_slots(reading: Reading) -> set[str]:
    """The slots that the reading took from words."""
    return {entry.slot for entry in reading.understood if entry.words} & SHOWN_SLOTS


def grade(cases: list[dict[str, Any]]) -> tuple[float, float, str]:
    """The shares of labels read from words, rightly and wrongly, and a table: right, wrongly read, all."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for case in cases:
        scene, reading = understand(case["prompt"], SEED)
        told = told_slots(reading)
        for attribute, _, _, right in marks(scene, case["expect"]):
            counts[attribute][0] += attribute in told and right
            counts[attribute][1] += attribute in told and not right
            counts[attribute][2] += 1
    right, wrong, total = (sum(column) for column in zip(*counts.values(), strict=True))
    rows = [f"  {name:8} {good:3} right {bad:3} wrong of {all_}" for name, (good, bad, all_) in counts.items()]
    whole = f"{right}/{total} = {right / total:.1%}, {wrong} wrongly read"
    return right / total, wrong / total, "\n".join([whole, *rows])


def false_readings(prompts: list[str]) -> list[str]:
    """The prompts from outside of which something was read all the same."""
    return [prompt for prompt in prompts if told_slots(understand(prompt, SEED)[1])]


def test_far_words_are_read_and_seldom_wrongly() -> None:
    right, wrong, table = grade(FAR["inside"])
    print(f"\nfar prompts: {table}")
    assert right >= 0.35 and wrong <= 0.03, table


def test_prompts_from_outside_stay_not_understood() -> None:
    false = false_readings(FAR["outside"])
    assert len(false) <= 0.05 * len(FAR["outside"]), false
    for prompt in set(FAR["outside"]) - set(false):
        assert understand(prompt, SEED)[1].missed, prompt


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("A penguin", Kind.BIRDS),
        ("Two dhows", Kind.BOAT),
        ("A barracuda", Kind.FISH),
        ("A minivan", Kind.VEHICLE),
        ("A troubadour", Kind.MUSICIAN),
        ("The Pyrenees", Setting.MOUNTAINS),
        ("The Negev", Setting.DUNES),
        ("A hailstorm", Weather.STORM),
        ("A woman traipses", Action.WALK),
    ],
)
def test_names_are_known(prompt: str, expected: str) -> None:
    _, reading = understand(prompt, SEED)
    assert expected in [entry.value for entry in reading.understood if entry.words]
