"""Whether a new task may be promised: room in the queue, and enough credit for the most that it can cost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa

from vitascope.tasks import credit
from vitascope.tasks.database.tables import take, task
from vitascope.tasks.states import OPEN

RECOUNT_AFTER = 1.0  # seconds a full queue is believed to be full
TRUSTED_FOR = 10.0  # seconds after which other processes may have changed the count noticeably


class Verdict(StrEnum):
    """What became of a task that was to be promised."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    """Its taskUUID is taken."""
    NO_CREDIT = "no credit"
    QUEUE_FULL = "queue full"
    PICTURE_GONE = "picture gone"
    """A stored picture that it needs was removed meanwhile."""


class Applicant(Protocol):
    """What the limits need to know of a new task. `price` is the most one take can cost, in billionths of a USD."""

    @property
    def account_id(self) -> str: ...

    @property
    def seeds(self) -> Sequence[int]: ...

    @property
    def price(self) -> int: ...


class OpenCount:
    """How many takes are open, for each account and in all; kept by one process between its transactions.

    Counting costs more than accepting, so the count is kept: it only grows by what this process accepts, and is made
    anew before anything is refused. `None` for a limit means that there is none.
    """

    def __init__(self, most_of_account: int | None = None, most_in_all: int | None = None) -> None:
        self._most_of_account = most_of_account
        self._most_in_all = most_in_all
        self._open: Counter[str] = Counter()
        self._total = 0
        self._counted_at = -TRUSTED_FOR

    def look(self, connection: sa.Connection, wanted: Mapping[str, int]) -> None:
        """Count anew if the count may be wrong by now, or if so many takes for these accounts would not fit."""
        if self._most_of_account is None and self._most_in_all is None:
            return
        fits = self._fits_all(wanted.values()) and all(self._fits_account(*each) for each in wanted.items())
        age = time.monotonic() - self._counted_at
        if age > TRUSTED_FOR or (age > RECOUNT_AFTER and not fits):
            self._count(connection)

    def has_room(self, account_id: str, takes: int) -> bool:
        """Whether so many takes more stay within the limits."""
        return self._fits_account(account_id, takes) and self._fits_all([takes])

    def add(self, account_id: str, takes: int) -> None:
        """Note takes that are being accepted. If that is undone the count is too high until it is made anew."""
        self._open[account_id] += takes
        self._total += takes

    def _fits_account(self, account_id: str, takes: int) -> bool:
        return self._most_of_account is None or self._open[account_id] + takes <= self._most_of_account

    def _fits_all(self, takes: Iterable[int]) -> bool:
        return self._most_in_all is None or self._total + sum(takes) <= self._most_in_all

    def _count(self, connection: sa.Connection) -> None:
        is_open = take.c.state.in_(OPEN)
        counts = sa.select(task.c.account_id, sa.func.count()).select_from(take.join(task)).where(is_open)
        rows = connection.execute(counts.group_by(task.c.account_id)).all()
        self._open = Counter({row[0]: row[1] for row in rows})
        self._total = self._open.total()
        self._counted_at = time.monotonic()


class Gate:
    """The limits as one transaction's new tasks meet them, one after the other."""

    def __init__(self, connection: sa.Connection, open_count: OpenCount, applicants: Sequence[Applicant]) -> None:
        self._open = open_count
        wanted: Counter[str] = Counter()
        for new in applicants:
            wanted[new.account_id] += len(new.seeds)
        open_count.look(connection, wanted)
        self._purses = credit.available(connection, list(wanted))

    def admit(self, new: Applicant, only_asked: bool = False) -> Verdict:
        """ACCEPTED, having set aside what the task needs (unless `only_asked`), or why not."""
        takes = len(new.seeds)
        if not self._open.has_room(new.account_id, takes):
            return Verdict.QUEUE_FULL
        purse = self._purses.get(new.account_id)
        if purse is not None:
            if purse < new.price * takes:
                return Verdict.NO_CREDIT
            if not only_asked:
                self._purses[new.account_id] = purse - new.price * takes
        if not only_asked:
            self._open.add(new.account_id, takes)
        return Verdict.ACCEPTED
