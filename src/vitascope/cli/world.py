"""`vitascope world`: contact sheets of the film set, to judge its look and its motion at one glance."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import numpy as np
import typer
from PIL import Image

from vitascope.scene.scene import Action, Camera, Glow, Kind, Move, Scene, Section, Setting, Subject, Time, Weather
from vitascope.scene.understand import understand
from vitascope.values import Effort, Picture, Size, Timing
from vitascope.world.film import Film

TIMING = Timing(121)


class Show(StrEnum):
    """What a sheet shows."""

    TIMES = "times"
    WEATHERS = "weathers"
    SUBJECTS = "subjects"
    CAMERAS = "cameras"
    STRIPS = "strips"
    HERO = "hero"


PLAYS: tuple[tuple[Kind, Action, str | None], ...] = (
    (Kind.DANCER, Action.DANCE, None),
    (Kind.DANCER, Action.SPIN, "ribbon"),
    (Kind.WALKER, Action.WALK, None),
    (Kind.WALKER, Action.WALK, "umbrella"),
    (Kind.RUNNER, Action.RUN, None),
    (Kind.SKATER, Action.SKATE, None),
    (Kind.COURIER, Action.WALK, "parcel"),
    (Kind.MUSICIAN, Action.PLAY, "violin"),
    (Kind.MUSICIAN, Action.PLAY, "guitar"),
    (Kind.DRUMMER, Action.PLAY, None),
    (Kind.CROWD, Action.STAND, None),
    (Kind.WALKER, Action.JUMP, None),
    (Kind.DIVER, Action.SWIM, None),
    (Kind.BIRDS, Action.FLY, None),
    (Kind.FISH, Action.SWIM, None),
    (Kind.BOAT, Action.SAIL, None),
    (Kind.CARAVAN, Action.OPEN, None),
    (Kind.DRONES, Action.FLY, None),
    (Kind.BALLS, Action.BOUNCE, None),
    (Kind.VEHICLE, Action.DRIVE, None),
)
HOME = {Kind.DIVER: Setting.REEF, Kind.FISH: Setting.REEF, Kind.BOAT: Setting.SEA, Kind.CARAVAN: Setting.CLIFF}

SHOWPIECES: tuple[tuple[Setting, Time, Weather, Subject, Glow | None], ...] = (
    (Setting.HARBOUR, Time.NIGHT, Weather.FOG, Subject(Kind.COURIER, Action.WALK, 1, "mustard", prop="parcel"), None),
    (Setting.SEA, Time.SUNSET, Weather.CLEAR, Subject(Kind.BOAT, Action.SAIL), None),
    (Setting.REEF, Time.DAY, Weather.CLEAR, Subject(Kind.FISH, Action.SWIM, 40), None),
    (Setting.ALLEY, Time.NIGHT, Weather.RAIN, Subject(Kind.WALKER, Action.WALK, colour="red", prop="umbrella"), None),
    (Setting.CLIFF, Time.SUNSET, Weather.WIND, Subject(Kind.CARAVAN, Action.OPEN), None),
    (Setting.ROOFTOP, Time.NIGHT, Weather.CLEAR, Subject(Kind.DANCER, Action.DANCE, colour="crimson"), Glow.NEON),
    (Setting.MOUNTAINS, Time.DAWN, Weather.CLEAR, Subject(Kind.BIRDS, Action.FLY, 12), None),
    (Setting.STAGE, Time.NIGHT, Weather.CLEAR, Subject(Kind.MUSICIAN, Action.PLAY, prop="guitar"), Glow.SPOTLIGHTS),
    (Setting.FOREST, Time.DAWN, Weather.FOG, Subject(Kind.RUNNER, Action.RUN, colour="teal"), None),
    (Setting.MARSH, Time.NIGHT, Weather.CLEAR, Subject(Kind.WALKER, Action.WADE, prop="lantern"), Glow.FIREFLIES),
    (Setting.DUNES, Time.NIGHT, Weather.CLEAR, Subject(Kind.DANCER, Action.SPIN, prop="ribbon"), Glow.LANTERNS),
    (Setting.SKYLINE, Time.SUNSET, Weather.SNOW, Subject(Kind.SKATER, Action.SKATE, colour="silver"), None),
)  # fmt: skip


def world(
    sheet: Path = typer.Option(..., "--sheet", help="The picture to write (PNG or JPEG)."),
    show: Show = typer.Option(
        Show.TIMES, help="Settings by times or weathers, subjects, cameras, strips, or twelve showpieces."
    ),
    size: str = typer.Option("432x240", help="Size of each picture."),
    seed: int = typer.Option(3, help="The scenes' seed."),
    prompt: str | None = typer.Option(None, help="Show twelve moments of this prompt instead."),
    fast: bool = typer.Option(False, help="Draw with one sample."),
) -> None:
    """Draw a contact sheet of the procedural film set."""
    shape = Size.parse(size)
    effort = Effort.FAST if fast else Effort.FULL
    rows = _moments(understand(prompt, seed, False)[0], 4) if prompt else _rows(show, seed)
    pictures = [[_picture(scene, frame, shape, effort) for scene, frame in row] for row in rows]
    Image.fromarray(joined(pictures)).save(sheet, quality=88)
    print(sheet)


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
                (_scene(setting, time, Weather.CLEAR, PLAYS[(3 * k + j) % 12], seed), 55) for j, time in enumerate(Time)
            ]
    elif show is Show.WEATHERS:
        for k, setting in enumerate(Setting):
            time = list(Time)[k % 4]
            yield [(_scene(setting, time, weather, PLAYS[k % 12], seed), 55) for weather in Weather]
    elif show is Show.SUBJECTS:
        for play in PLAYS:
            scene = _scene(HOME.get(play[0], Setting.ROOFTOP), Time.SUNSET, Weather.CLEAR, play, seed)
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
            goes = play[1] in (Action.WALK, Action.RUN, Action.SKATE, Action.DRIVE)
            move = Move.TRACKING if goes else Move.FIXED
            scene = _scene(HOME.get(play[0], Setting.DUNES), Time.DAY, Weather.CLEAR, play, seed, move)
            yield [(scene, 40 + frame) for frame in range(12)]


def _showpiece(setting: Setting, time: Time, weather: Weather, hero: Subject, glow: Glow | None, seed: int) -> Scene:
    return Scene(setting, time, weather, seed, (hero,), (Section(0.0, Camera(Move.PUSH_IN)),), (glow,) if glow else ())


def _moments(scene: Scene, columns: int) -> Iterator[Row]:
    frames = [round(k * (TIMING.frames - 1) / 11) for k in range(12)]
    for start in range(0, 12, columns):
        yield [(scene, frame) for frame in frames[start : start + columns]]


def _scene(
    setting: Setting,
    time: Time,
    weather: Weather,
    play: tuple[Kind, Action, str | None],
    seed: int,
    move: Move = Move.PUSH_IN,
) -> Scene:
    kind, action, prop = play
    if kind is Kind.DIVER and setting is not Setting.REEF:
        kind, action = Kind.WALKER, Action.WALK
    many = {Kind.BIRDS: 12, Kind.FISH: 40, Kind.DRONES: 3, Kind.BALLS: 3}.get(kind, 1)
    camera = (Section(0.0, Camera(move)),)
    return Scene(setting, time, weather, seed, (Subject(kind, action, many, prop=prop),), camera)
