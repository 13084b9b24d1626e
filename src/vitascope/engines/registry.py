"""The engines there are: their facts as plain data, and where each is built. Naming an engine loads nothing of it."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from dataclasses import dataclass

from vitascope.engines.protocol import Engine, Facts
from vitascope.errors import SetupError


@dataclass(frozen=True, slots=True)
class Entry:
    """One engine: what it says of itself, the class that builds it, and which settings that class is given by name."""

    facts: Facts
    module: str
    attribute: str
    settings: tuple[str, ...] = ()


_ENTRIES = (
    Entry(
        Facts(
            name="filmset",
            kind="procedural drawing",
            description="Draws the scene it understood from the prompt, with sound on the same clock. "
            "No neural network.",
            heavy=True,
            most_shots=50,
        ),
        "vitascope.engines.filmset",
        "FilmSet",
        settings=("processes",),
    ),
    Entry(
        Facts(
            name="testcard",
            kind="test pattern",
            description="Bars, a moving mark, a frame-number strip and a beep on each second; the prompt is not drawn.",
            heavy=False,
        ),
        "vitascope.engines.testcard",
        "TestCard",
    ),
)

ENGINES: Mapping[str, Entry] = {entry.facts.name: entry for entry in _ENTRIES}
"""Every engine by its name."""


def facts_of(name: str) -> Facts:
    """What an engine says of itself. Raises SetupError for an unknown name."""
    return _entry(name).facts


def make_engine(name: str, processes: int = 1, idle: float = 300.0) -> Engine:
    """Build an engine by name. Raises SetupError for an unknown name, or if what it needs is not installed.

    `processes` is how many processes may draw. A heavy engine's process is ended after `idle` seconds without a shot.
    """
    entry = _entry(name)
    try:
        make = getattr(importlib.import_module(entry.module), entry.attribute)
    except ImportError as error:
        raise SetupError(f"The engine {name!r} cannot be loaded: {error}. `vitascope doctor` has advice.") from error
    given = {"processes": processes}
    build = functools.partial(make, **{setting: given[setting] for setting in entry.settings})
    if entry.facts.heavy:
        from vitascope.engines.isolated import Isolated  # with it come arrays and processes

        return Isolated(build, idle, entry.facts.most_shots)
    engine: Engine = build()
    return engine


def _entry(name: str) -> Entry:
    if name not in ENGINES:
        raise SetupError(f"There is no engine {name!r}. Engines: {', '.join(ENGINES)}.")
    return ENGINES[name]
