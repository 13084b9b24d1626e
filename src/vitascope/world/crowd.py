"""People in a crowd: each has a manner of his own (claps, waves, pumps a fist, films, chats), a rhythm and a moment.

Nobody does one thing all the time: excitement comes and goes, and in between everybody stands at ease.
"""

from __future__ import annotations

from math import cos, pi, sin

from vitascope.world.cast import Actor
from vitascope.world.dice import dice, ease, wander
from vitascope.world.skeleton import Body, Vector, unit

LIVELY = ("clap high", "clap", "wave", "arms up", "pump", "sway", "jump")
CALM = ("ease", "hips", "folded", "chat", "point", "clap")
Arm = tuple[Vector, Vector]


def manner(actor: Actor) -> str:
    """What somebody in a crowd tends to do."""
    if actor.prop == "phone":
        return "phone"
    rng = dice(actor.seed, "manner")
    return str(rng.choice(LIVELY if rng.random() < actor.lively else CALM))


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
    beat, own = phase(actor, t), k == actor.seed // 3 % 2
    swing, tilt, drift = sin(beat), 0.1 * cos(beat), float(wander(actor.seed + k, t * 0.7))
    rest, aside = _at_ease(actor, frame, k, side, t), swing * side
    shapes: dict[str, Arm] = {
        "clap high": (frame.local(0.34 + 0.1 * swing, 1.0, 0.2, side), frame.local(-0.2 + 0.3 * swing, 1.0, 0.2, side)),
        "clap": (frame.local(0.3, -0.7, 0.45, side), frame.local(-0.42 + 0.24 * swing, 0.35, 0.9, side)),
        "arms up": (frame.local(0.45 + 0.1 * swing, 1.0, 0.1, side), frame.local(0.22 - 0.1 * swing, 1.0, 0.15, side)),
        "sway": (
            frame.local(0.2 + 0.35 * aside, 1.0, 0.1, side),
            frame.local(0.4 * aside, 1.0, 0.1, side),
        ),
        "jump": (frame.local(0.5, 0.5 + 0.4 * swing, 0.3, side), frame.local(0.25, 1.0, 0.3, side)),
        "hips": (frame.local(0.85, -0.8, -0.1, side), frame.local(-0.9, -0.5, 0.25, side)),
        "folded": (frame.local(0.3, -0.85, 0.3, side), frame.local(-1.0, 0.1 + 0.08 * drift, 0.55, side)),
    }
    one: dict[str, Arm] = {
        "wave": (frame.local(0.55, 0.85, 0.15, side), frame.local(0.15 + 0.55 * sin(1.3 * beat), 1.0, 0.15, side)),
        "pump": (frame.local(0.3, 0.75 + 0.25 * swing, 0.4, side), frame.local(0.05, 1.0, 0.3 - 0.3 * swing, side)),
        "phone": (
            frame.local(0.25 + 0.1 * swing, 0.55, 0.8, side),
            frame.local(-0.05, 1.0, 0.25 + tilt, side),
        ),
        "point": (frame.local(0.5, 0.1 + 0.2 * drift, 0.85, side), frame.local(0.3, 0.25 + 0.2 * drift, 0.9, side)),
        "chat": (frame.local(0.25, -0.9, 0.2, side), frame.local(0.3 + 0.3 * drift, 0.1 + 0.5 * drift, 0.9, side)),
    }
    name = manner(actor)
    return shapes[name] if name in shapes else (one[name] if own and name in one else rest)


def sway(actor: Actor, t: float) -> tuple[float, float]:
    """How far somebody shifts aside and sinks with the beat, in statures."""
    keen = 0.35 + 0.65 * actor.lively * excitement(actor, t)
    beat = phase(actor, t)
    return 0.032 * keen * sin(0.5 * beat + actor.seed % 5), 0.012 * keen * (1 - cos(beat))
