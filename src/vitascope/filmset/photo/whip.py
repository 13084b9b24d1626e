"""From one picture to another that has nothing to do with it: move in the first, whip round, move in the second."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from vitascope.filmset.photo.photo_film import Part, PhotoFilm
from vitascope.filmset.photo.warp import smoothstep
from vitascope.values import Picture, Timing

LONGEST = 0.6  # seconds that the whip takes at most
BETWEEN = 0.2  # width of the stretch of streaks between the pictures, as a share of their width
EDGE = 0.06  # how much of a picture at its border gives the streaks their colours
SEAM = 0.16  # how much of the stretch's place one picture's colours take to become the other's


class Whip:
    """Two films side by side; the camera swings from the first to the second with an open shutter.

    `side` 1 swings to the right, -1 to the left.
    """

    def __init__(self, first: PhotoFilm, last: PhotoFilm, timing: Timing, side: int) -> None:
        self._films, self._timing, self._side = (first, last), timing, side
        steps = max(1, timing.frames - 1)
        self._length = max(2.0, min(0.4 * steps, LONGEST * float(timing.fps)))
        self._start = (steps - self._length) / 2

    @property
    def parts(self) -> tuple[Part, ...]:
        """The first picture in the first half, the last in the other."""
        one, two = (film.parts[0] for film in self._films)
        return replace(one, end=0.5), replace(two, start=0.5)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        here, before, after = (self._place(index + shift) for shift in (0.0, -0.5, 0.5))
        if after == 0.0:
            return self._films[0].frame(index)
        if before == 1.0:
            return self._films[1].frame(index)
        one, two = (film.frame(index) for film in self._films)
        if self._side < 0:
            here, one, two = 1 - here, two, one
        return _seen_between(one, two, here, after - before)

    def _place(self, time: float) -> float:
        """How far the camera has swung at a frame's time: 0 first picture, 1 last."""
        return smoothstep((time - self._start) / self._length)


def _seen_between(one: Picture, two: Picture, place: float, speed: float) -> Picture:
    """The view at `place` (0 one, 1 two) of the pictures laid side by side, blurred along `speed` (places a frame)."""
    width = one.shape[1]
    wide = _side_by_side(one, two)
    travel = wide.shape[1] - width
    blur = max(1, int(speed * travel)) | 1
    blurred = np.asarray(cv2.blur(wide, (blur, 1), borderType=cv2.BORDER_REPLICATE), np.uint8)
    left = place * travel
    shift = np.array([[1, 0, -left], [0, 1, 0]], np.float64)
    return np.asarray(cv2.warpAffine(blurred, shift, (width, one.shape[0]), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _side_by_side(one: Picture, two: Picture) -> Picture:
    """Both pictures with level streaks of their borders' colours between them: nothing in it can be recognised."""
    width = one.shape[1]
    gap = max(2, round(BETWEEN * width))
    left, right = (_streaks(part, gap) for part in (one[:, -round(EDGE * width) :], two[:, : round(EDGE * width)]))
    weight = np.clip((np.linspace(-0.5, 0.5, gap) / (SEAM / BETWEEN)) + 0.5, 0, 1)[:, np.newaxis]
    between = np.rint(left * (1 - weight) + right * weight).astype(np.uint8)
    return np.ascontiguousarray(np.concatenate((one, between, two), axis=1))


def _streaks(border: Picture, gap: int) -> Picture:
    """The mean colour of each row of a border, `gap` pixels wide."""
    mean = np.rint(border.mean(axis=1, keepdims=True)).astype(np.uint8)
    return np.repeat(mean, gap, axis=1)
