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
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from vitascope.errors import Unavailable
from vitascope.tasks.database.dialect import is_unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    future: asyncio.Future[Result]


class Closed(Unavailable):
    """This server is stopping. Send the same again in a few seconds, with the same taskUUID."""


class Batcher(Generic[Item, Result]):
    """Brings items to the database in the order they come, by one function that takes several at once.

    `act(connection, items)` returns a result for each item. If it raises, each item is tried alone once more, so that
    one bad item never undoes its neighbours; if it is the database that fails, nobody is kept waiting for a second try.
    Whatever happens, everybody who submitted something is answered.
    """

    def __init__(self, engine: sa.Engine, act: Callable[[sa.Connection, Sequence[Item]], Sequence[Result]]) -> None:
        self._engine = engine
        self._act = act
        self._waiting: queue.SimpleQueue[_Waiting[Item, Result] | None] = queue.SimpleQueue()
        self._entry = threading.Lock()  # nothing is put into the queue after what ends it
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="batcher", daemon=True)
        self._thread.start()

    async def submit(self, item: Item) -> Result:
        """Bring one item. Returns its result after the commit; raises what undid it, or Closed."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        with self._entry:
            if self._closed:
                raise Closed
            self._waiting.put(_Waiting(item, future))
        return await future

    def close(self) -> None:
        """Finish what is queued, then end."""
        with self._entry:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (batch := self._next_batch()) is not None:
            error = self._transact(batch)
            if error is None:
                continue
            if len(batch) == 1 or is_unavailable(error):
                _answer(batch, [error] * len(batch))
                continue
            for single in batch:
                if (error := self._transact([single])) is not None:
                    _answer([single], [error])

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

    def _transact(self, batch: list[_Waiting[Item, Result]]) -> BaseException | None:
        """Bring a batch in one transaction and answer it; what undid it, if something did."""
        try:
            with self._engine.begin() as connection:
                results = self._act(connection, [waiting.item for waiting in batch])
                if len(results) != len(batch):
                    raise RuntimeError(f"{len(batch)} items came to {len(results)} results")
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to those who wait
            return error
        _answer(batch, results)
        return None


def _answer(batch: Sequence[_Waiting[Item, Result]], results: Sequence[Result | BaseException]) -> None:
    """Hand everybody in a batch a result or an error."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Result], Result | BaseException]]] = {}
    for waiting, result in zip(batch, results, strict=True):
        loops.setdefault(waiting.future.get_loop(), []).append((waiting.future, result))
    # One wake-up of the event loop for the whole batch: they cost more than many a write.
    for loop, pairs in loops.items():
        with suppress(RuntimeError):  # the loop is closed, and with it whoever waited
            loop.call_soon_threadsafe(_resolve, pairs)


def _resolve(pairs: Sequence[tuple[asyncio.Future[Result], Result | BaseException]]) -> None:
    for future, result in pairs:
        if future.done():  # its request may have been given up meanwhile
            continue
        if not isinstance(result, BaseException):
            future.set_result(result)
        elif isinstance(result, Exception) and not isinstance(result, StopIteration):
            future.set_exception(result)
        else:  # what would end the loop, or what no future takes
            future.set_exception(RuntimeError(f"ended by {type(result).__name__}"))
