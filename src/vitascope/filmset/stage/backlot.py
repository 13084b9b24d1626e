"""The backlot: where a setting puts its layers together, and how layers and living things reach a frame.

Everything is an item at a distance. Still things are baked once into pictures that cover exactly what the camera's
path will ever see of their distance; each frame then places them with one call. Living things are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import skia

from vitascope.filmset.canvas.paint import SMOOTH, image, pixels, surface
from vitascope.filmset.canvas.palette import Colour, Palette, mix
from vitascope.filmset.canvas.random_streams import Floats, number
from vitascope.filmset.canvas.texture import grained, hazed, rimmed
from vitascope.filmset.scene.scene import Scene, Weather
from vitascope.filmset.stage.camera import View
from vitascope.filmset.stage.cast import Cast
from vitascope.filmset.stage.light import Light
from vitascope.filmset.stage.site import NEAR_CLIP, Lens
from vitascope.values import Effort, Size

FAR = 1e7  # m; the distance of what has none
TOP, BOTTOM = -9.0, 9.0  # v far above and below any picture
SLIVER = 0.004  # picture heights; a layer of which less is seen is left out
WIDEST = 12_288
"""Pixels across a baked layer at most: what a fast camera passes is coarser, it is never seen sharply."""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the rest picture, in picture heights."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Right minus left."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame in the making. The canvas is in picture heights: u right of the centre, v down from the top.

    A `quick` frame is drawn the cheaper way where there is one.
    """

    canvas: Any
    view: View
    light: Light
    t: float
    height: int
    ratio: float
    mirror: Any = None
    reflecting: bool = False
    shutter: float = 0.0
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Spacing:
    """How a row of equals is set: `gap` between them, the `chance` of each, half of the middle that stays `clear`.

    Gap and clear are picture heights.
    """

    gap: float
    chance: float = 1.0
    clear: float = 0.0


class StageItem(Protocol):
    """Anything at a distance that can be drawn; `mirrored` if water and wet ground show it."""

    z: float
    mirrored: bool

    def draw(self, frame: Frame) -> None:
        """Draw onto the frame's canvas."""
        ...


@dataclass(frozen=True, slots=True)
class Finish:
    """How a baked layer is finished: depth and grain size of its `texture`, light on its `rim`, and `mist` in its lower
    part as (top v, bottom v, strength)."""

    texture: float = 0.25
    grain: float = 1.2
    rim: float = 0.0
    mist: tuple[float, float, float] | None = None


AreaPainter = Callable[[Any, Area], None]


@dataclass(slots=True)
class Baked:
    """A still picture at a distance. `drift` moves it sideways, picture heights a second; `pulse` sets its strength."""

    z: float
    picture: Any
    area: Area
    mirrored: bool = True
    drift: float = 0.0
    pulse: Callable[[float], float] | None = None

    def draw(self, frame: Frame) -> None:
        """Place the picture."""
        scale, du, dv = frame.view.plane(self.z)
        du += self.drift * frame.t * scale
        a = self.area
        where = skia.Rect.MakeLTRB(a.left * scale + du, a.top * scale + dv, a.right * scale + du, a.bottom * scale + dv)
        if self.pulse is None:
            frame.canvas.drawImageRect(self.picture, where, SMOOTH)
            return
        strength = max(0.0, min(1.0, self.pulse(frame.t)))
        if strength > 0.01:
            frame.canvas.drawImageRect(self.picture, where, SMOOTH, skia.Paint(Alphaf=strength))


@dataclass(slots=True)
class LiveItem:
    """Something that is drawn anew in every frame by a function of the frame."""

    z: float
    act: Callable[[Frame], None]
    mirrored: bool = True

    def draw(self, frame: Frame) -> None:
        """Let it act."""
        self.act(frame)


class Backlot:
    """Collects a scene's items while a setting is built."""

    def __init__(self, scene: Scene, company: Cast, light: Light, size: Size, effort: Effort) -> None:
        self.scene = scene
        self.company = company
        self.lens: Lens = company.lens
        self.light = light
        self.size = size
        self.effort = effort
        self.items: list[StageItem] = []
        self.seconds = float(company.timing.seconds)
        count = company.timing.frames
        picks = sorted({*range(0, count, 3), count - 1})
        self.views = [company.camera.view(company.timing.time(k)) for k in picks]

    @property
    def palette(self) -> Palette:
        """The scene's colours."""
        return self.light.palette

    def seed(self, *names: object) -> int:
        """A seed of the scene's own for a named thing."""
        return number(self.scene.seed, *names)

    def z(self, depth: float) -> float:
        """A distance in hero distances (1 = the hero's plane), in metres."""
        return depth * self.lens.hero

    def add(self, item: StageItem) -> None:
        """Put something on the set."""
        self.items.append(item)

    def live(self, z: float, act: Callable[[Frame], None], mirrored: bool = True) -> None:
        """Put something on the set that is drawn anew in every frame."""
        self.items.append(LiveItem(z, act, mirrored))

    def cover(self, z: float, drift: float = 0.0) -> tuple[Area, float]:
        """What the camera's path ever sees of distance z, at rest; and the largest scale at which it is seen."""
        half = self.lens.ratio / 2
        edges, largest = [], 1.0
        for view in self.views:
            if z - view.state.z < NEAR_CLIP * self.lens.eye:
                continue  # behind the camera
            scale, du, dv = view.plane(z)
            edges.append(((-half - du) / scale, -dv / scale, (half - du) / scale, (1 - dv) / scale))
            largest = max(largest, scale)
        if not edges:
            return Area(0.0, 0.0, 0.0, 0.0), 1.0
        table = np.asarray(edges)
        slip = drift * self.seconds
        return Area(
            float(table[:, 0].min()) - 0.01 - max(slip, 0.0),
            float(table[:, 1].min()) - 0.01,
            float(table[:, 2].max()) + 0.01 - min(slip, 0.0),
            float(table[:, 3].max()) + 0.01,
        ), min(largest, 1.5)

    def bake(
        self,
        z: float,
        painter: AreaPainter,
        *,
        finish: Finish,
        top: float = TOP,
        bottom: float = BOTTOM,
        mirrored: bool = True,
        pulse: Callable[[float], float] | None = None,
    ) -> None:
        """Draw a still layer once, no farther up and down than from `top` to `bottom` (v)."""
        area, largest = self.cover(z)
        area = Area(area.left, max(area.top, top), area.right, min(area.bottom, bottom))
        if area.bottom - area.top < SLIVER or area.width < SLIVER:
            return
        per = min(self.size.height * largest, WIDEST / area.width)
        made = surface(int(area.width * per) + 2, int((area.bottom - area.top) * per) + 2)
        canvas = made.getCanvas()
        canvas.scale(per, per)
        canvas.translate(-area.left, -area.top)
        painter(canvas, area)
        self._finish(made, area, per, finish, Baked(z, None, area, mirrored, pulse=pulse))

    def _finish(self, made: Any, area: Area, per: float, finish: Finish, item: Baked) -> None:
        z, mist = item.z, finish.mist
        layer = pixels(made)
        filled = np.nonzero(layer[..., 3].any(axis=1) | layer[..., :3].any(axis=(1, 2)))[0]
        if not len(filled):
            return
        first, last = int(filled[0]), int(filled[-1]) + 1
        layer = layer[first:last]
        clear = 1 - self.light.haze(z)
        texture, rim = finish.texture * (0.3 + 0.7 * clear), finish.rim * clear
        us = area.left + (np.arange(layer.shape[1]) + 0.5) / per
        vs = area.top + (np.arange(first, last) + 0.5) / per
        if texture:
            grained(layer, us, vs, self.seed("texture", round(z, 3)), texture, finish.grain)
        if rim > 0.02:
            width = max(1, round(per * 0.0035))
            rimmed(layer, round(width * np.sign(self.light.side)), -width, self.palette.key, rim)
        if self.scene.weather is Weather.SNOW and self.light.orb and z < 0.5 * FAR:
            rimmed(layer, 0, -max(1, round(per * 0.006)), mix(self.palette.key, (0.95, 0.97, 1.0), 0.7), 0.75 * clear)
        if mist:
            hazed(layer, vs, mist[0], mist[1], self.palette.haze, mist[2])
        item.picture = image(layer)
        item.area = Area(
            area.left, float(vs[0] - 0.5 / per), area.left + layer.shape[1] / per, float(vs[-1] + 0.5 / per)
        )
        self.add(item)

    def tone(self, own: Colour, z: float, lit: float = 0.5) -> Colour:
        """A surface's colour at a distance."""
        return self.light.tone(own, z, lit)

    def columns(self, area: Area, step: float = 0.006) -> Floats:
        """Places across an area at fixed multiples of a step: the same places whatever the picture's shape."""
        return np.arange(np.floor(area.left / step) - 1, np.ceil(area.right / step) + 2) * step
