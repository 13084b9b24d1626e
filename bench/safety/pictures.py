"""Harmless pictures that the detector is shown: free sample photographs, the same in other forms, and drawn ones.

Those for the comparison with the original come from files without loss, so that every machine reads the same pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import skimage
import sklearn
from PIL import Image

from vitascope.values import Picture

SAMPLES = {
    **{name: f"skimage/data/{name}.png" for name in ("astronaut", "brick", "camera", "coffee", "coins", "color")},
    **{name: f"skimage/data/{name}.png" for name in ("grass", "gravel", "horse", "moon", "page", "text")},
    "cat": "skimage/data/chelsea.png",
    "stained tissue": "skimage/data/ihc.png",
    "motorcycle": "skimage/data/motorcycle_left.png",
}
LOSSY = {
    "retina": "skimage/data/retina.jpg",
    "rocket": "skimage/data/rocket.jpg",
    "galaxies": "skimage/data/hubble_deep_field.jpg",
    "temple": "sklearn/datasets/images/china.jpg",
    "flower": "sklearn/datasets/images/flower.jpg",
}
FORMS: dict[str, Callable[[Picture], Picture]] = {
    "mirrored": lambda picture: picture[:, ::-1],
    "dark": lambda picture: picture // 3,
    "upright": lambda picture: picture[:, picture.shape[1] // 4 : 3 * picture.shape[1] // 4],
    "tiny": lambda picture: picture[::5, ::5],
    "head over heels": lambda picture: picture[::-1],
    "close": lambda picture: picture[
        picture.shape[0] // 3 : 2 * picture.shape[0] // 3, picture.shape[1] // 3 : 2 * picture.shape[1] // 3
    ],
}


def compared() -> dict[str, Picture]:
    """What the original was shown, too: photographs, some of them in other forms, and drawn pictures."""
    found = {name: _read(file) for name, file in SAMPLES.items()}
    for name, form in zip(("astronaut", "coffee", "cat", "motorcycle", "horse", "stained tissue"), FORMS, strict=True):
        found[f"{name}, {form}"] = FORMS[form](found[name])
    return {name: np.ascontiguousarray(picture) for name, picture in {**found, **_drawn()}.items()}


def photographs() -> Iterator[tuple[str, Picture]]:
    """Every sample as it is."""
    for name, file in {**SAMPLES, **LOSSY}.items():
        yield name, _read(file)


def changed_photographs() -> Iterator[tuple[str, Picture]]:
    """Every sample in every other form."""
    for name, picture in photographs():
        for form, change in FORMS.items():
            yield f"{name}, {form}", np.ascontiguousarray(change(picture))


def _read(file: str) -> Picture:
    package = skimage if file.startswith("skimage") else sklearn
    with Image.open(Path(str(package.__file__)).parent.parent / file) as image:
        return np.asarray(image.convert("RGB"))


def _drawn() -> dict[str, Picture]:
    y, x = np.mgrid[0:300, 0:400]
    discs = np.full((300, 400, 3), (90, 140, 210), np.uint8)
    for k, colour in enumerate([(200, 140, 120), (80, 48, 34), (244, 208, 177), (30, 160, 40)]):
        discs[np.hypot(x - 80 - 80 * k, y - 90 - 40 * k) < 60] = colour
    stripes = np.where(((x + y) // 20 % 2 == 0)[..., np.newaxis], (250, 196, 60), (40, 30, 90)).astype(np.uint8)
    ramp = np.repeat((x * 255 // 399).astype(np.uint8)[..., np.newaxis], 3, axis=2)
    noise = np.random.default_rng(1).integers(0, 256, (224, 224, 3), np.uint8)
    return {"discs": discs, "stripes": stripes, "ramp": ramp, "noise": noise, "black": np.zeros_like(noise)}
