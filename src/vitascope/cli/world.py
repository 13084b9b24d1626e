"""`vitascope world`: contact sheets of the film set, to judge its look and its motion at one glance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import typer
from PIL import Image

from vitascope.filmset.film import Film
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import (
    Action,
    Camera,
    CameraSection,
    Craft,
    Direction,
    Glow,
    Kind,
    Move,
    Scene,
    Setting,
    Subject,
    Time,
    Weather,
)
from vitascope.values import Effort, Picture, Size, Timing

TIMING = Timing(121)


class Show(StrEnum):
    """What a sheet shows."""

    TIMES = "times"
    WEATHERS = "weathers"
    SUBJECTS = "subjects"
    CAMERAS = "cameras"
    STRIPS = "strips"
    HERO = "hero"


PEOPLE: tuple[Subject, ...] = (
    Subject(Kind.DANCER, Action.DANCE),
    Subject(Kind.DANCER, Action.SPIN, prop="ribbon"),
    Subject(Kind.WALKER, Action.WALK),
    Subject(Kind.WALKER, Action.WALK, prop="umbrella"),
    Subject(Kind.RUNNER, Action.RUN),
    Subject(Kind.SKATER, Action.SKATE),
    Subject(Kind.COURIER, Action.WALK, prop="parcel"),
    Subject(Kind.MUSICIAN, Action.PLAY, prop="violin"),
    Subject(Kind.MUSICIAN, Action.PLAY, prop="accordion"),
    Subject(Kind.DRUMMER, Action.PLAY),
    Subject(Kind.CROWD, Action.STAND),
    Subject(Kind.WALKER, Action.JUMP),
)
BOATS = tuple(Subject(Kind.BOAT, Action.SAIL, direction=Direction.RIGHT, craft=craft) for craft in Craft)
AT_HOME = {
    Setting.REEF: (Subject(Kind.DIVER, Action.SWIM), Subject(Kind.FISH, Action.SWIM, 40)),
    Setting.SEA: BOATS,
}
"""Who is seen where nobody can walk."""
PLAYS = (
    *PEOPLE,
    Subject(Kind.MUSICIAN, Action.PLAY, prop="trumpet"),
    Subject(Kind.DIVER, Action.SWIM),
    Subject(Kind.BIRDS, Action.FLY, 12),
    Subject(Kind.FISH, Action.SWIM, 40),
    *BOATS,
    Subject(Kind.CARAVAN, Action.OPEN),
    Subject(Kind.DRONES, Action.FLY, 3),
    Subject(Kind.BALLS, Action.BOUNCE, 3),
    Subject(Kind.VEHICLE, Action.DRIVE),
)
HOME = {Kind.DIVER: Setting.REEF, Kind.FISH: Setting.REEF, Kind.BOAT: Setting.SEA, Kind.CARAVAN: Setting.CLIFF}

SHOWPIECES: tuple[tuple[Setting, Time, Weather, Subject, Glow | None], ...] = (
    (Setting.HARBOUR, Time.NIGHT, Weather.FOG, Subject(Kind.COURIER, Action.WALK, 1, "mustard", prop="parcel"), None),
    (Setting.SEA, Time.SUNSET, Weather.CLEAR, Subject(Kind.BOAT, Action.SAIL, craft=Craft.SAILING), None),
    (Setting.REEF, Time.DAY, Weather.CLEAR, Subject(Kind.DIVER, Action.SWIM), None),
    (Setting.ALLEY, Time.NIGHT, Weather.RAIN, Subject(Kind.WALKER, Action.WALK, colour="red", prop="umbrella"), None),
    (Setting.CLIFF, Time.SUNSET, Weather.WIND, Subject(Kind.CARAVAN, Action.OPEN), None),
    (Setting.ROOFTOP, Time.NIGHT, Weather.CLEAR, Subject(Kind.DANCER, Action.DANCE, colour="crimson"), Glow.NEON),
    (Setting.MOUNTAINS, Time.DAWN, Weather.CLEAR, Subject(Kind.BIRDS, Action.FLY, 12), None),
    (Setting.STAGE, Time.NIGHT, Weather.CLEAR, Subject(Kind.MUSICIAN, Action.PLAY, prop="guitar"), Glow.SPOTLIGHTS),
    (Setting.FOREST, Time.DAWN, Weather.FOG, Subject(Kind.RUNNER, Action.RUN, colour="teal"), None),
    (Setting.MARSH, Time.NIGHT, Weather.CLEAR, Subject(Kind.WALKER, Action.WADE, prop="lantern"), Glow.FIREFLIES),
    (Setting.DUNES, Time.NIGHT, Weather.CLEAR, Subject(Kind.DANCER, Action.SPIN, prop="ribbon"), Glow.LANTERNS),
    (Setting.HALL, Time.NIGHT, Weather.RAIN, Subject(Kind.MUSICIAN, Action.PLAY, prop="trumpet"), None),
)  # fmt: skip


def world(
    sheet: Path = typer.Option(..., "--sheet", help="The picture to write (PNG or JPEG)."),
    show: Show = typer.Option(
        Show.TIMES, help="Settings by times or weathers, subjects, cameras, strips, or twelve showpieces."
    ),
    size: str = typer.Option("432x240", help="Size of each picture."),
    seed: int = typer.Option(3, help="The scenes' seed."),
    prompt: str | None = typer.Option(None, help="Show twelve moments of this prompt instead."),
    prompts: Path | None = typer.Option(
        None,
        "--seeds",
        exists=True,
        dir_okay=False,
        help="Show three moments of each prompt of a JSON file.",
    ),
    fast: bool = typer.Option(False, help="Draw with one sample."),
    quality: int = typer.Option(88, min=20, max=95, help="Quality of a JPEG."),
) -> None:
    """Draw a contact sheet of the procedural film set."""
    shape = Size.parse(size)
    effort = Effort.FAST if fast else Effort.FULL
    if prompts:
        rows: Iterable[Row] = [_glances(*each, seed) for each in prompts_in(prompts)]
    else:
        rows = _moments(understand(prompt, seed, False)[0], 4) if prompt else _rows(show, seed)
    pictures = [[_picture(scene, frame, shape, effort) for scene, frame in row] for row in rows]
    Image.fromarray(joined(pictures)).save(sheet, quality=quality, optimize=True)
    print(sheet)


def prompts_in(file: Path) -> list[tuple[str, bool]]:
    """The prompts of a JSON file in order, each with whether its camera is to be fixed.

    The file holds a list (or a list under "seeds") of requests as the contracts' examples are (under "request"), of
    {"prompt": ..., "camera_fixed": ...}, or of texts. Raises BadParameter if it holds no prompt.
    """
    data = json.loads(file.read_text(encoding="utf-8"))
    found = []
    for entry in data["seeds"] if isinstance(data, dict) else data:
        request: dict[str, Any] = {"prompt": entry} if isinstance(entry, str) else entry.get("request", entry)
        provider = request.get("providerSettings", {}).get("bytedance", {})
        text = request.get("positivePrompt") or request.get("prompt")
        if text:
            found.append((str(text), bool(request.get("camera_fixed", provider.get("cameraFixed", False)))))
    if not found:
        raise typer.BadParameter(f"{file} holds no prompt.")
    return found


def _glances(prompt: str, camera_fixed: bool, seed: int) -> Row:
    """Three moments of a prompt's clip: near its start, in the middle, near its end."""
    scene = understand(prompt, seed, camera_fixed)[0]
    return [(scene, frame) for frame in (7, 60, 113)]


def joined(rows: list[list[Picture]], gap: int = 4) -> Picture:
    """Rows of equal pictures as one."""
    height, width = rows[0][0].shape[:2]
    columns = max(len(row) for row in rows)
    page = np.full((len(rows) * (height + gap), columns * (width + gap), 3), 12, np.uint8)
    for r, row in enumerate(rows):
        for c, picture in enumerate(row):
            page[r * (height + gap) : r * (height + gap) + height, c * (width + gap) : c * (width + gap) + width] = (
                picture
            )
    return page


Row = list[tuple[Scene, int]]
_films: dict[tuple[Scene, Size, Effort], Film] = {}


def _picture(scene: Scene, frame: int, size: Size, effort: Effort) -> Picture:
    key = (scene, size, effort)
    if key not in _films:
        _films.clear()
        _films[key] = Film(scene, size, TIMING, effort)
    return _films[key].frame(frame)


def _rows(show: Show, seed: int) -> Iterator[Row]:
    if show is Show.TIMES:
        for k, setting in enumerate(Setting):
            yield [
                (_scene(setting, time, Weather.CLEAR, _hero(setting, 3 * k + j), seed), 55)
                for j, time in enumerate(Time)
            ]
    elif show is Show.WEATHERS:
        for k, setting in enumerate(Setting):
            time = list(Time)[k % 4]
            yield [(_scene(setting, time, weather, _hero(setting, k), seed), 55) for weather in Weather]
    elif show is Show.SUBJECTS:
        for play in PLAYS:
            scene = _scene(HOME.get(play.kind, Setting.ROOFTOP), Time.SUNSET, Weather.CLEAR, play, seed)
            yield [(scene, frame) for frame in (0, 24, 48, 72, 96, 120)]
    elif show is Show.HERO:
        pieces = [(_showpiece(*piece, seed), 55) for piece in SHOWPIECES]
        yield from (pieces[start : start + 4] for start in range(0, len(pieces), 4))
    elif show is Show.CAMERAS:
        for move in Move:
            scene = _scene(Setting.HARBOUR, Time.SUNSET, Weather.CLEAR, PLAYS[2], seed, move)
            yield [(scene, frame) for frame in (0, 30, 60, 90, 120)]
    else:
        for play in PLAYS:
            goes = play.action in (Action.WALK, Action.RUN, Action.SKATE, Action.DRIVE)
            move = Move.TRACKING if goes else Move.FIXED
            scene = _scene(HOME.get(play.kind, Setting.DUNES), Time.DAY, Weather.CLEAR, play, seed, move)
            yield [(scene, 40 + frame) for frame in range(12)]


def _hero(setting: Setting, number: int) -> Subject:
    """Somebody who can be in a setting."""
    fitting = AT_HOME.get(setting, PEOPLE)
    return fitting[number % len(fitting)]


def _showpiece(setting: Setting, time: Time, weather: Weather, hero: Subject, glow: Glow | None, seed: int) -> Scene:
    return Scene(
        setting, time, weather, seed, (hero,), (CameraSection(0.0, Camera(Move.PUSH_IN)),), (glow,) if glow else ()
    )


def _moments(scene: Scene, columns: int) -> Iterator[Row]:
    frames = [round(k * (TIMING.frames - 1) / 11) for k in range(12)]
    for start in range(0, 12, columns):
        yield [(scene, frame) for frame in frames[start : start + columns]]


def _scene(
    setting: Setting, time: Time, weather: Weather, hero: Subject, seed: int, move: Move = Move.PUSH_IN
) -> Scene:
    return Scene(setting, time, weather, seed, (hero,), (CameraSection(0.0, Camera(move)),))
