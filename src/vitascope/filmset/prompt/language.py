"""Which language a prompt is in: by its script, or by its small words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vitascope.filmset.prompt.words import WORD, fold


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its English name, the concept table to read it with, and whether that table is its own."""

    name: str
    table: str
    understood: bool = True


ENGLISH = Language("English", "english")
SMALL_WORDS = {
    Language(
        "Spanish", "spanish"
    ): "el la los las un una de del en con y por sobre al que se su bajo entre mientras hacia",
    Language(
        "French", "french"
    ): "le la les un une de des du en dans avec et sur au aux qui se sa son sous entre pendant vers",
    Language(
        "German", "german"
    ): "der die das ein eine einer einem einen und in im am mit auf uber bei von zu den dem des wahrend unter zum zur",
    ENGLISH: "the a an of in on at with and over by under to is are as from through into her his while across",
}
KANA = re.compile(r"[\u3040-\u30ff]")
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[a-z]")


def small_words(language: Language) -> frozenset[str]:
    """The words of a language that only hold a sentence together."""
    return frozenset(SMALL_WORDS.get(language, "").split())


def language_of(prompt: str) -> Language:
    """The language of a prompt; a Latin text with no small words of any counts as English."""
    if KANA.search(prompt):
        return Language("Japanese", "japanese")
    if HAN.search(prompt):
        return Language("Chinese", "chinese")
    words = [match.group() for match in WORD.finditer(fold(prompt))]
    if words and not any(LATIN.search(word) for word in words):
        return Language("another script", "english", understood=False)
    counts = {language: sum(word in small.split() for word in words) for language, small in SMALL_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > counts[ENGLISH] else ENGLISH
