"""The film: draws any frame of a Scene, in any order, with the same bytes in every process."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import skia

from vitascope.filmset.canvas.paint import NEAREST, surface
from vitascope.filmset.canvas.post import Post
from vitascope.filmset.canvas.quick import QuickPost
from vitascope.filmset.canvas.random_streams import ease
from vitascope.filmset.places import build
from vitascope.filmset.players import enter
from vitascope.filmset.scene.scene import Scene
from vitascope.filmset.stage.backlot import Backlot, Frame, StageItem
from vitascope.filmset.stage.camera import State, View
from vitascope.filmset.stage.cast import Cast, cast
from vitascope.filmset.stage.light import Light, light
from vitascope.filmset.stage.site import NEAR_CLIP
from vitascope.filmset.stage.standstill import held, held_actors, lies_beyond
from vitascope.values import Effort, Picture, Size, Timing

SHUTTER = 0.5  # of a frame's time that the shutter is open: 180 degrees
DUSK_STARTS, DUSK_TAKES = 0.12, 0.76  # shares of the clip
UNSEEN = 0.004  # share of a light below which it is not drawn


class Stagecraft:
    """A set's still items and each actor's items under one light, far to near, and how they become a picture."""

    def __init__(
        self,
        still: Sequence[StageItem],
        acting: Sequence[Sequence[StageItem]],
        light: Light,
        size: Size,
        quick: bool = False,
    ) -> None:
        self.size, self.light = size, light
        self.acting = acting
        self.items: list[StageItem] = sorted([*still, *itertools.chain(*acting)], key=lambda item: -item.z)
        self.reflects = any(getattr(item, "needs_mirror", False) for item in self.items)
        self.main = surface(size.width, size.height)
        self.half = surface((size.width + 1) // 2, (size.height + 1) // 2)
        self.quick = quick

    @classmethod
    def built(cls, scene: Scene, company: Cast, size: Size, effort: Effort) -> Stagecraft:
        """A scene's setting with its actors."""
        lamp = light(scene, company.lens, company.timing)
        lot = Backlot(scene, company, lamp, size, effort)
        build(lot)
        still, acting = lot.items, []
        for actor in company.actors:
            lot.items = []
            enter(lot, actor)
            acting.append(lot.items)
        still, acting = held(scene, lot.seconds, still), held_actors(scene, lot.seconds, company.actors, acting)
        return cls(still, acting, lamp, size, effort is Effort.FAST)

    def draw(self, view: View, t: float, shutter: float) -> Any:
        """Draw the moment t, seen so, onto a surface of its own."""
        canvas, size = self.main.getCanvas(), self.size
        frame = Frame(canvas, view, self.light, t, size.height, size.ratio, shutter=shutter, quick=self.quick)
        if self.reflects:
            frame = replace(frame, mirror=self._mirror(frame))
        frame.canvas.save()
        frame.canvas.scale(self.size.height, self.size.height)
        frame.canvas.translate(self.size.ratio / 2, 0)
        for item in self._before(frame):
            item.draw(frame)
        frame.canvas.restore()
        return self.main

    def _before(self, frame: Frame) -> list[StageItem]:
        """The items that are not behind the camera."""
        nearest = frame.view.state.z + NEAR_CLIP * frame.view.lens.eye
        return [item for item in self.items if item.z > nearest or lies_beyond(item)]

    def _mirror(self, frame: Frame) -> Any:
        """Everything that stands, upside down about its own line of contact with the ground, at half size."""
        canvas = self.half.getCanvas()
        canvas.clear(0)
        upside = replace(frame, canvas=canvas, reflecting=True)
        half = self.size.height / 2
        canvas.save()
        canvas.scale(half, half)
        canvas.translate(self.size.ratio / 2, 0)
        canvas.clipRect(skia.Rect.MakeLTRB(-9, frame.view.horizon - 0.02, 9, 1.01))
        for item in self._before(frame):
            if item.mirrored:
                canvas.save()
                canvas.translate(0, 2 * frame.view.ground(item.z))
                canvas.scale(1, -1)
                item.draw(upside)
                canvas.restore()
        canvas.restore()
        return self.half.makeImageSnapshot()


class Film:
    """A scene on its way to the screen. Building it bakes the still layers; `frame` then draws.

    A scene that ends at another time of day is built under both lights, and one is laid over the other as time passes.
    """

    def __init__(
        self,
        scene: Scene,
        size: Size,
        timing: Timing,
        effort: Effort = Effort.FULL,
    ) -> None:
        self.size, self.timing = size, timing
        self.cast: Cast = cast(scene, size, timing)
        self.early = Stagecraft.built(scene, self.cast, size, effort)
        self.late: Stagecraft | None = None
        if scene.later is not None and scene.later is not scene.time:
            self.late = Stagecraft.built(replace(scene, time=scene.later, later=None), self.cast, size, effort)
        self.post: Post | QuickPost = Post(size) if effort is Effort.FULL else QuickPost(size)
        self.shutter = SHUTTER / float(timing.fps) if effort is Effort.FULL else 0.0

    def frame(self, index: int) -> Picture:
        """The picture at `index`: uint8 (height, width, 3) RGB."""
        t = self.timing.time(index)
        return exposed((self.early, self.late), self.post, self.shown(index), t, self.dusk(t), self.shutter)

    def shown(self, index: int) -> View:
        """How the frame at `index` sees the stage."""
        return self.cast.camera.view(self.timing.time(index))

    def dusk(self, t: float) -> float:
        """How far the light has changed to that of the clip's end, 0..1."""
        return dusk(t, float(self.timing.seconds)) if self.late else 0.0

    def camera(self, index: int) -> State:
        """Ground truth: the camera's displacement from rest at a frame; all zeros for a fixed camera."""
        return self.cast.camera.state(self.timing.time(index))


def dusk(t: float, seconds: float) -> float:
    """How far a change of light has gone at a time of a clip, 0..1."""
    return float(ease((t / seconds - DUSK_STARTS) / DUSK_TAKES))


def exposed(
    stages: tuple[Stagecraft, Stagecraft | None],
    post: Post | QuickPost,
    view: View,
    t: float,
    share: float,
    shutter: float,
) -> Picture:
    """One frame of a stage and, `share` 0..1 over it, of the same stage in a later light; (height, width, 3) RGB."""
    early, late = stages
    if late is None or share < UNSEEN:
        return post.finish(early.draw(view, t, shutter), early.light.dark)
    if share > 1 - UNSEEN:
        return post.finish(late.draw(view, t, shutter), late.light.dark)
    picture = early.draw(view, t, shutter)
    over = late.draw(view, t, shutter).makeImageSnapshot()
    picture.getCanvas().drawImage(over, 0, 0, NEAREST, skia.Paint(Alphaf=share))
    return post.finish(picture, early.light.dark * (1 - share) + late.light.dark * share)
