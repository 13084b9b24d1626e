"""Where feet are: a schedule of footfalls for every gait, from which the drawing, the sound and the tests all read.

Between two footfalls a foot is fixed in the world (its ball does not move); while it swings it travels to the next
place. That is why feet cannot slide and why a step is heard exactly when it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np

from vitascope.filmset.canvas.random_streams import Floats, ease

SWING_RISE = 0.08  # m that a foot is lifted unless its gait says otherwise
STOPPING = 0.16  # s in which a walker comes to a halt
IN_PLACE = 0.1  # m; a shorter stride is no step, so the heel does not rise for it
HEEL_LIFT, TOE_DROP = 0.75, 0.35  # rad that a foot is pitched as it leaves the ground, and as it lands
HEEL_LEAD, TOE_FALL = 0.22, 0.09  # s that the heel rises before a foot is lifted, that the toes take to come down


@dataclass(frozen=True, slots=True)
class Foot:
    """One foot's schedule. Swing k leaves `places[k]` at `lifts[k]` and lands on `places[k + 1]` at `lands[k]`.

    A place is (x m, z m, yaw rad). `rise` is how high a swing goes, in metres.
    """

    lifts: tuple[float, ...]
    lands: tuple[float, ...]
    places: tuple[tuple[float, float, float], ...]
    rise: float = SWING_RISE

    def planted(self, t: float) -> bool:
        """True while the foot stands."""
        k = self._swing(t)
        return k >= len(self.lifts) or t < self.lifts[k]

    def _swing(self, t: float) -> int:
        return int(np.searchsorted(np.asarray(self.lands), t, side="right"))

    def at(self, t: float) -> FootNow:
        """The foot at a time."""
        k = self._swing(t)
        x, z, yaw = self.places[min(k, len(self.places) - 1)]
        if k >= len(self.lifts) or t < self.lifts[k]:
            return FootNow(x, 0.0, z, yaw, self._roll(k, t), True)
        u = (t - self.lifts[k]) / (self.lands[k] - self.lifts[k])
        x1, z1, yaw1 = self.places[k + 1]
        glide = float(ease(u)) * 0.7 + u * 0.3
        height = self.rise * sin(np.pi * u) ** 1.2 * (1.25 - 0.5 * u)
        pitch = HEEL_LIFT * (1 - u) ** 2 - TOE_DROP * u**3
        moved = min(1.0, float(np.hypot(x1 - x, z1 - z)) / 0.5)
        return FootNow(
            x + (x1 - x) * glide, height, z + (z1 - z) * glide, yaw + (yaw1 - yaw) * glide, pitch * moved, False
        )

    def _roll(self, k: int, t: float) -> float:
        """Pitch of a standing foot: the heel rises before it lifts; just after landing the toes come down."""
        pitch = 0.0
        if k < len(self.lifts) and self._stride(k) > IN_PLACE:
            lead = min(HEEL_LEAD, 0.4 * (self.lifts[k] - (self.lands[k - 1] if k else self.lifts[k] - 1)))
            pitch += HEEL_LIFT * float(ease(1 - (self.lifts[k] - t) / max(lead, 1e-6)))
        if k and self._stride(k - 1) > IN_PLACE:
            pitch -= TOE_DROP * (1 - float(ease((t - self.lands[k - 1]) / TOE_FALL)))
        return pitch

    def _stride(self, k: int) -> float:
        (x, z, _), (x1, z1, _) = self.places[k], self.places[k + 1]
        return float(np.hypot(x1 - x, z1 - z))


@dataclass(frozen=True, slots=True)
class FootNow:
    """A foot at one time: the ball's place (m), yaw, pitch (positive: heel up), and whether it stands."""

    x: float
    y: float
    z: float
    yaw: float
    pitch: float
    planted: bool


@dataclass(frozen=True, slots=True)
class Walkway:
    """A straight way over the ground: from (x, z) with a heading (0 = to the right, pi/2 = away) at a speed, m/s."""

    x: float
    z: float
    heading: float
    speed: float
    stop: float = 1e9

    def at(self, t: float) -> tuple[float, float]:
        """Where the walker is at a time, (x, z)."""
        along = self.along(t)
        return self.x + along * cos(self.heading), self.z + along * sin(self.heading)

    def along(self, t: float) -> float:
        """Distance gone, m: the speed is lost softly around the time of the stop."""
        late = (t - self.stop) / STOPPING
        return self.speed * (t - (STOPPING * float(np.logaddexp(0.0, late)) if late > -30 else 0.0))


@dataclass(frozen=True, slots=True)
class Gait:
    """How a body goes: `stance` is the share of the cycle that a foot stands; `step` its length at 1 m/s, `lift` m."""

    stance: float
    step: float
    lift: float


WALK = Gait(0.62, 0.58, 0.09)
RUN = Gait(0.36, 0.56, 0.24)
WADE = Gait(0.68, 0.42, 0.14)
WALK_SPEED, RUN_SPEED = 1.25, 3.3  # m/s
WALKING_GAP, STANDING_GAP = 0.09, 0.12  # m from the middle to each foot
SHORTEST_STEP = 0.22  # m
STEP_GROWTH = 0.55  # steps lengthen with the speed to this power: about with its root
LAST_SWING = 0.32  # s of the swing that brings a foot beside the other at a halt, at least


def step_length(gait: Gait, speed: float) -> float:
    """People lengthen their steps about with the root of their speed."""
    return max(gait.step * float(speed**STEP_GROWTH), SHORTEST_STEP)


def stride_feet(way: Walkway, gait: Gait, seconds: float, phase: float = 0.0) -> tuple[Foot, Foot]:
    """(left, right) feet of somebody who walks or runs along a way for a whole clip."""
    step = step_length(gait, way.speed)
    feet = []
    for side, offset in ((1.0, 0.0), (-1.0, step)):
        first = -2
        last = int((seconds * way.speed + 6 * step) / (2 * step)) + 2
        along = [2 * step * (k + phase) + offset for k in range(first, last)]
        half = gait.stance * step
        lands = [(s - half) / way.speed for s in along]
        lifts = [(s + half) / way.speed for s in along]
        places = tuple(_beside(way, s, side * WALKING_GAP) for s in along)
        feet.append(_halted(Foot(tuple(lifts[:-1]), tuple(lands[1:]), places, gait.lift), way, side))
    return feet[0], feet[1]


def _halted(foot: Foot, way: Walkway, side: float) -> Foot:
    """The same schedule, cut where the walker stops: one last swing brings the foot beside the other."""
    kept = sum(land < way.stop for land in foot.lands)
    if kept == len(foot.lands):
        return foot
    latest = way.stop - 0.1 + 0.15 * side
    start = max(min(foot.lifts[kept], latest), (foot.lands[kept - 1] if kept else way.stop - 1) + 0.05)
    land = max(start + LAST_SWING, latest + 0.2)
    home = _beside(way, way.speed * way.stop, side * WALKING_GAP * 1.3)
    return Foot((*foot.lifts[:kept], start), (*foot.lands[:kept], land), (*foot.places[: kept + 1], home), foot.rise)


def _beside(way: Walkway, along: float, aside: float) -> tuple[float, float, float]:
    ahead_x, ahead_z = cos(way.heading), sin(way.heading)
    return (
        way.x + along * ahead_x - aside * ahead_z,
        way.z + along * ahead_z + aside * ahead_x,
        way.heading,
    )


def standing_feet(x: float, z: float, heading: float) -> tuple[Foot, Foot]:
    """(left, right) feet of somebody who stays where he is."""
    way = Walkway(x, z, heading, 0.0)
    left, right = (_beside(way, 0.03 * side, side * STANDING_GAP) for side in (1.0, -1.0))
    return Foot((), (), (left,)), Foot((), (), (right,))


def landings(feet: tuple[Foot, Foot], seconds: float) -> list[tuple[float, float, float]]:
    """Every footfall within a clip: (time, x, z), in order."""
    found = []
    for foot in feet:
        for time, (x, z, _) in zip(foot.lands, foot.places[1:], strict=True):
            if 0.0 <= time < seconds:
                found.append((time, x, z))
    return sorted(found)


def centre(feet: tuple[Foot, Foot], t: float) -> Floats:
    """Middle of the feet, (x, z)."""
    left, right = feet[0].at(t), feet[1].at(t)
    return np.array([(left.x + right.x) / 2, (left.z + right.z) / 2])
