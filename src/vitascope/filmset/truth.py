"""Ground truth of a frame: where every subject is, whose a pixel is, what lies behind what, how things move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.canvas.paint import pixels, surface
from vitascope.filmset.canvas.random_streams import Floats
from vitascope.filmset.film import Stagecraft
from vitascope.filmset.flow import carried
from vitascope.filmset.movers.creatures import flight_through, member_place
from vitascope.filmset.movers.toys import drone_place
from vitascope.filmset.nature.land import Floor
from vitascope.filmset.nature.water import Water
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.skeleton import joints
from vitascope.filmset.scene.scene import Kind
from vitascope.filmset.stage.backlot import Frame, Item
from vitascope.filmset.stage.camera import View
from vitascope.filmset.stage.cast import Actor, Cast
from vitascope.filmset.stage.play import ball_height
from vitascope.filmset.stage.site import FOCAL, HUMAN, bulk
from vitascope.filmset.stage.solid import Panel
from vitascope.values import Size, Timing

OPAQUE = 200  # an alpha above this is the thing itself, not its shadow or its glow
FARTHEST = 1e7  # m; what no item covers
SAME = 1.02  # two depths closer than this share are one surface


class Filmed(Protocol):
    """Something filmed: a film, or a clip of training footage."""

    size: Size
    timing: Timing
    cast: Cast

    @property
    def share(self) -> float:
        """Metres of the stage to one of the cast."""
        ...

    @property
    def stage(self) -> Stagecraft:
        """The items, each actor's apart."""
        ...

    def shown(self, index: int) -> View:
        """Bring the stage to a frame's moment; how that frame sees it."""
        ...


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
    """The ground truth of something filmed. Depths are metres of the cast; a cut ends all motion."""

    def __init__(self, film: Filmed) -> None:
        self.film = film
        self.cast = film.cast
        self.size: Size = film.size
        self.made = surface(self.size.width, self.size.height)

    def boxes(self, index: int) -> list[Box]:
        """One box for each actor, in the order of the cast."""
        t = self.film.timing.time(index)
        return [self._box(k, actor, t) for k, actor in enumerate(self.cast.actors)]

    def masks(self, index: int) -> NDArray[np.uint8]:
        """Whose pixel it is: 0 nobody's, k + 1 actor k's (nearest wins), whatever stands before it; (height, width)."""
        view, t = self.film.shown(index), self.film.timing.time(index)
        labels = np.zeros((self.size.height, self.size.width), np.uint8)
        order = sorted(range(len(self.cast.actors)), key=lambda k: -self.cast.actors[k].where(t)[1])
        for k in order:
            labels[self._solid(self.film.stage.acting[k], view, t)] = k + 1
        return labels

    def depth(self, index: int) -> NDArray[np.float32]:
        """How far away what is seen is: m along the lens' axis from the camera at rest; (height, width)."""
        return self._layers(index)[0]

    def seen(self, index: int) -> NDArray[np.uint8]:
        """Whose pixel it is that is seen, as `masks` without what stands hidden; (height, width)."""
        return self._layers(index)[1]

    def flow(self, index: int) -> NDArray[np.float32]:
        """How what is seen moves to the next frame: (height, width, 2) pixels, right and down.

        Still things move with the camera, subjects with their bones as well. Plants, waves and weather have no flow.
        """
        depth, owner = self._layers(index)
        return self._flow(index, depth, owner)

    def covered(self, index: int) -> NDArray[np.bool_]:
        """What is seen now and no longer in the next frame: hidden behind something nearer, or out of the picture."""
        depth, owner = self._layers(index)
        flow = self._flow(index, depth, owner)
        after, owner_after = self._layers(index + 1)
        height, width = depth.shape
        x = np.rint(np.arange(width)[None, :] + flow[..., 0]).astype(np.int64)
        y = np.rint(np.arange(height)[:, None] + flow[..., 1]).astype(np.int64)
        outside = (x < 0) | (x >= width) | (y < 0) | (y >= height)
        x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
        other = owner_after[y, x] != owner
        return np.asarray(outside | (after[y, x] * SAME < depth) | (other & (after[y, x] < depth * SAME)))

    def still(self, index: int, depth: float | NDArray[np.float32]) -> NDArray[np.float32]:
        """How still things at `depth` metres move to the next frame: (height, width, 2) pixels, right and down."""
        u, v = self._grid()
        now, after = (self.cast.camera.view(self.film.timing.time(k)) for k in (index, index + 1))
        far = np.maximum(np.broadcast_to(depth, (self.size.height, self.size.width)), now.state.z + 0.05)
        x, y = _placed(now, u, v, far)
        u_after, v_after, _ = after.project(x, y, np.maximum(far, after.state.z + 0.05))
        return (np.stack([u_after - u, v_after - v], -1) * self.size.height).astype(np.float32)

    def order(self) -> list[float]:
        """Distances of all items in metres, far to near, in the order in which they are drawn."""
        return [item.z / self.film.share for item in self.film.stage.items]

    def _flow(self, index: int, depth: NDArray[np.float32], owner: NDArray[np.uint8]) -> NDArray[np.float32]:
        timing, (u, v) = self.film.timing, self._grid()
        flow = self.still(index, depth)
        times = timing.time(index), timing.time(index + 1)
        views = self.cast.camera.view(times[0]), self.cast.camera.view(times[1])
        for k, actor in enumerate(self.cast.actors):
            own = owner == k + 1
            if own.any():
                spots = np.stack([u[own], v[own]], 1)
                moved = carried(self.cast, actor, times, views, spots) - spots
                flow[own] = (moved * self.size.height).astype(np.float32)
        return flow

    def _layers(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Depth and owner of every pixel: items far to near, each covering what lies behind it."""
        view, t = self.film.shown(index), self.film.timing.time(index)
        depth = np.full((self.size.height, self.size.width), FARTHEST, np.float32)
        owner = np.zeros(depth.shape, np.uint8)
        for item in sorted(self.film.stage.still, key=lambda item: -item.z):
            if item.z > view.state.z + 0.3 * view.lens.eye or isinstance(item, Panel):
                solid = self._solid([item], view, t)
                depth[solid] = (self._distance(item, view) / self.film.share)[solid]
        for k in sorted(range(len(self.cast.actors)), key=lambda k: -self.cast.actors[k].where(t)[1]):
            z = self.cast.actors[k].where(t)[1]
            front = self._solid(self.film.stage.acting[k], view, t) & (z < depth * SAME)
            depth[front], owner[front] = z, k + 1
        return depth, owner

    def _distance(self, item: Item, view: View) -> Floats:
        """How far away each pixel of an item is, in metres of the stage: flat, or as its plane runs."""
        u, v = self._grid()
        if isinstance(item, Panel):
            return _on_plane(view, u, v, np.asarray([item.near[0], item.far[0], item.near[1]]), item.far[0][2])
        if isinstance(item, Floor | Water):
            below = np.maximum(v - view.horizon, 1e-5)
            return np.asarray(view.state.z + (view.lens.eye + view.state.y) * FOCAL / below)
        return np.full(u.shape, item.z)

    def _grid(self) -> tuple[Floats, Floats]:
        """Every pixel's middle, (u, v)."""
        height = self.size.height
        u = (np.arange(self.size.width) + 0.5) / height - self.size.ratio / 2
        v = (np.arange(height) + 0.5) / height
        shape = (height, self.size.width)
        return np.broadcast_to(u[None, :], shape), np.broadcast_to(v[:, None], shape)

    def _solid(self, items: Sequence[Item], view: View, t: float) -> NDArray[np.bool_]:
        """Where items, drawn on nothing, are opaque."""
        stage = self.film.stage
        canvas = self.made.getCanvas()
        canvas.clear(0)
        canvas.save()
        canvas.scale(self.size.height, self.size.height)
        canvas.translate(self.size.ratio / 2, 0)
        frame = Frame(canvas, view, stage.light, t, self.size.height, self.size.ratio)
        frame.mirror = stage.half.makeImageSnapshot()
        for item in items:
            item.draw(frame)
        canvas.restore()
        return np.asarray(pixels(self.made)[..., 3] > OPAQUE)

    def _box(self, k: int, actor: Actor, t: float) -> Box:
        points = np.asarray(self._points(actor, t))
        u, v, _ = self.cast.camera.view(t).project(points[:, 0], points[:, 1], points[:, 2])
        px, py = (u + self.size.ratio / 2) * self.size.height, v * self.size.height
        middle = float(points[:, 2].mean()) - self.cast.camera.state(t).z
        return Box(k, float(px.min()), float(py.min()), float(px.max()), float(py.max()), middle)

    def _points(self, actor: Actor, t: float) -> list[list[float]]:
        """World points whose hull is the actor."""
        seconds = float(self.film.timing.seconds)
        if actor.kind in HUMAN or actor.kind is Kind.DIVER:
            return [[float(q) for q in joint] for joint in joints(pose(actor, t, seconds))]
        x, z = actor.where(t)
        if actor.kind in (Kind.BIRDS, Kind.FISH):
            flight = flight_through(self.cast.scene, self.cast.lens, actor, seconds)
            return [[float(q) for q in member_place(actor, flight, m, t)] for m in range(actor.count)]
        if actor.kind is Kind.DRONES:
            x, y, z = drone_place(actor, t)
            return _corners(x, z, 0.5, y - 0.2, y + 0.3)
        if actor.kind is Kind.BALLS:
            y = ball_height(actor, t)[0]
            return _corners(x + 0.25 * float(np.sin(2 * np.pi * t / 9 + actor.seed % 7)), z, 0.25, y, y + 0.5)
        width, height, _ = bulk(self.cast.scene, actor.subject)
        return _corners(x, z, 0.5 * width, 0.0, height)


def _corners(x: float, z: float, half: float, low: float, high: float) -> list[list[float]]:
    return [[x - half, low, z], [x + half, low, z], [x - half, high, z], [x + half, high, z]]


def _placed(view: View, u: Floats, v: Floats, z: Floats) -> tuple[Floats, Floats]:
    """World x and y of what is seen at (u, v) at distance z."""
    metre = (z - view.state.z) / FOCAL
    x = view.state.x + (u + view.state.pan) * metre
    return x, view.lens.eye + view.state.y - (v - view.lens.horizon + view.state.tilt) * metre


def _on_plane(view: View, u: Floats, v: Floats, points: Floats, farthest: float) -> Floats:
    """How far away a plane through three points is where it is seen at (u, v), at most `farthest`."""
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    state = view.state
    eye = np.array([state.x, view.lens.eye + state.y, state.z])
    ray = np.stack([(u + state.pan) / FOCAL, -(v - view.lens.horizon + state.tilt) / FOCAL, np.ones_like(u)], axis=-1)
    slope = ray @ normal
    steps = float((points[0] - eye) @ normal) / np.where(np.abs(slope) < 1e-9, 1e-9, slope)
    return np.asarray(state.z + np.clip(steps, 0.05, farthest - state.z))
