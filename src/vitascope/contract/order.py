"""An accepted task as plain frozen data: everything the rest of the house needs to make and deliver its takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from vitascope.contract.catalog import CARDS
from vitascope.values import Container, Position, Size, Timing


class Form(StrEnum):
    """How a frame image was given."""

    UUID = "uuid"
    URL = "url"
    DATA_URI = "dataURI"
    BASE64 = "base64"
    STORED = "stored"
    """Put away by the server; the value is the key it is kept under. Never comes from a client."""


class SafetyMode(StrEnum):
    """Which frames of a finished video are checked: none; first, middle and last; all."""

    NONE = "none"
    FAST = "fast"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class FrameSource:
    """One frame image: which frame of the clip it is, how it was given, and the text that was sent."""

    position: Position
    form: Form
    value: str

    def as_json(self) -> dict[str, str]:
        """Plain data."""
        return {"position": self.position.value, "form": self.form.value, "value": self.value}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> FrameSource:
        """The inverse of `as_json`."""
        return cls(Position(data["position"]), Form(data["form"]), data["value"])


@dataclass(frozen=True, slots=True)
class Order:
    """One accepted task.

    `size` is None only while it depends on a frame image that has not been seen: then `resolution` is set and
    `pricing.resolve_size` decides. `duration` is in seconds, `ttl` too (None: the server's default). `seed` is the
    first take's; it is drawn at acceptance when the client sent none. `draft` orders a draft; `draft_id` finishes one.
    `frames` are in the order they were sent, so that a fault can name one by its index: look for their positions.
    `settings` are the provider settings that have no field of their own.
    """

    task_uuid: str
    model: str
    prompt: str
    size: Size | None
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
        return {
            "taskUUID": self.task_uuid,
            "model": self.model,
            "prompt": self.prompt,
            "size": None if self.size is None else str(self.size),
            "resolution": self.resolution,
            "timing": {"frames": self.timing.frames, "fps": str(self.timing.fps)},
            "duration": self.duration,
            "seed": self.seed,
            "results": self.results,
            "container": self.container.value,
            "quality": self.quality,
            "ttl": self.ttl,
            "webhookURL": self.webhook_url,
            "uploadEndpoint": self.upload_endpoint,
            "safety": self.safety.value,
            "includeCost": self.include_cost,
            "sound": self.sound,
            "cameraFixed": self.camera_fixed,
            "draft": self.draft,
            "draftId": self.draft_id,
            "frames": [frame.as_json() for frame in self.frames],
            "settings": dict(self.settings),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Order:
        """The inverse of `as_json`. Raises KeyError or ValueError on anything else."""
        return cls(
            task_uuid=data["taskUUID"],
            model=data["model"],
            prompt=data["prompt"],
            size=None if data["size"] is None else Size.parse(data["size"]),
            resolution=data["resolution"],
            timing=Timing(data["timing"]["frames"], Fraction(data["timing"]["fps"])),
            duration=data["duration"],
            seed=data["seed"],
            results=data["results"],
            container=Container(data["container"]),
            quality=data["quality"],
            ttl=data["ttl"],
            webhook_url=data["webhookURL"],
            upload_endpoint=data["uploadEndpoint"],
            safety=SafetyMode(data["safety"]),
            include_cost=data["includeCost"],
            sound=data["sound"],
            camera_fixed=data["cameraFixed"],
            draft=data["draft"],
            draft_id=data["draftId"],
            frames=tuple(FrameSource.from_json(frame) for frame in data["frames"]),
            settings=data.get("settings", {}),
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished draft take that a later task may turn into the full video: its order, own seed and real size."""

    order: Order
    seed: int
    size: Size
    expired: bool = False
