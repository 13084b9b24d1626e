"""A shot of little effort shows what one of full effort shows, drawn in cheaper ways."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.media import clips
from vitascope.filmset.film import Film
from vitascope.filmset.prompt.understand import understand
from vitascope.media.encode import encode
from vitascope.media.recipe import recipe
from vitascope.values import Container, Effort, Size, Timing

SIZE, TIMING = Size(432, 240), Timing(49)
PROMPTS = [
    "A violinist plays in a flooded tunnel, the camera pans left",
    "A crowd cheers at a concert stage, orbit",
    "A runner in a forest in the rain, the camera tracks along",
    "A courier walks through a market alley at night in the rain, handheld camera",
    "A caravan on a sea cliff at sunset, strong wind",
    "A school of fish over a coral reef, push in",
    "A skater in a laundromat, push in",
]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_quick_way_shows_the_same(prompt: str) -> None:
    scene, _ = understand(prompt, 7)
    full, quick = Film(scene, SIZE, TIMING), Film(scene, SIZE, TIMING, Effort.FAST)
    for index in (0, 20, 48):
        apart = np.abs(full.frame(index).astype(int) - quick.frame(index))
        assert apart.mean() < 2.5 and np.percentile(apart, 99) < 26
        assert np.array_equal(full.cast.camera.state(index / 24).x, quick.cast.camera.state(index / 24).x)


def test_quick_frames_can_be_drawn_in_any_order() -> None:
    scene, _ = understand(PROMPTS[1], 7)
    one, other = (Film(scene, SIZE, TIMING, Effort.FAST) for _ in range(2))
    forwards = [one.frame(index) for index in (3, 4, 5)]
    backwards = [other.frame(index) for index in (5, 4, 3)][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(forwards, backwards, strict=True))


def test_a_still_quick_picture_does_not_flicker() -> None:
    scene, _ = understand("A market alley at night in the rain. Nothing moves.", 7)
    film = Film(scene, SIZE, TIMING, Effort.FAST)
    first = film.frame(0)
    assert all(np.array_equal(film.frame(index), first) for index in (1, 2, 30))


@pytest.mark.parametrize("container", list(Container))
def test_quick_files_are_as_good(container: Container, tmp_path: Path) -> None:
    full, quick = (recipe(container, 95, TIMING, effort) for effort in Effort.__members__.values())
    assert full.picture_options != quick.picture_options
    assert full.picture_options["crf"] == quick.picture_options["crf"]
    made = encode(clips.card(SIZE, 9), container, 95, tmp_path / "clip", notes={}, effort=Effort.FAST)
    assert made.frames == 9
