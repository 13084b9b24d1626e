"""Two pictures, one clip: along the camera path that joins them where they show the same thing, else by a whip pan."""

from __future__ import annotations

from dataclasses import replace

from vitascope.plates.film import Film
from vitascope.plates.related import Related
from vitascope.plates.relation import relation
from vitascope.plates.still import Still
from vitascope.plates.whip import Whip
from vitascope.scene.scene import Camera, Direction, Move, Scene
from vitascope.values import Effort, Picture, Timing


def joined(first: Picture, last: Picture, scene: Scene, timing: Timing, seed: int, effort: Effort) -> Film:
    """The film from `first` to `last` that suits how they are related."""
    bond = relation(first, last)
    if bond is not None:
        try:
            return Related(first, last, bond, timing, seed, effort)
        except ValueError:
            pass  # seen too differently for a path: treat them as strangers
    return _strangers(first, last, scene, timing, seed, effort)


def _strangers(first: Picture, last: Picture, scene: Scene, timing: Timing, seed: int, effort: Effort) -> Film:
    camera = scene.sections[0].camera
    side = -1 if camera.direction is Direction.LEFT else 1
    pushing = replace(scene, sections=(replace(scene.sections[0], camera=Camera(Move.PUSH_IN)),))
    one = Still(first, pushing, timing, seed, effort)
    two = Still(last, pushing, timing, seed, effort, backwards=True)
    return Whip(one, two, timing, side)
