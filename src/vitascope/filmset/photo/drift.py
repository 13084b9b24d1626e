"""What drifts through the air before a picture: falling leaves and petals, rising embers, dust in the light.

Leaves and petals come in from above, embers from below, so nothing appears in mid-air; dust is faint and comes up
slowly. A clip that ends at its picture lets all of it shrink away in time.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.motions import Stir
from vitascope.values import Picture, Size

SUBPIXEL = 4
LEAF = np.array([[-1, 0], [-0.55, -0.3], [0, -0.42], [0.55, -0.28], [1, 0], [0.55, 0.28], [0, 0.42], [-0.55, 0.3]])
PETAL = np.array(
    [[-0.7, 0], [-0.35, -0.42], [0.25, -0.55], [0.7, -0.2], [0.52, 0], [0.7, 0.2], [0.25, 0.55], [-0.35, 0.42]]
)
AUTUMN = ((196, 92, 28), (214, 142, 36), (164, 58, 24), (140, 96, 40), (222, 168, 62))
BLOSSOM = ((255, 214, 224), (250, 190, 208), (255, 234, 238))
SPARK = ((255, 176, 74), (255, 128, 40), (255, 206, 120))
MOTE = ((255, 246, 224), (236, 240, 255))
QUARTER = 4  # glowing things are drawn at a quarter of the size


@dataclass(frozen=True, slots=True)
class DriftKind:
    """How one kind goes: how many on a 16:9 picture; size, fall and sway in picture heights (a second); how brightly it
    glows, or how light it stays in a dark picture."""

    count: int
    size: float
    fall: float
    sway: float
    colours: tuple[tuple[int, int, int], ...]
    outline: NDArray[np.float64] | None = None
    glow: float = 0.0
    least_light: float = 0.5


FLIGHTS = {
    Stir.LEAVES: DriftKind(34, 0.025, 0.26, 0.060, AUTUMN, LEAF),
    Stir.PETALS: DriftKind(52, 0.016, 0.22, 0.050, BLOSSOM, PETAL, least_light=0.85),
    Stir.EMBERS: DriftKind(54, 0.004, -0.26, 0.030, SPARK, None, 1.0),
    Stir.DUST: DriftKind(64, 0.0042, -0.012, 0.030, MOTE, None, 0.34),
}


class Drift:
    """Everything of these kinds in front of one picture."""

    def __init__(self, stirs: frozenset[Stir], size: Size, wind: float, seed: int, ends: bool) -> None:
        self._size, self._wind, self._ends = size, wind, ends
        side = 1 if seed % 2 else -1
        self._swarms = [
            _Swarm.of(flight, size.ratio, side * (0.04 + 0.4 * wind), np.random.default_rng((seed, 41, number)))
            for number, (stir, flight) in enumerate(FLIGHTS.items())
            if stir in stirs
        ]

    @property
    def none(self) -> bool:
        """Whether the air is empty."""
        return not self._swarms

    def over(self, picture: Picture, time: float, strength: float) -> Picture:
        """The picture with what drifts before it; `time` since the clip's start, `strength` 0 at the given picture."""
        if self.none or strength <= 0:
            return picture
        for swarm in self._swarms:
            picture = (
                self._glowing(picture, swarm, time, strength)
                if swarm.flight.glow
                else self._leafy(picture, swarm, time, strength)
            )
        return picture

    def _leafy(self, picture: Picture, swarm: _Swarm, time: float, strength: float) -> Picture:
        """Leaves tumble: each turns about its own axis and in the plane. Those close to the lens are out of focus."""
        across, down, there = swarm.places(time, fresh=not self._ends)
        sharp, height = picture.copy(), self._size.height
        near = np.zeros_like(picture)
        mask = np.zeros(picture.shape[:2], np.uint8)
        assert swarm.flight.outline is not None
        least = swarm.flight.least_light
        light = least + (1 - least) * min(1.0, float(picture[::16, ::16].mean()) / 110)  # a leaf is no lamp
        for number in (int(each) for each in np.nonzero(there)[0]):
            depth = float(swarm.depth[number])
            scale = swarm.flight.size * height * depth * (strength if self._ends else 1.0)
            shape, shine = swarm.tumbled(number, time, scale)
            points = shape + np.array([across[number] * height, down[number] * height])
            colour = [int(v) for v in np.clip(swarm.colour[number] * shine * light, 0, 255)]
            close = depth > 1.9
            fixed = [np.rint(points * 2**SUBPIXEL).astype(np.int32)]
            cv2.fillPoly(near if close else sharp, fixed, colour, cv2.LINE_AA, SUBPIXEL)
            if close:
                cv2.fillPoly(mask, fixed, 255, cv2.LINE_AA, SUBPIXEL)
        return _out_of_focus(sharp, near, mask, 0.006 * height) if mask.any() else sharp

    def _glowing(self, picture: Picture, swarm: _Swarm, time: float, strength: float) -> Picture:
        across, down, there = swarm.places(time, fresh=swarm.flight.fall < -0.1 and not self._ends)
        width, height = max(8, self._size.width // QUARTER), max(8, self._size.height // QUARTER)
        layer = np.zeros((height, width, 3), np.float32)
        shine = swarm.shine(time) * swarm.flight.glow * strength
        for number in (int(each) for each in np.nonzero(there)[0]):
            centre = (round(across[number] * height * 16), round(down[number] * height * 16))
            radius = max(7, round(swarm.flight.size * float(swarm.depth[number]) * height * 8))
            cv2.circle(
                layer, centre, radius, [float(v * shine[number]) for v in swarm.colour[number]], -1, cv2.LINE_8, 4
            )
        wide = max(0.5, 0.0022 * width)
        soft = cv2.GaussianBlur(layer, (0, 0), wide) * 2.0 + cv2.GaussianBlur(layer, (0, 0), 4 * wide) * 2.4
        large = cv2.resize(soft, (self._size.width, self._size.height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(cv2.add(picture, np.minimum(large, 255).astype(np.uint8)), np.uint8)


@dataclass(frozen=True, eq=False)
class _Swarm:
    """The single things of one kind: where they start, how they differ."""

    flight: DriftKind
    ratio: float
    slant: float
    start: NDArray[np.float64]
    phase: NDArray[np.float64]
    pace: NDArray[np.float64]
    depth: NDArray[np.float64]
    colour: NDArray[np.float64]

    @classmethod
    def of(cls, flight: DriftKind, ratio: float, slant: float, random: np.random.Generator) -> _Swarm:
        count = max(6, round(flight.count * ratio / (16 / 9)))
        depth = random.uniform(0.6, 1.5, count)
        depth[: max(1, count // 9)] *= 2.2  # a few pass close to the lens
        picked = random.integers(0, len(flight.colours), count)
        colour = np.array(flight.colours, np.float64)[picked] * random.uniform(0.8, 1.1, (count, 1))
        return cls(
            flight,
            ratio,
            slant,
            random.uniform(0, 1, (count, 2)),
            random.uniform(0, 2 * np.pi, (count, 4)),
            random.uniform(0.75, 1.3, count),
            depth,
            colour,
        )

    def places(self, time: float, fresh: bool) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """Across and down in picture heights, and which are in the air; `fresh`: at time 0 all are still to come in."""
        gone = self.flight.fall * self.pace * np.sqrt(self.depth) * time
        span = 1.3
        fallen = np.abs(gone) - 0.9 * self.start[:, 1] if fresh else np.abs(gone) + span * self.start[:, 1]
        turns = np.floor(fallen / span)
        along = fallen - turns * span - 0.15
        down = along if self.flight.fall > 0 else 1 - along
        swing = np.sin(2.1 * self.pace * time + self.phase[:, 0]) + 0.4 * np.sin(4.7 * time + self.phase[:, 1])
        wide = self.ratio + 0.3
        drift = self.slant * self.pace * time * (0.6 + 0.5 * self.depth)
        across = (self.start[:, 0] * wide + 0.618034 * turns * wide + drift) % wide - 0.15 + self.flight.sway * swing
        return across, down, (fallen > 0) if fresh else np.ones(len(fallen), np.bool_)

    def tumbled(self, number: int, time: float, scale: float) -> tuple[NDArray[np.float64], float]:
        """The outline of one leaf as it lies in the air (pixels around its middle), and how brightly it is lit."""
        turn = self.phase[number, 2] + 1.6 * self.pace[number] * time * (1 if number % 2 else -1)
        flip = self.phase[number, 3] + 3.1 * self.pace[number] * time
        flat = np.cos(flip)
        assert self.flight.outline is not None
        shape = self.flight.outline * np.array([1.0, 0.16 + 0.84 * abs(flat)]) * scale
        cos, sin = np.cos(turn + 0.5 * np.sin(flip)), np.sin(turn + 0.5 * np.sin(flip))
        return shape @ np.array([[cos, sin], [-sin, cos]]), float(0.8 + 0.24 * flat)

    def shine(self, time: float) -> NDArray[np.float64]:
        """How brightly each glows now, 0..1."""
        return np.asarray(np.clip(0.55 + 0.45 * np.sin(3.3 * self.pace * time + self.phase[:, 2]), 0, 1), np.float64)


def _out_of_focus(sharp: Picture, near: Picture, mask: NDArray[np.uint8], sigma: float) -> Picture:
    """The leaves close to the lens, blurred, over the rest."""
    covered = cv2.GaussianBlur(mask, (0, 0), sigma)
    colour = cv2.GaussianBlur(near, (0, 0), sigma)
    weight = np.asarray(covered, np.float32)[..., np.newaxis] / 255
    return np.asarray(np.clip(np.rint(sharp * (1 - weight) + colour), 0, 255), np.uint8)
