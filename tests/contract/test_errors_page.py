"""docs/errors.md is what the contract really answers; the table has every code that can be sent, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

import vitascope
from vitascope.contract import faults
from vitascope.contract.catalog import CARDS
from vitascope.contract.errors.codes import ERROR_CODES, Kind, status_of, status_of_all
from vitascope.contract.errors.examples import TASK
from vitascope.contract.errors.page import errors_page, refused_examples, sections
from vitascope.contract.read import read
from vitascope.contract.shapes import FrameShape, InputsShape, SafetyShape, TaskShape
from vitascope.server.runware.openapi import document

ROOT = Path(__file__).parents[2]
SOURCES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(Path(vitascope.__file__).parent.rglob("*.py"))}
CODE = re.compile(r"(missing|invalid|unsupported|mismatch|unknown|duplicate|conflict|array)[A-Z]\w+")
PHRASES = {"missing": "missing", "invalid": "invalid", "unsupported": "unsupported", "outside": "invalid"}
"""Functions of `faults` that compose a code, and what it begins with."""


def test_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert page == errors_page(), "write it anew as vitascope.contract.errors.page says"


def test_the_task_that_the_examples_change_is_accepted() -> None:
    assert read(TASK).task_uuid == TASK["taskUUID"]


def test_every_code_has_one_section() -> None:
    assert len(refused_examples()) >= 75
    assert [section.code for section in sections()] == sorted(ERROR_CODES)
    page = errors_page()
    assert all(page.count(f"\n## {code}\n") == 1 for code in ERROR_CODES)


def functions(tree: ast.Module) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def texts(node: ast.AST) -> Iterator[str]:
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def calls(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in names and each.args:
            yield each


def written_codes(tree: ast.Module) -> set[str]:
    """Codes in calls of Fault: written out, or under a name that the function gives to one of several."""
    found: set[str] = set()
    for function in functions(tree):
        for call in calls(function, "Fault"):
            first = call.args[0]
            chosen = function if isinstance(first, ast.Name) else first
            codes = {text for text in texts(chosen) if chosen is first or CODE.fullmatch(text)}
            assert codes, f"nobody can look up the code in {ast.unparse(call)}"
            found |= codes
    return found


def class_codes(tree: ast.Module) -> set[str]:
    """The `code` of each error class."""
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assigned = [each for body in bodies for each in body if isinstance(each, ast.Assign)]
    named = [each for each in assigned if isinstance(each.targets[0], ast.Name) and each.targets[0].id == "code"]
    return {text for each in named for text in texts(each.value)}


def composed_codes(tree: ast.Module) -> set[str]:
    """Codes that `faults` makes of the parameters written out in calls of its functions."""
    return {
        PHRASES[call.func.id] + faults.name_in_codes(call.args[0].value)
        for call in calls(tree, *PHRASES)
        if isinstance(call.func, ast.Name)
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def shape_codes(shape: type[BaseModel], prefix: str = "") -> set[str]:
    """The codes for a wrong type of each field."""
    free = ("routing", "taskUUID") if shape is TaskShape else ()
    return {"invalid" + faults.name_in_codes(prefix + name) for name in shape.model_fields if name not in free}


def sendable() -> set[str]:
    """Every code that the source can send."""
    found = {code for code, example in refused_examples().items() if len(example) == 2}
    for path, tree in SOURCES.items():
        if path.name == "faults.py":
            continue  # whose functions get names as they go
        found |= written_codes(tree) | class_codes(tree) | composed_codes(tree)
    found |= shape_codes(TaskShape) | shape_codes(SafetyShape, "safety.") | shape_codes(InputsShape, "inputs.")
    found |= shape_codes(FrameShape, "inputs.frameImages.0.")
    return found | {"invalid" + faults.name_in_codes(name) for card in CARDS.values() for name in card.settings}


def test_the_table_has_every_code_that_can_be_sent_and_no_other() -> None:
    found = sendable()
    assert found == set(ERROR_CODES)
    assert "taskNotFound" in found and "invalidSafetyCheckContent" in found and "taskCancelled" in found


def test_a_code_that_is_made_up_on_the_way_is_noticed() -> None:
    with pytest.raises(AssertionError, match="nobody can look up"):
        written_codes(ast.parse("def refuse(side):\n    return Fault(f'{side}', 'no')"))
    assert written_codes(ast.parse("def refuse():\n    return Fault('newCode', 'no')")) == {"newCode"}


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (["invalidTtl", "queueRateLimitExceeded", "insufficientCredits"], 429),
        (["invalidTtl", "insufficientCredits", "taskNotFound"], 402),
        (["taskNotFound", "draftNotFound"], 404),
        (["taskNotFound", "invalidTtl"], 400),
        (["draftExpired"], 400),
    ],
)
def test_status_of_an_array_that_was_refused_whole(codes: list[str], status: int) -> None:
    assert status_of_all(codes) == status


def test_the_openapi_document_names_every_status_of_a_refusal() -> None:
    named = set(document()["paths"]["/v1"]["post"]["responses"])
    assert named == {str(error.status) for error in ERROR_CODES.values()} - {"405"}, "405 is for other methods"


def test_names_say_what_kind_a_code_is_of() -> None:
    """Clients go by these parts of the names."""
    for code, error in ERROR_CODES.items():
        assert (error.kind is Kind.NOT_FOUND) == (code.endswith(("NotFound", "Expired")) or code == "taskCancelled")
        assert (status_of(code) == 404) == code.endswith("NotFound")
        assert error.kind.retried or error.status < 429
