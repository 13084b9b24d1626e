"""Draw the gallery of the film set anew: every sheet and the short clips that docs/gallery/filmset.md names.

Run: python bench/gallery.py [--out FOLDER] [--only NAME ...]. Each sheet is one `vitascope world` command, each clip
one `vitascope generate` command, printed as it runs. Bar: the whole folder <= 6 MiB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "tests" / "contract" / "seed_examples.json"
MIB = 1024 * 1024
MOST = 6 * MIB

SHEETS: dict[str, list[str]] = {
    "hero.jpg": ["--show", "hero", "--size", "396x223", "--quality", "84"],
    "settings_by_time.jpg": ["--size", "320x180", "--quality", "80"],
    "settings_by_weather.jpg": ["--show", "weathers", "--size", "256x144", "--quality", "80"],
    "motion_strips.jpg": ["--show", "strips", "--size", "126x126", "--quality", "74"],
    "cameras.jpg": ["--show", "cameras", "--size", "240x135", "--quality", "78"],
    "seed_prompts.jpg": ["--seeds", str(SEEDS.relative_to(ROOT)), "--size", "352x198", "--quality", "80"],
}
CLIPS = {
    "subway_violin.mp4": "Flooded Subway Violin Reverie",
    "rooftop_flamenco.mp4": "Moonlit Rooftop Flamenco Solo",
    "reef_portal.mp4": "Bioluminescent Reef Time-Portal",
}
"""File: the title of the seed prompt that it shows."""


def draw(name: str, folder: Path) -> None:
    """One sheet or clip into a folder."""
    if name in SHEETS:
        run(["world", "--sheet", str(folder / name), *SHEETS[name]])
        return
    examples = json.loads(SEEDS.read_text(encoding="utf-8"))
    prompt = next(e["request"]["positivePrompt"] for e in examples if e["title"].startswith(CLIPS[name]))
    with tempfile.TemporaryDirectory() as data:
        options = ["--resolution", "480p", "--duration", "5", "--seed", "3", "--quality", "30"]
        run(["generate", "--prompt", prompt, *options, "--data", data, "--out", str(folder / name)])


def run(words: list[str]) -> None:
    """One vitascope command from the repository's root, printed first."""
    shown = [word if len(word) < 60 else f'"{word[:56]}..."' for word in words]
    print("vitascope", *shown, flush=True)
    subprocess.run([sys.executable, "-m", "vitascope", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "gallery")
    parser.add_argument("--only", nargs="*", choices=[*SHEETS, *CLIPS], default=[*SHEETS, *CLIPS])
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in asked.only:
        draw(name, asked.out.resolve())
    whole = sum(path.stat().st_size for path in asked.out.iterdir())
    print(f"{asked.out}: {whole / MIB:.2f} MiB (bar {MOST / MIB:.0f})")
    if whole > MOST:
        sys.exit("The gallery is larger than its bar.")


if __name__ == "__main__":
    main()
