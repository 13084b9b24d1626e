"""The phrases of refusal: faults whose codes are made of what is wrong and the parameter's name.

`missing…`: required and not sent; `invalid…`: wrong type or out of bounds; `unsupported…`: not an allowed value. Client
libraries sort codes by these prefixes. Faults that have a name of their own are written where they are found. The table
in `errors.codes` has all of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vitascope.errors import Fault

_LONGEST_ECHO = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# Where the last word of the path alone would not say what is meant.
_NAMES = {
    "safety.mode": "SafetyMode",
    "safety.checkContent": "SafetyCheckContent",
}


def plain(text: str) -> str:
    """A client's own words made safe to send back: short, without control characters and valid UTF-8."""
    return tidy(_short(text))


def tidy(sentence: str) -> str:
    """A sentence that quotes others, made safe to send: whole, without control characters and valid UTF-8."""
    return _CONTROL.sub(" ", sentence).encode("utf-8", "replace").decode("utf-8")


def as_sent(name: str) -> str:
    """A client's own name for something, by which it knows the answer: as it was sent, if that is short and valid."""
    return _short(name).encode("utf-8", "replace").decode("utf-8")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"


def name_in_codes(path: str) -> str:
    """ "providerSettings.bytedance.cameraFixed" -> "CameraFixed"; items of the frame images are "FrameImage"."""
    if path in _NAMES:
        return _NAMES[path]
    parts = path.split(".")
    if parts[0] == "providerSettings" and len(parts) == 2:  # the settings under a provider's name
        return "ProviderSettings"
    if parts[-1] in ("image", "inputImage") or parts[-1].isdigit():
        return "FrameImage"
    return parts[-1][:1].upper() + parts[-1][1:]


def missing(path: str, kind: str, message: str) -> Fault:
    """A required parameter was not sent. `kind` is its JSON type."""
    return Fault("missing" + name_in_codes(path), message, path, kind)


def invalid(path: str, kind: str, message: str) -> Fault:
    """A parameter has the wrong type or lies outside its bounds."""
    return Fault("invalid" + name_in_codes(path), message, path, kind)


def unsupported(path: str, kind: str, message: str, allowed: Sequence[object]) -> Fault:
    """A parameter's value is not among the allowed ones."""
    return Fault("unsupported" + name_in_codes(path), message, path, kind, tuple(allowed))


def incompatible(paths: Sequence[str], message: str) -> Fault:
    """Parameters that are sound alone but not together."""
    return Fault("incompatibleParameters", message, tuple(paths))


def outside(path: str, kind: str, least: object, most: object) -> Fault:
    """A number outside its bounds, both included."""
    return invalid(path, kind, f"Set {path} to a {_NUMBER[kind]} from {least} to {most}.")


def one_of(words: Sequence[object]) -> str:
    """ "480p", "480p or 1080p", "480p, 720p or 1080p"."""
    texts = [str(word) for word in words]
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " or " + texts[-1]


_NUMBER = {"integer": "whole number", "float": "number"}
