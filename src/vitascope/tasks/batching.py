"""Batcher: what many requests ask of the database at the same time becomes one transaction, or one query.

SQLite allows one writer at a time, and each commit costs a flush: one thread that commits for everybody (group commit)
keeps acknowledgements fast under load without promising anything that is not on disk. Polls are read the same way: one
query for twenty polls costs little more than one for a single poll.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    future: asyncio.Future[Result]


class Batcher(Generic[Item, Result]):
    """Brings items to the database in the order they come, by one function that takes several at once.

    `act(connection, items)` returns a result for each item. If it raises, each item is tried alone once more, so that
    one bad item never undoes its neighbours.
    """

    def __init__(self, engine: sa.Engine, act: Callable[[sa.Connection, Sequence[Item]], Sequence[Result]]) -> None:
        self._engine = engine
        self._act = act
        self._waiting: queue.SimpleQueue[_Waiting[Item, Result] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="batcher", daemon=True)
        self._thread.start()

    async def submit(self, item: Item) -> Result:
        """Bring one item. Returns its result after the commit; raises what undid it."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.put(_Waiting(item, future))
        return await future

    def close(self) -> None:
        """Finish what is queued, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (batch := self._next_batch()) is not None:
            if not self._transact(batch, last=False):
                for single in batch:
                    self._transact([single], last=True)

    def _next_batch(self) -> list[_Waiting[Item, Result]] | None:
        first = self._waiting.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < MOST_AT_ONCE and not self._waiting.empty():
            waiting = self._waiting.get()
            if waiting is None:
                self._waiting.put(None)
                break
            batch.append(waiting)
        return batch

    def _transact(self, batch: list[_Waiting[Item, Result]], last: bool) -> bool:
        """Bring a batch in one transaction. False if it failed; at the `last` try a waiter is told why."""
        try:
            with self._engine.begin() as connection:
                results = self._act(connection, [waiting.item for waiting in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the waiting caller
            if last:
                future = batch[0].future
                future.get_loop().call_soon_threadsafe(_refuse, future, error)
            return False
        futures = [waiting.future for waiting in batch]
        # One wake-up of the event loop for the whole batch: they cost more than many a write.
        futures[0].get_loop().call_soon_threadsafe(_resolve, futures, results)
        return True


def _resolve(futures: Sequence[asyncio.Future[Result]], results: Sequence[Result]) -> None:
    for future, result in zip(futures, results, strict=True):
        if not future.done():  # its request may have been given up meanwhile
            future.set_result(result)


def _refuse(future: asyncio.Future[Result], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
