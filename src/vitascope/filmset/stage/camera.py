"""The camera: an exact path for every move, and what it does to points, to upright layers and to the ground.

A state is a displacement from rest. Pan and tilt shift the picture (a lens shift, so distant things move as one), x, y
and z move the camera through the world and give parallax. A fixed camera is a path of zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from vitascope.filmset.canvas.random_streams import Floats, ease, number, rough
from vitascope.filmset.scene.scene import Camera, CameraSection, Direction, Move, Scene
from vitascope.filmset.stage.site import CORRIDORS, DOLLY, FOCAL, PACES, Lens
from vitascope.values import Timing

ORBIT_SPAN, TRACK_SPAN = 0.34, 0.5  # hero distances that the camera goes sideways in a clip at a normal pace
PAN_SPAN, TILT_SPAN = 0.3, 0.105  # picture heights that the view turns
TILT_UP = 0.8  # of the span: there is less to see above than below
UP_START = 0.35  # share of an upward tilt that lies below the composed view
CLOSER = 0.24  # hero distances that every other shot is nearer
HERO_MIDDLE = 0.24  # picture heights from the hero's foot to what is kept in its place
FOLLOWING = 0.6  # share of the hero's way in depth that a following camera goes along
EVEN = 0.25  # share of a move that runs evenly; the rest starts and ends softly
TREMBLE_RATE = 0.9  # of a hand, swings a second or so
TREMBLE_X, TREMBLE_Y = 0.03, 0.012  # hero distances that a hand moves aside, up and down
TREMBLE_PAN, TREMBLE_TILT = 0.012, 0.009  # picture heights that it turns
HANDHELD_PUSH = 0.06  # hero distances that whoever holds the camera comes nearer


@dataclass(frozen=True, slots=True)
class State:
    """Where the camera is: x, y, z in metres; pan, tilt in picture heights (right, down positive); all from rest."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0


REST = State()


@dataclass(frozen=True, slots=True)
class View:
    """One frame's way of seeing: a lens and a camera state. u is right of the centre, v down from the top."""

    lens: Lens
    state: State

    def project(self, x: Any, y: Any, z: Any) -> tuple[Any, Any, Any]:
        """World metres to (u, v, picture heights per metre)."""
        scale = FOCAL / (z - self.state.z)
        u = (x - self.state.x) * scale - self.state.pan
        v = self.lens.horizon + (self.lens.eye + self.state.y - y) * scale - self.state.tilt
        return u, v, scale

    def plane(self, z: float) -> tuple[float, float, float]:
        """An upright layer at distance z: (scale, du, dv) so that rest (u, v) is now seen at scale*u+du, scale*v+dv."""
        scale = z / (z - self.state.z)
        near = FOCAL / (z - self.state.z)
        du = -self.state.x * near - self.state.pan
        dv = self.lens.horizon * (1 - scale) + self.state.y * near - self.state.tilt
        return scale, du, dv

    def ground(self, z: float) -> float:
        """Where the ground lies now at distance z, v."""
        return self.lens.horizon + (self.lens.eye + self.state.y) * FOCAL / (z - self.state.z) - self.state.tilt

    @property
    def horizon(self) -> float:
        """Where the horizon lies now, v."""
        return self.lens.horizon - self.state.tilt

    def floor(self) -> Floats:
        """The ground: 3x3 homography from rest (u, v, 1) to the picture now."""
        horizon, eye = self.lens.horizon, self.lens.eye
        here = self.state
        rest = np.array([[1, 0, 0], [0, 1, -horizon], [0, 0, 1.0]])
        move = np.array([[FOCAL * eye, -FOCAL * here.x, 0], [0, FOCAL * (eye + here.y), 0], [0, -here.z, FOCAL * eye]])
        back = np.array([[1, 0, -here.pan], [0, 1, horizon - here.tilt], [0, 0, 1.0]])
        return np.asarray(back @ move @ rest)


class Followed(Protocol):
    """Something that the camera can follow."""

    def where(self, t: float) -> tuple[float, float]:
        """Ground position (x, z) at a time."""
        ...


class CameraPath:
    """The camera of a whole clip: section by section, with a cut between them."""

    def __init__(self, scene: Scene, lens: Lens, timing: Timing, hero: Followed) -> None:
        self.lens = lens
        self.sections = scene.sections
        self.seconds = float(timing.seconds)
        self.hero = hero
        self.seed = number(scene.seed, "camera")
        self.along_walls = scene.setting in CORRIDORS

    def section(self, t: float) -> int:
        """Which section a time belongs to."""
        starts = [section.start * self.seconds for section in self.sections]
        return max(sum(start <= t + 1e-9 for start in starts) - 1, 0)

    def state(self, t: float) -> State:
        """The camera at a time."""
        index = self.section(t)
        start, end = self._span(index)
        return self._at(index, (t / self.seconds - start) / max(end - start, 1e-6), t)

    def view(self, t: float) -> View:
        """How a frame at a time is seen."""
        return View(self.lens, self.state(t))

    def _span(self, index: int) -> tuple[float, float]:
        end = self.sections[index + 1].start if index + 1 < len(self.sections) else 1.0
        return self.sections[index].start, end

    def _at(self, index: int, u: float, t: float) -> State:
        """A section's state: after a cut it starts afresh, otherwise it goes on from where the last one ended."""
        section = self.sections[index]
        start = section.start * self.seconds
        if index == 0 or section.cut:
            return self._closer(index, self._move(section, u, t, start))
        before = self._at(index - 1, 1.0, start)
        now, first = self._move(section, u, t, start), self._move(section, 0.0, start, start)
        go_x, go_z = self._still_following(index, start, t)
        return State(
            before.x + now.x - first.x + go_x,
            before.y + now.y - first.y,
            before.z + now.z - first.z + go_z,
            before.pan + now.pan - first.pan,
            before.tilt + now.tilt - first.tilt,
        )

    def _still_following(self, index: int, start: float, t: float) -> tuple[float, float]:
        """A camera that has followed the hero goes on with him (x, z) whatever else it does, until a cut."""
        if self.sections[index].camera.move is Move.TRACKING:
            return 0.0, 0.0
        for earlier in range(index - 1, -1, -1):
            if self.sections[earlier].camera.move is Move.TRACKING:
                then, now = self._follow(start), self._follow(t)
                return now[0] - then[0], now[1] - then[1]
            if self.sections[earlier].cut:
                break
        return 0.0, 0.0

    def _follow(self, t: float) -> tuple[float, float]:
        x, z = self.hero.where(t)
        ahead = z - self.lens.hero
        return x, max(ahead, 0.0) if self.along_walls else FOLLOWING * ahead

    def _closer(self, index: int, state: State) -> State:
        """Every other shot of a film is nearer: a cut between equal framings would look like a fault."""
        shot = sum(section.cut for section in self.sections[1 : index + 1])
        if shot % 2 == 0:
            return state
        near = CLOSER * self.lens.hero
        return State(state.x, state.y, state.z + near, state.pan, state.tilt + self._hold(near))

    def _move(self, section: CameraSection, u: float, t: float, start: float) -> State:
        camera = section.camera
        size = PACES[camera.pace]
        gentle = (1 - EVEN) * float(ease(u)) + EVEN * u
        if camera.move is Move.FIXED:
            return REST
        if camera.move is Move.HANDHELD:
            return self._handheld(t, gentle, size)
        if camera.move is Move.TRACKING:
            return self._tracking(camera, gentle, t, start, size)
        if camera.move is Move.PUSH_IN:
            return self._dolly(DOLLY * size * gentle)
        if camera.move is Move.PULL_OUT:
            return self._dolly(DOLLY * size * (1 - gentle))
        if camera.move is Move.ORBIT:
            return self._orbit(camera, gentle, size)
        return self._turn(camera, gentle, size)

    def _dolly(self, share: float) -> State:
        near = share * self.lens.hero
        return State(z=near, tilt=self._hold(near))

    def _hold(self, near: float) -> float:
        """The tilt that keeps the hero's middle where it was when the camera comes nearer by `near` metres."""
        middle = self.lens.foot - HERO_MIDDLE - self.lens.horizon
        return middle * (self.lens.hero / (self.lens.hero - near) - 1)

    def _orbit(self, camera: Camera, gentle: float, size: float) -> State:
        side = -1.0 if camera.direction is Direction.LEFT else 1.0
        x = side * (gentle - 0.5) * ORBIT_SPAN * size * self.lens.hero * min(1.0, self.lens.ratio)
        return State(x=x, pan=-FOCAL * x / self.lens.hero)

    def _turn(self, camera: Camera, gentle: float, size: float) -> State:
        if camera.move is Move.PAN:
            side = -1.0 if camera.direction is Direction.LEFT else 1.0
            return State(pan=side * (gentle - 0.5) * PAN_SPAN * size * min(1.0, self.lens.ratio))
        rise = TILT_SPAN * size
        if camera.direction is Direction.UP:
            return State(tilt=rise * (UP_START - gentle) * TILT_UP)
        return State(tilt=-rise * (1 - gentle))

    def _tracking(self, camera: Camera, gentle: float, t: float, start: float, size: float) -> State:
        x, z = self.hero.where(t)
        x0, z0 = self.hero.where(start)
        if abs(x - x0) + abs(z - z0) > 1e-9 or self._hero_moves():
            return State(x=x, z=self._follow(t)[1] if self.along_walls else FOLLOWING * (z - z0))
        side = -1.0 if camera.direction is Direction.LEFT else 1.0
        x = side * (gentle - 0.5) * TRACK_SPAN * size * self.lens.hero * min(1.0, self.lens.ratio)
        return State(x=x, pan=-0.7 * FOCAL * x / self.lens.hero)

    def _hero_moves(self) -> bool:
        return self.hero.where(0.0) != self.hero.where(self.seconds)

    def _handheld(self, t: float, gentle: float, size: float) -> State:
        shake = [float(rough(self.seed + k, t * TREMBLE_RATE, 2)) for k in range(4)]
        near = HANDHELD_PUSH * size * gentle * self.lens.hero
        x = TREMBLE_X * self.lens.hero * shake[0]
        return State(
            x=x,
            y=TREMBLE_Y * self.lens.hero * shake[1],
            z=near,
            pan=TREMBLE_PAN * size * shake[2] - 0.6 * FOCAL * x / self.lens.hero,
            tilt=TREMBLE_TILT * size * shake[3] + self._hold(near),
        )
