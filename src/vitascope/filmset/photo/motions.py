"""The words for what moves by itself (`motions.toml`): which of them a prompt means, and what it says stands still."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.lexicon import Mention, Phrase, index
from vitascope.filmset.prompt.words import tokens


class Stir(StrEnum):
    """Something that may move by itself in a picture, if it is named (or found)."""

    WATER = "water"
    CURRENT = "running water"
    STEAM = "steam"
    SMOKE = "smoke"
    LEAVES = "falling leaves"
    PETALS = "falling petals"
    EMBERS = "embers"
    DUST = "dust in the light"
    CLOTH = "moving cloth"
    METEOR = "shooting star"
    TWINKLE = "twinkling stars"
    FLAME = "flickering flames"
    NEON = "flickering signs"


AFTER, LATER = 5, 7  # words after a thing that can say that it does not move; where the negation comes last
VERB_FIRST = frozenset({"french", "german"})
"""Languages whose negation follows the verb ("bewegt sich nicht")."""


@cache
def phrases(table: str) -> dict[str, tuple[Phrase, ...]]:
    """A language's phrases together with those of photographs, by their first stem, longest first."""
    merged = dict(index(table))
    for stir, texts in _words(table).items():
        if stir in ("forms", "moves", "still"):
            continue
        slot, value = ("idiom", "any") if stir == "idiom" else ("stir", stir)
        for text in texts:
            stems = tuple(token.stem for token in tokens(text))
            merged[stems[0]] = (*merged.get(stems[0], ()), Phrase(stems, slot, value, "strong"))
    return {first: tuple(sorted(found, key=lambda phrase: -len(phrase.stems))) for first, found in merged.items()}


def meant(read: Read, table: str) -> tuple[list[Mention], frozenset[Stir]]:
    """The mentions of what is to move, and what the prompt says does not."""
    forms = frozenset(_words(table).get("forms", ()))
    asked: list[Mention] = []
    stilled: set[Stir] = set()
    for mention in read.by_slot.get("stir", ()):
        if mention.end == mention.start + 1 and read.words[mention.start].text in forms:
            continue
        if read.denied(mention) or _stands(read, mention, table):
            stilled.add(Stir(mention.value))
        elif not read.compared(mention):
            asked.append(mention)
    return asked, frozenset(stilled) - {Stir(mention.value) for mention in asked}


def _stands(read: Read, mention: Mention, table: str) -> bool:
    """Whether the words around a thing say that it does not move: "still water", "the flag does not move"."""
    still, moves = (_stems(table, key) for key in ("still", "moves"))
    reach = LATER if table in VERB_FIRST else AFTER
    before = read.words[max(0, mention.start - 1) : mention.start]
    after = [word for word in read.words[mention.end : mention.end + reach] if word.segment == mention.segment]
    if any(word.segment == mention.segment and word.stem in still for word in before):
        return True
    if any(word.stem in still for word in after[:5]) and not any(word.stem in moves for word in after):
        return True  # "stays still"; but "still flows" moves
    for mark in read.marks["negation"]:
        place = mark.start - mention.end
        if 0 <= place < len(after):
            clause = after if table in VERB_FIRST else after[place:]
            return any(word.stem in moves for word in clause)
    return False


@cache
def _words(table: str) -> dict[str, list[str]]:
    text = (files("vitascope.filmset.photo") / "motions.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = tomllib.loads(text).get(table, {})
    return found


@cache
def _stems(table: str, key: str) -> frozenset[str]:
    return frozenset(token.stem for text in _words(table).get(key, ()) for token in tokens(text))
