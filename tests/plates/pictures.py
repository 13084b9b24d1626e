"""Pictures drawn for the tests: photographs' statistics without anybody's photograph."""

from __future__ import annotations

import cv2
import numpy as np

from vitascope.plates.noise import clouds
from vitascope.scene.scene import Camera, Glow, Scene, Section, Setting, Time, Weather
from vitascope.values import Picture, Size


def scene(
    camera: Camera,
    weather: Weather = Weather.CLEAR,
    time: Time = Time.DAY,
    glows: tuple[Glow, ...] = (),
    wind: float = 0.3,
) -> Scene:
    """A scene that says only what matters to given pictures."""
    return Scene(
        setting=Setting.MOUNTAINS,
        time=time,
        weather=weather,
        seed=1,
        sections=(Section(0.0, camera),),
        glows=glows,
        wind=wind,
    )


def plain(size: Size, colour: tuple[int, int, int]) -> Picture:
    """One colour."""
    return np.broadcast_to(np.array(colour, np.uint8), (size.height, size.width, 3)).copy()


def landscape(size: Size, seed: int = 0) -> Picture:
    """Clouds over a ridge over a lake, trees in front."""
    random = np.random.default_rng(seed)
    width, height = size.width, size.height
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, np.newaxis]
    puffs = np.clip((clouds((height, width), height / 7, random) - 0.4) * 2, 0, 1)[..., np.newaxis]
    sky = np.array([70, 130, 215], np.float32) + 110 * rows[..., np.newaxis] * np.array([1, 0.7, 0.2], np.float32)
    picture = sky * (1 - puffs) + 245 * puffs
    grain = clouds((height, width), height / 24, random, 5)[..., np.newaxis]
    line = 0.45 + 0.07 * np.sin(np.linspace(0, 7, width)) + 0.02 * np.sin(np.linspace(2, 31, width))
    ridge = rows > line[np.newaxis, :]
    picture = np.where(ridge[..., np.newaxis], np.array([96, 104, 92]) * (0.45 + grain), picture)
    lake = (rows > 0.62) & np.ones((1, width), bool)
    waves = clouds((height, max(8, width // 8)), 2.0, random, 3)
    waves = cv2.resize(waves, (width, height))[..., np.newaxis]
    picture = np.where(lake[..., np.newaxis], np.array([86, 128, 170]) * (0.75 + 0.5 * waves), picture)
    leaves = clouds((height, width), 3.0, random, 3)[..., np.newaxis]
    bank = rows > 0.84 + 0.03 * np.sin(np.linspace(0, 40, width))[np.newaxis, :]
    picture = np.where(bank[..., np.newaxis], np.array([62, 112, 36]) * (0.35 + 1.3 * leaves), picture)
    return np.clip(picture, 0, 255).astype(np.uint8)


def city(size: Size, seed: int = 3) -> Picture:
    """A street at night: dark houses, lit windows, lamps."""
    random = np.random.default_rng(seed)
    width, height = size.width, size.height
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:] = (np.linspace(14, 40, height)[:, np.newaxis, np.newaxis] * np.array([0.7, 0.8, 1.3])).astype(np.uint8)
    for left in range(0, width, max(8, width // 9)):
        top, across = int(height * random.uniform(0.1, 0.5)), max(6, width // 10)
        cv2.rectangle(picture, (left, top), (left + across, height), (34, 30, 30), -1)
        for y in range(top + 4, int(height * 0.8), max(6, height // 16)):
            for x in range(left + 3, left + across - 3, max(5, width // 60)):
                if random.random() < 0.45:
                    cv2.rectangle(picture, (x, y), (x + width // 160, y + height // 60), (250, 214, 140), -1)
    for x in np.linspace(0.1, 0.9, 5):
        spot = (int(x * width), int(0.82 * height))
        cv2.circle(picture, spot, max(2, height // 70), (255, 240, 200), -1, cv2.LINE_AA)
    noise = random.normal(0, 2, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def screen(size: Size) -> Picture:
    """A window with lines of text."""
    picture = np.full((size.height, size.width, 3), 248, np.uint8)
    picture[: size.height // 12] = (52, 60, 78)
    for line, y in enumerate(range(size.height // 5, size.height - 4, max(6, size.height // 14))):
        text = f"{line:02d} the quick brown fox jumps over it"
        cv2.putText(picture, text, (size.width // 20, y), cv2.FONT_HERSHEY_SIMPLEX, size.height / 620, (30, 30, 34))
    return picture
