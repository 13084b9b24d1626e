"""What the contract's tests share: accepted tasks of each model, and a short way to ask for the faults of a task."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from vitascope.contract.drafts import FindDraft, no_drafts
from vitascope.contract.read import read
from vitascope.errors import Fault, Refused

TASKS: dict[str, dict[str, Any]] = {
    "bytedance:2@1": {"width": 864, "height": 480},
    "bytedance:2@2": {"width": 864, "height": 480},
    "bytedance:seedance@1.5-pro": {"width": 864, "height": 496},
}


@pytest.fixture
def task() -> Callable[..., dict[str, Any]]:
    """A task that its contract accepts, with changes; None takes a parameter out."""

    def make(model: str = "bytedance:2@1", changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {
            "taskType": "videoInference",
            "taskUUID": "59d02567-ead8-47ef-94c7-d04dfdcc78b7",
            "model": model,
            "positivePrompt": "A lighthouse in the rain",
            **copy.deepcopy(TASKS[model]),
            **(changes or {}),
        }

    return make


@pytest.fixture
def faults_of() -> Callable[..., tuple[Fault, ...]]:
    """Everything that is wrong with a task; () when it is accepted."""

    def faults(task: Mapping[str, Any], find_draft: FindDraft = no_drafts) -> tuple[Fault, ...]:
        try:
            read(task, find_draft)
        except Refused as refused:
            return refused.faults
        return ()

    return faults


@pytest.fixture(scope="session")
def seed_examples() -> list[dict[str, Any]]:
    """The twelve requests and replies of the three model pages."""
    examples: list[dict[str, Any]] = json.loads(Path(__file__).with_name("seed_examples.json").read_text("utf-8"))
    return examples
