"""Land: ridges that fade with distance, and the ground itself in true perspective with a pattern of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import SMOOTH, fade, image, outline, pixels
from vitascope.filmset.canvas.palette import Colour, colour, mix
from vitascope.filmset.canvas.quick import warped
from vitascope.filmset.canvas.random_streams import Floats, lattice, rough
from vitascope.filmset.canvas.texture import noise, sample
from vitascope.filmset.stage.backlot import Area, Backlot, Finish, Frame
from vitascope.filmset.stage.site import FOCAL

FLOOR_DEPTH = 60.0
"""The ground is drawn before everything nearer than this many hero distances."""


@dataclass(frozen=True, slots=True)
class Crest:
    """The line of a ridge: `bend` bends a picture height, in `octaves` of which each has `gain` of the last one's
    height; `peaks` 0 rounded .. 1 sharp summits; `shape` lowers it (picture heights) at u."""

    bend: float
    octaves: int = 5
    gain: float = 0.5
    peaks: float = 0.0
    shape: Callable[[Floats], Floats] | None = None


@dataclass(frozen=True, slots=True)
class Slope:
    """What lies below a crest: how far it is `lit`, its `texture`, the `mist` before it, the share that `snow` covers.

    `air` < 1 is clearer air than the distance's own.
    """

    lit: float = 0.5
    texture: float = 0.16
    mist: float = 0.5
    snow: float = 0.0
    air: float = 1.0


SLOPE = Slope()


def ridge(
    lot: Backlot,
    depth: float,
    v: float,
    amp: float,
    own: str,
    *,
    crest: Crest,
    slope: Slope = SLOPE,
    foot: float | None = None,
) -> None:
    """A line of hills of its own colour: top around v, height amp; its foot a little below the horizon or at `foot`."""
    z, seen = lot.z(depth), lot.z(depth * slope.air)
    mist, lit = slope.mist, slope.lit
    seed = lot.seed("ridge", depth, v)
    foot = foot if foot is not None else lot.lens.horizon + 0.05

    def top(us: Floats) -> Floats:
        line = v - amp * (0.5 + 0.5 * rough(seed, us * crest.bend, crest.octaves, crest.gain))
        if crest.peaks:
            line = line * (1 - crest.peaks) + crest.peaks * (v - amp * _peaks(seed, us * crest.bend, crest.octaves))
        return line - crest.shape(us) if crest.shape else line

    def paint(canvas: Any, area: Area) -> None:
        us = lot.columns(area, 0.004)
        ys = top(us)
        body = [(area.left - 1, foot), *zip(us, ys, strict=True), (area.right + 1, foot)]
        upper, lower = lot.tone(colour(own), seen, lit + 0.25), lot.tone(colour(own), seen, lit - 0.25)
        lower = mix(lower, lot.palette.haze, mist * 0.5)
        paint = fade(
            (0, float(ys.min())),
            (0, foot),
            [(0, upper, 1), (0.5, mix(upper, lower, 0.6), 1), (1, lower, 1)],
        )
        canvas.drawPath(outline(body), paint)
        if slope.snow:
            _facets(lot, canvas, seen, (us, ys), amp, slope.snow, seed)

    lot.bake(
        z,
        paint,
        bottom=foot + 0.02,
        finish=Finish(
            texture=slope.texture,
            grain=1.6,
            rim=0.2,
            mist=(v - amp * 0.6, foot, mist * lot.light.haze(seen) + 0.1 * mist),
        ),
    )


def _peaks(seed: int, x: Floats, octaves: int) -> Floats:
    """Ridged noise 0..1: sharp summits, wide valleys."""
    total = np.zeros_like(x)
    for octave in range(octaves):
        total += 0.5**octave * (1 - np.abs(rough(seed + 31 * octave, x * 1.9**octave + 0.7 * octave, 1)) * 1.25)
    return np.asarray(np.clip(total / 1.7, 0, 1.3) ** 1.6)


def _facets(
    lot: Backlot, canvas: Any, z: float, crest: tuple[Floats, Floats], amp: float, snow: float, seed: int
) -> None:
    """Snow on the high parts of a crest (u, v), bright on the side of the key and blue on the other."""
    us, ys = crest
    bright, shade = lot.tone((0.96, 0.97, 1.0), z, 0.9), lot.tone((0.7, 0.78, 0.92), z, 0.25)
    line = float(ys.min()) + amp * snow
    edge = line + amp * 0.16 * rough(seed + 5, us * 26, 4)
    lower = np.maximum(edge, ys)
    canvas.drawPath(
        outline([*zip(us, ys, strict=True), *zip(us[::-1], lower[::-1], strict=True)]),
        fade((0, line - amp), (0, line + amp * 0.2), [(0, bright, 1), (1, shade, 0.85)]),
    )
    side = np.sign(lot.light.side) or 1.0
    wide = np.convolve(np.pad(np.gradient(ys, us), 14, mode="edge"), np.ones(29) / 29, "valid")
    slope = np.clip(wide * side, 0, 1.2) / 1.2
    depth = slope * (0.75 + 0.25 * rough(seed + 9, us * 18, 4)) * (line + amp * 0.35 - ys)
    dark = np.maximum(ys + depth, ys)
    slanted = us + side * 0.35 * np.maximum(depth, 0)  # a gully runs down the slope, not plumb
    canvas.drawPath(
        outline([*zip(us, ys, strict=True), *zip(slanted[::-1], dark[::-1], strict=True)]),
        fade((0, line - amp), (0, line + amp * 0.35), [(0, shade, 0.7), (1, shade, 0.25)]),
    )


Pattern = Callable[[Floats, Floats, Floats, int], tuple[Floats, Floats]]
"""(x, z, footprint in eye heights, seed) -> (share of the second colour 0..1, brightness around 1)."""


@dataclass(slots=True)
class Floor:
    """The ground: a baked picture that follows the camera by a homography."""

    z: float
    picture: Any
    area: Area
    per: float
    mirrored: bool = False
    layer: Any = None

    def draw(self, frame: Frame) -> None:
        """Place the picture in perspective."""
        m = frame.view.floor()
        to_rest = np.array([[1 / self.per, 0, self.area.left], [0, 1 / self.per, self.area.top], [0, 0, 1.0]])
        full = m @ to_rest
        full = full / full[2, 2]
        if frame.quick:
            self.layer = pixels(self.picture) if self.layer is None else self.layer
            frame.canvas.save()
            frame.canvas.clipRect(skia.Rect.MakeLTRB(-9, frame.view.horizon, 9, 2))  # above lies what is behind us
            warped(frame.canvas, self.layer, full)
            frame.canvas.restore()
            return
        matrix = skia.Matrix()
        matrix.setAll(*[float(x) for x in full.ravel()])
        frame.canvas.save()
        frame.canvas.concat(matrix)
        frame.canvas.drawImage(self.picture, 0, 0, SMOOTH)
        frame.canvas.restore()


def floor(
    lot: Backlot,
    first: str,
    second: str,
    pattern: str,
    gloss: float = 0.3,
    edge: float = 0.0,
    ragged: float = 0.0,
    slant: float = 0.0,
) -> None:
    """The ground of a setting in two colours and a pattern; `gloss` is how much it gives back of a low sun.

    With `edge` it ends that many hero distances away (a quay, a roof, a cliff), in a `ragged` line
    that comes nearer to one side by `slant`.
    """
    area = floor_area(lot)
    per = lot.size.height * 1.0
    vs = area.top + (np.arange(max(int((area.bottom - area.top) * per), 2)) + 0.5) / per
    us = area.left + (np.arange(int(area.width * per)) + 0.5) / per
    w = np.maximum(vs - lot.lens.horizon, 0.0008)[:, None]
    z_eye = FOCAL / w
    x_eye = us[None, :] / w
    footprint = z_eye / w / per
    share, bright = PATTERNS[pattern](
        x_eye, np.broadcast_to(z_eye, x_eye.shape), np.broadcast_to(footprint, x_eye.shape), lot.seed("floor")
    )
    layer = _shade(lot, (colour(first), colour(second)), share, bright, us, w, gloss)
    if edge:
        _cut(lot, layer, us, w, edge, ragged, slant)
    lot.add(Floor(lot.z(edge or FLOOR_DEPTH), image(layer), area, per))


def _cut(lot: Backlot, layer: Any, us: Floats, w: Floats, edge: float, ragged: float, slant: float) -> None:
    """Take away the ground beyond an edge, and darken what lies just before it."""
    straight = FOCAL * lot.lens.eye / lot.z(edge)
    bend = 1 + ragged * rough(lot.seed("edge"), us * 5, 5) + np.where(us * slant > 0, 1.0, 0.25) * slant * us
    line = straight * np.maximum(bend, 0.2)[None, :]
    inside = np.clip((w - line) * lot.size.height + 0.5, 0, 1)
    layer[..., :3] = layer[..., :3] * inside[..., None]
    layer[..., 3] = 255 * inside


def _shade(
    lot: Backlot, own: tuple[Colour, Colour], share: Floats, bright: Floats, us: Floats, w: Floats, gloss: float
) -> Any:
    light = lot.light
    tones = [np.asarray(light.tone(c, lot.lens.hero, 0.55), np.float32) for c in own]
    share32, bright32 = share.astype(np.float32)[..., None], bright.astype(np.float32)[..., None]
    base = (tones[0] + (tones[1] - tones[0]) * share32) * bright32
    if light.orb and gloss:
        spread = (0.25 + 0.9 * w).astype(np.float32)
        sheen = np.exp(-(((us[None, :] - light.orb.u).astype(np.float32) / spread) ** 2)) * np.exp(-w * 3.2).astype(
            np.float32
        )
        base = (
            base
            + sheen[..., None] * np.asarray(mix(lot.palette.key, lot.palette.glow, 0.5), np.float32) * gloss * bright32
        )
    z = FOCAL * lot.lens.eye / w
    haze = (1 - np.exp(-np.maximum(z / lot.lens.hero - 0.9, 0) / (light.sight * 0.8))).astype(np.float32)[..., None]
    near = np.clip(1.06 - 0.5 * np.maximum(w - (lot.lens.foot - lot.lens.horizon), 0) / 0.2, 0.45, 1.06).astype(
        np.float32
    )[..., None]
    base = base * near * (1 - haze) + np.asarray(lot.palette.haze, np.float32) * haze
    out = np.full((*share.shape, 4), 255, np.uint8)
    out[..., :3] = np.clip(base[..., ::-1] * 255, 0, 255)
    return out


def floor_area(lot: Backlot) -> Area:
    """What the camera's path ever sees of the ground, at rest."""
    half, horizon = lot.lens.ratio / 2, lot.lens.horizon
    corners = []
    for view in lot.views:
        back = np.linalg.inv(view.floor())
        for u in (-half, half):
            for v in (max(view.horizon, 0.0) + 0.0005, 1.0):
                x, y, k = back @ np.array([u, v, 1.0])
                corners.append((x / k, y / k))
    table = np.asarray(corners)
    bottom = min(float(table[:, 1].max()) + 0.01, horizon + 1.2)
    return Area(float(table[:, 0].min()) - 0.01, horizon, float(table[:, 0].max()) + 0.01, bottom)


def _blur(cell: float, footprint: Floats) -> Floats:
    """How much of a pattern with a cell size survives at a footprint, 0..1."""
    return np.asarray(np.clip(cell / (2.2 * footprint) - 0.35, 0, 1))


def _mottle(x: Floats, z: Floats, footprint: Floats, seed: int, size: float) -> Floats:
    field = noise(seed % 61, 1.3)
    return sample(field, x / size, z / size) * _blur(size / 24, footprint)


def _grass(x: Floats, z: Floats, footprint: Floats, seed: int) -> tuple[Floats, Floats]:
    patches = 0.5 + 0.3 * _mottle(x, z * 0.6, footprint, seed, 9.0)
    fine = _mottle(x * 1.0, z * 0.35, footprint, seed + 1, 1.4)
    return np.clip(patches + 0.2 * fine, 0, 1), 1 + 0.16 * fine


def _sand(x: Floats, z: Floats, footprint: Floats, seed: int) -> tuple[Floats, Floats]:
    bends = _mottle(x, z, footprint, seed, 7.0)
    ripple = np.sin((z * 9 + x * 2.2 + 2.4 * bends) * 1.6) * _blur(0.25, footprint)
    return np.clip(0.5 + 0.12 * bends + 0.3 * ripple, 0, 1), 1 + 0.13 * ripple + 0.03 * bends


def _moss(x: Floats, z: Floats, footprint: Floats, seed: int) -> tuple[Floats, Floats]:
    patches = _mottle(x, z * 0.7, footprint, seed, 5.0)
    fine = _mottle(x, z, footprint, seed + 1, 0.9)
    return np.clip(0.5 + 0.5 * patches, 0, 1), 1 + 0.2 * fine


def _grid(
    x: Floats, z: Floats, footprint: Floats, w: float, d: float, joint: float, shift: float, seed: int
) -> tuple[Floats, Floats]:
    """(a random number for each slab, 1 inside .. 0 in the joints)."""
    row = np.floor(z / d)
    moved = x / w + shift * (row % 2)
    column = np.floor(moved)
    tint = lattice(seed, (column * 7919 + row).astype(np.int64))
    edge = np.minimum(
        np.minimum(moved - column, 1 - (moved - column)) * w, np.minimum(z / d - row, 1 - (z / d - row)) * d
    )
    inside = np.clip((edge - joint) / np.maximum(footprint * 0.6, joint * 0.5) + 0.5, 0, 1)
    kept = _blur(min(w, d), footprint)
    return tint * kept + 0.5 * (1 - kept), inside * kept + (1 - 2 * joint / min(w, d)) * (1 - kept)


def _slabs(w: float, d: float, joint: float, shift: float, vary: float) -> Pattern:
    def pattern(x: Floats, z: Floats, footprint: Floats, seed: int) -> tuple[Floats, Floats]:
        tint, inside = _grid(x, z, footprint, w, d, joint, shift, seed)
        wear = _mottle(x, z, footprint, seed, 4.0)
        return np.clip(tint * vary + 0.12 * wear, 0, 1), (0.45 + 0.55 * inside) * (1 + 0.06 * wear)

    return pattern


def _planks(x: Floats, z: Floats, footprint: Floats, seed: int) -> tuple[Floats, Floats]:
    tint, inside = _grid(x, z, footprint, 7.0, 0.34, 0.012, 0.5, seed)
    streak = sample(noise(seed % 31, 1.2), x / 6.0, z * 0.7) * _blur(0.3, footprint)
    return np.clip(0.6 * tint + 0.15 * streak, 0, 1), (0.4 + 0.6 * inside) * (1 + 0.09 * streak)


def _checker(x: Floats, z: Floats, footprint: Floats, seed: int) -> tuple[Floats, Floats]:
    cell = 0.62
    phase = (np.floor(x / cell + 0.5) + np.floor(z / cell)) % 2
    kept = _blur(cell, footprint)
    return phase * kept + 0.5 * (1 - kept), 1 + 0.04 * _mottle(x, z, footprint, seed, 3.0)


PATTERNS: dict[str, Pattern] = {
    "grass": _grass,
    "sand": _sand,
    "moss": _moss,
    "checker": _checker,
    "planks": _planks,
    "stone": _slabs(1.6, 1.1, 0.02, 0.5, 0.7),
    "tiles": _slabs(0.8, 0.8, 0.012, 0.0, 0.4),
    "cobbles": _slabs(0.3, 0.22, 0.03, 0.5, 0.9),
    "boards": _slabs(0.5, 12.0, 0.01, 0.37, 0.6),
}
