"""Small lights that wander through the picture: fireflies, and the glow of living water."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.scene.scene import Glow, Scene
from vitascope.values import Picture, Size

COLOURS = {Glow.FIREFLIES: (255, 236, 120), Glow.BIOLUMINESCENCE: (90, 210, 255)}
COUNT = 34
QUARTER = 4  # the glow is drawn at a quarter of the size: it has no edges


class Motes:
    """The wandering lights a scene asks for; `none` says that it asks for none."""

    def __init__(self, scene: Scene, size: Size, seed: int) -> None:
        self._colours = [COLOURS[glow] for glow in scene.glows if glow in COLOURS]
        self._size = size
        random = np.random.default_rng((seed, 17))
        self._home = random.uniform((0.02, 0.4), (0.98, 0.98), (COUNT, 2))
        self._pace = random.uniform(0.5, 1.3, (COUNT, 3))
        self._phase = random.uniform(0, 2 * np.pi, (COUNT, 4))
        self._near = random.uniform(0.5, 1.6, COUNT)

    @property
    def none(self) -> bool:
        """Whether there is nothing to draw."""
        return not self._colours

    def over(self, picture: Picture, time: float, strength: float) -> Picture:
        """The picture with its lights added."""
        if self.none or strength <= 0:
            return picture
        width, height = max(8, self._size.width // QUARTER), max(8, self._size.height // QUARTER)
        layer = np.zeros((height, width, 3), np.float32)
        across, down, shine = self._places(time)
        for number in range(COUNT):
            centre = (round(across[number] * width * 16), round(down[number] * height * 16))
            colour = [float(shine[number] * strength * value) for value in self._colours[number % len(self._colours)]]
            radius = max(8, round(0.0016 * self._near[number] * width * 16))
            cv2.circle(layer, centre, radius, colour, -1, cv2.LINE_8, 4)
        sigma = max(0.6, 0.0035 * width)
        glow = cv2.GaussianBlur(layer, (0, 0), sigma) * 2.2 + cv2.GaussianBlur(layer, (0, 0), 4.5 * sigma) * 5.0
        large = cv2.resize(glow, (self._size.width, self._size.height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(cv2.add(picture, np.minimum(large, 255).astype(np.uint8)), np.uint8)

    def _places(self, time: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Across and down (shares of the picture) and brightness 0..1 of every light."""
        turn = self._pace * time
        across = (
            self._home[:, 0] + 0.05 * np.sin(0.9 * turn[:, 0] + self._phase[:, 0]) + 0.02 * np.sin(2.3 * turn[:, 1])
        )
        down = self._home[:, 1] + 0.06 * np.sin(0.7 * turn[:, 1] + self._phase[:, 1]) + 0.015 * np.cos(2.9 * turn[:, 0])
        return across, down, np.clip(np.sin(1.6 * turn[:, 2] + self._phase[:, 2]), 0, 1) ** 1.5
