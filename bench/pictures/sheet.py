"""The strips of frames in docs/gallery/pictures.jpg."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from bench.pictures.material import FIVE_SECONDS, SIZE, THREE_SECONDS, WORDS, drawing, film, sample, scene, stirred
from bench.pictures.pairs import pairs
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.lightning import flashes
from vitascope.filmset.scene.scene import Weather
from vitascope.values import Picture, Size

ROW = 168  # height of a row of the sheet in pixels


def write_sheet(path: Path) -> None:
    """Strips of frames, one film a row."""
    rows: list[Picture] = []
    for title, photo, indices in strips():
        width = round(ROW * photo.size.ratio)
        frames = [cv2.resize(photo.frame(index), (width, ROW), interpolation=cv2.INTER_AREA) for index in indices]
        row = np.full((ROW + 24, 5 * round(ROW * SIZE.ratio), 3), 255, np.uint8)
        cv2.putText(row, title, (6, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (30, 30, 30), 1, cv2.LINE_AA)
        row[24:, : 5 * width] = np.concatenate(frames, axis=1)
        rows.append(row)
    cv2.imwrite(str(path), np.concatenate(rows, axis=0)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])


def strips() -> Iterator[tuple[str, MovingPhoto, tuple[int, ...]]]:
    """What the gallery shows: title, film, frames."""
    five, late = (0, 30, 60, 90, 120), (0, 40, 60, 80, 110)
    yield "push in", film(sample("temple"), None, WORDS["push in"]), five
    yield "orbit right", film(sample("coffee"), None, WORDS["orbit right"]), five
    yield "night falls, lamps and stars come out, fixed camera", stirred("temple", "night falls, starry sky"), five
    yield "snow", film(sample("rocket"), None, WORDS["handheld"], weather=Weather.SNOW), five
    yield "thunderstorm", stirred("rocket", "a thunderstorm with lightning", fixed=False), _with_flash()
    yield "rain, fixed camera", film(sample("flower"), None, WORDS["fixed"], weather=Weather.RAIN), five
    yield "fog", film(sample("temple"), None, WORDS["tracking right"], weather=Weather.FOG), five
    yield (
        "autumn leaves drift past",
        stirred("temple", "autumn leaves drift past, the camera pushes in", fixed=False),
        late,
    )
    yield "petals fall", stirred("flower", "petals fall, the camera pushes in", fixed=False), late
    yield "steam rises, fixed camera", stirred("coffee", "steam rises from the cup"), late
    yield "a waterfall, consecutive frames (drawn)", stirred("gorge", "a waterfall"), (60, 61, 62, 63, 64)
    yield "a red flag flutters (drawn)", stirred("flag", "a red flag flutters in the wind"), (0, 40, 46, 52, 58)
    yield "embers rise", stirred("rocket", "embers rise, the camera pushes in", fixed=False), late
    square = Size(624, 624)
    portrait = scene(WORDS["orbit right"])
    yield "orbit", MovingPhoto(sample("astronaut", square), None, portrait, square, FIVE_SECONDS, 3), five
    yield "pan right, dust in the light", stirred("cameraman", "dust floats in the light, pan right", fixed=False), five
    yield "push in", film(sample("cat"), None, WORDS["push in"]), five
    yield "stars twinkle, tilt up", stirred("galaxies", "stars twinkle, tilt up", fixed=False), five
    yield "a drawing, fixed camera: a shadow passes", film(drawing(), None, WORDS["fixed"]), five
    first, last = pairs()["zoom 2x"]
    yield "first and last, related", film(first, last, timing=THREE_SECONDS), (0, 18, 36, 54, 72)
    yield (
        "first and last, strangers",
        film(sample("flower"), sample("temple"), timing=THREE_SECONDS),
        (0, 31, 36, 40, 72),
    )


def _with_flash() -> tuple[int, ...]:
    """Frames around a flash of the storm that the sheet shows."""
    struck = math.ceil(flashes(3, float(FIVE_SECONDS.seconds))[0].time * 24)
    return 0, struck - 1, struck, struck + 2, 100
