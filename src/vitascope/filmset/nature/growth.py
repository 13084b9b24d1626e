"""Plants: grass, reeds, trees, palms, kelp and coral. They are baked once and then bent by the wind as a mesh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin
from typing import Any

import cv2
import numpy as np
import skia

from vitascope.filmset.canvas.paint import SMOOTH, curve, fill, line, outline, pixels
from vitascope.filmset.canvas.palette import Colour, mix, scaled
from vitascope.filmset.canvas.quick import laid
from vitascope.filmset.canvas.random_streams import Floats, lattice, random_stream, wander
from vitascope.filmset.stage.backlot import TOP, Area, Backlot, Baked, Finish, Frame, Spacing


def gust(seed: int, x: Any, t: float, wind: float) -> Any:
    """How far the wind bends things at x (picture heights, at the hero's plane) at a time: a wave that travels."""
    travel = x * 1.5 - t * (0.5 + 1.6 * wind)
    slow = wander(seed, travel)
    quick = wander(seed + 3, x * 6.0 - t * (2.0 + 3.0 * wind))
    return wind * (0.55 + 0.6 * slow) + 0.25 * (0.25 + wind) * quick


@dataclass(slots=True)
class Swaying:
    """A baked layer of plants, fixed at its foot, whose top the wind (or a current) moves."""

    z: float
    picture: Any
    area: Area
    reach: float
    wind: float
    seed: int
    mirrored: bool = True
    mesh: tuple[Floats, list[tuple[float, list[Any]]], float] | None = None
    layer: Any = None

    def draw(self, frame: Frame) -> None:
        """Place the picture as a mesh of columns whose upper points are displaced."""
        scale, du, dv = frame.view.plane(self.z)
        us, rows, foot = self._mesh()
        if frame.quick:
            self._quickly(frame, scale, du, dv)
            return
        bend = gust(self.seed, us, frame.t, self.wind) * self.reach
        paint = skia.Paint(Shader=self.picture.makeShader(skia.TileMode.kDecal, skia.TileMode.kDecal, SMOOTH))
        seen = []
        for v, _ in rows:
            lean = max((foot - v) / (foot - self.area.top), 0.0) ** 1.6
            y = v * scale + dv
            seen.append([skia.Point(x, y) for x in ((us + bend * lean) * scale + du).tolist()])
        for (upper, places), (lower, below) in pairwise(zip(seen, (row for _, row in rows), strict=True)):
            strip = [p for pair in zip(upper, lower, strict=True) for p in pair]
            texture = [p for pair in zip(places, below, strict=True) for p in pair]
            mesh = skia.Vertices(skia.Vertices.kTriangleStrip_VertexMode, strip, texture, [0xFFFFFFFF] * len(strip))
            frame.canvas.drawVertices(mesh, paint)

    def _quickly(self, frame: Frame, scale: float, du: float, dv: float) -> None:
        """Look each pixel up where it was before it was bent, in the pixels of the device."""
        self.layer = pixels(self.picture) if self.layer is None else self.layer
        a, m = self.area, frame.canvas.getTotalMatrix().get9()
        clip = frame.canvas.getDeviceClipBounds()
        x0, sx = m[0] * du + m[2], m[0] * scale
        y0, sy = m[4] * dv + m[5], m[4] * scale
        ends = sorted((a.top * sy + y0, a.bottom * sy + y0))
        top, bottom = max(clip.top(), int(ends[0])), min(clip.bottom(), int(ends[1]) + 1)
        left = max(clip.left(), int((a.left - self.reach) * sx + x0))
        right = min(clip.right(), int((a.right + self.reach) * sx + x0) + 1)
        if bottom <= top or right <= left:
            return
        us = (np.arange(left, right) + 0.5 - x0) / sx
        vs = (np.arange(top, bottom) + 0.5 - y0) / sy
        lean = np.maximum((a.bottom - vs) / (a.bottom - a.top), 0.0) ** 1.6
        coarse = np.linspace(us[0], us[-1], max(int((us[-1] - us[0]) / 0.03), 2))
        bend = np.interp(us, coarse, gust(self.seed, coarse, frame.t, self.wind)) * self.reach
        height, width = self.layer.shape[:2]
        per = width / a.width
        across = ((us - a.left) * per - 0.5).astype(np.float32)[None] - lean.astype(np.float32)[:, None] * (
            bend * per
        ).astype(np.float32)
        down = ((vs - a.top) * (height / (a.bottom - a.top)) - 0.5).astype(np.float32)
        places = np.broadcast_to(down[:, None], across.shape)
        seen = cv2.remap(self.layer, across, np.ascontiguousarray(places), cv2.INTER_LINEAR)
        laid(frame.canvas, seen, left, top)

    def _mesh(self) -> tuple[Floats, list[tuple[float, list[Any]]], float]:
        """Columns (u), rows (v and the points of the picture there), and the v that stays fixed; made once."""
        if self.mesh is not None:
            return self.mesh
        a = self.area
        foot = a.bottom
        us = np.linspace(a.left, a.right, max(int(a.width / 0.03), 2))
        levels = [a.top + (foot - a.top) * share for share in (0.0, 0.3, 0.62, 1.0)]
        sx, sy = self.picture.width() / a.width, self.picture.height() / (a.bottom - a.top)
        xs = ((us - a.left) * sx).tolist()
        self.mesh = us, [(v, [skia.Point(x, (v - a.top) * sy) for x in xs]) for v in levels], foot
        return self.mesh


def swaying(
    lot: Backlot,
    z: float,
    painter: Callable[[Any, Area], None],
    reach: float,
    *,
    finish: Finish,
    band: tuple[float, float],
    wind: float | None = None,
    mirrored: bool = True,
) -> None:
    """Bake plants and let the wind have them; `reach` is how far their tops go in a full gust, picture heights.

    Nothing is drawn outside of `band` (top and bottom, v).
    """
    before = len(lot.items)
    lot.bake(z, painter, finish=finish, top=band[0], bottom=band[1], mirrored=mirrored)
    if len(lot.items) > before:
        still = lot.items.pop()
        assert isinstance(still, Baked)
        blow = lot.scene.wind if wind is None else wind
        lot.add(Swaying(z, still.picture, still.area, reach, blow, lot.seed("gust"), mirrored))


def blades(
    lot: Backlot,
    depth: float,
    height: float,
    own: Colour,
    *,
    dense: float = 1.0,
    mirrored: bool = False,
) -> None:
    """A row of grass or reeds that stands on the ground at a distance; `height` in picture heights."""
    z = lot.z(depth)
    ground = lot.lens.ground(z)
    root, tip = lot.tone(scaled(own, 0.55), z, 0.2), lot.tone(scaled(own, 1.25), z, 0.9)
    seed = lot.seed("blades", depth)
    gap = height * 0.11 / dense

    def paint(canvas: Any, area: Area) -> None:
        cells = np.arange(int(area.left / gap) - 2, int(area.right / gap) + 3)
        dark, light = skia.Path(), skia.Path()
        for cell in cells.tolist():
            a, b, c, d = lattice(seed, np.arange(4) + 4 * cell).tolist()
            x, tall = (cell + a) * gap, height * (0.35 + 0.65 * b)
            lean = (c - 0.5) * 0.8 * tall
            half = 0.012 * height + 0.018 * height * d
            path = dark if d < 0.55 else light
            base = ground + 0.04 * height * (1 + a)
            path.moveTo(x - half, base)
            path.quadTo(x - half * 0.4 + lean * 0.2, base - tall * 0.6, x + lean, base - tall)
            path.quadTo(x + half * 0.6 + lean * 0.25, base - tall * 0.55, x + half, base)
            path.close()
        canvas.drawPath(dark, fill(mix(root, tip, 0.2)))
        canvas.drawPath(light, fill(mix(root, tip, 0.62)))

    swaying(
        lot,
        z,
        paint,
        height * 0.45,
        band=(ground - height * 1.1, ground + 0.1 * height),
        mirrored=mirrored,
        finish=Finish(texture=0.2, rim=0.25),
    )


def leafy(
    canvas: Any,
    x: float,
    base: float,
    tall: float,
    seed: int,
    dark: Colour,
    bright: Colour,
    side: float,
) -> None:
    """A broad tree: a forked trunk and a crown of clumps, brighter above and on the side of the key."""
    rng = random_stream(seed, "leafy")
    trunk = scaled(dark, 0.6)
    lean = float(rng.uniform(-0.08, 0.08)) * tall
    canvas.drawPath(
        curve([(x, base), (x + lean * 0.4, base - tall * 0.3), (x + lean, base - tall * 0.6)]),
        line(trunk, tall * 0.055),
    )
    for side_ in (-1, 1):
        canvas.drawPath(
            curve(
                [
                    (x + lean * 0.4, base - tall * 0.32),
                    (x + lean + side_ * tall * 0.1, base - tall * 0.5),
                    (x + lean + side_ * tall * 0.2, base - tall * 0.66),
                ]
            ),
            line(trunk, tall * 0.028),
        )
    clumps = []
    for _ in range(26):
        angle, reach = float(rng.uniform(0, 2 * pi)), float(rng.random()) ** 0.6
        cx = x + lean + cos(angle) * reach * tall * 0.34
        cy = base - tall * 0.7 + sin(angle) * reach * tall * 0.24
        clumps.append((cy, cx, tall * float(rng.uniform(0.07, 0.13))))
    for cy, cx, r in sorted(clumps, reverse=True):
        up = (base - tall * 0.55 - cy) / (tall * 0.4)
        face = 0.5 * up + 0.3 * side * (cx - x) / (tall * 0.3) + 0.35
        share = max(0.0, min(1.0, face))
        canvas.drawPath(_clump(cx, cy, r, rng), fill(mix(dark, bright, share)))
        _leaves(
            canvas, cx, cy, r, rng, mix(dark, bright, min(1.0, share + 0.22)), mix(dark, bright, max(0.0, share - 0.2))
        )


def _leaves(canvas: Any, x: float, y: float, r: float, rng: np.random.Generator, lit: Colour, shade: Colour) -> None:
    """Dabs of leaves on a clump: bright above, dark below."""
    for tint, low, high in ((shade, 0.1, 0.9), (lit, -0.9, 0.1)):
        path = skia.Path()
        for a, b, c in rng.random((16, 3)).tolist():
            px, py = x + (a * 2 - 1) * 0.95 * r, y + (low + (high - low) * b) * 0.85 * r
            size = r * (0.07 + 0.08 * c)
            path.addOval(skia.Rect.MakeLTRB(px - size, py - 0.55 * size, px + size, py + 0.55 * size))
        canvas.drawPath(path, fill(tint))


def _clump(x: float, y: float, r: float, rng: np.random.Generator) -> Any:
    """A round mass of leaves with a ragged edge."""
    angles = np.linspace(0, 2 * pi, 15)[:-1]
    radii = r * (0.82 + 0.36 * rng.random(14))
    return curve([(x + q * cos(a), y + 0.85 * q * sin(a)) for a, q in zip(angles, radii, strict=True)], True)


def pine(canvas: Any, x: float, base: float, tall: float, seed: int, dark: Colour, bright: Colour, side: float) -> None:
    """A conifer: tiers of drooping branches, each with a lit side."""
    rng = random_stream(seed, "pine")
    canvas.drawPath(
        outline([(x - tall * 0.018, base), (x, base - tall * 0.9), (x + tall * 0.018, base)]), fill(scaled(dark, 0.6))
    )
    tiers = 9
    for k in range(tiers):
        y = base - tall * (0.12 + 0.8 * k / tiers)
        half = tall * (0.24 * (1 - k / tiers) ** 0.85 + 0.03) * float(rng.uniform(0.85, 1.12))
        rise = tall * 0.19
        points = [(x, y - rise)]
        for s in (1, -1):
            edge = [
                (x + s * half * q, y + tall * 0.02 * float(rng.uniform(-0.5, 1.6)) - rise * (1 - q) * 0.55)
                for q in (0.45, 0.75, 1.0)
            ]
            points += edge if s == 1 else edge[::-1]
            if s == 1:
                points += [(x + half * 0.35, y - tall * 0.005), (x - half * 0.35, y - tall * 0.005)]
        canvas.drawPath(outline(points), fill(mix(dark, bright, 0.12 + 0.45 * k / tiers)))
        face = [
            (x, y - rise),
            (x + side * half * 0.5, y - rise * 0.45),
            (x + side * half * 0.95, y - tall * 0.002),
            (x + side * half * 0.3, y - rise * 0.25),
        ]
        canvas.drawPath(outline(face), fill(mix(dark, bright, 0.55 + 0.4 * k / tiers), 0.75))


def bare(canvas: Any, x: float, base: float, tall: float, seed: int, tint: Colour) -> None:
    """A dead or winter tree of branches only."""
    rng = random_stream(seed, "bare")

    def branch(px: float, py: float, angle: float, length: float, width: float, depth: int) -> None:
        qx, qy = px + cos(angle) * length, py - sin(angle) * length
        canvas.drawLine(px, py, qx, qy, line(tint, width))
        if depth:
            for turn in (-1, 1):
                branch(
                    qx,
                    qy,
                    angle + turn * float(rng.uniform(0.22, 0.6)),
                    length * float(rng.uniform(0.62, 0.82)),
                    width * 0.62,
                    depth - 1,
                )

    branch(x, base, pi / 2 + float(rng.uniform(-0.1, 0.1)), tall * 0.3, tall * 0.04, 6)


def palm(canvas: Any, x: float, base: float, tall: float, seed: int, dark: Colour, bright: Colour) -> None:
    """A palm: a bowed ringed trunk and feathered leaves."""
    rng = random_stream(seed, "palm")
    lean = float(rng.uniform(-0.22, 0.22)) * tall
    top = (x + lean, base - tall)
    canvas.drawPath(
        curve([(x, base), (x + lean * 0.25, base - tall * 0.5), top]), line(scaled(dark, 0.75), tall * 0.035)
    )
    for k in range(9):
        angle = pi * (k + 0.5) / 9 + float(rng.uniform(-0.12, 0.12))
        length = tall * float(rng.uniform(0.38, 0.5))
        tip = (top[0] + cos(angle) * length, top[1] - sin(angle) * length * 0.55 + length * 0.34)
        mid = (top[0] + cos(angle) * length * 0.55, top[1] - sin(angle) * length * 0.55 - length * 0.06)
        tint = mix(dark, bright, 0.3 + 0.6 * sin(angle) * float(rng.uniform(0.6, 1)))
        spine = curve([top, mid, tip])
        canvas.drawPath(spine, line(tint, tall * 0.012))
        for q in np.linspace(0.12, 0.97, 16):
            px = (1 - q) ** 2 * top[0] + 2 * q * (1 - q) * mid[0] * 1.0 + q * q * tip[0]
            py = (1 - q) ** 2 * top[1] + 2 * q * (1 - q) * (mid[1] * 1.0) + q * q * tip[1]
            hang = length * 0.2 * sin(pi * min(q + 0.12, 1.0))
            canvas.drawLine(px, py, px + cos(angle) * hang * 0.4, py + hang, line(tint, tall * 0.009))


def grove(
    lot: Backlot,
    depth: float,
    height: float,
    kind: str,
    own: Colour,
    *,
    spacing: Spacing,
    v: float | None = None,
    sway: float = 0.02,
) -> None:
    """A row of trees of one kind; `height` in picture heights."""
    z, gap = lot.z(depth), spacing.gap
    ground = lot.lens.ground(z) if v is None else v
    seed, side = lot.seed("grove", depth, kind), float(np.sign(lot.light.side))
    dark, bright = lot.tone(scaled(own, 0.55), z, 0.15), lot.tone(scaled(own, 1.15), z, 0.95)

    def paint(canvas: Any, area: Area) -> None:
        for cell in range(int(area.left / gap) - 2, int(area.right / gap) + 3):
            a, b, c = lattice(seed, np.arange(3) + 3 * cell).tolist()
            x = (cell + 0.2 + 0.6 * a) * gap
            if c > spacing.chance or abs(x) < spacing.clear:
                continue
            tall, own_seed = height * (0.7 + 0.5 * b), seed + cell
            if kind == "pine":
                pine(canvas, x, ground, tall, own_seed, dark, bright, side)
            elif kind == "palm":
                palm(canvas, x, ground, tall, own_seed, dark, bright)
            elif kind == "bare":
                bare(canvas, x, ground, tall, own_seed, dark)
            else:
                leafy(canvas, x, ground, tall, own_seed, dark, bright, side)

    swaying(
        lot,
        z,
        paint,
        height * sway * 4,
        band=(TOP, ground + 0.01),
        finish=Finish(texture=0.25, rim=0.3, mist=(ground - height * 0.7, ground, 0.35 * lot.light.haze(z) + 0.05)),
    )
