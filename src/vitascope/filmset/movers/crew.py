"""People aboard: a boat's crew rows, steers or stands at the helm, passengers look out; all go with the boat's roll.

A crew's body is made of the same joints as any figure's; it is placed in the boat's own frame (metres: x towards the
bow, y up from the water line) and drawn on a canvas that is already turned with the boat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi, sin

import numpy as np

from vitascope.filmset.canvas.palette import colour
from vitascope.filmset.canvas.random_streams import number, wander
from vitascope.filmset.people.figure import draw_figure
from vitascope.filmset.people.outfit import Outfit, outfit
from vitascope.filmset.people.skeleton import (
    FORE,
    HAND,
    HEAD,
    HIPS,
    NECK,
    SHIN,
    SHOULDERS,
    THIGH,
    TORSO,
    UP,
    UPPER,
    Body,
    Pose,
    Vector,
    bend,
    body,
    unit,
)
from vitascope.filmset.scene.scene import Action, Kind
from vitascope.filmset.stage.backlot import Frame
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.steps import Walkway

DeckSpot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Deck:
    """Where a boat is: its middle (x, z) in metres and +1 if it heads to the right, -1 to the left."""

    x: float
    z: float
    way: float

    def at(self, x: float, y: float, side: float = 0.0) -> Vector:
        """A place aboard in the world; `side` metres away from the viewer."""
        return np.array([self.x + self.way * x, y, self.z + side])


def sailor(seed: int, name: str, top: str | None = None) -> tuple[Outfit, int]:
    """What a member of a crew wears, and the seed of a face of its own."""
    own = number(seed, "crew", name) % 2**31
    passer = Actor(Kind.WALKER, Action.WADE, 0, 0, own, Walkway(0.0, 0.0, 0.0, 0.0))
    wear = replace(outfit(passer), skirt=0.0, open_front=False, hood=False, hair_length=0.0, hat=own % 3 == 0)
    if top:
        wear = replace(wear, top=colour(top), sleeves=0.4)
    return wear, own


Hold = tuple[Vector | None, Vector | None]
"""Where the left and the right wrist are; None: hanging."""


def standing(deck: Deck, place: DeckSpot, hands: Hold, look: float, t: float, seed: int, scale: float = 1.72) -> Pose:
    """Somebody on his feet at a place aboard; `look` 1 = to the bow, -1 = to the stern; `scale` his stature, m."""
    frame = body(0.0 if deck.way * look > 0 else pi, scale)
    foot = deck.at(*place)
    shift = 0.03 * float(wander(seed, t * 0.5))
    pelvis = foot + UP * 0.515 * scale + frame.ahead * shift
    ankles: list[Vector] = [
        foot + (frame.ahead * 0.052 * side + frame.left * 0.07 * side + UP * 0.04) * scale for side in (1.0, -1.0)
    ]
    return _figure(frame, pelvis, 0.04 + 0.2 * shift, ankles, hands, t, seed)


def seated(deck: Deck, place: DeckSpot, hands: Hold, look: float, lean: float, t: float, seed: int) -> Pose:
    """Somebody who sits at a place aboard (his seat), legs before him; `lean` is the slope of his back, ahead > 0."""
    scale = 1.72
    frame = body(0.0 if deck.way * look > 0 else pi, scale)
    pelvis = deck.at(*place) + UP * 0.09
    feet = [pelvis + frame.ahead * 0.62 - UP * 0.3 + frame.left * side * 0.13 for side in (1.0, -1.0)]
    return _figure(frame, pelvis, lean, feet, hands, t, seed)


def _figure(frame: Body, pelvis: Vector, lean: float, ankles: list[Vector], targets: Hold, t: float, seed: int) -> Pose:
    ahead, left, scale = frame.ahead, frame.left, frame.scale
    spine = unit(UP + ahead * lean)
    chest = pelvis + spine * TORSO * scale + UP * 0.004 * scale * sin(2 * pi * t / 3.3 + seed % 7)
    turned = 0.3 * float(wander(seed + 2, t * 0.4))
    face = unit(ahead * cos(turned) + left * sin(turned) + np.array([0.0, 0.0, -0.5]))
    head = chest + unit(spine + 0.7 * UP + 0.2 * face) * (NECK + HEAD) * scale
    hips = [pelvis + left * side * HIPS * scale for side in (1.0, -1.0)]
    legs = [bend(hips[k], ankles[k], THIGH * scale, SHIN * scale, ahead + 0.5 * UP) for k in (0, 1)]
    shoulders = [chest - spine * 0.02 * scale + left * side * SHOULDERS * scale for side in (1.0, -1.0)]
    soles = [end - UP * 0.03 * scale for _, end in legs]
    made = Pose(
        scale=scale,
        pelvis=pelvis,
        chest=chest,
        head=head,
        hips=hips,
        knees=[knee for knee, _ in legs],
        ankles=[end for _, end in legs],
        balls=[sole + ahead * 0.07 * scale for sole in soles],
        toes=[sole + ahead * 0.11 * scale for sole in soles],
        heels=[sole - ahead * 0.03 * scale for sole in soles],
        shoulders=shoulders,
        elbows=[],
        wrists=[],
        hands=[],
        face=face,
        chest_way=unit(ahead + np.array([0.0, 0.0, -0.45])),
    )
    for k, side in enumerate((1.0, -1.0)):
        goal = targets[k]
        if goal is None:
            goal = shoulders[k] - UP * 0.29 * scale + ahead * 0.06 * scale + left * side * 0.03 * scale
        elbow, wrist = bend(shoulders[k], goal, UPPER * scale, FORE * scale, left * side * 0.5 - UP - 0.3 * ahead)
        made.elbows.append(elbow)
        made.wrists.append(wrist)
        made.hands.append(wrist + unit(wrist - elbow) * HAND * scale)
    made.grips = (targets[0] is not None, targets[1] is not None)
    return made


def draw_sailor(frame: Frame, made: Pose, wear: tuple[Outfit, int], wind: float) -> None:
    """Draw somebody aboard."""
    draw_figure(frame, made, wear[0], wear[1], wind)
