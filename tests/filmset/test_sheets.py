"""Contact sheets: `vitascope world` draws the prompts of a file, and everybody stands where he can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from vitascope.cli.main import app
from vitascope.cli.world import PLAYS, Show, _rows, prompts_in
from vitascope.filmset.scene.scene import Craft, Kind, Setting

EXAMPLES = Path(__file__).parent.parent / "contract" / "seed_examples.json"
LABELLED = Path(__file__).parent.parent / "filmset" / "prompt" / "prompts.json"


def test_the_contracts_examples_are_twelve_prompts() -> None:
    found = prompts_in(EXAMPLES)
    assert len(found) == 12
    assert [text for text, _ in found] == [
        e["request"]["positivePrompt"] for e in json.loads(EXAMPLES.read_text("utf-8"))
    ]
    assert any(fixed for _, fixed in found)


def test_other_files_of_prompts_are_read_too(tmp_path: Path) -> None:
    file = tmp_path / "prompts.json"
    file.write_text(json.dumps(["a forest", {"prompt": "a reef", "camera_fixed": True}]), "utf-8")
    assert prompts_in(file) == [("a forest", False), ("a reef", True)]
    assert len(prompts_in(LABELLED)) == 12
    file.write_text("[]", "utf-8")
    with pytest.raises(typer.BadParameter):
        prompts_in(file)


def test_a_sheet_of_prompts_has_a_row_for_each(tmp_path: Path) -> None:
    file, sheet = tmp_path / "prompts.json", tmp_path / "sheet.png"
    file.write_text(json.dumps(["a forest at dawn", "a boat on the open sea at night"]), "utf-8")
    options = ["world", "--seeds", str(file), "--sheet", str(sheet), "--size", "96x54", "--fast"]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0, result.output
    picture = Image.open(sheet)
    assert picture.size == (3 * 100, 2 * 58)
    rows = [picture.crop((0, y, 96, y + 54)) for y in (0, 58)]
    assert rows[0].tobytes() != rows[1].tobytes()


@pytest.mark.parametrize("show", [Show.TIMES, Show.WEATHERS])
def test_nobody_walks_on_the_sea_or_under_it(show: Show) -> None:
    scenes = [scene for row in _rows(show, 3) for scene, _ in row]
    found = {place: {s.kind for each in scenes if each.setting is place for s in each.subjects} for place in Setting}
    assert found[Setting.SEA] == {Kind.BOAT}
    assert found[Setting.REEF] and found[Setting.REEF] <= {Kind.DIVER, Kind.FISH}


def test_the_strips_show_every_kind_of_subject_and_boat() -> None:
    assert {play.kind for play in PLAYS} == set(Kind)
    assert {play.craft for play in PLAYS} - {None} == set(Craft)
