"""Boats: each kind has its own shape, its crew aboard, and sounds that lie where oars and engines are seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.filmset.scenes import scene
from vitascope.filmset.film import Film
from vitascope.filmset.movers.crew import Deck, seated, standing
from vitascope.filmset.people.skeleton import FORE, SHIN, THIGH, UPPER
from vitascope.filmset.scene.scene import Action, Craft, Direction, Kind, Noise, Scene, Setting, Subject
from vitascope.filmset.stage.cast import cast
from vitascope.filmset.stage.events import events
from vitascope.filmset.stage.play import pull
from vitascope.filmset.stage.site import craft_of
from vitascope.values import Effort, Picture, Size, Timing

TIMING, SIZE = Timing(121), Size(432, 240)


def afloat(craft: Craft | None, way: Direction = Direction.RIGHT, setting: Setting = Setting.SEA) -> Scene:
    made = scene(None, setting=setting)
    return replace(made, subjects=(Subject(Kind.BOAT, Action.SAIL, direction=way, craft=craft),))


def frame(made: Scene, index: int = 40) -> Picture:
    return Film(made, SIZE, TIMING, Effort.FAST).frame(index)


def difference(a: Picture, b: Picture) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def test_kinds_of_boats_look_different_from_each_other() -> None:
    frames = [frame(afloat(craft)) for craft in Craft]
    for k, one in enumerate(frames):
        for other in frames[k + 1 :]:
            assert difference(one, other) > 1.0


def test_an_open_kind_is_one_that_is_usual_there_and_varies_with_the_seed() -> None:
    found = {craft_of(replace(afloat(None, setting=Setting.MARSH), seed=seed), 0) for seed in range(20)}
    assert found == {Craft.ROWING, Craft.GONDOLA}
    assert craft_of(afloat(Craft.FERRY, setting=Setting.MARSH), 0) is Craft.FERRY


def test_the_rower_moves_with_the_oars() -> None:
    film = Film(afloat(Craft.ROWING, setting=Setting.MARSH), SIZE, TIMING, Effort.FAST)
    actor = film.cast.actors[0]
    times = np.arange(0, 5.2, 1 / 48)
    sweeps = [pull(actor, float(t))[0] for t in times]
    assert max(sweeps) > 0.99 and min(sweeps) < -0.99
    assert np.abs(np.diff(sweeps)).max() < 0.12  # no jump at the catch or the finish


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_bones_aboard_keep_their_length(way: float) -> None:
    deck = Deck(2.0, 9.0, way)
    hold = (deck.at(0.6, 0.8, 0.1), deck.at(0.6, 0.8, -0.1))
    for made in (standing(deck, (0.3, 0.2), hold, 1.0, 1.0, 5), seated(deck, (1.0, 0.3), hold, -1.0, 0.2, 1.0, 5)):
        for k in (0, 1):
            assert np.linalg.norm(made.knees[k] - made.hips[k]) == pytest.approx(THIGH * made.scale, rel=0.02)
            assert np.linalg.norm(made.ankles[k] - made.knees[k]) == pytest.approx(SHIN * made.scale, rel=0.02)
            assert np.linalg.norm(made.elbows[k] - made.shoulders[k]) == pytest.approx(UPPER * made.scale, rel=0.02)
            assert np.linalg.norm(made.wrists[k] - made.elbows[k]) == pytest.approx(FORE * made.scale, rel=0.02)
        assert made.head[1] > made.chest[1] > made.pelvis[1] > made.ankles[0][1]


@pytest.mark.parametrize(
    ("craft", "heard", "unheard"),
    [
        (Craft.ROWING, {Noise.SPLASH}, {Noise.ENGINE}),
        (Craft.GONDOLA, {Noise.SPLASH}, {Noise.ENGINE}),
        (Craft.SAILING, {Noise.CREAK, Noise.SPLASH}, {Noise.ENGINE}),
        (Craft.FISHING, {Noise.ENGINE}, set()),
        (Craft.FERRY, {Noise.ENGINE}, set()),
    ],
)
def test_boats_sound_like_what_drives_them(craft: Craft, heard: set[Noise], unheard: set[Noise]) -> None:
    noises = {event.noise for event in events(afloat(craft, setting=Setting.MARSH), TIMING, SIZE)}
    assert heard <= noises and not unheard & noises


def test_oars_are_heard_when_they_go_in() -> None:
    made = afloat(Craft.ROWING, setting=Setting.MARSH)
    actor = cast(made, SIZE, TIMING).actors[0]
    splashes = [event.time for event in events(made, TIMING, SIZE) if event.noise is Noise.SPLASH]
    assert splashes
    for time in splashes:
        assert pull(actor, time - 0.03)[1] == 0.0 < pull(actor, time + 0.03)[1]
