"""What a clip of given pictures sounds like, as a list: each thing found is heard where it is seen and while it is.

Nothing here makes sound. A bed is named for what it is (water, leaves, fire); whoever mixes knows how that sounds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vitascope.filmset.photo.alive import Alive
from vitascope.filmset.photo.lightning import flashes
from vitascope.filmset.photo.living import ripple_period
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.photo_film import Part, PhotoFilm
from vitascope.filmset.photo.warp import Field, Map
from vitascope.filmset.scene.scene import Ambience, Event, Noise, Scene, Weather
from vitascope.values import Timing

MOMENTS = 9  # times in a part at which it is looked where things are
LEAST = 0.01  # of the picture that must be water or leaves to be heard
OUT_OF_VIEW = 0.25  # what the camera has left behind is still heard a little
CHANGE = 0.5  # seconds in which one picture's sounds give way to the other's


@dataclass(frozen=True, slots=True)
class Bed:
    """One lasting sound: its name; level in dB; `pans` (-1 left .. 1 right) and `gains` (1 = all of it in view) at
    equal steps from `start` to `end` (shares of the clip); `width` 0 a point .. 1 all around."""

    name: str
    level: float
    pans: tuple[float, ...]
    gains: tuple[float, ...]
    width: float = 0.5
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """All that a clip's pictures make heard."""

    beds: tuple[Bed, ...]
    events: tuple[Event, ...]


def heard(film: PhotoFilm, scene: Scene, timing: Timing, seed: int) -> Hearing:
    """What is heard in a film: beds for water, leaves, wind, fire; thunder after its flash; waves with the ripples."""
    beds = [bed for part in film.parts for bed in _beds(part, scene, timing)]
    events: list[Event] = []
    if scene.weather is Weather.STORM:
        for flash in flashes(seed, float(timing.seconds)):
            away = 40.0 + 60.0 * (1 - flash.strength)
            events.append(Event(flash.time, Noise.THUNDER, flash.pan, away, flash.strength, 3.0))
    for bed in beds:
        if bed.name == "sea":
            events += _waves(bed, scene, timing)
    return Hearing(tuple(beds), tuple(sorted(events, key=lambda event: event.time)))


def _waves(bed: Bed, scene: Scene, timing: Timing) -> list[Event]:
    """Breakers as often as the ripples that are seen come in."""
    seconds, period = float(timing.seconds), ripple_period(scene.wind)
    times = np.arange(max(0.4 * period, bed.start * seconds), bed.end * seconds, period)
    pans = np.interp(times / seconds, np.linspace(bed.start, bed.end, len(bed.pans)), bed.pans)
    return [
        Event(float(time), Noise.WAVE, float(pan), 6.0, 0.5, min(2.0, period), 0.94 + 0.06 * (number % 3))
        for number, (time, pan) in enumerate(zip(times, pans, strict=True))
    ]


def _beds(part: Part, scene: Scene, timing: Timing) -> list[Bed]:
    """The beds of one picture."""
    alive = part.alive
    regions, found = alive.regions, []
    course = alive.course
    if course is not None:
        found.append(("torrent" if course.steep > 0.5 else "stream", -28.0, course.mask, 0.08))
    elif regions.water.mean() > LEAST:
        found.append(("sea" if Ambience.WAVES in scene.ambience else "lapping", -31.0, regions.water, 0.25))
    if regions.foliage.mean() > LEAST:
        found.append(("leaves", -40.0 + 10 * scene.wind, regions.foliage, 0.3))
    if Stir.FLAME in alive.stirring:
        found.append(("fire", -38.0, regions.lights, 0.01))
    if regions.sky.mean() > 0.06 and scene.wind > 0.5:
        found.append(("gale", -33.0, regions.sky, 0.3))
    elif regions.sky.mean() > 0.06:
        found.append(("wind", -44.0 + 12 * scene.wind, regions.sky, 0.3))
    return [_placed(part, timing, *each) for each in found]


def _placed(part: Part, timing: Timing, name: str, level: float, mask: Field, usual: float) -> Bed:
    """A bed where its mask is seen; a mask smaller than `usual` is quieter."""
    last = max(1, timing.frames - 1)
    indices = [round((part.start + (part.end - part.start) * step / (MOMENTS - 1)) * last) for step in range(MOMENTS)]
    views = [_seen(part.alive, mask, part.where(index)) for index in indices]
    full = max(1e-6, float(mask.mean()))
    level += 10 * math.log10(min(1.5, max(0.1, full / usual)))
    gains = tuple(max(OUT_OF_VIEW, min(1.25, math.sqrt(area / full))) for area, _, _ in views)
    width = float(np.clip(1.6 * np.mean([spread for _, _, spread in views]), 0.1, 1.0))
    return Bed(name, level, tuple(pan for _, pan, _ in views), gains, width, part.start, part.end)


def _seen(alive: Alive, mask: Field, where: Map) -> tuple[float, float, float]:
    """How much of the view a mask fills, where its middle is (-1 .. 1) and how widely it spreads (0 .. 1)."""
    grid = alive.grid
    inside = grid.inner(grid.lookup(grid.reduce(mask), where))
    across = np.linspace(-1, 1, inside.shape[1], dtype=np.float32)
    weight = inside.sum(axis=0)
    total = float(weight.sum())
    if total < 1e-3:
        return 0.0, 0.0, 1.0
    middle = float((weight * across).sum()) / total
    return float(inside.mean()), middle, math.sqrt(float((weight * (across - middle) ** 2).sum()) / total)
