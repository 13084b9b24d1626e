"""Camera paths: what the camera does from frame to frame, and where a pixel of the output then looks in the picture.

All lengths are shares of the grid's unit (the picture's width). A path starts at the given picture exactly (every term
zero, zoom 1); a clip that must end on the picture is drawn backwards along the same path.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from vitascope.filmset.photo.warp import Field, Grid, Map, smoothstep
from vitascope.filmset.scene.scene import Camera, Direction, Move, Pace

PACES = {Pace.SLOW: 1.0, Pace.NORMAL: 1.15, Pace.FAST: 1.4}
REFERENCE_SECONDS = 5.0  # amplitudes below are for clips of this length
LONG_SECONDS = 7.5  # longer orbits go there and back on a closed curve: one arc would creep
SETTLING = 2.0  # seconds in which a hand's tremble grows from nothing
YAW = 0.15  # of an orbit of five seconds
PAN, TILT, SLIDE, TRACK, PUSH = 0.075, 0.06, 0.13, 0.3, 0.21  # goals of five seconds, shares of the width
ORBIT_PUSH = 0.12  # an orbit comes a little nearer
PAN_ZOOM, ORBIT_ZOOM, TRACK_ZOOM, HAND_ZOOM = 1.02, 1.075, 1.1, 1.03  # enlargement that leaves room for the move
LOOP_SLIDE, LOOP_ZOOM, LOOP_SECONDS = 0.1, 1.06, 12  # of a long orbit: its half axis, zoom, and the time once around
SLOW_SWING, QUICK_SWING, QUICK_SHARE = 0.17, 0.43, 0.15  # of a hand: Hz, Hz, how much smaller the quick one is
LINEAR, SOFT = 0.8, 0.2  # shares of a move that run evenly, and with soft ends
MOST_ZOOM = 1.7  # that hides borders
ZOOM_ROUNDS = 12  # halvings of its interval
BORDER = 0.4  # pixels beyond the outermost centres that may be looked at: nearly half a pixel
CLOSE_YAW, CLOSE_PUSH, CLOSE_PAN = 0.4, 0.6, 0.35  # what is left of an orbit before a face close up
STEPS = 4  # fixed-point steps that find which depth a pixel shows
PROBES = (0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # shares of the clip where borders are checked


@dataclass(frozen=True, slots=True)
class CameraPose:
    """Where the camera is, relative to the one that took the picture.

    pan, tilt: the view moves right, down. slide, lift: the camera moves right, down, near things more than far ones.
    push: it moves forward. zoom: plain enlargement. roll: radians, clockwise. yaw: how much larger the right border
    gets than the middle, twofold: what an orbit does to a wall, and uprights stay upright.
    """

    pan: float = 0.0
    tilt: float = 0.0
    slide: float = 0.0
    lift: float = 0.0
    push: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0
    yaw: float = 0.0

    def at(self, share: float) -> CameraPose:
        """The pose a share of the way from the start; zoom grows in equal ratios, which looks even."""
        return CameraPose(
            self.pan * share,
            self.tilt * share,
            self.slide * share,
            self.lift * share,
            self.push * share,
            self.zoom**share,
            self.roll * share,
            self.yaw * share,
        )

    def with_parallax(self, share: float) -> CameraPose:
        """The pose with only a share of its parallax."""
        return replace(self, slide=self.slide * share, lift=self.lift * share, push=self.push * share)


class PathShape(Enum):
    """The shape of a path."""

    LINE = "from the picture to the goal"
    LOOP = "around an ellipse and on"
    SHAKE = "a hand's tremble around the picture"


@dataclass(frozen=True, slots=True)
class Path:
    """A camera path through a clip of `seconds`. `phase` (from the seed) tells trembles apart.

    `pivot` is the depth that keeps its place when the camera slides. `timetable`: at equally spaced times, how far
    along its curve the camera is (0..1); empty = evenly.
    """

    goal: CameraPose
    shape: PathShape
    seconds: float
    pivot: float
    phase: float = 0.0
    timetable: tuple[float, ...] = ()

    def pose(self, share: float) -> CameraPose:
        """The pose at a share (0..1) of the clip."""
        if self.timetable:
            share = float(np.interp(share, np.linspace(0, 1, len(self.timetable)), self.timetable))
        if self.shape is PathShape.LINE:
            return self.goal.at(ease(share))
        return self._loop(share) if self.shape is PathShape.LOOP else self._shake(share)

    @property
    def probes(self) -> tuple[float, ...]:
        """Shares of the clip that together show all that the path does."""
        if self.shape is PathShape.LINE:
            return PROBES
        count = math.ceil(8 * self.seconds)
        return tuple((number + 1) / count for number in range(count))

    def _loop(self, share: float) -> CameraPose:
        """Out to one side, across to the other and back, nearest when it comes back to the middle."""
        angle = 2 * math.pi * self.seconds / LOOP_SECONDS * share
        near, aside = (1 - math.cos(angle)) / 2, math.sin(angle)
        return replace(
            self.goal.at(near),
            slide=self.goal.slide * aside * 0.8,
            yaw=self.goal.yaw * aside * 0.8,
            zoom=self.goal.zoom ** math.sin(min(angle, math.pi / 2)),
        )

    def _shake(self, share: float) -> CameraPose:
        """One slow swing and a smaller quick one: the hand never rests and never jerks."""
        time, settled = share * self.seconds, smoothstep(share * self.seconds / SETTLING)
        slow, quick = math.tau * SLOW_SWING * time + self.phase, math.tau * QUICK_SWING * time + 2.1 * self.phase
        across, down = math.sin(slow) + QUICK_SHARE * math.sin(quick), math.cos(slow) + QUICK_SHARE * math.cos(quick)
        return CameraPose(
            pan=self.goal.pan * across * settled,
            tilt=self.goal.tilt * down * settled,
            slide=self.goal.slide * across * settled,
            push=self.goal.push * ease(share),
            zoom=self.goal.zoom**settled,
            roll=self.goal.roll * math.sin(0.8 * slow) * settled,
        )


def ease(share: float) -> float:
    """Nearly even progress with soft ends; moves from the very first frame."""
    return LINEAR * share + SOFT * smoothstep(share)


def planned(camera: Camera, seconds: float, aspect: float, pivot: float, seed: int) -> Path | None:
    """The path for a camera move, or None for a fixed camera.

    A pull out cannot start at the whole picture without inventing what lies beyond it: it becomes a push in, which the
    caller draws backwards where the clip ends on a given picture.
    """
    if camera.move is Move.FIXED:
        return None
    length = (seconds / REFERENCE_SECONDS) ** 0.6 * PACES[camera.pace]
    room, reach = min(length, 1.35), (seconds / REFERENCE_SECONDS) ** 0.85 * PACES[camera.pace]
    side = _side(camera.direction, seed)
    phase = (seed % 1000) / 1000 * math.tau
    calm = min(length, 1.25)
    match camera.move:
        case Move.PAN:
            return Path(CameraPose(pan=PAN * room * side, zoom=PAN_ZOOM), PathShape.LINE, seconds, pivot)
        case Move.TILT:
            up = camera.direction is not Direction.DOWN
            share = TILT * room * min(1.0, 1 / aspect + 0.35)
            return Path(CameraPose(tilt=-share if up else share, zoom=PAN_ZOOM), PathShape.LINE, seconds, pivot)
        case Move.ORBIT if seconds > LONG_SECONDS:
            return Path(
                CameraPose(slide=LOOP_SLIDE * side, push=ORBIT_PUSH, zoom=LOOP_ZOOM, yaw=YAW * side),
                PathShape.LOOP,
                seconds,
                pivot,
            )
        case Move.ORBIT:
            goal = CameraPose(slide=SLIDE * calm * side, push=ORBIT_PUSH, zoom=ORBIT_ZOOM, yaw=YAW * calm * side)
            return Path(goal, PathShape.LINE, seconds, pivot)
        case Move.TRACKING if camera.direction in (Direction.TOWARDS, Direction.AWAY):
            return Path(CameraPose(push=TRACK * calm, zoom=TRACK_ZOOM), PathShape.LINE, seconds, 0.0)
        case Move.TRACKING:
            return Path(
                CameraPose(slide=PAN * calm * side, pan=0.02 * room * side, zoom=PAN_ZOOM), PathShape.LINE, seconds, 0.0
            )
        case Move.HANDHELD:
            goal = CameraPose(pan=0.009, tilt=0.007, slide=0.01, push=0.1, zoom=HAND_ZOOM, roll=0.004)
            return Path(goal, PathShape.SHAKE, seconds, pivot, phase)
        case _:
            return Path(CameraPose(push=PUSH * calm, zoom=1 + 0.075 * min(reach, 2.6)), PathShape.LINE, seconds, 0.0)


def aimed(path: Path, focus: tuple[float, float]) -> Path:
    """A push that goes to a point (pixels from the middle over the unit) instead of the middle; others as they are."""
    if path.goal.push == 0 or path.goal.slide or path.shape is not PathShape.LINE:
        return path
    gone = 1 - (1 - 0.5 * path.goal.push) / path.goal.zoom  # about how much of the view is lost on the way
    return replace(path, goal=replace(path.goal, pan=gone * focus[0], tilt=gone * focus[1]))


def calmed(path: Path) -> Path:
    """The path before a face that fills the picture: no parallax, so a little pan takes the place of a slide, and less
    of an orbit's perspective."""
    goal = path.goal
    pan = goal.pan + CLOSE_PAN * goal.slide
    return replace(
        path, goal=replace(goal, pan=pan, slide=0.0, lift=0.0, push=CLOSE_PUSH * goal.push, yaw=CLOSE_YAW * goal.yaw)
    )


def _side(direction: Direction | None, seed: int) -> int:
    if direction in (Direction.LEFT, Direction.RIGHT):
        return 1 if direction is Direction.RIGHT else -1
    return 1 if seed % 2 else -1


def source(grid: Grid, disparity: Field, pose: CameraPose, pivot: float, places: Map | None = None) -> Map:
    """Where each node (or each of `places`) of the output looks in the picture. `disparity` (on the nodes) is 0 far and
    1 near."""
    centre = grid.centre
    offset = (grid.nodes if places is None else places) - centre
    cos, sin = math.cos(pose.roll), math.sin(pose.roll)
    turned = np.stack((cos * offset[..., 0] - sin * offset[..., 1], sin * offset[..., 0] + cos * offset[..., 1]), -1)
    turned = turned.astype(np.float32) / np.float32(pose.zoom)
    turned = turned / (1 + np.float32(pose.yaw / grid.unit) * turned[..., :1])
    shift = np.array([pose.pan, pose.tilt], np.float32) * np.float32(grid.unit)
    slide = np.array([pose.slide, pose.lift], np.float32) * np.float32(grid.unit)
    where = np.asarray(centre + turned + shift, np.float32)
    if pose.slide == pose.lift == pose.push == 0:
        return where
    for _ in range(STEPS):
        near = grid.lookup(disparity, where)[..., np.newaxis]
        where = centre + (turned + shift + slide * (near - np.float32(pivot))) * (1 - np.float32(pose.push) * near)
    return np.asarray(where, np.float32)


def destination(grid: Grid, disparity: Field, places: Map, pose: CameraPose, pivot: float) -> Map:
    """Where places in the picture (..., 2) end up in the output: the exact inverse of `source`."""
    near = grid.lookup(disparity, places)[..., np.newaxis]
    shift = np.array([pose.pan, pose.tilt], np.float32) * np.float32(grid.unit)
    slide = np.array([pose.slide, pose.lift], np.float32) * np.float32(grid.unit)
    turned = (places - grid.centre) / (1 - np.float32(pose.push) * near) - shift - slide * (near - np.float32(pivot))
    turned = turned / (1 - np.float32(pose.yaw / grid.unit) * turned[..., :1])
    offset = turned * np.float32(pose.zoom)
    cos, sin = math.cos(pose.roll), math.sin(pose.roll)
    back = np.stack((cos * offset[..., 0] + sin * offset[..., 1], cos * offset[..., 1] - sin * offset[..., 0]), -1)
    return np.asarray(grid.centre + back, np.float32)


def at_even_speed(path: Path, grid: Grid, disparity: Field, texture: Field) -> Path:
    """The path with a timetable by which a curve has no faster and slower parts, seen where there is `texture`."""
    if path.shape is PathShape.LINE:
        return path
    shares = np.linspace(0, 1, 24 * math.ceil(path.seconds) + 1)
    places = np.ascontiguousarray(grid.nodes[1:-1:6, 1:-1:6])
    seen = [source(grid, disparity, path.pose(float(share)), path.pivot, places) for share in shares]
    weight = texture[1:-1:6, 1:-1:6] / (texture.mean() + 1e-6) + 0.1
    steps = [float((weight * np.linalg.norm(two - one, axis=-1)).mean()) for one, two in itertools.pairwise(seen)]
    gone = np.concatenate(([0.0], np.cumsum(np.asarray(steps) + 1e-6)))
    timetable = np.interp(np.linspace(0, gone[-1], len(shares)), gone, shares)
    return replace(path, timetable=tuple(float(share) for share in timetable))


def without_borders(path: Path, grid: Grid, disparity: Field) -> Path:
    """The path with the least zoom that never shows what lies beyond the picture's borders."""
    edge = _edge(grid)
    if _inside(path, grid, disparity, edge):
        return path
    low, high = path.goal.zoom, MOST_ZOOM
    for _ in range(ZOOM_ROUNDS):
        middle = (low + high) / 2
        if _inside(replace(path, goal=replace(path.goal, zoom=middle)), grid, disparity, edge):
            high = middle
        else:
            low = middle
    return replace(path, goal=replace(path.goal, zoom=high))


def _edge(grid: Grid) -> Map:
    """The centres of the output's outermost pixels, one of four, with all corners: (n, 2)."""
    right, bottom = grid.size.width - 1, grid.size.height - 1
    across, down = np.linspace(0, right, right // 4 + 2), np.linspace(0, bottom, bottom // 4 + 2)
    rows = [np.stack(np.broadcast_arrays(across, y), -1) for y in (0.0, float(bottom))]
    columns = [np.stack(np.broadcast_arrays(x, down), -1) for x in (0.0, float(right))]
    return np.concatenate((*rows, *columns)).astype(np.float32)


def _inside(path: Path, grid: Grid, disparity: Field, edge: Map) -> bool:
    """Whether all of the output's edge looks inside the picture, nearly half a pixel allowed, all the way."""
    limit = grid.centre * 2 + np.float32(BORDER)
    for share in path.probes:
        seen = source(grid, disparity, path.pose(share), path.pivot, edge)
        if (seen < -BORDER).any() or (seen > limit).any():
            return False
    return True
