"""What a film shows of its actors: where each is in a frame, and which pixels are whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.canvas.paint import pixels, surface
from vitascope.filmset.film import Film
from vitascope.filmset.movers.creatures import flight_of, member_place
from vitascope.filmset.movers.toys import drone_place
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.skeleton import joints
from vitascope.filmset.scene.scene import Kind
from vitascope.filmset.stage.backlot import Frame, StageItem
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import ball_height, ball_place
from vitascope.filmset.stage.site import HUMAN, bulk

OPAQUE = 200  # an alpha above this is the thing itself, not its shadow or its glow


@dataclass(frozen=True, slots=True)
class Box:
    """Where an actor is seen: edges in pixels (may lie outside the picture)."""

    left: float
    top: float
    right: float
    bottom: float


def boxes(film: Film, index: int) -> list[Box]:
    """One box for each actor, in the order of the cast."""
    return [_box(film, actor, film.timing.time(index)) for actor in film.cast.actors]


def masks(film: Film, index: int) -> NDArray[np.uint8]:
    """Whose pixel it is: 0 nobody's, k + 1 actor k's (nearest wins), whatever stands before it; (height, width)."""
    actors, t = film.cast.actors, film.timing.time(index)
    labels = np.zeros((film.size.height, film.size.width), np.uint8)
    for k in sorted(range(len(actors)), key=lambda k: -actors[k].where(t)[1]):
        labels[_solid(film, film.early.acting[k], index)] = k + 1
    return labels


def _solid(film: Film, items: Sequence[StageItem], index: int) -> NDArray[np.bool_]:
    """Where items, drawn on nothing, are opaque."""
    size, stage = film.size, film.early
    made = surface(size.width, size.height)
    canvas = made.getCanvas()
    canvas.clear(0)
    canvas.save()
    canvas.scale(size.height, size.height)
    canvas.translate(size.ratio / 2, 0)
    mirror = stage.half.makeImageSnapshot()
    frame = Frame(canvas, film.shown(index), stage.light, film.timing.time(index), size.height, size.ratio, mirror)
    for item in items:
        item.draw(frame)
    canvas.restore()
    return np.asarray(pixels(made)[..., 3] > OPAQUE)


def _box(film: Film, actor: Actor, t: float) -> Box:
    points = np.asarray(_points(film, actor, t))
    u, v, _ = film.cast.camera.view(t).project(points[:, 0], points[:, 1], points[:, 2])
    x, y = (u + film.size.ratio / 2) * film.size.height, v * film.size.height
    return Box(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def _points(film: Film, actor: Actor, t: float) -> list[list[float]]:
    """World points whose hull is the actor."""
    if actor.kind in HUMAN or actor.kind is Kind.DIVER:
        return [[float(q) for q in joint] for joint in joints(pose(actor, t, float(film.timing.seconds)))]
    if actor.kind in (Kind.BIRDS, Kind.FISH):
        flight = flight_of(film.cast, actor)
        return [[float(q) for q in member_place(actor, flight, m, t)] for m in range(actor.count)]
    if actor.kind is Kind.DRONES:
        x, y, z = drone_place(actor, t)
        return _corners(x, z, 0.5, y - 0.2, y + 0.3)
    if actor.kind is Kind.BALLS:
        y = ball_height(actor, t)[0]
        return _corners(*ball_place(actor, t), 0.25, y, y + 0.5)
    width, height, _ = bulk(film.cast.scene, actor.subject)
    return _corners(*actor.where(t), 0.5 * width, 0.0, height)


def _corners(x: float, z: float, half: float, low: float, high: float) -> list[list[float]]:
    return [[x - half, low, z], [x + half, low, z], [x - half, high, z], [x + half, high, z]]
