"""A thin hand on the drawing library: colours, paths, gradients and surfaces, always in the one fast pixel format.

Scaled pictures are fast only if surface and picture are both premultiplied BGRA; every surface and picture of the
world is made here. In that format a pixel with colour but no alpha adds light, which is how glows are baked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import skia
from numpy.typing import NDArray

from vitascope.filmset.canvas.palette import Colour

Points = Sequence[tuple[float, float]] | NDArray[Any]
SMOOTH = skia.SamplingOptions(skia.FilterMode.kLinear)
NEAREST = skia.SamplingOptions()
PLUS = skia.BlendMode.kPlus
HALO = ((0.0, 1.0), (0.12, 0.62), (0.3, 0.28), (0.6, 0.07), (1.0, 0.0))
"""How bright a glow is at shares of its radius."""
SPOT = 64  # pixels across a glow that is drawn as a picture


def argb(tint: Colour, alpha: float = 1.0) -> int:
    """A colour as the library's 32 bits; out of range values are clamped."""
    r, g, b = tint
    a, r, g, b = alpha * 255 + 0.5, r * 255 + 0.5, g * 255 + 0.5, b * 255 + 0.5
    if not (0 <= a < 256 and 0 <= r < 256 and 0 <= g < 256 and 0 <= b < 256):
        a, r, g, b = (max(0.0, min(255.0, part)) for part in (a, r, g, b))
    return (int(a) << 24) | (int(r) << 16) | (int(g) << 8) | int(b)


def fill(tint: Colour, alpha: float = 1.0, blend: Any = None) -> Any:
    """A paint that fills."""
    paint = skia.Paint(Color=argb(tint, alpha), AntiAlias=True)
    if blend is not None:
        paint.setBlendMode(blend)
    return paint


def line(tint: Colour, width: float, alpha: float = 1.0, blend: Any = None) -> Any:
    """A paint that strokes with round ends."""
    paint = skia.Paint(
        Color=argb(tint, alpha),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )
    if blend is not None:
        paint.setBlendMode(blend)
    return paint


def fade(
    start: tuple[float, float],
    end: tuple[float, float],
    stops: Iterable[tuple[float, Colour, float]],
    blend: Any = None,
) -> Any:
    """A paint that runs from start to end through (place 0..1, colour, alpha) stops."""
    places, tints = zip(*((place, argb(tint, alpha)) for place, tint, alpha in stops), strict=True)
    shader = skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], list(tints), list(places))
    paint = skia.Paint(Shader=shader, AntiAlias=True, Dither=True)
    if blend is not None:
        paint.setBlendMode(blend)
    return paint


def halo(u: float, v: float, radius: float, tint: Colour, strength: float, blend: Any = PLUS) -> Any:
    """A paint for a round glow that falls off softly to nothing."""
    stops = HALO
    shader = skia.GradientShader.MakeRadial(
        skia.Point(u, v), radius, [argb(tint, strength * a) for _, a in stops], [p for p, _ in stops]
    )
    return skia.Paint(Shader=shader, Dither=True, BlendMode=blend)


def glow(canvas: Any, u: float, v: float, radius: float, tint: Colour, strength: float, *, quick: bool = False) -> None:
    """Add a round glow; a `quick` one is a small picture drawn large."""
    if strength <= 0.004 or radius <= 0:
        return
    where = skia.Rect.MakeLTRB(u - radius, v - radius, u + radius, v + radius)
    if quick:
        canvas.drawImageRect(_spot(tint, strength), where, SMOOTH)
    else:
        canvas.drawRect(where, halo(u, v, radius, tint, strength))


def _spot(tint: Colour, strength: float) -> Any:
    """A picture of a glow, which only adds light."""
    layer = np.zeros((SPOT, SPOT, 4), np.uint8)
    layer[..., :3] = np.clip(_falloff() * (strength * 255 * np.asarray(tint[::-1])) + 0.5, 0, 255)
    return image(layer)


@lru_cache(maxsize=1)
def _falloff() -> NDArray[np.float64]:
    across = (np.arange(SPOT) + 0.5) * 2 / SPOT - 1
    places, levels = zip(*HALO, strict=True)
    return np.asarray(np.interp(np.hypot(across[:, None], across), places, levels)[..., None])


def outline(points: Points, closed: bool = True) -> Any:
    """A path through points."""
    return skia.Path.Polygon([skia.Point(float(x), float(y)) for x, y in points], closed)


def curve(points: Points, closed: bool = False) -> Any:
    """A smooth path through points (Catmull-Rom)."""
    path = skia.Path()
    given = [(float(x), float(y)) for x, y in points]
    if len(given) < 3:
        return outline(given, closed)
    ring = [given[-1], *given, given[0], given[1]] if closed else [given[0], *given, given[-1]]
    path.moveTo(*ring[1])
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        path.cubicTo(bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
    if closed:
        path.close()
    return path


def box(left: float, top: float, right: float, bottom: float) -> Any:
    """A rectangle by its edges."""
    return skia.Rect.MakeLTRB(left, top, right, bottom)


def surface(width: int, height: int) -> Any:
    """A clear surface in the fast format."""
    made = skia.Surface(max(1, width), max(1, height))
    made.getCanvas().clear(0)
    return made


def pixels(source: Any) -> NDArray[np.uint8]:
    """A copy of a surface's pixels: premultiplied BGRA, (height, width, 4)."""
    info = skia.ImageInfo.Make(source.width(), source.height(), skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType)
    held = np.empty((source.height(), source.width(), 4), np.uint8)
    source.readPixels(info, held, source.width() * 4, 0, 0)
    return held


def image(array: NDArray[np.uint8]) -> Any:
    """A picture of premultiplied BGRA pixels (copied)."""
    return skia.Image.fromarray(
        np.ascontiguousarray(array), skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType, copy=True
    )
