"""Light over time: the picture's own light turns into the one the prompt names, and lamps come on at dusk."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vitascope.filmset.photo.warp import Field, smoothstep
from vitascope.filmset.scene.scene import Scene, Time
from vitascope.values import Picture


@dataclass(frozen=True, slots=True)
class Grade:
    """A light: factors of red, green and blue, and how brightly lamps come on in it."""

    gains: tuple[float, float, float]
    lamps: float = 0.0


GRADES = {
    Time.NIGHT: Grade((0.34, 0.42, 0.62), lamps=1.0),
    Time.SUNSET: Grade((1.02, 0.80, 0.60), lamps=0.35),
    Time.DAWN: Grade((1.04, 0.92, 0.88)),
}
DARK = 62.0  # mean level below which a picture is night already


class Daylight:
    """How the light of one picture changes over a clip. `lamps` marks what may come on (any resolution)."""

    def __init__(self, picture: Picture, lamps: Field, scene: Scene) -> None:
        mean = picture.reshape(-1, 3)[::97].mean(axis=0)
        grade = GRADES.get(scene.time)
        already = mean.mean() < DARK or (scene.time is not Time.NIGHT and mean[0] > mean[2] * 1.12)
        self._grade = None if already else grade
        core, halo = cv2.GaussianBlur(lamps, (0, 0), 1.2), cv2.GaussianBlur(lamps, (0, 0), 7.0)
        self.glow: Field | None = None
        if self._grade is not None and self._grade.lamps and lamps.any():
            self.glow = np.asarray(self._grade.lamps * np.minimum(1, 1.3 * core + 2.2 * halo), np.float32)

    @property
    def changes(self) -> bool:
        """Whether the light changes at all."""
        return self._grade is not None

    def over(self, picture: Picture, share: float) -> Picture:
        """The picture a share (0..1) of the way to the other light."""
        if self._grade is None or share <= 0:
            return picture
        level = np.arange(256, dtype=np.float32)[:, np.newaxis]
        gains = 1 + (np.array(self._grade.gains, np.float32) - 1) * np.float32(share)
        table = level * gains
        return np.asarray(cv2.LUT(picture, np.rint(np.clip(table, 0, 255)).astype(np.uint8)[:, np.newaxis]), np.uint8)


def lamplit(picture: Picture, glow: Field, share: float) -> Picture:
    """The picture with warm lamps on (glow: height x width, 0..1): what they shine on shows its colours again."""
    strength = (glow * np.float32(smoothstep(2 * share - 0.7)))[..., np.newaxis]
    warm = np.array([1.9, 1.4, 0.55], np.float32)
    added = strength * np.array([52, 36, 12], np.float32)
    return np.asarray(np.clip(np.rint(picture * (1 + warm * strength) + added), 0, 255), np.uint8)


def with_lights(picture: Picture, light: Field) -> Picture:
    """The picture with points of cold white light added (light: height x width, 1 = white)."""
    white = np.array([225, 228, 255], np.float32)
    return np.asarray(cv2.add(picture, np.minimum(light[..., np.newaxis] * white, 255).astype(np.uint8)), np.uint8)


def lit(picture: Picture, gain: Field) -> Picture:
    """The picture with every pixel brighter by its factor (gain: height x width)."""
    return np.asarray(cv2.multiply(picture, cv2.merge((gain, gain, gain)), dtype=cv2.CV_8U), np.uint8)
