"""Weather under a roof: every indoor setting shows by its glass and gratings what the weather outside does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.filmset.scenes import scene
from vitascope.filmset.film import Film
from vitascope.filmset.scene.scene import Scene, Setting, Time, Variant, Weather
from vitascope.filmset.stage.pulse import flashes
from vitascope.filmset.stage.site import indoor
from vitascope.values import Effort, Picture, Size, Timing

SIZE, TIMING = Size(432, 240), Timing(121)
ROOMS = [
    (Setting.HALL, Variant.LAUNDROMAT),
    (Setting.HALL, Variant.ARCADE),
    (Setting.TUNNEL, None),
    (Setting.STAGE, Variant.INDOORS),
]


def room(setting: Setting, variant: Variant | None, weather: Weather, time: Time = Time.DAY) -> Scene:
    return replace(scene(None, setting=setting), variant=variant, weather=weather, time=time, wind=0.3)


def moments(made: Scene, *times: float) -> list[Picture]:
    film = Film(made, SIZE, TIMING, Effort.FAST)
    return [film.frame(round(t * 24)) for t in times]


def change(a: Picture, b: Picture) -> float:
    """The share of pixels that differ clearly."""
    return float((np.abs(a.astype(int) - b).max(axis=2) > 12).mean())


@pytest.mark.parametrize(("setting", "variant"), ROOMS)
@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.SNOW, Weather.FOG])
def test_a_room_shows_the_weather(setting: Setting, variant: Variant | None, weather: Weather) -> None:
    assert indoor(room(setting, variant, weather))
    clear, other = (moments(room(setting, variant, kind), 2.0)[0] for kind in (Weather.CLEAR, weather))
    assert change(clear, other) > 0.01


@pytest.mark.parametrize(("setting", "variant"), ROOMS)
def test_lightning_is_seen_indoors_when_it_strikes(setting: Setting, variant: Variant | None) -> None:
    made = room(setting, variant, Weather.STORM, Time.NIGHT)
    strike = flashes(made.seed, Weather.STORM, 5.0)[0][0]
    before, during = moments(made, strike - 0.15, strike + 0.03)
    assert during.mean() > before.mean() + 4


@pytest.mark.parametrize(("setting", "variant"), ROOMS[:3])
def test_the_hour_comes_in_through_the_glass(setting: Setting, variant: Variant | None) -> None:
    day, night = (moments(room(setting, variant, Weather.CLEAR, hour), 2.0)[0] for hour in (Time.DAY, Time.NIGHT))
    assert day.mean() > night.mean() + 8


def test_a_festival_is_wet_in_the_rain_and_a_theatre_is_not() -> None:
    wet, dry = (room(Setting.STAGE, kind, Weather.RAIN) for kind in (Variant.OPEN_AIR, Variant.INDOORS))
    assert not indoor(wet) and indoor(dry)
    a, b = moments(wet, 2.0)[0], moments(replace(wet, weather=Weather.CLEAR), 2.0)[0]
    assert change(a[-60:], b[-60:]) > 0.2
