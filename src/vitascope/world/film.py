"""The film: draws any frame of a Scene, in any order, with the same bytes in every process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import skia

from vitascope.scene.scene import Scene
from vitascope.values import Effort, Picture, Size, Timing
from vitascope.world.backlot import Backlot, Frame, Item
from vitascope.world.camera import State
from vitascope.world.cast import Cast, cast
from vitascope.world.light import light
from vitascope.world.paint import surface
from vitascope.world.players import enter
from vitascope.world.post import Post
from vitascope.world.settings import build


class Film:
    """A scene on its way to the screen. Building it bakes the still layers; `frame` then draws."""

    def __init__(self, scene: Scene, size: Size, timing: Timing, effort: Effort = Effort.FULL) -> None:
        self.size, self.timing = size, timing
        self.cast: Cast = cast(scene, size, timing)
        self.light = light(scene, self.cast.lens, timing)
        lot = Backlot(self.cast, self.light, size, effort)
        build(lot)
        enter(lot)
        self.items: list[Item] = sorted(lot.items, key=lambda item: -item.z)
        self.reflects = any(getattr(item, "needs_mirror", False) for item in self.items)
        self.post = Post(size, self.light)
        self.main = surface(size.width, size.height)
        self.half = surface((size.width + 1) // 2, (size.height + 1) // 2)
        self.shutter = 0.5 / float(timing.fps) if effort is Effort.FULL else 0.0

    def frame(self, index: int) -> Picture:
        """The picture at `index`: uint8 (height, width, 3) RGB."""
        t = self.timing.time(index)
        view = self.cast.camera.view(t)
        frame = Frame(
            self.main.getCanvas(), view, self.light, t, self.size.height, self.size.ratio, shutter=self.shutter
        )
        if self.reflects:
            frame.mirror = self._mirror(frame)
        frame.canvas.save()
        frame.canvas.scale(self.size.height, self.size.height)
        frame.canvas.translate(self.size.ratio / 2, 0)
        for item in self.items:
            item.draw(frame)
        frame.canvas.restore()
        return self.post.finish(self.main)

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
        for item in self.items:
            if item.mirrored:
                canvas.save()
                canvas.translate(0, 2 * frame.view.ground(item.z))
                canvas.scale(1, -1)
                item.draw(upside)
                canvas.restore()
        canvas.restore()
        return self.half.makeImageSnapshot()

    def camera(self, index: int) -> State:
        """Ground truth: the camera's displacement from rest at a frame; all zeros for a fixed camera."""
        return self.cast.camera.state(self.timing.time(index))

    def order(self) -> Sequence[float]:
        """Ground truth: distances of all items in metres, far to near, in the order in which they are drawn."""
        return [item.z for item in self.items]
