"""Living things recorded: what moves by itself is drawn once per moment as a list of strokes, then only played.

A recording is made by a camera at rest. Played under another camera it is placed as the thing itself would be: as an
upright plane at its distance, as part of the ground, or still before the lens. Which of these holds is found by trial
under a moved camera; what obeys none of them is never recorded and always drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import SMOOTH, box, image, pixels, surface
from vitascope.filmset.canvas.random_streams import Floats
from vitascope.filmset.nature.growth import Swaying
from vitascope.filmset.nature.land import Floor
from vitascope.filmset.nature.water import Water
from vitascope.filmset.stage.backlot import Baked, Frame, Item
from vitascope.filmset.stage.camera import REST, State, View
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.light import Light
from vitascope.filmset.stage.site import Lens
from vitascope.filmset.stage.solid import Panel
from vitascope.values import Timing

Play = Callable[[Any], None]
"""Plays one moment's recording onto a canvas at rest."""
EVERYWHERE = 40.0
"""How far a recording reaches, picture heights from the picture's middle."""
TRIAL = 120
"""Height in pixels of the pictures by which a recording is tried."""
FAINT = 2e-3
"""What leaves less than this on a trial picture (mean levels of 255) cannot be judged by it."""
GREY = 80
"""The grey level against which the cover of shining things is measured: light added to it must not reach white."""
ALIKE = 0.5
"""A recording stands in for the thing itself if they differ by less than this share of what is drawn, under a move much
larger than most; a wrong hold differs by 1 and more."""


class Hold(IntEnum):
    """What a recording is fixed to."""

    PLANE = 0
    GROUND = 1
    LENS = 2

    def matrix(self, view: View, z: float) -> Any:
        """How the picture at rest is seen now: a 3x3 matrix of the drawing library."""
        if self is Hold.LENS:
            return skia.Matrix()
        if self is Hold.PLANE:
            scale, du, dv = (float(q) for q in view.plane(z))
            return skia.Matrix.MakeAll(scale, 0.0, du, 0.0, scale, dv, 0.0, 0.0, 1.0)
        floor = view.floor()
        return skia.Matrix.MakeAll(*[float(q) for q in (floor / floor[2, 2]).ravel()])


@dataclass(slots=True)
class Recorded:
    """An item that plays the recording of one moment. `places` are its distances (m) by moment, or one for all."""

    plays: list[Play]
    places: list[float]
    hold: Hold
    mirrored: bool = True
    z: float = 0.0
    index: int = 0

    def show(self, index: int) -> None:
        """Go to a moment."""
        self.index = index
        self.z = self.places[index if len(self.places) > 1 else 0]

    def draw(self, frame: Frame) -> None:
        """Play the moment where the camera sees it."""
        canvas = frame.canvas
        canvas.save()
        canvas.concat(self.hold.matrix(frame.view, self.z))
        self.plays[self.index](canvas)
        canvas.restore()


def scaled(state: State, share: float) -> State:
    """A camera state in metres that are `share` times as many."""
    return State(state.x * share, state.y * share, state.z * share, state.pan, state.tilt)


def strokes(draws: Iterable[Callable[[Any], None]]) -> Any:
    """What functions draw onto a canvas in picture heights, recorded."""
    recorder = skia.PictureRecorder()
    canvas = recorder.beginRecording(box(-EVERYWHERE, -EVERYWHERE, EVERYWHERE, EVERYWHERE))
    for draw in draws:
        draw(canvas)
    return recorder.finishRecordingAsPicture()


def still_stage(items: Iterable[Item], light: Light, lens: Lens, timing: Timing, height: int) -> list[Item]:
    """A place's items with recordings of those that can be recorded; the others as they are."""
    found: list[Item] = []
    for item in items:
        hold = None if isinstance(item, Baked | Panel | Floor | Water) else held(item, light, lens)
        if hold is None:
            found.append(item)
            continue
        plays = []
        for index in range(timing.frames):
            t = timing.time(index)
            picture = strokes([drawing(item, Frame(None, View(lens, REST), light, t, height, lens.ratio))])
            plays.append(_plants(picture, item) if isinstance(item, Swaying) else player(picture))
        found.append(Recorded(plays, [item.z], hold, item.mirrored, item.z))
    return found


def player(picture: Any) -> Play:
    """What plays a recording onto a canvas."""
    return lambda canvas: canvas.drawPicture(picture)


def drawing(item: Item, frame: Frame) -> Callable[[Any], None]:
    """What draws an item onto any canvas as a frame sees it."""

    def draw(canvas: Any) -> None:
        frame.canvas = canvas
        item.draw(frame)

    return draw


def held(item: Item, light: Light, lens: Lens) -> Hold | None:
    """What an item is fixed to, found by trial under a moved camera, or None if a recording would not do."""
    if isinstance(item, Swaying):
        return Hold.PLANE
    near, aside = 0.1 * lens.hero, 0.06 * lens.hero
    best = min((_misses(item, light, lens, State(aside, 0.2 * aside, near, 0.05, -0.04), hold), hold) for hold in Hold)
    if best[0] >= ALIKE:  # rain gives way to a camera that goes sideways, but so little that it may as well not
        best = _misses(item, light, lens, State(0.0, 0.2 * aside, near, 0.05, -0.04), Hold.LENS), Hold.LENS
    return best[1] if best[0] < ALIKE else None


def _misses(item: Item, light: Light, lens: Lens, state: State, hold: Hold) -> float:
    """How far a recording misses what it stands for, as a share of all that is drawn; the worse of two moments."""
    worst = 0.0
    for t in (0.9, 1.63):

        def tried(state: State, reflecting: bool = False, matrix: Any = None, t: float = t) -> Floats:
            frame = Frame(None, View(lens, state), light, t, TRIAL, lens.ratio, reflecting=reflecting)
            return _tried(drawing(item, frame), lens, matrix)

        truth = tried(state)
        weight = float(np.abs(truth).mean())
        if weight < FAINT:
            return 1.0
        others = [tried(REST, matrix=hold.matrix(View(lens, state), item.z))]
        others += [tried(state, reflecting=True)] if item.mirrored else []
        worst = max(worst, *(float(np.abs(truth - other).mean()) / weight for other in others))
    return worst


def _tried(draw: Callable[[Any], None], lens: Lens, matrix: Any = None) -> Floats:
    """A small picture, twice as wide and high as the frame, of a drawing on grey, as differences from the grey."""
    made = surface(int(TRIAL * lens.ratio), TRIAL)
    canvas = made.getCanvas()
    canvas.clear(0xFF808080)
    canvas.scale(TRIAL / 2, TRIAL / 2)
    canvas.translate(lens.ratio, 0.5)
    if matrix is not None:
        canvas.concat(matrix)
    draw(canvas)
    return np.asarray(pixels(made)[..., :3].astype(np.float32) - 128)


def person(picture: Any, view: View, actor: Actor, t: float, per: float) -> Play:
    """A person's recording as a picture of its own, `per` pixels a picture height: for crowds, quicker than strokes."""
    x, z = actor.where(t)
    u, v, metre = (float(q) for q in view.project(x, 0.0, z))
    return _lit_card(picture, box(u - 1.5 * metre, v - 3.0 * metre, u + 1.5 * metre, v + 0.4 * metre), per)


def _plants(picture: Any, plants: Swaying) -> Play:
    """Bent plants as a picture as fine as their baked layer."""
    a = plants.area
    return _card(picture, box(a.left - 0.02, a.top, a.right + 0.02, a.bottom), plants.picture.width() / a.width)


def _card(picture: Any, area: Any, per: float) -> Play:
    card = _drawn(picture, area, per, 0).makeImageSnapshot()
    return lambda canvas: canvas.drawImageRect(card, area, SMOOTH)


def _lit_card(picture: Any, area: Any, per: float) -> Play:
    """A card of something that may shine: light must add and not cover, so what it covers is measured on grey."""
    layer, grey = (pixels(_drawn(picture, area, per, 0xFF000000 | level * 0x10101)) for level in (0, GREY))
    through = (grey[..., :3].astype(np.float32) - layer[..., :3]).min(-1) / GREY
    layer[..., 3] = np.clip(255 * (1 - through) + 0.5, 0, 255)
    card = image(layer)
    return lambda canvas: canvas.drawImageRect(card, area, SMOOTH)


def _drawn(picture: Any, area: Any, per: float, ground: int) -> Any:
    """A surface with the part of a recording that lies in an area, on a ground of one colour."""
    made = surface(int(area.width() * per) + 1, int(area.height() * per) + 1)
    canvas = made.getCanvas()
    canvas.clear(ground)
    canvas.scale(made.width() / area.width(), made.height() / area.height())
    canvas.translate(-area.left(), -area.top())
    canvas.drawPicture(picture)
    return made
