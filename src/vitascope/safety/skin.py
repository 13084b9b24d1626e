"""Nudity by skin regions, a published and explainable rule; coarse, and meant to be replaced where it matters.

R. Ap-apid, "An Algorithm for Nudity Detection", Proc. 5th Philippine Computing Science Congress, 2005, pp. 201-205:
label skin pixels, join them to regions, look at the three largest and the quadrilateral around them, decide by five
thresholds. What is skin is decided by hue and saturation alone, after K. Sobottka and I. Pitas, "A novel method for
automatic face segmentation, facial feature extraction and tracking", Signal Processing: Image Communication 12, 1998,
pp. 263-281: rules on RGB values (Ap-apid used those too) were tried and miss most light and all very dark skin.

It knows colours and shapes of regions, nothing else: fur, wood, sand and evening light can be flagged, bodies in
coloured light are missed. Measured false alarms: 16 of 98 harmless clips of the film set (dunes, lantern light, dusk;
46 of 294 frames) and 2 of 10 colour photographs (a cat, a stained tissue). How many bodies it misses was measured on
drawn figures of six skin tones only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vitascope.values import Picture

SIDE = 128  # the longer side that pictures are made small to

Mask: TypeAlias = NDArray[np.bool_]
"""Which pixels: (height, width)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rule looks at. Shares are parts of 1; `largest` are the three largest regions' shares of all skin."""

    skin: float
    regions: int
    largest: tuple[float, float, float]
    filled: float
    brightness: float

    @property
    def nude(self) -> bool:
        """The paper's decision, its five steps in its order."""
        first, second, third = self.largest
        if self.skin < 0.15:
            return False
        if first < 0.35 and second < 0.30 and third < 0.30:
            return False
        if first < 0.45:
            return False
        if self.skin < 0.30 and self.filled < 0.55:
            return False
        return not (self.regions > 60 and self.brightness < 0.25)


class SkinRegions:
    """The built-in detector: Ap-apid's rule on a small copy of the picture. A millisecond or two a picture."""

    def flagged(self, picture: Picture) -> bool:
        """True if the rule takes the picture (uint8, height x width x 3) for nude."""
        return evidence(picture).nude


def evidence(picture: Picture) -> Evidence:
    """Measure what the rule needs to know of a picture."""
    small = shrink(picture)
    skin = skin_pixels(small)
    sizes, labels = regions(skin)
    order = np.argsort(-sizes, kind="stable")
    total = max(1, int(skin.sum()))
    shares = [float(sizes[index]) / total for index in order[:3]] + [0.0] * 3
    around = quadrilateral(np.isin(labels, order[:3]))
    inside = int(around.sum())
    return Evidence(
        skin=float(skin.mean()),
        regions=len(sizes),
        largest=(shares[0], shares[1], shares[2]),
        filled=float(skin[around].mean()) if inside else 0.0,
        brightness=float(small[around].mean()) if inside else 0.0,
    )


def shrink(picture: Picture) -> NDArray[np.float32]:
    """A copy of at most `SIDE` pixels a side, values 0-1, each the mean of a few samples of its place."""
    step = max(1, -(-max(picture.shape[:2]) // (2 * SIDE)))
    sampled = picture[::step, ::step].astype(np.float32) / 255
    height, width = sampled.shape[0] // 2, sampled.shape[1] // 2
    pairs = sampled[: 2 * height, : 2 * width].reshape(height, 2, width, 2, 3)
    return np.asarray(pairs.mean(axis=(1, 3)))


def skin_pixels(picture: NDArray[np.float32]) -> Mask:
    """Which pixels (values 0-1) have a hue of 0-50 degrees and a saturation of 0.23-0.68 and are not nearly black."""
    red, green, blue = np.moveaxis(picture, 2, 0)
    chroma = red - blue  # where red >= green >= blue, the only place that these hues can be
    warm = (red >= green) & (green >= blue) & (green - blue <= chroma * (50 / 60))
    strong = (chroma >= 0.23 * red) & (chroma <= 0.68 * red)
    return np.asarray(warm & strong & (red > 0.15))


def regions(mask: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sizes of the 4-connected regions, and for each pixel its region's number (-1 outside).

    All pairs of neighbours pull each other's label down at once; following labels to their labels makes that fast.
    """
    names = np.full(mask.shape, -1, np.int64)
    count = int(mask.sum())
    names[mask] = np.arange(count)
    beside = mask[:, 1:] & mask[:, :-1]
    below = mask[1:] & mask[:-1]
    one = np.concatenate([names[:, 1:][beside], names[1:][below]])
    other = np.concatenate([names[:, :-1][beside], names[:-1][below]])
    label = np.arange(count)
    while (apart := label[one] != label[other]).any():
        one, other = one[apart], other[apart]
        lowest = np.minimum(label[one], label[other])
        np.minimum.at(label, label[one].copy(), lowest)
        np.minimum.at(label, label[other].copy(), lowest)
        while not np.array_equal(label, label[label]):
            label = label[label]
    _, number, sizes = np.unique(label, return_inverse=True, return_counts=True)
    labels = np.full(mask.shape, -1, np.int64)
    labels[mask] = number
    return sizes.astype(np.int64), labels


def quadrilateral(mask: Mask) -> Mask:
    """The area between the leftmost, uppermost, rightmost and lowermost pixel of `mask`; nothing if it is empty."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return np.zeros_like(mask)
    corners = [int(index) for index in (columns.argmin(), rows.argmin(), columns.argmax(), rows.argmax())]
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]]
    inside = np.ones_like(mask)
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        across, down = columns[end] - columns[start], rows[end] - rows[start]
        inside &= across * (y - rows[start]) - down * (x - columns[start]) >= 0
    return inside
