"""Drones that hover and balls that bounce."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import argb, box, curve, fill, glow, line
from vitascope.filmset.canvas.palette import mix, named, scaled
from vitascope.filmset.canvas.random_streams import random_stream, wander
from vitascope.filmset.movers.craft import Bench
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import ball_bounce, ball_height, ball_place


def drone_place(actor: Actor, t: float) -> tuple[float, float, float]:
    """Where a drone is: it hovers, sways and patrols; metres."""
    x, z = actor.where(t)
    s = actor.seed % 99991
    reach = 0.5 + 0.2 * actor.index
    x += reach * sin(2 * pi * t / (5.2 + actor.index) + s % 7) + 0.12 * float(wander(s, t * 1.3))
    y = actor.altitude + HOVER * sin(2 * pi * t / HOVER_PERIOD + s % 5) + 0.06 * float(wander(s + 1, t * 1.9))
    return x, y, z


def drone(lot: Backlot, actor: Actor) -> Any:
    """A quadrocopter with lights."""
    own = named(actor.colour, "6c7684")
    led = lot.palette.cool if actor.index % 2 == 0 else (1.0, 0.3, 0.35)
    size = lot.lens.hero / 7.5

    def act(frame: Frame) -> None:
        x, y, z = drone_place(actor, frame.t)
        ahead = drone_place(actor, frame.t + 0.1)[0] - x
        with Bench(frame, x, y, z) as bench:
            bench.canvas.scale(size, size)
            bench.canvas.rotate(-float(np.degrees(np.clip(ahead * 3, -0.3, 0.3))))
            for k, (rx, ry) in enumerate(((-0.55, 0.1), (0.55, 0.1), (-0.42, 0.2), (0.42, 0.2))):
                bench.line([(0, 0.05), (rx / 2, ry * 0.8), (rx, ry)], scaled(own, 0.8), 0.05)
                bench.disc(rx, ry + 0.03, 0.05, own, 0.7)
                blade = ROTOR_RADIUS * abs(cos(frame.t * ROTOR_SPEED + k))
                bench.canvas.drawOval(
                    box(rx - ROTOR_RADIUS, ry + 0.06, rx + ROTOR_RADIUS, ry + 0.11),
                    fill(mix(lot.palette.haze, (1, 1, 1), 0.3), 0.35),
                )
                bench.canvas.drawLine(
                    rx - blade, ry + 0.085, rx + blade, ry + 0.085, line(bench.tone(own, 0.8), 0.018, 0.7)
                )
            bench.shaded(
                [(-0.26, 0.05), (-0.17, 0.18), (0.17, 0.18), (0.26, 0.05), (0.13, -0.09), (-0.13, -0.09)],
                own,
                -0.1,
                0.2,
                True,
            )
            bench.disc(0.0, -0.05, 0.07, (0.1, 0.12, 0.16), 0.6)
            on = 0.8 + 0.2 * sin(frame.t * 7 + actor.index * 2)
            bench.canvas.drawCircle(0, -0.05, 0.035, fill(mix(led, (1, 1, 1), 0.4)))
            glow(bench.canvas, 0, -0.05, 0.8, led, 0.85 * on)
            for rx in (-0.55, 0.55):
                glow(bench.canvas, rx, 0.06, 0.34, led, 0.9)

    return act


BALLS = ("e8443c", "f0b030", "3c8ce0", "4cb86c", "d858a8", "f4f0e4", "8c5ce0")
SMALLEST_BALL, BALL_SIZES = 0.2, 0.08  # m; radius, and how much larger the largest is
SQUASH, SQUASH_TIME, STRETCH = 0.24, 0.05, 0.07  # of the height on contact, s around it, of the height in flight
BALL_SPIN = 2.4  # rad/s
ROTOR_SPEED, ROTOR_RADIUS = 63, 0.27  # rad/s, m
HOVER_PERIOD, HOVER = 2.7, 0.16  # s, m up and down


def ball(lot: Backlot, actor: Actor) -> Any:
    """A ball that bounces on a true parabola, spins, and gives way a little where it touches."""
    rng = random_stream(actor.seed, "look")
    own = named(actor.colour, BALLS[actor.index % len(BALLS)])
    r = SMALLEST_BALL + BALL_SIZES * float(rng.random())

    def act(frame: Frame) -> None:
        x, z = ball_place(actor, frame.t)
        height, since = ball_height(actor, frame.t)
        squash = 1 - SQUASH * max(0.0, 1 - since / SQUASH_TIME)
        speed = abs(1 - 2 * ((frame.t + ball_bounce(actor)[2]) % ball_bounce(actor)[1]) / ball_bounce(actor)[1])
        stretch = squash * (1 + STRETCH * speed if since > SQUASH_TIME else 1)
        with Bench(frame, x, height + r * stretch, z) as bench:
            bench.canvas.scale(1 / stretch**0.5, stretch)
            side = frame.light.side
            shader = skia.GradientShader.MakeRadial(
                skia.Point(0.35 * r * side, 0.4 * r),
                1.5 * r,
                [
                    argb(mix(bench.tone(own, 1.0), (1, 1, 1), 0.45)),
                    argb(bench.tone(own, 0.85)),
                    argb(bench.tone(scaled(own, 0.45), 0.2)),
                ],
                [0.0, 0.35, 1.0],
            )
            bench.canvas.drawCircle(0, 0, r, skia.Paint(Shader=shader, AntiAlias=True))
            bench.canvas.rotate(float(np.degrees(-frame.t * BALL_SPIN + actor.seed % 6)))
            bench.canvas.drawPath(
                curve([(-r, 0), (-0.4 * r, 0.35 * r), (0.4 * r, 0.35 * r), (r, 0)]),
                line(bench.tone((1, 1, 1), 0.8), 0.12 * r, 0.7),
            )
            bench.canvas.drawPath(
                curve([(-r, 0), (-0.4 * r, -0.35 * r), (0.4 * r, -0.35 * r), (r, 0)]),
                line(bench.tone((1, 1, 1), 0.8), 0.12 * r, 0.5),
            )

    return act
