"""Whether a prompt says that nothing in it moves ("completely still", "nothing moves but the flag"), and what does.

What a single thing does ("the dancer stands still", "still water") is read elsewhere: here it is about everything.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.prompt.unshown import quiet_words
from vitascope.filmset.prompt.words import Token, tokens
from vitascope.filmset.scene.scene import Mover

SUBJECT_REACH = 8  # words from "nothing" to "moves"
STATE_REACH = 5  # words from "everything" to "still"
NEAR = 3  # words around a phrase that can take it back or say that it is the camera's
VERB_REACH = 4  # words from a thing to the verb that says that it moves
BEFORE_MARK = 4  # words (or characters) before "以外" that it excepts
Span = tuple[int, int]


@dataclass(frozen=True)
class Stillness:
    """Where a prompt says that nothing moves, and the places of the words that name what does all the same."""

    table: str
    by: tuple[Mention, ...]
    excepted: frozenset[int]
    rest: bool = False
    """Nothing *else* moves: all that is named may."""

    def moves(self, mention: Mention) -> bool:
        """Whether what is mentioned moves all the same."""
        places = set(range(mention.start, mention.end))
        return bool(places & self.excepted) or (self.rest and not any(each.covers(mention) for each in self.by))


LATIN = ("english", "spanish", "french", "german")
"""Short prompts in these do not show which of them they are in."""


def stillness(read: Read, table: str) -> Stillness | None:
    """What a prompt says about everything in it standing still, or None."""
    others = [other for other in LATIN if other != table] if table in LATIN else []
    return next((found for each in (table, *others) if (found := _in(read, each))), None)


def _in(read: Read, table: str) -> Stillness | None:
    if not any(word.stem in _first(table) for word in read.words):
        return None
    spans = [span for span in dict.fromkeys(_spans(read, table)) if _is_meant(read, table, span)]
    if not spans:
        return None
    words = read.words
    by = tuple(Mention("stillness", "all", "strong", a, b, words[a].sentence, words[a].segment) for a, b in spans)
    excepted = {place for span in spans for place in _excepted(read, table, span)}
    rest = any(_at(read, table, "else", place) for a, b in spans for place in range(a, b))
    return Stillness(table, by, frozenset(excepted | _told_to_move(read, table, spans)), rest)


def movers(read: Read, found: Stillness) -> dict[str, list[Mention]]:
    """The parts of a scene that move all the same, kinds of subjects and `Mover`s, and the words that say so."""
    named: dict[str, list[Mention]] = defaultdict(list)
    for mention in read.mentioned("kind"):
        if found.moves(mention):
            named[mention.value].append(mention)
    slots = {"person": Mover.PEOPLE, "action": Mover.PEOPLE, "weather": Mover.WEATHER, "glow": Mover.LIGHTS}
    slots["time"] = Mover.TIME
    for slot, mover in slots.items():
        for mention in read.mentioned(slot):
            if found.moves(mention):
                named[mover.value].append(mention)
    for place, word in enumerate(read.words):
        here = Mention("part", "", "strong", place, place + 1, word.sentence, word.segment)
        if found.moves(here):
            for mover in Mover:
                if _at(read, found.table, mover.value, place):
                    named[mover.value].append(here)
    return named


def _spans(read: Read, table: str) -> Iterator[Span]:
    """Everything that may say that nothing moves."""
    words = read.words
    for place in range(len(words)):
        for end in _ends(read, table, "phrases", place):
            yield place, end
        for opening, closing, reach in (("nothing", "moves", SUBJECT_REACH), ("only", "moves", SUBJECT_REACH)):
            for begun in _ends(read, table, opening, place)[:1] if _opens(words, place) else ():
                yield from ((place, end) for end in _next(read, table, closing, begun, reach))
        for opening, closing, reach in (("all", "still", STATE_REACH), ("still", "pictures", 1)):
            for begun in _ends(read, table, opening, place)[:1]:
                yield from ((place, end) for end in _next(read, table, closing, begun, reach))
    yield from _alone(read, table)


def _opens(words: Sequence[Token], place: int) -> bool:
    """Whether a word can be what a sentence is about: no other stands right before it ("wears nothing but red")."""
    before = words[place - 1] if place else None
    return before is None or before.segment != words[place].segment or _is_small(before) or before.text.endswith("ly")


def _next(read: Read, table: str, key: str, begun: int, reach: int) -> list[int]:
    """Where the first of a list's words ends that comes soon after a place in the same sentence."""
    for place in range(begun, min(begun + reach, len(read.words))):
        if read.words[place].sentence != read.words[begun - 1].sentence:
            break
        if ends := _ends(read, table, key, place):
            return ends[:1]
    return []


def _alone(read: Read, table: str) -> Iterator[Span]:
    """Parts of a sentence that say "completely still" or "motionless" of nothing but the scene."""
    somebody = {m.sentence for slot in ("kind", "person") for m in read.by_slot.get(slot, ())}
    cameras = {m.segment for m in read.marks["camera"]} | {m.segment for m in read.by_slot.get("camera", ())}
    for segment, held in groupby(enumerate(read.words), key=lambda each: each[1].segment):
        places = [place for place, _ in held]
        state = [place for place in places if _at(read, table, "still", place) or _at(read, table, "lone", place)]
        if not state:
            continue
        wholly = [place for place in places if _at(read, table, "wholly", place)]
        rest = [read.words[place] for place in places if place not in state and place not in wholly]
        firm = bool(wholly) or any(_at(read, table, "lone", place) for place in state)
        of_camera = segment - 1 in cameras and not any(_at(read, table, "lone", place) for place in state)
        whole = read.words[places[0]].sentence not in somebody and all(_is_small(word) for word in rest)
        if firm and whole and not of_camera:
            yield places[0], places[-1] + 1


def _is_small(word: Token) -> bool:
    return len(word.text) < 3 or word.text in quiet_words()


def _is_meant(read: Read, table: str, span: Span) -> bool:
    """Whether the words around do not take it back, and it is not said of the camera or of somebody's eyes."""
    words, (start, end) = read.words, span
    sentence, segment = words[start].sentence, words[start].segment
    before = [p for p in range(max(0, start - 2), start) if words[p].segment == segment]
    hardly = any(_at(read, table, "hardly", p) for p in before)
    after = [p for p in range(end, len(words)) if words[p].sentence == sentence]
    taken_back = any(_at(read, table, "until", p) for p in after)
    cameras = [m for m in read.marks["camera"] if m.segment == segment]
    excepted = set(_excepted(read, table, span))
    of_camera = any(-NEAR <= m.start - end < NEAR or start <= m.start < end for m in cameras if m.start not in excepted)
    return not hardly and not taken_back and not of_camera


def _excepted(read: Read, table: str, span: Span) -> Iterator[int]:
    """The places of what a sentence excepts from standing still."""
    words, (start, end) = read.words, span
    sentence = [p for p, word in enumerate(words) if word.sentence == words[start].sentence]
    for place in sentence:
        for begun in _ends(read, table, "except", place)[:1]:
            inside = start <= place < end
            stop = end if inside else len(words)
            yield from (p for p in range(begun, stop) if p in sentence and words[p].segment == words[begun - 1].segment)
        if _ends(read, table, "excepted", place):
            yield from (p for p in range(max(0, place - BEFORE_MARK), place) if p in sentence)


def _told_to_move(read: Read, table: str, spans: list[Span]) -> set[int]:
    """The places of things of which a verb says that they move ("the flag waves"), outside of `spans`."""
    verbs = _stems(table, "verbs")
    inside = {place for start, end in spans for place in range(start, end)}
    found = set()
    for place, word in enumerate(read.words):
        after = read.words[place + 1 : place + 1 + VERB_REACH]
        acts = any(w.segment == word.segment and w.stem in verbs for w in after)
        denied = any(m.segment == word.segment for m in read.marks["negation"])
        if acts and not denied and place not in inside:
            found.add(place)
    return found


@cache
def _table(table: str) -> dict[str, list[str]]:
    text = (files("vitascope.filmset.prompt") / "concepts" / "stillness.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = tomllib.loads(text).get(table, {})
    return found


@cache
def _first(table: str) -> frozenset[str]:
    """First words of all that can say that nothing moves."""
    keys = ("phrases", "nothing", "only", "all", "still", "lone")
    return frozenset(first for key in keys for first in _runs(table, key))


@cache
def _stems(table: str, key: str) -> frozenset[str]:
    return frozenset(token.stem for text in _table(table).get(key, ()) for token in tokens(text))


@cache
def _runs(table: str, key: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """A list's phrases as stems by their first one, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for text in _table(table).get(key, ()):
        run = tuple(token.stem for token in tokens(text))
        found[run[0]].append(run)
    return {first: tuple(sorted(runs, key=len, reverse=True)) for first, runs in found.items()}


def _ends(read: Read, table: str, key: str, place: int) -> list[int]:
    """Where the phrases of a list that begin at a place end, the longest first."""
    words = read.words
    runs = _runs(table, key).get(words[place].stem)
    if runs is None:
        return []
    return [
        place + len(run)
        for run in runs
        if tuple(word.stem for word in words[place : place + len(run)]) == run
        and words[place + len(run) - 1].sentence == words[place].sentence
    ]


def _at(read: Read, table: str, key: str, place: int) -> bool:
    return bool(_ends(read, table, key, place))
