"""What the prompt leaves open, chosen from the seed: varied, fitting the place, the same every time."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from typing import Any

from vitascope.filmset.scene.scene import (
    Action,
    Camera,
    Direction,
    Kind,
    Move,
    Setting,
    Subject,
    Time,
    Variant,
    Weather,
)

PEOPLE = frozenset(
    {
        Kind.DANCER,
        Kind.WALKER,
        Kind.RUNNER,
        Kind.SKATER,
        Kind.COURIER,
        Kind.MUSICIAN,
        Kind.DRUMMER,
        Kind.CROWD,
        Kind.DIVER,
    }
)
TRAVELLING = frozenset({Action.WALK, Action.RUN, Action.SKATE, Action.DRIVE, Action.WADE, Action.SAIL})
SIDEWAYS = {"left": 1.0, "right": 1.0}


@cache
def defaults() -> dict[str, Any]:
    """The table of defaults."""
    text = (files("vitascope.filmset.prompt") / "concepts" / "defaults.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def draw(seed: int, what: str, weights: Mapping[str, float], banned: Collection[str] = ()) -> str:
    """One of the weighted names, by the seed; every `what` is drawn apart from the others."""
    allowed = {name: weight for name, weight in weights.items() if name not in banned} or dict(weights)
    digest = hashlib.sha256(f"{seed}/{what}".encode()).digest()
    point = int.from_bytes(digest[:8], "big") / 2**64 * sum(allowed.values())
    for name, weight in allowed.items():
        point -= weight
        if point < 0:
            return name
    return name


def share(seed: int, what: str) -> float:
    """A number in 0..1 by the seed."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{what}".encode()).digest()[:8], "big") / 2**64


def setting(seed: int, hints: Collection[str], banned: Collection[str]) -> Setting:
    """A place for what else the prompt names (kinds, glows, sounds, weathers), or any place."""
    for hint in hints:
        weights = defaults()["stages"].get(hint) or defaults()["leanings"].get(hint)
        if weights:
            return Setting(draw(seed, "setting", weights, banned))
    return Setting(draw(seed, "setting", {place.value: 1.0 for place in Setting}, banned))


def variant(seed: int, place: Setting, air: Weather) -> Variant | None:
    """Which kind of a setting it is; a stage in rain or snow stands in the open, where they are seen."""
    if place is Setting.STAGE and air is not Weather.CLEAR:
        return Variant.OPEN_AIR
    weights = defaults()["variants"].get(place.value)
    return Variant(draw(seed, "variant", weights)) if weights else None


def time(seed: int, place: Setting, banned: Collection[str]) -> Time:
    """A time of day that suits a place."""
    return Time(draw(seed, "time", defaults()["places"][place.value]["time"], banned))


def weather(seed: int, place: Setting, banned: Collection[str]) -> Weather:
    """A weather that suits a place."""
    return Weather(draw(seed, "weather", defaults()["places"][place.value]["weather"], banned))


def subjects(seed: int, place: Setting, banned: AbstractSet[str]) -> tuple[Subject, ...]:
    """Somebody for a place, or nobody."""
    weights = defaults()["places"][place.value]["subject"]
    unwanted = [entry for entry in weights if not banned.isdisjoint(entry.split())]
    if len(unwanted) == len(weights):
        return ()
    entry = draw(seed, "subject", weights, unwanted)
    if entry == "nobody":
        return ()
    kind, action, count = entry.split()
    return (Subject(Kind(kind), Action(action), int(count)),)


def camera(seed: int, cast: tuple[Subject, ...], what: str = "camera", banned: Collection[str] = ()) -> Camera:
    """A move that suits who is in the picture."""
    if cast and cast[0].action in TRAVELLING:
        weights = defaults()["camera"]["traveller"]
    elif cast and cast[0].kind in PEOPLE:
        weights = defaults()["camera"]["performer"]
    else:
        weights = defaults()["camera"]["place"]
    move = Move(draw(seed, what, weights, banned))
    return Camera(move, direction(seed, move, cast, what))


def direction(seed: int, move: Move, cast: tuple[Subject, ...], what: str) -> Direction | None:
    """Where a move goes if nobody says: with the subject, or by the seed."""
    if move is Move.TRACKING and cast and cast[0].direction in (Direction.LEFT, Direction.RIGHT):
        return cast[0].direction
    if move in (Move.PAN, Move.ORBIT, Move.TRACKING):
        return Direction(draw(seed, what + " direction", SIDEWAYS))
    if move is Move.TILT:
        return Direction(draw(seed, what + " direction", {"up": 3.0, "down": 1.0}))
    return None
