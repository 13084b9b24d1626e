"""Scenes that the film set's tests draw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.filmset.scene.scene import (
    VARIANTS,
    Action,
    Camera,
    CameraSection,
    Craft,
    Direction,
    Glow,
    Kind,
    Move,
    Pace,
    Scene,
    Setting,
    Subject,
    Time,
    Weather,
)

STILL = (CameraSection(0.0, Camera(Move.FIXED)),)
ACTIONS = {
    Kind.DANCER: (Action.DANCE, Action.SPIN, Action.JUMP),
    Kind.WALKER: (Action.WALK, Action.WADE, Action.STAND),
    Kind.RUNNER: (Action.RUN,),
    Kind.SKATER: (Action.SKATE,),
    Kind.COURIER: (Action.WALK, Action.RUN),
    Kind.MUSICIAN: (Action.PLAY,),
    Kind.DRUMMER: (Action.PLAY,),
    Kind.CROWD: (Action.STAND, Action.WALK),
    Kind.DIVER: (Action.SWIM,),
    Kind.BIRDS: (Action.FLY,),
    Kind.FISH: (Action.SWIM,),
    Kind.BOAT: (Action.SAIL,),
    Kind.CARAVAN: (Action.OPEN, Action.DRIVE),
    Kind.DRONES: (Action.FLY,),
    Kind.BALLS: (Action.BOUNCE,),
    Kind.VEHICLE: (Action.DRIVE,),
}


def scene(
    kind: Kind | None = Kind.WALKER,
    action: Action = Action.WALK,
    setting: Setting = Setting.DUNES,
    move: Move | None = None,
    seed: int = 5,
) -> Scene:
    """A clear day with one subject; a fixed camera unless a move is given."""
    subjects = (Subject(kind, action),) if kind else ()
    sections = STILL if move is None else (CameraSection(0.0, Camera(move)),)
    return Scene(setting, Time.DAY, Weather.CLEAR, seed, subjects, sections)


def drawn(number: int) -> Scene:
    """A scene with every factor drawn at random by a number."""
    rng = np.random.default_rng(number)

    def one(row: list[Any]) -> Any:
        return row[int(rng.integers(len(row)))]

    subjects = []
    for _ in range(int(rng.integers(1, 3))):
        kind = one(list(Kind))
        subjects.append(
            Subject(
                kind,
                one(list(ACTIONS[kind])),
                int(one([1, 1, 2, 3, 9])),
                one([None, "red", "teal"]),
                one([None, *Direction]),
            )
        )
    made = Scene(
        one(list(Setting)), one(list(Time)), one(list(Weather)), number, tuple(subjects),
        (CameraSection(0.0, Camera(one(list(Move)), one([None, *Direction]), one(list(Pace)))),),
        (one(list(Glow)),), (), one([None, "warm", "melancholic"]), float(rng.random()), bool(rng.random() < 0.3),
    )  # fmt: skip
    made = replace(made, later=one([None, None, None, *Time]), variant=one([None, *VARIANTS.get(made.setting, ())]))
    boats = [replace(s, craft=one([None, *Craft])) if s.kind is Kind.BOAT else s for s in made.subjects]
    return replace(made, subjects=tuple(boats))
