"""What a picture shows, as far as plain rules can tell: sky, water, foliage, lights, skin, flat graphics.

Every mask comes with a confidence; a rule that is not sure finds nothing. Masks are float32 0..1 at the look's size
(the picture scaled so that its longer side has `LOOK` pixels), so what is found does not depend on the resolution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.photo.sky import find_sky
from vitascope.filmset.photo.warp import Field
from vitascope.values import Picture

LOOK = 432


@dataclass(frozen=True, eq=False)
class Look:
    """A small version of a picture and what is measured on it once: all (rows, columns), luma and chroma 0..255."""

    rgb: NDArray[np.float32]
    luma: Field
    across: Field
    down: Field

    @classmethod
    def of(cls, picture: Picture) -> Look:
        """Look at a picture."""
        height, width = picture.shape[:2]
        scale = LOOK / max(height, width)
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        rgb = np.asarray(small, np.float32)
        luma = np.asarray(rgb @ np.array([0.299, 0.587, 0.114], np.float32), np.float32)
        smooth = cv2.GaussianBlur(luma, (0, 0), 0.8)
        across, down = (cv2.Sobel(smooth, cv2.CV_32F, *way, ksize=3, scale=0.25) for way in ((1, 0), (0, 1)))
        return cls(rgb, luma, across, down)

    @cached_property
    def edges(self) -> Field:
        """Gradient magnitude in grey levels a pixel."""
        return np.asarray(np.hypot(self.across, self.down), np.float32)

    @cached_property
    def saturation(self) -> Field:
        """0 grey .. 1 pure colour."""
        most, least = self.rgb.max(axis=-1), self.rgb.min(axis=-1)
        return np.asarray((most - least) / np.maximum(most, 24), np.float32)

    def blurred(self, field: Field, share: float) -> Field:
        """A field averaged over a share of the longer side."""
        return np.asarray(cv2.GaussianBlur(field, (0, 0), share * LOOK), np.float32)


@dataclass(frozen=True, eq=False)
class Regions:
    """The masks found; all zero where nothing was found. `lights` shine, `lamps` could; `rigid` must keep its shape:
    skin and what is around it, or where somebody is who was not found; `graphic`: flat artwork, text or a screenshot;
    `close`: a face that fills the picture.
    """

    look: Look
    sky: Field
    clouds: float
    water: Field
    foliage: Field
    skin: Field
    rigid: Field
    lights: Field
    lamps: Field
    graphic: bool
    close: bool = False


def find_regions(picture: Picture, watery: bool = False, aglow: bool = False) -> Regions:
    """Look for everything; `watery` says that water was named, `aglow` that lights were: weak signs are enough."""
    look = Look.of(picture)
    face = _large_face(look)
    close = bool(face.any())
    skin = face if close else _skin(look)
    sky, cloudiness, under = find_sky(look.rgb, look.luma, look.edges, portrait=float(skin.mean()) > 0.02)
    nothing = np.zeros_like(sky)
    if _is_graphic(picture, sky):
        return Regions(
            look=look,
            sky=nothing,
            clouds=0.0,
            water=nothing,
            foliage=nothing,
            skin=nothing,
            rigid=nothing,
            lights=nothing,
            lamps=nothing,
            graphic=True,
        )
    foliage = _foliage(look, sky, skin)
    water = np.maximum(_water(look, sky, foliage, watery), _soft(look, _largest(under > 0.5, 0.05), 0.008))
    return Regions(
        look=look,
        sky=sky,
        clouds=cloudiness,
        water=water,
        foliage=foliage,
        skin=skin,
        rigid=skin,
        lights=_lights(look, aglow),
        lamps=_lamps(look, sky, water, foliage),
        graphic=False,
        close=close,
    )


def with_somebody(regions: Regions, close: bool) -> Regions:
    """The regions of a picture that is said to show a person (`close`: a face): if no skin was found, the middle keeps
    its shape, and all of a close one does."""
    if regions.graphic or regions.skin.any():
        return regions
    rows, columns = regions.skin.shape
    middle = np.zeros((rows, columns), np.uint8)
    cv2.ellipse(middle, (columns // 2, rows // 2), (round(0.2 * columns), round(0.36 * rows)), 0, 0, 360, 1, -1)
    return replace(regions, rigid=middle.astype(np.float32), close=close)


def _is_graphic(picture: Picture, sky: Field) -> bool:
    """Artwork and screens have large areas of exactly one colour next to hard edges; photographs have neither."""
    same = (picture[1:, 1:] == picture[:-1, 1:]).all(axis=-1) & (picture[1:, 1:] == picture[1:, :-1]).all(axis=-1)
    dark = picture[1:, 1:].max(axis=-1) < 8  # crushed shadows and night skies are not paper
    smooth = cv2.resize(sky, (same.shape[1], same.shape[0])) > 0.5
    return bool((same & ~dark & ~smooth).mean() > 0.26 or same.mean() > 0.995)


def _largest(mask: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    """The connected parts of a mask that fill at least a share of the picture."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    keep = [part for part in range(1, count) if stats[part, cv2.CC_STAT_AREA] >= least * mask.size]
    return np.asarray(np.isin(labels, keep), np.bool_)


def _soft(look: Look, mask: NDArray[np.bool_], share: float = 0.006) -> Field:
    """A mask with soft borders that end inside it: nothing outside moves."""
    inner = look.blurred(mask.astype(np.float32), share)
    return np.asarray(np.clip(2 * inner - 1, 0, 1), np.float32)


def _skin(look: Look) -> Field:
    """Faces and hands near the camera, with what is around them: the tones all skin shares, in compact patches."""
    red, green, blue = (look.rgb[..., channel] for channel in range(3))
    total = red + green + blue + 1
    r, g = red / total, green / total
    toned = (red > 70) & (red > green + 12) & (green > blue - 4) & (r > 0.37) & (r < 0.5) & (g > 0.28) & (g < 0.345)
    whole = cv2.morphologyEx(toned.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    patch = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(patch, connectivity=4)
    found = np.zeros(patch.shape, np.bool_)
    for part in range(1, count):
        left, top, wide, high, area = (int(value) for value in stats[part])
        fill = float(toned[top : top + high, left : left + wide].mean())
        if 0.004 < area / patch.size < 0.12 and 0.95 < high / wide < 2.0 and 0.5 < fill < 0.9:
            found |= labels == part
    hair = np.ones((round(0.06 * LOOK), round(0.05 * LOOK)), np.uint8)
    return np.asarray(cv2.dilate(found.astype(np.float32), hair), np.float32)


def _large_face(look: Look) -> Field:
    """A face that fills much of the picture: one patch of skin tones in its middle, about as high as wide, smooth, and
    hardly at the border. Nothing where there is none: grey or overexposed faces are known by the prompt alone."""
    red, green, blue = (look.rgb[..., channel] for channel in range(3))
    total = red + green + blue + 1
    r, g = red / total, green / total
    toned = (red > 45) & (red > green * 1.12 + 3) & (green > blue * 0.97 - 3) & (r > 0.36) & (r < 0.5) & (g > 0.27)
    whole = cv2.morphologyEx((toned & (g < 0.35)).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    patch = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(patch, connectivity=4)
    for part in range(1, count):
        wide, high, area = (int(value) for value in stats[part][2:])
        inside = labels == part
        rim = np.concatenate((inside[0], inside[-1], inside[:, 0], inside[:, -1])).mean()
        shaped = 0.7 < high / wide < 1.7 and area > 0.53 * wide * high and rim < 0.3
        central = abs(float(centres[part][0]) / patch.shape[1] - 0.5) < 0.15
        if 0.15 < area / patch.size < 0.62 and shaped and central and float(look.edges[inside].mean()) < 14:
            return np.asarray(cv2.dilate(inside.astype(np.float32), np.ones((25, 25), np.uint8)), np.float32)
    return np.zeros(patch.shape, np.float32)


def _foliage(look: Look, sky: Field, skin: Field) -> Field:
    """Leaves and grass: green to straw in colour, rough in texture, in large patches."""
    red, green, blue = (look.rgb[..., channel] for channel in range(3))
    leafy = (green > blue * 1.12 + 4) & (green > red * 0.86) & (look.saturation > 0.16)
    straw = (red > blue * 1.35) & (green > blue * 1.15) & (green > red * 0.66) & (look.saturation > 0.3)
    rough = look.blurred(look.edges, 0.012) > 4.5
    veined = look.blurred((straw & rough).astype(np.float32), 0.02) * look.blurred(leafy.astype(np.float32), 0.06)
    growing = (leafy & rough) | (veined > 0.12)
    filled = look.blurred(growing.astype(np.float32), 0.01) > 0.5
    return _soft(look, _largest(filled & (sky < 0.3) & (skin < 0.5), 0.012), 0.01)


def _water(look: Look, sky: Field, foliage: Field, watery: bool) -> Field:
    """Water: below the sky, of the sky's colour or blue, with texture that runs level; large and wide."""
    nothing = np.zeros_like(look.luma)
    red, blue = look.rgb[..., 0], look.rgb[..., 2]
    grey = float(look.saturation.mean()) < 0.06  # without colours any smooth ground would pass
    if (sky.mean() < 0.04 or grey) and not watery:
        return nothing
    shade = np.median(look.rgb[sky > 0.8], axis=0) if (sky > 0.8).any() else np.array([120, 150, 180])
    tint = np.abs((look.rgb - look.luma[..., np.newaxis]) - (shade - shade @ [0.299, 0.587, 0.114])).max(axis=-1)
    like_sky = (tint < 16) & (look.luma > 0.8 * float(shade @ [0.299, 0.587, 0.114]))
    level = look.blurred(np.abs(look.down), 0.02) > (1.0 if watery else 1.25) * look.blurred(np.abs(look.across), 0.02)
    calm = look.blurred(look.edges, 0.015) < 16
    rows = np.linspace(0, 1, look.luma.shape[0], dtype=np.float32)[:, np.newaxis]
    under = rows > (
        np.quantile(np.nonzero(sky > 0.5)[0], 0.85) / look.luma.shape[0] - 0.05 if sky.mean() > 0.04 else 0.4
    )
    wet = (
        under & (sky < 0.2) & (foliage < 0.3) & calm & (like_sky | ((blue > red * 1.12 + 8) & (look.saturation > 0.34)))
    )
    share = look.blurred((wet & level).astype(np.float32), 0.02)
    large = _largest((look.blurred(wet.astype(np.float32), 0.008) > 0.55) & (share > (0.25 if watery else 0.4)), 0.025)
    return _soft(look, _wide(large), 0.008)


def _wide(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The parts of a mask that are wider than high, as level surfaces seen from a standing height are."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    keep = [k for k in range(1, count) if stats[k, cv2.CC_STAT_WIDTH] > 1.1 * stats[k, cv2.CC_STAT_HEIGHT]]
    return np.asarray(np.isin(labels, keep), np.bool_)


def _lights(look: Look, aglow: bool) -> Field:
    """Lamps and lit windows: small, far brighter than what is around them, in a picture that is dark on the whole."""
    if float(np.median(look.luma)) > (120 if aglow else 75):
        return np.zeros_like(look.luma)
    peak = look.rgb.max(axis=-1)
    around = look.blurred(look.luma, 0.035)
    return _compact((peak > 190) & (look.luma - around > 50) & (around < 110))


def _lamps(look: Look, sky: Field, water: Field, foliage: Field) -> Field:
    """What could be lit after dark: small, clearly brighter than what is around it, neither sky, water nor leaves."""
    around = look.blurred(look.luma, 0.03)
    open_air = look.blurred(np.maximum(sky, water), 0.008) > 0.1
    bright = (look.luma - around > 34) & (look.luma > 120) & ~open_air & (look.blurred(foliage, 0.01) < 0.05)
    if (sky > 0.8).any():  # what shines through gaps is the sky
        bright &= np.abs(look.rgb - np.median(look.rgb[sky > 0.8], axis=0)).max(axis=-1) > 34
    return _compact(bright & (look.rgb[..., 0] > look.rgb[..., 2] - 12), most=0.0008)


def _compact(bright: NDArray[np.bool_], most: float = 0.004) -> Field:
    """The parts that are small and compact."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright.astype(np.uint8), connectivity=8)
    small = [part for part in range(1, count) if _is_lamp(stats[part], most * bright.size)]
    return np.isin(labels, small).astype(np.float32)


def _is_lamp(stats: NDArray[np.int32], most: float) -> bool:
    """Whether a bright part is small and compact; highlights on petals and chrome are long or ragged."""
    _, _, wide, high, area = (int(value) for value in stats)
    return 2 <= area < most and max(wide, high) < 3.2 * min(wide, high) and area > 0.42 * wide * high
