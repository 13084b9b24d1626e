"""The pictures that are measured, free samples and drawn ones, and the films made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import skimage
import sklearn

from tests.filmset.photo.pictures import city, flag, gorge
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.script import scripted
from vitascope.filmset.photo.warp import fitted
from vitascope.filmset.scene.scene import Camera, CameraSection, Direction, Move, Scene, Setting, Time, Weather
from vitascope.values import Picture, Size, Timing

SIZE, FIVE_SECONDS, THREE_SECONDS = Size(864, 480), Timing(121), Timing(73)
SAMPLES = {
    "temple": "sklearn/datasets/images/china.jpg",
    "flower": "sklearn/datasets/images/flower.jpg",
    "coffee": "skimage/data/coffee.png",
    "astronaut": "skimage/data/astronaut.png",
    "rocket": "skimage/data/rocket.jpg",
    "cat": "skimage/data/chelsea.png",
    "galaxies": "skimage/data/hubble_deep_field.jpg",
    "cameraman": "skimage/data/camera.png",
    "logo": "skimage/data/logo.png",
    "page": "skimage/data/page.png",
    "motorcycle": "skimage/data/motorcycle_left.png",
    "motorcycle, right eye": "skimage/data/motorcycle_right.png",
}
WORDS: dict[str, Camera] = {
    "pan left": Camera(Move.PAN, Direction.LEFT),
    "pan right": Camera(Move.PAN, Direction.RIGHT),
    "tilt up": Camera(Move.TILT, Direction.UP),
    "tilt down": Camera(Move.TILT, Direction.DOWN),
    "push in": Camera(Move.PUSH_IN),
    "pull out": Camera(Move.PULL_OUT),
    "orbit left": Camera(Move.ORBIT, Direction.LEFT),
    "orbit right": Camera(Move.ORBIT, Direction.RIGHT),
    "tracking left": Camera(Move.TRACKING, Direction.LEFT),
    "tracking right": Camera(Move.TRACKING, Direction.RIGHT),
    "handheld": Camera(Move.HANDHELD),
    "fixed": Camera(Move.FIXED),
}
DRAWN: dict[str, Callable[[Size], Picture]] = {"city": city, "flag": flag, "gorge": gorge}
"""What no free sample picture shows: a street with lamps, a flag, a fall."""
STIRRING = {
    "running water": ("gorge", "a waterfall rushes down"),
    "steam": ("coffee", "steam rises from the cup"),
    "falling leaves": ("temple", "autumn leaves drift past"),
    "falling petals": ("flower", "petals fall"),
    "embers": ("rocket", "embers rise"),
    "dust": ("cameraman", "dust floats in the light"),
    "cloth": ("flag", "a red flag flutters"),
    "lightning": ("rocket", "a thunderstorm with lightning"),
    "shooting star": ("rocket", "a shooting star"),
    "stars": ("galaxies", "the stars twinkle"),
    "flames": ("city", "lanterns flicker"),
    "neon": ("city", "the neon flickers"),
}
"""What moves by itself: picture (a sample or drawn) and prompt."""


def sample(name: str, size: Size = SIZE) -> Picture:
    """A sample picture cropped and scaled to a size."""
    root = (
        Path(skimage.__file__).parent.parent
        if SAMPLES[name].startswith("skimage")
        else Path(sklearn.__file__).parent.parent
    )
    return fitted(cv2.imread(str(root / SAMPLES[name]))[..., ::-1], size)


def drawing(size: Size = SIZE) -> Picture:
    """Flat shapes with hard outlines."""
    picture = np.full((size.height, size.width, 3), (250, 244, 228), np.uint8)
    w, h = size.width, size.height
    cv2.rectangle(picture, (0, int(0.7 * h)), (w, h), (120, 190, 110), -1)
    cv2.circle(picture, (int(0.75 * w), int(0.3 * h)), int(0.12 * h), (250, 196, 60), -1, cv2.LINE_AA)
    house = np.array([[0.2, 0.75], [0.2, 0.45], [0.32, 0.28], [0.44, 0.45], [0.44, 0.75]]) * [w, h]
    cv2.fillPoly(picture, [house.astype(np.int32)], (214, 92, 76), cv2.LINE_AA)
    cv2.polylines(picture, [house.astype(np.int32)], True, (40, 30, 30), max(2, h // 160), cv2.LINE_AA)
    return picture


def screenshot(size: Size = SIZE) -> Picture:
    """Lines of text in a window."""
    picture = np.full((size.height, size.width, 3), 248, np.uint8)
    picture[: size.height // 12] = (52, 60, 78)
    for line, y in enumerate(range(size.height // 6, size.height - 10, size.height // 16)):
        text = f"{line:02d}  the quick brown fox jumps over the lazy dog"
        cv2.putText(
            picture,
            text,
            (size.width // 20, y),
            cv2.FONT_HERSHEY_SIMPLEX,
            size.height / 800,
            (30, 30, 34),
            1,
            cv2.LINE_AA,
        )
    return picture


def odd_pictures() -> dict[str, Picture]:
    """Pictures that are easy to fail on."""
    ramp = np.linspace(0, 255, SIZE.width).astype(np.uint8)
    gradient = np.repeat(np.repeat(ramp[np.newaxis, :, np.newaxis], SIZE.height, axis=0), 3, axis=2)
    return {
        "drawing": drawing(),
        "screenshot": screenshot(),
        "black": np.zeros((SIZE.height, SIZE.width, 3), np.uint8),
        "gradient": gradient,
        "300 px": sample("coffee", Size(300, 168)),
        "6000 px": np.repeat(np.repeat(sample("temple", Size(600, 400)), 10, axis=0), 10, axis=1),
    }


def scene(camera: Camera, weather: Weather = Weather.CLEAR, light: Time = Time.DAY, wind: float = 0.3) -> Scene:
    """A scene that says only what matters to given pictures."""
    return Scene(Setting.MOUNTAINS, light, weather, seed=1, sections=(CameraSection(0.0, camera),), wind=wind)


def film(
    first: Picture | None,
    last: Picture | None = None,
    camera: Camera | None = None,
    timing: Timing = FIVE_SECONDS,
    weather: Weather = Weather.CLEAR,
    light: Time = Time.DAY,
) -> MovingPhoto:
    """The moving photo of given pictures at 864x480."""
    return MovingPhoto(first, last, scene(camera or Camera(Move.PUSH_IN), weather, light), SIZE, timing, seed=3)


def stirred(name: str, prompt: str, timing: Timing = FIVE_SECONDS, fixed: bool = True, seed: int = 3) -> MovingPhoto:
    """A picture (a sample or drawn) with what a prompt asks of it."""
    picture = sample(name) if name in SAMPLES else DRAWN[name](SIZE)
    told, script, _ = scripted(prompt, seed, fixed)
    return MovingPhoto(picture, None, told, SIZE, timing, seed, script=script)
