"""Footage: an endless, numbered row of training clips with everything that is known about them.

A clip is a function of the footage's seed and its number: the same bytes in every process, wherever one begins. Reels
are the unit of work: a worker of several takes every so manieth reel, so that no two bake the same place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.canvas.post import Post
from vitascope.filmset.canvas.random_streams import number
from vitascope.filmset.footage.plan import CLIPS, Take, reel
from vitascope.filmset.footage.reel import Reel, Shot
from vitascope.filmset.scene.caption import caption
from vitascope.filmset.scene.scene import Event, Scene
from vitascope.filmset.sound.score import score
from vitascope.filmset.stage.camera import State
from vitascope.filmset.stage.events import happenings
from vitascope.filmset.truth import Box, Truth
from vitascope.values import Frames, Size, Sound, Timing

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(slots=True)
class Clip:
    """One training clip. In a mirrored one everything told here is as it is seen: left is left.

    `scene` is its record with the place's seed; the actors and the camera are of `cast_seed`. `camera` is its path,
    a state a frame, in metres and picture heights from rest.
    """

    number: int
    frames: Frames
    scene: Scene
    cast_seed: int
    mirrored: bool
    short: str
    dense: str
    camera: tuple[State, ...]
    events: tuple[Event, ...]
    shot: Shot

    def sound(self) -> Sound:
        """The clip's sound: stereo, exactly as long as its frames."""
        return score(replace(self.scene, seed=self.cast_seed), self.events, self.shot.timing)

    def masks(self, index: int) -> NDArray[np.uint8]:
        """Whose pixel it is: 0 nobody's, k + 1 actor k's; (height, width)."""
        return self._seen(Truth(self.shot).masks(index))

    def depth(self, index: int) -> NDArray[np.float32]:
        """How far away what is seen is, m; (height, width)."""
        return self._seen(Truth(self.shot).depth(index))

    def flow(self, index: int) -> NDArray[np.float32]:
        """How what is seen moves to the next frame: pixels right and down; (height, width, 2)."""
        flow = self._seen(Truth(self.shot).flow(index))
        if self.mirrored:
            flow[..., 0] *= -1
        return flow

    def boxes(self, index: int) -> list[Box]:
        """One box for each actor."""
        found, width = Truth(self.shot).boxes(index), self.shot.size.width
        if not self.mirrored:
            return found
        return [replace(box, left=width - box.right, right=width - box.left) for box in found]

    def _seen(self, picture: NDArray[Scalar]) -> NDArray[Scalar]:
        return np.ascontiguousarray(picture[:, ::-1]) if self.mirrored else picture


class Footage:
    """Clips by number, or one after another from any of them."""

    def __init__(self, size: Size, timing: Timing, seed: int) -> None:
        self.size, self.timing, self.seed = size, timing, seed
        self.post = Post(size)
        self._reel: tuple[int, Reel] | None = None

    def clips(self, start: int = 0, worker: int = 0, workers: int = 1) -> Iterator[Clip]:
        """A worker's clips without end, from its own `start`-th on (0 for the first); all workers' together are all."""
        while True:
            turn, take = divmod(start, CLIPS)
            yield self.clip((turn * workers + worker) * CLIPS + take)
            start += 1

    def clip(self, index: int) -> Clip:
        """The clip of a number. Clips of one reel (`CLIPS` numbers) share the bake of the last one asked for."""
        reel_index, place = divmod(index, CLIPS)
        shots = self._on_reel(reel_index)
        take, company = shots.takes[place], shots.companies[place]
        frames = shots.frames(place)
        wording = replace(take.shown, seed=number(self.seed, "caption", index) % 2**31)
        path = (company.camera.state(self.timing.time(k)) for k in range(self.timing.frames))
        return Clip(
            index,
            np.ascontiguousarray(frames[:, :, ::-1]) if take.mirrored else frames,
            take.shown,
            take.seed,
            take.mirrored,
            caption(wording),
            caption(wording, dense=True),
            tuple(_flipped(state) if take.mirrored else state for state in path),
            _heard(happenings(shots.empty, company), take),
            Shot(shots, place),
        )

    def _on_reel(self, index: int) -> Reel:
        if self._reel is None or self._reel[0] != index:
            self._reel = index, Reel(reel(self.seed, index), self.size, self.timing, self.post)
        return self._reel[1]


def _flipped(state: State) -> State:
    return replace(state, x=-state.x, pan=-state.pan)


def _heard(events: tuple[Event, ...], take: Take) -> tuple[Event, ...]:
    return tuple(replace(event, pan=-event.pan) for event in events) if take.mirrored else events
