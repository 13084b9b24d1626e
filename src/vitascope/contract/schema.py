"""JSON Schema (OpenAPI 3.1) of each contract's request, made from the catalogue so that the two cannot disagree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeAlias

from vitascope.contract.catalog import (
    DOCUMENTED_MAX_SEED,
    QUALITY,
    RESULTS,
    SHORTEST_TTL,
    TASK_TYPE,
    Card,
    Durations,
    Setting,
    sizes_of,
)
from vitascope.contract.image_inputs import FRAME_NAMES
from vitascope.contract.inputs import LONGEST_ADDRESS, RESULT_NAME
from vitascope.values import Container, SafetyMode

Schema: TypeAlias = dict[str, Any]

_HEX = "[0-9a-fA-F]"
_PORT = ":(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"

UUID4: Schema = {
    "type": "string",
    "format": "uuid",
    "pattern": f"^{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89abAB]{_HEX}{{3}}-{_HEX}{{12}}$",
}
"""A UUID of version 4, in either case."""

ADDRESS: Schema = {
    "type": "string",
    "maxLength": LONGEST_ADDRESS,
    # Not the format "uri": what is only unwise in a URL, such as a brace, passes.
    "pattern": f"^[hH][tT][tT][pP][sS]?://[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(?:{_PORT})?(?:[/?#][!-~]*)?$",
}
"""An http(s) URL without user name and password."""

PICTURE_FILE: Schema = {
    "description": "URL, data URI or Base64.",
    "anyOf": [
        ADDRESS,
        {"type": "string", "pattern": "^[dD][aA][tT][aA]:[^,]{0,400},[^,]+$"},
        {"type": "string", "pattern": "^(?:[A-Za-z0-9+/_-]{4}){24,}(?:[A-Za-z0-9+/_-]{4}|[A-Za-z0-9+/_-]{3}=)$"},
    ],
}
"""A picture that comes with the request or is fetched."""

PICTURE: Schema = {
    "description": "UUID of an uploaded image, URL, data URI or Base64.",
    "anyOf": [UUID4, *PICTURE_FILE["anyOf"]],
}
"""A picture in any of its four forms."""


def video_inference_schema(card: Card) -> Schema:
    """The schema of a task for this model: every parameter with its type, bounds, default and allowed values."""
    return {
        "title": f"{card.title} ({card.model})",
        "type": "object",
        "properties": {**_task_properties(), **_generation_properties(card)},
        "required": ["taskType", "taskUUID", "model"],
        "additionalProperties": False,
        "dependentRequired": {"width": ["height"], "height": ["width"]},
        "allOf": [*_prompt_and_size(card), _resolution_or_size(card)],
    }


def _task_properties() -> Schema:
    """What every model has: how the task runs and how its results are delivered."""
    return {
        "taskType": {"const": TASK_TYPE},
        "taskUUID": {**UUID4, "description": "UUID of version 4, unique for every task."},
        "outputType": {"enum": ["URL", ["URL"]], "default": "URL"},
        "outputFormat": {
            "type": "string",
            "enum": [spelling for container in Container for spelling in (container.value, container.value.lower())],
            "default": Container.MP4.value,
        },
        "outputQuality": _whole(QUALITY.least, QUALITY.most, QUALITY.default),
        "webhookURL": {**ADDRESS, "description": "Called with each finished result by HTTP POST."},
        "deliveryMethod": {"const": "async", "default": "async"},
        "uploadEndpoint": {
            **ADDRESS,
            "description": f"Where the file is put by HTTP PUT. {RESULT_NAME} becomes its UUID: for several results.",
        },
        "safety": _object(
            {
                "checkContent": {"type": "boolean", "default": False},
                "mode": {"enum": [mode.value for mode in SafetyMode], "default": SafetyMode.NONE.value},
            }
        ),
        "ttl": {"type": "integer", "minimum": SHORTEST_TTL, "description": "Seconds that the video's URL lives."},
        "includeCost": {"type": "boolean", "default": False},
        "numberResults": _whole(RESULTS.least, RESULTS.most, RESULTS.default),
    }


def _generation_properties(card: Card) -> Schema:
    """What differs from model to model: inputs, prompt, size, length, seed, provider settings."""
    inputs: Schema = {"frameImages": _frame_images(card, "image")}
    if card.draft_resolution:
        inputs["draftId"] = {"type": "string", "description": "The outputs.draftId of a draft to be finished."}
    settings = {name: _setting(setting) for name, setting in card.settings.items()}
    return {
        "model": {"const": card.model},
        "positivePrompt": {
            "type": "string",
            "minLength": card.prompt_length.least,
            "maxLength": card.prompt_length.most,
        },
        "inputs": _object(inputs),
        "frameImages": {**_frame_images(card, "inputImage"), "deprecated": True},
        "width": {"type": "integer"},
        "height": {"type": "integer"},
        "resolution": {"type": "string", "enum": list(card.sizes)},
        "duration": _duration(card.durations),
        "seed": {"type": "integer", "minimum": card.seed.least, "maximum": DOCUMENTED_MAX_SEED},
        "providerSettings": _object({card.provider: _object(settings)}),
    }


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _whole(least: int, most: int, default: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def _setting(setting: Setting) -> Schema:
    kind = {"float": "number"}.get(setting.kind, setting.kind)
    bounds = dict(zip(("minimum", "maximum"), setting.bounds or (), strict=False))
    return {"type": kind, "default": setting.default, "description": setting.description, **bounds}


def _frame_images(card: Card, image_name: str) -> Schema:
    names = [name for position in card.positions for name in FRAME_NAMES[position]]
    item = {**_object({image_name: PICTURE, "frame": {"enum": names}}), "required": [image_name]}
    return {"type": "array", "minItems": 1, "maxItems": card.max_frames, "items": {"anyOf": [PICTURE, item]}}


def _duration(rule: Durations) -> Schema:
    number = "integer" if rule.whole else "number"
    seconds: Schema = {"type": number, "minimum": _number(rule.shortest), "maximum": _number(rule.longest)}
    if rule.auto is not None:
        seconds = {"anyOf": [seconds, {"const": "auto"}]}
    return {**seconds, "default": _number(rule.default), "description": "Seconds."}


def _number(value: Decimal | float) -> int | float:
    return int(value) if value == int(value) else float(value)


def _prompt_and_size(card: Card) -> list[Schema]:
    """Prompt and size are required; where drafts can be finished, a draft id stands for both."""
    sized: list[Schema] = [{"required": [name]} for name in ("width", "resolution", "frameImages")]
    own = {"required": ["positivePrompt"], "anyOf": [*sized, _with_input("frameImages")]}
    if not card.draft_resolution:
        return [own]
    return [{"anyOf": [own, _with_input("draftId")]}]


def _with_input(name: str) -> Schema:
    return {"properties": {"inputs": {"required": [name]}}, "required": ["inputs"]}


def _resolution_or_size(card: Card) -> Schema:
    """Either no width and height, or one of the pairs and no resolution."""
    pairs = [{"properties": {"width": {"const": s.width}, "height": {"const": s.height}}} for s in sizes_of(card)]
    none = {"properties": {"width": False, "height": False}}
    return {"anyOf": [none, {"properties": {"resolution": False}, "anyOf": pairs}]}
