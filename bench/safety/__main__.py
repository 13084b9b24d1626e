"""What the safety check costs and how often harmless pictures are flagged.

Run: python -m bench.safety [--quick]. Bars: no false alarm on the film set, its gallery, the free sample photographs as
they are and set in motion; 25 ms of processor time a picture at 1080p. Photographs cropped, darkened or tiny are shown
for information: blurred crops of fur and the like are the network's weakness. --quick draws nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from bench.pictures.material import SAMPLES, film, sample
from bench.safety.pictures import changed_photographs, compared, photographs
from vitascope.cli.world import Show, _picture, _rows, prompts_in
from vitascope.filmset.prompt.understand import understand
from vitascope.media.probe import pictures as decoded
from vitascope.safety.classifier import Classifier
from vitascope.safety.description import described
from vitascope.safety.screen import Screen
from vitascope.values import Effort, Frames, Picture, Size, Timing

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "docs" / "gallery"
SEEDS = ROOT / "tests" / "contract" / "seed_examples.json"
MOST_MILLISECONDS = 25.0
DRAWN = (Show.TIMES, Show.WEATHERS, Show.SUBJECTS, Show.CAMERAS, Show.HERO)
CELLS = {
    "hero.jpg": Size(396, 223),
    "settings_by_time.jpg": Size(320, 180),
    "settings_by_weather.jpg": Size(256, 144),
    "cameras.jpg": Size(240, 135),
    "seed_prompts.jpg": Size(352, 198),
}
"""The gallery's sheets and how large their pictures are (`bench/gallery.py`)."""

Named = Iterator[tuple[str, Picture]]


def gallery(every: int = 1) -> Named:
    """Every picture of the gallery's sheets, and every so many frames of its clips."""
    for name, size in CELLS.items():
        with Image.open(GALLERY / name) as image:
            sheet = np.asarray(image.convert("RGB"))
        for top in range(0, sheet.shape[0], size.height + 4):
            for left in range(0, sheet.shape[1], size.width + 4):
                yield f"{name} {left},{top}", sheet[top : top + size.height, left : left + size.width]
    for path in sorted(GALLERY.glob("*.mp4")):
        for number, frame in islice(enumerate(decoded(path)), 0, None, every):
            yield f"{path.name} {number}", frame


def drawn() -> Named:
    """Scenes of the film set at 480p: all settings by time and weather, subjects, cameras, and the seed prompts."""
    size = Size(864, 480)
    for show in DRAWN:
        for number, row in enumerate(_rows(show, 3)):
            for scene, frame in row:
                yield f"{show} {number}, frame {frame}", _picture(scene, frame, size, Effort.FAST)
    for number, (prompt, fixed) in enumerate(prompts_in(SEEDS)):
        scene = understand(prompt, 3, fixed)[0]
        for frame in range(0, 121, 12):
            yield f"seed prompt {number}, frame {frame}", _picture(scene, frame, size, Effort.FAST)


def moving() -> Named:
    """Sample photographs as first frames at 480p, with a slow push in."""
    for name in SAMPLES:
        photo = film(sample(name))
        for frame in range(0, 121, 12):
            yield f"{name}, frame {frame}", photo.frame(frame)


def false_alarms(title: str, pictures: Iterable[tuple[str, Picture]], detector: Classifier) -> int:
    """Print how sure the detector is of the most suspicious picture, and every false alarm. Returns how many."""
    names, sums = [], []
    alarms = []
    columns = [detector.description.classes.index(name) for name in ("hentai", "porn")]
    for name, picture in pictures:
        names.append(name)
        sums.append(float(detector.probabilities(picture)[columns].sum()))
        if detector.flagged(picture):
            alarms.append(name)
    worst = int(np.argmax(sums))
    print(f"{title}: {len(alarms)} of {len(names)} flagged; hentai+porn at most {sums[worst]:.3f} ({names[worst]}),")
    print(f"  99 of 100 below {np.quantile(sums, 0.99):.3f}")
    for name in alarms:
        print(f"  flagged: {name}")
    return len(alarms)


def resident() -> float:
    """MiB of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1024**2


def costs(detector: Classifier) -> float:
    """Print processor seconds of whole clips; returns the milliseconds of a 1080p picture."""
    before, began = resident(), time.process_time()
    detector.open()
    taken = 1000 * (time.process_time() - began)
    detector.flagged(np.zeros((480, 864, 3), np.uint8))
    print(f"opening the network: {taken:.0f} ms and {resident() - before:.0f} MiB, once a worker")
    timing = Timing(121)
    each = 0.0
    for size in (Size(864, 480), Size(1920, 1088)):
        chunk: Frames = np.random.default_rng(1).integers(0, 255, (11, size.height, size.width, 3), np.uint8)
        for mode in ("fast", "full"):
            screen = Screen(mode, timing.frames, detector)
            began = time.process_time()
            for _ in range(timing.frames // len(chunk)):
                screen.look(chunk)
            print(f"5 s {size}, {mode}: {time.process_time() - began:.2f} s of processor time")
        each = min(seconds(detector, picture) for picture in chunk) * 1000
        print(f"a picture of {size}: {each:.1f} ms (the quickest of {len(chunk)})")
    return each


def seconds(detector: Classifier, picture: Picture) -> float:
    """Processor time of one picture."""
    began = time.process_time()
    detector.flagged(picture)
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    detector = Classifier(described())
    each = costs(detector)
    alarms = false_alarms("photographs", photographs(), detector)
    false_alarms("photographs in other forms", changed_photographs(), detector)
    alarms += false_alarms("pictures compared with the original", compared().items(), detector)
    alarms += false_alarms("the gallery", gallery(), detector)
    if not quick:
        alarms += false_alarms("photographs in motion", moving(), detector)
        alarms += false_alarms("the film set", drawn(), detector)
    if alarms or each > MOST_MILLISECONDS:
        sys.exit("A bar is missed.")


if __name__ == "__main__":
    main()
