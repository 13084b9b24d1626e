"""From one picture to another that shows the same thing: the camera's perspective path between them.

Both pictures are warped to the frame between them and agree there, so nothing is seen double. Where they do not agree
(something moved, something was hidden) each patch changes over quickly at its own moment instead of fading.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from vitascope.filmset.photo.alive import Alive, Treatment, regions_for
from vitascope.filmset.photo.camera import CameraPose, source
from vitascope.filmset.photo.following import out_and_back, standing
from vitascope.filmset.photo.noise import smooth_noise
from vitascope.filmset.photo.photo_film import Part
from vitascope.filmset.photo.relation import Bond, exp_matrix, log_matrix
from vitascope.filmset.photo.script import NOTHING_NAMED, Script
from vitascope.filmset.photo.sharpness import Detail, restored
from vitascope.filmset.photo.warp import Field, Grid, Map, smoothstep
from vitascope.filmset.scene.scene import Move, Scene
from vitascope.values import Effort, Picture, Size, Timing

STILL = 0.012  # a path shorter than this share of the width gets a small camera move of its own, there and back
JITTER = 0.004  # and one shorter than this is no move at all to a camera that is to stay where it is
CHANGE = 0.08  # how long one patch takes to change over, as a share of the clip
SPREAD = 0.45  # over how much of the clip the patches' moments are spread
MOST_ZOOM = 1.5
PROBES = tuple(step / 16 for step in range(1, 16))


class Related:
    """A film along the path from `first` to `last`. Raises ValueError where no such path exists.

    A fixed camera stays exactly where it is if both pictures are taken from one place (`stands`). `returns`: the path
    is so short that the camera makes the scene's move and comes back.
    """

    def __init__(
        self,
        first: Picture,
        last: Picture,
        bond: Bond,
        scene: Scene,
        timing: Timing,
        seed: int,
        effort: Effort,
        script: Script = NOTHING_NAMED,
    ) -> None:
        height, width = first.shape[:2]
        self._grid = Grid.of(Size(width, height))
        self._camera = scene.sections[0].camera
        fixed = self._camera.move is Move.FIXED
        self._timing = timing
        self.stands = fixed and bond.reach(self._grid.size) < JITTER * width
        self._bond = bond = standing(bond) if self.stands else bond
        self.returns = not fixed and bond.reach(self._grid.size) < STILL * width
        logged = log_matrix(bond.homography)
        if logged is None:
            raise ValueError("no path between the pictures")
        self._logged = logged
        scale = 2 if effort is Effort.FULL and not self.stands else 1
        # The pictures' own clouds differ: two drifts would be seen double.
        treatment = Treatment(scale, alone=self.stands, drifting=False)
        self._alive = [
            Alive(
                picture,
                replace(regions_for(picture, scene, script), clouds=0.0),
                self._grid,
                scene,
                script,
                seed,
                float(timing.seconds),
                treatment,
            )
            for picture in (first, last)
        ]
        self._details = (Detail.of(first, self._grid), Detail.of(last, self._grid))
        self._zoom = self._covering_zoom()
        self._moment = self._moments(seed)
        self._gain = self._light_change(first, last)

    def frame(self, index: int) -> Picture:
        """The frame at `index`."""
        share = index / max(1, self._timing.frames - 1)
        one, two, weight = self.views(share)
        seen = np.asarray(cv2.blendLinear(one, two, 1 - weight, weight), np.uint8)
        if self.stands:
            return seen
        places = self._places(share)
        node_weight = self._grid.inner(self._weight(share, places)).mean()
        energies = [detail.seen(place) for detail, place in zip(self._details, places[:2], strict=True)]
        return restored(seen, float(energies[0] * (1 - node_weight) + energies[1] * node_weight))

    def views(self, share: float) -> tuple[Picture, Picture, Field]:
        """Both pictures as the camera sees them at a share of the clip, and the second one's weight (pixels)."""
        places = self._places(share)
        one, two = (self._seen(number, places[number], share) for number in (0, 1))
        weight = np.clip(self._grid.enlarge(self._weight(share, places)), 0, 1)
        return _scaled(one, self._gain**share), _scaled(two, self._gain ** (share - 1)), weight

    @property
    def parts(self) -> tuple[Part, ...]:
        """Both pictures; what is heard belongs to the first until the middle."""
        last = max(1, self._timing.frames - 1)
        return (
            Part(self._alive[0], lambda index: self._places(index / last)[0], 0.0, 0.5),
            Part(self._alive[1], lambda index: self._places(index / last)[1], 0.5, 1.0),
        )

    def _seen(self, number: int, where: Map, share: float) -> Picture:
        """One of the pictures, alive, through a map: each is as it was given at its own end of the clip."""
        seconds = (self._timing.frames - 1) / float(self._timing.fps)
        clock = share * seconds
        time = clock - number * seconds
        alive = self._alive[number]
        seen = alive.shining(alive.look(where, time), where, time)
        return alive.happening(seen, where, time, clock)

    def _places(self, share: float) -> tuple[Map, Map, Map]:
        """Where the nodes look in the first and the last picture, and in the last one by the homography alone."""
        if self.stands and not self._bond.moved:
            return self._grid.nodes, self._grid.nodes, self._grid.nodes
        pixels = source(self._grid, np.zeros(self._grid.shape, np.float32), self._extra(share), 0.0)
        ahead = _through(exp_matrix((1 - share) * self._logged), pixels)
        early = self._undone(ahead, self._bond.onward, share)
        late = self._undone(ahead, self._bond.back, 1 - share)
        return _through(np.linalg.inv(self._bond.homography), early), late, ahead

    def _undone(self, there: Map, flow: Map, share: float) -> Map:
        """Where a share of a flow came from that led `there`."""
        start = there
        for _ in range(5):
            start = there - np.float32(share) * self._grid.lookup(flow, start)
        return start

    def _extra(self, share: float) -> CameraPose:
        """The camera's own move, closed: nothing at both ends."""
        if not self.returns:
            return CameraPose(zoom=self._zoom ** math.sin(math.pi * share))
        return out_and_back(self._camera, share)

    def _covering_zoom(self) -> float:
        """The least zoom on the way with which every pixel is in one of the pictures."""
        self._zoom = 1.0
        while not all(self._covered(share) for share in PROBES):
            self._zoom += 0.02
            if self._zoom > MOST_ZOOM:
                raise ValueError("the way between the pictures is seen by neither")
        return self._zoom

    def _covered(self, share: float) -> bool:
        places = self._places(share)
        seen = np.maximum(self._inside(places[0], 0.5), self._inside(places[1], 0.5))
        return bool(self._grid.inner(seen).min() > 0)

    def _inside(self, where: Map, feather: float) -> Field:
        """1 well inside the picture, 0 outside; in between over `feather` pixels."""
        width, height = self._grid.size.width, self._grid.size.height
        x, y = where[..., 0] + 0.5, where[..., 1] + 0.5
        margin = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
        return np.asarray(np.clip((margin + 0.01 * feather) / feather, 0, 1), np.float32)

    def _moments(self, seed: int) -> Field:
        """When each node changes over from the first picture to the last, a share of the clip."""
        blobs = smooth_noise(self._grid.shape, 11.0, np.random.default_rng(seed))
        ranks = np.argsort(np.argsort(blobs.ravel())).reshape(blobs.shape) / blobs.size
        return (0.5 + SPREAD * (ranks - 0.5)).astype(np.float32)

    def _weight(self, share: float, places: tuple[Map, Map, Map]) -> Field:
        """The last picture's weight on the nodes; whichever does not see a node gives way."""
        moment = self._grid.lookup(self._moment, places[2])
        changed = np.clip((share - moment) / CHANGE + 0.5, 0, 1)
        changed = changed * changed * (3 - 2 * changed)
        feather = 3.0 * self._grid.step * max(0.05, smoothstep(4 * min(share, 1 - share)))
        one = (1 - changed) * self._inside(places[0], feather) + 1e-6 * (1 - share)
        two = changed * self._inside(places[1], feather) + 1e-6 * share
        return np.asarray(self._complete(one, two, places), np.float32)

    def _complete(self, one: Field, two: Field, places: tuple[Map, Map, Map]) -> Field:
        """The second weight's share of both, after giving all to the only picture that sees a node at all."""
        only_one = (self._inside(places[0], 0.5) > 0) & (self._inside(places[1], 0.5) == 0)
        only_two = (self._inside(places[1], 0.5) > 0) & (self._inside(places[0], 0.5) == 0)
        share = two / (one + two)
        return np.where(only_one, 0, np.where(only_two, 1, share)).astype(np.float32)

    def _light_change(self, first: Picture, last: Picture) -> Field:
        """How much brighter each channel of the last picture is where both see the same."""
        places = self._places(0.5)
        both = self._grid.inner(self._inside(places[0], 4.0) * self._inside(places[1], 4.0)) > 0.9
        if both.mean() < 0.05:
            return np.ones(3, np.float32)
        means = []
        for picture, place in ((first, places[0]), (last, places[1])):
            seen = cv2.remap(picture, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[1:-1, 1:-1]
            means.append(seen[both].mean(axis=0) + 4.0)
        return np.asarray(np.clip(means[1] / means[0], 0.6, 1.6), np.float32)


def _through(matrix: Any, places: Map) -> Map:
    """Places seen through a homography."""
    return np.asarray(cv2.perspectiveTransform(places, matrix), np.float32)


def _scaled(picture: Picture, gain: Field) -> Picture:
    """The picture with each channel brighter by its factor."""
    if np.abs(gain - 1).max() < 0.002:
        return picture
    steps = np.arange(256, dtype=np.float32)[:, np.newaxis]
    table = np.clip(np.rint(steps * gain), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table[:, np.newaxis]), np.uint8)
