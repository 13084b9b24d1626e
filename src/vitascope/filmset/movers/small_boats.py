"""Small boats: a sailing boat with its helmsman, a rowing boat with its rower, a gondola with its gondolier."""

from __future__ import annotations

from math import pi, sin

import numpy as np

from vitascope.filmset.canvas.paint import box, curve, fade, line
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import wander
from vitascope.filmset.movers.crew import draw_sailor, sailor, seated, standing
from vitascope.filmset.movers.vessel import Vessel, crewed, hull, in_frame, lamp, panes
from vitascope.filmset.stage.play import pull


def _sails(vessel: Vessel) -> None:
    bench, wind, t = vessel.bench, vessel.wind, vessel.t
    own = colour("c8583c") if vessel.plain else colour("e8d8b8")
    bench.line([(0.3, 0.5), (0.31, 2.4), (0.32, 4.35)], colour("4a3828"), 0.1, 0.6)
    full = 0.25 + 0.55 * wind + 0.05 * sin(t * 2.1)
    foot, peak = (-1.75, 1.6), (0.25, 4.2)
    leech = [
        (foot[0] + (peak[0] - foot[0]) * s - 0.2 * full * sin(pi * s), foot[1] + (peak[1] - foot[1]) * s)
        for s in (0.0, 0.33, 0.66, 1.0)
    ]
    luff, boom = [(0.25, 4.2), (0.25, 2.8), (0.25, 1.5)], [(-0.7, 1.45 - 0.12 * full)]
    cloth = [(0, bench.tone(own, 0.9), 1), (0.6, bench.tone(own, 0.6), 1), (1, bench.tone(scaled(own, 0.8), 0.3), 1)]
    bench.canvas.drawPath(curve([*leech, *luff, *boom], True), fade((-1.9, 0), (0.4, 0), cloth))
    for s in (0.3, 0.55, 0.78):
        x = foot[0] + (peak[0] - foot[0]) * s - 0.2 * full * sin(pi * s)
        y = foot[1] + (peak[1] - foot[1]) * s
        bench.line([(x, y), ((x + 0.25) / 2, y - 0.09), (0.25, y - 0.05)], scaled(own, 0.6), 0.02, 0.4)
    bench.line([(-1.85, 1.57), (-0.7, 1.48), (0.3, 1.45)], colour("4a3828"), 0.07, 0.5)
    jib = [(0.42, 4.1), (1.1 + 0.25 * full, 2.5), (2.6, 1.05), (1.2, 1.2), (0.5, 1.5), (0.45, 2.8)]
    bench.shape(jib, scaled(own, 1.12), 0.75, smooth=True)
    flag = [(0.32 - 0.5 * s, 4.42 + 0.05 * sin(5 * s - 8 * t) * s) for s in np.linspace(0, 1, 7)]
    bench.shape([*flag, *[(x, y - 0.17) for x, y in flag[::-1]]], colour("c83c3c"), 0.7)
    bench.line([(0.32, 4.3), (1.5, 2.6), (2.66, 0.98)], colour("302820"), 0.018)
    bench.line([(0.32, 4.3), (-1.0, 2.5), (-2.28, 0.74)], colour("302820"), 0.018)


def _helmsman(vessel: Vessel) -> None:
    """At the tiller; he leans against the boat's roll and hauls the sheet now and then."""
    sway = 0.12 * float(wander(vessel.seed, vessel.t * 0.7))
    tiller = vessel.deck.at(-1.62 + 0.5 * sway, 0.86, 0.1)
    haul = vessel.deck.at(-0.75 + 0.22 * sin(2 * pi * vessel.t / 3.4), 1.0, -0.15)
    made = seated(vessel.deck, (-1.35, 0.42), (tiller, haul), 1.0, 0.02 + 0.5 * sway, vessel.t, vessel.seed)
    draw_sailor(vessel.frame, made, sailor(vessel.seed, "helm", "2c4468"), vessel.wind)


def _fittings(vessel: Vessel) -> None:
    bench = vessel.bench
    bench.shape([(-0.62, 0.56), (-0.5, 0.9), (0.9, 0.92), (1.2, 0.62)], colour("b89468"), 0.6)
    panes(vessel, [(-0.3, 0.68, 0.0, 0.82), (0.42, 0.69, 0.72, 0.82)])
    bench.line([(-2.25, 0.95), (-1.9, 0.9), (-1.58, 0.86)], colour("4a3828"), 0.05)
    lamp(vessel, 2.45, 1.3, 0.9)


def _oar(vessel: Vessel, near: bool) -> None:
    """One oar about its rowlock: sweep and depth come from the stroke."""
    sweep, depth = pull(vessel.actor, vessel.t)
    lock = (0.1, 0.52)
    side = -0.16 if near else 0.12
    handle = (lock[0] + 0.5 + 0.34 * sweep, lock[1] + 0.22 - 0.08 * (1 - depth))
    blade = (lock[0] - 0.75 - 0.85 * sweep, -0.12 * depth + 0.3 * (1 - depth) + side)
    bench, wood = vessel.bench, colour("b88c54" if near else "7c5c38")
    bench.line([handle, lock, blade], wood, 0.055, 0.6)
    dx, dy = blade[0] - lock[0], blade[1] - lock[1]
    long = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / long, dy / long
    paddle = [(blade[0] - 0.35 * ux - 0.03 * uy, blade[1] - 0.35 * uy + 0.03 * ux)]
    paddle += [(blade[0] + 0.12 * ux - 0.09 * uy, blade[1] + 0.12 * uy + 0.09 * ux)]
    paddle += [(blade[0] + 0.12 * ux + 0.09 * uy, blade[1] + 0.12 * uy - 0.09 * ux)]
    paddle += [(blade[0] - 0.35 * ux + 0.03 * uy, blade[1] - 0.35 * uy - 0.03 * ux)]
    bench.shape(paddle, wood, 0.75)
    if near and depth > 0.3:
        foam = mix(vessel.frame.light.palette.haze, (1, 1, 1), 0.5)
        for k in (0.0, 0.3, 0.6):
            ring = line(foam, 0.025, 0.55 * (1 - k))
            bench.canvas.drawOval(box(blade[0] - 0.2 - k, -0.2, blade[0] + 0.2 + k, -0.06), ring)


def _rower(vessel: Vessel) -> None:
    """Sits with his back to the bow and swings from the hips."""
    sweep, depth = pull(vessel.actor, vessel.t)
    lock = (0.1, 0.52)
    x, y = lock[0] + 0.5 + 0.34 * sweep, lock[1] + 0.22 - 0.08 * (1 - depth)
    hands = (vessel.deck.at(x, y, 0.14), vessel.deck.at(x, y, -0.14))
    made = seated(vessel.deck, (1.02, 0.3), hands, -1.0, -0.42 * sweep + 0.06, vessel.t, vessel.seed)
    draw_sailor(vessel.frame, made, sailor(vessel.seed, "rower", "e8e0d0"), vessel.wind)


def _prow(vessel: Vessel) -> None:
    """The iron at the bow, the curled stern, a seat with cushions."""
    bench = vessel.bench
    steel = colour("b8c0c8")
    bench.line([(2.62, 0.7), (2.82, 1.15), (2.72, 1.5), (2.5, 1.42)], steel, 0.09, 0.8)
    for y in (0.86, 1.0, 1.14):
        bench.line([(2.74, y), (2.9, y + 0.01), (3.02, y + 0.02)], steel, 0.05, 0.8)
    bench.line([(-2.6, 0.62), (-2.95, 1.0), (-2.8, 1.28)], vessel.own, 0.09, 0.6)
    bench.shape([(-0.25, 0.35), (-0.35, 0.95), (-0.15, 0.95), (0.5, 0.5), (0.5, 0.35)], colour("a82838"), 0.6)


def _guest(vessel: Vessel) -> None:
    """Somebody on the cushions who trails a hand."""
    made = seated(vessel.deck, (0.05, 0.28), (None, None), 1.0, -0.22, vessel.t, vessel.seed + 3)
    draw_sailor(vessel.frame, made, sailor(vessel.seed, "guest"), vessel.wind)


def _gondolier(vessel: Vessel) -> None:
    """Stands at the stern in a striped shirt and pushes one long oar."""
    sweep, depth = pull(vessel.actor, vessel.t)
    deck = vessel.deck
    grip = (-1.45 - 0.2 * sweep, 1.72 + 0.07 * (1 - depth))
    hands = (deck.at(*grip, 0.05), deck.at(grip[0] - 0.14, grip[1] - 0.16, -0.12))
    made = standing(deck, (-1.95, 0.55), hands, 1.0, vessel.t, vessel.seed + 7)
    wear = sailor(vessel.seed, "gondolier", "f0ece4")
    draw_sailor(vessel.frame, made, wear, vessel.wind)


def _long_oar(vessel: Vessel) -> None:
    sweep, depth = pull(vessel.actor, vessel.t)
    grip = (-1.45 - 0.2 * sweep, 1.72 + 0.07 * (1 - depth))
    blade = (-2.35 - 0.55 * sweep, -0.25 + 0.16 * (1 - depth))
    vessel.bench.line([grip, (-1.82, 0.95), blade], colour("8c6438"), 0.06, 0.6)
    vessel.bench.line([(-1.82, 0.62), (-1.76, 0.82), (-1.84, 0.97)], colour("5a3c24"), 0.07)
    lamp(vessel, 2.3, 1.15, 0.75)


_SAIL_HULL = hull(
    [
        (-2.3, 0.75),
        (-2.0, 0.05),
        (-1.4, -0.25),
        (1.3, -0.25),
        (2.0, 0.15),
        (2.7, 0.98),
        (1.4, 0.66),
        (-0.4, 0.56),
        (-1.6, 0.62),
    ],
    [(-2.3, 0.74), (-1.6, 0.62), (-0.4, 0.56), (1.4, 0.66), (2.7, 0.98)],
    [(-2.12, 0.33), (-0.4, 0.2), (1.5, 0.28), (2.36, 0.55)],
    -0.3,
    0.9,
)
_ROW_HULL = hull(
    [
        (-1.75, 0.62),
        (-1.6, 0.0),
        (-1.1, -0.25),
        (1.3, -0.25),
        (1.8, 0.05),
        (2.25, 0.74),
        (1.1, 0.5),
        (-0.4, 0.44),
        (-1.2, 0.5),
    ],
    [(-1.75, 0.62), (-1.2, 0.5), (-0.4, 0.44), (1.1, 0.5), (2.25, 0.74)],
    [(-1.66, 0.26), (-0.4, 0.12), (1.2, 0.18), (2.0, 0.42)],
    -0.3,
    0.75,
)
_GONDOLA_HULL = hull(
    [
        (-2.85, 1.0),
        (-2.4, 0.2),
        (-1.5, -0.2),
        (1.4, -0.22),
        (2.3, 0.15),
        (2.75, 0.95),
        (2.2, 0.6),
        (0.8, 0.4),
        (-0.8, 0.4),
        (-2.1, 0.62),
    ],
    [(-2.85, 1.0), (-2.1, 0.62), (-0.8, 0.4), (0.8, 0.4), (2.2, 0.6), (2.75, 0.95)],
    [(-2.3, 0.3), (-0.8, 0.14), (1.0, 0.14), (2.3, 0.36)],
    -0.3,
    0.8,
)


SAILING = (in_frame(_sails), crewed(_helmsman), _SAIL_HULL, in_frame(_fittings))
ROWING = (
    in_frame(lambda vessel: _oar(vessel, False)),
    crewed(_rower),
    _ROW_HULL,
    in_frame(lambda vessel: _oar(vessel, True)),
)
GONDOLA = (in_frame(_prow), crewed(_guest), crewed(_gondolier), _GONDOLA_HULL, in_frame(_long_oar))
"""The parts of each boat from back to front."""
