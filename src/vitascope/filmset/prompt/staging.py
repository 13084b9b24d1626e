"""Where and when it happens and in what air: setting, time, weather, wind, ground, lights, sounds, mood."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from vitascope.filmset.prompt.context import Read, scores
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.scene.scene import VARIANTS, Ambience, Glow, Setting, Time, Variant, Weather

T = TypeVar("T")

SURE = {"setting": 1.4, "time": 1.2, "weather": 1.2}
"""A slot's value needs this score; below it, the prompt only hints, and the seed decides."""
LEAST = 0.2  # a setting that is only named from afar is still better than none
WEATHER_WINS = {
    Weather.STORM: 3.0,
    Weather.SNOW: 2.5,
    Weather.RAIN: 2.0,
    Weather.FOG: 1.5,
    Weather.WIND: 1.0,
    Weather.CLEAR: 0.8,
}
"""Of two weathers at once the one that is more to see counts more: a storm has rain in it, rain has wind."""
OPEN_AIR_WIND = {Weather.STORM: 0.9, Weather.WIND: 0.75, Weather.SNOW: 0.4, Weather.RAIN: 0.4, Weather.FOG: 0.15}
BECOMING = frozenset({"as", "when", "then", "until", "once"})
WIND_WORDS = {"strong": 0.9, "breeze": 0.4, "still": 0.0}


@dataclass(frozen=True)
class Explained(Generic[T]):
    """A value with the mentions that say it."""

    value: T
    by: tuple[Mention, ...]


def setting(read: Read) -> Explained[Setting] | None:
    """The place that the prompt's words point to, or None. Hints alone ("spray", "a horizon") need company."""
    found = scores(read, "setting")
    if not found:
        return None
    best = max(found, key=lambda name: found[name])
    firm = any(m.value == best and m.rank != "hint" for m in read.mentioned("setting"))
    if found[best] < (LEAST if firm else SURE["setting"]):
        return None
    return Explained(Setting(best), _by(read, "setting", best))


def variant(read: Read, place: Setting) -> Explained[Variant] | None:
    """Which kind of the setting the words speak of, or None if they do not or the setting has no kinds."""
    kinds = [kind.value for kind in VARIANTS.get(place, ())]
    found = {name: score for name, score in scores(read, "variant").items() if name in kinds}
    if not found:
        return None
    best = max(found, key=lambda name: found[name])
    return Explained(Variant(best), _by(read, "variant", best))


def times(read: Read) -> tuple[Explained[Time] | None, Explained[Time] | None]:
    """The time of day, and the one that the clip ends in if it changes."""
    found = scores(read, "time")
    named = [m for m in read.mentioned("time") if m.rank != "hint"]
    change = _change(read, named)
    if change:
        first, second = (Explained(Time(m.value), _by(read, "time", m.value)) for m in change)
        return first, second
    if not found:
        return None, None
    best = max(found, key=lambda name: found[name])
    if found[best] < SURE["time"]:
        return None, None
    return Explained(Time(best), _by(read, "time", best)), None


def _change(read: Read, named: list[Mention]) -> tuple[Mention, Mention] | None:
    """Two different times in one sentence with a word of change between ("from daylight to twilight")."""
    for first, second in itertools.pairwise(named):
        if first.value == second.value or first.sentence != second.sentence:
            continue
        between = [m for m in read.marks["change"] if first.end <= m.start and m.end <= second.start]
        before = read.words[max(0, first.start - 4) : first.start]
        if between and (
            "from" in [w.text for w in before] or between[0].end - between[0].start > 1 or _turns(read, between)
        ):
            return first, second
    return _change_later(read, named)


def _change_later(read: Read, named: list[Mention]) -> tuple[Mention, Mention] | None:
    """A later sentence that says when it becomes another time ("As night falls, ...")."""
    for mention in reversed(named):
        before = {word.text for word in read.words[max(0, mention.start - 3) : mention.start]}
        if named[0].value != mention.value and named[0].sentence < mention.sentence and before & BECOMING:
            return named[0], mention
    return None


def _turns(read: Read, marks: list[Mention]) -> bool:
    return any(read.words[mark.start].stem not in ("to", "then", "toward", "end") for mark in marks)


def weather(read: Read) -> Explained[Weather] | None:
    """The weather that the prompt asks for, or None."""
    found = {name: score for name, score in scores(read, "weather").items() if score >= SURE["weather"]}
    if not found:
        return None
    best = max(found, key=lambda name: found[name] * WEATHER_WINS[Weather(name)])
    return Explained(Weather(best), _by(read, "weather", best))


def wind(read: Read, air: Weather, calm: float) -> Explained[float]:
    """How strong the wind blows: by its own words, else by the weather, else `calm`."""
    for name in ("still", "strong", "breeze"):
        said = read.mentioned("wind") if name != "still" else read.by_slot.get("wind", [])
        by = tuple(m for m in said if m.value == name)
        if by:
            return Explained(max(WIND_WORDS[name], 0.0 if name == "still" else OPEN_AIR_WIND.get(air, 0.0)), by)
    if any(m.value in ("wind", "storm") for m in read.denials("weather")):
        return Explained(0.0, tuple(read.denials("weather")))
    by = tuple(m for m in read.mentioned("weather") if m.value == "wind" and m.rank == "strong")
    return Explained(0.75 if by else OPEN_AIR_WIND.get(air, calm), by)


def glows(read: Read) -> list[Explained[Glow]]:
    """The lights a prompt asks for, in its order."""
    return [Explained(Glow(name), _by(read, "glow", name)) for name in _values(read.mentioned("glow"))]


def ambience(read: Read) -> list[Explained[Ambience]]:
    """The sounds a prompt asks for; plain words ("wind", "sea") count where it speaks of sound."""
    spoken = {mark.segment for mark in read.marks["sound"]}
    heard = [
        m
        for m in read.mentioned("ambience")
        if m.rank == "strong" or m.sentence in read.sound_sentences or m.segment in spoken
    ]
    return [Explained(Ambience(name), tuple(m for m in heard if m.value == name)) for name in _values(heard)]


def mood(read: Read) -> Explained[str] | None:
    """The mood that most of the prompt's words speak of."""
    found = scores(read, "mood")
    if not found:
        return None
    best = max(found, key=lambda name: found[name])
    return Explained(best, _by(read, "mood", best))


def _values(found: Sequence[Mention]) -> list[str]:
    return list(dict.fromkeys(mention.value for mention in found))


def _by(read: Read, slot: str, value: str) -> tuple[Mention, ...]:
    return tuple(mention for mention in read.mentioned(slot) if mention.value == value)
