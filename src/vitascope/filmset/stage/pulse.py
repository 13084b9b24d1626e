"""Everything that happens at a time of its own: beats, flashes of lightning, tolls, breakers, flickers.

The light, the drawing and the list of events all read these functions, so that what is seen is what is heard.
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, exp, pi, sin

from vitascope.filmset.canvas.random_streams import ease, number, random_stream, wander
from vitascope.filmset.scene.scene import Pace, Scene, Setting, Weather

TEMPO = {Pace.SLOW: 76.0, Pace.NORMAL: 100.0, Pace.FAST: 124.0}  # beats a minute
FIRST_FLASH, FLASH_GAPS = (0.5, 1.1), (2.2, 4.5)  # s
FLASH_FADE, RESTRIKE, RESTRIKE_FADE = 0.09, 0.17, 0.12  # s: lightning dies down, strikes again, dies down again
RESTRIKE_SHARE = 0.8  # of the first stroke's light
FIRST_SPARKS, SPARK_GAPS = (0.6, 1.6), (1.6, 3.8)  # s
FIRST_TOLL = 0.4  # s at the earliest
BELL_ANGLE = 0.5  # rad that a bell swings to either side
FLAME_SLOW, FLAME_FAST = 3.1, 9.7  # changes of a flame a second


def beat(scene: Scene) -> float:
    """Length of a beat in seconds: everything that dances, plays or drums in a scene shares it."""
    pace = scene.subjects[0].pace if scene.subjects else Pace.NORMAL
    return 60.0 / TEMPO[pace]


@lru_cache(maxsize=64)
def flashes(seed: int, weather: Weather, seconds: float) -> tuple[tuple[float, float, float], ...]:
    """Lightning: (time, where -1..1, strength 0..1). The first comes early enough for any clip."""
    if weather is not Weather.STORM:
        return ()
    rng = random_stream(seed, "flashes")
    times, t = [], float(rng.uniform(*FIRST_FLASH))
    while t < seconds - 0.3:
        times.append((t, float(rng.uniform(-0.8, 0.8)), float(rng.uniform(0.6, 1.0))))
        t += float(rng.uniform(*FLASH_GAPS))
    return tuple(times)


def flash(scene: Scene, seconds: float, t: float) -> tuple[float, float, float]:
    """Lightning now: (brightness 0..1, where -1..1, age s of the latest). It strikes, dips and strikes again."""
    for time, where, strength in reversed(flashes(scene.seed, scene.weather, seconds)):
        age = t - time
        if age >= 0:
            light = exp(-age / FLASH_FADE)
            light += RESTRIKE_SHARE * (exp(-(age - RESTRIKE) / RESTRIKE_FADE) if age > RESTRIKE else 0.0)
            return min(1.0, strength * light), where, age
    return 0.0, 0.0, 99.0


TOLL = 2.4
"""Seconds between two strokes of the tower's bell."""


def tolls(scene: Scene, seconds: float) -> tuple[float, ...]:
    """When the tower's bell strikes, s."""
    if scene.setting is not Setting.HARBOUR:
        return ()
    start = FIRST_TOLL + (number(scene.seed, "toll") % 100) / 100
    return tuple(start + TOLL * k for k in range(int((seconds - start) / TOLL) + 1) if start + TOLL * k < seconds)


def bell_swing(scene: Scene, seconds: float, t: float) -> float:
    """The bell's angle (rad): it is at its greatest when it strikes."""
    times = tolls(scene, seconds)
    return BELL_ANGLE * cos(2 * pi * (t - times[0]) / TOLL) if times else 0.0


BREAKER = 4.2
"""Seconds between two waves that break on a shore."""


def breaker_offset(scene: Scene) -> float:
    """When the first wave breaks, s; may lie before the clip."""
    return (number(scene.seed, "breaker") % 1000) / 1000 * BREAKER - 0.5 * BREAKER


def surge(scene: Scene, t: float) -> float:
    """How high the water runs up the shore, 0..1; 1 when a wave breaks."""
    phase = (t - breaker_offset(scene)) / BREAKER
    return 0.5 + 0.5 * cos(2 * pi * phase)


def breakers(scene: Scene, seconds: float) -> tuple[float, ...]:
    """When waves break within a clip, s."""
    first = breaker_offset(scene)
    times = (first + BREAKER * k for k in range(int(seconds / BREAKER) + 3))
    return tuple(t for t in times if 0 <= t < seconds)


def flicker(seed: int, t: float, depth: float = 0.25) -> float:
    """A flame's brightness, around 1."""
    slow, fast = float(wander(seed, t * FLAME_SLOW)), float(wander(seed + 1, t * FLAME_FAST))
    return 1.0 + depth * (0.6 * slow + 0.4 * fast)


def sputter(seed: int, t: float) -> float:
    """A broken lamp: mostly on, at times nearly off for a few hundredths of a second; it takes a moment to die down."""
    off = float(ease((float(wander(seed, t * 7.0)) - 0.5) / 0.3))
    return (0.92 + 0.08 * sin(t * 40)) * (1 - off) + 0.25 * off


@lru_cache(maxsize=64)
def sparks(seed: int, setting: Setting, seconds: float) -> tuple[tuple[float, float], ...]:
    """Showers of sparks from a broken ceiling: (time, where -1..1)."""
    if setting not in (Setting.HALL, Setting.TUNNEL):
        return ()
    rng = random_stream(seed, "sparks")
    found, t = [], float(rng.uniform(*FIRST_SPARKS))
    while t < seconds - 0.2:
        found.append((t, float(rng.uniform(-0.5, 0.5))))
        t += float(rng.uniform(*SPARK_GAPS))
    return tuple(found)
