"""A detector's description: a TOML file beside an ONNX file, which says what goes in, what comes out, what is flagged.

The built-in one is `nsfwjs.toml`; the setting `safety_model` names another.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from vitascope.errors import SetupError

BUILT_IN = Path(__file__).with_name("nsfwjs.toml")

Side = Annotated[int, Field(ge=8, le=2048)]
Three = tuple[float, float, float]


class Description(BaseModel):
    """The entries of the TOML file. The network is given one picture at a time: (pixel / 255 - mean) / deviation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, description="What `vitascope doctor` calls it")
    model: Path = Field(description="The ONNX file; relative to this file")
    sha256: str | None = Field(default=None, description="The ONNX file's digest, if it is to be checked")
    layout: Literal["NCHW", "NHWC"] = Field(description="Order of the input's axes")
    width: Side = Field(description="The input's size; pictures are stretched to it")
    height: Side
    resize: Literal["area", "corners"] = Field(
        default="area", description="The mean of each place, or four neighbours only, as TensorFlow.js samples"
    )
    channels: Literal["RGB", "BGR"] = "RGB"
    mean: Three = (0.0, 0.0, 0.0)
    deviation: Three = (1.0, 1.0, 1.0)
    output: str = Field(description="The output's name in the ONNX file")
    activation: Literal["none", "softmax", "sigmoid"] = Field(
        default="none", description="What makes probabilities of the output, if it has none yet"
    )
    classes: tuple[str, ...] = Field(min_length=1, description="The output's columns")
    flags: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(
        min_length=1, description="A class, or several joined by + that are added up, and the probability to flag from"
    )

    @field_validator("deviation")
    @classmethod
    def _divides(cls, deviation: Three) -> Three:
        if min(deviation) <= 0:
            raise ValueError("must be above zero")
        return deviation

    @model_validator(mode="after")
    def _flags_name_classes(self) -> Self:
        if len(set(self.classes)) < len(self.classes):
            raise ValueError("classes: each name once")
        unknown = {name for names, _ in self.rules for name in names} - set(self.classes)
        if unknown:
            raise ValueError(f"flags: {', '.join(sorted(unknown))} is none of the classes {', '.join(self.classes)}")
        return self

    @property
    def rules(self) -> list[tuple[list[str], float]]:
        """Class names whose probabilities are added up, and from which sum on a picture is flagged."""
        return [([name.strip() for name in names.split("+")], least) for names, least in self.flags.items()]


def described(path: Path | None = None) -> Description:
    """Read a description (default: the built-in one). Raises SetupError that names the file and each wrong entry."""
    path = path or BUILT_IN
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Description.model_validate(entries)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(f"The safety model's description {path} cannot be read: {error}.") from error
    except ValidationError as error:
        wrong = "; ".join(": ".join([*map(str, each["loc"]), each["msg"]]) for each in error.errors())
        raise SetupError(f"The safety model's description {path} is wrong: {wrong}.") from error
    return found.model_copy(update={"model": path.parent / found.model})


def checked_file(description: Description) -> bytes:
    """The ONNX file's bytes. Raises SetupError if it cannot be read or has another digest than described."""
    try:
        data = description.model.read_bytes()
    except OSError as error:
        raise SetupError(f"The safety model {description.model} cannot be read: {error}.") from error
    digest = hashlib.sha256(data).hexdigest()
    if description.sha256 is not None and digest != description.sha256.lower():
        raise SetupError(f"The safety model {description.model} has the SHA-256 {digest}, not the one described.")
    return data
