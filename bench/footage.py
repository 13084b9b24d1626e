"""How fast training clips are made on one core: bakes, recordings and frames together, and what each costs.

Run: python bench/footage.py [--reels 8] [--fps 8] [--pictures]. Bars: 41 frames: >= 5 clips a second at 96x160
(height x width), >= 1.5 at 240x432. Processor seconds of one thread, over whole reels, so that every bake is counted;
captions, camera path and events are in; sound is counted apart. `--pictures` compares clips with the film's own.
"""

from __future__ import annotations

import argparse
import time
from fractions import Fraction

import numpy as np

from vitascope.filmset.canvas.post import Post
from vitascope.filmset.film import Film
from vitascope.filmset.footage.clips import Footage
from vitascope.filmset.footage.plan import CLIPS
from vitascope.filmset.footage.reel import Reel
from vitascope.filmset.scene.scene import Scene
from vitascope.values import Effort, Frames, Size, Timing

SIZES = {Size(160, 96): 5.0, Size(432, 240): 1.5}


class Stopwatch:
    """Processor seconds spent inside methods, by a name."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def time(self, owner: type, method: str, name: str) -> None:
        """Measure a method from now on."""
        inner = getattr(owner, method)

        def measured(*args: object) -> object:
            begun = time.process_time()
            try:
                return inner(*args)
            finally:
                self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - begun

        setattr(owner, method, measured)


def rate(size: Size, bar: float, reels: int, timing: Timing, watch: Stopwatch) -> None:
    """Print how many clips a second are made, all in, and the share of each part."""
    footage = Footage(size, timing, seed=1)
    next(footage.clips())  # imports, shaders and noise tiles are made once a process
    watch.spent.clear()
    footage = Footage(size, timing, seed=2)
    clips = footage.clips()
    begun = time.process_time()
    kept = [next(clips) for _ in range(CLIPS * reels)][-CLIPS:]
    total = time.process_time() - begun
    count = CLIPS * reels
    bake, troupes, post = (watch.spent.get(name, 0.0) for name in ("bake", "troupes", "post"))
    compose = watch.spent["frames"] - troupes - post
    parts = {"places": bake, "actors": troupes, "compose": compose, "post": post}
    told = ", ".join(f"{name} {1000 * spent / count:.0f} ms" for name, spent in parts.items())
    rest = 1000 * (total - sum(parts.values())) / count
    print(
        f"{size.height}x{size.width}: {count / total:5.2f} clips/s (bar {bar}), a clip: {told}, the rest {rest:.0f} ms"
    )
    begun = time.process_time()
    for clip in kept[:6]:
        clip.sound()
    print(f"    sound, if asked for: {(time.process_time() - begun) / 6:.2f} s a clip of {float(timing.seconds):.1f} s")


def film_rate(size: Size, scenes: list[tuple[Scene, int]], timing: Timing) -> None:
    """Print how fast the film draws the same scenes, each for itself."""
    begun = time.process_time()
    for scene, seed in scenes:
        film = Film(scene, size, timing, Effort.FAST, cast_seed=seed)
        for index in range(timing.frames):
            film.frame(index)
    spent = time.process_time() - begun
    print(f"{size.height}x{size.width}: {len(scenes) / spent:5.2f} clips/s drawn singly by the film")


def likeness(size: Size, timing: Timing, count: int = 20) -> None:
    """Print how like the film's own pictures the composed ones are."""
    footage = Footage(size, timing, seed=3)
    ratios, same = [], []
    for number in range(0, count * (CLIPS + 5), CLIPS + 5):
        clip = footage.clip(number)
        frames: Frames = clip.frames[:, :, ::-1] if clip.mirrored else clip.frames
        take = clip.shot.reel.takes[number % CLIPS]
        film = Film(take.scene, size, timing, Effort.FAST, cast_seed=take.seed)
        for index in (3, timing.frames // 2, timing.frames - 3):
            ours, theirs = frames[index].astype(np.float64), film.frame(index).astype(np.float64)
            ratios.append(10 * np.log10(255**2 / max(float(np.mean((ours - theirs) ** 2)), 1e-9)))
            same.append(float(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]))
    print(
        f"{size.height}x{size.width}: against the film's own pictures of {count} scenes: PSNR mean"
        f" {np.mean(ratios):.1f} dB, least {min(ratios):.1f};"
        f" correlation mean {np.mean(same):.3f}, least {min(same):.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reels", type=int, default=8)
    parser.add_argument("--fps", type=int, default=8)
    parser.add_argument("--pictures", action="store_true")
    args = parser.parse_args()
    timing = Timing(41, Fraction(args.fps))
    watch = Stopwatch()
    watch.time(Reel, "_set", "bake")
    watch.time(Reel, "_companies", "bake")
    watch.time(Reel, "troupe", "troupes")
    watch.time(Reel, "frames", "frames")
    watch.time(Post, "finish", "post")
    for size, bar in SIZES.items():
        rate(size, bar, args.reels, timing, watch)
        takes = [Footage(size, timing, 2).clip(CLIPS * k + k) for k in range(min(args.reels, 6))]
        scenes = [(clip.shot.reel.takes[clip.number % CLIPS].scene, clip.cast_seed) for clip in takes]
        film_rate(size, scenes, timing)
        if args.pictures:
            likeness(size, timing)


if __name__ == "__main__":
    main()
