"""How much one array and one task may be, looked at before anything else is done with them.

Whatever is done with a task costs time for each of its values; no task that means something comes near these bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vitascope.errors import Fault, Refused

MOST_VALUES_OF_MESSAGE = 200_000
"""Values of all kinds in one message, counted by the characters that part them, before it is parsed."""

MOST_VALUES = 300  # of one task, inside each other
MOST_TEXT = 64 * 1024  # characters of one task's names and texts, pictures not counted
MOST_DEPTH = 16

MOST_ESCAPES = 2_000_000
"""Characters of one message that are written with a backslash: reading them is slow, and pictures have few."""

PICTURES = {"image", "inputImage", "media", "frameImages"}
"""The names of what may be a whole picture."""

LONGEST_WORD = 4000  # characters from which on a text in such a place counts as a picture


def check_message(message: bytes | bytearray | str) -> None:
    """Raise Refused for a message of too many values or escapes: parsing it would hold everybody up."""
    if len(message) < MOST_VALUES_OF_MESSAGE:
        return

    def count(sign: str) -> int:
        return message.count(sign) if isinstance(message, str) else message.count(sign.encode())

    if count("\\") > MOST_ESCAPES:
        text = f"Send at most {MOST_ESCAPES} characters with a backslash in one message."
        raise Refused([Fault("invalidJSON", text)])
    if count(",") + count("[") + count("{") > MOST_VALUES_OF_MESSAGE:
        text = f"Send at most {MOST_VALUES_OF_MESSAGE} values in one array of tasks: send several arrays."
        raise Refused([Fault("arrayTooLarge", text, type="array")])


def check_task(task: Mapping[str, Any]) -> None:
    """Raise Refused for a task of too many values, too much text or too many levels."""
    values, text = 0, 0
    level: list[tuple[str, Any]] = [("", task)]
    for _ in range(MOST_DEPTH + 1):
        below: list[tuple[str, Any]] = []
        for name, value in level:
            if isinstance(value, str):
                if len(value) <= LONGEST_WORD or name not in PICTURES:
                    text += len(value)
            elif isinstance(value, Mapping):
                values += len(value)
                if values > MOST_VALUES:
                    raise _too_much(f"at most {MOST_VALUES} values")
                for inner, each in value.items():
                    text += len(inner)
                    below.append((inner, each))
            elif isinstance(value, list):
                values += len(value)
                if values > MOST_VALUES:
                    raise _too_much(f"at most {MOST_VALUES} values")
                below += [(name, each) for each in value]
        if text > MOST_TEXT:
            raise _too_much(f"at most {MOST_TEXT} characters beside its pictures")
        if not below:
            return
        level = below
    raise _too_much(f"at most {MOST_DEPTH} levels of objects and lists")


def _too_much(bound: str) -> Refused:
    return Refused([Fault("maxTaskSizeExceeded", f"Send {bound} in one task.", type="object")])
