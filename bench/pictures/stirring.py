"""What moves by itself in a picture: seen, from nothing, the same bytes again, before a camera that stands."""

from __future__ import annotations

import itertools
import math
import time

import cv2
import numpy as np

from bench.pictures.material import SIZE, STIRRING, stirred
from bench.pictures.measures import STANDS, Bar, background_motion, flow, gray, still_of

SEEN = 1.0
"""Grey levels by which the part that moves most (a hundredth of the picture) changes at least in half a second."""


def stirring_table(bars: list[Bar]) -> None:
    """What moves by itself: seen, from nothing, the same bytes again, and the camera stands."""
    seen_least, first_most, shift_most, same, slowest = math.inf, 0.0, 0.0, True, 0.0
    for what, (name, prompt) in STIRRING.items():
        photo = stirred(name, prompt)
        begun = time.perf_counter()
        frames = [photo.frame(index) for index in range(0, 121, 12)]
        slowest = max(slowest, (time.perf_counter() - begun) / len(frames))
        apart = [float(np.quantile(np.abs(gray(one) - gray(two)), 0.99)) for one, two in itertools.pairwise(frames[2:])]
        first = float(np.abs(gray(photo.frame(1)) - gray(photo.frame(0))).mean())
        shift = background_motion(photo) if what in ("running water", "steam", "cloth", "stars", "flames") else 0.0
        same &= np.array_equal(frames[5], stirred(name, prompt).frame(60))
        print(f"{what:15s} {name:10s} seen {max(apart):6.2f}, first step {first:.3f}, background {shift:.4f} px/frame")
        seen_least, first_most, shift_most = min(seen_least, max(apart)), max(first_most, first), max(shift_most, shift)
    down, across = water_speed()
    bars.append(Bar("stirring, least seen", f"{seen_least:.1f}", f">= {SEEN}", seen_least >= SEEN))
    bars.append(Bar("stirring, largest first step", f"{first_most:.2f}", "<= 0.5", first_most <= 0.5))
    bars.append(Bar("stirring, background px/frame", f"{shift_most:.4f}", "0.0 (< 0.001)", shift_most < STANDS))
    bars.append(Bar("stirring, same bytes again", "yes" if same else "no", "yes", same))
    bars.append(Bar("running water, px/frame down", f"{down:.2f}", "0.5 .. 4", 0.5 < down < 4))
    bars.append(Bar("running water, px/frame aside", f"{across:.2f}", "<= 0.2", abs(across) <= 0.2))
    bars.append(Bar("stirring, slowest frame", f"{slowest * 1000:.0f} ms", "<= 90 ms", slowest <= 0.09))


def water_speed() -> tuple[float, float]:
    """How fast a fall is seen falling, down and to the right in pixels a frame."""
    photo = stirred(*STIRRING["running water"])
    course = still_of(photo).alive.course
    assert course is not None
    inside = cv2.resize(course.mask, (SIZE.width, SIZE.height)) > 0.9
    speeds = [flow(photo.frame(index), photo.frame(index + 1))[0][inside].mean(axis=0) for index in range(24, 120, 7)]
    across, down = np.mean(speeds, axis=0)
    return float(down), float(across)
