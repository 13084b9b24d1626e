"""The actors enter: each becomes something living on the backlot, in its own distance, with shadow and motion blur."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import skia

from vitascope.filmset.canvas.paint import PLUS, argb, box, line
from vitascope.filmset.canvas.palette import mix
from vitascope.filmset.movers.boats import boat
from vitascope.filmset.movers.craft import caravan
from vitascope.filmset.movers.creatures import birds, fish
from vitascope.filmset.movers.toys import ball, drone
from vitascope.filmset.movers.vehicle import vehicle
from vitascope.filmset.people.diver import draw_diver
from vitascope.filmset.people.figure import draw_figure
from vitascope.filmset.people.outfit import outfit
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.props import behind, carried
from vitascope.filmset.people.ribbons import Trail, ribbons, wears_ribbons
from vitascope.filmset.people.skeleton import Pose
from vitascope.filmset.scene.scene import Action, Kind
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import ball_height, ball_place
from vitascope.filmset.stage.site import HUMAN, flooded

QUICK = {
    Action.RUN,
    Action.DANCE,
    Action.SPIN,
    Action.SKATE,
    Action.PLAY,
    Action.JUMP,
    Action.BOUNCE,
    Action.DRIVE,
    Action.FLY,
}
SAMPLES = 3
"""Moments of an open shutter that are drawn of what moves fast."""
ROOM_AROUND, ROOM_ABOVE, ROOM_PEOPLE = 3.2, 3.2, 2.2  # m around an actor that hold all that he is and holds
FOOT_SHADOW, BODY_SHADOW = 0.16, 0.36  # statures
BALL_SHADOW, CARAVAN_SHADOW, DRONE_SHADOW = 0.28, 2.3, 0.5  # m
STAGE_STEP = 1.15  # each stage of a way in depth lies so many times as far away as the one before
LEAST_DEPTH = 0.2  # m; whoever moves less in depth stays in one stage


def enter(lot: Backlot, actor: Actor) -> None:
    """Put an actor on the set."""
    if actor.kind in HUMAN or actor.kind is Kind.DIVER:
        _human(lot, actor)
    elif actor.kind is Kind.BIRDS:
        birds(lot, actor)
    elif actor.kind is Kind.FISH:
        fish(lot, actor)
    else:
        _thing(lot, actor)


THINGS = {
    Kind.BOAT: (boat, 0.0),
    Kind.CARAVAN: (caravan, CARAVAN_SHADOW),
    Kind.DRONES: (drone, DRONE_SHADOW),
    Kind.BALLS: (ball, BALL_SHADOW),
    Kind.VEHICLE: (vehicle, 0.0),  # casts a shadow of its own
}


def _thing(lot: Backlot, actor: Actor) -> None:
    make, width = THINGS[actor.kind]
    inner = make(lot, actor)
    floats = flooded(lot.scene)

    def act(frame: Frame) -> None:
        x, z = ball_place(actor, frame.t) if actor.kind is Kind.BALLS else actor.where(frame.t)
        if actor.kind is Kind.BALLS:
            height = ball_height(actor, frame.t)[0]
            shadow(frame, x, z, width * (1 + 0.4 * height), 0.6 / (1 + 1.2 * height))
        elif width and not floats and actor.kind is not Kind.DRONES:
            shadow(frame, x, z, width, 0.6)
        blurred(
            frame, inner, SAMPLES if actor.kind in (Kind.BALLS, Kind.VEHICLE) else 1, (x, z, ROOM_AROUND, ROOM_ABOVE)
        )

    travelling(lot, actor, act)


class Travelling:
    """An actor at the distance where he is now: items are sorted once, so a way in depth is cut into stages."""

    def __init__(self, actor: Actor, act: Callable[[Frame], None], nearest: float, farthest: float) -> None:
        self.actor, self.act = actor, act
        self.nearest, self.farthest = nearest, farthest
        self.mirrored = True
        self.z = 0.5 * (nearest + farthest)

    def draw(self, frame: Frame) -> None:
        """Act while in this stage."""
        z = self.actor.where(frame.t)[1]
        if self.nearest <= z < self.farthest:
            if frame.reflecting:
                frame.canvas.translate(0, 2 * frame.view.ground(z) - 2 * frame.view.ground(self.z))
            self.act(frame)


def travelling(lot: Backlot, actor: Actor, act: Callable[[Frame], None]) -> None:
    """Add an actor who may move in depth."""
    ends = sorted((actor.where(0.0)[1], actor.where(lot.seconds)[1]))
    if ends[1] - ends[0] < LEAST_DEPTH:
        lot.live(0.5 * (ends[0] + ends[1]), act)
        return
    edges = [-1e9]
    z = ends[0]
    while z < ends[1]:
        z *= STAGE_STEP
        edges.append(z)
    edges[-1] = 1e9
    for nearest, farthest in itertools.pairwise(edges):
        stage = Travelling(actor, act, nearest, farthest)
        stage.z = min(max(farthest / 1.07, ends[0]), ends[1]) if farthest < 1e8 else ends[1]
        lot.add(stage)


def blurred(
    frame: Frame, act: Callable[[Frame], None], samples: int, around: tuple[float, float, float, float]
) -> None:
    """Draw several moments of an open shutter and average them: only for what moves, only where it is.

    `around` is the actor's place (x, z) and the half width and height (m) of all that he is and holds.
    """
    if frame.shutter <= 0 or frame.reflecting or samples < 2:
        act(frame)
        return
    canvas = frame.canvas
    x, z, half, high = around
    u, v, per = (float(q) for q in frame.view.project(x, 0.0, z))
    whole = box(u - half * per, v - high * per, u + half * per, v + 0.5 * per)
    canvas.saveLayer(whole, skia.Paint())
    for k in range(samples):
        moment = replace(frame, t=frame.t + frame.shutter * ((k + 0.5) / samples - 0.5))
        canvas.saveLayer(whole, skia.Paint(Alphaf=1 / samples, BlendMode=PLUS))
        act(moment)
        canvas.restore()
    canvas.restore()


class Replayed:
    """Draws what moves once for a moment, and lays the same drawing down again for its reflection."""

    def __init__(self) -> None:
        self._seen: tuple[Any, Any] | None = None

    def __call__(self, frame: Frame, act: Callable[[Frame], None]) -> None:
        """Draw onto the frame's canvas."""
        key = (frame.t, frame.view.state)
        if self._seen is None or self._seen[0] != key:
            recorder = skia.PictureRecorder()
            act(replace(frame, canvas=recorder.beginRecording(box(-99, -99, 99, 99)), reflecting=False))
            self._seen = key, recorder.finishRecordingAsPicture()
        frame.canvas.drawPicture(self._seen[1])


def shadow(frame: Frame, x: float, z: float, width: float, strength: float = 0.5) -> None:
    """A soft contact shadow on the ground."""
    if frame.reflecting:
        return
    u, v, per = frame.view.project(x, 0.0, z)
    rx, ry = width * per, width * per * 0.16
    canvas = frame.canvas
    canvas.save()
    canvas.translate(float(u), float(v))
    canvas.scale(1.0, float(ry / rx))
    dark = frame.light.palette.near
    shader = skia.GradientShader.MakeRadial(
        skia.Point(0, 0),
        float(rx),
        [argb(dark, strength), argb(dark, 0.5 * strength), argb(dark, 0.0)],
        [0.0, 0.45, 1.0],
    )
    canvas.drawCircle(0, 0, float(rx), skia.Paint(Shader=shader))
    canvas.restore()


RING = 1.5
"""Seconds for which a footfall's ring is seen on the water."""


def ripples(frame: Frame, actor: Actor) -> None:
    """Rings on shallow water around every footfall, and slow ones around feet that stand."""
    assert actor.feet is not None
    tint = mix(frame.light.palette.key, frame.light.palette.haze, 0.4)
    for foot in actor.feet:
        falls = [(t, x, z) for t, (x, z, _) in zip(foot.lands, foot.places[1:], strict=True) if 0 <= frame.t - t < RING]
        if not foot.lands:
            x, z, _ = foot.places[0]
            falls += [(frame.t - (frame.t * 0.6 + k / 2) % 1.0 * RING, x, z) for k in (0, 1)]
        for t, x, z in falls:
            age = (frame.t - t) / RING
            u, v, per = (float(q) for q in frame.view.project(x, 0.0, z))
            for delay in (0.0, 0.22):
                r = (0.1 + 0.75 * max(age - delay, 0.0)) * per
                alpha = 0.5 * (1 - age) * (1.0 if age > delay else 0.0)
                frame.canvas.drawOval(box(u - r, v - 0.2 * r, u + r, v + 0.2 * r), line(tint, 0.0022, alpha))


def _human(lot: Backlot, actor: Actor) -> None:
    wear = outfit(actor)
    wind = lot.scene.wind if lot.light.orb is not None else 0.0
    floats = flooded(lot.scene)
    seconds = lot.seconds
    trail = Trail(actor) if wears_ribbons(actor) else None

    last: list[tuple[float, Pose]] = []
    again = Replayed()

    def posed(t: float) -> Pose:
        """The pose at a time; the shadow, the figure and its reflection ask for the same one."""
        if not last or last[0][0] != t:
            last[:] = [(t, pose(actor, t, seconds))]
        return last[0][1]

    def act(frame: Frame) -> None:
        def moment(now: Frame) -> None:
            made = posed(now.t)
            behind(now, actor, made)
            if trail:
                ribbons(now, trail, made, wind)
            if actor.kind is Kind.DIVER:
                draw_diver(now, made, wear, actor.seed)
                return
            draw_figure(now, made, wear, actor.seed, wind)
            carried(now, actor, made, seconds)

        if floats and actor.feet and not frame.reflecting:
            ripples(frame, actor)
        if actor.kind is not Kind.DIVER and not floats:
            made = posed(frame.t)
            for foot in made.balls:
                shadow(frame, float(foot[0]), float(foot[2]), FOOT_SHADOW * made.scale, 0.4)
            shadow(frame, float(made.pelvis[0]), float(made.pelvis[2]), BODY_SHADOW * made.scale, 0.35)
        if frame.quick:
            again(frame, moment)
            return
        samples = SAMPLES if actor.action in QUICK and actor.kind is not Kind.CROWD else 1
        x, z = actor.where(frame.t)
        blurred(frame, moment, samples, (x, z, ROOM_PEOPLE, ROOM_ABOVE))

    travelling(lot, actor, act)
