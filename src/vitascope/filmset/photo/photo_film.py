"""What all ways of moving pictures have in common: frames in any order, and which living picture is seen when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from vitascope.filmset.photo.alive import Alive
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.warp import Map
from vitascope.values import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One living picture in a clip: seen from `start` to `end` (shares of the clip), through `where(index)`; `also` is
    what stirs in it beside what the picture itself shows."""

    alive: Alive
    where: Callable[[int], Map]
    start: float = 0.0
    end: float = 1.0
    also: tuple[Stir, ...] = ()


class PhotoFilm(Protocol):
    """Frames of a clip; frames that are given pictures may be asked for too, but are not shown."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The pictures that the clip shows, in their order."""
        ...

    def frame(self, index: int) -> Picture:
        """The frame at `index`: uint8 (height, width, 3)."""
        ...


def stirring(film: PhotoFilm) -> tuple[Stir, ...]:
    """What moves by itself in any of a film's pictures."""
    return tuple(stir for stir in Stir if any(stir in (*part.alive.stirring, *part.also) for part in film.parts))
