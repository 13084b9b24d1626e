"""The words of a prompt that the film set cannot show: what is left when everything understood is taken away.

Only nouns and verbs are worth telling. There is no grammar here: stop words, adverbs, words of quality and of film
craft are left out by lists and endings, and what remains side by side is told as one phrase.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from vitascope.scene.context import Read
from vitascope.scene.lexicon import Mention
from vitascope.scene.words import WIDE, Token

MOST = 24
WIDE_WORD = re.compile(f"[{WIDE}]")
QUIET_SLOTS = frozenset({"mark", "film", "idiom", "count", "absence", "cut", "mood", "colour"})


@cache
def quiet_words() -> frozenset[str]:
    """Words that are never told: grammar, size, quality."""
    table = tomllib.loads((files("vitascope.scene") / "concepts" / "quiet.toml").read_text(encoding="utf-8"))
    return frozenset(table["words"].split())


PARTICIPLE_ENDINGS = ("ing", "ed")
ADJECTIVE_ENDINGS = (
    "ly",
    "ous",
    "ful",
    "ive",
    "ish",
    "less",
    "able",
    "ible",
    "ic",
    "ist",
    "esque",
    "like",
    "ant",
    "ent",
    "est",
    "ical",
    "ary",
    "ened",
)


def unshown(read: Read, used: Collection[Mention], small: Collection[str] = ()) -> tuple[str, ...]:
    """The prompt's words that nothing of the scene came from, as phrases in its order, each once.

    `small` are a language's own small words. Scripts without spaces tell nothing: there a word has no edges here.
    """
    covered = {place for mention in used for place in range(mention.start, mention.end)}
    for mention in read.mentions:
        if mention.slot in QUIET_SLOTS or read.denied(mention):
            covered.update(range(mention.start, mention.end))
    runs: list[list[Token]] = []
    for place, word in enumerate(read.words):
        if place in covered or word.text in small or not is_content(word):
            continue
        if runs and runs[-1][-1] is read.words[place - 1] and runs[-1][-1].segment == word.segment:
            runs[-1].append(word)
        else:
            runs.append([word])
    named = [run for run in map(_without_participles, runs) if run]
    phrases = (read.prompt[run[0].start : run[-1].end] for run in named)
    return tuple(dict.fromkeys(phrases))[:MOST]


def _without_participles(run: list[Token]) -> list[Token]:
    """A phrase without the participles at its ends: "curtains fluttering" is about curtains."""
    while run and run[-1].text.endswith(PARTICIPLE_ENDINGS):
        run = run[:-1]
    while run and run[0].text.endswith(PARTICIPLE_ENDINGS):
        run = run[1:]
    return run


def is_content(word: Token) -> bool:
    """True for a word that may name a thing or a deed."""
    if len(word.text) < 3 or WIDE_WORD.match(word.text):
        return False
    return word.text not in quiet_words() and not word.text.isdigit() and not word.text.endswith(ADJECTIVE_ENDINGS)
