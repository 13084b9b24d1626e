"""`vitascope price` and `vitascope models`, run as commands."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from vitascope.cli.models import show_models
from vitascope.cli.price import price
from vitascope.contract.catalog import CARDS

Task = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """Run the price command on a file that holds this content."""
    app = typer.Typer()
    app.command()(price)

    def on(content: Any, text: str | None = None) -> Any:
        path = tmp_path / "request.json"
        path.write_text(json.dumps(content) if text is None else text, encoding="utf-8")
        return CliRunner().invoke(app, [str(path)])

    return on


def test_prices_of_the_seeds(run: Callable[..., Any], seed_examples: list[dict[str, Any]]) -> None:
    result = run([example["request"] for example in seed_examples])
    assert result.exit_code == 0
    assert result.stdout.split() == [f"{example['response']['cost']:.5f}" for example in seed_examples]


def test_one_task_need_not_be_in_an_array(run: Callable[..., Any], seed_examples: list[dict[str, Any]]) -> None:
    assert run(seed_examples[0]["request"]).stdout == "0.77498\n"


def test_several_results(run: Callable[..., Any], task: Task) -> None:
    assert run(task("bytedance:2@2", {"duration": 6, "numberResults": 4})).stdout == "0.15245 (4 x 0.03811)\n"


def test_a_size_that_a_picture_decides(run: Callable[..., Any], task: Task) -> None:
    frames = {"inputs": {"frameImages": ["https://example.com/a.jpg"]}}
    result = run(task("bytedance:2@2", {"width": None, "height": None, **frames}))
    assert result.stdout == "0.15486 to 0.16020 (the frame image's ratio decides)\n"


def test_a_refused_task_does_not_hide_its_neighbour(run: Callable[..., Any], task: Task) -> None:
    result = run([task(changes={"duration": 99, "ttl": 1}), task()])
    assert result.exit_code == 2
    assert result.stdout == "0.09703\n"
    assert [json.loads(line)["code"] for line in result.stderr.splitlines()] == ["invalidTtl", "unsupportedDuration"]


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", '"task"'])
def test_files_that_hold_no_task(run: Callable[..., Any], text: str) -> None:
    result = run(None, text)
    assert result.exit_code == 2 and result.stdout == "" and len(result.stderr.splitlines()) == 1


def test_models_names_every_contract_and_its_engine() -> None:
    console = Console(file=io.StringIO(), width=80)
    show_models({model: f"engine{index}" for index, model in enumerate(CARDS)}, console=console)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert all(model in text for model in CARDS)
    assert all(f"engine{index}" in text for index in range(3))
    assert max(map(len, text.splitlines())) <= 80
