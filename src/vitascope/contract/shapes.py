"""The shapes of what tasks hold: names and JSON types, nothing about values. Names are the wire's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, LiteralString, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from vitascope.contract.catalog import Card, providers, settings_of


def _whole(value: object) -> object:
    """JSON has one kind of number: 5.0 is a whole number too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_meant(seconds: float) -> float:
    """A length without what binary arithmetic added to it or took: 12 - 10.8 is 1.2."""
    return round(seconds, 9)


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
    """`inputs`; the items of `frameImages` are shaped one by one."""

    frameImages: list[Any] | None = None
    draftId: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """`providerSettings`: what is set under the name of the model's provider, and the other names that are there."""

    provider: str
    sent: Mapping[str, Any]
    others: tuple[str, ...] = ()

    def path(self, name: str) -> str:
        """The dotted name of a setting."""
        return f"providerSettings.{self.provider}.{name}"


def _provider_settings(value: object, info: ValidationInfo) -> ProviderSettings:
    """The settings by the card that the context names. Without one the client's own choice of a provider is taken."""
    if not isinstance(value, dict):
        raise PydanticCustomError("model_type", "an object")
    card: Card | None = info.context["card"] if info.context else None
    known = (card.provider,) if card else providers()
    if not value:
        return ProviderSettings(known[0], {})
    provider = next((name for name in value if name in known), known[0])
    others = tuple(name for name in value if name not in known)
    return ProviderSettings(provider, _settings(value.get(provider, {}), provider, card), others)


def _settings(sent: object, provider: str, card: Card | None) -> dict[str, Any]:
    if not isinstance(sent, dict):
        raise ValidationError.from_exception_data("providerSettings", [_detail("model_type", sent, provider)])
    settings = settings_of(provider, card) if sent else {}
    details = [
        _detail(f"{setting.kind}_type", sent[name], provider, name)
        for name, setting in settings.items()
        if name in sent and not setting.takes(sent[name])
    ]
    details += [_detail("extra_forbidden", sent[name], provider, name) for name in sent if name not in settings]
    if details:
        raise ValidationError.from_exception_data("providerSettings", details)
    return {name: type(settings[name].default)(sent[name]) for name in settings if name in sent}


def _detail(kind: LiteralString, value: object, *location: str) -> InitErrorDetails:
    return {"type": PydanticCustomError(kind, "not what is expected"), "loc": location, "input": value}


OwnSettings: TypeAlias = Annotated[ProviderSettings, PlainValidator(_provider_settings)]


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
    providerSettings: OwnSettings = Field(default_factory=dict, validate_default=True)
    frameImages: list[Any] | None = None
    """The legacy spelling of `inputs.frameImages`, still sent by two of the public clients."""
    fps: WholeNumber | None = None
    """Not a parameter of these models, but sent by clients: only the model's own rate passes."""
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
