"""What a prompt says is not there: each denial that was read, as something understood ("no cars": absent, vehicle)."""

from __future__ import annotations

from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.prompt.staging import Explained
from vitascope.filmset.scene.scene import Kind

SLOTS = ("move", "kind", "person", "action", "weather", "glow", "setting", "time", "prop", "ambience")
"""What can be kept out of a scene. One word that could mean several things is the first of these."""
PEOPLE = "people"


def absences(read: Read) -> list[Explained[str]]:
    """What the prompt keeps out of the scene, in its order, each value once with all its words.

    A word that only hints at something, and a plain word of sound, keeps out nothing: it is no absence. The phrases
    that empty a scene of people ("nobody") are read elsewhere.
    """
    found: dict[str, list[Mention]] = {}
    for mention in sorted(_one_a_place(read), key=lambda each: each.start):
        found.setdefault(_name(mention), []).append(mention)
    return [Explained(value, tuple(by)) for value, by in found.items()]


def _one_a_place(read: Read) -> list[Mention]:
    taken = {place for m in read.by_slot.get("absence", ()) for place in range(m.start, m.end)}
    kept = []
    for slot in SLOTS:
        for mention in _moves(read) if slot == "move" else read.denials(slot):
            firm = mention.rank == "strong" or (mention.rank == "plain" and slot != "ambience")
            places = set(range(mention.start, mention.end))
            if firm and not places & taken:
                taken |= places
                kept.append(mention)
    return kept


def _moves(read: Read) -> list[Mention]:
    """The camera's moves that are denied; a plain word ("zoom") is one right after its denial only."""
    ends = {mark.end for mark in read.marks["negation"]}
    return [m for m in read.denials("camera") if m.rank == "strong" or m.start in ends]


def _name(mention: Mention) -> str:
    return PEOPLE if mention.slot == "person" or mention.value == Kind.CROWD else mention.value
