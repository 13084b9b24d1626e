"""The dotted names of parameters: which a model has, which model has one that this one has not, and the nearest."""

from __future__ import annotations

import difflib

from vitascope.contract.catalog import CARDS, Card
from vitascope.contract.faults import one_of
from vitascope.contract.shapes import TaskShape
from vitascope.errors import Fault

CONTAINERS = ("inputs", "safety", "providerSettings")
"""The parameters that hold others."""

_COMMON_NAMES = (
    *(name for name in TaskShape.model_fields if name not in (*CONTAINERS, "routing", "fps", "frameImages")),
    *CONTAINERS,
    "safety.checkContent",
    "safety.mode",
    "inputs.frameImages",
)


def names_of(card: Card | None) -> tuple[str, ...]:
    """Every name that a task for this model can have; those of all models when it is not known."""
    return (*_COMMON_NAMES, *(_special_names() if card is None else _names_of_some(card)))


def _names_of_some(card: Card) -> tuple[str, ...]:
    """Names that not every model knows."""
    settings = (f"providerSettings.{card.provider}.{name}" for name in card.settings)
    return (*settings, *(("inputs.draftId",) if card.draft_resolution else ()))


def _special_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for card in CARDS.values() for name in _names_of_some(card)))


def is_another_models(path: str, card: Card | None) -> bool:
    """Whether only other models have a parameter of this name."""
    return path in _special_names() and path not in names_of(card)


def unknown_parameter(path: str, card: Card | None, known: tuple[str, ...] = (), suggest: bool = True) -> Fault:
    """A name that the model does not have, with the model that has it or, to `suggest`, the nearest that this one has.

    `known` are further names that could have been meant.
    """
    owners = [other.model for other in CARDS.values() if path in _names_of_some(other)]
    nearest = (_nearest(path, known, 0.6) or _nearest(path, names_of(card), 0.75)) if suggest else None
    advice = "Remove it."
    if owners:
        advice = f"Remove it, or set model to {one_of(owners)}."
    elif nearest:
        advice = f"Remove it, or send {nearest} if you meant that."
    subject = card.model if card else "a videoInference task"
    return Fault("unsupportedParameter", f"{path or 'An empty name'} is not a parameter of {subject}. {advice}", path)


def _nearest(path: str, known: tuple[str, ...], cutoff: float) -> str | None:
    """The known path whose last word is the same or almost the same, whatever object it stands in."""
    by_word = {candidate.rpartition(".")[2].lower(): candidate for candidate in reversed(known)}
    words = difflib.get_close_matches(path.rpartition(".")[2].lower(), by_word, n=1, cutoff=cutoff)
    return by_word[words[0]] if words else None
