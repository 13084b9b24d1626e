"""modelSearch: the catalogue's contracts by words and filters, in the shape of the public service's results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vitascope.contract.catalog import CARDS, TASK_TYPE, Card
from vitascope.errors import Fault, Refused

MOST = 100
FARTHEST = 10**6  # the largest offset
DEFAULT_LIMIT = 20
CATEGORY = "checkpoint"
FILTERS = ("category", "type", "architecture", "source", "visibility")


def search_models(task: Mapping[str, Any]) -> dict[str, Any]:
    """Answer modelSearch. Every word of `search` must occur in a model's entry. Raises Refused."""
    faults = [*_text_faults(task), *_number_faults(task), *_capability_faults(task)]
    if faults:
        raise Refused(faults)
    found = [entry for entry in map(_entry, CARDS.values()) if _matches(entry, task)]
    first, limit = int(task.get("offset") or 0), int(task.get("limit") or DEFAULT_LIMIT)
    results = found[first : first + limit]
    names = {"taskType": "modelSearch", "taskUUID": task["taskUUID"]}
    return {**names, "totalResults": len(found), "results": results}


def _entry(card: Card) -> dict[str, Any]:
    inputs = ["io:text-to-video", "io:image-to-video"]
    extras = ["op:audio"] if card.has_sound else []
    return {
        "air": card.model,
        "name": card.title,
        "version": card.title.removeprefix(card.architecture.title() + " "),
        "category": CATEGORY,
        "type": "base",
        "architecture": card.architecture,
        "provider": card.provider,
        "source": "official",
        "visibility": "public",
        "status": "live",
        "taskType": TASK_TYPE,
        "capabilities": [*inputs, *extras],
        "tags": ["video", *card.positions, *card.sizes],
        "private": False,
    }


def _matches(entry: Mapping[str, Any], task: Mapping[str, Any]) -> bool:
    text = " ".join(str(value) for value in entry.values()).lower()
    has_words = all(word in text for word in (task.get("search") or "").lower().split())
    passes = all(task.get(name) in (None, "", "all") or task[name].lower() == entry[name] for name in FILTERS)
    return has_words and passes and set(task.get("capabilities") or ()) <= set(entry["capabilities"])


def _text_faults(task: Mapping[str, Any]) -> list[Fault]:
    wrong = [name for name in ("search", *FILTERS) if not isinstance(task.get(name), str | None)]
    return [Fault("invalidSearch", f"Send {name} as a text.", name, "string") for name in wrong]


def _number_faults(task: Mapping[str, Any]) -> list[Fault]:
    bounds = {"limit": (1, MOST), "offset": (0, FARTHEST)}
    wrong = [name for name, (least, most) in bounds.items() if not _is_within(task.get(name), least, most)]
    return [
        Fault("invalidSearch", f"Set {name} to a whole number from {bounds[name][0]} to {bounds[name][1]}.", name)
        for name in wrong
    ]


def _is_within(value: Any, least: int, most: int) -> bool:
    if value is None:
        return True
    # To JSON, 5.0 is a whole number.
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most and value % 1 == 0


def _capability_faults(task: Mapping[str, Any]) -> list[Fault]:
    wanted = task.get("capabilities")
    if wanted is None or (isinstance(wanted, list) and all(isinstance(word, str) for word in wanted)):
        return []
    return [Fault("invalidSearch", "Send capabilities as a list of texts.", "capabilities", "array")]
