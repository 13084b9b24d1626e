"""The one protocol that every engine follows: a shot in, a clip out, with progress and cancellation on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vitascope.errors import Cancelled
from vitascope.values import Clip, Shot


class Control(Protocol):
    """The engine's line to whoever ordered the shot."""

    def progress(self, percent: int) -> None:
        """Report how far the shot is, 0-100; never falls."""

    def cancelled(self) -> bool:
        """True once the shot is no longer wanted; engines ask at least once a second."""


class Unattended:
    """A control for runs that nobody watches and nobody cancels."""

    def progress(self, percent: int) -> None:
        """Nobody listens."""

    def cancelled(self) -> bool:
        """Nobody cancels."""
        return False


def check(control: Control) -> None:
    """Raise `Cancelled` if the shot is no longer wanted."""
    if control.cancelled():
        raise Cancelled


@dataclass(frozen=True, slots=True)
class Facts:
    """What an engine says of itself wherever it is named.

    `kind` is one plain word pair ("procedural drawing", "test pattern"). `heavy` engines run in a child process.
    """

    name: str
    kind: str
    description: str
    heavy: bool


class Engine(Protocol):
    """Turns shots into clips. Holds no state between shots that could change a result."""

    facts: Facts

    def plan(self, shot: Shot) -> str:
        """One sentence: how this engine will make this shot (samples a frame, what it leaves out)."""
        ...

    def generate(self, shot: Shot, control: Control) -> Clip:
        """Start the shot. Raises `Cancelled` or `EngineFailed`, also while the chunks are consumed."""
        ...
