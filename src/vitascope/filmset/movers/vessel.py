"""What boats are made of: the boat's own frame that turns with its roll, hulls, windows, lamps.

Parts are drawn in the boat's metres (x towards the bow, y up from the water line); people aboard in the world's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vitascope.filmset.canvas.paint import box, fill, glow
from vitascope.filmset.canvas.palette import Colour, colour, mix, scaled
from vitascope.filmset.movers.craft import Bench
from vitascope.filmset.movers.crew import Deck
from vitascope.filmset.stage.backlot import Frame
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.pulse import flicker

Outline = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Vessel:
    """A boat on its way to the picture: everything its parts need to be drawn now."""

    frame: Frame
    bench: Bench
    deck: Deck
    t: float
    own: Colour
    actor: Actor
    wind: float
    tilt: Callable[[], None]
    plain: bool

    @property
    def seed(self) -> int:
        """The boat's own number."""
        return self.actor.seed % 10007

    def aboard(self, draw: Callable[[], None]) -> None:
        """Draw in the world's own coordinates, turned with the boat."""
        canvas = self.frame.canvas
        canvas.save()
        self.tilt()
        draw()
        canvas.restore()


def in_frame(part: Callable[[Vessel], None]) -> Callable[[Vessel], None]:
    """A part that is drawn in the boat's own metres."""

    def draw(vessel: Vessel) -> None:
        def inner() -> None:
            with vessel.bench:
                part(vessel)

        vessel.aboard(inner)

    return draw


def crewed(part: Callable[[Vessel], None]) -> Callable[[Vessel], None]:
    """A part that is drawn in the world's metres."""
    return lambda vessel: vessel.aboard(lambda: part(vessel))


def hull(shape: Outline, rim: Outline, strake: Outline, low: float, high: float) -> Callable[[Vessel], None]:
    """A hull by its outline, its rim and the line of its planks."""

    def draw(vessel: Vessel) -> None:
        bench, own = vessel.bench, vessel.own
        bench.shaded(shape, own, low, high)
        bench.line(rim, scaled(own, 1.6), 0.085, 0.9)
        bench.line(strake, scaled(own, 0.5), 0.035, 0.3)

    return in_frame(draw)


def lamp(vessel: Vessel, x: float, y: float, foot: float) -> None:
    """A lamp on a short post."""
    dark, canvas = vessel.frame.light.dark, vessel.bench.canvas
    vessel.bench.line([(x, foot), (x, (foot + y) / 2), (x, y - 0.02)], colour("3a2c24"), 0.035)
    canvas.drawCircle(x, y, 0.08, fill(mix((0.75, 0.72, 0.65), (1.0, 0.9, 0.65), dark)))
    glow(canvas, x, y, 0.9, (1.0, 0.8, 0.5), 0.7 * dark * flicker(3, vessel.t))


def panes(vessel: Vessel, boxes: list[tuple[float, float, float, float]]) -> None:
    """Windows: dark glass that shows the sky by day, warm at night."""
    sky, dark = vessel.frame.light.palette.high, vessel.frame.light.dark
    pane = mix(vessel.bench.tone(mix(colour("30343c"), sky, 0.35), 0.5), (1.0, 0.8, 0.45), dark)
    for left, low, right, high in boxes:
        vessel.bench.canvas.drawRect(box(left, low, right, high), fill(pane))
        if dark > 0.3:
            glow(vessel.bench.canvas, (left + right) / 2, (low + high) / 2, 0.7, (1.0, 0.75, 0.4), 0.4 * dark)
