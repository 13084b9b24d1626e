"""A prompt as tokens: words with their stems, their place in the text, their sentence and their segment.

Stems are for comparing words only (walk, walks, walking; glide, gliding), they need not be words themselves. Chinese
and Japanese are written without spaces: there every character is a token, and a phrase is a run of characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

WIDE = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{WIDE}]|[^\W_{WIDE}]+")
POSSESSIVE = re.compile(r"[’']s\b")
SENTENCE_END = re.compile(r"[.!?…]+[\"”’)]*(?=\s|$)|[。！？\n]")
SEGMENT_END = re.compile(r"[,;:()\[\]—–、，；：]|\s-+\s")

IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "leaves": "leaf",
    "ran": "run",
    "swam": "swim",
    "flew": "fly",
    "flown": "fly",
    "fell": "fall",
    "rose": "rise",
    "risen": "rise",
    "geese": "goose",
    "wolves": "wolf",
    "staring": "stare",
    "stood": "stand",
    "came": "come",
    "went": "go",
    "goes": "go",
    "sang": "sing",
    "played": "play",
    "lying": "lie",
    "dying": "dy",
    "does": "do",
}
WHOLE = frozenset(
    {
        "evening",
        "morning",
        "building",
        "ceiling",
        "lightning",
        "stare",
        "clearing",
        "fishing",
        "deserted",
        "during",
        "nothing",
        "lens",
        "sacred",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `text` lower case as written, `start` and `end` its place in the prompt."""

    text: str
    stem: str
    start: int
    end: int
    sentence: int
    segment: int


def fold(text: str) -> str:
    """Lower case without accents; one character stays one character, so that places in the text stay true."""
    folded = []
    for letter in text.lower() if len(text.lower()) == len(text) else text:
        plain = unicodedata.normalize("NFD", letter)[0] if letter < "\u0250" else letter
        folded.append(plain)
    return "".join(folded)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """What is left of a folded word without its ending."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in WHOLE or len(word) < 4:
        return word
    word = _singular(word)
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 2 and re.search("[aeiouy]", root):
            return _bare(_undoubled(root))
    return _bare(word)


def _singular(word: str) -> str:
    if word.endswith("men") and len(word) > 5:
        return word[:-3] + "man"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undoubled(root: str) -> str:
    return root[:-1] if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz" else root


def _bare(root: str) -> str:
    return root[:-1] if len(root) > 3 and root.endswith("e") else root


def tokens(prompt: str) -> tuple[Token, ...]:
    """The words of a prompt in order."""
    folded = POSSESSIVE.sub(lambda match: " " * len(match.group()), fold(prompt))
    sentence_ends = [match.end() for match in SENTENCE_END.finditer(folded) if not _abbreviation(folded, match.start())]
    segment_ends = sorted([*sentence_ends, *(match.end() for match in SEGMENT_END.finditer(folded))])
    found = []
    sentence = segment = 0
    for match in WORD.finditer(folded):
        while sentence < len(sentence_ends) and sentence_ends[sentence] <= match.start():
            sentence += 1
        while segment < len(segment_ends) and segment_ends[segment] <= match.start():
            segment += 1
        word = match.group()
        found.append(Token(word, stem(word), match.start(), match.end(), sentence, segment))
    return tuple(found)


def _abbreviation(text: str, dot: int) -> bool:
    """True for the full stop of "a.m.": one letter alone before it."""
    return text[dot] == "." and dot > 1 and text[dot - 1].isalpha() and not text[dot - 2].isalpha()


def is_plural(token: Token) -> bool:
    """True if the word looks like a plural ("drones", "men")."""
    return token.text != token.stem and (token.text.endswith("s") or token.text.endswith("men"))
