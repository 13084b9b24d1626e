"""Who holds the connections of this process, and who gives one up when somebody holds too many.

A connection is its address's until a known key came over it, and that account's from then on. What makes room is always
one that waits for its client, of whoever holds the most: an attack takes from nobody but itself.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

STRANGERS = 256
"""Connections that one address may hold without a known key; a new one ends the oldest that waits for its client."""

LARGE_AT_ONCE = 4
"""Large messages of one account that are read and answered at the same time; the others wait in their clients."""

CONNECTION = "vitascope.connection"
"""The name under which an ASGI scope's `state` has the connection."""

SWEEP = 1.0  # seconds between two looks at the clients that keep us waiting


class Held(Protocol):
    """A connection, as whoever counts them sees it."""

    def known_as(self, account_id: str) -> None:
        """Its client has shown a key of this account."""

    def answered(self) -> None:
        """A large message that came over it has been answered."""

    def go_on(self) -> None:
        """It is its turn to read on."""

    @property
    def waiting(self) -> bool:
        """Whether nothing is done for it now: its next move is the client's."""

    def overdue(self, seconds: float) -> bool:
        """Whether its client has kept us waiting too long. Asked every so many seconds."""

    def end(self, timed_out: bool = False) -> None:
        """Close it now."""


class Connections:
    """The open connections by who holds them."""

    def __init__(self, most: int) -> None:
        """`most` connections in all; an account may hold half of them, a stranger's address far fewer."""
        self._most = most
        self._most_of_account = max(1, most // 2)
        self._most_of_stranger = max(1, min(STRANGERS, most // 4))
        self._by_holder: dict[str, dict[Held, None]] = {}
        self._holders: dict[Held, str] = {}
        self._turns: dict[str, dict[Held, None]] = {}
        self._sweeping: asyncio.TimerHandle | None = None

    def enter(self, connection: Held, address: str) -> None:
        """Note a new connection; another one may have to go for it."""
        holder = f"address {address}"
        self._put(connection, holder)
        self._shorten(holder, self._most_of_stranger, connection)
        if len(self._holders) > self._most:
            largest = max(self._by_holder, key=lambda each: len(self._by_holder[each]))
            if not self._shorten(largest, len(self._by_holder[largest]) - 1, connection):
                self._end(connection)
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(SWEEP, self._sweep)

    def identify(self, connection: Held, account_id: str) -> None:
        """Note whose a connection is."""
        holder = f"account {account_id}"
        if self._holders.get(connection, holder) != holder:
            self.leave(connection)
            self._put(connection, holder)
            if not self._shorten(holder, self._most_of_account, connection):
                self._end(connection)

    def leave(self, connection: Held) -> None:
        """Note that a connection has ended."""
        self.give_back(connection)
        self._take(connection)

    def claim(self, connection: Held) -> bool:
        """Take a turn for a large message. False if it must wait for `go_on`; asking again does no harm."""
        if connection not in self._holders:
            return True
        turns = self._turns.setdefault(self._holders[connection], {})
        turns[connection] = None
        return list(turns).index(connection) < LARGE_AT_ONCE

    def give_back(self, connection: Held) -> None:
        """End a turn; the next in line goes on."""
        holder = self._holders.get(connection)
        turns = self._turns.get(holder, {}) if holder else {}
        if connection in turns and holder:
            del turns[connection]
            if not turns:
                del self._turns[holder]
            for other in list(turns)[:LARGE_AT_ONCE]:
                other.go_on()

    def _put(self, connection: Held, holder: str) -> None:
        self._by_holder.setdefault(holder, {})[connection] = None
        self._holders[connection] = holder

    def _take(self, connection: Held) -> None:
        holder = self._holders.pop(connection, None)
        if holder is not None:
            held = self._by_holder[holder]
            del held[connection]
            if not held:
                del self._by_holder[holder]

    def _shorten(self, holder: str, most: int, newest: Held) -> bool:
        """End the oldest connection that waits for its client, of a holder of too many. False if none of them does."""
        held = self._by_holder[holder]
        if len(held) <= most:
            return True
        oldest = next((each for each in held if each is not newest and each.waiting), None)
        if oldest is not None:
            self._end(oldest)
        return oldest is not None

    def _end(self, connection: Held, timed_out: bool = False) -> None:
        self.leave(connection)
        connection.end(timed_out)

    def _sweep(self) -> None:
        for connection in [each for each in self._holders if each.overdue(SWEEP)]:
            self._end(connection, timed_out=True)
        again = asyncio.get_running_loop().call_later(SWEEP, self._sweep) if self._holders else None
        self._sweeping = again
