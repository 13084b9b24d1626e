"""Vehicles as solids: a profile drawn on two sides, joined by faces, seen from any heading."""

from __future__ import annotations

import itertools
from math import cos, pi, sin
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import box, fill, glow, line, outline
from vitascope.filmset.canvas.palette import Colour, colour, mix, named, scaled
from vitascope.filmset.canvas.random_streams import Floats, random_stream
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.cast import Actor, tracked
from vitascope.filmset.stage.site import SITES, flooded, wet

# (along m, up m) of a small car, from the rear bumper over the roof to the front bumper
PROFILE = (
    (-2.05, 0.42),
    (-2.1, 0.85),
    (-1.9, 0.98),
    (-1.45, 1.02),
    (-0.95, 1.48),
    (0.35, 1.5),
    (0.95, 1.05),
    (1.85, 0.9),
    (2.08, 0.72),
    (2.1, 0.4),
)
GLASS = ((-1.28, 1.05), (-0.88, 1.4), (0.28, 1.42), (0.8, 1.06))
WIDTH = 0.86
WHEELS = ((-1.3, 0.36), (1.32, 0.36))
DUSTY = frozenset({"sand", "grass", "moss"})
POSTS = 7.0
"""From one post at the roadside to the next, m."""
POST_HEIGHT, POST_HALF, POST_ASIDE = 0.95, 0.05, 2.6  # m; how far beyond the car's way posts stand
QUICK = 3.0  # m/s; from this speed on dust is thrown up and posts are worth seeing
TYRE = 0.34  # m; radius
RATTLE, RATTLE_RATE = 0.012, 9  # m up and down, rad/s
PUFF, PUFFS = 0.9, 0.04
"""How long a puff of dust is seen, and how often one is thrown up, s."""


def vehicle(lot: Backlot, actor: Actor) -> Any:
    """A small round car with lamps that light its way."""
    own = named(actor.colour, ("c8483c", "e0b440", "3c7c9c", "e4e0d4")[actor.seed % 4])
    floats = flooded(lot.scene)
    _roadside(lot, actor)
    dusty = not floats and not wet(lot.scene) and SITES[lot.scene.setting].ground in DUSTY

    def act(frame: Frame) -> None:
        x, z = actor.where(frame.t)
        heading = actor.way.heading
        turn = actor.way.along(frame.t) / TYRE
        if not floats and not frame.reflecting:
            _shadow(frame, x, z, heading)
        if dusty and not frame.reflecting:
            _dust(frame, actor)
        _car(frame, x, z, heading, turn, own, RATTLE * sin(RATTLE_RATE * frame.t))

    return act


def _roadside(lot: Backlot, actor: Actor) -> None:
    """Posts that stand along the way of a car with whom the camera goes: what passes near by tells how fast it is."""
    way = actor.way
    open_land = SITES[lot.scene.setting].ground in DUSTY and not flooded(lot.scene)
    if not (actor.leading and tracked(lot.scene) and open_land and way.speed > QUICK and abs(sin(way.heading)) < 0.1):
        return
    z = way.z + POST_ASIDE

    def act(frame: Frame) -> None:
        _, ground, per = (float(q) for q in frame.view.project(0.0, 0.0, z))
        middle, half = frame.view.state.x, 0.5 * frame.ratio / per + 1.0
        wood, band = frame.light.tone(colour("e4ddd0"), z, 0.6), frame.light.tone(colour("a83c30"), z, 0.6)
        for k in range(int((middle - half) // POSTS), int((middle + half) // POSTS) + 1):
            u = float(frame.view.project(k * POSTS, 0.0, z)[0])
            smear = 0.5 * frame.shutter * way.speed * per  # as far as it goes past while the shutter is open
            wide = POST_HALF * per + 0.5 * smear
            alpha = min(1.0, POST_HALF * per / wide + 0.25)
            frame.canvas.drawRect(box(u - wide, ground - POST_HEIGHT * per, u + wide, ground), fill(wood, alpha))
            frame.canvas.drawRect(box(u - wide, ground - 0.85 * per, u + wide, ground - 0.68 * per), fill(band, alpha))

    lot.live(z, act)


def _shadow(frame: Frame, x: float, z: float, heading: float) -> None:
    """What the car shades of the ground: softly all that it stands over, darkly where its tyres touch."""
    ahead, left = (cos(heading), sin(heading)), (-sin(heading), cos(heading))
    per = float(frame.view.project(0.0, 0.0, z)[2])

    def patch(along: float, aside: float, half: float, wide: float, strength: float, soft: float) -> None:
        corners = []
        for a, b in ((-half, -wide), (half, -wide), (half, wide), (-half, wide)):
            px = x + ahead[0] * (along + a) + left[0] * (aside + b)
            pz = z + ahead[1] * (along + a) + left[1] * (aside + b)
            u, v, _ = frame.view.project(px, 0.0, max(pz, frame.view.state.z + 0.2))
            corners.append((float(u), float(v)))
        paint = fill(frame.light.palette.near, strength)
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, soft * per))
        frame.canvas.drawPath(outline(corners), paint)

    patch(0.0, 0.0, 2.15, 0.92, 0.7, 0.07)
    for along, _ in WHEELS:
        for aside in (-WIDTH, WIDTH):
            patch(along, aside, 0.26, 0.12, 0.75, 0.025)


def _dust(frame: Frame, actor: Actor) -> None:
    """Puffs that the rear wheels throw up: each stays where it was thrown, spreads, rises and thins out."""
    if actor.way.speed < QUICK:
        return
    tint = mix(frame.light.palette.haze, frame.light.palette.key, 0.6)
    ahead = np.array([cos(actor.way.heading), 0.0, sin(actor.way.heading)])
    first = int((frame.t - PUFF) / PUFFS) + 1
    for k in range(first, int(frame.t / PUFFS) + 1):
        age = (frame.t - k * PUFFS) / PUFF
        x, z = actor.where(k * PUFFS)
        a, b = random_stream(actor.seed, "puff", k).random(2).tolist()
        place = np.array([x, 0.12 + (0.25 + 0.4 * a) * age, z]) - ahead * 1.6
        place[2] += (b - 0.5) * 1.4
        if place[2] < frame.view.state.z + 0.5 * frame.view.lens.hero:
            continue
        u, v, per = (float(q) for q in frame.view.project(*place))
        paint = fill(tint, 0.6 * actor.way.speed / (actor.way.speed + 5.0) * (1 - age) ** 1.5 * min(age / 0.05, 1.0))
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, (0.06 + 0.14 * age) * per))
        r = (0.16 + (0.5 + 0.4 * b) * age) * per
        frame.canvas.drawOval(box(u - 1.5 * r, v - r, u + 1.5 * r, v + r), paint)


def _car(frame: Frame, x: float, z: float, heading: float, turn: float, own: Colour, bounce: float) -> None:
    ahead, left = np.array([cos(heading), 0, sin(heading)]), np.array([-sin(heading), 0, cos(heading)])
    middle = np.array([x, 0.0, z])

    def point(along: float, up: float, side: float, springs: float = bounce) -> Floats:
        return np.asarray(
            middle
            + ahead * along
            + np.array([0, up + springs, 0])
            + left * side * WIDTH * (1 - 0.12 * max(up - 1.0, 0) / 0.5)
        )

    def seen(p: Floats) -> tuple[float, float]:
        u, v, _ = frame.view.project(p[0], p[1], max(float(p[2]), frame.view.state.z + 0.2))
        return float(u), float(v)

    def face(points: list[Floats], tint: Colour, lit: float, alpha: float = 1.0) -> None:
        frame.canvas.drawPath(outline([seen(p) for p in points]), fill(frame.light.figure(tint, z, lit), alpha))

    near = 1.0 if float(left[2]) < 0 else -1.0
    for side in (-near, near):
        for along, up in WHEELS:
            _wheel(frame, seen, point, along, up, side, turn, z)
        if side == -near:
            face([point(a, b, side) for a, b in PROFILE], scaled(own, 0.5), 0.2)
            _faces(face, point, own)
    face([point(a, b, near) for a, b in PROFILE], own, 0.55)
    face(
        [point(a, b, near) for a, b in ((-2.05, 0.42), (-2.1, 0.7), (2.09, 0.66), (2.1, 0.4))], scaled(own, 0.65), 0.35
    )
    face([point(a, b, near) for a, b in GLASS], colour("28343e"), 0.8)
    face(
        [point(a, b, near * 1.01) for a, b in ((-0.6, 1.06), (-0.35, 1.4), (-0.1, 1.41), (-0.32, 1.05))],
        colour("7c98a8"),
        0.9,
        0.5,
    )
    for along in (-0.3, 0.82):
        frame.canvas.drawLine(
            *seen(point(along, 1.0, near)),
            *seen(point(along, 0.45, near)),
            line(frame.light.figure(scaled(own, 0.5), z, 0.3), 0.002),
        )
    for along, up in WHEELS:
        _wheel(frame, seen, point, along, up, near, turn, z)
    _lamps(frame, seen, point, ahead, z)


def _faces(face: Any, point: Any, own: Colour) -> None:
    """Roof, bonnet, windscreens and ends, far to near."""
    quads = []
    for (a, b), (c, d) in itertools.pairwise(PROFILE):
        corners = [point(a, b, 1.0), point(c, d, 1.0), point(c, d, -1.0), point(a, b, -1.0)]
        slope = (c - a) / (abs(c - a) + abs(d - b))
        glass = (a, c) in ((-1.45, -0.95), (0.35, 0.95))
        quads.append((float(np.mean([p[2] for p in corners])), corners, slope, glass, c > a))
    for _, corners, slope, glass, _ in sorted(quads, key=lambda q: -q[0]):
        face(corners, colour("2c3a46") if glass else own, (0.85 if glass else 0.3 + 0.6 * max(slope, 0.0)))


def _wheel(frame: Frame, seen: Any, point: Any, along: float, up: float, side: float, turn: float, z: float) -> None:
    def ring(r: float) -> list[tuple[float, float]]:
        return [
            seen(point(along + r * cos(a), up + r * sin(a), side * 1.02, 0.0))
            for a in np.linspace(0, 2 * pi, 16, endpoint=False)
        ]

    canvas = frame.canvas
    canvas.drawPath(outline(ring(0.36)), fill(frame.light.figure(colour("1c1c20"), z, 0.3)))
    canvas.drawPath(outline(ring(0.21)), fill(frame.light.figure(colour("b8bcc4"), z, 0.7)))
    hub = seen(point(along, up, side * 1.03, 0.0))
    for k in range(5):
        a = -turn + 2 * pi * k / 5
        canvas.drawLine(
            *hub,
            *seen(point(along + 0.19 * cos(a), up + 0.19 * sin(a), side * 1.03, 0.0)),
            line(frame.light.figure(colour("54585f"), z, 0.4), 0.0016),
        )


def _lamps(frame: Frame, seen: Any, point: Any, ahead: Floats, z: float) -> None:
    per = float(frame.view.project(0, 0, z)[2])
    to_viewer = -float(ahead[2])
    for side in (-0.68, 0.68):
        front, rear = seen(point(2.1, 0.66, side)), seen(point(-2.1, 0.72, side))
        strength = (0.4 + 0.6 * frame.light.dark) * max(0.25, to_viewer + 0.35)
        if to_viewer > -0.4:
            frame.canvas.drawCircle(*front, 0.1 * per, fill((1.0, 0.96, 0.82)))
            glow(frame.canvas, front[0], front[1], 1.1 * per, (1.0, 0.92, 0.7), strength, quick=frame.quick)
        if to_viewer < 0.4:
            frame.canvas.drawCircle(*rear, 0.08 * per, fill((1.0, 0.2, 0.15)))
            glow(frame.canvas, rear[0], rear[1], 0.6 * per, (1.0, 0.2, 0.15), 0.6, quick=frame.quick)
    if frame.light.dark > 0.3 and abs(float(ahead[0])) > 0.3:
        tip = seen(point(3.6, 0.25, 0.0))
        glow(frame.canvas, tip[0], tip[1], 1.6 * per, (1.0, 0.9, 0.65), 0.3 * frame.light.dark, quick=frame.quick)
