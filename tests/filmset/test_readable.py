"""Night and fog together stay readable: neither dark nor flat, around the hero and behind him, in every setting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.filmset.scenes import scene
from vitascope.filmset.film import Film
from vitascope.filmset.scene.scene import Setting, Time, Weather
from vitascope.values import Effort, Size, Timing

FLOOR, SPREAD = 45.0, 18.0
"""The least mean luma and the least distance between its 5th and 95th percentile, of 255."""


@pytest.mark.parametrize("mood", [None, "dark"])  # the darkest of the moods
@pytest.mark.parametrize("setting", list(Setting))
def test_night_and_fog_keep_light_and_contrast(setting: Setting, mood: str | None) -> None:
    foggy = replace(scene(setting=setting), time=Time.NIGHT, weather=Weather.FOG, mood=mood)
    luma = Film(foggy, Size(216, 120), Timing(49), Effort.FAST).frame(24) @ np.array([0.2126, 0.7152, 0.0722])
    behind = np.concatenate([luma[:, :60], luma[:, 156:]], axis=1)
    black_box = setting is Setting.STAGE  # a theatre's walls are black: there the hero's surroundings must do
    for region, least in ((luma[30:115, 60:156], FLOOR), (behind, 0.8 * FLOOR), (luma, FLOOR)):
        low, high = np.percentile(region, (5, 95))
        assert region.mean() >= (0.7 * FLOOR if black_box else least)
        assert high - low >= SPREAD


def test_the_town_is_seen_through_fog_at_night() -> None:
    luma = []
    for weather in (Weather.CLEAR, Weather.FOG):
        town = replace(scene(None, setting=Setting.HARBOUR), time=Time.NIGHT, weather=weather)
        frame = Film(town, Size(432, 240), Timing(49), Effort.FAST).frame(24)
        luma.append(frame[95:130].mean(axis=2))  # the rows of houses
    steps = [np.abs(np.diff(rows, axis=1)).mean() for rows in luma]
    assert steps[1] > 0.6 * steps[0]  # fog that hides the houses leaves a third
