"""An accepted task as plain frozen data: everything the rest of the house needs to make and deliver its takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import ConfigDict, PlainSerializer, PlainValidator, TypeAdapter

from vitascope.contract.catalog import CARDS
from vitascope.values import Container, Position, SafetyMode, Size, Timing


class Form(StrEnum):
    """How a frame image was given."""

    UUID = "uuid"
    URL = "url"
    DATA_URI = "dataURI"
    BASE64 = "base64"
    STORED = "stored"
    """Put away by the server; the value is the key it is kept under. Never comes from a client."""


@dataclass(frozen=True, slots=True)
class FrameSource:
    """One frame image: which frame of the clip it is, how it was given, and the text that was sent."""

    position: Position
    form: Form
    value: str


_JSON_NAMES = {
    "task_uuid": "taskUUID",
    "webhook_url": "webhookURL",
    "upload_endpoint": "uploadEndpoint",
    "include_cost": "includeCost",
    "camera_fixed": "cameraFixed",
    "draft_id": "draftId",
}

_SizeAsText: TypeAlias = Annotated[Size, PlainValidator(Size.parse), PlainSerializer(str, return_type=str)]


@dataclass(frozen=True, slots=True)
class Order:
    """One accepted task.

    `size` is None only while it depends on a frame image that has not been seen: then `resolution` is set and
    `pricing.resolve_size` decides. `duration` is in seconds, `ttl` too (None: the server's default). `seed` is the
    first take's; it is drawn at acceptance when the client sent none. `draft` orders a draft; `draft_id` finishes one.
    `frames` are in the order they were sent, so that a fault can name one by its index: look for their positions.
    `settings` are the provider settings that have no field of their own.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(alias_generator=lambda name: _JSON_NAMES.get(name, name))

    task_uuid: str
    model: str
    prompt: str
    size: _SizeAsText | None
    resolution: str | None
    timing: Timing
    duration: float
    seed: int
    results: int = 1
    container: Container = Container.MP4
    quality: int = 95
    ttl: int | None = None
    webhook_url: str | None = None
    upload_endpoint: str | None = None
    safety: SafetyMode = SafetyMode.NONE
    include_cost: bool = False
    sound: bool = False
    camera_fixed: bool = False
    draft: bool = False
    draft_id: str | None = None
    frames: tuple[FrameSource, ...] = ()
    settings: Mapping[str, bool | int | float] = field(default_factory=dict)

    def take_seed(self, index: int) -> int:
        """The seed of take `index` (0 = first): one more each, starting again at the smallest after the largest."""
        bounds = CARDS[self.model].seed
        return bounds.least + (self.seed - bounds.least + index) % (bounds.most - bounds.least + 1)

    def as_json(self) -> dict[str, Any]:
        """Plain data that JSON can hold; `from_json` gives the equal order back."""
        data: dict[str, Any] = _ORDERS.dump_python(self, mode="json", by_alias=True)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Order:
        """The inverse of `as_json`. Raises ValueError on anything else."""
        return _ORDERS.validate_python(data)


_ORDERS = TypeAdapter(Order)


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished draft take that a later task may turn into the full video: its order, own seed and real size."""

    order: Order
    seed: int
    size: Size
    expired: bool = False
