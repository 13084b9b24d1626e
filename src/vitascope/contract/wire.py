"""The shape of a `videoInference` task: names and JSON types, nothing about values. Names are the wire's own.

pydantic checks the shape; one table turns its errors into our faults. What has a wrong shape is taken out and reported,
so that the rules can still look at everything else: all faults of a task are found at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from vitascope.contract.catalog import CARDS, PROVIDER, Card
from vitascope.contract.faults import invalid, one_of, plain
from vitascope.errors import Fault

_MOST_UNKNOWN_NAMES = 20


def _whole(value: object) -> object:
    """JSON has one kind of number: 5.0 is a whole number too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _seconds_or_word(value: object) -> float | str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
        return float(value)
    raise PydanticCustomError("duration_type", "a number of seconds")


def _word_or_words(value: object) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return tuple(words)
    raise PydanticCustomError("words_type", "a word or a list of words")


def _word_or_index(value: object) -> str | int:
    value = _whole(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    raise PydanticCustomError("frame_type", "a word or an index")


WholeNumber: TypeAlias = Annotated[int, BeforeValidator(_whole)]
SecondsOrWord: TypeAlias = Annotated[float | str, PlainValidator(_seconds_or_word)]
Words: TypeAlias = Annotated[tuple[str, ...], PlainValidator(_word_or_words)]
FrameName: TypeAlias = Annotated[str | int, PlainValidator(_word_or_index)]


class Shape(BaseModel):
    """Exact types only, no unknown names. A field that is None was not sent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SafetyShape(Shape):
    """`safety`."""

    checkContent: bool | None = None
    mode: str | None = None


class InputsShape(Shape):
    """`inputs`; the items of `frameImages` are read by `frames`."""

    frameImages: list[Any] | None = None
    draftId: str | None = None


class SettingsShape(Shape):
    """`providerSettings.bytedance`, the settings of all three models together."""

    audio: bool | None = None
    cameraFixed: bool | None = None
    draft: bool | None = None


class ProviderShape(BaseModel):
    """`providerSettings`: other names are providers, which a rule looks at."""

    model_config = ConfigDict(extra="allow", strict=True)

    bytedance: SettingsShape = Field(default_factory=SettingsShape)


class TaskShape(Shape):
    """One task element of the array."""

    taskType: str | None = None
    taskUUID: Any = None
    """Checked by `task_ids`, for every task type alike."""
    model: str | None = None
    positivePrompt: str | None = None
    outputType: Words | None = None
    outputFormat: str | None = None
    outputQuality: WholeNumber | None = None
    webhookURL: str | None = None
    deliveryMethod: str | None = None
    uploadEndpoint: str | None = None
    safety: SafetyShape = Field(default_factory=SafetyShape)
    ttl: WholeNumber | None = None
    includeCost: bool | None = None
    numberResults: WholeNumber | None = None
    inputs: InputsShape = Field(default_factory=InputsShape)
    width: WholeNumber | None = None
    height: WholeNumber | None = None
    resolution: str | None = None
    duration: SecondsOrWord | None = None
    seed: WholeNumber | None = None
    providerSettings: ProviderShape = Field(default_factory=ProviderShape)
    frameImages: list[Any] | None = None
    """The legacy spelling of `inputs.frameImages`, still sent by two of the public clients."""
    fps: WholeNumber | None = None
    """Not a parameter of these models, but sent by clients: only their fixed 24 passes."""
    routing: Any = None
    """A setting of the public platform without a meaning here: taken and left alone."""


class FrameShape(Shape):
    """An item of `inputs.frameImages`."""

    image: str | None = None
    frame: FrameName | None = None


class LegacyFrameShape(Shape):
    """An item of the legacy top-level `frameImages`."""

    inputImage: str | None = None
    frame: FrameName | None = None


EXPECTED_TYPES = {
    "string_type": "string",
    "string_unicode": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "bool_type": "boolean",
    "list_type": "array",
    "model_type": "object",
    "invalid_key": "string",
    "duration_type": "float",
    "words_type": "string",
    "frame_type": "string|integer",
}
"""pydantic's error types -> the JSON type that should have been sent. `extra_forbidden` is the only other one."""

_IN_WORDS = {
    "string": "a string",
    "integer": "a whole number",
    "float": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "string|integer": "a word or a whole number",
}
_CONTAINERS = ("inputs", "safety", "providerSettings")

# Dotted names that a task can have, except those that only some models know.
_KNOWN_PATHS = (
    *(name for name in TaskShape.model_fields if name not in (*_CONTAINERS, "routing", "fps", "frameImages")),
    *_CONTAINERS,
    "safety.checkContent",
    "safety.mode",
    "inputs.frameImages",
)

_MODEL_PATHS = (*(f"providerSettings.{PROVIDER}.{name}" for name in SettingsShape.model_fields), "inputs.draftId")


@dataclass(frozen=True, slots=True)
class Shaped:
    """A task whose remaining parts have the right shape; `spoiled` names the parameters that were taken out."""

    task: TaskShape
    faults: tuple[Fault, ...] = ()
    spoiled: frozenset[str] = frozenset()


def is_nothing(value: object) -> bool:
    """Null, an empty list or an empty object: clients send these for "not set"."""
    return value is None or (isinstance(value, list | dict) and not value)


def without_nothing(part: Mapping[str, object]) -> dict[str, object]:
    """The same object without the names that were not really set; names that are no valid Unicode become so."""
    return {
        name if name.isascii() else name.encode("utf-8", "replace").decode("utf-8"): value
        for name, value in part.items()
        if not is_nothing(value)
    }


def set_parts(task: Mapping[str, object]) -> dict[str, object]:
    """A copy of the task without anything that is not really set, down to the provider's settings."""
    parts = without_nothing(task)
    for name in _CONTAINERS:
        inner = parts.get(name)
        if isinstance(inner, dict):
            parts[name] = without_nothing(
                {k: without_nothing(v) if isinstance(v, dict) else v for k, v in inner.items()}
            )
    return parts


def shape(task: Mapping[str, object], card: Card | None) -> Shaped:
    """Check names and types. Never raises: wrong parts become faults and are left out."""
    parts = set_parts(task)
    try:
        return Shaped(TaskShape.model_validate(parts))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    faults = shape_faults(details, "", card)
    for detail in details:
        _take_out(parts, detail["loc"])
    spoiled = frozenset(".".join(map(str, detail["loc"])) for detail in details)
    return Shaped(TaskShape.model_validate(parts), faults, spoiled)


def shape_faults(
    details: list[ErrorDetails], prefix: str, card: Card | None, known: tuple[str, ...] = ()
) -> tuple[Fault, ...]:
    """The faults for pydantic's error details.

    `prefix` is the path of the object that was checked, "" for the task; `known` are the paths to suggest in it.
    """
    unknown = [detail for detail in details if detail["type"] == "extra_forbidden"]
    shown = [detail for detail in details if detail["type"] != "extra_forbidden"] + unknown[:_MOST_UNKNOWN_NAMES]
    return tuple(_shape_fault(detail, prefix, card, known) for detail in shown)


def _shape_fault(detail: ErrorDetails, prefix: str, card: Card | None, known: tuple[str, ...]) -> Fault:
    path = prefix + ".".join(plain(str(part)) for part in detail["loc"])
    if detail["type"] == "extra_forbidden" or (path in _MODEL_PATHS and path not in _known_paths(card)):
        return unknown_parameter(path, card, known)
    kind = EXPECTED_TYPES[detail["type"]]
    return invalid(path, kind, f"Send {path} as {_IN_WORDS[kind]}.")


def unknown_parameter(path: str, card: Card | None, known: tuple[str, ...] = ()) -> Fault:
    """A name that the model does not have, with the model that has it or the nearest name that this one has."""
    owners = [other.model for other in CARDS.values() if path in _MODEL_PATHS and path in _known_paths(other)]
    nearest = _nearest(path, known, 0.6) or _nearest(path, _known_paths(card), 0.75)
    advice = "Remove it."
    if owners:
        advice = f"Remove it, or set model to {one_of(owners)}."
    elif nearest:
        advice = f"Remove it, or send {nearest} if you meant that."
    subject = card.model if card else "a videoInference task"
    return Fault("unsupportedParameter", f"{path or 'An empty name'} is not a parameter of {subject}. {advice}", path)


def _known_paths(card: Card | None) -> tuple[str, ...]:
    if card is None:
        return (*_KNOWN_PATHS, *_MODEL_PATHS)
    settings = tuple(f"providerSettings.{PROVIDER}.{name}" for name in card.settings)
    return (*_KNOWN_PATHS, *settings, *(("inputs.draftId",) if card.draft_resolution else ()))


def _nearest(path: str, known: tuple[str, ...], cutoff: float) -> str | None:
    """The known path whose last word is the same or almost the same, whatever object it stands in."""
    by_word = {candidate.rpartition(".")[2].lower(): candidate for candidate in reversed(known)}
    words = difflib.get_close_matches(path.rpartition(".")[2].lower(), by_word, n=1, cutoff=cutoff)
    return by_word[words[0]] if words else None


def _take_out(parts: dict[str, Any], location: tuple[int | str, ...]) -> None:
    """Remove what stands at a location of the task; nothing happens when a part around it is gone already."""
    here: Any = parts
    for step in location[:-1]:
        here = here.get(step) if isinstance(here, dict) else None
    if isinstance(here, dict):
        here.pop(location[-1], None)
