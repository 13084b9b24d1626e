"""What a crowd has come for: how lively it is, which way its people face, who holds up a light."""

from __future__ import annotations

from math import pi

from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.scene.scene import Action, Scene, Setting, Subject, Time

LIVELINESS = {Setting.STAGE: 0.94, Setting.ROOFTOP: 0.6, Setting.DUNES: 0.45, Setting.HARBOUR: 0.3}


def spirit(scene: Scene, subject: Subject) -> float:
    """How lively a crowd is, 0..1: at a concert very, in a street hardly."""
    if subject.action in (Action.DANCE, Action.JUMP):
        return 1.0
    return LIVELINESS.get(scene.setting, 0.2)


def films(scene: Scene, seed: int) -> bool:
    """True for the few who hold up a light at a concert in the dark."""
    return scene.setting is Setting.STAGE and scene.time is not Time.DAY and seed % 100 < 28


def faces(scene: Scene, rank: int, seed: int) -> float:
    """Which way somebody in a crowd stands, rad from looking at the viewer: towards the stage or about."""
    turn = float(random_stream(seed, "faces").uniform(-1, 1))
    if scene.setting is Setting.STAGE and rank == 0:
        return pi + 0.5 * turn  # the stage is behind them as the viewer sees it
    return turn * (0.35 if rank else 0.9)
