"""From one picture to another through mist: it rises until nothing is seen, then uncovers the other picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitascope.filmset.photo.noise import clouds
from vitascope.filmset.photo.photo_film import Part, PhotoFilm
from vitascope.filmset.photo.warp import Field, smoothstep
from vitascope.filmset.photo.weather import misted
from vitascope.values import Picture, Timing

DENSEST = 10.0  # optical depth in the middle: about one part in a hundred of the picture comes through
CLEAR = 0.22  # share of the clip at either end that stays nearly clear


class Veil:
    """Two films; the first turns into the second while the mist hides both."""

    def __init__(self, first: PhotoFilm, last: PhotoFilm, timing: Timing, seed: int) -> None:
        self._films, self._timing = (first, last), timing
        self._mist = clouds((72, 192), 22, np.random.default_rng((seed, 13)))
        levels = [
            np.quantile(film.frame(index), 0.7) for film, index in zip(self._films, (0, timing.frames - 1), strict=True)
        ]
        self._shade = np.array([1.0, 1.01, 1.03]) * float(np.clip(1.1 * np.mean(levels), 110, 215))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The first picture in the first half, the last in the other."""
        one, two = (film.parts[0] for film in self._films)
        return replace(one, end=0.5), replace(two, start=0.5)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        share = index / max(1, self._timing.frames - 1)
        seen = self._films[share >= 0.5].frame(index)
        rising = smoothstep((0.5 - abs(share - 0.5) - CLEAR * 0.5) / (0.5 - CLEAR * 0.5))
        near = _level(0.75 * rising)
        thickness = 0.4 * smoothstep(8 * min(share, 1 - share)) + DENSEST * rising**3
        return misted(seen, near, self._mist, self._timing.time(index), thickness, 0.4, self._shade)


def _level(depth: float) -> Field:
    """Far things vanish first; when the mist is thick, near ones too."""
    ramp = np.linspace(0, 1, 16, dtype=np.float32) * np.float32(1 - depth)
    return np.repeat(ramp[:, np.newaxis], 16, axis=1)
