"""What the film set knows: every thing it can show or sound, with words that name it, from the concept tables."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

SLOTS = {
    "setting": "settings",
    "variant": "kinds of a setting",
    "kind": "subjects",
    "action": "actions",
    "prop": "things to hold",
    "time": "times",
    "weather": "weathers",
    "glow": "lights",
    "camera": "cameras",
    "ambience": "sounds",
    "mood": "moods",
    "colour": "colours",
}
"""The slots of the tables that are shown or heard, and what to call each."""

Vocabulary = dict[str, dict[str, tuple[str, ...]]]


@cache
def vocabulary() -> Vocabulary:
    """Group ("settings") -> thing ("open sea") -> the English words that name it, the surest first, no hints."""
    table = tomllib.loads((files("vitascope.filmset.prompt") / "concepts" / "english.toml").read_text(encoding="utf-8"))
    return {
        title: {
            value: tuple(dict.fromkeys((*ranks.get("strong", ()), *ranks.get("plain", ()))))
            for value, ranks in table[slot].items()
        }
        for slot, title in SLOTS.items()
    }
