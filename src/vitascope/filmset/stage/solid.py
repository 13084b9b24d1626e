"""Walls and ceilings in true perspective: a picture painted once and mapped onto four points of the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import SMOOTH, image, pixels, surface
from vitascope.filmset.canvas.palette import Colour
from vitascope.filmset.canvas.quick import warped
from vitascope.filmset.canvas.texture import grained
from vitascope.filmset.stage.backlot import Backlot, Frame

Corner = tuple[float, float, float]
WALL_TEXTURE = 0.2  # how strong the grain of walls is
MARGIN = 0.06  # picture heights that the sampled views may miss


@dataclass(slots=True)
class Panel:
    """A picture on a plane that runs into the depth: `near` and `far` edges (m), each from its top to its foot."""

    z: float
    picture: Any
    near: tuple[Corner, Corner]
    far: tuple[Corner, Corner]
    mirrored: bool = True
    pulse: Callable[[float], float] | None = None
    layer: Any = None

    def draw(self, frame: Frame) -> None:
        """Map the picture onto its plane as the camera sees it now; what lies behind the camera is cut off."""
        strength = 1.0 if self.pulse is None else self.pulse(frame.t)
        if strength <= 0.01:
            return
        (near_top, near_foot), (far_top, far_foot) = self.near, self.far
        limit = frame.view.state.z + 0.25 * frame.view.lens.eye
        if far_top[2] <= limit:
            return
        cut = max(0.0, (limit - near_top[2]) / (far_top[2] - near_top[2]))
        ring = (_between(near_top, far_top, cut), far_top, far_foot, _between(near_foot, far_foot, cut))
        corners = [self._seen(frame, corner) for corner in ring]
        w, h = self.picture.width(), self.picture.height()
        matrix = _homography(cut * w, w, h, corners)
        paint = None if strength >= 0.995 else skia.Paint(Alphaf=min(strength, 1.0))
        if frame.quick:
            self.layer = pixels(self.picture) if self.layer is None else self.layer
            outline = skia.Path.Rect(skia.Rect.MakeLTRB(cut * w, 0, w, h))
            warped(frame.canvas, self.layer, np.array(matrix.get9()).reshape(3, 3), outline=outline, paint=paint)
            return
        frame.canvas.save()
        frame.canvas.concat(matrix)
        if cut:
            frame.canvas.clipRect(skia.Rect.MakeLTRB(cut * w, 0, w, h), doAntiAlias=False)
        frame.canvas.drawImage(self.picture, 0, 0, SMOOTH, paint)
        frame.canvas.restore()

    def _seen(self, frame: Frame, corner: Corner) -> tuple[float, float]:
        """A corner in the picture. In a mirror pass the canvas is upside down about this item's own distance."""
        y = -corner[1] if frame.reflecting else corner[1]
        u, v, _ = frame.view.project(corner[0], y, corner[2])
        return float(u), float(2 * frame.view.ground(self.z) - v) if frame.reflecting else float(v)


def _between(a: Corner, b: Corner, share: float) -> Corner:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share


def _homography(left: float, right: float, height: float, seen: list[tuple[float, float]]) -> Any:
    """Maps the picture's part (left..right, 0..height) onto four corners: near top, far top, far foot, near foot."""
    given = [(left, 0.0), (right, 0.0), (right, height), (left, height)]
    matrix = skia.Matrix()
    if not matrix.setPolyToPoly([skia.Point(*p) for p in given], [skia.Point(*p) for p in seen]):
        matrix.setScale(0.0, 0.0)  # seen edge on
    return matrix


@dataclass(slots=True)
class Sheet:
    """A panel while it is painted: x 0..length into the depth, y 0 (top) .. height (foot), metres; its z."""

    canvas: Any
    length: float
    height: float
    z: float
    index: int
    lot: Backlot

    def tone(self, own: Colour, lit: float = 0.5) -> Colour:
        """A surface's colour here."""
        return self.lot.light.tone(own, self.z, lit)

    def fade(self, own: Colour) -> Colour:
        """A glowing thing's colour here."""
        return self.lot.light.fade(own, self.z)


@dataclass(frozen=True, slots=True)
class Segments:
    """Where a corridor's segments lie, in eye heights: `count` of them, each `length` deep, from `start` on."""

    start: float
    length: float
    count: int


def corridor(
    lot: Backlot,
    paint: Callable[[Sheet], None],
    *,
    edge: Callable[[float], tuple[Corner, Corner]],
    segments: Segments,
    height: float,
) -> None:
    """A wall or ceiling, `height` eye heights tall; `edge(z)` gives its top and foot at a distance (m)."""
    eye, segment = lot.lens.eye, segments.length
    for index in range(segments.count):
        z0, z1 = (segments.start + index * segment) * eye, (segments.start + (index + 1) * segment) * eye
        middle = 0.5 * (z0 + z1)
        if not _ever_seen(lot, edge(z1)):
            continue  # in a narrow picture most of the near ones
        per = min(1.25 * lot.size.height * 1.25 / max(z0, 1.1 * eye), lot.size.height * 1.0 / eye)
        made = surface(max(4, int(segment * eye * per)), max(4, int(height * eye * per)))
        canvas = made.getCanvas()
        canvas.scale(per, per)
        paint(Sheet(canvas, segment * eye, height * eye, middle, index, lot))
        layer = pixels(made)
        _weather(lot, layer, per, z0)
        lot.add(Panel(middle, image(layer), edge(z0), edge(z1)))


def _ever_seen(lot: Backlot, far: tuple[Corner, Corner]) -> bool:
    """Whether a segment, or its reflection, is ever in the picture: its far edge is what lies nearest to the middle."""
    half = lot.lens.ratio / 2 + MARGIN
    for view in lot.views:
        if far[0][2] <= view.state.z:
            continue
        seen = [view.project(*corner) for corner in far]
        us, vs = [u for u, _, _ in seen], [v for _, v, _ in seen]
        mirrored = [2 * view.ground(far[0][2]) - v for v in vs]
        inside = max(us) >= -half and min(us) <= half
        if inside and any(max(each) >= -MARGIN and min(each) <= 1 + MARGIN for each in (vs, mirrored)):
            return True
    return False


def _weather(lot: Backlot, layer: Any, per: float, z0: float) -> None:
    us = z0 + (np.arange(layer.shape[1]) + 0.5) / per
    vs = (np.arange(layer.shape[0]) + 0.5) / per
    grained(layer, us, vs, lot.seed("wall"), WALL_TEXTURE, 0.35)
