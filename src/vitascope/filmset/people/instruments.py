"""Things to play and to hold: cello, harp, flute, saxophone, fan; and the brush that all props are drawn with."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from vitascope.filmset.canvas.palette import colour, named, scaled
from vitascope.filmset.people.skeleton import UP, Body, Pose, Vector, body, unit
from vitascope.filmset.stage.backlot import Frame
from vitascope.filmset.stage.brush import Brush
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import bow

WOOD, DARK_WOOD, BRASS = colour("9a5424"), colour("3a2010"), colour("d8b04c")


def brush_of(frame: Frame, made: Pose) -> Brush:
    """A brush at a figure's distance."""
    z = float(made.pelvis[2])
    return Brush(frame, z, float(frame.view.project(0.0, 0.0, z)[2]))


def frame_of(made: Pose) -> Body:
    """The frame of a figure's chest."""
    way = made.chest_way
    return body(float(np.arctan2(way[2], way[0])), made.scale)


def cello_string(base: Body, made: Pose) -> Vector:
    """Where the bow meets the strings of a cello."""
    return made.pelvis + base.local(0.0, -0.02, 0.19, 1.0) * base.scale


def cello(frame: Frame, actor: Actor, made: Pose, seconds: float) -> None:
    """A cello that stands on its spike before the player; the bow goes across."""
    brush, base, s = brush_of(frame, made), frame_of(made), made.scale
    foot = made.pelvis + base.local(0.0, -0.5, 0.24, 1.0) * s
    neck = made.chest + base.local(0.07, 0.06, 0.13, 1.0) * s
    way = unit(neck - foot)
    side = unit(np.cross(way, base.ahead))
    rim = [(0.06, 0.05), (0.1, 0.13), (0.2, 0.13), (0.26, 0.075), (0.33, 0.105), (0.4, 0.1), (0.44, 0.03)]
    left = [brush.at(foot + way * a * s + side * b * s) for a, b in rim]
    right = [brush.at(foot + way * a * s - side * b * s) for a, b in rim]
    brush.stroke(
        [brush.at(foot), brush.at(foot + way * 0.03 * s), brush.at(foot + way * 0.08 * s)], 0.008 * s, BRASS, 0.6
    )
    brush.shape([*left, *right[::-1]], WOOD, 0.7)
    brush.stroke(
        [brush.at(foot + way * 0.12 * s), brush.at(foot + way * 0.4 * s), brush.at(neck)], 0.022 * s, DARK_WOOD, 0.4
    )
    string = cello_string(base, made)
    across = unit(-base.left + 0.15 * UP)
    frog = string + across * (0.1 * (1 + bow(actor, frame.t, seconds)) + 0.03) * s
    tip = frog - across * 0.36 * s
    brush.stroke([brush.at(frog), brush.at((frog + tip) / 2 + UP * 0.01 * s), brush.at(tip)], 0.01 * s, DARK_WOOD, 0.7)
    brush.stroke(
        [brush.at(frog - UP * 0.01 * s), brush.at((frog + tip) / 2), brush.at(tip)], 0.004 * s, colour("f4efe2"), 0.9
    )


def harp(frame: Frame, actor: Actor, made: Pose) -> None:
    """A harp at the player's side, its strings between the hands."""
    brush, base, s = brush_of(frame, made), frame_of(made), made.scale
    foot = made.pelvis + base.local(0.0, -0.5, 0.2, 1.0) * s
    top = made.chest + base.local(0.0, 0.14, 0.12, 1.0) * s
    reach = unit(base.ahead * 0.35 - base.left * 0.9)
    own = named(actor.colour, "c89a48")
    low = foot + reach * 0.06 * s
    front = foot + reach * 0.36 * s + UP * 0.78 * s
    curve = [top, top + reach * 0.12 * s - UP * 0.05 * s, front]
    for k in range(11):
        u = (k + 1) / 12
        upper = (1 - u) ** 2 * curve[0] + 2 * u * (1 - u) * curve[1] + u * u * curve[2]
        lower = low * u + (top * 0.75 + low * 0.25) * (1 - u)
        shake = base.left * 0.003 * s * sin(31 * frame.t + k) * max(0.0, sin(2 * pi * frame.t / actor.beat + k))
        brush.stroke(
            [brush.at(upper), brush.at((upper + lower) / 2 + shake), brush.at(lower)], 0.003 * s, colour("f0f4ff"), 0.95
        )
    brush.stroke([brush.at(low), brush.at((low + top) / 2), brush.at(top)], 0.035 * s, scaled(own, 0.8), 0.5)
    brush.stroke([brush.at(j) for j in curve], 0.024 * s, own, 0.8)
    brush.stroke([brush.at(front), brush.at((front + low) / 2 + reach * 0.09 * s), brush.at(low)], 0.024 * s, own, 0.7)


def winds(frame: Frame, actor: Actor, made: Pose) -> None:
    """A flute held sideways at the lips, or a saxophone that hangs before the body."""
    brush, base, s = brush_of(frame, made), frame_of(made), made.scale
    lips = made.head + base.ahead * 0.055 * s - UP * 0.03 * s
    if actor.prop == "flute":
        end = lips - base.left * 0.33 * s + base.ahead * 0.05 * s - UP * 0.03 * s
        brush.stroke(
            [brush.at(lips + base.left * 0.03 * s), brush.at((lips + end) / 2), brush.at(end)],
            0.016 * s,
            colour("d8dce4"),
            0.9,
        )
        return
    if actor.prop == "trumpet":
        _trumpet(brush, base, made, lips)
        return
    if actor.prop == "accordion":
        _accordion(brush, actor, base, made)
        return
    middle = (made.wrists[0] + made.wrists[1]) / 2
    low = middle - UP * 0.13 * s + base.ahead * 0.04 * s
    bell = low + base.ahead * 0.09 * s + UP * 0.14 * s - base.left * 0.07 * s
    brush.stroke(
        [brush.at(lips), brush.at(lips + base.ahead * 0.06 * s), brush.at(middle), brush.at(low)], 0.022 * s, BRASS, 0.8
    )
    brush.limb(brush.at(low), 0.016 * s, brush.at(bell), 0.045 * s, BRASS, 0.7)
    brush.oval(brush.at(bell + UP * 0.01 * s), 0.05 * s, 0.022 * s, scaled(BRASS, 0.55), 0.4)


def _trumpet(brush: Brush, base: Body, made: Pose, lips: Vector) -> None:
    """A tube from the lips through both hands to the bell; valves stand between."""
    s = made.scale
    hands = (made.wrists[0] + made.wrists[1]) / 2 + base.ahead * 0.03 * s
    way = unit(hands - lips)
    bell, mouth = lips + way * 0.27 * s, lips + way * 0.33 * s
    up = unit(UP - way * float(UP @ way))
    low = [lips + way * a * s - up * 0.035 * s for a in (0.08, 0.16, 0.23)]
    brush.stroke([brush.at(p) for p in low], 0.016 * s, scaled(BRASS, 0.75), 0.6)
    brush.stroke([brush.at(lips), brush.at((lips + bell) / 2), brush.at(bell)], 0.016 * s, BRASS, 0.85)
    for a in (0.12, 0.145, 0.17):
        top, foot = lips + way * a * s + up * 0.03 * s, lips + way * a * s - up * 0.045 * s
        brush.stroke([brush.at(top), brush.at((top + foot) / 2), brush.at(foot)], 0.012 * s, colour("e8d8a0"), 0.7)
    brush.limb(brush.at(bell), 0.01 * s, brush.at(mouth), 0.042 * s, BRASS, 0.8)
    facing = max(0.25, -float(way[2]))
    brush.oval(brush.at(mouth), 0.05 * s * max(facing, 0.4), 0.05 * s, scaled(BRASS, 1.1), 0.9)
    brush.oval(brush.at(mouth), 0.036 * s * max(facing, 0.4), 0.037 * s, scaled(BRASS, 0.4), 0.3)


def _accordion(brush: Brush, actor: Actor, base: Body, made: Pose) -> None:
    """Two boxes with bellows between them, as far apart as the hands have drawn them."""
    s = made.scale
    own = named(actor.colour, "8c2430") if actor.colour not in (None, "black") else colour("8c2430")
    out = [base.left, -base.left]
    inner = [made.wrists[k] - out[k] * 0.012 * s + base.ahead * 0.02 * s for k in (0, 1)]
    tall = [0.12 * s, 0.14 * s]
    folds = 11
    upper, lower = [], []
    for k in range(folds):
        q = k / (folds - 1)
        place = inner[1] * (1 - q) + inner[0] * q
        depth = 0.86 + 0.14 * (k % 2)
        half = (tall[1] * (1 - q) + tall[0] * q) * depth
        sag = -0.02 * s * sin(pi * q)
        upper.append(place + UP * (half + sag))
        lower.append(place - UP * (half - sag))
    cloth = [brush.at(p) for p in upper] + [brush.at(p) for p in lower[::-1]]
    brush.shape(cloth, colour("30282c"), 0.5, smooth=False)
    for top, foot in zip(upper[1:-1], lower[1:-1], strict=True):
        brush.stroke([brush.at(top), brush.at((top + foot) / 2), brush.at(foot)], 0.005 * s, colour("b8a890"), 0.6)
    for k in (0, 1):
        edge = inner[k] + out[k] * 0.05 * s
        corners = [
            inner[k] + UP * tall[k],
            edge + UP * tall[k] * 0.92,
            edge - UP * tall[k] * 0.92,
            inner[k] - UP * tall[k],
        ]
        brush.shape([brush.at(p) for p in corners], own, 0.65, smooth=False)
        for q in np.linspace(-0.7, 0.7, 7):
            key = (inner[k] + edge) / 2 + UP * tall[k] * float(q) + base.ahead * 0.01 * s
            brush.oval(brush.at(key), 0.007 * s, 0.006 * s, colour("f0ece0"), 0.9)


def fan(frame: Frame, actor: Actor, made: Pose) -> None:
    """An open folding fan that flutters in the right hand."""
    brush, s = brush_of(frame, made), made.scale
    u, v = brush.at(made.hands[1])
    k = 0.16 * s * brush.per
    own = named(actor.colour, "d8485c")
    turn = -pi / 2 + 0.35 * sin(frame.t * 5.0)
    edge = [(u + k * cos(turn + a), v + k * sin(turn + a)) for a in np.linspace(-1.1, 1.1, 13)]
    brush.shape([(u, v), *edge], own, 0.7, smooth=False)
    for x, y in edge[::2]:
        brush.stroke([(u, v), ((u + x) / 2, (v + y) / 2), (x, y)], 0.005 * s, scaled(own, 0.55), 0.4)
