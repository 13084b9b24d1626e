"""How subjects move from moment to moment, pixel by pixel: limbs with their bones, things as they turn and swell."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from vitascope.filmset.canvas.random_streams import Floats
from vitascope.filmset.movers.boats import ROLLS
from vitascope.filmset.movers.creatures import Flight, flight_through, member_place
from vitascope.filmset.movers.toys import drone_place
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.skeleton import HEAD, UP, Pose
from vitascope.filmset.scene.scene import Kind
from vitascope.filmset.stage.camera import View
from vitascope.filmset.stage.cast import Actor, Cast
from vitascope.filmset.stage.play import ball_height, rocking
from vitascope.filmset.stage.site import HUMAN, craft_of

REACH = 0.05
"""Beyond a bone's own thickness its hold on a pixel falls off over this many statures."""


@dataclass(frozen=True, slots=True)
class Bones:
    """A figure's bones in the picture: ends (n, 2, 2) as (u, v), depth of their middles (n), thickness (n)."""

    ends: Floats
    depth: Floats
    thick: Floats


@dataclass(frozen=True, slots=True)
class Grip:
    """A rigid thing in the picture: its anchor (u, v), a turn (rad) and its swelling across and upright."""

    u: float
    v: float
    turn: float = 0.0
    wide: float = 1.0
    tall: float = 1.0

    def carried(self, after: Grip, spots: Floats) -> Floats:
        """Where spots (n, 2) on this thing are when it is held as `after`."""
        x, y = spots[:, 0] - self.u, spots[:, 1] - self.v
        c, s = cos(self.turn), sin(self.turn)
        x, y = (c * x + s * y) * after.wide / self.wide, (c * y - s * x) * after.tall / self.tall
        c, s = cos(after.turn), sin(after.turn)
        return np.stack([c * x - s * y + after.u, s * x + c * y + after.v], 1)


def carried(company: Cast, actor: Actor, times: tuple[float, float], views: tuple[View, View], spots: Floats) -> Floats:
    """Where spots (n, 2) of the picture, (u, v) on an actor at the first time, are seen at the second."""
    seconds = float(company.timing.seconds)
    if actor.kind in HUMAN or actor.kind is Kind.DIVER:
        before, after = (_bones(pose(actor, t, seconds), v) for t, v in zip(times, views, strict=True))
        return _with_bones(before, after, spots)
    if actor.kind in (Kind.BIRDS, Kind.FISH):
        flight = flight_through(company.scene, company.lens, actor, seconds)
        flocks = [_flock(actor, flight, t, v) for t, v in zip(times, views, strict=True)]
        nearest = np.argmin(((spots[:, None] - flocks[0][None, :, :2]) ** 2).sum(-1), 1)
        before_k, after_k = flocks[0][nearest], flocks[1][nearest]
        return np.asarray(after_k[:, :2] + (spots - before_k[:, :2]) * (after_k[:, 2:] / before_k[:, 2:]))
    held = [_grip(company, actor, t, v) for t, v in zip(times, views, strict=True)]
    return held[0].carried(held[1], spots)


def _flock(actor: Actor, flight: Flight, t: float, view: View) -> Floats:
    """All members' (u, v, picture heights a metre); (count, 3)."""
    places = np.asarray([member_place(actor, flight, k, t) for k in range(actor.count)])
    return np.stack(view.project(places[:, 0], places[:, 1], places[:, 2]), 1)


def _grip(company: Cast, actor: Actor, t: float, view: View) -> Grip:
    """How a thing is held in the picture at a time, as its drawing does it."""
    x, z = actor.where(t)
    if actor.kind is Kind.BALLS:
        height, since = ball_height(actor, t)
        squash = 1 - 0.24 * max(0.0, 1 - since / 0.05)
        u, v, per = (float(q) for q in view.project(x + 0.25 * sin(2 * pi * t / 9 + actor.seed % 7), height, z))
        return Grip(u, v, 0.0, per / squash**0.5, per * squash)
    if actor.kind is Kind.DRONES:
        place = drone_place(actor, t)
        u, v, per = (float(q) for q in view.project(*place))
        return Grip(u, v, float(np.clip(3 * (drone_place(actor, t + 0.1)[0] - place[0]), -0.3, 0.3)), per, per)
    u, v, per = (float(q) for q in view.project(x, 0.0, z))
    if actor.kind is Kind.BOAT:
        mirrored = cos(actor.way.heading) < 0 if actor.way.speed else actor.seed % 2 == 0
        roll = rocking(actor, t) * ROLLS[craft_of(company.scene, actor.subject)]
        heave = 0.06 * sin(2 * pi * t / 2.9 + actor.seed % 5)
        return Grip(u, v - heave * per, roll if mirrored else -roll, per, per)
    return Grip(u, v, 0.0, per, per)


def _bones(made: Pose, view: View) -> Bones:
    s = made.scale
    rows = [(made.pelvis, made.chest, 0.075), (made.chest, made.head, 0.03)]
    rows.append((made.head, made.head + UP * 0.6 * HEAD * s, 0.075))
    for k in (0, 1):
        rows += [(made.hips[k], made.knees[k], 0.045), (made.knees[k], made.ankles[k], 0.033)]
        rows += [(made.heels[k], made.toes[k], 0.025), (made.shoulders[k], made.elbows[k], 0.03)]
        rows += [(made.elbows[k], made.wrists[k], 0.022), (made.wrists[k], made.hands[k], 0.02)]
        rows.append((made.chest, made.shoulders[k], 0.04))
    ends = np.asarray([(a, b) for a, b, _ in rows])
    u, v, per = view.project(ends[..., 0], ends[..., 1], ends[..., 2])
    thick = np.asarray([radius * s for _, _, radius in rows]) * np.asarray(per).mean(1)
    return Bones(np.stack([u, v], -1), ends[..., 2].mean(1), thick)


def _with_bones(before: Bones, after: Bones, spots: Floats) -> Floats:
    """Each spot goes with the bones that it lies on, the nearest to the viewer first, or that it is close to."""
    start, way = before.ends[:, 0], before.ends[:, 1] - before.ends[:, 0]
    long = np.maximum((way**2).sum(1), 1e-9)
    away = spots[:, None] - start[None]
    along = np.clip((away * way[None]).sum(-1) / long[None], 0.0, 1.0)
    apart = np.sqrt(((away - along[..., None] * way[None]) ** 2).sum(-1))
    size = float(before.thick.max()) / 0.075
    beyond = np.maximum(apart - before.thick[None], 0.0) / (REACH * size)
    hidden = np.where(apart < before.thick[None], before.depth[None], np.inf).min(1)
    behind = np.where(np.isfinite(hidden)[:, None], np.maximum(before.depth[None] - hidden[:, None] - 0.05, 0.0), 0.0)
    weight = (np.exp(-beyond) * np.exp(-20.0 * behind) + 1e-12) * np.exp(-0.5 * (apart / (REACH * size)))
    weight = weight**3
    moved = after.ends - before.ends
    shift = moved[None, :, 0] + along[..., None] * (moved[:, 1] - moved[:, 0])[None]
    return np.asarray(spots + (shift * weight[..., None]).sum(1) / weight.sum(1)[:, None])
