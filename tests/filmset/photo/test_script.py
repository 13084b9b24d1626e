"""What a prompt asks of a given picture: only what it says."""

from __future__ import annotations

import pytest

from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.script import scripted
from vitascope.filmset.scene.scene import Ambience, Direction, Move, Time, Weather


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_chosen_for_a_picture(seed: int) -> None:
    scene, script, reading = scripted("make it come alive", seed)
    assert (scene.weather, scene.time, scene.subjects, scene.glows) == (Weather.CLEAR, Time.DAY, (), ())
    assert scene.sections[0].camera.move in (Move.PUSH_IN, Move.ORBIT)
    assert not script.stirs and not script.placed
    assert not any("chose" in remark for remark in reading.remarks)
    assert {found.slot for found in reading.understood} == {"camera"}


def test_what_is_said_is_kept() -> None:
    scene, script, reading = scripted("Snow falls on the mountains at night, handheld camera", 1)
    assert (scene.weather, scene.time) == (Weather.SNOW, Time.NIGHT)
    assert scene.sections[0].camera.move is Move.HANDHELD and script.placed
    assert {"weather", "time", "setting", "camera"} <= {found.slot for found in reading.understood}


def test_a_denied_weather_is_no_weather() -> None:
    for seed in range(8):
        assert scripted("a quiet street, no fog", seed)[0].weather is Weather.CLEAR


def test_the_light_goes_where_the_prompt_ends() -> None:
    assert scripted("from daylight to night", 1)[0].time is Time.NIGHT


def test_a_fixed_camera_stays_fixed() -> None:
    assert scripted("the camera orbits", 1, camera_fixed=True)[0].sections[0].camera.move is Move.FIXED
    assert scripted("", 1, camera_fixed=True)[0].sections[0].camera.move is Move.FIXED


@pytest.mark.parametrize(
    ("prompt", "stirs"),
    [
        ("Steam rises from the cup", {Stir.STEAM}),
        ("a waterfall roars, autumn leaves drift past", {Stir.CURRENT, Stir.LEAVES}),
        ("smoke from the chimney, no falling leaves", {Stir.SMOKE}),
        ("petals fall", {Stir.PETALS}),
        ("a shooting star crosses the starry sky", {Stir.METEOR, Stir.TWINKLE}),
        ("candles flicker, embers float up", {Stir.FLAME, Stir.EMBERS}),
        ("une cascade dans la montagne et des feuilles mortes", {Stir.CURRENT, Stir.LEAVES}),
        ("樱花飘落", {Stir.PETALS}),
        ("a portrait of a man", set()),
    ],
)
def test_words_for_what_moves_are_read(prompt: str, stirs: set[Stir]) -> None:
    assert scripted(prompt, 1)[1].stirs == stirs


@pytest.mark.parametrize(
    "prompt",
    [
        "we see a man in a mar-coloured coat",
        "she waves goodbye",
        "Bach plays the organ",
        "movie stars on the red carpet",
        "a fire truck drives past",
        "a man dressed in black",
        "light streams through the window",
        "a rapid zoom on the building",
        "a sea of flowers",
        "the water does not move",
        "still water",
        "the flag isn't moving",
        "no smoke, the candle is not burning",
        "das Wasser in dem Becken bewegt sich nicht",
        "l'eau de la mer ne bouge pas",
    ],
)
def test_words_that_mean_something_else_move_nothing(prompt: str) -> None:
    assert not scripted(prompt, 1)[1].stirs


@pytest.mark.parametrize(
    ("prompt", "stirs"),
    [
        ("der Bach in dem Wald", {Stir.CURRENT}),
        ("ein See in den Bergen", {Stir.WATER}),
        ("le bord de la mer", {Stir.WATER}),
        ("waves crash on the rocks", {Stir.WATER}),
        ("a woman in a red dress", {Stir.CLOTH}),
        ("stars above the hills", {Stir.TWINKLE}),
        ("the river still flows", {Stir.WATER}),
        ("the fire burns and does not go out", {Stir.FLAME}),
        ("海", {Stir.WATER}),
    ],
)
def test_words_are_read_in_their_language(prompt: str, stirs: set[Stir]) -> None:
    assert scripted(prompt, 1)[1].stirs == stirs


def test_what_is_said_to_stand_still_is_known() -> None:
    assert Stir.WATER in scripted("the water does not move", 1)[1].stilled


@pytest.mark.parametrize(
    ("prompt", "camera"),
    [
        ("orbit right, a slow breeze, smoke rises", (Move.ORBIT, Direction.RIGHT)),
        ("orbit left while steam slowly rises", (Move.ORBIT, Direction.LEFT)),
        ("slow pan upward", (Move.TILT, Direction.UP)),
        ("the camera slowly rises", (Move.TILT, Direction.UP)),
    ],
)
def test_the_camera_is_told_from_what_moves(prompt: str, camera: tuple[Move, Direction]) -> None:
    found = scripted(prompt, 1)[0].sections[0].camera
    assert (found.move, found.direction) == camera


def test_the_colour_of_the_cloth_is_read() -> None:
    assert scripted("a bright red flag flutters before a blue door", 1)[1].cloth == "red"
    assert scripted("a flag flutters before a blue door", 1)[1].cloth is None


def test_words_that_move_things_are_not_missed() -> None:
    reading = scripted("Steam rises from the teapot", 1)[2]
    assert not any("steam" in phrase.lower() for phrase in reading.missed) and "teapot" in reading.remarks[-1]
    assert ("motion", "steam") in {(found.slot, found.value) for found in reading.understood}


def test_more_than_one_move_is_told_to_be_one_shot() -> None:
    reading = scripted("the camera pans left, then tilts up", 1)[2]
    assert any("one shot" in remark for remark in reading.remarks)


@pytest.mark.parametrize(
    ("prompt", "person"), [("her smile widens", True), ("a woman turns", True), ("a red cup", False)]
)
def test_somebody_is_noticed(prompt: str, person: bool) -> None:
    assert scripted(prompt, 1)[1].person is person


def test_what_is_not_acted_out_is_told_and_heard() -> None:
    scene, _, reading = scripted("A crowd of people cheers under the full moon, no music", 1)
    assert Ambience.CROWD in scene.ambience and scene.subjects == ()
    assert any("keep the pose" in remark for remark in reading.remarks)
    assert {found.slot for found in reading.understood} <= {"camera", "sound", "time"}
    assert reading.missed == () and any("moon" in remark for remark in reading.remarks)
