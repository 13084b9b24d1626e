"""Bodies in space: where every joint of a figure is at a time, in world metres.

Feet come from the schedule of steps, the hips from the feet, the rest from what the figure does. Legs and reaching
arms are solved as chains of two bones. Turning is turning in space: the skeleton is turned about its vertical axis
and only then seen by the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt
from typing import Any

import numpy as np

from vitascope.scene.scene import Action, Kind
from vitascope.world.cast import Actor
from vitascope.world.dice import Floats, wander
from vitascope.world.play import bow, jump, stick
from vitascope.world.steps import FootNow

THIGH, SHIN, ANKLE = 0.245, 0.245, 0.045
TORSO, NECK, HEAD = 0.288, 0.06, 0.068
UPPER, FORE, HAND = 0.165, 0.15, 0.09
HIPS, SHOULDERS = 0.055, 0.112
Vector = Floats
UP = np.array([0.0, 1.0, 0.0])


@dataclass(slots=True)
class Pose:
    """Joints in metres. Pairs are (left, right). `face` is where the face looks, `chest_way` where the chest faces."""

    scale: float
    pelvis: Vector
    chest: Vector
    head: Vector
    hips: list[Vector]
    knees: list[Vector]
    ankles: list[Vector]
    balls: list[Vector]
    toes: list[Vector]
    heels: list[Vector]
    shoulders: list[Vector]
    elbows: list[Vector]
    wrists: list[Vector]
    hands: list[Vector]
    face: Vector
    chest_way: Vector
    spin: float = 0.0
    speed: float = 0.0
    grounded: tuple[bool, bool] = (True, True)


@dataclass(slots=True)
class Body:
    """The frame of a body: ahead and left unit vectors, stature in metres."""

    ahead: Vector
    left: Vector
    scale: float

    def local(self, out: float, up: float, ahead: float, side: float) -> Vector:
        """A direction given as (out from the body on a side, up, ahead), not normalised."""
        return self.left * (side * out) + UP * up + self.ahead * ahead


def body(yaw: float, scale: float) -> Body:
    """The frame of a body that faces `yaw` (0 = to the right, pi/2 = away)."""
    return Body(np.array([cos(yaw), 0.0, sin(yaw)]), np.array([-sin(yaw), 0.0, cos(yaw)]), scale)


def unit(v: Vector) -> Vector:
    """The same direction, of length 1."""
    return v / max(float(np.sqrt(v @ v)), 1e-9)


def bend(a: Vector, c: Vector, first: float, second: float, pole: Vector) -> tuple[Vector, Vector]:
    """Two bones from a towards c that bend towards `pole`: (middle joint, end joint; the end is c if it can be reached)."""
    d = c - a
    reach = float(np.sqrt(d @ d))
    far = min(max(reach, abs(first - second) + 1e-4), (first + second) * 0.9995)
    way = d / max(reach, 1e-9)
    along = (first * first - second * second + far * far) / (2 * far)
    off = sqrt(max(first * first - along * along, 0.0))
    side = pole - way * float(pole @ way)
    return a + way * along + unit(side) * off, a + way * far


def pose(actor: Actor, t: float, seconds: float) -> Pose:
    """A figure at a time."""
    if actor.kind is Kind.DIVER:
        return _swimming(actor, t)
    scale = actor.stature
    yaw = _yaw(actor, t)
    frame = body(yaw, scale)
    x, z = actor.where(t)
    assert actor.feet is not None
    feet = [foot.at(t) for foot in actor.feet]
    lift, crouch = jump(actor, t) if actor.action in (Action.JUMP, Action.BOUNCE) else (0.0, 0.0)
    if actor.action is Action.SKATE:
        feet = _rolling(actor, frame, x, z, t)
    if actor.piece:
        x, z, feet = _dancing(actor, frame, feet, t)
    balls, ankles, toes, heels = _soles(feet, scale, lift, yaw if actor.piece else None)
    pelvis = _pelvis(actor, frame, x, z, ankles, feet, t, lift, crouch)
    swing = float((balls[0] - balls[1]) @ frame.ahead) / (0.42 * scale)
    return _upper(actor, frame, pelvis, (balls, ankles, toes, heels), feet, swing, crouch, t, seconds)


def _yaw(actor: Actor, t: float) -> float:
    yaw = actor.way.heading
    if actor.piece:
        return yaw + actor.piece.turn(t)
    if actor.action is Action.SKATE:
        return yaw + 0.16 * sin(2 * pi * t / 1.5)
    if actor.way.speed == 0:
        return yaw + 0.32 * ((actor.seed % 17) / 8.5 - 1) + 0.06 * float(wander(actor.seed, t * 0.35))
    return yaw


def _rolling(actor: Actor, frame: Body, x: float, z: float, t: float) -> list[FootNow]:
    """A skater's feet: one glides under the body while the other pushes out and back, in turn."""
    found = []
    for side in (1.0, -1.0):
        push = max(0.0, sin(2 * pi * t / 1.5 + (0 if side > 0 else pi)))
        back = push**1.4
        place = np.array([x, 0.0, z]) + frame.left * side * (0.1 + 0.3 * back) - frame.ahead * (0.42 * back - 0.06)
        up = 0.05 * max(0.0, sin(2 * pi * t / 1.5 + (0 if side > 0 else pi) - 1.2)) * (1 if push > 0 else 0)
        found.append(FootNow(place[0], up, place[2], 0.0, 0.25 * back, push < 0.2))
    return found


def _dancing(actor: Actor, frame: Body, feet: list[FootNow], t: float) -> tuple[float, float, list[FootNow]]:
    """In a turn the free foot leaves its way and is drawn to the knee; the weight is over the supporting foot."""
    assert actor.piece is not None
    figure, u = actor.piece.figure(t)
    shape = sin(pi * min(max((u - 0.12) / 0.8, 0.0), 1.0)) ** 0.7
    now = list(feet)
    support, free = 1 - figure.free, figure.free
    side = 1.0 if free == 0 else -1.0
    there = np.array([feet[support].x, 0.0, feet[support].z])
    if not feet[free].planted or figure.turns:
        drawn = there + frame.left * side * 0.07 + frame.ahead * (0.10 if figure.turns else 0.34) * shape
        if not figure.turns and figure.lift > 0.5:
            drawn = there - frame.ahead * 0.75 * shape + frame.left * side * 0.1
        share = shape if not feet[free].planted else 0.0
        now[free] = FootNow(
            feet[free].x + (drawn[0] - feet[free].x) * share,
            feet[free].y + figure.lift * actor.stature * shape * share * (0.9 if figure.turns else 1.0),
            feet[free].z + (drawn[2] - feet[free].z) * share,
            0.0, 1.0 * share, feet[free].planted,
        )  # fmt: skip
    if figure.turns:
        raised = 0.55 * shape
        now[support] = FootNow(feet[support].x, 0.0, feet[support].z, 0.0, raised, True)
    weight = 0.5 + 0.5 * shape if not now[free].planted else 0.5
    x = now[support].x * weight + feet[free].x * (1 - weight)
    z = now[support].z * weight + feet[free].z * (1 - weight)
    return x, z, now


def _soles(feet: list[FootNow], scale: float, lift: float, turned: float | None) -> tuple[list[Vector], ...]:
    balls, ankles, toes, heels = [], [], [], []
    for side, foot in zip((1.0, -1.0), feet, strict=True):
        yaw = foot.yaw if turned is None and foot.yaw else (turned if turned is not None else foot.yaw) + 0.3 * side
        ahead = np.array([cos(yaw), 0.0, sin(yaw)])
        ball = np.array([foot.x, foot.y + lift + 0.012 * scale, foot.z])
        c, s = cos(foot.pitch), sin(foot.pitch)
        back, up = 0.078 * scale, ANKLE * scale
        balls.append(ball)
        ankles.append(ball + ahead * (-back * c + up * s) + UP * (back * s + up * c))
        heels.append(ball + ahead * (-0.105 * scale * c) + UP * (0.105 * scale * s))
        tip = min(foot.pitch, 0.0) if foot.planted else foot.pitch
        toes.append(ball + ahead * (0.04 * scale * cos(tip)) - UP * (0.04 * scale * sin(tip)))
    return balls, ankles, toes, heels


def _pelvis(
    actor: Actor, frame: Body, x: float, z: float, ankles: list[Vector], feet: list[FootNow], t: float, lift: float, crouch: float
) -> Vector:  # fmt: skip
    """As high as the standing legs allow; towards the foot that bears the weight."""
    scale = frame.scale
    middle = np.array([x, 0.0, z])
    bearing = [ankle for ankle, foot in zip(ankles, feet, strict=True) if foot.planted]
    if len(bearing) == 1 and not actor.piece:
        middle = middle + frame.left * float((bearing[0] - middle) @ frame.left) * 0.25
    if actor.way.speed == 0 and not actor.piece:
        middle = middle + frame.left * 0.018 * float(wander(actor.seed + 1, t * 0.4))
    leg = (THIGH + SHIN) * scale * 0.992
    height = (THIGH + SHIN + ANKLE) * scale * (0.985 if actor.action is not Action.RUN else 0.95)
    if actor.action is Action.SKATE:
        height *= 0.92
    for ankle, foot in zip(ankles, feet, strict=True):
        away = hypot(ankle[0] - middle[0], ankle[2] - middle[2])
        if foot.planted:
            height = min(height, ankle[1] - lift + sqrt(max(leg * leg - away * away, (0.55 * leg) ** 2)))
    if actor.action is Action.RUN:
        airborne = not (feet[0].planted or feet[1].planted)
        height += 0.02 * scale if airborne else 0.0
    middle[1] = height + lift - 0.17 * scale * crouch
    if actor.action is Action.PLAY or (actor.kind is Kind.CROWD and actor.way.speed == 0):
        middle[1] -= 0.011 * scale * (1 - cos(2 * pi * (t + 0.13 * (actor.seed % 5)) / actor.beat))
        middle = middle + frame.left * 0.03 * scale * sin(pi * t / actor.beat + actor.seed % 3)
    if actor.piece:
        middle[1] -= 0.012 * scale * (1 - cos(4 * pi * t / actor.piece.beat / 2))
    return middle


def _upper(
    actor: Actor, frame: Body, pelvis: Vector, soles: tuple[list[Vector], ...], feet: list[FootNow],
    swing: float, crouch: float, t: float, seconds: float,
) -> Pose:  # fmt: skip
    scale = frame.scale
    balls, ankles, toes, heels = soles
    twist = 0.16 * swing if actor.way.speed else 0.0
    hip_left, chest_left = _twisted(frame, -twist), _twisted(frame, twist)
    hips = [pelvis + hip_left * (side * HIPS * scale) for side in (1.0, -1.0)]
    lean = {Action.RUN: 0.2, Action.SKATE: 0.3, Action.WALK: 0.05, Action.WADE: 0.09}.get(
        actor.action, 0.0
    ) + 0.35 * crouch
    side_lean = 0.0
    if actor.piece:
        side_lean = 0.14 * sin(pi * t / actor.piece.beat + 0.6)
        lean = 0.06 * sin(pi * t / actor.piece.beat * 0.5)
    if actor.action is Action.PLAY:
        drums = actor.kind is Kind.DRUMMER
        side_lean = (0.07 if drums else 0.13) * sin(pi * t / actor.beat * (1.0 if drums else 0.5))
        lean = 0.06 + (0.05 if drums else 0.03) * sin(2 * pi * t / actor.beat)
    if actor.action is Action.SKATE:
        side_lean = -0.16 * sin(2 * pi * t / 1.5)
    breath = 0.004 * scale * sin(2 * pi * t / 3.3 + actor.seed % 7)
    spine = unit(UP + frame.ahead * lean + frame.left * side_lean)
    chest = pelvis + spine * (TORSO * scale) + UP * breath
    look = _look(actor, frame, t)
    head = chest + unit(spine + 0.6 * UP + 0.25 * look) * ((NECK + HEAD) * scale)
    shoulders = [chest - spine * 0.02 * scale + chest_left * (side * SHOULDERS * scale) for side in (1.0, -1.0)]
    knees = []
    for k, side in enumerate((1.0, -1.0)):
        toe_way = unit(toes[k] - heels[k])
        knee, ankles[k] = bend(
            hips[k], ankles[k], THIGH * scale, SHIN * scale, frame.ahead + 0.4 * toe_way + frame.left * side * 0.15
        )
        knees.append(knee)
    made = Pose(
        scale, pelvis, chest, head, hips, knees, ankles, balls, toes, heels, shoulders, [], [], [], look,
        _ahead_of(chest_left),
        actor.piece.spin_rate(t) if actor.piece else 0.0, actor.way.speed, (feet[0].planted, feet[1].planted),
    )  # fmt: skip
    arms(actor, frame, made, swing, t, seconds)
    return made


def _twisted(frame: Body, twist: float) -> Vector:
    return frame.left * cos(twist) - frame.ahead * sin(twist)


def _ahead_of(left: Vector) -> Vector:
    return np.array([left[2], 0.0, -left[0]])


def _look(actor: Actor, frame: Body, t: float) -> Vector:
    """Where the face looks: about ahead; a dancer's face stays with the viewer as long as it can, then whips round."""
    yaw_off = 0.35 * float(wander(actor.seed + 2, t * 0.45))
    if actor.piece:
        yaw_off = 0.3 * sin(pi * t / actor.piece.beat * 0.5)
    look = frame.ahead * cos(yaw_off) + frame.left * sin(yaw_off)
    return unit(look + np.array([0.0, 0.0, -0.45 * (1 - abs(float(frame.ahead[2])))]))


def arms(actor: Actor, frame: Body, made: Pose, swing: float, t: float, seconds: float) -> None:
    """Put the arms where what the figure does needs them."""
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
        made.elbows.append(elbow)
        made.wrists.append(wrist)
        made.hands.append(wrist + hand * (HAND * scale))


def _free_arm(actor: Actor, frame: Body, k: int, side: float, swing: float, t: float) -> tuple[Vector, Vector]:
    """Directions of an arm that holds nothing."""
    if actor.piece:
        upper, fore = actor.piece.arms(t, 0.0)[6 * k : 6 * k + 3], actor.piece.arms(t, 0.09)[6 * k + 3 : 6 * k + 6]
        return unit(frame.local(*upper, side)), unit(frame.local(*fore, side))
    if actor.action in (Action.JUMP, Action.BOUNCE):
        _, crouch = jump(actor, t)
        up = 1.0 - 2.2 * crouch
        return unit(frame.local(0.7, up, 0.25, side)), unit(frame.local(0.35, up + 0.4, 0.3, side))
    if actor.kind is Kind.CROWD and actor.way.speed == 0:
        return _cheering(actor, frame, k, side, t)
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


def _cheering(actor: Actor, frame: Body, k: int, side: float, t: float) -> tuple[Vector, Vector]:
    """People who watch: some clap overhead on the beat, some wave, some stand."""
    mood = (actor.seed // 7) % 4
    phase = sin(2 * pi * t / (2 * actor.beat) + (actor.seed % 5) * 0.3)
    if mood == 0 or (mood == 1 and k == actor.seed % 2):
        return unit(frame.local(0.35 + 0.12 * phase, 1.0, 0.2, side)), unit(
            frame.local(-0.15 + 0.3 * phase, 1.0, 0.2, side)
        )
    if mood == 2:
        return unit(frame.local(0.25, -0.75, 0.4, side)), unit(frame.local(-0.45 + 0.2 * phase, 0.4, 0.9, side))
    return unit(frame.local(0.16, -1.0, 0.05, side)), unit(frame.local(0.0, -1.0, 0.15, side))


def _target(actor: Actor, frame: Body, made: Pose, k: int, t: float, seconds: float) -> Vector | None:
    """Where a hand must be (its wrist), or None if the arm is free. k: 0 left, 1 right."""
    scale = frame.scale
    if actor.kind is Kind.DRUMMER or actor.prop in ("drum", "drums"):
        return (
            drum_place(frame, made, k)
            + UP * (0.075 * scale + 0.24 * scale * stick(actor, k, t, seconds))
            - frame.ahead * 0.05 * scale
        )
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
    side = 1.0 if k == 0 else -1.0
    return (
        made.pelvis
        + UP * 0.05 * frame.scale
        + frame.ahead * 0.27 * frame.scale
        + frame.left * side * 0.07 * frame.scale
    )


def violin(frame: Body, made: Pose) -> tuple[Vector, Vector, Vector]:
    """A violin under the chin: (its chin end, scroll end, the point on the strings where the bow plays)."""
    scale = frame.scale
    chin = made.chest + UP * 0.03 * scale + frame.left * 0.05 * scale + frame.ahead * 0.06 * scale
    way = unit(frame.left * 0.72 + frame.ahead * 0.62 - UP * 0.1)
    return chin, chin + way * 0.34 * scale, chin + way * 0.15 * scale + UP * 0.02 * scale


def bow_way(frame: Body) -> Vector:
    """Direction of a bow from the string towards the right hand."""
    return unit(-frame.left * 0.62 + frame.ahead * 0.72 - UP * 0.12)


def violin_hand(actor: Actor, frame: Body, made: Pose, k: int, t: float, seconds: float) -> Vector:
    """Left hand: at the neck. Right hand: at the frog of the bow, wherever the stroke has brought it."""
    scale = frame.scale
    if actor.prop in ("guitar", "lute", "banjo", "strings", "glass", "harp"):
        if k == 0:
            return made.chest + frame.local(0.30, -0.05, 0.16, 1.0) * scale
        return made.pelvis + frame.local(0.06, 0.1 + 0.02 * sin(2 * pi * t / actor.beat * 2), 0.16, -1.0) * scale
    chin, scroll, string = violin(frame, made)
    if k == 0:
        return chin + (scroll - chin) * (0.86 + 0.02 * sin(9 * t)) - UP * 0.035 * scale
    return string + bow_way(frame) * (0.10 + 0.12 * (1 + bow(actor, t, seconds))) * scale


def _swimming(actor: Actor, t: float) -> Pose:
    """A diver: stretched along the way, legs in a slow flutter, arms that pull and glide."""
    scale = actor.stature
    heading = actor.way.heading if actor.way.speed else (0.0 if actor.seed % 2 else pi)
    frame = body(heading, scale)
    x, z = actor.where(t)
    bob = 0.10 * sin(2 * pi * t / 4.1 + actor.seed % 5)
    pelvis = np.array([x, actor.altitude + bob, z])
    tilt = 0.22 + 0.1 * sin(2 * pi * t / 5.3)
    along = unit(frame.ahead * cos(tilt) + UP * sin(tilt))
    over = unit(UP * cos(tilt) - frame.ahead * sin(tilt))
    chest = pelvis + along * TORSO * scale
    head = chest + unit(along + 0.35 * over) * (NECK + HEAD) * scale
    hips = [pelvis + frame.left * side * HIPS * scale for side in (1.0, -1.0)]
    knees, ankles, toes = [], [], []
    for k in (0, 1):
        kick = sin(2 * pi * t / 1.25 + pi * k)
        thigh = unit(-along + over * (0.22 * kick))
        shin = unit(-along + over * (0.28 * sin(2 * pi * t / 1.25 + pi * k - 0.9) - 0.12))
        knees.append(hips[k] + thigh * THIGH * scale)
        ankles.append(knees[k] + shin * SHIN * scale)
        fin = unit(-along + over * 0.5 * sin(2 * pi * t / 1.25 + pi * k - 1.7))
        toes.append(ankles[k] + fin * 0.2 * scale)
    shoulders = [chest + frame.left * side * SHOULDERS * scale for side in (1.0, -1.0)]
    stroke = 0.5 - 0.5 * cos(2 * pi * t / 3.6)
    elbows, wrists, hands = [], [], []
    for k, side in enumerate((1.0, -1.0)):
        upper = unit(along * (0.9 - 1.5 * stroke) + frame.left * side * (0.25 + 0.8 * sin(pi * stroke)) - over * 0.25)
        fore = unit(along * (1.0 - 1.5 * stroke) + frame.left * side * 0.25 - over * (0.3 - 0.1 * stroke))
        elbows.append(shoulders[k] + upper * UPPER * scale)
        wrists.append(elbows[k] + fore * FORE * scale)
        hands.append(wrists[k] + fore * HAND * scale)
    return Pose(
        scale, pelvis, chest, head, hips, knees, ankles, [a.copy() for a in ankles], toes, [a.copy() for a in ankles],
        shoulders, elbows, wrists, hands, along, -over, 0.0, 0.5, (False, False),
    )  # fmt: skip


def joints(made: Pose) -> list[Any]:
    """All joints, for boxes and masks."""
    return [
        made.pelvis, made.chest, made.head + UP * HEAD * made.scale, *made.knees, *made.ankles, *made.toes, *made.heels,
        *made.elbows, *made.hands,
    ]  # fmt: skip
