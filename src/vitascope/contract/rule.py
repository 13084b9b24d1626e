"""A rule: one sentence of a contract as a function that yields what it finds wrong, and the parameters it is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVarTuple

from vitascope.errors import Fault

Seen = TypeVarTuple("Seen")
"""What a rule looks at: the task, and the model's card or the draft."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[*Seen]):
    """A sentence, and the dotted paths of the parameters without which it has nothing to say."""

    find: Callable[[*Seen], Iterator[Fault]]
    about: tuple[str, ...]

    def is_moot(self, spoiled: Collection[str]) -> bool:
        """Whether one of its parameters was taken out for its wrong shape: what it found would only follow from that.

        `spoiled` are the paths that were taken out, each with everything below it.
        """
        return any(path == bad or path.startswith(bad + ".") for path in self.about for bad in spoiled)


def about(*paths: str) -> Callable[[Callable[[*Seen], Iterator[Fault]]], Rule[*Seen]]:
    """Make a rule of a function."""
    return lambda find: Rule(find, paths)


def found(rules: Iterable[Rule[*Seen]], spoiled: Collection[str], *seen: *Seen) -> Iterator[Fault]:
    """Everything that the rules find, in their order, but for those that are moot."""
    for rule in rules:
        if not spoiled or not rule.is_moot(spoiled):
            yield from rule.find(*seen)
