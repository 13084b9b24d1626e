"""The concept tables are sound: every value exists, no phrase is a mere stop word, no noun is read as another."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from vitascope.filmset.prompt.lexicon import index
from vitascope.filmset.prompt.words import stem, tokens
from vitascope.filmset.scene.scene import (
    COLOURS,
    MOODS,
    PROPS,
    Action,
    Ambience,
    Direction,
    Glow,
    Kind,
    Move,
    Pace,
    Setting,
    Time,
    Weather,
)

LANGUAGES = ["english", "spanish", "french", "german", "chinese", "japanese"]
NAMES: dict[str, set[Any]] = {
    "setting": set(Setting),
    "time": set(Time),
    "weather": set(Weather),
    "glow": set(Glow),
    "ambience": set(Ambience),
    "kind": set(Kind),
    "action": set(Action),
    "direction": set(Direction),
    "pace": set(Pace),
    "camera": set(Move),
    "colour": set(COLOURS),
    "mood": set(MOODS),
    "prop": set(PROPS),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_is_one_of_the_scenes(language: str) -> None:
    named = [phrase for phrases in index(language).values() for phrase in phrases if phrase.slot in NAMES]
    assert {phrase.slot for phrase in named} >= {"setting", "time", "weather", "kind", "action"}
    for phrase in named:
        assert phrase.value in NAMES[phrase.slot], phrase


@pytest.mark.parametrize("slot", ["setting", "time", "weather", "glow", "ambience", "kind", "action", "camera", "mood"])
def test_english_names_everything(slot: str) -> None:
    named = {phrase.value for phrases in index("english").values() for phrase in phrases if phrase.slot == slot}
    assert named == NAMES[slot]


def test_no_concept_is_a_small_word() -> None:
    small = {
        stem(word)
        for word in [
            "a",
            "an",
            "the",
            "and",
            "or",
            "of",
            "in",
            "on",
            "at",
            "to",
            "by",
            "for",
            "with",
            "is",
            "are",
            "it",
            "as",
            "this",
            "that",
        ]
    }
    for first in small:
        for phrase in index("english").get(first, ()):
            assert len(phrase.stems) > 1 or phrase.slot == "mark", phrase


@pytest.mark.parametrize(
    ("one", "other"), [("desert", "deserted"), ("fish", "fishing"), ("even", "evening"), ("star", "stare")]
)
def test_words_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("glide", "gliding"), ("run", "running"), ("man", "men"), ("fly", "flies"), ("wave", "waves")]
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_tokens_keep_their_place() -> None:
    text = "Élan! The courier’s red-dressed friend, at 3 a.m., smiles. Next."
    found = tokens(text)
    assert [text[token.start : token.end].lower() for token in found][:3] == ["élan", "the", "courier"]
    assert found[-1].sentence == 2 and found[0].sentence == 0


def test_tables_ship_with_the_package() -> None:
    folder = files("vitascope.filmset.prompt") / "concepts"
    assert {f"{name}.toml" for name in [*LANGUAGES, "defaults", "quiet"]} <= {f.name for f in folder.iterdir()}
