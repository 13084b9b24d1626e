"""The night sky: stars that twinkle each on its own, and now and then one that falls."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.regions import Regions
from vitascope.filmset.photo.warp import Field, smoothstep

GROUPS = 8  # stars twinkle in groups, each with its own rhythm
MANY = 70  # points of light in the dark from which on they are stars, named or not
POINT = 26  # grey levels that a star stands out by
DEEP = 70  # mean level around a star
DENSITY = 0.0011  # new stars a pixel of sky
FALLS = 0.55  # seconds that a falling star is seen


def find_stars(regions: Regions) -> NDArray[np.bool_]:
    """Points of light in the dark, on the look's pixels; the sky's only where a sky is found."""
    look = regions.look
    around = cv2.GaussianBlur(look.luma, (0, 0), 6.0)
    peak = look.luma >= cv2.dilate(look.luma, np.ones((5, 5), np.uint8))
    points = peak & (look.luma - around > POINT) & (around < DEEP)
    if float(regions.sky.mean()) > 0.06:
        points &= regions.sky > 0.5
    return np.asarray(points & (regions.skin < 0.5), np.bool_)


def _all_over(points: NDArray[np.bool_]) -> bool:
    """Whether points lie in every part of the picture: lit windows do not."""
    shares = [part.sum() for row in np.array_split(points, 3, axis=0) for part in np.array_split(row, 3, axis=1)]
    return bool(min(shares) > 0.04 * max(1, sum(shares)))


class Stars:
    """The stars of one picture. `named` says that few are enough."""

    def __init__(self, regions: Regions, seed: int, named: bool) -> None:
        points = find_stars(regions)
        sure = float(regions.sky.mean()) > 0.06 or _all_over(points)
        self.found = not regions.graphic and sure and int(points.sum()) >= (5 if named else MANY)
        random = np.random.default_rng((seed, 53))
        self._glow = np.stack(_glows(points, random)) if self.found else None
        self._rhythm = random.uniform((3.5, 7.0), (6.0, 11.0), (GROUPS, 2))
        self._phase = random.uniform(0, 2 * np.pi, (GROUPS, 2))

    def light(self, time: float) -> Field | None:
        """Log brightness on the look's pixels; None without stars."""
        if self._glow is None or not self.found:
            return None
        waves = np.sin(self._rhythm * time + self._phase) - np.sin(self._phase)  # nothing at the picture's moment
        depth = 0.26 * waves[:, 0] + 0.2 * waves[:, 1]
        return np.asarray(np.tensordot(np.clip(depth, -0.9, 0.6), self._glow, 1), np.float32)


def _glows(points: NDArray[np.bool_], random: np.random.Generator) -> list[Field]:
    """What each group of stars lights up, 0..1."""
    group = random.integers(0, GROUPS, points.shape)
    glows = []
    for number in range(GROUPS):
        dots = (points & (group == number)).astype(np.float32)
        glows.append(np.asarray(np.minimum(1, 9 * cv2.GaussianBlur(dots, (0, 0), 1.3)), np.float32))
    return glows


class NewStars:
    """Stars that come out in the sky of a picture by day when night falls."""

    def __init__(self, regions: Regions, seed: int) -> None:
        rows, columns = (2 * side for side in regions.sky.shape)
        random = np.random.default_rng((seed, 61))
        sky = cv2.resize(cv2.erode(regions.sky, np.ones((3, 3), np.uint8)), (columns, rows))
        self._groups = np.zeros((GROUPS, rows, columns), np.float32)
        count = round(DENSITY * float((sky > 0.9).sum()))
        places = np.argwhere(sky > 0.9)
        for number, (row, column) in enumerate(random.permutation(places)[:count]):
            self._groups[number % GROUPS, row, column] = 0.25 + random.exponential(0.55)
        for group in self._groups:
            group[:] = np.minimum(cv2.GaussianBlur(group, (0, 0), 0.7) * 3.2, 1.2) * sky
        self._rhythm = random.uniform(3.0, 8.0, GROUPS)

    def at(self, time: float, night: float) -> Field | None:
        """Their light 0..1.2 on twice the look's pixels; `night` 0 day .. 1 night. None by day."""
        out = smoothstep(2.4 * night - 1.3)
        if out <= 0:
            return None
        shine = 0.8 + 0.2 * np.sin(self._rhythm * time + np.arange(GROUPS))
        return np.asarray(np.tensordot(shine * out, self._groups, 1), np.float32)


class Meteor:
    """A star that falls across the sky of one picture, or across its upper part where the picture is dark."""

    def __init__(self, regions: Regions, seed: int, seconds: float) -> None:
        rows, columns = regions.sky.shape
        self._room = regions.sky if float(regions.sky.mean()) > 0.08 else _upper_dark(regions)
        random = np.random.default_rng((seed, 59))
        side = 1 if seed % 2 else -1
        self._start = np.array([(0.5 - side * random.uniform(0.1, 0.3)) * columns, random.uniform(0.05, 0.16) * rows])
        self._way = np.array([side * random.uniform(0.3, 0.42) * columns, random.uniform(0.14, 0.26) * rows])
        count = max(1, round(seconds / 4))
        self._times = [float((k + random.uniform(0.3, 0.6)) * seconds / count) for k in range(count)]

    @property
    def found(self) -> bool:
        """Whether there is a dark sky to fall in."""
        return self._room is not None

    def at(self, clock: float) -> Field | None:
        """Its light 0..1 on twice the look's pixels at a time of the clip; None when there is none."""
        falling = [clock - time for time in self._times if 0 <= clock - time < FALLS]
        if self._room is None or not falling:
            return None
        share = falling[0] / FALLS
        rows, columns = (2 * side for side in self._room.shape)
        layer = np.zeros((rows, columns), np.float32)
        head, tail = (2 * (self._start + self._way * part) for part in (share, max(0.0, share - 0.45)))
        for step in range(12):  # the tail fades backwards
            one, two = (tail + (head - tail) * part / 12 for part in (step, step + 1))
            ends = [tuple(round(float(value) * 16) for value in point) for point in (one, two)]
            cv2.line(layer, ends[0], ends[1], (step + 1) / 12, 1, cv2.LINE_AA, 4)
        glow = layer + 1.2 * cv2.GaussianBlur(layer, (0, 0), 1.6)
        seen = smoothstep(share * 5) * smoothstep((1 - share) * 3)
        return np.asarray(
            np.minimum(glow, 1.2) * np.float32(seen) * cv2.resize(self._room, (columns, rows)), np.float32
        )


def _upper_dark(regions: Regions) -> Field | None:
    """The dark upper half of a night picture without a sky that is sure."""
    luma = regions.look.luma
    upper = luma[: luma.shape[0] // 2]
    if regions.graphic or float(np.median(upper)) > 60:
        return None
    room = cv2.GaussianBlur((luma < 80).astype(np.float32), (0, 0), 2.0)
    room[luma.shape[0] // 2 :] = 0
    return np.asarray(room, np.float32)
