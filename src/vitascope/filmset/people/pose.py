"""Bodies in space: where every joint of a figure is at a time, in world metres.

Feet come from the schedule of steps, the hips from the feet, the rest from what the figure does. Legs and reaching
arms are solved as chains of two bones. Turning is turning in space: the skeleton is turned about its vertical axis
and only then seen by the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt

import numpy as np

from vitascope.filmset.canvas.random_streams import wander
from vitascope.filmset.people.crowd import hop, sway
from vitascope.filmset.people.diver import swimming
from vitascope.filmset.people.reach import arms
from vitascope.filmset.people.skeleton import (
    ANKLE,
    HEAD,
    HIPS,
    NECK,
    SHIN,
    SHOULDERS,
    THIGH,
    TORSO,
    UP,
    Body,
    Pose,
    Vector,
    bend,
    body,
    unit,
)
from vitascope.filmset.scene.scene import Action, Kind
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.dance import BEHIND
from vitascope.filmset.stage.play import jump
from vitascope.filmset.stage.steps import FootNow

WHEEL = 0.032
"""How high a skate's wheels lift the sole, in statures."""
SKATE_PUSH = 1.5  # s from one push of a skate to the next of the same foot
BREATH = 3.3  # s from one breath to the next
TOES_OUT = 0.3  # rad that feet point outwards
STRAIGHT = 0.992  # of the legs' length: a knee is never quite straight
WALK_HEIGHT, RUN_HEIGHT, SKATE_HEIGHT = 0.985, 0.95, 0.9  # of the legs' length that the hips are high
RUN_RISE = 0.02  # statures that a runner rises while both feet are off the ground
CROUCH = 0.17  # statures that a crouch lowers the hips
TWIST = 0.16  # rad that hips and chest turn against each other in a full stride
STRIDE = 0.42  # statures between the feet in a full stride
LEANS = {Action.RUN: 0.2, Action.WALK: 0.05, Action.WADE: 0.09}  # slope of the spine
SKATE_LEAN = 0.3, 0.16  # slope of the spine ahead, and to the pushing side


def pose(actor: Actor, t: float, seconds: float) -> Pose:
    """A figure at a time."""
    if actor.kind is Kind.DIVER:
        return swimming(actor, t)
    scale = actor.stature
    yaw = _yaw(actor, t)
    frame = body(yaw, scale)
    x, z = actor.where(t)
    assert actor.feet is not None
    feet = [foot.at(t) for foot in actor.feet]
    lift, crouch = _leaping(actor, t)
    if actor.action is Action.SKATE:
        feet = _rolling(actor, frame, x, z, t)
    if actor.piece:
        x, z, feet = _dancing(actor, frame, feet, t)
    soles = _soles(feet, scale, lift, yaw if actor.piece else None)
    pelvis = _pelvis(actor, frame, (x, z), soles.ankles, feet, (lift, crouch), t)
    return _upper(actor, frame, pelvis, soles, feet, crouch, t, seconds)


def _leaping(actor: Actor, t: float) -> tuple[float, float]:
    """(height of the feet in m, crouch 0..1) of whoever jumps, or hops in a crowd that is carried away."""
    if actor.action in (Action.JUMP, Action.BOUNCE):
        return jump(actor, t)
    return hop(actor, t) if actor.kind is Kind.CROWD and actor.way.speed == 0 else (0.0, 0.0)


def _yaw(actor: Actor, t: float) -> float:
    yaw = actor.way.heading
    if actor.piece:
        return yaw + actor.piece.turn(t)
    if actor.action is Action.SKATE:
        return yaw + 0.16 * sin(2 * pi * t / SKATE_PUSH)
    if actor.way.speed == 0:
        return yaw + 0.32 * ((actor.seed % 17) / 8.5 - 1) + 0.06 * float(wander(actor.seed, t * 0.35))
    return yaw


def _rolling(actor: Actor, frame: Body, x: float, z: float, t: float) -> list[FootNow]:
    """A skater's feet: one glides under the body while the other pushes out and back, in turn."""
    found = []
    for side in (1.0, -1.0):
        push = max(0.0, sin(2 * pi * t / SKATE_PUSH + (0 if side > 0 else pi)))
        back = push**1.4
        place = np.array([x, 0.0, z]) + frame.left * side * (0.1 + 0.3 * back) - frame.ahead * (0.54 * back - 0.1)
        up = WHEEL * actor.stature + 0.05 * max(0.0, sin(2 * pi * t / SKATE_PUSH + (0 if side > 0 else pi) - 1.2)) * (
            1 if push > 0 else 0
        )
        found.append(FootNow(place[0], up, place[2], 0.0, 0.25 * back, push < 0.2))
    return found


def _dancing(actor: Actor, frame: Body, feet: list[FootNow], t: float) -> tuple[float, float, list[FootNow]]:
    """In a turn the free foot leaves its way and is drawn to the knee; the weight is over the supporting foot."""
    assert actor.piece is not None
    figure, u = actor.piece.figure(t)
    shape = sin(pi * min(max((u - 0.12) / 0.8, 0.0), 1.0)) ** 0.7
    now = list(feet)
    clear = min(1.0, feet[figure.free].y / 0.03)  # soft where the free foot leaves the ground and comes back
    support, free = 1 - figure.free, figure.free
    side = 1.0 if free == 0 else -1.0
    there = np.array([feet[support].x, 0.0, feet[support].z])
    if not feet[free].planted or figure.turns:
        drawn = there + frame.left * side * 0.07 + frame.ahead * (0.10 if figure.turns else 0.26) * shape
        if not figure.turns and figure.lift >= BEHIND:
            drawn = there - frame.ahead * 0.5 * shape + frame.left * side * 0.1
        share = shape * clear
        now[free] = FootNow(
            feet[free].x + (drawn[0] - feet[free].x) * share,
            feet[free].y + figure.lift * actor.stature * shape * share * (0.9 if figure.turns else 1.0),
            feet[free].z + (drawn[2] - feet[free].z) * share,
            0.0,
            1.0 * share,
            feet[free].planted,
        )
    if figure.turns:
        raised = 0.55 * shape
        now[support] = FootNow(feet[support].x, 0.0, feet[support].z, 0.0, raised, True)
    weight = 0.5 + 0.5 * shape * clear
    x = now[support].x * weight + feet[free].x * (1 - weight)
    z = now[support].z * weight + feet[free].z * (1 - weight)
    return x, z, now


@dataclass(frozen=True, slots=True)
class Soles:
    """Joints of both feet in metres, (left, right) each."""

    balls: list[Vector]
    ankles: list[Vector]
    toes: list[Vector]
    heels: list[Vector]


def _soles(feet: list[FootNow], scale: float, lift: float, turned: float | None) -> Soles:
    found = Soles([], [], [], [])
    for side, foot in zip((1.0, -1.0), feet, strict=True):
        yaw = (
            foot.yaw if turned is None and foot.yaw else (turned if turned is not None else foot.yaw) + TOES_OUT * side
        )
        ahead = np.array([cos(yaw), 0.0, sin(yaw)])
        ball = np.array([foot.x, foot.y + lift + 0.012 * scale, foot.z])
        c, s = cos(foot.pitch), sin(foot.pitch)
        back, up = 0.078 * scale, ANKLE * scale
        found.balls.append(ball)
        found.ankles.append(ball + ahead * (-back * c + up * s) + UP * (back * s + up * c))
        found.heels.append(ball + ahead * (-0.105 * scale * c) + UP * (0.105 * scale * s))
        tip = min(foot.pitch, 0.0) if foot.planted else foot.pitch
        found.toes.append(ball + ahead * (0.04 * scale * cos(tip)) - UP * (0.04 * scale * sin(tip)))
    return found


def _pelvis(
    actor: Actor,
    frame: Body,
    place: tuple[float, float],
    ankles: list[Vector],
    feet: list[FootNow],
    leap: tuple[float, float],
    t: float,
) -> Vector:
    """As high as the standing legs allow; towards the foot that bears the weight. `leap` is (lift m, crouch 0..1)."""
    scale, (lift, crouch) = frame.scale, leap
    middle = np.array([place[0], 0.0, place[1]])
    bearing = [ankle for ankle, foot in zip(ankles, feet, strict=True) if foot.planted]
    if len(bearing) == 1 and not actor.piece:
        middle = middle + frame.left * float((bearing[0] - middle) @ frame.left) * 0.25
    if actor.way.speed == 0 and not actor.piece:
        middle = middle + frame.left * 0.018 * float(wander(actor.seed + 1, t * 0.4))
    leg = (THIGH + SHIN) * scale * STRAIGHT
    height = (THIGH + SHIN + ANKLE) * scale * (WALK_HEIGHT if actor.action is not Action.RUN else RUN_HEIGHT)
    if actor.action is Action.SKATE:
        height *= SKATE_HEIGHT
    for ankle, foot in zip(ankles, feet, strict=True):
        away = hypot(ankle[0] - middle[0], ankle[2] - middle[2])
        if foot.planted:
            height = min(height, ankle[1] - lift + sqrt(max(leg * leg - away * away, (0.55 * leg) ** 2)))
    if actor.action is Action.RUN:
        airborne = not (feet[0].planted or feet[1].planted)
        height += RUN_RISE * scale if airborne else 0.0
    middle[1] = height + lift - CROUCH * scale * crouch
    if actor.kind is Kind.CROWD and actor.way.speed == 0:
        aside, down = sway(actor, t)
        middle[1] -= down * scale
        middle = middle + frame.left * aside * scale
    elif actor.action is Action.PLAY:
        middle[1] -= 0.011 * scale * (1 - cos(2 * pi * (t + 0.13 * (actor.seed % 5)) / actor.beat))
        middle = middle + frame.left * 0.03 * scale * sin(pi * t / actor.beat + actor.seed % 3)
    if actor.piece:
        middle[1] -= 0.012 * scale * (1 - cos(4 * pi * t / actor.piece.beat / 2))
    return middle


def _upper(
    actor: Actor,
    frame: Body,
    pelvis: Vector,
    soles: Soles,
    feet: list[FootNow],
    crouch: float,
    t: float,
    seconds: float,
) -> Pose:
    scale = frame.scale
    ankles, toes, heels = soles.ankles, soles.toes, soles.heels
    swing = float((soles.balls[0] - soles.balls[1]) @ frame.ahead) / (STRIDE * scale)
    twist = TWIST * swing if actor.way.speed else 0.0
    hip_left, chest_left = _twisted(frame, -twist), _twisted(frame, twist)
    hips = [pelvis + hip_left * (side * HIPS * scale) for side in (1.0, -1.0)]
    lean, side_lean = _leaning(actor, crouch, t)
    breath = 0.004 * scale * sin(2 * pi * t / BREATH + actor.seed % 7)
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
        scale=scale,
        pelvis=pelvis,
        chest=chest,
        head=head,
        hips=hips,
        knees=knees,
        ankles=ankles,
        balls=soles.balls,
        toes=toes,
        heels=heels,
        shoulders=shoulders,
        elbows=[],
        wrists=[],
        hands=[],
        face=look,
        chest_way=_ahead_of(chest_left),
        spin=actor.piece.spin_rate(t) if actor.piece else 0.0,
        speed=actor.way.speed,
        grounded=(feet[0].planted, feet[1].planted),
    )
    arms(actor, frame, made, swing, t, seconds)
    return made


def _leaning(actor: Actor, crouch: float, t: float) -> tuple[float, float]:
    """How far the spine leans (ahead, to the left), as a slope."""
    if actor.piece:
        return 0.06 * sin(pi * t / actor.piece.beat * 0.5), 0.14 * sin(pi * t / actor.piece.beat + 0.6)
    if actor.action is Action.PLAY:
        drums = actor.kind is Kind.DRUMMER
        ahead = 0.06 + (0.05 if drums else 0.03) * sin(2 * pi * t / actor.beat)
        return ahead, (0.07 if drums else 0.13) * sin(pi * t / actor.beat * (1.0 if drums else 0.5))
    if actor.action is Action.SKATE:
        return SKATE_LEAN[0], -SKATE_LEAN[1] * sin(2 * pi * t / SKATE_PUSH)
    return LEANS.get(actor.action, 0.0) + 0.35 * crouch, 0.0


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
