"""What words mean: the concept tables as an index of phrases, and the mentions of concepts that a prompt holds.

The tables are data (`concepts/*.toml`): slot -> value -> phrases by strength. English has a second one, of names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vitascope.filmset.prompt.words import Token, stem, tokens

MORE_TABLES = {"english": ("names",)}
STRENGTH = {"strong": 3.0, "plain": 1.6, "hint": 0.5}
HIDING = frozenset({"film", "ground", "colour", "idiom"})
"""A phrase of these slots hides whatever is inside it ("rain-slick" is no rain); others hide only their own slot."""
FAMILY = {"person": "kind", "absence": "mark", "mark": "mark"}

Index = Mapping[str, tuple["Phrase", ...]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to name one value of one slot."""

    stems: tuple[str, ...]
    slot: str
    value: str
    rank: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase found in a prompt: tokens `start` to `end` (exclusive)."""

    slot: str
    value: str
    rank: str
    start: int
    end: int
    sentence: int
    segment: int

    @property
    def strength(self) -> float:
        """How sure the phrase alone makes its value."""
        return STRENGTH[self.rank]

    def covers(self, other: Mention) -> bool:
        """True if the other is inside this one and shorter."""
        inside = self.start <= other.start and other.end <= self.end
        return inside and self.end - self.start > other.end - other.start


@cache
def index(language: str) -> Index:
    """All phrases of a language ("english", "spanish", ...) by their first stem, longest first."""
    phrases: dict[str, list[Phrase]] = {}
    for table in (language, *MORE_TABLES.get(language, ())):
        for phrase in _phrases(table):
            phrases.setdefault(phrase.stems[0], []).append(phrase)
    return {first: tuple(sorted(found, key=lambda phrase: -len(phrase.stems))) for first, found in phrases.items()}


def _phrases(table: str) -> Iterable[Phrase]:
    text = (files("vitascope.filmset.prompt") / "concepts" / f"{table}.toml").read_text(encoding="utf-8")
    for slot, values in tomllib.loads(text).items():
        for value, ranks in values.items():
            for rank, texts in ranks.items():
                for phrase in texts:
                    yield Phrase(tuple(token.stem for token in tokens(phrase)), slot, value, rank)


def mentions(prompt: tuple[Token, ...], phrases: Index) -> tuple[Mention, ...]:
    """Every concept a prompt names, in order; phrases inside longer ones of the same slot are left out."""
    found = [mention for start in range(len(prompt)) for mention in _mentions_at(prompt, start, phrases)]
    hiders = [mention for mention in found if mention.end - mention.start > 1]
    return tuple(mention for mention in found if not any(_hides(hider, mention) for hider in hiders))


def _mentions_at(prompt: tuple[Token, ...], start: int, phrases: Index) -> Iterable[Mention]:
    first = prompt[start]
    for phrase in phrases.get(first.stem, ()):
        end = start + len(phrase.stems)
        words = prompt[start:end]
        same_segment = len(words) == len(phrase.stems) and words[-1].segment == first.segment
        if same_segment and all(word.stem == wanted for word, wanted in zip(words, phrase.stems, strict=True)):
            yield Mention(phrase.slot, phrase.value, phrase.rank, start, end, first.sentence, first.segment)


def _hides(longer: Mention, shorter: Mention) -> bool:
    if shorter.slot == "mark" or not longer.covers(shorter):
        return False
    same = FAMILY.get(longer.slot, longer.slot) == FAMILY.get(shorter.slot, shorter.slot)
    return same or longer.slot in HIDING


def phrase_of(prompt: str, words: tuple[Token, ...], mention: Mention) -> str:
    """The prompt's own words of a mention."""
    return prompt[words[mention.start].start : words[mention.end - 1].end]


__all__ = ["Index", "Mention", "Phrase", "index", "mentions", "phrase_of", "stem"]
