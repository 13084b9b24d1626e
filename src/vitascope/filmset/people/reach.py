"""Arms and hands: swinging, dancing, cheering, or reaching for what is held and played."""

from __future__ import annotations

from math import cos, pi, sin

from vitascope.filmset.canvas.random_streams import wander
from vitascope.filmset.people.crowd import gesture
from vitascope.filmset.people.skeleton import FORE, HAND, UP, UPPER, Body, Pose, Vector, bend, unit
from vitascope.filmset.scene.scene import Action, Kind
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import WINDS, bow, breath, jump_arms, stick


def arms(actor: Actor, frame: Body, made: Pose, swing: float, t: float, seconds: float) -> None:
    """Put the arms where what the figure does needs them."""
    holds = []
    for k, side in enumerate((1.0, -1.0)):
        target = _target(actor, frame, made, k, t, seconds)
        shoulder, scale = made.shoulders[k], frame.scale
        if target is not None:
            pole = frame.local(0.7, -1.0, -0.2, side)
            elbow, wrist = bend(shoulder, target, UPPER * scale, FORE * scale, pole)
            hand = unit(wrist - elbow)
        else:
            upper, fore = _free_arm(actor, frame, k, side, swing, t)
            elbow = shoulder + upper * (UPPER * scale)
            wrist = elbow + fore * (FORE * scale)
            hand = fore
        holds.append(target is not None)
        made.elbows.append(elbow)
        made.wrists.append(wrist)
        made.hands.append(wrist + hand * (HAND * scale))
    made.grips = (holds[0], holds[1])


def _free_arm(actor: Actor, frame: Body, k: int, side: float, swing: float, t: float) -> tuple[Vector, Vector]:
    """Directions of an arm that holds nothing."""
    if actor.piece:
        a, b, c = actor.piece.arms(t, 0.0)[6 * k : 6 * k + 3].tolist()
        d, e, f = actor.piece.arms(t, 0.09)[6 * k + 3 : 6 * k + 6].tolist()
        return unit(frame.local(a, b, c, side)), unit(frame.local(d, e, f, side))
    if actor.action in (Action.JUMP, Action.BOUNCE):
        angle = -1.35 + 2.5 * jump_arms(actor, t)
        upper = frame.local(0.4, sin(angle), 0.9 * cos(angle), side)
        return unit(upper), unit(frame.local(0.2, sin(angle + 0.3), 0.9 * cos(angle + 0.3), side))
    if actor.kind is Kind.CROWD and actor.way.speed == 0:
        return gesture(actor, frame, k, side, t)
    forward = -swing * side
    if actor.action is Action.RUN:
        angle = 0.95 * forward - 0.1
        return unit(frame.local(0.22, -cos(angle), sin(angle), side)), unit(
            frame.local(-0.12, 0.35 + 0.25 * forward, 1.0, side)
        )
    if actor.action is Action.SKATE:
        angle = 1.1 * sin(2 * pi * t / 1.5 + (pi if side > 0 else 0))
        return unit(frame.local(0.45, -cos(angle), sin(angle), side)), unit(
            frame.local(0.25, -cos(angle) * 0.6, sin(angle) + 0.35, side)
        )
    if actor.way.speed:
        angle = 0.5 * forward
        fore = angle + 0.28 + 0.25 * max(forward, 0.0)
        return unit(frame.local(0.14, -cos(angle), sin(angle), side)), unit(
            frame.local(0.02, -cos(fore), sin(fore), side)
        )
    rest = 0.04 * float(wander(actor.seed + 5 + k, t * 0.5))
    return unit(frame.local(0.2 + rest, -1.0, 0.02, side)), unit(frame.local(0.02, -1.0, 0.22 + rest, side))


def _target(actor: Actor, frame: Body, made: Pose, k: int, t: float, seconds: float) -> Vector | None:
    """Where a hand must be (its wrist), or None if the arm is free. k: 0 left, 1 right."""
    scale = frame.scale
    if actor.kind is Kind.DRUMMER or actor.prop in ("drum", "drums"):
        lift = 0.13 + 0.22 * stick(actor, k, t, seconds)
        return drum_place(frame, made, k) + frame.local(0.11, lift, -0.07, 1.0 if k == 0 else -1.0) * scale
    if actor.kind is Kind.MUSICIAN:
        return violin_hand(actor, frame, made, k, t, seconds)
    if actor.prop in ("umbrella", "lantern", "torch", "staff", "flag") and k == 1:
        high = {"umbrella": 0.02, "lantern": -0.06, "staff": -0.1}.get(actor.prop, 0.05)
        return made.chest + frame.local(0.16, high, 0.2, -1.0) * scale
    if (actor.kind is Kind.COURIER and actor.action is not Action.RUN) or actor.prop in (
        "parcel",
        "box",
        "cassette",
        "book",
        "module",
    ):
        return made.chest + frame.local(0.055, -0.16, 0.2, 1.0 if k == 0 else -1.0) * scale
    return None


def drum_place(frame: Body, made: Pose, k: int) -> Vector:
    """Where a hand's stick meets the drum's skin."""
    return made.pelvis + frame.local(0.07, 0.05, 0.27, 1.0 if k == 0 else -1.0) * frame.scale


def violin(frame: Body, made: Pose) -> tuple[Vector, Vector, Vector]:
    """A violin under the chin: (its chin end, scroll end, the point on the strings where the bow plays)."""
    scale = frame.scale
    chin = made.chest + UP * 0.03 * scale + frame.left * 0.05 * scale + frame.ahead * 0.06 * scale
    way = unit(frame.left * 0.72 + frame.ahead * 0.62 - UP * 0.1)
    return chin, chin + way * 0.34 * scale, chin + way * 0.15 * scale + UP * 0.02 * scale


def bow_way(frame: Body) -> Vector:
    """Direction of a bow from the string towards the right hand."""
    return unit(-frame.left * 0.62 + frame.ahead * 0.72 - UP * 0.12)


def bellows(actor: Actor, t: float) -> float:
    """How far an accordion is drawn out, 0..1: it is drawn and pressed over four beats."""
    return 0.5 - 0.5 * cos(2 * pi * t / (4 * actor.beat) + actor.seed % 3)


def _wind_hand(actor: Actor, frame: Body, made: Pose, k: int, t: float, seconds: float) -> Vector:
    """At the keys, the valves or both ends of the bellows; whoever blows lifts the instrument a little."""
    side, raised = (1.0 if k == 0 else -1.0), 0.03 * breath(actor, t, seconds)
    if actor.prop == "flute":
        along = frame.left * (-0.11 if k == 0 else -0.22) + frame.ahead * 0.075 - UP * 0.045
        return made.head + along * frame.scale
    if actor.prop == "trumpet":
        place = frame.local(0.0, 0.045 + raised, 0.2 if k == 0 else 0.16, side)
    elif actor.prop == "accordion":
        drawn = bellows(actor, t)
        place = frame.local(0.1 + (0.13 if k == 0 else 0.03) * drawn, -0.15 + 0.04 * drawn, 0.12, side)
    else:
        place = frame.local(0.015, (-0.10 if k == 0 else -0.24) + raised, 0.17, side)
    return made.chest + place * frame.scale


def violin_hand(actor: Actor, frame: Body, made: Pose, k: int, t: float, seconds: float) -> Vector:
    """Left hand: at the neck. Right hand: at the frog of the bow, wherever the stroke has brought it."""
    scale = frame.scale
    if actor.prop == "harp":
        pluck = 0.03 * sin(2 * pi * t / actor.beat + 2.4 * k)
        place = frame.local(0.0, -0.1 + pluck, 0.22, 1.0) if k == 0 else frame.local(0.2, -0.12 - pluck, 0.14, -1.0)
        return made.chest + place * scale
    if actor.prop in ("guitar", "lute", "banjo", "strings", "glass"):
        if k == 0:
            return made.chest + frame.local(0.30, -0.05, 0.16, 1.0) * scale
        return made.pelvis + frame.local(0.06, 0.1 + 0.02 * sin(2 * pi * t / actor.beat * 2), 0.16, -1.0) * scale
    if actor.prop in WINDS:
        return _wind_hand(actor, frame, made, k, t, seconds)
    if actor.prop == "cello":
        if k == 0:
            return made.chest + frame.local(0.06, 0.0 + 0.03 * sin(1.3 * t), 0.14, 1.0) * scale
        drawn = 0.1 * (1 + bow(actor, t, seconds)) + 0.05
        return made.pelvis + frame.local(drawn, 0.01, 0.19, -1.0) * scale
    chin, scroll, string = violin(frame, made)
    if k == 0:
        return chin + (scroll - chin) * (0.86 + 0.02 * sin(9 * t)) - UP * 0.035 * scale
    return string + bow_way(frame) * (0.10 + 0.12 * (1 + bow(actor, t, seconds))) * scale
