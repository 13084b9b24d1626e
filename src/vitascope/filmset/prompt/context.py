"""A read prompt: its words, the concepts they mention, and what stands around each mention (negation, distance).

A mention far away ("distant dunes") counts less, one in a comparison ("shimmer like stars") or denied ("no rain") not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from vitascope.filmset.prompt.lexicon import Index, Mention, mentions, phrase_of
from vitascope.filmset.prompt.words import Token, tokens

NEGATION_REACH = 5  # words after "no" or "without" that it can still deny
PLACE_REACH = 4
COMPARISON_REACH = 4
NOT_ONLY = frozenset({"only", "just", "yet", "until", "too", "far"})
CONTRAST = frozenset(
    {"but", "only", "instead", "while", "as", "then", "except", "although", "when", "whil"}
    | {"with", "con", "avec", "mit", "的"}
)
PLACED = frozenset({"in", "on", "at", "through", "along", "across", "under", "inside", "im", "am", "auf", "en", "dans"})
"""After a denied noun these lead to what is there: "no cars in an alley"."""
OPENING_BONUS = (1.5, 1.15)  # the first and second sentence say what the clip is about
SOUND_OPENS = 3  # a word of sound among the first words makes the sentence one about sound
FAR, HERE, FAINT, HEARD = 0.35, 1.3, 0.5, 0.25


@dataclass(frozen=True)
class Read:
    """A prompt taken apart. `mentions` are in the order of the text."""

    prompt: str
    words: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    spared: frozenset[int] = frozenset()
    """Places of words that no negation denies ("nothing moves except the flag")."""

    @classmethod
    def of(cls, prompt: str, phrases: Index) -> Read:
        """Read a prompt with the phrases of its language."""
        words = tokens(prompt)
        return cls(prompt, words, mentions(words, phrases))

    @cached_property
    def by_slot(self) -> dict[str, list[Mention]]:
        """The mentions of each slot."""
        slots: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            slots[mention.slot].append(mention)
        return slots

    @cached_property
    def marks(self) -> dict[str, list[Mention]]:
        """The steering words by what they steer."""
        marks: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.by_slot.get("mark", ()):
            marks[mention.value].append(mention)
        return marks

    @cached_property
    def sound_sentences(self) -> frozenset[int]:
        """Sentences that open with a word of sound ("Sound design: ...", "Synchronized audio: ...")."""
        first: dict[int, int] = {}
        for place, word in enumerate(self.words):
            first.setdefault(word.sentence, place)
        return frozenset(m.sentence for m in self.marks["sound"] if m.start - first[m.sentence] < SOUND_OPENS)

    def mentioned(self, slot: str) -> list[Mention]:
        """Mentions of a slot that are neither denied nor a comparison."""
        return [m for m in self.by_slot.get(slot, ()) if not self.denied(m) and not self.compared(m)]

    def denials(self, slot: str) -> list[Mention]:
        """Mentions of a slot that the prompt denies."""
        return [m for m in self.by_slot.get(slot, ()) if self.denied(m)]

    def phrase(self, found: Iterable[Mention]) -> str:
        """The prompt's words of some mentions, each once, joined by commas."""
        texts = [phrase_of(self.prompt, self.words, mention) for mention in sorted(found, key=lambda m: m.start)]
        return ", ".join(dict.fromkeys(texts))

    def denied(self, mention: Mention) -> bool:
        """True if a negation stands close before the mention, with nothing between that ends it."""
        if mention.start in self.spared:
            return False
        for mark in self._before(self.marks["negation"], mention, NEGATION_REACH):
            between = [word.stem for word in self.words[mark.end : mention.start]]
            ended = set(between) & CONTRAST or set(between[1:]) & PLACED
            if not ended and not (between and between[0] in NOT_ONLY):
                return True
        return False

    def compared(self, mention: Mention) -> bool:
        """True if the mention is only what something is likened to."""
        return any(self._before(self.marks["simile"], mention, COMPARISON_REACH))

    def weight(self, mention: Mention) -> float:
        """How much a mention counts for its value: its strength times what stands around it."""
        opening = OPENING_BONUS[mention.sentence] if mention.sentence < len(OPENING_BONUS) else 1.0
        heard = HEARD if mention.sentence in self.sound_sentences else 1.0
        placed = 1.0 if mention.slot == "time" else self._placed(mention)  # the hour is the same near and far
        return mention.strength * opening * heard * placed

    def _placed(self, mention: Mention) -> float:
        afar = [m for m in self.marks["afar"] if m.segment == mention.segment and 0 <= m.start - mention.end <= 3]
        if afar or any(self._before(self.marks["distance"], mention, PLACE_REACH - 1)):
            return FAR
        if any(self._before(self.marks["faint"], mention, 2)):
            return FAINT
        return HERE if any(self._before(self.marks["place"], mention, PLACE_REACH)) else 1.0

    def _before(self, marks: Sequence[Mention], mention: Mention, reach: int) -> Iterable[Mention]:
        """Marks that end at most `reach` words before a mention, in the same segment."""
        for mark in marks:
            if mark.segment == mention.segment and 0 <= mention.start - mark.end < reach:
                yield mark


def scores(read: Read, slot: str) -> dict[str, float]:
    """What speaks for each value of a slot: its best mention, and less for each further phrase."""
    weights: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
    for mention in read.mentioned(slot):
        phrase = tuple(word.stem for word in read.words[mention.start : mention.end])
        weights[mention.value][phrase] = max(weights[mention.value].get(phrase, 0.0), read.weight(mention))
    return {value: _total(sorted(found.values(), reverse=True)) for value, found in weights.items()}


def _total(weights: list[float]) -> float:
    return weights[0] + 0.5 * sum(weights[1:])
