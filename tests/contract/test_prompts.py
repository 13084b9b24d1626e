"""Which texts describe a video: something in them must leave a mark on paper, in whatever script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from vitascope.contract.catalog import FAST
from vitascope.contract.read import read
from vitascope.errors import Fault

Task = Callable[..., dict[str, Any]]
FaultsOf = Callable[[dict[str, Any]], Sequence[Fault]]

NOTHING = {
    "blanks": "     ",
    "line breaks and tabs": "\n\t\r\n",
    "wide and narrow blanks": "\u3000\u2003\u00a0\u202f\u1680",
    "no width": "\u200b\u200c\u200d\ufeff\u2060",
    "directions": "\u202e\u202d\u2066\u2069",
    "controls": "\x01\x02\x1b\x7f\x85\x9f",
    "unassigned": "\u0378\u0379\U000e0080",
    "private": "\ue000\ue001\U000f0000",
    "marks without a letter": "\u0301\u0301\u0308\u20dd",
    "variations and tags": "\ufe0f\ufe0f\U000e0041\U000e0042",
    "fillers": "\u3164\u3164\uffa0\u115f\u1160\u2800",
    "what was lost": "\ufffd\ufffd\ufffc",
    "soft hyphens": "\u00ad\u00ad",
    "several of them": " \u200b\u0301\x01\u3164",
}
SOMETHING = [
    "ab",
    "猫の",
    "🎬🎬",
    "é\u0301",
    "नमस्ते",
    "??",
    "4 4",
    " a ",
    "\u200fسلام",
    "a\n\tb",
    "\u200ba\u200b",
    "👨\u200d👩",
]


@pytest.mark.parametrize("name", NOTHING)
def test_a_prompt_without_anything_to_see_is_refused(task: Task, faults_of: FaultsOf, name: str) -> None:
    (fault,) = faults_of(task(FAST.model, {"positivePrompt": NOTHING[name]}))
    assert (fault.code, fault.parameter, fault.type) == ("invalidPositivePrompt", "positivePrompt", "string")


@pytest.mark.parametrize("prompt", SOMETHING)
def test_every_script_describes_something(task: Task, prompt: str) -> None:
    assert read(task(FAST.model, {"positivePrompt": prompt})).prompt == prompt


@pytest.mark.parametrize("prompt", ["\0\0", "a cat\0", "a\0cat", "\0a cat"])
def test_u_0000_is_refused_with_a_reason(task: Task, faults_of: FaultsOf, prompt: str) -> None:
    (fault,) = faults_of(task(FAST.model, {"positivePrompt": prompt}))
    assert fault.code == "invalidPositivePrompt" and "U+0000" in fault.message


def test_an_empty_prompt_is_too_short(task: Task, faults_of: FaultsOf) -> None:
    assert [fault.code for fault in faults_of(task(FAST.model, {"positivePrompt": ""}))] == [
        "invalidPositivePromptLength"
    ]
