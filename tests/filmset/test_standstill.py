"""A prompt that says that nothing moves is taken at its word, in drawn scenes and over given pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.filmset.photo.pictures import city, cup, flag, gorge, landscape, plain, starry
from vitascope.engines.filmset import FilmSet
from vitascope.engines.protocol import Unattended
from vitascope.filmset.film import Film
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.script import scripted
from vitascope.filmset.prompt.understand import understand
from vitascope.media.encode import encode
from vitascope.media.probe import pictures
from vitascope.values import Container, Picture, Shot, Size, Timing

SIZE, TIMING = Size(288, 160), Timing(49)
CODEC = 12  # levels by which the encoder may change what it was given as the same picture
WORDINGS = [
    "Nothing moves",
    "Absolutely nothing in this picture moves.",
    "Completely still",
    "The scene is perfectly still, frozen in time",
    "Everything is frozen",
    "Motionless, not a thing moves",
    "A still photograph",
    "No movement at all",
    "Nada se mueve en la escena",
    "Todo en la foto está completamente inmóvil",
    "Rien ne bouge dans cette image",
    "Nichts bewegt sich in dem Bild",
    "Nichts bewegt sich",
    "Rien ne bouge",
    "Die Szene ist völlig still und bewegungslos",
    "画面完全静止,什么都不动",
    "何も動かない、静止画",
]
PLACES = {
    "by the sea": "A sea cliff at sunset, waves and clouds",
    "in the rain": "A dancer in a market alley at night in the rain, lanterns and neon",
    "in a storm": "A forest in a thunderstorm, strong wind",
    "at a concert": "A drummer and a cheering crowd on a concert stage",
    "under water": "A school of fish over a coral reef",
}


MOMENTS = (0, 11, 24, 35, 48)


def frames(prompt: str, first: Picture | None = None, fixed: bool = True) -> list[Picture]:
    """Frames of a clip at these moments, drawn as the engine draws them."""
    if first is None:
        scene, _ = understand(prompt, 5, fixed)
        film: Film | MovingPhoto = Film(scene, SIZE, TIMING)
    else:
        told, script, _ = scripted(prompt, 5, fixed)
        film = MovingPhoto(first, None, told, SIZE, TIMING, 5, script=script)
    return [film.frame(index) for index in MOMENTS]


@pytest.mark.parametrize("wording", WORDINGS)
def test_every_wording_is_read(wording: str) -> None:
    scene, reading = understand(wording, 5)
    assert scene.still and not scene.but
    assert {entry.slot for entry in reading.understood if entry.words} >= {"stillness", "camera"}


def apart(one: Picture, two: Picture) -> int:
    return int(np.abs(one.astype(int) - two).max())


def graphic() -> Picture:
    """A flat drawing: areas of one colour with sharp edges."""
    picture = plain(SIZE, (250, 250, 250))
    picture[40:120, 60:140], picture[60:140, 170:250] = (200, 30, 40), (20, 60, 160)
    return picture


@pytest.mark.parametrize("wording", WORDINGS)
def test_a_given_picture_stays_as_it_is(wording: str) -> None:
    for picture in (graphic(), landscape(SIZE)):
        clip = frames(wording, picture)
        assert all(np.array_equal(frame, picture) for frame in clip)


@pytest.mark.parametrize("make", [city, cup, flag, gorge, landscape, starry])
@pytest.mark.parametrize("fixed", [True, False])
def test_whatever_it_shows(make: object, fixed: bool) -> None:
    picture = make(SIZE)  # type: ignore[operator]
    clip = frames("A windy night, rain, fireflies, steam and a flag. Nothing moves.", picture, fixed)
    assert all(np.array_equal(frame, picture) for frame in clip)


def test_without_these_words_something_moves() -> None:
    for picture in (graphic(), landscape(SIZE)):
        clip = frames("A view", picture)
        assert apart(clip[0], clip[2]) > 8


@pytest.mark.parametrize("place", PLACES)
def test_a_drawn_scene_stands_still(place: str) -> None:
    clip = frames(f"{PLACES[place]}. Nothing moves.", fixed=False)
    assert all(np.array_equal(frame, clip[0]) for frame in clip)


@pytest.mark.parametrize("first", [None, graphic()], ids=["drawn", "given"])
def test_a_decoded_clip_stands_still(first: Picture | None, tmp_path: Path) -> None:
    shot = Shot("Nothing moves", SIZE, TIMING, seed=5, camera_fixed=True, first=first)
    encode(FilmSet(1).generate(shot, Unattended()), Container.MP4, 95, tmp_path / "clip.mp4", notes={})
    shown = list(pictures(tmp_path / "clip.mp4"))
    assert max(apart(shown[0], shown[24]), apart(shown[0], shown[48])) <= CODEC


MOVING = {
    "Nothing moves but the red flag": flag,
    "The red flag waves in the wind. Nothing else moves": flag,
    "Only the red flag moves": flag,
    "Everything is frozen except the red flag": flag,
    "Nothing but the red flag moves": flag,
    "Nichts bewegt sich außer der roten Fahne": flag,
    "Rien ne bouge sauf le drapeau": flag,
    "Nothing moves, except the waterfall": gorge,
    "除了瀑布以外，一切静止": gorge,
    "滝以外は何も動かない": gorge,
}


@pytest.mark.parametrize("prompt", MOVING)
def test_what_the_words_except_moves(prompt: str) -> None:
    picture = MOVING[prompt](SIZE)
    changed = np.abs(frames(prompt, picture)[3].astype(int) - picture).max(axis=2) > 8
    assert 0.002 < changed.mean() < 0.4


DRAWN = {
    "A dancer on a concert stage. Nothing moves but the dancer": ("dancer",),
    "A forest in the rain. Nothing moves but the rain": ("weather",),
    "Everything is frozen except a dancer in red on a rooftop": ("dancer",),
    "Waves on the open sea, nothing moves except the water": ("water",),
    "A woman walks through a market. Nothing else moves": ("people",),
}


@pytest.mark.parametrize("prompt", DRAWN)
def test_what_the_words_except_moves_in_a_drawn_scene(prompt: str) -> None:
    scene, _ = understand(prompt, 5, True)
    assert scene.still and set(DRAWN[prompt]) <= set(scene.but)
    clip = frames(prompt)
    assert apart(clip[0], clip[2]) > 20


ORDINARY = [
    "A dancer stands completely still while rain falls",
    "A frozen lake in winter",
    "Still water in the marsh",
    "The camera is completely still, waves roll in",
    "No camera movement, static shot of a harbour",
    "Nothing moves until the door opens",
    "A violinist stands motionless on a platform",
    "She wears nothing but red; the caravan moves on",
    "A train in still air",
    "A still camera, nothing special",
    "Almost nothing moves",
]


@pytest.mark.parametrize("prompt", ORDINARY)
def test_stillness_of_one_thing_is_not_that_of_all(prompt: str) -> None:
    assert not understand(prompt, 5)[0].still


def test_a_camera_that_is_asked_for_moves() -> None:
    scene, _ = understand("Everything is frozen in time, the camera orbits to the right", 5)
    assert scene.still and scene.sections[0].camera.move.value == "orbit"
    assert scripted("Nothing moves, slow push in", 5)[0].sections[0].camera.move.value == "push in"


def test_it_is_told() -> None:
    _, reading = understand("A forest. Nothing moves but the trees", 5)
    told = {entry.slot: entry for entry in reading.understood}
    assert (told["stillness"].value, told["camera"].value) == ("nothing moves but plants", "fixed")
    assert "Nothing moves" in told["stillness"].words and reading.missed == ()
