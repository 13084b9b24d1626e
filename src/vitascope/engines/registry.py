"""The engines there are, by name, imported only when asked for: naming an engine must not load drawing code."""

from __future__ import annotations

import functools
import importlib

from vitascope.engines.isolated import Isolated
from vitascope.engines.protocol import Engine
from vitascope.errors import SetupError

ENGINES = {
    "filmset": ("vitascope.engines.filmset", "FilmSet"),
    "testcard": ("vitascope.engines.testcard", "TestCard"),
}


def make_engine(name: str, processes: int) -> Engine:
    """Build an engine by name. `processes` is how many processes may draw. Raises SetupError for an unknown name."""
    if name not in ENGINES:
        raise SetupError(f"There is no engine {name!r}. Engines: {', '.join(ENGINES)}.")
    module, attribute = ENGINES[name]
    try:
        make = getattr(importlib.import_module(module), attribute)
    except ImportError as error:
        raise SetupError(f"The engine {name!r} cannot be loaded: {error}. `vitascope doctor` has advice.") from error
    if name == "filmset":
        make = functools.partial(make, processes)
    engine: Engine = make()
    return Isolated(make) if engine.facts.heavy else engine
