"""Turns: so much of one account at a time, so that what one sends holds up itself and not the others."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A semaphore for each account, for as long as somebody holds it or waits for it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, account_id: str) -> asyncio.Semaphore:
        """The account's turns: `async with turns.of(account_id): ...`."""
        turns = self._of.get(account_id)
        if turns is None:
            self._of[account_id] = turns = asyncio.Semaphore(self._most)
        return turns
