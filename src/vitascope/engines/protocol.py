"""The one protocol that every engine follows: a shot in, a clip out, with progress and cancellation on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vitascope.errors import Cancelled
from vitascope.values import Clip, Picture, Shot


class Control(Protocol):
    """The engine's line to whoever ordered the shot."""

    def progress(self, percent: int, stage: str = "", preview: Picture | None = None) -> None:
        """Report how far the shot is, 0-100; never falls.

        `stage` names what is being done ("reading the prompt", "drawing"), "" for the same as before. `preview` is a
        picture of what there is so far, of any size: uint8 (height, width, 3). Engines may leave both out.
        """

    def cancelled(self) -> bool:
        """True once the shot is no longer wanted; engines ask at least once a second."""


class Unattended:
    """A control for runs that nobody watches and nobody cancels."""

    def progress(self, percent: int, stage: str = "", preview: Picture | None = None) -> None:
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
    """What an engine says of itself wherever it is named; `registry` has those of every engine.

    `kind` is one plain word pair ("procedural drawing", "test pattern"). `heavy` engines run in a child process, which
    stays for further shots; after `most_shots` of them a new one takes its place (None: never, because loading what
    the engine needs takes long).
    """

    name: str
    kind: str
    description: str
    heavy: bool
    most_shots: int | None = None


class Engine(Protocol):
    """Turns shots into clips. Holds no state between shots that could change a result."""

    def open(self) -> None:
        """Load what every shot needs, such as weights. Called once, before the first shot. Raises `EngineFailed`."""
        ...

    def generate(self, shot: Shot, control: Control) -> Clip:
        """Start the shot. Raises `Cancelled` or `EngineFailed`, also while the chunks are consumed."""
        ...

    def close(self) -> None:
        """Let go of everything. Called once, after the last shot."""
        ...
