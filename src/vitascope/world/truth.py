"""Ground truth of a frame: where every subject is, whose a pixel is, what lies behind what, how things move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitascope.scene.scene import Kind
from vitascope.values import Effort, Size
from vitascope.world.backlot import Backlot, Frame, Item
from vitascope.world.cast import Actor
from vitascope.world.creatures import flight_of, member_place
from vitascope.world.film import Film
from vitascope.world.paint import pixels, surface
from vitascope.world.play import ball_height
from vitascope.world.players import enter
from vitascope.world.pose import pose
from vitascope.world.site import BULK, HUMAN
from vitascope.world.skeleton import joints
from vitascope.world.toys import drone_place

OPAQUE = 200  # an alpha above this is the thing itself, not its shadow or its glow


@dataclass(frozen=True, slots=True)
class Box:
    """Where a subject is seen: edges in pixels (may lie outside the picture), its distance in metres."""

    actor: int
    left: float
    top: float
    right: float
    bottom: float
    distance: float


class Truth:
    """The ground truth of one film."""

    def __init__(self, film: Film) -> None:
        self.film = film
        self.cast = film.cast
        self.size: Size = film.size

    def boxes(self, index: int) -> list[Box]:
        """One box for each actor, in the order of the cast."""
        t = self.film.timing.time(index)
        return [self._box(k, actor, t) for k, actor in enumerate(self.cast.actors)]

    def masks(self, index: int) -> NDArray[np.uint8]:
        """Whose pixel it is: 0 nobody's, k + 1 actor k's (nearest wins); (height, width)."""
        t = self.film.timing.time(index)
        labels = np.zeros((self.size.height, self.size.width), np.uint8)
        order = sorted(range(len(self.cast.actors)), key=lambda k: -self.cast.actors[k].where(t)[1])
        for k in order:
            labels[self._alone(self.cast.actors[k], t) > OPAQUE] = k + 1
        return labels

    def flow(self, index: int, depth: float) -> NDArray[np.float32]:
        """How still things at `depth` metres move to the next frame: (height, width, 2) pixels, right and down."""
        camera, timing = self.cast.camera, self.film.timing
        now, after = camera.view(timing.time(index)).plane(depth), camera.view(timing.time(index + 1)).plane(depth)
        height = self.size.height
        u = (np.arange(self.size.width) + 0.5) / height - self.size.ratio / 2
        v = (np.arange(height) + 0.5) / height
        rest_u, rest_v = (u - now[1]) / now[0], (v - now[2]) / now[0]
        du, dv = rest_u * after[0] + after[1] - u, rest_v * after[0] + after[2] - v
        return np.stack(np.broadcast_arrays(du[None, :], dv[:, None]), -1).astype(np.float32) * height

    def order(self) -> list[float]:
        """Distances of all items in metres, far to near, in the order in which they are drawn."""
        return [item.z for item in self.film.items]

    def _alone(self, actor: Actor, t: float) -> NDArray[np.uint8]:
        """One actor's alpha, drawn on nothing."""
        lot = Backlot(self.cast.scene, self.cast, self.film.light, self.size, Effort.FAST)
        enter(lot, only=actor)
        made = surface(self.size.width, self.size.height)
        canvas = made.getCanvas()
        canvas.scale(self.size.height, self.size.height)
        canvas.translate(self.size.ratio / 2, 0)
        frame = Frame(canvas, self.cast.camera.view(t), self.film.light, t, self.size.height, self.size.ratio)
        items: list[Item] = lot.items
        for item in items:
            item.draw(frame)
        return pixels(made)[..., 3]

    def _box(self, k: int, actor: Actor, t: float) -> Box:
        points = np.asarray(self._points(actor, t))
        u, v, _ = self.cast.camera.view(t).project(points[:, 0], points[:, 1], points[:, 2])
        px, py = (u + self.size.ratio / 2) * self.size.height, v * self.size.height
        middle = float(points[:, 2].mean()) - self.cast.camera.state(t).z
        return Box(k, float(px.min()), float(py.min()), float(px.max()), float(py.max()), middle)

    def _points(self, actor: Actor, t: float) -> list[list[float]]:
        """World points whose hull is the actor."""
        if actor.kind in HUMAN or actor.kind is Kind.DIVER:
            return [[float(q) for q in joint] for joint in joints(pose(actor, t, float(self.film.timing.seconds)))]
        x, z = actor.where(t)
        if actor.kind in (Kind.BIRDS, Kind.FISH):
            lot = Backlot(self.cast.scene, self.cast, self.film.light, self.size, Effort.FAST)
            flight = flight_of(lot, actor)
            return [[float(q) for q in member_place(actor, flight, m, t)] for m in range(actor.count)]
        if actor.kind is Kind.DRONES:
            x, y, z = drone_place(actor, t)
            return _corners(x, z, 0.5, y - 0.2, y + 0.3)
        if actor.kind is Kind.BALLS:
            y = ball_height(actor, t)[0]
            return _corners(x + 0.25 * float(np.sin(2 * np.pi * t / 9 + actor.seed % 7)), z, 0.25, y, y + 0.5)
        width, height, _ = BULK[actor.kind]
        return _corners(x, z, 0.5 * width, 0.0, height)


def _corners(x: float, z: float, half: float, low: float, high: float) -> list[list[float]]:
    return [[x - half, low, z], [x + half, low, z], [x - half, high, z], [x + half, high, z]]
