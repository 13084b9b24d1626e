"""Whether a change left every clip as it was: fingerprints of sixteen small clips, recorded before and compared after.

Run: python -m bench.fingerprints            compare with bench/fingerprints.json; exit code 1 if any clip differs
     python -m bench.fingerprints --record   write that file anew, after a change that is meant to be seen

Twelve are the documents' own requests, four are free sample photographs set in motion; all small and short, with sound,
encoded and decoded again. A fingerprint is the SHA-256 of the decoded frames (RGB, 8 bit) and of the decoded sound
(float32). Another processor may round differently: record on the machine that compares.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image
from skimage import data as photographs

from vitascope.engines.protocol import Unattended
from vitascope.engines.registry import make_engine
from vitascope.media.encode import encode
from vitascope.media.probe import pictures
from vitascope.values import Container, Picture, Shot, Size, Timing

RECORD = Path(__file__).with_name("fingerprints.json")
SEEDS = Path(__file__).parent.parent / "tests" / "contract" / "seed_examples.json"
PIXELS = 46_080  # of each clip, about: 288x160
TIMING = Timing(37)
PROMPTS = {
    "astronaut": "The camera orbits slowly, light flickers",
    "chelsea": "A slow push in on the cat, handheld camera",
    "coffee": "Steam rises from the cup, evening falls",
    "rocket": "The camera pulls out, clouds drift, it begins to rain",
}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """SHA-256 of a clip's decoded frames and of its decoded sound."""

    frames: str
    sound: str


def small(width: int, height: int) -> Size:
    """A small size of about this ratio; sides are multiples of 16."""
    scale = (PIXELS / (width * height)) ** 0.5
    return Size(max(16, round(width * scale / 16) * 16), max(16, round(height * scale / 16) * 16))


def drawn(size: Size, number: int) -> Picture:
    """A picture in place of a request's frame image: sky, a sun, hills and a path, tinted by `number`."""
    y, x = np.mgrid[: size.height, : size.width].astype(np.float64)
    x, y = x / size.width, y / size.height
    picture = np.stack([90 + 120 * y, 130 + 70 * y, 210 - 60 * y * (1 + number % 3) / 2], axis=2)
    picture[np.hypot((x - 0.7) * size.ratio, y - 0.3) < 0.08] = (250, 236, 190)
    hills = y > 0.62 + 0.05 * np.sin(9 * x + number) + 0.02 * np.sin(41 * x)
    picture[hills] = np.stack([60 + 40 * x, 100 + 30 * y, 50 + 20 * np.sin(60 * x * y)], axis=2)[hills]
    return picture.clip(0, 255).astype(np.uint8)


def fitted(picture: Picture, size: Size) -> Picture:
    """A photograph cut and scaled to a size."""
    image = Image.fromarray(picture).convert("RGB")
    scale = min(image.width / size.width, image.height / size.height)
    width, height = size.width * scale, size.height * scale
    left, top = (image.width - width) / 2, (image.height - height) / 2
    box = (left, top, left + width, top + height)
    return np.asarray(image.resize((size.width, size.height), Image.Resampling.LANCZOS, box))


def seed_shots() -> dict[str, Shot]:
    """The documents' requests, small."""
    shots = {}
    for number, each in enumerate(json.loads(SEEDS.read_text(encoding="utf-8"))):
        task: dict[str, Any] = each["request"]
        frames = task.get("inputs", {}).get("frameImages", [])
        size = small(task.get("width", 16), task.get("height", 9))
        given = {frame.get("frame", "first"): drawn(size, number + place) for place, frame in enumerate(frames)}
        shots[each["title"]] = Shot(
            prompt=task.get("positivePrompt", ""),
            size=size,
            timing=TIMING,
            seed=task.get("seed", 7),
            sound=True,
            camera_fixed=task.get("providerSettings", {}).get("bytedance", {}).get("cameraFixed", False),
            first=given.get("first"),
            last=given.get("last"),
        )
    return shots


def photograph_shots() -> dict[str, Shot]:
    """Free sample photographs in motion."""
    size = small(16, 9)
    return {
        f"photograph: {name}": Shot(
            prompt, size, TIMING, seed=11, sound=True, first=fitted(getattr(photographs, name)(), size)
        )
        for name, prompt in PROMPTS.items()
    }


def fingerprint(shot: Shot, folder: Path) -> Fingerprint:
    """Make, encode and decode a clip."""
    clip = make_engine("filmset", 2).generate(shot, Unattended())
    path = folder / "clip.mp4"
    encode(clip, Container.MP4, 95, path, notes={})
    frames, sound = hashlib.sha256(), hashlib.sha256()
    for picture in pictures(path):
        frames.update(np.ascontiguousarray(picture).data)
    with av.open(str(path)) as file:
        for part in file.decode(audio=0):
            sound.update(np.ascontiguousarray(part.to_ndarray()).data)
    return Fingerprint(frames.hexdigest(), sound.hexdigest())


def main() -> None:
    """Record or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true")
    recording = parser.parse_args().record
    known = {} if recording else json.loads(RECORD.read_text(encoding="utf-8"))
    found, changed = {}, []
    with tempfile.TemporaryDirectory() as name:
        for title, shot in {**seed_shots(), **photograph_shots()}.items():
            mark = fingerprint(shot, Path(name))
            found[title] = {"frames": mark.frames, "sound": mark.sound}
            if not recording and known.get(title) != found[title]:
                changed.append(title)
            print(f"{'CHANGED' if title in changed else 'recorded' if recording else 'same':9}{title}", flush=True)
    if recording:
        RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found) - len(changed)} of {len(found)} clips as before" if not recording else RECORD.name)
    sys.exit(bool(changed))


if __name__ == "__main__":
    main()
