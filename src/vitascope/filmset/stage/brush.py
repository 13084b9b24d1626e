"""The brush that figures are drawn with: limbs with volume, shapes and lines under the scene's light."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot
from typing import Any

import skia

from vitascope.filmset.canvas.paint import curve, fade, fill, line, outline
from vitascope.filmset.canvas.palette import Colour
from vitascope.filmset.canvas.random_streams import Floats
from vitascope.filmset.stage.backlot import Frame

Spot = tuple[float, float]


@dataclass(slots=True)
class Brush:
    """Draws body parts of one figure: either in their colours or all in one flat tint (for rims and masks)."""

    frame: Frame
    z: float
    per: float
    flat: Colour | None = None
    shift: Spot = (0.0, 0.0)
    alpha: float = 1.0
    _paints: dict[Any, Any] = field(default_factory=dict)

    def at(self, joint: Floats) -> Spot:
        """A joint in the picture."""
        u, v, _ = self.frame.view.project(joint[0], joint[1], joint[2])
        return float(u) + self.shift[0], float(v) + self.shift[1]

    def paint(self, own: Colour, lit: float) -> Any:
        """A paint for a surface's own colour under the light."""
        key = (own, round(lit, 2))
        if key not in self._paints:
            tint = self.flat if self.flat is not None else self.frame.light.figure(own, self.z, lit)
            self._paints[key] = fill(tint, self.alpha)
        return self._paints[key]

    def limb(self, a: Spot, ra: float, b: Spot, rb: float, own: Colour, lit: float = 0.5) -> None:
        """A tapered limb between two points; radii in metres."""
        ra, rb = ra * self.per, rb * self.per
        self._capsule(a, ra, b, rb, self.paint(own, lit))
        if self.flat is None and max(ra, rb) > 0.004:
            side = self.frame.light.side
            dx, dy = 0.34 * side, -0.16
            bright = self.paint(own, min(lit + 0.34, 1.0))
            self._capsule(
                (a[0] + dx * ra, a[1] + dy * ra), 0.52 * ra, (b[0] + dx * rb, b[1] + dy * rb), 0.52 * rb, bright
            )

    def _capsule(self, a: Spot, ra: float, b: Spot, rb: float, paint: Any) -> None:
        canvas = self.frame.canvas
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = hypot(dx, dy)
        canvas.drawCircle(a[0], a[1], ra, paint)
        canvas.drawCircle(b[0], b[1], rb, paint)
        if length > 1e-5:
            nx, ny = -dy / length, dx / length
            corners = [(a[0] + nx * ra, a[1] + ny * ra), (b[0] + nx * rb, b[1] + ny * rb)]
            corners += [(b[0] - nx * rb, b[1] - ny * rb), (a[0] - nx * ra, a[1] - ny * ra)]
            canvas.drawPath(outline(corners), paint)

    def shape(self, points: list[Spot], own: Colour, lit: float = 0.5, smooth: bool = True) -> None:
        """A closed shape."""
        path = curve(points, True) if smooth else outline(points)
        self.frame.canvas.drawPath(path, self.paint(own, lit))

    def shaded(
        self, points: list[Spot], own: Colour, left: float, right: float, lit: tuple[float, float], smooth: bool = True
    ) -> None:
        """A closed shape that goes from shade to light (`lit`) towards the key's side, between two u."""
        path = curve(points, True) if smooth else outline(points)
        if self.flat is not None or right - left < 1e-4:
            self.frame.canvas.drawPath(path, self.paint(own, sum(lit) / 2))
            return
        low, high = lit if self.frame.light.side > 0 else lit[::-1]
        tints = [self.frame.light.figure(own, self.z, k) for k in (low, 0.45 * low + 0.55 * high, high)]
        stops = [(place, tint, self.alpha) for place, tint in zip((0.0, 0.55, 1.0), tints, strict=True)]
        self.frame.canvas.drawPath(path, fade((left, 0.0), (right, 0.0), stops))

    def oval(self, centre: Spot, rx: float, ry: float, own: Colour, lit: float = 0.5) -> None:
        """An ellipse; radii in metres."""
        rx, ry = rx * self.per, ry * self.per
        where = skia.Rect.MakeLTRB(centre[0] - rx, centre[1] - ry, centre[0] + rx, centre[1] + ry)
        self.frame.canvas.drawOval(where, self.paint(own, lit))

    def stroke(self, points: list[Spot], width: float, own: Colour, lit: float = 0.5) -> None:
        """A line; width in metres."""
        tint = self.flat if self.flat is not None else self.frame.light.figure(own, self.z, lit)
        self.frame.canvas.drawPath(curve(points), line(tint, width * self.per, self.alpha))
