"""Larger boats: a fishing boat whose crew hauls a net, a ferry with people at its rails."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from vitascope.filmset.canvas.paint import curve, fill, line
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import wander
from vitascope.filmset.movers.crew import draw_sailor, sailor, standing
from vitascope.filmset.movers.vessel import Vessel, crewed, hull, in_frame, lamp, panes


def _wheelhouse(vessel: Vessel) -> None:
    bench = vessel.bench
    bench.shape([(0.35, 0.5), (0.3, 1.9), (1.55, 1.9), (1.7, 0.6)], colour("e0dcd0"), 0.7)
    bench.shape([(0.15, 1.88), (0.2, 2.04), (1.75, 2.04), (1.75, 1.88)], scaled(vessel.own, 0.8), 0.7)
    panes(vessel, [(0.45, 1.3, 0.95, 1.72), (1.08, 1.3, 1.52, 1.72)])
    bench.line([(-0.5, 0.5), (-0.52, 2.0), (-0.55, 3.5)], colour("5a4838"), 0.09, 0.6)
    bench.line([(-0.55, 2.9), (-1.4, 2.6), (-2.1, 2.15)], colour("5a4838"), 0.06, 0.5)
    bench.line([(-0.55, 3.4), (0.8, 2.5), (2.5, 1.0)], colour("302820"), 0.018)
    sway = 0.05 * sin(2 * pi * vessel.t / 2.6)
    net = [(-2.05, 2.1), (-1.5, 1.6 + sway), (-1.0 + sway, 0.9), (-1.7, 0.72), (-2.0 + sway, 1.3)]
    bench.canvas.drawPath(curve(net, True), fill(bench.tone(colour("3c6a60"), 0.5), 0.55))
    for k in range(6):
        x = -2.0 + 0.17 * k
        strand = [(-2.02 + 0.03 * k, 2.1), (x + sway, 1.5), (x + 0.1 + sway, 0.78)]
        bench.line(strand, colour("24443c"), 0.012, 0.5)
    bench.line([(1.25, 2.04), (1.25, 2.3), (1.25, 2.5)], colour("404448"), 0.05)
    flag = [(1.25 - 0.4 * s, 2.5 + 0.04 * sin(5 * s - 7 * vessel.t) * s) for s in np.linspace(0, 1, 6)]
    bench.shape([*flag, *[(x, y - 0.15) for x, y in flag[::-1]]], colour("e0b040"), 0.7)


def _fishers(vessel: Vessel) -> None:
    """One hauls the net hand over hand, one stands at the bow."""
    deck, t = vessel.deck, vessel.t
    reach = [
        deck.at(-1.2 + 0.16 * sin(2 * pi * t / 1.7 + pi * k), 1.15 + 0.2 * cos(2 * pi * t / 1.7 + pi * k))
        for k in (0, 1)
    ]
    hauls = standing(deck, (-0.75, 0.12), (reach[0], reach[1]), -1.0, t, vessel.seed + 5)
    draw_sailor(vessel.frame, hauls, sailor(vessel.seed, "net", "e0a030"), vessel.wind)
    rail = deck.at(2.1, 0.98, 0.1)
    looks = standing(deck, (1.9, 0.2), (rail, None), 1.0, t, vessel.seed + 9)
    draw_sailor(vessel.frame, looks, sailor(vessel.seed, "bow", "3c5c8c"), vessel.wind)


def _crates(vessel: Vessel) -> None:
    for x, tint in ((-1.95, "b8783c"), (-1.55, "4a7c9c")):
        vessel.bench.shape([(x, 0.5), (x, 0.78), (x + 0.36, 0.78), (x + 0.36, 0.5)], colour(tint), 0.6)
    lamp(vessel, 2.45, 1.35, 0.9)


def _decks(vessel: Vessel) -> None:
    bench, white = vessel.bench, colour("ecece4")
    bench.shape([(-2.35, 0.6), (-2.3, 1.45), (1.75, 1.45), (2.0, 0.6)], white, 0.7)
    bench.shape([(-1.75, 1.45), (-1.75, 2.2), (1.1, 2.2), (1.3, 1.45)], scaled(white, 0.96), 0.6)
    bench.shape([(0.2, 2.2), (0.2, 2.85), (1.05, 2.85), (1.2, 2.2)], white, 0.8)
    bench.shape([(0.05, 2.83), (0.05, 2.95), (1.3, 2.95), (1.3, 2.83)], scaled(vessel.own, 0.9), 0.7)
    bench.shape([(-1.0, 2.2), (-1.1, 3.3), (-0.45, 3.3), (-0.35, 2.2)], scaled(vessel.own, 1.1), 0.7)
    bench.shape([(-1.06, 2.9), (-1.08, 3.06), (-0.43, 3.06), (-0.41, 2.9)], white, 0.8)
    panes(vessel, [(-2.05 + 0.48 * k, 0.86, -1.75 + 0.48 * k, 1.18) for k in range(8)])
    panes(vessel, [(-1.55 + 0.5 * k, 1.68, -1.25 + 0.5 * k, 1.98) for k in range(5)])
    panes(vessel, [(0.34, 2.42, 0.62, 2.72), (0.72, 2.42, 1.06, 2.72)])
    smoke = vessel.frame.light.palette.haze
    for k in range(7):
        age = (vessel.t * 0.35 + k / 7) % 1.0
        x = -0.78 - (0.7 + 1.6 * vessel.wind) * age * 1.6 + 0.12 * float(wander(k, vessel.t + 3 * k))
        shade = fill(mix(scaled(smoke, 0.6), smoke, age), 0.4 * (1 - age))
        bench.canvas.drawCircle(x, 3.35 + 0.75 * age, 0.12 + 0.35 * age, shade)


def _passengers(vessel: Vessel) -> None:
    """People at the rails look out; one waves. Beside them a ferry is large."""
    deck, t, tall = vessel.deck, vessel.t, 0.82
    for k, (x, foot) in enumerate(
        ((-2.05, 1.45), (-1.5, 2.2), (-0.05, 2.2), (1.35, 1.45), (-1.25, 2.2), (-1.95, 1.45))
    ):
        seed = vessel.seed + 31 * k
        look = 1.0 if k % 3 else -1.0
        rail = deck.at(x + 0.14 * look, foot + 0.36, -0.06)
        wave = deck.at(x + (0.1 + 0.07 * sin(5.2 * t)) * look, foot + 0.92, -0.06)
        made = standing(deck, (x, foot), (rail, wave if k == 2 else rail), look, t, seed, tall * (0.95 + 0.02 * k))
        draw_sailor(vessel.frame, made, sailor(seed, "passenger"), vessel.wind)


def _rails(vessel: Vessel) -> None:
    bench = vessel.bench
    for y, left, right in ((1.45, -2.3, 1.75), (2.2, -1.75, 0.2)):
        for k in range(int((right - left) / 0.25) + 1):
            x = left + 0.25 * k
            bench.canvas.drawLine(x, y, x, y + 0.22, line(bench.tone((0.9, 0.9, 0.88), 0.7), 0.02))
        bench.canvas.drawLine(left, y + 0.22, right, y + 0.22, line(bench.tone((0.95, 0.95, 0.92), 0.8), 0.03))
    lamp(vessel, 2.5, 1.45, 0.9)


_FISH_HULL = hull(
    [
        (-2.45, 0.85),
        (-2.3, 0.0),
        (-1.9, -0.25),
        (1.4, -0.25),
        (2.15, 0.2),
        (2.75, 1.2),
        (1.6, 0.86),
        (-0.4, 0.62),
        (-1.7, 0.66),
    ],
    [(-2.45, 0.85), (-1.7, 0.66), (-0.4, 0.62), (1.6, 0.86), (2.75, 1.2)],
    [(-2.36, 0.3), (-0.4, 0.16), (1.5, 0.26), (2.4, 0.6)],
    -0.3,
    1.0,
)
_FERRY_HULL = hull(
    [
        (-2.6, 0.72),
        (-2.5, -0.1),
        (-2.3, -0.25),
        (2.0, -0.25),
        (2.3, 0.0),
        (2.8, 0.98),
        (1.9, 0.78),
        (-0.4, 0.68),
    ],
    [(-2.6, 0.72), (-0.4, 0.68), (1.9, 0.78), (2.8, 0.98)],
    [(-2.55, 0.3), (-0.4, 0.26), (1.9, 0.34), (2.5, 0.5)],
    -0.3,
    0.9,
)

FISHING = (in_frame(_wheelhouse), crewed(_fishers), _FISH_HULL, in_frame(_crates))
FERRY = (in_frame(_decks), crewed(_passengers), _FERRY_HULL, in_frame(_rails))
"""The parts of each boat from back to front."""
