"""What the camera does: smooth, even and obedient when it moves, and nothing when it is fixed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from bench.pictures.material import SIZE, WORDS, film, sample
from bench.pictures.measures import (
    STANDS,
    Bar,
    background_motion,
    changes,
    flow,
    frozen_run,
    kept_sharpness,
    mean_speed,
    path_of,
    still_of,
)
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.limiter import Edges, worst
from vitascope.filmset.photo.script import scripted
from vitascope.filmset.scene.scene import Weather
from vitascope.values import Picture, Timing


def moving_table(names: dict[str, Picture], bars: list[Bar]) -> None:
    """One shot of each picture, pushed and orbited."""
    print(f"{'picture':22s} {'move':8s} stretch% bend% fold%  frozen jump  px/frame sharp@6 drift")
    speeds: list[float] = []
    worst_of: dict[str, float] = dict.fromkeys(("stretch", "bend", "fold", "frozen", "jump", "sharp", "drift"), 0.0)
    for (name, picture), word in itertools.product(names.items(), ("push in", "orbit right")):
        photo = film(picture, None, WORDS[word])
        still, path = still_of(photo), path_of(photo)
        speeds.append(mean_speed(photo))
        strain = worst(path, still.grid, still.near, Edges.of(picture))
        steps = changes(photo)
        jump = max(steps) / max(1e-6, float(np.median(steps)))
        clear = [kept_sharpness(photo, index) for index in (0, 1, 2, 3, 4, 5, 6, 30, 60, 90, 120)]
        early, late = (max(abs(value / max(clear[0], 1e-3) - 1) for value in part) for part in (clear[1:7], clear[7:]))
        values = (strain.stretch * 100, strain.bend * 100, strain.fold * 100, frozen_run(steps), jump, early, late)
        worst_of = {key: max(old, new) for (key, old), new in zip(worst_of.items(), values, strict=True)}
        print(
            f"{name:22s} {word[:8]:8s} {values[0]:7.2f} {values[1]:5.1f} {values[2]:5.2f} {values[3]:7.0f} {jump:4.2f}"
            f" {mean_speed(photo):9.2f} {early:7.0%} {late:5.0%}"
        )
    paced = min(speeds) >= 0.295 and max(speeds) <= 0.505
    bars.append(Bar("speed, px/frame", f"{min(speeds):.2f} .. {max(speeds):.2f}", "0.3 .. 0.5", paced))
    limits = {"stretch": 2, "bend": 10, "fold": 0.6, "frozen": 2, "jump": 1.5, "sharp": 0.2, "drift": 0.25}
    for key, limit in limits.items():
        bars.append(Bar(f"{key}, worst of all", f"{worst_of[key]:.2f}", f"<= {limit}", worst_of[key] <= limit))


def long_table(bars: list[Bar]) -> None:
    """Twelve seconds, where a path is at its slowest or turns back."""
    jumps, runs = [], []
    for word, name in itertools.product(("push in", "orbit right", "handheld"), ("temple", "coffee")):
        photo = film(sample(name), None, WORDS[word], Timing(289))
        steps = changes(photo)
        jumps.append(max(steps) / float(np.median(steps)))
        runs.append(frozen_run(steps))
        still = still_of(photo)
        one, two = (still.grid.inner(still._where(index)) for index in (142, 146))
        speed = float(np.linalg.norm(two - one, axis=-1).mean()) / 4
        print(f"12 s {name:8s} {word:12s} jump {jumps[-1]:.2f}, frozen {runs[-1]}, {speed:.2f} px/frame")
    bars.append(Bar("jump in 12 s", f"{max(jumps):.2f}", "<= 1.5", max(jumps) <= 1.5))
    bars.append(Bar("frozen in 12 s", f"{max(runs)}", "<= 2", max(runs) <= 2))


def fixed_table(names: dict[str, Picture], bars: list[Bar]) -> None:
    """A camera that does not move, and what moves instead."""
    motions, runs, jumps = [], [], []
    for name, picture in names.items():
        photo = film(picture, None, WORDS["fixed"])
        steps, moved = changes(photo), background_motion(photo)
        motions.append(moved)
        runs.append(frozen_run(steps))
        jumps.append(max(steps) / float(np.median(steps)))
        print(
            f"fixed {name:22s} background {moved:.4f} px/frame, jump {jumps[-1]:.2f}, "
            f"change {np.median(steps):.3f} grey levels/frame, frozen {runs[-1]}"
        )
    bars.append(Bar("fixed camera, background px/frame", f"{max(motions):.4f}", "0.0 (< 0.001)", max(motions) < STANDS))
    bars.append(Bar("fixed camera, jump", f"{max(jumps):.2f}", "<= 1.5", max(jumps) <= 1.5))
    fogs = [changes(film(sample(name), None, weather=Weather.FOG)) for name in ("temple", "rocket")]
    jump = max(max(steps) / float(np.median(steps)) for steps in fogs)
    bars.append(Bar("fog, jump", f"{jump:.2f}", "<= 1.5", jump <= 1.5))
    bars.append(Bar("fixed camera, longest frozen run", f"{max(runs)}", "<= 2", max(runs) <= 2))


def words_table(names: list[str], bars: list[Bar]) -> None:
    """Every camera word on every picture."""
    wrong = [(word, name) for word in WORDS for name in names if not obeys(word, sample(name))]
    total = len(WORDS) * len(names)
    print("camera words that were not seen:", wrong or "none")
    bars.append(Bar(f"camera words, {len(WORDS)} x {len(names)}", f"{total - len(wrong)} of {total}", "all", not wrong))


def obeys(word: str, picture: Picture) -> bool:
    """Whether a camera word, read from a prompt, is seen in the frames, with its sign."""
    prompt = f"the camera: {word} camera" if word == "fixed" else f"the camera: {word}"
    camera = scripted(prompt, 3)[0].sections[0].camera
    photo = film(None, picture, camera) if word == "pull out" else film(picture, None, camera)
    if word == "fixed":
        return background_motion(photo) < STANDS
    if word == "handheld":
        seen = [factors(photo, index) for index in range(20, 116, 12)]
        both_ways = all({np.sign(f[axis]) for f in seen} == {-1.0, 1.0} for axis in ("right", "down"))
        return both_ways and max(math.hypot(f["right"], f["down"]) for f in seen) > 0.08
    seen = [factors(photo, index) for index in (30, 60, 90)]
    mean = {key: float(np.mean([f[key] for f in seen])) for key in seen[0]}
    signs = {"left": 1.0, "right": -1.0, "up": 1.0, "down": -1.0}
    kind, _, way = word.partition(" ")
    tests: dict[str, Callable[[], bool]] = {
        "pan": lambda: mean["right"] * signs[way] > 0.1,
        "tilt": lambda: mean["down"] * signs[way] > 0.1,
        "push": lambda: mean["growth"] > 0.05,
        "pull": lambda: mean["growth"] < -0.05,
        "orbit": lambda: mean["near right"] * signs[way] > 0.05,
        "tracking": lambda: mean["right"] * signs[way] > 0.03 and mean["near right"] * signs[way] > 0.03,
    }
    return tests[kind]()


def factors(photo: MovingPhoto, index: int, step: int = 4) -> dict[str, float]:
    """What the camera does around a frame: shift right and down, growth, and how much more near things shift right."""
    moved, trusted = flow(photo.frame(index), photo.frame(index + step))
    rows, columns = np.nonzero(trusted)
    x, y = columns - SIZE.width / 2, rows - SIZE.height / 2
    near = still_of(photo).grid.enlarge(still_of(photo).near)[trusted]
    vectors, scale = moved[trusted] / step, SIZE.width / 2
    across = np.stack((np.ones_like(x), x / scale, near - near.mean()), axis=1)
    down = np.stack((np.ones_like(y), y / scale), axis=1)
    fit_x = np.linalg.lstsq(across, vectors[:, 0], rcond=None)[0]
    fit_y = np.linalg.lstsq(down, vectors[:, 1], rcond=None)[0]
    return {"right": fit_x[0], "down": fit_y[0], "growth": fit_x[1] + fit_y[1], "near right": fit_x[2]}
