"""Boats of five kinds with their crews: they rock, leave a wake, and are put together from parts, back to front."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Any

import numpy as np

from vitascope.filmset.canvas.paint import line
from vitascope.filmset.canvas.palette import mix, named
from vitascope.filmset.movers.craft import Bench
from vitascope.filmset.movers.crew import Deck
from vitascope.filmset.movers.ships import FERRY, FISHING
from vitascope.filmset.movers.small_boats import GONDOLA, ROWING, SAILING
from vitascope.filmset.movers.vessel import Vessel
from vitascope.filmset.scene.scene import Craft
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import heave, rocking
from vitascope.filmset.stage.site import craft_of

HULLS = {
    Craft.SAILING: "7a4a30",
    Craft.ROWING: "3c7a6c",
    Craft.FISHING: "2c5a8c",
    Craft.FERRY: "a83430",
    Craft.GONDOLA: "1c1c22",
}
ROLLS = {Craft.SAILING: 1.0, Craft.ROWING: 0.8, Craft.FISHING: 0.8, Craft.FERRY: 0.35, Craft.GONDOLA: 0.5}
WAKES = {Craft.SAILING: 1.0, Craft.ROWING: 0.7, Craft.FISHING: 1.0, Craft.FERRY: 1.1, Craft.GONDOLA: 0.8}

PARTS: dict[Craft, tuple[Callable[[Vessel], None], ...]] = {
    Craft.SAILING: SAILING,
    Craft.ROWING: ROWING,
    Craft.FISHING: FISHING,
    Craft.FERRY: FERRY,
    Craft.GONDOLA: GONDOLA,
}


def boat(lot: Backlot, actor: Actor) -> Any:
    """A boat of the actor's kind that rocks, with its crew and its wake."""
    kind = craft_of(lot.scene, actor.subject)
    own = named(actor.colour, HULLS[kind])
    mirrored = cos(actor.way.heading) < 0 if actor.way.speed else actor.seed % 2 == 0

    def act(frame: Frame) -> None:
        x, z = actor.where(frame.t)
        u, v, per = (float(q) for q in frame.view.project(x, 0.0, z))
        roll, lift = rocking(actor, frame.t) * ROLLS[kind], heave(actor, frame.t)
        turn = float(np.degrees(roll)) * (1 if mirrored else -1)

        def tilt() -> None:
            frame.canvas.translate(u, v - lift * per)
            frame.canvas.rotate(turn)
            frame.canvas.translate(-u, -v)

        with Bench(frame, x, 0.0, z, mirrored) as bench:
            _wake(bench, frame.t, WAKES[kind])
        bench = Bench(frame, x, 0.0, z, mirrored)
        deck = Deck(x, z, -1.0 if mirrored else 1.0)
        vessel = Vessel(
            frame=frame,
            bench=bench,
            deck=deck,
            t=frame.t,
            own=own,
            actor=actor,
            wind=lot.scene.wind,
            tilt=tilt,
            plain=actor.colour is None,
        )
        for part in PARTS[kind]:
            part(vessel)

    return act


def _wake(bench: Bench, t: float, size: float) -> None:
    """White water from the bow and along the side."""
    tint = mix(bench.frame.light.palette.haze, (1, 1, 1), 0.4)
    for k in range(7):
        phase = (t * 0.5 + k / 7) % 1.0
        x = (2.2 - 5.6 * phase) * size
        width, alpha = (0.5 + 1.1 * phase) * size, 0.5 * sin(pi * phase)
        y = -0.2 - 0.12 * phase
        bench.canvas.drawLine(x - width, y, x + width * 0.4, y, line(tint, 0.03, alpha))
