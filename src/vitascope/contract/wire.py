"""From JSON to a task of the right shape: pydantic checks it, and one table turns its errors into our faults.

What has a wrong shape is taken out and reported, so that the rules can still look at everything else: all faults of a
task are found at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from vitascope.contract.catalog import Card
from vitascope.contract.faults import invalid, plain
from vitascope.contract.inputs import RecognisedForm, recognise
from vitascope.contract.names import CONTAINERS, is_another_models, unknown_parameter
from vitascope.contract.shapes import FrameShape, LegacyFrameShape, TaskShape
from vitascope.errors import Fault

_MOST_UNKNOWN_NAMES = 20
_MOST_SUGGESTIONS = 5  # looking for the nearest name takes half a millisecond

EXPECTED_TYPES = {
    "string_type": "string",
    "string_unicode": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "integer_type": "integer",
    "float_type": "float",
    "bool_type": "boolean",
    "boolean_type": "boolean",
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
    for name in CONTAINERS:
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
        return Shaped(TaskShape.model_validate(parts, context={"card": card}))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    faults = shape_faults(details, "", card)
    for detail in details:
        _take_out(parts, detail["loc"])
    # No rule is about a name that there is not.
    wrong = [detail for detail in details if detail["type"] != "extra_forbidden"]
    spoiled = frozenset(".".join(map(str, detail["loc"])) for detail in wrong)
    return Shaped(TaskShape.model_validate(parts, context={"card": card}), faults, spoiled)


def shape_faults(
    details: list[ErrorDetails], prefix: str, card: Card | None, known: tuple[str, ...] = ()
) -> tuple[Fault, ...]:
    """The faults for pydantic's error details.

    `prefix` is the path of the object that was checked, "" for the task; `known` are the paths to suggest in it.
    """
    unknown = [detail for detail in details if detail["type"] == "extra_forbidden"]
    shown = [detail for detail in details if detail["type"] != "extra_forbidden"] + unknown[:_MOST_UNKNOWN_NAMES]
    few = [id(detail) for detail in unknown[:_MOST_SUGGESTIONS]]
    return tuple(_shape_fault(detail, prefix, card, known, id(detail) in few) for detail in shown)


def _shape_fault(detail: ErrorDetails, prefix: str, card: Card | None, known: tuple[str, ...], suggest: bool) -> Fault:
    path = prefix + ".".join(plain(str(part)) for part in detail["loc"])
    if detail["type"] == "extra_forbidden" or is_another_models(path, card):
        return unknown_parameter(path, card, known, suggest)
    kind = EXPECTED_TYPES[detail["type"]]
    return invalid(path, kind, f"Send {path} as {_IN_WORDS[kind]}.")


@dataclass(frozen=True, slots=True)
class SentImage:
    """One frame image as sent: its path, the picture's own path, text and form, and the frame that was named."""

    path: str
    image_path: str
    image: str | None
    frame: str | int | None
    recognised: RecognisedForm | None

    @classmethod
    def of(cls, path: str, image_path: str, image: str | None, frame: str | int | None) -> SentImage:
        """The image with its form, if its text has one."""
        return cls(path, image_path, image, frame, None if image is None else recognise(image))


def sent_images(task: TaskShape, card: Card) -> tuple[list[SentImage], list[Fault]]:
    """The frame images of a task in one spelling, and the faults of those whose shape is wrong."""
    legacy = not task.inputs.frameImages
    sent = (task.frameImages if legacy else task.inputs.frameImages) or []
    prefix = "frameImages" if legacy else "inputs.frameImages"
    images: list[SentImage] = []
    faults: list[Fault] = []
    # One more than any model takes is enough to know that there are too many.
    for index, value in enumerate(sent[: card.max_frames + 1]):
        path = f"{prefix}.{index}"
        try:
            images.append(_sent_image(value, path, legacy))
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False, include_input=False)
            names = tuple(f"{path}.{name}" for name in (LegacyFrameShape if legacy else FrameShape).model_fields)
            faults += shape_faults(details, f"{path}.", card, names)
        except TypeError:
            message = f"Send {path} as an image (a string) or as an object with image and frame."
            faults.append(invalid(path, "string|object", message))
    return images, faults


def _sent_image(value: object, path: str, legacy: bool) -> SentImage:
    """Raises ValidationError for an object of another shape, TypeError for neither a text nor an object."""
    if isinstance(value, str):
        return SentImage.of(path, path, value, None)
    if not isinstance(value, dict):
        raise TypeError("neither a text nor an object")
    if legacy:
        old = LegacyFrameShape.model_validate(without_nothing(value))
        return SentImage.of(path, f"{path}.inputImage", old.inputImage, old.frame)
    new = FrameShape.model_validate(without_nothing(value))
    return SentImage.of(path, f"{path}.image", new.image, new.frame)


def _take_out(parts: dict[str, Any], location: tuple[int | str, ...]) -> None:
    """Remove what stands at a location of the task; nothing happens when a part around it is gone already."""
    here: Any = parts
    for step in location[:-1]:
        here = here.get(step) if isinstance(here, dict) else None
    if isinstance(here, dict):
        here.pop(location[-1], None)
