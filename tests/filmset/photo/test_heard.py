"""What given pictures sound like: what is found, where it is seen, on the clock of what is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.filmset.photo.pictures import gorge, landscape, plain, scene
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.lightning import flashes
from vitascope.filmset.photo.living import ripple_period
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.script import Script
from vitascope.filmset.scene.scene import Ambience, Camera, Direction, Move, Noise, Scene, Weather
from vitascope.values import Picture, Size, Timing

SIZE, LONG = Size(432, 240), Timing(145)


def clip(picture: Picture, told: Scene, *stirs: Stir, last: Picture | None = None) -> MovingPhoto:
    return MovingPhoto(picture, last, told, SIZE, LONG, 5, script=Script(frozenset(stirs)))


def fixed(weather: Weather = Weather.CLEAR, ambience: tuple[Ambience, ...] = ()) -> Scene:
    return replace(scene(Camera(Move.FIXED), weather), ambience=ambience)


def test_a_fall_is_heard_where_it_is_seen() -> None:
    picture = np.ascontiguousarray(np.roll(gorge(SIZE), -140, axis=1))
    beds = {bed.name: bed for bed in clip(picture, fixed(), Stir.CURRENT).heard().beds}
    assert "torrent" in beds and -0.9 < beds["torrent"].pans[0] < -0.4
    assert beds["torrent"].width < 0.4


def test_a_panning_camera_moves_the_sound_the_other_way() -> None:
    told = scene(Camera(Move.PAN, Direction.RIGHT))
    bed = next(bed for bed in clip(gorge(SIZE), told, Stir.CURRENT).heard().beds if bed.name == "torrent")
    assert bed.pans[-1] < bed.pans[0] - 0.05


def test_lake_leaves_and_wind_are_found_and_a_wall_is_silent() -> None:
    assert {bed.name for bed in clip(landscape(SIZE), fixed()).heard().beds} == {"lapping", "leaves", "wind"}
    assert clip(plain(SIZE, (90, 80, 70)), fixed()).heard().beds == ()


def test_thunder_belongs_to_the_flashes_that_are_seen() -> None:
    events = clip(landscape(SIZE), fixed(Weather.STORM)).heard().events
    thunder = [event for event in events if event.noise is Noise.THUNDER]
    assert thunder
    assert [event.time for event in thunder] == [flash.time for flash in flashes(5, float(LONG.seconds))]
    assert all(event.distance >= 40 for event in thunder)


def test_waves_break_as_often_as_ripples_come() -> None:
    events = clip(landscape(SIZE), fixed(ambience=(Ambience.WAVES,))).heard().events
    times = [event.time for event in events if event.noise is Noise.WAVE]
    assert len(times) >= 2 and np.allclose(np.diff(times), ripple_period(0.3))


def test_strangers_are_heard_one_after_the_other() -> None:
    beds = clip(landscape(SIZE), fixed(), last=plain(SIZE, (200, 20, 20))).heard().beds
    assert beds and all((bed.start, bed.end) == (0.0, 0.5) for bed in beds)
