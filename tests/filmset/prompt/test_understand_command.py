"""`vitascope understand`: the table for people, the JSON for programs."""

from __future__ import annotations

import json

import typer
from typer.testing import CliRunner

from vitascope.cli.understand import understand
from vitascope.filmset.scene.scene import Ambience, Kind, Setting

PROMPT = "Two red boats sail to the left past a harbour at dusk with a giraffe, no rain"


def run(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(understand)
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "160", "NO_COLOR": "1"})
    assert result.exit_code == 0, result.output
    return result.output


def test_the_table_tells_what_came_from_which_words() -> None:
    lines = run(PROMPT).splitlines()
    row = {line.split("  ")[0].strip(): line for line in lines}
    assert "harbour town" in row["setting"] and "harbour" in row["setting"].replace("harbour town", "")
    assert "red" in row["colour"] and "boats" in row["subject"] and "to the left" in row["direction"]
    assert "chosen by the seed" in row["camera"]
    assert any("Not shown: giraffe" in line for line in lines)


def test_json_holds_the_scene_and_the_reading() -> None:
    found = json.loads(run(PROMPT, "--json", "--seed", "4"))
    assert (found["scene"]["seed"], found["scene"]["subjects"][0]["count"]) == (4, 2)
    assert found["reading"]["missed"] == ["giraffe"]
    assert {"slot": "time", "value": "sunset", "words": "dusk"} in found["reading"]["understood"]


def test_the_camera_can_be_held() -> None:
    found = json.loads(run("The camera orbits a dancer", "--camera-fixed", "--json"))
    assert found["scene"]["sections"][0]["camera"]["move"] == "fixed" and found["reading"]["remarks"]


def test_square_brackets_in_a_prompt_are_no_markup() -> None:
    assert "xylophone" in run("[/bold] a dancer [red] and a xylophone")


def test_the_list_tells_what_is_known() -> None:
    told = run("--list")
    for title in ("settings", "subjects", "actions", "times", "weathers", "lights", "cameras", "sounds"):
        assert title in told.splitlines()
    row = next(line for line in told.splitlines() if line.strip().startswith("open sea"))
    assert "open ocean" in row


def test_the_list_as_json_holds_everything_the_scene_can_be() -> None:
    known = json.loads(run("--list", "--json"))
    assert set(known["settings"]) == set(Setting) and set(known["subjects"]) == set(Kind)
    assert set(known["sounds"]) == set(Ambience) and "sunrise" in known["times"]["dawn"]


def test_no_prompt_and_no_list_is_a_mistake() -> None:
    app = typer.Typer()
    app.command()(understand)
    assert CliRunner().invoke(app, []).exit_code == 2
