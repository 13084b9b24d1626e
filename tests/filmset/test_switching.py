"""Light that changes within a clip: lamps and windows come on one after another, each at a moment of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.filmset.scenes import scene
from vitascope.filmset.film import Film
from vitascope.filmset.scene.scene import Scene, Setting, Time
from vitascope.filmset.stage.backlot import Backlot
from vitascope.filmset.stage.cast import cast
from vitascope.filmset.stage.light import light
from vitascope.filmset.stage.switching import FIRST, LAST, changes, moment, switch
from vitascope.values import Effort, Size, Timing

SIZE, TIMING = Size(432, 240), Timing(121)
SECONDS = float(TIMING.seconds)


def falling(setting: Setting = Setting.SKYLINE) -> Scene:
    return replace(scene(None, setting=setting), time=Time.DAY, later=Time.NIGHT)


def staging(whole: Scene, time: Time) -> Backlot:
    """The backlot of one of a changing scene's two stagings."""
    company = cast(whole, SIZE, TIMING)
    own = replace(whole, time=time, later=None)
    return Backlot(own, company, light(own, company.lens, TIMING), SIZE, Effort.FAST)


def test_only_the_darker_staging_of_a_changing_scene_switches() -> None:
    dusk = falling()
    assert changes(staging(dusk, Time.NIGHT)) == 1 and changes(staging(dusk, Time.DAY)) == 0
    dawn = replace(dusk, time=Time.NIGHT, later=Time.DAWN)
    assert changes(staging(dawn, Time.NIGHT)) == -1 and changes(staging(dawn, Time.DAWN)) == 0
    still = replace(dusk, later=None)
    assert changes(staging(still, Time.DAY)) == 0 and switch(staging(still, Time.DAY), "lamp") is None


def test_every_lamp_has_its_own_moment_and_stays_on() -> None:
    lot = staging(falling(), Time.NIGHT)
    moments = [moment(lot, "lamp", k) for k in range(40)]
    assert min(moments) >= FIRST * SECONDS and max(moments) <= LAST * SECONDS
    assert np.diff(sorted(moments)).max() < 0.5 and len({round(m, 3) for m in moments}) > 35
    for k in range(5):
        power = switch(lot, "lamp", k)
        assert power is not None
        assert power(moments[k] - 0.02) == 0.0 and power(moments[k] + 0.4) == 1.0
        assert max(abs(power(t + 0.02) - power(t)) for t in np.arange(0, SECONDS, 0.02)) < 0.45


def test_lamps_go_out_when_the_day_comes() -> None:
    power = switch(staging(replace(falling(), time=Time.NIGHT, later=Time.DAY), Time.NIGHT), "lamp")
    assert power is not None and power(0.0) == 1.0 and power(SECONDS) == 0.0


def test_a_city_lights_up_little_by_little() -> None:
    film = Film(falling(), SIZE, TIMING, Effort.FAST)
    assert film.late is not None
    lit = []
    for t in (1.0, 2.2, 2.8, 3.4, 4.4):
        view = film.cast.camera.view(t)
        picture = film.late.draw(view, t, 0.0).toarray()[..., :3].astype(int)
        lit.append(int((picture[:150].max(axis=2) > 150).sum()))
    steps = np.diff(lit)
    assert steps.min() > -30 and (steps > 15).sum() >= 3 and lit[-1] > lit[0] + 150


def test_the_end_is_as_bright_as_a_night_from_the_start() -> None:
    late = Film(falling(Setting.HARBOUR), SIZE, TIMING, Effort.FAST).frame(120)
    night = Film(replace(falling(Setting.HARBOUR), time=Time.NIGHT, later=None), SIZE, TIMING, Effort.FAST).frame(120)
    assert np.abs(late.astype(int) - night).mean() < 3
