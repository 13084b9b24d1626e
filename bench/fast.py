"""How much CPU time the quick model takes of the full one's, for the same prompt, seed, size and length.

Run: python -m bench.fast [--resolution 480p] [--duration 5]

Each row is two runs of `vitascope generate`, each with all its processes, start included; and the seconds of
drawing (building the set included) and of encoding the same frames alone, in this process. Goal: the whole under half.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from PIL import Image
from skimage import data as photographs

from bench.fingerprints import PROMPTS as MOVED
from bench.fingerprints import fitted
from vitascope.contract.catalog import FAST, PRO, Card
from vitascope.engines.filmset import FilmSet
from vitascope.engines.protocol import Unattended
from vitascope.media.encode import encode
from vitascope.values import Clip, Container, Picture, Shot, Size

DRAWN = {
    "rooftop, night, rain": "A dancer in a red dress on a rooftop above a neon city at night, light rain, slow push in",
    "sea cliff": "A caravan on a sea cliff at sunset, strong wind, the camera pans right",
    "reef": "A school of fish over a coral reef by day, the camera tracks left",
    "market, night, rain": "A courier walks through a market alley at night in the rain, handheld camera",
    "harbour, fog": "A boat crosses a harbour town with a clock tower at dawn, fog, pull out",
    "flooded tunnel": "A violinist plays on a flooded tunnel platform, fixed camera",
    "forest, rain": "A runner in a forest in the rain, the camera tracks along",
    "crowd": "A drummer and a cheering crowd at a concert on a stage, orbit",
}
SEED = 7


def whole(folder: Path, card: Card, prompt: str, options: list[str]) -> float:
    """CPU seconds of a command and all its processes."""
    command = [sys.executable, "-m", "vitascope", "generate", "--engine", "filmset", "--model", card.model]
    command += ["--prompt", prompt, "--seed", str(SEED), "--data", str(folder / "data"), *options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, "--out", str(folder / "clip.mp4")], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parts(
    folder: Path, card: Card, prompt: str, size: Size, seconds: float, first: Picture | None
) -> tuple[float, float]:
    """CPU seconds of drawing a clip, and of encoding it."""
    shot = Shot(prompt, size, card.timing(seconds), SEED, card.effort, first=first)
    begun = time.process_time()
    clip = FilmSet(1).generate(shot, Unattended())
    frames = list(clip.chunks)
    drawn = time.process_time()
    made = Clip(size, shot.timing, iter(frames))
    encode(made, Container.MP4, 95, folder / "part.mp4", notes={}, effort=shot.effort)
    return drawn - begun, time.process_time() - drawn


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--resolution", default="480p")
    parser.add_argument("--duration", type=float, default=5.0)
    parser.add_argument("--parts", action="store_true", help="drawing and encoding alone, too (holds all frames)")
    options = parser.parse_args()
    size = PRO.sizes[options.resolution]["16:9"]
    asked = ["--resolution", options.resolution, "--duration", str(options.duration)]
    print(f"CPU seconds of {options.duration:g} s at {size}, {os.cpu_count()} cores: full, quick, ratio")
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, prompt in {**DRAWN, **{f"photograph: {key}": text for key, text in MOVED.items()}}.items():
            first, given = None, []
            if title.startswith("photograph"):
                first = fitted(getattr(photographs, title.removeprefix("photograph: "))(), size)
                Image.fromarray(first).save(folder / "first.png")
                given = ["--first-frame", str(folder / "first.png")]
            full, quick = (whole(folder, card, prompt, [*asked, *given]) for card in (PRO, FAST))
            ratios.append(quick / full)
            line = f"  {title:22} {full:6.1f} {quick:6.1f} {quick / full:5.2f}"
            if options.parts:
                each = partial(parts, folder, prompt=prompt, size=size, seconds=options.duration, first=first)
                (draw, pack), (draw_quick, pack_quick) = each(card=PRO), each(card=FAST)
                line += f"   drawing {draw:6.1f} {draw_quick:6.1f} {draw_quick / draw:5.2f}"
                line += f"   encoding {pack:6.1f} {pack_quick:6.1f} {pack_quick / pack:5.2f}"
            print(line, flush=True)
    print(f"  median {sorted(ratios)[len(ratios) // 2]:.2f}, worst {max(ratios):.2f} (goal: under 0.5)")


if __name__ == "__main__":
    main()
