"""Group commit: many small writes from many threads, one transaction and one fsync for all that wait together.

SQLite allows one writer at a time, and each commit costs a disk flush. One thread that commits for everybody keeps
acknowledgements fast under load without promising anything that is not on disk.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
MOST_TOGETHER = 64

Write = Callable[[sa.Connection], Any]


class GroupCommit:
    """Runs writes in the order they come; a write's future resolves only after its transaction is committed."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[tuple[Write, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="group-commit", daemon=True)
        self._thread.start()

    def submit(self, write: Callable[[sa.Connection], T]) -> Future[T]:
        """Queue a write. Its future holds what it returned, or the error that undid it."""
        future: Future[T] = Future()
        self._waiting.put((write, future))
        return future

    def close(self) -> None:
        """Finish what is queued, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (batch := self._next_batch()) is not None:
            if not self._commit(batch) and len(batch) > 1:
                # One bad write must not undo its neighbours: again, each on its own.
                for single in batch:
                    self._commit([single])

    def _next_batch(self) -> list[tuple[Write, Future[Any]]] | None:
        first = self._waiting.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < MOST_TOGETHER and not self._waiting.empty():
            item = self._waiting.get()
            if item is None:
                self._waiting.put(None)
                break
            batch.append(item)
        return batch

    def _commit(self, batch: list[tuple[Write, Future[Any]]]) -> bool:
        """Run a batch in one transaction. False if it failed and each write should be tried alone."""
        try:
            with self._engine.begin() as connection:
                results = [write(connection) for write, _ in batch]
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the waiting caller's future
            if len(batch) == 1:
                batch[0][1].set_exception(error)
            return False
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)
        return True
