"""The screen looks at the right frames and words, and any detector can be put behind it."""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.safety.screen import Screen, flagged_words
from vitascope.values import Frames, Picture


class Bright:
    """A detector that flags bright pictures."""

    def flagged(self, picture: Picture) -> bool:
        return bool(picture.mean() > 128)


def clip(frames: int, flagged: set[int]) -> Frames:
    """Plain frames: bright at the indices given, dark elsewhere."""
    pictures = np.zeros((frames, 32, 48, 3), np.uint8)
    pictures[sorted(flagged)] = 255
    return pictures


def verdict(mode: str, frames: Frames, step: int = 8) -> bool | None:
    screen = Screen(mode, len(frames), Bright())
    for start in range(0, len(frames), step):
        screen.look(frames[start : start + step])
    return screen.verdict


class Counter:
    """A detector that notes which pictures it was shown and flags none."""

    def __init__(self) -> None:
        self.shown: list[int] = []

    def flagged(self, picture: Picture) -> bool:
        self.shown.append(int(picture[0, 0, 0]))
        return False


def numbered(frames: int) -> Frames:
    return np.broadcast_to(np.arange(frames, dtype=np.uint8)[:, None, None, None], (frames, 4, 4, 3))


class TestWhichFrames:
    @pytest.mark.parametrize("step", [1, 8, 29])
    @pytest.mark.parametrize(
        ("mode", "expected"),
        [("none", []), ("fast", [0, 14, 28]), ("full", list(range(29)))],
        ids=["none", "fast", "full"],
    )
    def test_are_looked_at(self, mode: str, expected: list[int], step: int) -> None:
        counter = Counter()
        screen = Screen(mode, 29, counter)
        for start in range(0, 29, step):
            screen.look(numbered(29)[start : start + step])
        assert counter.shown == expected

    @pytest.mark.parametrize(("frames", "expected"), [(1, [0]), (2, [0, 1]), (3, [0, 1, 2])])
    def test_of_short_clips(self, frames: int, expected: list[int]) -> None:
        counter = Counter()
        Screen("fast", frames, counter).look(numbered(frames))
        assert counter.shown == expected


class TestVerdict:
    @pytest.mark.parametrize("where", [0, 14, 28])
    def test_fast_finds_its_three(self, where: int) -> None:
        assert verdict("fast", clip(29, {where})) is True

    def test_fast_misses_others_and_full_does_not(self) -> None:
        assert verdict("fast", clip(29, {7})) is False
        assert verdict("full", clip(29, {7})) is True

    def test_harmless(self) -> None:
        assert verdict("full", clip(29, set())) is False

    def test_nobody_looked(self) -> None:
        assert verdict("none", clip(29, {0, 14, 28})) is None

    def test_unknown_mode(self) -> None:
        with pytest.raises(ValueError, match="none, fast, full"):
            Screen("strict", 29, Bright())


class TestWords:
    @pytest.mark.parametrize("prompt", ["a NAKED man", "Nüde beach", "ｐｏｒｎ film", "ein nackter Mann", "sex-scene"])
    def test_are_found(self, prompt: str) -> None:
        assert flagged_words(prompt)
        assert Screen("fast", 29, Bright(), prompt).verdict is True
        assert Screen("none", 29, Bright(), prompt).verdict is None

    @pytest.mark.parametrize(
        "prompt",
        [
            "A cocktail bar in Essex, Sussex and Middlesex",
            "The analyst therapist assesses a nuder palette",
            "A rooster and a cat, breaststroke in the pool",
            "Dick Turpin rides at dusk",
            "",
        ],
    )
    def test_are_not_found_inside_others(self, prompt: str) -> None:
        assert flagged_words(prompt) == ()

    def test_are_named_in_order(self) -> None:
        assert flagged_words("nude, then topless, then a hat") == ("nude", "topless")
