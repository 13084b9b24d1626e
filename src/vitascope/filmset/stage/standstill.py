"""A scene in which nothing moves, but what the prompt excepts: each item has the clip's clock, or one that stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vitascope.filmset.nature.growth import Swaying
from vitascope.filmset.nature.water import Water
from vitascope.filmset.scene.scene import Kind, Mover, Scene
from vitascope.filmset.stage.backlot import Baked, Frame, LiveItem, StageItem
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.site import HUMAN
from vitascope.filmset.stage.solid import Panel

MOMENT = 0.5  # share of the clip; then whoever crosses the picture is in it
LIT = ("town.lamps", "places.glows", "places.lights", "places.show")
"""Modules whose living items are lights."""


class Held:
    """An item that shows one moment all the time."""

    def __init__(self, item: StageItem, moment: float) -> None:
        self.item, self.moment = item, moment
        self.z, self.mirrored = item.z, item.mirrored
        self.needs_mirror = bool(getattr(item, "needs_mirror", False))

    def draw(self, frame: Frame) -> None:
        """Draw the moment."""
        self.item.draw(replace(frame, t=self.moment, shutter=0.0))


def held(scene: Scene, seconds: float, items: Iterable[StageItem]) -> list[StageItem]:
    """A set's items as they move in this scene: all of them, or only those that the prompt excepts."""
    if not scene.still:
        return list(items)
    moment = MOMENT * seconds
    return [Held(item, moment) if scene.stands(*_names(item)) else item for item in items]


def held_actors(
    scene: Scene, seconds: float, actors: Sequence[Actor], acting: Iterable[list[StageItem]]
) -> list[list[StageItem]]:
    """Each actor's items in the same way."""
    moment = MOMENT * seconds
    together: list[list[StageItem]] = []
    for actor, items in zip(actors, acting, strict=True):
        together.append([Held(item, moment) for item in items] if stands(scene, actor) else items)
    return together


def stands(scene: Scene, actor: Actor) -> bool:
    """Whether an actor does not move at all."""
    human = actor.kind in HUMAN or actor.kind is Kind.DIVER
    return scene.stands(actor.kind.value, *((Mover.PEOPLE.value,) if human else ()))


def lies_beyond(item: StageItem) -> bool:
    """Whether an item runs into the depth, so that its own distance does not tell whether it is behind the camera."""
    return isinstance(item.item if isinstance(item, Held) else item, Panel)


def _names(item: StageItem) -> tuple[str, ...]:
    """By which names a prompt excepts an item."""
    if isinstance(item, Water):
        return (Mover.WATER.value,)
    if isinstance(item, Swaying):
        return (Mover.PLANTS.value,)
    if isinstance(item, Baked | Panel) and item.pulse is not None:
        return (Mover.LIGHTS.value,)
    if isinstance(item, Baked) and item.drift:
        return Mover.CLOUDS.value, Mover.WEATHER.value
    module = getattr(item.act, "__module__", "") if isinstance(item, LiveItem) else ""
    if module.endswith("nature.weather"):
        return (Mover.WEATHER.value,)
    return (Mover.LIGHTS.value,) if module.endswith(LIT) else ()
