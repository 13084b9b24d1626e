"""A first and a last picture: both exact, nothing seen twice between them."""

from __future__ import annotations

import numpy as np

from bench.pictures.material import SIZE, THREE_SECONDS, film, sample
from bench.pictures.measures import Bar, changes, frozen_run, gray
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.related import Related
from vitascope.filmset.photo.veil import Veil
from vitascope.filmset.photo.warp import fitted
from vitascope.filmset.photo.whip import Whip, _seen_between, _side_by_side
from vitascope.filmset.scene.scene import Weather
from vitascope.values import Picture, Size


def pairs_table(bars: list[Bar]) -> None:
    """First and last frame."""
    ghosts, exact, runs = [], True, []
    for name, (first, last) in pairs().items():
        weather = Weather.FOG if name == "mist" else Weather.CLEAR
        photo = film(first, last, timing=THREE_SECONDS, weather=weather)
        steps = changes(photo)
        ghosts.append(ghost(photo))
        runs.append(frozen_run(steps))
        exact &= np.array_equal(photo.frame(0), first) and np.array_equal(photo.frame(72), last)
        jump = max(steps) / float(np.median(steps))
        kind = type(photo._film).__name__
        print(f"pair {name:12s} {kind:8s} ghost {ghosts[-1]:.3f}, frozen {runs[-1]}, jump {jump:.2f}")
    bars.append(Bar("frozen, first and last", f"{max(runs)}", "<= 2", max(runs) <= 2))
    wide = _side_by_side(*pairs()["strangers"]).shape[1] / SIZE.width - 2
    bars.append(Bar("streaks between strangers, of the view", f"{wide:.2f}", "<= 0.2", wide < 0.205))
    bars.append(Bar("ghost, first and last", f"{max(ghosts):.3f}", "<= 0.15", max(ghosts) <= 0.15))
    bars.append(Bar("ends exact before encoding", "yes" if exact else "no", "yes", exact))


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


def ghost(photo: MovingPhoto) -> float:
    """How much of two different things is seen at once, at worst."""
    inner = photo._film
    if isinstance(inner, Whip):
        return max(seen_twice(inner, index) for index in range(1, photo.timing.frames - 1))
    if isinstance(inner, Veil):  # one picture gives way to the other at once: what of it still shows through the mist
        middle = (photo.timing.frames - 1) // 2
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
