"""Birds and fish: flocks and schools whose members fly and swim on ways of their own, wings and tails in motion."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from vitascope.filmset.canvas.paint import curve, fill, glow, line, outline
from vitascope.filmset.canvas.palette import Colour, mix, named, scaled
from vitascope.filmset.canvas.random_streams import Floats, random_stream, wander
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.cast import Actor, Cast
from vitascope.filmset.stage.play import wing_phase
from vitascope.filmset.stage.site import SITES

FISH_COLOURS = ("ff9a3c", "ffd24a", "5ad0ff", "ff6a7a", "f4f4ff", "8affc0")


@dataclass(frozen=True, slots=True)
class Flight:
    """The way of a flock or school: its middle at half time (m), how far it goes, how wide it spreads."""

    x: float
    y: float
    z: float
    reach: float
    spread: tuple[float, float, float]
    way: float
    seconds: float


def member_place(actor: Actor, flight: Flight, k: int, t: float) -> Floats:
    """Where a member of a flock is at a time, metres."""
    rng = random_stream(actor.seed, "member", k)
    a, b, c = (float(q) for q in rng.uniform(-1, 1, 3))
    if actor.count == 1:
        a, b, c = 0.0, 0.0, 0.0
    seed = actor.seed % 99991 + 13 * k
    share = t / flight.seconds - 0.5
    close = 1.0 + 0.28 * sin(2 * pi * t / 6.5 + actor.seed % 7)
    x = (
        flight.x
        + flight.way * flight.reach * share
        + close * flight.spread[0] * (a + 0.16 * float(wander(seed, t * 0.4)))
    )
    y = flight.y + close * flight.spread[1] * (b + 0.25 * float(wander(seed + 1, t * 0.5)))
    y += 0.35 * flight.spread[1] * sin(2 * pi * (t / 7.0) + 0.5 * a)
    z = flight.z + flight.spread[2] * (c + 0.2 * float(wander(seed + 2, t * 0.3)))
    return np.array([x, y, z])


def flight_of(company: Cast, actor: Actor) -> Flight:
    """Compose a flock: it stays in the picture while it crosses a part of it."""
    lens, seconds = company.lens, float(company.timing.seconds)
    z = actor.way.z
    width, tall = 2 * lens.half_width(z), z / 1.25
    few = actor.count <= 3
    under = SITES[company.scene.setting].under_water
    height = lens.eye + tall * (lens.horizon - (0.36 if under else 0.30)) * 1.0
    way = -1.0 if cos(actor.way.heading) < 0 else 1.0
    reach = width * (0.5 if few else 0.35) / actor.beat
    if actor.way.speed:  # goes along with a hero whom the camera follows, and hardly farther
        reach = 0.3 * reach + actor.way.speed * seconds
    spread = (0.16 * width, 0.08 * tall, 0.1 * z) if few else (0.3 * width, 0.15 * tall, 0.22 * z)
    return Flight(0.0, height, z, reach, spread, way, seconds)


def birds(lot: Backlot, actor: Actor) -> None:
    """A flock in the air."""
    flight = flight_of(lot.company, actor)
    own = named(actor.colour, "e8e8ea" if SITES[lot.scene.setting].waves else "3c3a44")
    size = (1.5 if actor.count <= 3 else 1.0) * lot.lens.hero / 8.3 * (1.0 if actor.leading else 0.6)

    def act(frame: Frame) -> None:
        places = [(member_place(actor, flight, k, frame.t), k) for k in range(actor.count)]
        for place, k in sorted(places, key=lambda pair: -pair[0][2]):
            ahead = member_place(actor, flight, k, frame.t + 0.08) - place
            _bird(
                frame,
                place,
                ahead,
                wing_phase(actor, k, frame.t),
                own,
                size,
                glides=(k * 7 + int(frame.t / 2.3)) % 4 == 0,
            )

    lot.live(flight.z, act)


def _bird(frame: Frame, place: Floats, ahead: Floats, phase: float, own: Colour, size: float, glides: bool) -> None:
    way = ahead / max(float(np.sqrt(ahead @ ahead)), 1e-6)
    way = np.array([way[0], 0.4 * way[1], way[2] - 0.35 * abs(way[0])])
    way = way / float(np.sqrt(way @ way))
    left = np.array([-way[2], 0.12, way[0]])
    up = np.array([0.0, 1.0, 0.0])
    lift = 0.25 if glides else 1.0
    inner, outer = 0.15 + 0.62 * lift * cos(phase), 0.05 + 0.8 * lift * cos(phase - 0.8)
    bob = -0.05 * size * lift * cos(phase)
    z = float(place[2])

    def seen(p: Floats) -> tuple[float, float]:
        u, v, _ = frame.view.project(p[0], p[1] + bob, p[2])
        return float(u), float(v)

    # no lamp of a film crew reaches a bird: at night it is as dark as its sky
    light, dark = frame.light.tone(own, z, 0.85), frame.light.tone(scaled(own, 0.7), z, 0.25)
    tips = frame.light.tone(mix(own, (0.1, 0.1, 0.12), 0.75), z, 0.4)
    canvas = frame.canvas
    sides = sorted((1.0, -1.0), key=lambda s: -float((left * s)[2]))
    for order, side in enumerate(sides):
        if order == 1:
            _bird_body(frame, place, way, up, size, light, dark, bob)
        mid = place + size * (left * side * 0.30 * cos(inner) + up * 0.30 * sin(inner) + way * 0.05)
        tip = mid + size * (left * side * 0.40 * cos(outer) + up * 0.40 * sin(outer) - way * 0.14)
        root_front, root_back = place + way * 0.13 * size, place - way * 0.08 * size
        points = [root_front, mid + way * 0.08 * size, tip, mid - way * 0.10 * size, root_back]
        canvas.drawPath(curve([seen(p) for p in points], True), fill(light if order else dark))
        edge = [tip, tip * 0.7 + mid * 0.3 + way * 0.03 * size, tip * 0.7 + mid * 0.3 - way * 0.05 * size]
        canvas.drawPath(outline([seen(p) for p in edge]), fill(tips))


def _bird_body(
    frame: Frame, place: Floats, way: Floats, up: Floats, size: float, light: Colour, dark: Colour, bob: float
) -> None:

    def seen(p: Floats) -> tuple[float, float]:
        u, v, _ = frame.view.project(p[0], p[1] + bob, p[2])
        return float(u), float(v)

    top = [(0.30, 0.03), (0.22, 0.065), (0.05, 0.06), (-0.2, 0.03), (-0.36, 0.03)]
    low = [(-0.36, -0.015), (-0.1, -0.055), (0.12, -0.06), (0.24, -0.02)]
    body = [seen(place + size * (way * a + up * b)) for a, b in top + low]
    frame.canvas.drawPath(curve(body, True), fill(light))
    belly = [seen(place + size * (way * a + up * b)) for a, b in [(0.2, 0.0), (-0.2, 0.0), *low]]
    frame.canvas.drawPath(curve(belly, True), fill(dark, 0.8))
    beak = [seen(place + size * (way * a + up * b)) for a, b in ((0.28, 0.045), (0.36, 0.02), (0.28, 0.01))]
    frame.canvas.drawPath(outline(beak), fill(frame.light.tone((0.95, 0.65, 0.2), float(place[2]), 0.7)))


def fish(lot: Backlot, actor: Actor) -> None:
    """A school that turns as one, scatters a little and gathers again."""
    flight = flight_of(lot.company, actor)
    rng = random_stream(actor.seed, "hue")
    own = named(actor.colour, str(rng.choice(FISH_COLOURS)))
    size = (1.3 if actor.count <= 3 else 0.42) * lot.lens.hero / 8.3
    shines = lot.light.dark > 0.8

    def act(frame: Frame) -> None:
        places = [(member_place(actor, flight, k, frame.t), k) for k in range(actor.count)]
        for place, k in sorted(places, key=lambda pair: -pair[0][2]):
            ahead = member_place(actor, flight, k, frame.t + 0.1) - place
            _fish(frame, place, ahead, frame.t, own, size * (0.8 + 0.4 * ((k * 0.618) % 1.0)), k, shines)

    lot.live(flight.z, act)


def _fish(frame: Frame, place: Floats, ahead: Floats, t: float, own: Colour, size: float, k: int, shines: bool) -> None:
    u, v, per = (float(q) for q in frame.view.project(*place))
    z = float(place[2])
    speed = float(np.hypot(ahead[0], ahead[1]))
    facing = ahead[0] / max(float(np.sqrt(ahead @ ahead)), 1e-6)
    facing = facing if abs(facing) > 0.3 else (0.3 if facing >= 0 else -0.3)
    tilt = float(np.arctan2(-ahead[1], abs(ahead[0]) + 1e-6))
    beat = 9.0 + 40.0 * min(speed, 0.2)
    length = size * per
    canvas = frame.canvas
    canvas.save()
    canvas.translate(u, v)
    canvas.scale(1 if facing > 0 else -1, 1)
    canvas.rotate(float(np.degrees(tilt)) * 0.7)
    canvas.scale(max(abs(facing), 0.35), 1)
    bend = [0.05 * sin(beat * t + 0.8 * k - 3.2 * s) * s * s for s in np.linspace(0, 1.25, 8)]
    xs = [0.5 - s for s in np.linspace(0, 1.0, 7)]
    half = [0.02, 0.12, 0.17, 0.165, 0.12, 0.065, 0.025]
    upper = [(x * length, (-h + b) * length) for x, h, b in zip(xs, half, bend, strict=False)]
    lower = [(x * length, (0.9 * h + b) * length) for x, h, b in zip(xs, half, bend, strict=False)]
    light = mix(frame.light.figure(own, z, 1.0), frame.light.fade(own, z), 0.6)
    dark = scaled(light, 0.6)
    tail_y = bend[-1] * 2.2
    tail = [
        (-0.46 * length, bend[6] * length),
        (-0.72 * length, (tail_y - 0.17) * length),
        (-0.64 * length, tail_y * length),
        (-0.72 * length, (tail_y + 0.17) * length),
    ]
    canvas.drawPath(outline(tail), fill(dark))
    fin = [(0.12 * length, -0.14 * length), (-0.04 * length, -0.29 * length), (-0.2 * length, -0.11 * length)]
    canvas.drawPath(outline(fin), fill(dark))
    canvas.drawPath(curve([*upper, *lower[::-1]], True), fill(light))
    belly = [(x, y * 0.45 + 0.05 * length) for x, y in lower]
    canvas.drawPath(curve([*lower, *belly[::-1]], True), fill(mix(light, (1, 1, 1), 0.35), 0.7))
    if length > 0.02:
        canvas.drawPath(
            curve([(0.05 * length, -0.16 * length), (0.0, 0.0), (0.04 * length, 0.15 * length)]),
            line(mix(light, (1, 1, 1), 0.6), 0.05 * length),
        )
        canvas.drawCircle(0.36 * length, -0.03 * length, 0.032 * length, fill((0.05, 0.05, 0.08)))
    canvas.restore()
    if shines and k % 3 == 0:
        glow(canvas, u, v, 1.1 * length, own, 0.3)
