"""Arrays of tasks that a strict parser refuses whole, read task by task: one bad task must not cost its neighbours.

Python and JavaScript both write half characters ("\\ud83d": a text cut through an emoji), and Python writes NaN. Half
characters become U+FFFD, as browsers do it; numbers that are none are left to the rules of the parameter they are in.
What cannot be read at all, in a task that can be told from its neighbours, is refused under that task's own UUID.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from vitascope.contract.task_ids import about_task
from vitascope.errors import Fault, Refused

DEEPEST = 100
"""Objects and lists inside each other in one task; those of the contracts have five."""

_MOST_DIGITS = 4300  # of a whole number that Python reads
_HALVES = re.compile("[\ud800-\udfff]")
_FOREIGN = re.compile("[\udc80-\udcff]")  # what bytes that are no UTF-8 are read as
_NOT_UTF8 = "Send the array as UTF-8: there are bytes in this task that are none."
_TOO_DEEP = f"Send a task with at most {DEEPEST} objects and lists inside each other."


def read_leniently(message: bytes | bytearray | str) -> Any:
    """The value in a message, each task of an array for itself: one that cannot be read is its `Refused`.

    Raises ValueError for what is no JSON, RecursionError for what is nested beyond all measure.
    """
    foreign = False
    if isinstance(message, str):
        text = message
    else:
        text = message.decode(json.detect_encoding(message), "surrogateescape")
        foreign = _FOREIGN.search(text) is not None
    value = json.loads(text.removeprefix("\ufeff"), parse_int=_whole_number)
    return [_task(item, foreign) for item in value] if isinstance(value, list) else whole_characters_in(value)


def whole_characters(text: str) -> str:
    """The text with U+FFFD for each half of a character, so that it can be sent and stored."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def whole_characters_in(value: Any, deepest: int = DEEPEST) -> Any:
    """The same JSON value with whole characters only, in names too. Raises RecursionError beyond `deepest` levels."""
    if isinstance(value, str):
        return whole_characters(value)
    if not isinstance(value, dict | list):
        return value
    if deepest == 0:
        raise RecursionError
    if isinstance(value, list):
        return [whole_characters_in(item, deepest - 1) for item in value]
    return {whole_characters(name): whole_characters_in(item, deepest - 1) for name, item in value.items()}


def _task(item: Any, foreign: bool) -> Any:
    try:
        whole = whole_characters_in(item)
    except RecursionError:
        return _refused(_TOO_DEEP, item)
    if foreign and _FOREIGN.search(json.dumps(item, ensure_ascii=False)):
        return _refused(_NOT_UTF8, item)
    return whole


def _refused(message: str, item: Any) -> Refused:
    fault = Fault("invalidTask", message, type="object")
    return Refused([about_task(fault, item) if isinstance(item, Mapping) else fault])


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) < _MOST_DIGITS else float(digits)
