"""What the film set understands of the twelve seed prompts and what the film set shows of it, attribute by attribute.

Run: python -m bench.seed_table [--out docs/gallery/seed_prompts.md]. Labels: tests/filmset/prompt/prompts.json.
Subjects are measured: their share of the picture at the three moments of docs/gallery/seed_prompts.jpg, the same seed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.filmset.prompt.test_understand import PROMPTS, marks
from tests.filmset.visible import masks
from vitascope.filmset.film import Film
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import Scene
from vitascope.filmset.stage.events import events
from vitascope.values import Effort, Reading, Size, Timing

SEED = 3
SIZE, TIMING = Size(352, 198), Timing(121)
MOMENTS = (7, 60, 113)
NAMES = {"wet": "ground", "later": "time", "pace": "action", "camera_direction": "camera", "camera_pace": "camera"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    out = parser.parse_args().out
    text = "\n".join(page())
    if out is None:
        print(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


def page() -> Iterator[str]:
    """The page's lines."""
    yield "# The twelve seed prompts, attribute by attribute\n"
    yield "Written by `python -m bench.seed_table --out docs/gallery/seed_prompts.md`; the pictures are"
    yield "in [seed_prompts.jpg](seed_prompts.jpg). *Shown* of a subject is its share of the picture at three moments,"
    yield "of a camera how far it goes, of a sound how it is made; the rest is for the eye.\n"
    for case in PROMPTS["seeds"]:
        scene, reading = understand(case["prompt"], SEED, case.get("camera_fixed", False))
        film = Film(scene, SIZE, TIMING, Effort.FAST)
        found = list(marks(scene, case["expect"]))
        yield f"## {case['title']}: {sum(right for *_, right in found)} of {len(found)}\n"
        yield "| attribute | asked | understood | from | shown |\n|---|---|---|---|---|"
        for attribute, wanted, _, right in found:
            words, seen = from_words(reading, attribute, wanted), shown(film, scene, attribute, wanted)
            yield f"| {attribute.replace('_', ' ')} | {wanted} | {'yes' if right else 'no'} | {words} | {seen} |"
        yield ""


def from_words(reading: Reading, attribute: str, wanted: Any) -> str:
    """The words that the reading names for an attribute."""
    slot = NAMES.get(attribute, attribute)
    of_slot = [each for each in reading.understood if each.slot == slot and each.words]
    exact = [each for each in of_slot if str(wanted).split("|")[0] in each.value]
    return "; ".join(dict.fromkeys(each.words for each in exact or of_slot[:1]))


def shown(film: Film, scene: Scene, attribute: str, wanted: Any) -> str:
    """How an attribute is found in the film."""
    if attribute == "subject":
        kinds = [actor.kind.value for actor in film.cast.actors]
        numbers = [k + 1 for k, kind in enumerate(kinds) if kind == wanted]
        shares = [sum(float((masks(film, t) == k).mean()) for k in numbers) for t in MOMENTS]
        return " / ".join(f"{100 * share:.1f}" for share in shares) + " %"
    if attribute == "camera":
        states = [film.camera(index) for index in range(TIMING.frames)]
        reach = [
            max(abs(getattr(s, name) - getattr(states[0], name)) for s in states) for name in ("x", "z", "tilt", "pan")
        ]
        return "x {:.1f} m, depth {:.1f} m, tilt {:.2f}, pan {:.2f}".format(*reach)
    if attribute == "sound":
        heard = {event.noise.value for event in events(scene, TIMING, SIZE)}
        return "events" if wanted in heard else "ambience"
    return "by eye"


if __name__ == "__main__":
    main()
