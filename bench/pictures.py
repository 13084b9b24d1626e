"""Whether given pictures move as they should: the table of bars for image to video, measured on free pictures.

Run: python bench/pictures.py [--quick] [--sheet FILE]. Needs scikit-image and scikit-learn for their sample pictures
(licences in docs/gallery/pictures.md; nothing is downloaded). `--sheet` also writes strips of frames as one JPEG.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import itertools
import math
import os
import runpy
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage
import sklearn
from numpy.typing import NDArray

from vitascope.engines.parallel import draw
from vitascope.engines.protocol import Unattended
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.camera import Path as CameraPath
from vitascope.filmset.photo.cloth import find_cloth
from vitascope.filmset.photo.lightning import flashes
from vitascope.filmset.photo.limiter import Edges, worst
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.related import Related
from vitascope.filmset.photo.script import Script, scripted
from vitascope.filmset.photo.still import Still
from vitascope.filmset.photo.veil import Veil
from vitascope.filmset.photo.warp import fitted
from vitascope.filmset.photo.whip import BETWEEN, Whip, _seen_between
from vitascope.filmset.scene.scene import Camera, CameraSection, Direction, Move, Scene, Setting, Time, Weather
from vitascope.media.encode import encode
from vitascope.media.probe import pictures as decoded
from vitascope.values import Clip, Container, Picture, Size, Timing

SIZE, FIVE_SECONDS, THREE_SECONDS = Size(864, 480), Timing(121), Timing(73)
SAMPLES = {
    "temple": "sklearn/datasets/images/china.jpg",
    "flower": "sklearn/datasets/images/flower.jpg",
    "coffee": "skimage/data/coffee.png",
    "astronaut": "skimage/data/astronaut.png",
    "rocket": "skimage/data/rocket.jpg",
    "cat": "skimage/data/chelsea.png",
    "galaxies": "skimage/data/hubble_deep_field.jpg",
    "cameraman": "skimage/data/camera.png",
    "logo": "skimage/data/logo.png",
    "page": "skimage/data/page.png",
    "motorcycle": "skimage/data/motorcycle_left.png",
    "motorcycle, right eye": "skimage/data/motorcycle_right.png",
}
WORDS: dict[str, Camera] = {
    "pan left": Camera(Move.PAN, Direction.LEFT),
    "pan right": Camera(Move.PAN, Direction.RIGHT),
    "tilt up": Camera(Move.TILT, Direction.UP),
    "tilt down": Camera(Move.TILT, Direction.DOWN),
    "push in": Camera(Move.PUSH_IN),
    "pull out": Camera(Move.PULL_OUT),
    "orbit left": Camera(Move.ORBIT, Direction.LEFT),
    "orbit right": Camera(Move.ORBIT, Direction.RIGHT),
    "tracking left": Camera(Move.TRACKING, Direction.LEFT),
    "tracking right": Camera(Move.TRACKING, Direction.RIGHT),
    "handheld": Camera(Move.HANDHELD),
    "fixed": Camera(Move.FIXED),
}
DRAWN: dict[str, Any] = runpy.run_path(
    str(Path(__file__).parent.parent / "tests" / "filmset" / "photo" / "pictures.py")
)
"""Functions that draw what no free sample picture shows: a fall, a flag, a street with lamps."""
STIRRING = {
    "running water": ("gorge", "a waterfall rushes down"),
    "steam": ("coffee", "steam rises from the cup"),
    "falling leaves": ("temple", "autumn leaves drift past"),
    "falling petals": ("flower", "petals fall"),
    "embers": ("rocket", "embers rise"),
    "dust": ("cameraman", "dust floats in the light"),
    "cloth": ("flag", "a red flag flutters"),
    "lightning": ("rocket", "a thunderstorm with lightning"),
    "shooting star": ("rocket", "a shooting star"),
    "stars": ("galaxies", "the stars twinkle"),
    "flames": ("city", "lanterns flicker"),
    "neon": ("city", "the neon flickers"),
}
"""What moves by itself: picture (a sample or drawn) and prompt."""
ROW = 168  # height of a row of the sheet in pixels
SEEN = (
    1.0  # grey levels by which the part that moves most (a hundredth of the picture) changes at least in half a second
)
STANDS = 0.001  # pixels a frame that measuring the shift of a standing picture may err by
Gray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table: what, measured, the bar, whether it holds."""

    what: str
    measured: str
    bar: str
    holds: bool


def sample(name: str, size: Size = SIZE) -> Picture:
    """A sample picture cropped and scaled to a size."""
    root = (
        Path(skimage.__file__).parent.parent
        if SAMPLES[name].startswith("skimage")
        else Path(sklearn.__file__).parent.parent
    )
    return fitted(cv2.imread(str(root / SAMPLES[name]))[..., ::-1], size)


def drawing(size: Size = SIZE) -> Picture:
    """Flat shapes with hard outlines."""
    picture = np.full((size.height, size.width, 3), (250, 244, 228), np.uint8)
    w, h = size.width, size.height
    cv2.rectangle(picture, (0, int(0.7 * h)), (w, h), (120, 190, 110), -1)
    cv2.circle(picture, (int(0.75 * w), int(0.3 * h)), int(0.12 * h), (250, 196, 60), -1, cv2.LINE_AA)
    house = np.array([[0.2, 0.75], [0.2, 0.45], [0.32, 0.28], [0.44, 0.45], [0.44, 0.75]]) * [w, h]
    cv2.fillPoly(picture, [house.astype(np.int32)], (214, 92, 76), cv2.LINE_AA)
    cv2.polylines(picture, [house.astype(np.int32)], True, (40, 30, 30), max(2, h // 160), cv2.LINE_AA)
    return picture


def screenshot(size: Size = SIZE) -> Picture:
    """Lines of text in a window."""
    picture = np.full((size.height, size.width, 3), 248, np.uint8)
    picture[: size.height // 12] = (52, 60, 78)
    for line, y in enumerate(range(size.height // 6, size.height - 10, size.height // 16)):
        text = f"{line:02d}  the quick brown fox jumps over the lazy dog"
        cv2.putText(
            picture,
            text,
            (size.width // 20, y),
            cv2.FONT_HERSHEY_SIMPLEX,
            size.height / 800,
            (30, 30, 34),
            1,
            cv2.LINE_AA,
        )
    return picture


def odd_pictures() -> dict[str, Picture]:
    """Pictures that are easy to fail on."""
    ramp = np.linspace(0, 255, SIZE.width).astype(np.uint8)
    gradient = np.repeat(np.repeat(ramp[np.newaxis, :, np.newaxis], SIZE.height, axis=0), 3, axis=2)
    return {
        "drawing": drawing(),
        "screenshot": screenshot(),
        "black": np.zeros((SIZE.height, SIZE.width, 3), np.uint8),
        "gradient": gradient,
        "300 px": sample("coffee", Size(300, 168)),
        "6000 px": np.repeat(np.repeat(sample("temple", Size(600, 400)), 10, axis=0), 10, axis=1),
    }


def scene(camera: Camera, weather: Weather = Weather.CLEAR, light: Time = Time.DAY, wind: float = 0.3) -> Scene:
    """A scene that says only what matters to given pictures."""
    return Scene(Setting.MOUNTAINS, light, weather, seed=1, sections=(CameraSection(0.0, camera),), wind=wind)


def film(
    first: Picture | None,
    last: Picture | None = None,
    camera: Camera | None = None,
    timing: Timing = FIVE_SECONDS,
    weather: Weather = Weather.CLEAR,
    light: Time = Time.DAY,
) -> MovingPhoto:
    """MovingPhoto at 864x480."""
    return MovingPhoto(first, last, scene(camera or Camera(Move.PUSH_IN), weather, light), SIZE, timing, seed=3)


def gray(picture: Picture) -> Gray:
    """Luma as float."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def changes(plates: MovingPhoto) -> list[float]:
    """Mean absolute change of the luma from each frame to the next."""
    frames = (gray(plates.frame(index)) for index in range(plates.timing.frames))
    return [float(np.abs(one - two).mean()) for one, two in itertools.pairwise(frames)]


def frozen_run(steps: list[float]) -> int:
    """The longest run of frames that do not differ (less than a hundredth of a grey level)."""
    return max(
        (sum(1 for _ in run) for still, run in itertools.groupby(steps, lambda step: step < 0.01) if still), default=0
    )


def sharpness(picture: Picture) -> float:
    """Variance of the Laplacian."""
    return float(cv2.Laplacian(gray(picture), cv2.CV_32F).var())


def kept_sharpness(plates: MovingPhoto, index: int) -> float:
    """A frame's sharpness against that of the same part of the given picture: what is in view does not matter."""
    still = still_of(plates)
    return sharpness(plates.frame(index)) / (still._detail.seen(still._where(index)) + 1e-3)


def flow(one: Picture, two: Picture) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Optical flow in pixels and where there is texture to trust it."""
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    gray_one, gray_two = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (one, two))
    found = search.calc(gray_one, gray_two, None)
    rough = cv2.GaussianBlur(np.abs(cv2.Laplacian(gray_one, cv2.CV_32F)), (0, 0), 3.0)
    return np.asarray(found, np.float32), np.asarray(rough > max(1.0, float(np.quantile(rough, 0.4))), np.bool_)


def factors(plates: MovingPhoto, index: int, step: int = 4) -> dict[str, float]:
    """What the camera does around a frame: shift right and down, growth, and how much more near things shift right."""
    moved, trusted = flow(plates.frame(index), plates.frame(index + step))
    rows, columns = np.nonzero(trusted)
    x, y = columns - SIZE.width / 2, rows - SIZE.height / 2
    near = still_of(plates).grid.enlarge(still_of(plates).near)[trusted]
    vectors, scale = moved[trusted] / step, SIZE.width / 2
    across = np.stack((np.ones_like(x), x / scale, near - near.mean()), axis=1)
    down = np.stack((np.ones_like(y), y / scale), axis=1)
    fit_x = np.linalg.lstsq(across, vectors[:, 0], rcond=None)[0]
    fit_y = np.linalg.lstsq(down, vectors[:, 1], rcond=None)[0]
    return {"right": fit_x[0], "down": fit_y[0], "growth": fit_x[1] + fit_y[1], "near right": fit_x[2]}


def still_of(plates: MovingPhoto) -> Still:
    """The film of one picture inside."""
    assert isinstance(plates._film, Still)
    return plates._film


def obeys(word: str, picture: Picture) -> bool:
    """Whether a camera word, read from a prompt, is seen in the frames, with its sign."""
    camera = (
        scripted(f"the camera: {word} camera" if word == "fixed" else f"the camera: {word}", 3)[0].sections[0].camera
    )
    plates = film(None, picture, camera) if word == "pull out" else film(picture, None, camera)
    if word == "fixed":
        return background_motion(plates) < STANDS
    if word == "handheld":
        seen = [factors(plates, index) for index in range(20, 116, 12)]
        signs = {np.sign(f["right"]) for f in seen} | {10 * np.sign(f["down"]) for f in seen}
        return len(signs) == 4 and max(math.hypot(f["right"], f["down"]) for f in seen) > 0.08
    seen = [factors(plates, index) for index in (30, 60, 90)]
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


def background_motion(plates: MovingPhoto) -> float:
    """How far the background shifts in two and a half seconds, in pixels a frame (phase correlation).

    What was found to live is left out, and the light is evened out first.
    """
    regions = still_of(plates).regions
    parts = [regions.sky * (regions.clouds > 0), regions.water, regions.foliage, regions.lights]
    alive = still_of(plates).alive
    parts += [] if alive.course is None else [alive.course.mask]
    parts += (
        [] if not alive.living.billows else [np.asarray(find_cloth(regions, Script(frozenset({Stir.CLOTH}), "red")))]
    )
    lively = np.maximum.reduce(parts)
    still = cv2.dilate(cv2.resize(lively, (SIZE.width, SIZE.height)), np.ones((25, 25), np.uint8)) < 0.02
    one, two = (np.where(still, evened(plates.frame(index)), np.float32(1)) for index in (0, 60))
    if one[still].std() < 0.02:
        return 0.0
    (across, down), _ = cv2.phaseCorrelate(one, two, cv2.createHanningWindow((SIZE.width, SIZE.height), cv2.CV_32F))
    return math.hypot(across, down) / 60


def evened(picture: Picture) -> Gray:
    """The picture's luma with its broad light taken out, around 1."""
    luma = gray(picture) + 8
    return np.asarray(luma / cv2.GaussianBlur(luma, (0, 0), 12.0), np.float32)


def path_of(plates: MovingPhoto) -> CameraPath:
    """The camera path of a film that has one."""
    path = still_of(plates).path
    assert path is not None
    return path


def mean_speed(plates: MovingPhoto) -> float:
    """How far the pixels travel in the middle of the clip, pixels a frame."""
    still = still_of(plates)
    one, two = (still.grid.inner(still._where(index)) for index in (58, 62))
    return float(np.linalg.norm(two - one, axis=-1).mean()) / 4


def moving_table(names: dict[str, Picture], bars: list[Bar]) -> None:
    """One shot of each picture, pushed and orbited."""
    print(f"{'picture':22s} {'move':8s} stretch% bend% fold%  frozen jump  px/frame sharp@6 drift")
    speeds: list[float] = []
    worst_of: dict[str, float] = dict.fromkeys(("stretch", "bend", "fold", "frozen", "jump", "sharp", "drift"), 0.0)
    for (name, picture), word in itertools.product(names.items(), ("push in", "orbit right")):
        plates = film(picture, None, WORDS[word])
        still, path = still_of(plates), path_of(plates)
        speeds.append(mean_speed(plates))
        strain = worst(path, still.grid, still.near, Edges.of(picture))
        steps = changes(plates)
        jump = max(steps) / max(1e-6, float(np.median(steps)))
        clear = [kept_sharpness(plates, index) for index in (0, 1, 2, 3, 4, 5, 6, 30, 60, 90, 120)]
        early, late = (max(abs(value / max(clear[0], 1e-3) - 1) for value in part) for part in (clear[1:7], clear[7:]))
        values = (strain.stretch * 100, strain.bend * 100, strain.fold * 100, frozen_run(steps), jump, early, late)
        worst_of = {key: max(old, new) for (key, old), new in zip(worst_of.items(), values, strict=True)}
        print(
            f"{name:22s} {word[:8]:8s} {values[0]:7.2f} {values[1]:5.1f} {values[2]:5.2f} {values[3]:7.0f} {jump:4.2f}"
            f" {mean_speed(plates):9.2f} {early:7.0%} {late:5.0%}"
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
        plates = film(sample(name), None, WORDS[word], Timing(289))
        steps = changes(plates)
        jumps.append(max(steps) / float(np.median(steps)))
        runs.append(frozen_run(steps))
        still = still_of(plates)
        one, two = (still.grid.inner(still._where(index)) for index in (142, 146))
        speed = float(np.linalg.norm(two - one, axis=-1).mean()) / 4
        print(f"12 s {name:8s} {word:12s} jump {jumps[-1]:.2f}, frozen {runs[-1]}, {speed:.2f} px/frame")
    bars.append(Bar("jump in 12 s", f"{max(jumps):.2f}", "<= 1.5", max(jumps) <= 1.5))
    bars.append(Bar("frozen in 12 s", f"{max(runs)}", "<= 2", max(runs) <= 2))


def words_table(names: list[str], bars: list[Bar]) -> None:
    """Every camera word on every picture."""
    wrong = [(word, name) for word in WORDS for name in names if not obeys(word, sample(name))]
    total = len(WORDS) * len(names)
    print("camera words that were not seen:", wrong or "none")
    bars.append(Bar(f"camera words, {len(WORDS)} x {len(names)}", f"{total - len(wrong)} of {total}", "all", not wrong))


def fixed_table(names: dict[str, Picture], bars: list[Bar]) -> None:
    """A camera that does not move, and what moves instead."""
    motions, runs, jumps = [], [], []
    for name, picture in names.items():
        plates = film(picture, None, WORDS["fixed"])
        steps, moved = changes(plates), background_motion(plates)
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


def ghost(plates: MovingPhoto) -> float:
    """How much of two different things is seen at once, at worst."""
    inner = plates._film
    if isinstance(inner, Whip):
        return max(seen_twice(inner, index) for index in range(1, plates.timing.frames - 1))
    if isinstance(inner, Veil):  # one picture gives way to the other at once: what of it still shows through the mist
        middle = (plates.timing.frames - 1) // 2
        return float(gray(inner.frame(middle)).std() / (gray(inner._films[0].frame(middle)).std() + 1e-3))
    assert isinstance(inner, Related)
    found = 0.0
    for share in np.linspace(0.02, 0.98, 49):
        one, two, weight = inner.views(float(share))
        apart = np.abs(gray(one) - gray(two))
        found = max(found, float((4 * weight * (1 - weight) * np.minimum(1, apart / 25)).mean()))
    return found


def seen_twice(whip: Whip, index: int) -> float:
    """How much of a whip's frame is a mixture: measured by whipping from black to white in the same way."""
    here, before, after = (whip._place(index + shift) for shift in (0.0, -0.5, 0.5))
    black, white = (np.full((2, SIZE.width, 3), level, np.uint8) for level in (0, 255))
    weight = gray(_seen_between(black, white, here, after - before)) / 255
    return float((4 * weight * (1 - weight)).mean())


def pairs() -> dict[str, tuple[Picture, Picture]]:
    """First and last pictures, related and not."""
    temple = sample("temple", Size(1296, 720))
    coffee = sample("coffee", Size(1200, 800))

    def cut(picture: Picture, left: int, top: int, width: int) -> Picture:
        height = round(width * SIZE.height / SIZE.width)
        return fitted(np.ascontiguousarray(picture[top : top + height, left : left + width]), SIZE)

    return {
        "zoom 2x": (sample("temple"), cut(temple, 200, 150, 648)),
        "pan": (cut(coffee, 0, 100, 864), cut(coffee, 330, 140, 864)),
        "stereo": (sample("motorcycle"), sample("motorcycle, right eye")),
        "same": (sample("cat"), sample("cat")),
        "strangers": (sample("temple"), sample("flower")),
        "strangers 2": (sample("astronaut"), sample("galaxies")),
        "mist": (sample("temple"), sample("flower")),
    }


def pairs_table(bars: list[Bar]) -> None:
    """First and last frame."""
    ghosts, exact, runs = [], True, []
    for name, (first, last) in pairs().items():
        weather = Weather.FOG if name == "mist" else Weather.CLEAR
        plates = film(first, last, timing=THREE_SECONDS, weather=weather)
        steps = changes(plates)
        ghosts.append(ghost(plates))
        runs.append(frozen_run(steps))
        exact &= np.array_equal(plates.frame(0), first) and np.array_equal(plates.frame(72), last)
        jump = max(steps) / float(np.median(steps))
        kind = type(plates._film).__name__
        print(f"pair {name:12s} {kind:8s} ghost {ghosts[-1]:.3f}, frozen {runs[-1]}, jump {jump:.2f}")
    bars.append(Bar("frozen, first and last", f"{max(runs)}", "<= 2", max(runs) <= 2))
    bars.append(Bar("streaks between strangers, of the view", f"{BETWEEN:.2f}", "<= 0.2", BETWEEN <= 0.2))
    bars.append(Bar("ghost, first and last", f"{max(ghosts):.3f}", "<= 0.15", max(ghosts) <= 0.15))
    bars.append(Bar("ends exact before encoding", "yes" if exact else "no", "yes", exact))


def clip_of(picture: Picture, size: Size, hands: int) -> Clip:
    """A clip of five seconds drawn by `hands` processes."""
    make = functools.partial(
        MovingPhoto, fitted(picture, size), None, scene(WORDS["push in"], Weather.RAIN), size, FIVE_SECONDS, 3
    )
    return Clip(size, FIVE_SECONDS, draw(make, FIVE_SECONDS.frames, hands, Unattended()))


def processor_seconds() -> float:
    """Processor time of this process and its finished children: what the clock shows depends on who else works here."""
    return sum(os.times()[:4])


def speed_table(bars: list[Bar]) -> None:
    """Seconds to a finished file, with rain, drawn by two hands."""
    for size, limit in ((SIZE, 12), (Size(1920, 1080), 50)):
        with tempfile.TemporaryDirectory() as folder:
            begun, used = time.perf_counter(), processor_seconds()
            encode(
                clip_of(sample("temple", Size(1920, 1080)), size, 2),
                Container.MP4,
                95,
                Path(folder) / "clip.mp4",
                notes={},
            )
            taken = time.perf_counter() - begun
            print(f"{size}: {taken:.1f} s, {processor_seconds() - used:.1f} s of processor time on all cores")
        bars.append(Bar(f"5 s {size}, rain, encoded", f"{taken:.1f} s", f"<= {limit} s", taken <= limit))


def stirred(name: str, prompt: str, timing: Timing = FIVE_SECONDS, fixed: bool = True, seed: int = 3) -> MovingPhoto:
    """A picture (a sample or drawn) with what a prompt asks of it."""
    picture = sample(name) if name in SAMPLES else DRAWN[name](SIZE)
    told, script, _ = scripted(prompt, seed, fixed)
    return MovingPhoto(picture, None, told, SIZE, timing, seed, script=script)


def stirring_table(bars: list[Bar]) -> None:
    """What moves by itself: seen, from nothing, the same bytes again, and the camera stands."""
    seen_least, first_most, shift_most, same, slowest = math.inf, 0.0, 0.0, True, 0.0
    for what, (name, prompt) in STIRRING.items():
        plates = stirred(name, prompt)
        begun = time.perf_counter()
        frames = [plates.frame(index) for index in range(0, 121, 12)]
        slowest = max(slowest, (time.perf_counter() - begun) / len(frames))
        apart = [float(np.quantile(np.abs(gray(one) - gray(two)), 0.99)) for one, two in itertools.pairwise(frames[2:])]
        first = float(np.abs(gray(plates.frame(1)) - gray(plates.frame(0))).mean())
        shift = background_motion(plates) if what in ("running water", "steam", "cloth", "stars", "flames") else 0.0
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
    plates = stirred(*STIRRING["running water"])
    course = still_of(plates).alive.course
    assert course is not None
    inside = cv2.resize(course.mask, (SIZE.width, SIZE.height)) > 0.9
    speeds = [flow(plates.frame(index), plates.frame(index + 1))[0][inside].mean(axis=0) for index in range(24, 120, 7)]
    across, down = np.mean(speeds, axis=0)
    return float(down), float(across)


def fidelity_table(names: list[str], bars: list[Bar]) -> None:
    """The given pictures in the finished file."""
    found = []
    for name in names:
        first, last = sample(name), sample(names[(names.index(name) + 1) % len(names)])
        plates = film(first, last, timing=THREE_SECONDS)
        clip = Clip(SIZE, THREE_SECONDS, (plates.frame(index)[np.newaxis] for index in range(73)))
        with tempfile.TemporaryDirectory() as folder:
            encode(clip, Container.MP4, 95, Path(folder) / "clip.mp4", notes={})
            frames = list(decoded(Path(folder) / "clip.mp4"))
        found += [luma_psnr(frames[0], first), luma_psnr(frames[-1], last)]
        print(f"encoded {name:12s} first {found[-2]:.1f} dB, last {found[-1]:.1f} dB")
    bars.append(Bar("luma PSNR of first and last, quality 95", f"{min(found):.1f} dB", ">= 38 dB", min(found) >= 38))


def luma_psnr(one: Picture, two: Picture) -> float:
    """Decibels between the lumas."""
    return float(10 * np.log10(255**2 / max(1e-9, float(((gray(one) - gray(two)) ** 2).mean()))))


def same_bytes(bars: list[Bar]) -> None:
    """One hand and two hands, twice."""
    digests = set()
    for hands in (1, 2):
        digest = hashlib.sha256()
        for chunk in clip_of(sample("rocket"), Size(416, 240), hands).chunks:
            digest.update(chunk.tobytes())
        digests.add(digest.hexdigest())
    bars.append(
        Bar("same bytes from 1 and 2 processes", "yes" if len(digests) == 1 else "no", "yes", len(digests) == 1)
    )


def strips() -> Iterator[tuple[str, MovingPhoto, tuple[int, ...]]]:
    """What the gallery shows: title, film, frames."""
    five, late = (0, 30, 60, 90, 120), (0, 40, 60, 80, 110)
    yield "push in", film(sample("temple"), None, WORDS["push in"]), five
    yield "orbit right", film(sample("coffee"), None, WORDS["orbit right"]), five
    yield "night falls, lamps and stars come out, fixed camera", stirred("temple", "night falls, starry sky"), five
    yield "snow", film(sample("rocket"), None, WORDS["handheld"], weather=Weather.SNOW), five
    yield "thunderstorm", stirred("rocket", "a thunderstorm with lightning", fixed=False), _with_flash()
    yield "rain, fixed camera", film(sample("flower"), None, WORDS["fixed"], weather=Weather.RAIN), five
    yield "fog", film(sample("temple"), None, WORDS["tracking right"], weather=Weather.FOG), five
    yield (
        "autumn leaves drift past",
        stirred("temple", "autumn leaves drift past, the camera pushes in", fixed=False),
        late,
    )
    yield "petals fall", stirred("flower", "petals fall, the camera pushes in", fixed=False), late
    yield "steam rises, fixed camera", stirred("coffee", "steam rises from the cup"), late
    yield "a waterfall, consecutive frames (drawn)", stirred("gorge", "a waterfall"), (60, 61, 62, 63, 64)
    yield "a red flag flutters (drawn)", stirred("flag", "a red flag flutters in the wind"), (0, 40, 46, 52, 58)
    yield "embers rise", stirred("rocket", "embers rise, the camera pushes in", fixed=False), late
    square = Size(624, 624)
    portrait = scene(WORDS["orbit right"])
    yield "orbit", MovingPhoto(sample("astronaut", square), None, portrait, square, FIVE_SECONDS, 3), five
    yield "pan right, dust in the light", stirred("cameraman", "dust floats in the light, pan right", fixed=False), five
    yield "push in", film(sample("cat"), None, WORDS["push in"]), five
    yield "stars twinkle, tilt up", stirred("galaxies", "stars twinkle, tilt up", fixed=False), five
    yield "a drawing, fixed camera: a shadow passes", film(drawing(), None, WORDS["fixed"]), five
    first, last = pairs()["zoom 2x"]
    yield "first and last, related", film(first, last, timing=THREE_SECONDS), (0, 18, 36, 54, 72)
    yield (
        "first and last, strangers",
        film(sample("flower"), sample("temple"), timing=THREE_SECONDS),
        (0, 31, 36, 40, 72),
    )


def _with_flash() -> tuple[int, ...]:
    """Frames around a flash of the storm that the sheet shows."""
    struck = math.ceil(flashes(3, float(FIVE_SECONDS.seconds))[0].time * 24)
    return 0, struck - 1, struck, struck + 2, 100


def write_sheet(path: Path) -> None:
    """Strips of frames, one film a row."""
    rows: list[Any] = []
    for title, plates, indices in strips():
        width = round(ROW * plates.size.ratio)
        frames = [cv2.resize(plates.frame(index), (width, ROW), interpolation=cv2.INTER_AREA) for index in indices]
        row = np.full((ROW + 24, 5 * round(ROW * SIZE.ratio), 3), 255, np.uint8)
        cv2.putText(row, title, (6, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (30, 30, 30), 1, cv2.LINE_AA)
        row[24:, : 5 * width] = np.concatenate(frames, axis=1)
        rows.append(row)
    cv2.imwrite(str(path), np.concatenate(rows, axis=0)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])


def main() -> int:
    """Measure everything and print the table; 1 if a bar is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="two pictures, no camera words, no speed")
    arguments.add_argument("--sheet", type=Path, help="write strips of frames to this JPEG")
    options = arguments.parse_args()
    photographs = {name: sample(name) for name in SAMPLES if not name.endswith("eye")}
    bars: list[Bar] = []
    if options.quick:
        photographs = {name: photographs[name] for name in ("temple", "coffee")}
    textured = {
        name: fitted(picture, SIZE) for name, picture in odd_pictures().items() if name not in ("black", "gradient")
    }
    moving_table(photographs | ({} if options.quick else textured), bars)
    fixed_table(
        photographs | {name: fitted(picture, SIZE) for name, picture in odd_pictures().items() if name != "black"}, bars
    )
    pairs_table(bars)
    stirring_table(bars)
    if not options.quick:
        long_table(bars)
        words_table(["temple", "coffee", "astronaut", "cat", "galaxies", "motorcycle"], bars)
        fidelity_table(["temple", "coffee", "astronaut"], bars)
        speed_table(bars)
        same_bytes(bars)
    if options.sheet:
        write_sheet(options.sheet)
    print()
    for bar in bars:
        print(f"{'ok  ' if bar.holds else 'MISS'} {bar.what:42s} {bar.measured:>12s}   {bar.bar}")
    return 0 if all(bar.holds for bar in bars) else 1


if __name__ == "__main__":
    raise SystemExit(main())
