"""The nouns of a prompt that can do something (its subjects and the camera), and which of them a verb belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.prompt.words import Token
from vitascope.filmset.scene.scene import Action, Kind

BACKGROUND = 0.6  # a crowd is seldom the hero
PREPOSITIONS = frozenset(
    {
        "in",
        "on",
        "at",
        "of",
        "past",
        "into",
        "around",
        "by",
        "with",
        "from",
        "along",
        "behind",
        "over",
        "toward",
        "towards",
    }
    | {"between", "through", "among", "beneath", "under", "beside", "below", "near", "across", "like", "for"}
)
DETERMINERS = frozenset({"a", "an", "the", "his", "her", "its", "their", "some", "this", "that"})


@dataclass(slots=True)
class Role:
    """A subject while it is being read."""

    kind: Kind | None  # None: a plain person
    nouns: list[Mention] = field(default_factory=list)
    weight: float = 0.0
    deeds: list[Mention] = field(default_factory=list)
    directions: list[Mention] = field(default_factory=list)
    paces: list[Mention] = field(default_factory=list)
    colours: list[Mention] = field(default_factory=list)
    counts: list[Mention] = field(default_factory=list)
    props: list[Mention] = field(default_factory=list)
    crafts: list[Mention] = field(default_factory=list)
    action: Action | None = None
    by: list[Mention] = field(default_factory=list)  # the deeds that say the action


@dataclass(frozen=True)
class Head:
    """A noun that verbs belong to: a subject's or the camera's. An object ("past the crowd") rules only if alone."""

    mention: Mention
    role: Role | None
    is_object: bool


def heads_of_camera(read: Read) -> list[Mention]:
    """Words that stand for the camera."""
    marks = [m for m in read.marks["camera"] if not any(way.covers(m) for way in read.by_slot.get("direction", ()))]
    return [*marks, *(m for m in read.mentioned("camera") if m.rank == "strong")]


def governor(heads: Sequence[Head], mention: Mention, read: Read) -> Head | None:
    """The head that a verb or adverb belongs to, or None if its sentence has no head."""
    nearby = [head for head in heads if head.mention.sentence == mention.sentence]
    after = [head for head in nearby if head.mention.start >= mention.end and head.mention.segment == mention.segment]
    before = [head for head in nearby if head.mention.end <= mention.start]
    if after and _is_participle_of(read, mention, after[0].mention):
        return after[0]
    ruling = [head for head in before if not head.is_object] or before
    if ruling:
        return ruling[-1]
    return after[0] if after and after[0].mention.start - mention.end <= 4 else None


def _is_participle_of(read: Read, mention: Mention, noun: Mention) -> bool:
    return mention.end == noun.start and read.words[mention.end - 1].text.endswith("ing")


def find_heads(read: Read) -> list[Head]:
    """The nouns of a prompt that can do something, in order; the subjects' roles are still empty."""
    roles: dict[str, Role] = {}
    heads = [Head(mark, None, False) for mark in heads_of_camera(read)]
    for mention in sorted([*read.mentioned("kind"), *read.mentioned("person")], key=lambda m: m.start):
        if mention.sentence in read.sound_sentences or _is_owner(read, mention):
            continue
        kind = None if mention.slot == "person" else Kind(mention.value)
        role = roles.setdefault(mention.value, Role(kind))
        role.nouns.append(mention)
        role.weight = max(role.weight, read.weight(mention) * (BACKGROUND if kind is Kind.CROWD else 1.0))
        heads.append(Head(mention, role, _is_object(read, mention)))
    return sorted(heads, key=lambda head: (head.mention.start, head.role is None))


def _is_owner(read: Read, mention: Mention) -> bool:
    """True for "the fishermen's houses": not the fishermen are shown."""
    end = read.words[mention.end - 1].end
    return read.prompt[end : end + 1] in ("'", "’")


def _is_object(read: Read, mention: Mention) -> bool:
    """True if a preposition leads to the noun: "past the crowd", "on rollerblades"."""
    adjectives = 0
    for word in reversed(read.words[: mention.start]):
        if word.segment != mention.segment or adjectives > 2:
            return False
        if word.text in PREPOSITIONS:
            return not (word.text == "of" and _shows(read, word))
        if word.text in ("which", "who", "and", "as", "while", "when"):
            return False
        adjectives += word.text not in DETERMINERS
    return False


def _shows(read: Read, of: Token) -> bool:
    """True for "a shot of", "footage of", "a view of": what follows is what the film is about."""
    place = read.words.index(of)
    return any(m.end == place for m in (*read.by_slot.get("film", ()), *read.marks["camera"], *read.marks["distance"]))
