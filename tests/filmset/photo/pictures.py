"""Pictures drawn for the tests: photographs' statistics without anybody's photograph."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.noise import clouds
from vitascope.filmset.scene.scene import Camera, CameraSection, Glow, Scene, Setting, Time, Weather
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
        sections=(CameraSection(0.0, camera),),
        glows=glows,
        wind=wind,
    )


def eight_bits(picture: NDArray[np.floating]) -> Picture:
    """Grey levels held between 0 and 255 and cut to whole ones."""
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


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
    return eight_bits(picture)


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
    return eight_bits(picture + noise)


def screen(size: Size) -> Picture:
    """A window with lines of text."""
    picture = np.full((size.height, size.width, 3), 248, np.uint8)
    picture[: size.height // 12] = (52, 60, 78)
    for line, y in enumerate(range(size.height // 5, size.height - 4, max(6, size.height // 14))):
        text = f"{line:02d} the quick brown fox jumps over it"
        cv2.putText(picture, text, (size.width // 20, y), cv2.FONT_HERSHEY_SIMPLEX, size.height / 620, (30, 30, 34))
    return picture


def gorge(size: Size, seed: int = 1) -> Picture:
    """Dark rock with a white fall into a pool."""
    random = np.random.default_rng(seed)
    width, height = size.width, size.height
    rock = clouds((height, width), height / 12, random, 5)[..., np.newaxis]
    picture = np.array([82, 84, 90], np.float32) * (0.25 + 1.1 * rock)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    streaks = cv2.resize(clouds((max(8, height // 10), width), 1.6, random, 3), (width, height))
    middle = 0.52 * width + 0.02 * width * np.sin(rows / height * 7)
    fall = (np.abs(columns - middle) < (0.07 + 0.04 * rows / height) * width) & (rows > 0.08 * height)
    fall &= rows < 0.8 * height
    white = np.array([226, 232, 236], np.float32) * (0.55 + 0.5 * streaks[..., np.newaxis])
    soft = cv2.GaussianBlur(fall.astype(np.float32), (0, 0), 1.2)[..., np.newaxis]
    picture = picture * (1 - soft) + white * soft
    pool = np.clip((rows - 0.8 * height) / 3, 0, 1)[..., np.newaxis]
    picture = picture * (1 - pool) + np.array([38, 62, 66], np.float32) * (0.6 + 0.6 * rock) * pool
    return eight_bits(picture + random.normal(0, 2, picture.shape))


def cup(size: Size) -> Picture:
    """A cup on a dark table, seen from above at a slant: a round opening with a drink in it."""
    width, height = size.width, size.height
    table = 0.6 + 0.4 * clouds((height, width), 8.0, np.random.default_rng(2))[..., np.newaxis]
    picture = eight_bits(np.array([70, 48, 36]) * table)
    middle = (width // 2, round(0.6 * height))
    cv2.ellipse(
        picture, middle, (round(0.17 * width), round(0.16 * height)), 0, 0, 360, (235, 232, 226), -1, cv2.LINE_AA
    )
    cv2.ellipse(picture, middle, (round(0.13 * width), round(0.12 * height)), 0, 0, 360, (96, 52, 24), -1, cv2.LINE_AA)
    return picture


def flag(size: Size) -> Picture:
    """A red flag on a mast before a grey wall."""
    random = np.random.default_rng(4)
    picture = (
        np.full((size.height, size.width, 3), 128, np.float32)
        + 20 * clouds((size.height, size.width), 4.0, random)[..., np.newaxis]
    )
    left, top, right, bottom = (
        round(v) for v in (0.3 * size.width, 0.2 * size.height, 0.7 * size.width, 0.6 * size.height)
    )
    cloth = clouds((bottom - top, right - left), 5.0, random)[..., np.newaxis]
    picture[top:bottom, left:right] = np.array([200, 30, 34]) * (0.55 + 0.5 * cloth)
    picture[top:, left - 4 : left] = 40
    return eight_bits(picture)


def starry(size: Size) -> Picture:
    """Stars on black."""
    random = np.random.default_rng(6)
    picture = np.clip(random.normal(6, 1.5, (size.height, size.width, 3)), 0, 255)
    for x, y, light in zip(*(random.uniform(0, 1, 160) for _ in range(3)), strict=True):
        picture[int(y * size.height), int(x * size.width)] = 110 + 145 * light
    return eight_bits(cv2.GaussianBlur(picture, (0, 0), 0.6) * 1.6)
