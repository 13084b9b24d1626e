"""The JSON Schema of each contract says what the reader does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from vitascope.contract.catalog import CARDS
from vitascope.contract.read import read
from vitascope.contract.schema import video_inference_schema
from vitascope.contract.shapes import InputsShape, SafetyShape, TaskShape
from vitascope.errors import Refused

Task = Callable[..., dict[str, Any]]
Validator = Callable[[str], Any]

# What the schema leaves to the reader's patience with real clients.
TOLERATED = {"fps", "routing"}

CHANGES: list[dict[str, Any]] = [
    {},
    *({name: None} for name in ("taskType", "taskUUID", "positivePrompt", "width", "height")),
    *({"outputFormat": value} for value in ("MP4", "mp4", "WEBM", "MOV", "GIF", 4)),
    *({"outputQuality": value} for value in (19, 20, 99, 100, 50.5, "50")),
    *({"outputType": value} for value in ("URL", ["URL"], "base64Data", 1)),
    *({"deliveryMethod": value} for value in ("async", "sync", True)),
    *({"webhookURL": value} for value in ("https://example.com/a", "ftp://example.com/a", 5)),
    *({"uploadEndpoint": value} for value in ("https://a.b/{videoUUID}", "/tmp")),
    *({"ttl": value} for value in (59, 60, 10**9, "60")),
    *({"numberResults": value} for value in (0, 1, 4, 5, True)),
    *({"includeCost": value} for value in (True, 1)),
    *(
        {"safety": value}
        for value in ({"mode": "full"}, {"mode": "slow"}, {"checkContent": True}, {"level": 1}, "fast")
    ),
    *({"positivePrompt": value} for value in ("ab", "a", "a" * 3000, "a" * 3001, 5)),
    *({"duration": value} for value in (1.1, 1.2, 3, 4, 4.37, 4.5, 5, 5.0, 12, 12.01, 13, "auto", "long", "5", True)),
    *({"seed": value} for value in (-1, 0, 2**63, 9223372036854776000, 9223372036854776001, 1.5, "1")),
    *({"resolution": value} for value in ("480p",)),
    *({"width": None, "height": None, "resolution": value} for value in ("480p", "720p", "1080p", "4k", 480)),
    *({"width": width, "height": height} for width in (864, 865, 1280, 1920) for height in (480, 496, 720, 1080, 1088)),
    *({"inputs": {"frameImages": ["https://a.b/c"] * count}} for count in (1, 2, 3)),
    *(
        {"inputs": {"frameImages": [{"image": "https://a.b/c", "frame": f}]}}
        for f in ("first", "last", 0, -1, 1, "mid")
    ),
    {"inputs": {"frameImages": [{"frame": 0}]}},
    {"inputs": {"frameImages": [{"image": "https://a.b/c", "weight": 1}]}},
    {"frameImages": [{"inputImage": "https://a.b/c", "frame": "first"}], "width": None, "height": None},
    {"inputs": {"frameImages": ["https://a.b/c"]}, "width": None, "height": None},
    {"inputs": {"referenceImages": ["https://a.b/c"]}},
    *({"providerSettings": {"bytedance": {name: v}}} for name in ("cameraFixed", "audio", "sharp") for v in (True, 1)),
    {"providerSettings": {"google": {"x": 1}}},
    {"steps": 4},
]


@pytest.mark.parametrize("model", CARDS)
class TestEverySchema:
    def test_names_the_same_parameters_as_the_reader(self, model: str) -> None:
        card, schema = CARDS[model], video_inference_schema(CARDS[model])
        names = schema["properties"]
        assert set(names) == set(TaskShape.model_fields) - TOLERATED
        assert set(names["safety"]["properties"]) == set(SafetyShape.model_fields)
        inputs = set(InputsShape.model_fields) - (set() if card.draft_resolution else {"draftId"})
        assert set(names["inputs"]["properties"]) == inputs
        assert set(names["providerSettings"]["properties"]["bytedance"]["properties"]) == set(card.settings)

    def test_holds_the_seeds_bounds(self, model: str) -> None:
        names = video_inference_schema(CARDS[model])["properties"]
        assert names["outputQuality"] == {"type": "integer", "minimum": 20, "maximum": 99, "default": 95}
        assert names["numberResults"] == {"type": "integer", "minimum": 1, "maximum": 4, "default": 1}
        assert (names["positivePrompt"]["minLength"], names["positivePrompt"]["maxLength"]) == (2, 3000)
        assert (names["seed"]["minimum"], names["seed"]["maximum"]) == (0, 9223372036854776000)
        assert names["resolution"]["enum"] == list(CARDS[model].sizes)
        assert names["ttl"]["minimum"] == 60

    def test_is_plain_json(self, model: str) -> None:
        schema = video_inference_schema(CARDS[model])
        assert json.loads(json.dumps(schema)) == schema

    def test_agrees_with_the_reader(self, validator: Validator, task: Task, model: str) -> None:
        """By an independent validator, where one is installed."""
        for change in CHANGES:
            sent = {name: value for name, value in task(model, change).items() if value is not None}
            assert validator(model).is_valid(sent) == is_accepted(sent), change


def is_accepted(task: dict[str, Any]) -> bool:
    try:
        read(task)
    except Refused:
        return False
    return True


@pytest.fixture
def validator() -> Validator:
    """Makes an independent validator of a model's schema; skips where none is installed."""
    validators = pytest.importorskip("jsonschema")

    def make(model: str) -> Any:
        schema = video_inference_schema(CARDS[model])
        validators.Draft202012Validator.check_schema(schema)
        return validators.Draft202012Validator(schema)

    return make


def test_seed_examples_are_valid(validator: Validator, seed_examples: list[dict[str, Any]]) -> None:
    for example in seed_examples:
        validator(example["request"]["model"]).validate(example["request"])


def test_a_draft_id_stands_for_prompt_and_size(validator: Validator) -> None:
    sent = {"taskType": "videoInference", "taskUUID": "59d02567-ead8-47ef-94c7-d04dfdcc78b7"}
    for model, valid in [("bytedance:2@1", False), ("bytedance:seedance@1.5-pro", True)]:
        task = {**sent, "model": model}
        assert validator(model).is_valid({**task, "inputs": {"draftId": "cgt-1"}}) is valid
        assert not validator(model).is_valid(task)
