"""The engines of one worker process: which pools of takes it works on, and each pool's engine, built when needed."""

from __future__ import annotations

import threading

from vitascope.engines.protocol import Engine, Facts
from vitascope.engines.registry import ENGINES, facts_of, make_engine
from vitascope.errors import EngineFailed
from vitascope.settings import Settings


class Pools:
    """A pool is the takes of one engine. `names` are those that this worker looks for takes in."""

    def __init__(self, settings: Settings) -> None:
        """Raises SetupError for the name of an engine that does not exist."""
        for name in (*settings.serves, *settings.engines_in_use):
            facts_of(name)
        self._settings = settings
        # Without a choice, every pool: what was queued for an engine before the settings changed is made all the same.
        self.names = settings.serves or tuple(ENGINES)
        self._open: dict[str, Engine] = {}
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Build the engines in use that this worker serves, so that a missing library is known at once."""
        for name in self._settings.engines_in_use:
            if name in self.names:
                self._engine(name)

    def engine_for(self, model: str) -> tuple[Engine, Facts]:
        """The engine that makes a model's takes here, opened, and its facts. Raises SetupError or EngineFailed.

        The settings in force decide; a take that was queued for another engine's pool, the only one that this worker
        serves, is made by that engine.
        """
        name = self._settings.engine_of(model)
        if name not in self.names:
            if len(self.names) > 1:
                raise EngineFailed(f"{model} is served by the engine {name} now, which this worker does not have.")
            name = self.names[0]
        return self._engine(name), facts_of(name)

    def close(self) -> None:
        """Close the engines."""
        with self._lock:
            for engine in self._open.values():
                engine.close()
            self._open.clear()

    def _engine(self, name: str) -> Engine:
        with self._lock:
            if name not in self._open:
                engine = make_engine(name, self._settings.processes, self._settings.engine_idle)
                engine.open()
                self._open[name] = engine
            return self._open[name]
