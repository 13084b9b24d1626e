"""The film: draws any frame of a Scene, in any order, with the same bytes in every process."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import skia

from vitascope.scene.scene import Scene
from vitascope.values import Effort, Picture, Size, Timing
from vitascope.world.backlot import Backlot, Frame, Item
from vitascope.world.camera import State
from vitascope.world.cast import Cast, cast
from vitascope.world.dice import ease
from vitascope.world.light import light
from vitascope.world.paint import NEAREST, surface
from vitascope.world.players import enter
from vitascope.world.post import Post
from vitascope.world.settings import build
from vitascope.world.solid import Panel


class Stagecraft:
    """A scene built under one light: its items, far to near, and how they become a picture."""

    def __init__(self, scene: Scene, company: Cast, size: Size, effort: Effort) -> None:
        self.size = size
        self.light = light(scene, company.lens, company.timing)
        lot = Backlot(scene, company, self.light, size, effort)
        build(lot)
        enter(lot)
        self.items: list[Item] = sorted(lot.items, key=lambda item: -item.z)
        self.reflects = any(getattr(item, "needs_mirror", False) for item in self.items)
        self.main = surface(size.width, size.height)
        self.half = surface((size.width + 1) // 2, (size.height + 1) // 2)

    def draw(self, company: Cast, t: float, shutter: float) -> Any:
        """Draw the moment t onto a surface of its own."""
        view = company.camera.view(t)
        frame = Frame(self.main.getCanvas(), view, self.light, t, self.size.height, self.size.ratio, shutter=shutter)
        if self.reflects:
            frame.mirror = self._mirror(frame)
        frame.canvas.save()
        frame.canvas.scale(self.size.height, self.size.height)
        frame.canvas.translate(self.size.ratio / 2, 0)
        for item in self._before(frame):
            item.draw(frame)
        frame.canvas.restore()
        return self.main

    def _before(self, frame: Frame) -> list[Item]:
        """The items that are not behind the camera."""
        nearest = frame.view.state.z + 0.3 * frame.view.lens.eye
        return [item for item in self.items if item.z > nearest or isinstance(item, Panel)]

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

    def __init__(self, scene: Scene, size: Size, timing: Timing, effort: Effort = Effort.FULL) -> None:
        self.size, self.timing = size, timing
        self.cast: Cast = cast(scene, size, timing)
        self.early = Stagecraft(scene, self.cast, size, effort)
        self.late: Stagecraft | None = None
        if scene.later is not None and scene.later is not scene.time:
            self.late = Stagecraft(replace(scene, time=scene.later, later=None), self.cast, size, effort)
        self.post = Post(size)
        self.shutter = 0.5 / float(timing.fps) if effort is Effort.FULL else 0.0

    def frame(self, index: int) -> Picture:
        """The picture at `index`: uint8 (height, width, 3) RGB."""
        t = self.timing.time(index)
        share = self.dusk(t)
        if self.late is None or share < 0.004:
            return self.post.finish(self.early.draw(self.cast, t, self.shutter), self.early.light.dark)
        if share > 0.996:
            return self.post.finish(self.late.draw(self.cast, t, self.shutter), self.late.light.dark)
        picture = self.early.draw(self.cast, t, self.shutter)
        over = self.late.draw(self.cast, t, self.shutter).makeImageSnapshot()
        picture.getCanvas().drawImage(over, 0, 0, NEAREST, skia.Paint(Alphaf=share))
        return self.post.finish(picture, self.early.light.dark * (1 - share) + self.late.light.dark * share)

    def dusk(self, t: float) -> float:
        """How far the light has changed to that of the clip's end, 0..1."""
        return float(ease((t / float(self.timing.seconds) - 0.12) / 0.76)) if self.late else 0.0

    def camera(self, index: int) -> State:
        """Ground truth: the camera's displacement from rest at a frame; all zeros for a fixed camera."""
        return self.cast.camera.state(self.timing.time(index))
