"""What all ways of moving pictures have in common: frames in any order."""

from __future__ import annotations

from typing import Protocol

from vitascope.values import Picture


class Film(Protocol):
    """Frames of a clip; frames that are given pictures may be asked for too, but are not shown."""

    def frame(self, index: int) -> Picture:
        """The frame at `index`: uint8 (height, width, 3)."""
        ...
