"""docs/errors.md is what the contract really answers, and names every code that its source can send."""

from __future__ import annotations

import ast
from pathlib import Path

import vitascope
from vitascope.contract.errors.examples import TASK
from vitascope.contract.errors.page import errors_page, refusals, sections
from vitascope.contract.read import read
from vitascope.errors import Cancelled, EngineFailed, RunTimedOut, TakeFailed, VitascopeError

ROOT = Path(__file__).parents[2]
SOURCES = sorted(Path(vitascope.__file__).parent.rglob("*.py"))


def test_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert page == errors_page(), "write it anew as vitascope.contract.errors.page says"


def test_the_task_that_the_examples_change_is_accepted() -> None:
    assert read(TASK).task_uuid == TASK["taskUUID"]


def test_every_code_has_one_section() -> None:
    assert len(refusals()) >= 60
    codes = [section.code for section in sections()]
    assert len(codes) == len(set(codes)) >= 85
    page = errors_page()
    assert all(page.count(f"\n## {code}\n") == 1 for code in codes)


def codes_in(path: Path) -> set[str]:
    """Codes that are written out in a call of Fault."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault" and node.args:
            code = node.args[0]
            if isinstance(code, ast.Constant):
                found.add(str(code.value))
    return found


def test_every_code_of_the_source_is_on_the_page() -> None:
    raised = {cls.code for cls in (VitascopeError, TakeFailed, EngineFailed, RunTimedOut, Cancelled)}
    written = set().union(raised, *map(codes_in, SOURCES))
    documented = {section.code for section in sections()}
    assert len(written) >= 40 and written <= documented
