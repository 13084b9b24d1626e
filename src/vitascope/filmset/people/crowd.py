"""People in a crowd: each has a manner of his own (claps, waves, pumps a fist, films, chats), a rhythm and a moment.

Nobody does one thing all the time: excitement comes and goes, and in between everybody stands at ease.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin

from vitascope.filmset.canvas.random_streams import ease, random_stream, wander
from vitascope.filmset.people.skeleton import Body, Vector, unit
from vitascope.filmset.stage.cast import Actor

LIVELY = ("clap high", "clap", "wave", "arms up", "pump", "sway", "jump")
CALM = ("ease", "hips", "folded", "chat", "point", "clap")
Arm = tuple[Vector, Vector]


def manner(actor: Actor) -> str:
    """What somebody in a crowd tends to do."""
    return "phone" if actor.prop == "phone" else _drawn_manner(actor.seed, actor.lively)


@lru_cache(maxsize=4096)
def _drawn_manner(seed: int, lively: float) -> str:
    rng = random_stream(seed, "manner")
    return str(rng.choice(LIVELY if rng.random() < lively else CALM))


def excitement(actor: Actor, t: float) -> float:
    """How much of his manner somebody shows now, 0..1; it comes and goes."""
    return float(ease(0.55 + 0.5 * actor.lively + 0.75 * float(wander(actor.seed % 99991, t * 0.42))))


def phase(actor: Actor, t: float) -> float:
    """Where somebody is in his own rhythm, rad: on the beat, more or less, some at half speed."""
    slow = 2 if actor.seed % 3 else 1
    return 2 * pi * (t / (slow * actor.beat) + (actor.seed % 23) / 23 * 0.3)


def hop(actor: Actor, t: float) -> tuple[float, float]:
    """(height of the feet in m, crouch 0..1) of somebody who hops on the beat when he is carried away."""
    if actor.lively < 0.8 or manner(actor) not in ("jump", "pump", "arms up"):
        return 0.0, 0.0
    share = (t / actor.beat + (actor.seed % 23) / 23 * 0.25) % 1.0
    high = (0.17 if manner(actor) == "jump" else 0.06) * max(0.0, excitement(actor, t) - 0.25)
    u = (share - 0.35) / 0.65
    return (4 * high * u * (1 - u), 0.0) if u > 0 else (0.0, 2.2 * high * sin(pi * share / 0.35))


def gesture(actor: Actor, frame: Body, k: int, side: float, t: float) -> Arm:
    """Directions of an arm: somewhere between at ease and what his manner is. k: 0 left, 1 right."""
    ease_arm, lively_arm = _at_ease(actor, frame, k, side, t), _manner_arm(actor, frame, k, side, t)
    share = excitement(actor, t) if manner(actor) != "phone" else 1.0
    upper = unit(ease_arm[0] * (1 - share) + lively_arm[0] * share + frame.ahead * 0.25 * share * (1 - share))
    return upper, unit(ease_arm[1] * (1 - share) + lively_arm[1] * share + frame.ahead * 0.6 * share * (1 - share))


def _at_ease(actor: Actor, frame: Body, k: int, side: float, t: float) -> Arm:
    rest = 0.05 * float(wander(actor.seed + 5 + k, t * 0.5))
    return frame.local(0.18 + rest, -1.0, 0.04, side), frame.local(0.02, -1.0, 0.2 + rest, side)


def _manner_arm(actor: Actor, frame: Body, k: int, side: float, t: float) -> Arm:
    name = manner(actor)
    if name in ONE_ARMED and k != actor.seed // 3 % 2:
        return _at_ease(actor, frame, k, side, t)
    beat = phase(actor, t)
    swing, tilt, drift = sin(beat), 0.1 * cos(beat), float(wander(actor.seed + k, t * 0.7))
    upper, fore = SHAPES[name](swing, swing * side, tilt, drift)
    return frame.local(*upper, side), frame.local(*fore, side)


ONE_ARMED = frozenset({"wave", "pump", "phone", "point", "chat"})
Way = tuple[float, float, float]
"""A direction from the body: out on its side, up, ahead."""
SHAPES: dict[str, Callable[[float, float, float, float], tuple[Way, Way]]] = {
    "clap high": lambda s, a, c, d: ((0.34 + 0.1 * s, 1.0, 0.2), (-0.2 + 0.3 * s, 1.0, 0.2)),
    "clap": lambda s, a, c, d: ((0.3, -0.7, 0.45), (-0.42 + 0.24 * s, 0.35, 0.9)),
    "arms up": lambda s, a, c, d: ((0.45 + 0.1 * s, 1.0, 0.1), (0.22 - 0.1 * s, 1.0, 0.15)),
    "sway": lambda s, a, c, d: ((0.2 + 0.35 * a, 1.0, 0.1), (0.4 * a, 1.0, 0.1)),
    "jump": lambda s, a, c, d: ((0.5, 0.5 + 0.4 * s, 0.3), (0.25, 1.0, 0.3)),
    "hips": lambda s, a, c, d: ((0.85, -0.8, -0.1), (-0.9, -0.5, 0.25)),
    "folded": lambda s, a, c, d: ((0.3, -0.85, 0.3), (-1.0, 0.1 + 0.08 * d, 0.55)),
    "wave": lambda s, a, c, d: ((0.55, 0.85, 0.15), (0.15 + 0.55 * s, 1.0, 0.15)),
    "pump": lambda s, a, c, d: ((0.3, 0.75 + 0.25 * s, 0.4), (0.05, 1.0, 0.3 - 0.3 * s)),
    "phone": lambda s, a, c, d: ((0.25 + 0.1 * s, 0.55, 0.8), (-0.05, 1.0, 0.25 + c)),
    "point": lambda s, a, c, d: ((0.5, 0.1 + 0.2 * d, 0.85), (0.3, 0.25 + 0.2 * d, 0.9)),
    "chat": lambda s, a, c, d: ((0.25, -0.9, 0.2), (0.3 + 0.3 * d, 0.1 + 0.5 * d, 0.9)),
    "ease": lambda s, a, c, d: ((0.2, -1.0, 0.04), (0.02, -1.0, 0.22)),
}
"""Upper and lower arm of each manner, by the swing of the rhythm, the same to one side, its quarter, a slow drift."""


def sway(actor: Actor, t: float) -> tuple[float, float]:
    """How far somebody shifts aside and sinks with the beat, in statures."""
    keen = 0.35 + 0.65 * actor.lively * excitement(actor, t)
    beat = phase(actor, t)
    return 0.032 * keen * sin(0.5 * beat + actor.seed % 5), 0.012 * keen * (1 - cos(beat))
