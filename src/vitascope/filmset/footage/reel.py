"""A reel: one place baked for all its takes, its troupes recorded as they come, and the frames composed of both.

A place is composed in picture heights, so it serves troupes of any size: what the place's lens sees at rest is what the
troupe's own lens sees, only in other metres. `share` turns the troupe's metres into the place's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log

import numpy as np

from vitascope.filmset.canvas.post import Post
from vitascope.filmset.film import Stagecraft, dusk, exposed
from vitascope.filmset.footage.plan import Take
from vitascope.filmset.footage.record import Hold, Recorded, drawing, person, player, scaled, still_stage, strokes
from vitascope.filmset.movers.creatures import birds, fish, flight_of, member_place
from vitascope.filmset.places import build
from vitascope.filmset.players import enter
from vitascope.filmset.scene.scene import Kind, Scene
from vitascope.filmset.stage.backlot import Backlot, Frame, Item
from vitascope.filmset.stage.camera import REST, CameraPath, View
from vitascope.filmset.stage.cast import Actor, Cast, cast
from vitascope.filmset.stage.light import Light, light
from vitascope.values import Effort, Frames, Size, Timing

SWARMS = {Kind.BIRDS: birds, Kind.FISH: fish}
SLICE = 0.08
"""A swarm is recorded in slices of its depth, each so thick at most (a share of its distance)."""
MANY = 6
"""From so many actors on, people are kept as pictures, not as strokes."""
FINE = 1.25
"""Pixels of such a picture for one of the frame's."""


@dataclass(frozen=True, slots=True)
class Set:
    """A place under one light, its still parts baked."""

    scene: Scene
    light: Light
    items: list[Item]


class Reel:
    """Films takes that share a place."""

    def __init__(self, takes: Sequence[Take], size: Size, timing: Timing, post: Post | None = None) -> None:
        self.takes, self.size, self.timing = tuple(takes), size, timing
        self.post = post or Post(size)
        place = self.takes[0].scene
        self.empty = cast(replace(place, subjects=()), size, timing)
        self.companies = self._companies()
        self.sets = [self._set(place)]
        if place.later is not None and place.later is not place.time:
            self.sets.append(self._set(replace(place, time=place.later, later=None)))
        self._troupes: dict[tuple[int, int], list[list[Item]]] = {}

    def _companies(self) -> list[Cast]:
        """Each take's actors under its camera. A troupe's takes share their actors."""
        first: dict[int, Cast] = {}
        found = []
        for take in self.takes:
            scene = replace(take.scene, seed=take.seed)
            known = first.setdefault(take.troupe, cast(scene, self.size, self.timing))
            camera = CameraPath(scene, known.lens, self.timing, known.camera.hero)
            found.append(replace(known, scene=scene, camera=camera))
        return found

    def share(self, company: Cast) -> float:
        """The place's metres to one of a company's."""
        return self.empty.lens.hero / company.lens.hero

    def view(self, company: Cast, t: float) -> View:
        """How a company's camera sees the place."""
        return View(self.empty.lens, scaled(company.camera.state(t), self.share(company)))

    def _set(self, scene: Scene) -> Set:
        """Bake a place for all that the takes' cameras will see of it."""
        lamp = light(scene, self.empty.lens, self.timing)
        lot = Backlot(scene, self.empty, lamp, self.size, Effort.FAST)
        times = [self.timing.time(k) for k in (*range(0, self.timing.frames, 3), self.timing.frames - 1)]
        lot.views = list(dict.fromkeys(self.view(company, t) for company in self.companies for t in times))
        build(lot)
        items = still_stage(lot.items, lamp, self.empty.lens, self.timing, self.size.height)
        return Set(scene, lamp, items)

    def troupe(self, number: int, made: Set) -> list[list[Item]]:
        """The items of each of a take's actors under a set's light, recorded on first use."""
        take, company = self.takes[number], self.companies[number]
        key = (take.troupe, self.sets.index(made))
        if key not in self._troupes:
            scene = replace(made.scene, subjects=take.scene.subjects)
            lamp = light(scene, company.lens, self.timing)
            lot = Backlot(scene, company, lamp, self.size, Effort.FAST)
            self._troupes[key] = [self._entered(lot, actor) for actor in company.actors]
        return self._troupes[key]

    def _entered(self, lot: Backlot, actor: Actor) -> list[Item]:
        """An actor's recordings: one, or for a swarm one for each slice of its depth."""
        times = [self.timing.time(index) for index in range(self.timing.frames)]
        if actor.kind not in SWARMS:
            lot.items = []
            enter(lot, only=actor)
            return [self._recorded(lot, actor, [actor.where(t)[1] for t in times])]
        flight, slices = flight_of(lot, actor), defaultdict[int, list[int]](list)
        for k in range(actor.count):
            z = float(member_place(actor, flight, k, times[len(times) // 2])[2])
            slices[round(log(z / flight.z) / SLICE)].append(k)
        found = []
        for depth, members in slices.items():
            lot.items = []
            SWARMS[actor.kind](lot, actor, members)
            found.append(self._recorded(lot, actor, [flight.z * exp(depth * SLICE)]))
        return found

    def _recorded(self, lot: Backlot, actor: Actor, places: list[float]) -> Item:
        """The lot's items as one recording, at distances (m) by moment or always at one."""
        view, height = View(lot.lens, REST), self.size.height
        people = len(lot.company.actors) >= MANY and actor.feet is not None
        plays = []
        for index in range(self.timing.frames):
            t = self.timing.time(index)
            frame = Frame(None, view, lot.light, t, height, self.size.ratio)
            picture = strokes([drawing(item, frame) for item in lot.items])
            plays.append(person(picture, view, actor, t, FINE * height) if people else player(picture))
        share = self.share(lot.company)
        return Recorded(plays, [share * z for z in places], Hold.PLANE)

    def stages(self, number: int) -> list[Stagecraft]:
        """The set of a take with its actors, once for each light."""
        return [
            Stagecraft(made.items, self.troupe(number, made), made.light, self.size, sparing=True) for made in self.sets
        ]

    def frames(self, number: int) -> Frames:
        """All frames of a take, uint8 (time, height, width, 3), not yet mirrored."""
        company, stages = self.companies[number], self.stages(number)
        early, late = stages[0], stages[1] if len(stages) > 1 else None
        made = np.empty((self.timing.frames, self.size.height, self.size.width, 3), np.uint8)
        for index in range(self.timing.frames):
            for stage in stages:
                show(stage, index)
            t = self.timing.time(index)
            share = dusk(t, float(self.timing.seconds)) if late else 0.0
            made[index] = exposed((early, late), self.post, self.view(company, t), t, share, 0.0)
        return made


def show(stage: Stagecraft, index: int) -> None:
    """Bring a stage to a moment: its recordings, and who stands before whom."""
    for item in stage.items:
        if isinstance(item, Recorded):
            item.show(index)
    stage.items.sort(key=lambda item: -item.z)


class Shot:
    """One take as something filmed, whose ground truth can be asked for."""

    def __init__(self, reel: Reel, number: int) -> None:
        self.reel, self.cast = reel, reel.companies[number]
        self.size, self.timing = reel.size, reel.timing
        self.share, self.stage = reel.share(self.cast), reel.stages(number)[0]

    def shown(self, index: int) -> View:
        """Bring the stage to a frame's moment; how that frame sees it."""
        show(self.stage, index)
        return self.reel.view(self.cast, self.timing.time(index))
