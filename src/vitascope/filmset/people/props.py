"""What figures hold and play: violin, drum, guitar, umbrella, lantern, parcel, ribbons."""

from __future__ import annotations

from math import sin

import numpy as np

from vitascope.filmset.canvas.paint import box, fill, glow, line
from vitascope.filmset.canvas.palette import colour, named, scaled
from vitascope.filmset.canvas.random_streams import wander
from vitascope.filmset.people.instruments import BRASS, DARK_WOOD, WOOD, brush_of, cello, fan, frame_of, harp, winds
from vitascope.filmset.people.reach import bow_way, drum_place, violin
from vitascope.filmset.people.skeleton import UP, Pose, unit
from vitascope.filmset.scene.scene import Action, Kind
from vitascope.filmset.stage.backlot import Frame
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.events import plucked
from vitascope.filmset.stage.play import WINDS, bow
from vitascope.filmset.stage.pulse import flicker


def behind(frame: Frame, actor: Actor, made: Pose) -> None:
    """Things held that lie behind the figure."""
    if -float(made.chest_way[2]) < -0.2 and _drums(actor):
        _drum(frame, made)


def carried(frame: Frame, actor: Actor, made: Pose, seconds: float) -> None:
    """Things held in front of the figure."""
    if _drums(actor):
        if -float(made.chest_way[2]) >= -0.2:
            _drum(frame, made)
        _sticks(frame, made)
    elif actor.kind is Kind.MUSICIAN:
        if actor.prop in WINDS:
            winds(frame, actor, made)
        elif actor.prop == "cello":
            cello(frame, actor, made, seconds)
        elif actor.prop == "harp":
            harp(frame, actor, made)
        elif plucked(actor):
            _guitar(frame, made)
        else:
            _violin(frame, actor, made, seconds)
    elif actor.prop == "umbrella":
        _umbrella(frame, actor, made)
    elif actor.prop == "phone":
        _phone(frame, actor, made)
    elif actor.prop in ("lantern", "torch"):
        _lantern(frame, actor, made)
    elif actor.prop == "fan":
        fan(frame, actor, made)
    elif actor.prop in ("staff", "flag"):
        _staff(frame, actor, made)
    elif actor.kind is Kind.COURIER or actor.prop in ("parcel", "box", "cassette", "book", "module"):
        _parcel(frame, actor, made)


def _drums(actor: Actor) -> bool:
    return actor.kind is Kind.DRUMMER or actor.prop in ("drum", "drums")


def _drum(frame: Frame, made: Pose) -> None:
    brush, base, s = brush_of(frame, made), frame_of(made), made.scale
    centre = (drum_place(base, made, 0) + drum_place(base, made, 1)) / 2
    top, low = brush.at(centre), brush.at(centre - UP * 0.24 * s)
    r = 0.125 * s
    k = r * brush.per
    brush.shape(
        [
            (top[0] - k, top[1]),
            (low[0] - 0.9 * k, low[1]),
            (low[0], low[1] + 0.25 * k),
            (low[0] + 0.9 * k, low[1]),
            (top[0] + k, top[1]),
        ],
        colour("7c2430"),
        0.5,
        smooth=False,
    )
    for q in np.linspace(-0.8, 0.8, 6):
        brush.stroke(
            [(top[0] + q * k, top[1] + 0.2 * k), (low[0] + q * 0.85 * k + 0.12 * k, low[1])], 0.006 * s, BRASS, 0.7
        )
    brush.oval((low[0], low[1]), 0.9 * r, 0.2 * r, DARK_WOOD, 0.4)
    brush.oval(top, r * 1.04, 0.3 * r, BRASS, 0.7)
    brush.oval((top[0], top[1] - 0.02 * k), r * 0.95, 0.25 * r, colour("efe6d2"), 0.8)


def _sticks(frame: Frame, made: Pose) -> None:
    brush, base, s = brush_of(frame, made), frame_of(made), made.scale
    for k in (0, 1):
        goal = drum_place(base, made, k)
        rise = made.wrists[k][1] - goal[1] - 0.13 * s
        inward = base.local(-0.05, 0.0, 0.02, 1.0 if k == 0 else -1.0) * s
        tip = goal + inward + UP * rise * 1.35
        brush.stroke(
            [brush.at(made.wrists[k]), brush.at((made.wrists[k] + tip) / 2), brush.at(tip)],
            0.011 * s,
            colour("e0c898"),
            0.8,
        )
        brush.oval(brush.at(tip), 0.012 * s, 0.012 * s, colour("f0e4cc"), 0.8)


def _violin(frame: Frame, actor: Actor, made: Pose, seconds: float) -> None:
    brush, base, s = brush_of(frame, made), frame_of(made), made.scale
    chin, scroll, string = violin(base, made)
    way = unit(scroll - chin)
    side = unit(np.cross(way, UP))
    up = np.cross(side, way) * 0.35 + side * 0.9
    outline_ = [(0.0, 0.03), (0.03, 0.055), (0.09, 0.05), (0.115, 0.034), (0.14, 0.046), (0.175, 0.046), (0.195, 0.01)]
    left = [brush.at(chin + way * a * s + up * b * s) for a, b in outline_]
    right = [brush.at(chin + way * a * s - up * b * s) for a, b in outline_]
    brush.shape([*left, *right[::-1]], WOOD, 0.75)
    brush.stroke(
        [brush.at(chin + way * 0.06 * s), brush.at(chin + way * 0.2 * s), brush.at(scroll)], 0.016 * s, DARK_WOOD, 0.5
    )
    brush.oval(brush.at(scroll), 0.016 * s, 0.016 * s, DARK_WOOD, 0.5)
    stick = bow_way(base)
    at = bow(actor, frame.t, seconds)
    frog = string + stick * (0.12 * (1 + at) + 0.02) * s
    tip = frog - stick * 0.36 * s
    brush.stroke(
        [brush.at(frog + UP * 0.008 * s), brush.at((frog + tip) / 2 + UP * 0.018 * s), brush.at(tip + UP * 0.008 * s)],
        0.009 * s,
        DARK_WOOD,
        0.7,
    )
    brush.stroke([brush.at(frog), brush.at((frog + tip) / 2), brush.at(tip)], 0.004 * s, colour("f4efe2"), 0.9)


def _guitar(frame: Frame, made: Pose) -> None:
    brush, base, s = brush_of(frame, made), frame_of(made), made.scale
    belly = made.pelvis + UP * 0.1 * s + base.ahead * 0.12 * s - base.left * 0.05 * s
    way = unit(made.wrists[0] - belly)
    for along, r in ((-0.03, 0.085), (0.08, 0.065)):
        brush.oval(brush.at(belly + way * along * s), r * s, r * s, WOOD, 0.7)
    brush.oval(brush.at(belly + way * 0.05 * s), 0.028 * s, 0.028 * s, DARK_WOOD, 0.2)
    neck = belly + way * 0.46 * s
    brush.stroke(
        [brush.at(belly + way * 0.05 * s), brush.at((belly + neck) / 2), brush.at(neck)], 0.02 * s, DARK_WOOD, 0.5
    )
    for k in (-1, 0, 1):
        shift = UP * 0.005 * k * s
        brush.stroke(
            [brush.at(belly + shift), brush.at((belly + neck) / 2 + shift), brush.at(neck + shift)],
            0.002 * s,
            colour("e8f0ff"),
            0.9,
        )


def _umbrella(frame: Frame, actor: Actor, made: Pose) -> None:
    brush, s = brush_of(frame, made), made.scale
    hand = made.wrists[1]
    top = made.head + UP * 0.24 * s + np.array([0.01 * sin(frame.t * 2), 0, 0])
    brush.stroke([brush.at(hand - UP * 0.05 * s), brush.at((hand + top) / 2), brush.at(top)], 0.008 * s, DARK_WOOD, 0.4)
    own = named(actor.colour, "b8304c")
    u, v = brush.at(top)
    k = 0.36 * s * brush.per
    rim = [(u + k * q, v + 0.42 * k + 0.07 * k * (abs(sin(3 * np.pi * (q + 1) / 2)))) for q in np.linspace(-1, 1, 19)]
    dome = [(u + k * q, v + 0.42 * k - 0.46 * k * (1 - q * q) ** 0.6) for q in np.linspace(1, -1, 19)]
    brush.shape([*rim, *dome], own, 0.6, smooth=False)
    for q in (-0.66, -0.33, 0.0, 0.33, 0.66):
        brush.stroke(
            [(u, v - 0.03 * k), (u + 0.6 * q * k, v + 0.06 * k), (u + q * k, v + 0.44 * k)],
            0.005 * s,
            scaled(own, 0.6),
            0.4,
        )
    brush.shape(
        [(u - 0.9 * k, v + 0.4 * k), (u - 0.5 * k, v + 0.05 * k), (u, v - 0.03 * k), (u - 0.25 * k, v + 0.4 * k)],
        scaled(own, 1.25),
        0.8,
        smooth=False,
    )


def _lantern(frame: Frame, actor: Actor, made: Pose) -> None:
    brush, s = brush_of(frame, made), made.scale
    hand = made.hands[1]
    sway = 0.03 * s * np.array([float(wander(actor.seed, frame.t * 1.1)), 0, 0])
    lamp = hand - UP * 0.13 * s + sway
    brush.stroke(
        [brush.at(hand), brush.at((hand + lamp) / 2 + UP * 0.02 * s), brush.at(lamp + UP * 0.05 * s)],
        0.006 * s,
        DARK_WOOD,
        0.4,
    )
    u, v = brush.at(lamp)
    power = flicker(actor.seed, frame.t, 0.18)
    warm = frame.light.palette.warm
    k = s * brush.per
    brush.oval((u, v), 0.045 * s, 0.055 * s, (1.0, 0.86, 0.55), 1.0)
    glow(frame.canvas, u, v, 0.12 * k, (1.0, 0.92, 0.7), 0.9 * power, quick=frame.quick)
    glow(frame.canvas, u, v, 0.7 * k, warm, 0.55 * power, quick=frame.quick)
    brush.oval((u, v - 0.055 * k), 0.035 * s, 0.012 * s, DARK_WOOD, 0.4)
    brush.oval((u, v + 0.055 * k), 0.035 * s, 0.012 * s, DARK_WOOD, 0.4)


def _staff(frame: Frame, actor: Actor, made: Pose) -> None:
    brush, s = brush_of(frame, made), made.scale
    hand = made.wrists[1]
    top = hand + UP * 0.45 * s
    brush.stroke([brush.at(hand - UP * 0.5 * s), brush.at(hand), brush.at(top)], 0.012 * s, WOOD, 0.5)
    if actor.prop == "flag":
        own = named(actor.colour, "c8303c")
        k = s * brush.per
        u, v = brush.at(top)
        upper = [(u + 0.3 * k * q, v + 0.03 * k * sin(6 * q - 7 * frame.t) * q) for q in np.linspace(0, 1, 12)]
        brush.shape([*upper, *[(x, y + 0.16 * k) for x, y in upper[::-1]]], own, 0.6, smooth=False)


def _parcel(frame: Frame, actor: Actor, made: Pose) -> None:
    """A parcel that glows from within, pulsing."""
    brush, s = brush_of(frame, made), made.scale
    running = actor.action is Action.RUN
    place = made.hands[0] if running else (made.hands[0] + made.hands[1]) / 2
    u, v = brush.at(place)
    k = s * brush.per
    pulse = 0.6 + 0.4 * sin(2 * np.pi * frame.t / 1.2)
    tint = frame.light.palette.warm if actor.prop != "cassette" else frame.light.palette.cool
    brush.shape(
        [
            (u - 0.06 * k, v - 0.045 * k),
            (u + 0.06 * k, v - 0.045 * k),
            (u + 0.06 * k, v + 0.045 * k),
            (u - 0.06 * k, v + 0.045 * k),
        ],
        BRASS,
        0.6,
        smooth=False,
    )
    for q in (-0.03, 0.0, 0.03):
        frame.canvas.drawLine(
            u - 0.05 * k, v + q * k, u + 0.05 * k, v + q * k, line(tint, 0.008 * k, 0.5 + 0.5 * pulse)
        )
    glow(frame.canvas, u, v, 0.4 * k, tint, 0.35 + 0.45 * pulse, quick=frame.quick)


def _phone(frame: Frame, actor: Actor, made: Pose) -> None:
    """A light held up in a crowd: a small screen to those behind, a lamp to those before."""
    brush, s = brush_of(frame, made), made.scale
    k = actor.seed // 3 % 2
    u, v = brush.at(made.hands[k])
    w, h = 0.02 * s * brush.per, 0.04 * s * brush.per
    if float(made.chest_way[2]) > 0:
        frame.canvas.drawRect(box(u - w, v - 1.4 * h, u + w, v + 0.6 * h), fill((0.75, 0.88, 1.0)))
        glow(frame.canvas, u, v - 0.4 * h, 3.2 * h, (0.6, 0.8, 1.0), 0.35, quick=frame.quick)
    else:
        glow(frame.canvas, u, v, 6 * h, (1.0, 0.97, 0.88), 0.8, quick=frame.quick)
        frame.canvas.drawCircle(u, v, 0.35 * h, fill((1.0, 1.0, 0.96)))
