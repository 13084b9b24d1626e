"""Camera paths: what the camera does from frame to frame, and where a pixel of the output then looks in the picture.

All lengths are shares of the grid's unit (the picture's width). A path starts at the given picture exactly (every term
zero, zoom 1); a clip that must end on the picture is drawn backwards along the same path.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from vitascope.plates.warp import Field, Grid, Map, smoothstep
from vitascope.scene.scene import Camera, Direction, Move, Pace

PACES = {Pace.SLOW: 1.0, Pace.NORMAL: 1.15, Pace.FAST: 1.4}
REFERENCE_SECONDS = 5.0  # amplitudes below are for clips of this length
LONG_SECONDS = 7.5  # longer orbits go there and back on a closed curve: one arc would creep
STEPS = 4  # fixed-point steps that find which depth a pixel shows
PROBES = (0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # shares of the clip where borders are checked


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera is, relative to the one that took the picture.

    pan, tilt: the view moves right, down. slide, lift: the camera moves right, down, near things more than far ones.
    push: it moves forward. zoom: plain enlargement. roll: radians, clockwise.
    """

    pan: float = 0.0
    tilt: float = 0.0
    slide: float = 0.0
    lift: float = 0.0
    push: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0

    def at(self, share: float) -> Pose:
        """The pose a share of the way from the start; zoom grows in equal ratios, which looks even."""
        return Pose(
            self.pan * share,
            self.tilt * share,
            self.slide * share,
            self.lift * share,
            self.push * share,
            self.zoom**share,
            self.roll * share,
        )

    def with_parallax(self, share: float) -> Pose:
        """The pose with only a share of its parallax."""
        return replace(self, slide=self.slide * share, lift=self.lift * share, push=self.push * share)


class Course(Enum):
    """The shape of a path."""

    LINE = "from the picture to the goal"
    LOOP = "around an ellipse and on"
    SHAKE = "a hand's tremble around the picture"


@dataclass(frozen=True, slots=True)
class Path:
    """A camera path through a clip of `seconds`. `phase` (from the seed) tells trembles apart.

    `pivot` is the depth that keeps its place when the camera slides.
    """

    goal: Pose
    course: Course
    seconds: float
    pivot: float
    phase: float = 0.0

    def pose(self, share: float) -> Pose:
        """The pose at a share (0..1) of the clip."""
        if self.course is Course.LINE:
            return self.goal.at(ease(share))
        return self._loop(share) if self.course is Course.LOOP else self._shake(share)

    def _loop(self, share: float) -> Pose:
        """Out to one side, across to the other and back, nearest at the turns' middle."""
        angle = 2 * math.pi * self.seconds / 12 * share
        near = (1 - math.cos(angle)) / 2
        settled = self._settled(share)
        return replace(
            self.goal.at(near),
            slide=self.goal.slide * math.sin(angle) * 0.8,
            zoom=self.goal.zoom ** (0.75 * settled + 0.25 * near),
        )

    def _shake(self, share: float) -> Pose:
        """Two slow swings of unequal pace: the hand never rests and never jerks."""
        time, settled = share * self.seconds, self._settled(share)
        turn = math.tau * time
        across = math.sin(0.31 * turn + self.phase) + 0.45 * math.sin(0.73 * turn + 2.1 * self.phase)
        down = math.cos(0.31 * turn + self.phase) + 0.45 * math.cos(0.67 * turn + 1.7 * self.phase)
        roll = math.sin(0.27 * turn + 0.6 * self.phase)
        return Pose(
            pan=self.goal.pan * across * settled,
            tilt=self.goal.tilt * down * settled,
            slide=self.goal.slide * across * settled,
            push=self.goal.push * ease(share),
            zoom=self.goal.zoom**settled,
            roll=self.goal.roll * roll * settled,
        )

    def _settled(self, share: float) -> float:
        """Loops and trembles grow from nothing in the first second and a half."""
        return smoothstep(share * self.seconds / 1.5)


def ease(share: float) -> float:
    """Nearly even progress with soft ends; moves from the very first frame."""
    return 0.8 * share + 0.2 * smoothstep(share)


def planned(camera: Camera, seconds: float, aspect: float, pivot: float, seed: int) -> Path | None:
    """The path for a camera move, or None for a fixed camera.

    A pull out cannot start at the whole picture without inventing what lies beyond it: it becomes a push in, which the
    caller draws backwards where the clip ends on a given picture.
    """
    if camera.move is Move.FIXED:
        return None
    length = (seconds / REFERENCE_SECONDS) ** 0.6 * PACES[camera.pace]
    side = _side(camera.direction, seed)
    phase = (seed % 1000) / 1000 * math.tau
    calm = min(length, 1.25)
    match camera.move:
        case Move.PAN:
            return Path(Pose(pan=0.075 * length * side, zoom=1.02), Course.LINE, seconds, pivot)
        case Move.TILT:
            up = camera.direction is not Direction.DOWN
            share = 0.06 * length * min(1.0, 1 / aspect + 0.35)
            return Path(Pose(tilt=-share if up else share, zoom=1.02), Course.LINE, seconds, pivot)
        case Move.ORBIT if seconds > LONG_SECONDS:
            return Path(Pose(slide=0.1 * side, push=0.12, zoom=1.06), Course.LOOP, seconds, pivot)
        case Move.ORBIT:
            return Path(Pose(slide=0.11 * calm * side, push=0.06, zoom=1.05), Course.LINE, seconds, pivot)
        case Move.TRACKING if camera.direction in (Direction.TOWARDS, Direction.AWAY):
            return Path(Pose(push=0.3 * calm, zoom=1.1), Course.LINE, seconds, 0.0)
        case Move.TRACKING:
            return Path(Pose(slide=0.075 * calm * side, pan=0.02 * length * side, zoom=1.02), Course.LINE, seconds, 0.0)
        case Move.HANDHELD:
            goal = Pose(pan=0.011, tilt=0.008, slide=0.012, push=0.08, zoom=1.03, roll=0.004)
            return Path(goal, Course.SHAKE, seconds, pivot, phase)
        case _:
            return Path(Pose(push=0.22 * calm, zoom=1 + 0.075 * length), Course.LINE, seconds, 0.0)


def _side(direction: Direction | None, seed: int) -> int:
    if direction in (Direction.LEFT, Direction.RIGHT):
        return 1 if direction is Direction.RIGHT else -1
    return 1 if seed % 2 else -1


def source(grid: Grid, disparity: Field, pose: Pose, pivot: float) -> Map:
    """Where each node looks in the picture. `disparity` (on the nodes) is 0 far and 1 near."""
    centre = grid.centre
    offset = grid.nodes - centre
    cos, sin = math.cos(pose.roll), math.sin(pose.roll)
    turned = np.stack((cos * offset[..., 0] - sin * offset[..., 1], sin * offset[..., 0] + cos * offset[..., 1]), -1)
    turned = turned.astype(np.float32) / np.float32(pose.zoom)
    shift = np.array([pose.pan, pose.tilt], np.float32) * np.float32(grid.unit)
    slide = np.array([pose.slide, pose.lift], np.float32) * np.float32(grid.unit)
    where = np.asarray(centre + turned + shift, np.float32)
    if pose.slide == pose.lift == pose.push == 0:
        return where
    for _ in range(STEPS):
        near = grid.lookup(disparity, where)[..., np.newaxis]
        where = centre + (turned + shift + slide * (near - np.float32(pivot))) * (1 - np.float32(pose.push) * near)
    return np.asarray(where, np.float32)


def destination(grid: Grid, disparity: Field, places: Map, pose: Pose, pivot: float) -> Map:
    """Where places in the picture (..., 2) end up in the output: the exact inverse of `source`."""
    near = grid.lookup(disparity, places)[..., np.newaxis]
    shift = np.array([pose.pan, pose.tilt], np.float32) * np.float32(grid.unit)
    slide = np.array([pose.slide, pose.lift], np.float32) * np.float32(grid.unit)
    turned = (places - grid.centre) / (1 - np.float32(pose.push) * near) - shift - slide * (near - np.float32(pivot))
    offset = turned * np.float32(pose.zoom)
    cos, sin = math.cos(pose.roll), math.sin(pose.roll)
    back = np.stack((cos * offset[..., 0] + sin * offset[..., 1], cos * offset[..., 1] - sin * offset[..., 0]), -1)
    return np.asarray(grid.centre + back, np.float32)


def without_borders(path: Path, grid: Grid, disparity: Field) -> Path:
    """The path with the least zoom that never shows what lies beyond the picture's borders."""
    low, high = path.goal.zoom, 1.6
    if _inside(path, grid, disparity):
        return path
    for _ in range(12):
        middle = (low + high) / 2
        if _inside(replace(path, goal=replace(path.goal, zoom=middle)), grid, disparity):
            high = middle
        else:
            low = middle
    return replace(path, goal=replace(path.goal, zoom=high))


def _inside(path: Path, grid: Grid, disparity: Field) -> bool:
    return all(_shows_only_picture(grid, source(grid, disparity, path.pose(u), path.pivot)) for u in PROBES)


def _shows_only_picture(grid: Grid, where: Map) -> bool:
    """Whether all pixels of the output look inside the picture, half a pixel allowed."""
    large = grid.enlarge(where)
    edge = np.concatenate((large[0], large[-1], large[:, 0], large[:, -1]))
    limit = np.array([grid.size.width - 0.5, grid.size.height - 0.5], np.float32)
    return bool((edge >= -0.5).all() and (edge <= limit).all())
