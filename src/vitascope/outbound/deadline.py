"""When a call ends: after so long in all, and an upload also when it gets through too slowly."""

from __future__ import annotations

import time


class Deadline:
    """The end of one whole call: no single step may wait longer than what is left of it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, wanted: float | None) -> float:
        """Seconds that one step may take. Raises TimeoutError when none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left if wanted is None else min(wanted, left)

    def note_sending(self, count: int = 0) -> None:
        """Something is being sent, and so many bytes of it have gone."""

    def note_reading(self) -> None:
        """Something is being read: what was to be sent has gone."""


class Pace(Deadline):
    """The end of an upload, which comes early for a receiver that takes it, or answers it, in drips.

    At least `speed` bytes a second must go in each `window` of seconds; the whole answer must be there `answer` seconds
    after what was sent.
    """

    def __init__(self, seconds: float, answer: float, speed: int, window: float) -> None:
        super().__init__(seconds)
        self._answer = answer
        self._window = window
        self._least = speed * window
        self._window_end: float | None = None
        self._sent = 0
        self._reading = False

    def left(self, wanted: float | None) -> float:
        """Seconds that one step may take. Raises TimeoutError when none are left, or when it is too slow."""
        left = super().left(wanted)
        if self._window_end is None:
            return left
        rest = self._window_end - time.monotonic()
        if self._sent < self._least:
            if rest <= 0:
                raise TimeoutError
            return min(left, rest)
        if rest <= 0:
            self._begin_window()
        return left

    def note_sending(self, count: int = 0) -> None:
        """The first window begins with the first byte."""
        if self._window_end is None and not self._reading:
            self._begin_window()
        self._sent += count

    def note_reading(self) -> None:
        """No window any more; the time for the answer begins."""
        if not self._reading and self._window_end is not None:
            self._reading, self._window_end = True, None
            self._end = min(self._end, time.monotonic() + self._answer)

    def _begin_window(self) -> None:
        self._window_end, self._sent = time.monotonic() + self._window, 0
