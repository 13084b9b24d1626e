"""What the tables of refusals share: short ways to write a change, and one test for each row and model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from vitascope.contract.catalog import CARDS
from vitascope.errors import Fault

Task = Callable[..., dict[str, Any]]
FaultsOf = Callable[..., tuple[Fault, ...]]
Row = tuple[str, str, dict[str, Any], str, str | tuple[str, ...], tuple[Any, ...] | None]
"""The sentence (shortened), the model, the change, and the code, parameter and allowed values of the one fault."""

PRO, FAST, SOUND = CARDS
ANY = "every model"
URL = "https://example.com/picture.jpg"


def settings(**values: Any) -> dict[str, Any]:
    return {"providerSettings": {"bytedance": values}}


def frames(*items: Any) -> dict[str, Any]:
    return {"inputs": {"frameImages": list(items)}}


def unsized(**values: Any) -> dict[str, Any]:
    return {"width": None, "height": None, **values}


def each_row(rows: Iterable[Row]) -> pytest.MarkDecorator:
    """One test, with a `model` and a `row`, for each row and model."""
    cases = [
        pytest.param(model, row, id=f"{row[3]}: {row[0]} ({model})")
        for row in rows
        for model in (CARDS if row[1] == ANY else [row[1]])
    ]
    return pytest.mark.parametrize(("model", "row"), cases)


def check_refusal(asked: dict[str, Any], faults: tuple[Fault, ...], row: Row) -> None:
    """The task has this one fault, which names it and says what to do."""
    _sentence, _model, _change, code, parameter, allowed = row
    assert [(fault.code, fault.parameter) for fault in faults] == [(code, parameter)]
    assert faults[0].allowed_values == allowed
    uuid = asked["taskUUID"]
    assert faults[0].task_uuid == (uuid if isinstance(uuid, str) else None)
    assert faults[0].task_type == (asked["taskType"] if isinstance(asked["taskType"], str) else "videoInference")
    assert faults[0].message.endswith(".") and len(faults[0].message) > 20
