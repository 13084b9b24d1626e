"""The skin-region rule: each of its steps, every skin tone, and how often it is wrong."""

from __future__ import annotations

import time

import numpy as np
import pytest
from skimage import data

from vitascope.safety.skin import Evidence, Mask, SkinRegions, evidence, quadrilateral, regions, shrink, skin_pixels
from vitascope.values import Picture

# Middle colours of the six Fitzpatrick types, and the same under weaker light.
TONES = [(244, 208, 177), (231, 180, 143), (210, 158, 124), (186, 119, 80), (165, 94, 60), (80, 48, 34)]


def figure(tone: tuple[int, int, int], room: tuple[int, int, int] = (70, 110, 120)) -> Picture:
    """A body that fills much of the picture: trunk, head, arms and legs of one tone."""
    picture = np.full((240, 320, 3), room, np.uint8)
    y, x = np.mgrid[0:240, 0:320]
    body = ((x - 160) / 60) ** 2 + ((y - 130) / 90) ** 2 < 1
    head = np.hypot(x - 160, y - 30) < 26
    arms = (abs(y - 100) < 16) & (abs(x - 160) < 120)
    legs = (y > 190) & ((abs(x - 130) < 22) | (abs(x - 190) < 22))
    picture[body | head | arms | legs] = tone
    return picture


def mask(text: str) -> Mask:
    return np.array([[letter == "#" for letter in line] for line in text.split()])


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("light", [1.0, 0.7])
def test_every_skin_tone_is_seen(tone: tuple[int, int, int], light: float) -> None:
    """A screen that only knows light skin would be worse than none."""
    shone = np.array(tone, np.float32) / np.float32(255 / light)
    assert skin_pixels(shone[None, None])[0, 0]
    red, green, blue = (round(value * light) for value in tone)
    assert SkinRegions().flagged(figure((red, green, blue)))


@pytest.mark.parametrize(
    "colour", [(70, 110, 120), (30, 160, 40), (128, 128, 128), (250, 250, 250), (255, 0, 0), (9, 6, 5)]
)
def test_other_colours_are_no_skin(colour: tuple[int, int, int]) -> None:
    assert not skin_pixels(np.array(colour, np.float32)[None, None] / np.float32(255)).any()


class TestRegions:
    def test_are_four_connected(self) -> None:
        sizes, labels = regions(mask("##..# #...# ..#.. .##.#"))
        assert sorted(sizes) == [1, 2, 3, 3]
        assert labels[0, 0] == labels[1, 0] != labels[0, 4] and labels[0, 2] == -1

    def test_follow_a_winding_way(self) -> None:
        """A snake over the whole picture is one region, however long it is."""
        snake = np.zeros((101, 101), bool)
        snake[::2] = True
        snake[1::4, -1] = True
        snake[3::4, 0] = True
        sizes, _ = regions(snake)
        assert sizes.tolist() == [snake.sum()]

    def test_of_noise_are_those_of_a_flood_fill(self) -> None:
        noise = np.random.default_rng(2).random((40, 60)) < 0.6
        assert sorted(regions(noise)[0]) == sorted(flood_sizes(noise))

    def test_of_nothing(self) -> None:
        sizes, labels = regions(np.zeros((4, 5), bool))
        assert sizes.size == 0 and (labels == -1).all()


def flood_sizes(mask: Mask) -> list[int]:
    """Region sizes by the plainest method there is."""
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)}
    sizes = []
    while left:
        stack, size = [left.pop()], 0
        while stack:
            row, column = stack.pop()
            size += 1
            for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if near in left:
                    left.remove(near)
                    stack.append(near)
        sizes.append(size)
    return sizes


class TestQuadrilateral:
    def test_spans_the_extremes(self) -> None:
        diamond = quadrilateral(mask("..#.. ..... #...# ..... ..#.."))
        assert diamond.tolist() == mask("..#.. .###. ##### .###. ..#..").tolist()

    def test_of_nothing_is_nothing(self) -> None:
        assert not quadrilateral(np.zeros((5, 5), bool)).any()


class TestDecision:
    """One case for each step of the paper, in its order; each differs from a nude one by what the step asks."""

    @pytest.mark.parametrize(
        ("skin", "largest", "filled", "count", "brightness", "nude"),
        [
            (0.50, (0.90, 0.05, 0.05), 0.8, 5, 0.5, True),
            (0.14, (0.90, 0.05, 0.05), 0.8, 5, 0.5, False),
            (0.50, (0.34, 0.29, 0.29), 0.8, 5, 0.5, False),
            (0.50, (0.44, 0.40, 0.10), 0.8, 5, 0.5, False),
            (0.29, (0.90, 0.05, 0.05), 0.5, 5, 0.5, False),
            (0.29, (0.90, 0.05, 0.05), 0.6, 5, 0.5, True),
            (0.50, (0.90, 0.05, 0.05), 0.8, 61, 0.2, False),
            (0.50, (0.90, 0.05, 0.05), 0.8, 61, 0.3, True),
        ],
    )
    def test_step(
        self, skin: float, largest: tuple[float, float, float], filled: float, count: int, brightness: float, nude: bool
    ) -> None:
        assert Evidence(skin, count, largest, filled, brightness).nude is nude


class TestMeasures:
    def test_of_a_figure(self) -> None:
        seen = evidence(figure(TONES[2]))
        assert seen.regions == 1 and seen.largest == (1.0, 0.0, 0.0)
        assert 0.25 < seen.skin < 0.5 and seen.filled > 0.5

    @pytest.mark.parametrize("shape", [(1088, 1920), (946, 2206), (1920, 1080), (480, 864), (33, 47)])
    def test_hardly_depend_on_size(self, shape: tuple[int, int]) -> None:
        picture = np.full((*shape, 3), (70, 110, 120), np.uint8)
        picture[shape[0] // 4 : 3 * shape[0] // 4, shape[1] // 4 : 3 * shape[1] // 4] = TONES[2]
        assert max(shrink(picture).shape) <= 128
        assert evidence(picture).skin == pytest.approx(0.25, abs=0.03)


def test_false_alarms_on_photographs() -> None:
    """The known rate on harmless colour photographs: a cat and a stained tissue of seven. Others would be a change."""
    names = ["astronaut", "chelsea", "coffee", "rocket", "retina", "immunohistochemistry", "hubble_deep_field"]
    flagged = [name for name in names if SkinRegions().flagged(getattr(data, name)())]
    assert flagged == ["chelsea", "immunohistochemistry"]


def test_is_quick() -> None:
    """A whole clip must be cheap to watch: 289 frames at 1080p in a few seconds."""
    picture = np.random.default_rng(1).integers(0, 255, (1088, 1920, 3), np.uint8)
    started = time.process_time()
    for _ in range(20):
        SkinRegions().flagged(picture)
    assert (time.process_time() - started) / 20 < 0.05
