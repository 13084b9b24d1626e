"""The words of a prompt that the film set cannot show: what is left when everything understood is taken away.

There is no grammar here: a word is told unless it was understood, or a list calls it a small word, one of style or of
film craft. Endings decide only where hardly a noun has them. What remains side by side is told as one phrase.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib.resources import files

from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.prompt.words import WIDE, Token

MOST = 24
WIDE_WORD = re.compile(f"[{WIDE}]")
LONE_KANA = re.compile(r"[\u3040-\u309f\u30fb-\u30ff]")
LONGEST_WIDE = 3  # characters of the longest small word of a script without spaces
QUIET_SLOTS = frozenset({"mark", "film", "idiom", "count", "absence", "cut", "mood", "colour"})
UNDRAWN = "undrawn"
"""The slot of words that name a thing which the film set does not draw, though they may tell the place or a sound."""
ADJECTIVE_ENDINGS = ("ly", "ous", "less", "ful", "esque")


@cache
def _lists() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("vitascope.filmset.prompt") / "concepts" / "quiet.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in table.items()}


def quiet_words() -> frozenset[str]:
    """Words that are never told: grammar, size, quality."""
    return _lists()["words"]


def unshown(read: Read, used: Collection[Mention], small: Collection[str] = ()) -> tuple[str, ...]:
    """The prompt's words that nothing of the scene came from, as phrases in its order, each once.

    `small` are a language's own small words. A word that only told the place ("lighthouse") counts as not shown.
    """
    undrawn = _undrawn(read, used)
    covered = _covered(read, used) - undrawn
    in_wide = _small_in_wide(read.words)
    runs: list[list[Token]] = []
    last = -2
    for place, word in enumerate(read.words):
        quiet = place in in_wide or word.text in small or not _needs_explaining(word)
        if place in covered or (quiet and place not in undrawn):
            continue
        if runs and last == place - 1 and runs[-1][-1].segment == word.segment:
            runs[-1].append(word)
        else:
            runs.append([word])
        last = place
    phrases = [read.prompt[run[0].start : run[-1].end] for run in runs]
    return tuple(dict.fromkeys(phrase for phrase in phrases if not LONE_KANA.fullmatch(phrase)))[:MOST]


def _covered(read: Read, used: Collection[Mention]) -> set[int]:
    """The places of the words that need not be told."""
    quiet = [mention for mention in read.mentions if mention.slot in QUIET_SLOTS]
    return _places((*used, *quiet))


def _undrawn(read: Read, used: Collection[Mention]) -> set[int]:
    """The places of the words that name what is not drawn, unless a longer phrase of something else holds them."""
    things = [thing for thing in read.by_slot.get(UNDRAWN, ()) if not read.denied(thing)]
    return _places(thing for thing in things if not any(mention.covers(thing) for mention in used))


def _places(found: Iterable[Mention]) -> set[int]:
    return {place for mention in found for place in range(mention.start, mention.end)}


def _small_in_wide(words: Sequence[Token]) -> set[int]:
    """The places of characters that make up small words of a script without spaces, the longest words first."""
    found: set[int] = set()
    place = 0
    while place < len(words):
        step = next((n for n in range(LONGEST_WIDE, 0, -1) if _run(words, place, n) in _lists()["wide"]), 0)
        found.update(range(place, place + step))
        place += step or 1
    return found


def _run(words: Sequence[Token], place: int, size: int) -> str:
    return "".join(word.text for word in words[place : place + size])


def _needs_explaining(word: Token) -> bool:
    return bool(WIDE_WORD.match(word.text)) or is_content(word)


def is_content(word: Token) -> bool:
    """True for a word that may name a thing or a deed."""
    if len(word.text) < 3 or WIDE_WORD.match(word.text) or word.text.isdigit():
        return False
    lists = _lists()
    if word.text in lists["words"] or word.text in lists["style"]:
        return False
    return not word.text.endswith(ADJECTIVE_ENDINGS) or word.text in lists["things"] or word.stem in lists["things"]
