"""What is measured in the frames of a film, and the line of the table that it becomes."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.pictures.material import SIZE
from vitascope.filmset.photo.animate import MovingPhoto
from vitascope.filmset.photo.camera import Path as CameraPath
from vitascope.filmset.photo.cloth import find_cloth
from vitascope.filmset.photo.motions import Stir
from vitascope.filmset.photo.script import Script
from vitascope.filmset.photo.still import Still
from vitascope.values import Picture

STANDS = 0.001
"""Pixels a frame that measuring the shift of a standing picture may err by."""
Gray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table: what, measured, the bar, whether it holds."""

    what: str
    measured: str
    bar: str
    holds: bool


def gray(picture: Picture) -> Gray:
    """Luma as float."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def changes(photo: MovingPhoto) -> list[float]:
    """Mean absolute change of the luma from each frame to the next."""
    frames = (gray(photo.frame(index)) for index in range(photo.timing.frames))
    return [float(np.abs(one - two).mean()) for one, two in itertools.pairwise(frames)]


def frozen_run(steps: list[float]) -> int:
    """The longest run of frames that do not differ (less than a hundredth of a grey level)."""
    return max(
        (sum(1 for _ in run) for still, run in itertools.groupby(steps, lambda step: step < 0.01) if still), default=0
    )


def sharpness(picture: Picture) -> float:
    """Variance of the Laplacian."""
    return float(cv2.Laplacian(gray(picture), cv2.CV_32F).var())


def kept_sharpness(photo: MovingPhoto, index: int) -> float:
    """A frame's sharpness against that of the same part of the given picture: what is in view does not matter."""
    still = still_of(photo)
    return sharpness(photo.frame(index)) / (still._detail.seen(still._where(index)) + 1e-3)


def flow(one: Picture, two: Picture) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Optical flow in pixels and where there is texture to trust it."""
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    gray_one, gray_two = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (one, two))
    found = search.calc(gray_one, gray_two, None)
    rough = cv2.GaussianBlur(np.abs(cv2.Laplacian(gray_one, cv2.CV_32F)), (0, 0), 3.0)
    return np.asarray(found, np.float32), np.asarray(rough > max(1.0, float(np.quantile(rough, 0.4))), np.bool_)


def still_of(photo: MovingPhoto) -> Still:
    """The film of one picture inside."""
    assert isinstance(photo._film, Still)
    return photo._film


def path_of(photo: MovingPhoto) -> CameraPath:
    """The camera path of a film that has one."""
    path = still_of(photo).path
    assert path is not None
    return path


def mean_speed(photo: MovingPhoto) -> float:
    """How far the pixels travel in the middle of the clip, pixels a frame."""
    still = still_of(photo)
    one, two = (still.grid.inner(still._where(index)) for index in (58, 62))
    return float(np.linalg.norm(two - one, axis=-1).mean()) / 4


def background_motion(photo: MovingPhoto) -> float:
    """How far the background shifts in two and a half seconds, in pixels a frame (phase correlation).

    What was found to live is left out, and the light is evened out first.
    """
    regions = still_of(photo).regions
    parts = [regions.sky * (regions.clouds > 0), regions.water, regions.foliage, regions.lights]
    alive = still_of(photo).alive
    if alive.course is not None:
        parts.append(alive.course.mask)
    if alive.living.billows:
        parts.append(np.asarray(find_cloth(regions, Script(frozenset({Stir.CLOTH}), "red"))))
    lively = np.maximum.reduce(parts)
    still = cv2.dilate(cv2.resize(lively, (SIZE.width, SIZE.height)), np.ones((25, 25), np.uint8)) < 0.02
    one, two = (np.where(still, evened(photo.frame(index)), np.float32(1)) for index in (0, 60))
    if one[still].std() < 0.02:
        return 0.0
    (across, down), _ = cv2.phaseCorrelate(one, two, cv2.createHanningWindow((SIZE.width, SIZE.height), cv2.CV_32F))
    return math.hypot(across, down) / 60


def evened(picture: Picture) -> Gray:
    """The picture's luma with its broad light taken out, around 1."""
    luma = gray(picture) + 8
    return np.asarray(luma / cv2.GaussianBlur(luma, (0, 0), 12.0), np.float32)


def luma_psnr(one: Picture, two: Picture) -> float:
    """Decibels between the lumas."""
    return float(10 * np.log10(255**2 / max(1e-9, float(((gray(one) - gray(two)) ** 2).mean()))))
