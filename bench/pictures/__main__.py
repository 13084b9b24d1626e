"""The table of bars for image to video, measured on free pictures.

Run: python -m bench.pictures [--quick | --only PART ...] [--sheet FILE]. Needs scikit-image and scikit-learn for their
sample pictures (licences in docs/gallery/pictures.md; nothing is downloaded). `--sheet` also writes strips of frames as
one JPEG. The exit code is 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from bench.pictures.camera import fixed_table, long_table, moving_table, words_table
from bench.pictures.files import fidelity_table, same_bytes, speed_table
from bench.pictures.material import SAMPLES, SIZE, odd_pictures, sample
from bench.pictures.measures import Bar
from bench.pictures.pairs import pairs_table
from bench.pictures.sheet import write_sheet
from bench.pictures.stirring import stirring_table
from vitascope.filmset.photo.warp import fitted
from vitascope.values import Picture

QUICK = ("moving", "fixed", "pairs", "stirring")
"""The parts that `--quick` measures, the first two on two photographs."""
WORDED = ["temple", "coffee", "astronaut", "cat", "galaxies", "motorcycle"]
ENCODED = ["temple", "coffee", "astronaut"]


def parts(quick: bool) -> dict[str, Callable[[list[Bar]], None]]:
    """What can be measured, in the order of the table."""
    photographs = {name: sample(name) for name in SAMPLES if not name.endswith("eye")}
    if quick:
        photographs = {name: photographs[name] for name in ("temple", "coffee")}
    odd: dict[str, Picture] = {name: fitted(picture, SIZE) for name, picture in odd_pictures().items()}
    textured = {} if quick else {name: odd[name] for name in odd if name not in ("black", "gradient")}
    lit = {name: odd[name] for name in odd if name != "black"}
    return {
        "moving": lambda bars: moving_table(photographs | textured, bars),
        "fixed": lambda bars: fixed_table(photographs | lit, bars),
        "pairs": pairs_table,
        "stirring": stirring_table,
        "long": long_table,
        "words": lambda bars: words_table(WORDED, bars),
        "fidelity": lambda bars: fidelity_table(ENCODED, bars),
        "speed": speed_table,
        "bytes": same_bytes,
    }


def main() -> int:
    """Measure and print the table; 1 if a bar is missed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--quick", action="store_true", help="two photographs, no camera words, no speed")
    arguments.add_argument("--only", nargs="+", metavar="PART", help="only these parts of the table")
    arguments.add_argument("--sheet", type=Path, help="write strips of frames to this JPEG")
    options = arguments.parse_args()
    measured = parts(options.quick)
    asked = options.only or (QUICK if options.quick else tuple(measured))
    if unknown := set(asked) - set(measured):
        arguments.error(f"no part {', '.join(sorted(unknown))}; the parts are {', '.join(measured)}")
    bars: list[Bar] = []
    for name in asked:
        measured[name](bars)
    if options.sheet:
        write_sheet(options.sheet)
    print()
    for bar in bars:
        print(f"{'ok  ' if bar.holds else 'MISS'} {bar.what:42s} {bar.measured:>12s}   {bar.bar}")
    return 0 if all(bar.holds for bar in bars) else 1


if __name__ == "__main__":
    raise SystemExit(main())
