"""A Scene as plain JSON data and back, exactly: `scene_of(as_record(scene)) == scene`.

Slots that were added later (`variant`, `craft`) may be missing in a record: then they are open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import Enum
from typing import Any, TypeVar

from vitascope.filmset.scene.scene import (
    Action,
    Ambience,
    Camera,
    Craft,
    Direction,
    Glow,
    Kind,
    Move,
    Pace,
    Scene,
    Section,
    Setting,
    Subject,
    Time,
    Variant,
    Weather,
)

Named = TypeVar("Named", bound=Enum)


def as_record(scene: Scene) -> dict[str, Any]:
    """The scene as dictionaries, lists, text and numbers; enumerations by their value."""
    record: dict[str, Any] = json.loads(json.dumps(asdict(scene)))
    return record


def as_text(scene: Scene) -> str:
    """The scene as one line of JSON with sorted keys: equal scenes give equal text."""
    return json.dumps(asdict(scene), sort_keys=True, ensure_ascii=False)


def scene_of(record: Mapping[str, Any]) -> Scene:
    """The scene of a record. Raises KeyError, TypeError or ValueError for what is no scene."""
    return Scene(
        setting=Setting(record["setting"]),
        time=Time(record["time"]),
        weather=Weather(record["weather"]),
        seed=int(record["seed"]),
        subjects=tuple(_subject(entry) for entry in record["subjects"]),
        sections=tuple(_section(entry) for entry in record["sections"]),
        glows=_named(Glow, record["glows"]),
        ambience=_named(Ambience, record["ambience"]),
        mood=record["mood"],
        wind=float(record["wind"]),
        wet=bool(record["wet"]),
        later=_optional(Time, record["later"]),
        variant=_optional(Variant, record.get("variant")),
    )


def scene_of_text(text: str) -> Scene:
    """The scene of its JSON text."""
    return scene_of(json.loads(text))


def _subject(entry: Mapping[str, Any]) -> Subject:
    return Subject(
        kind=Kind(entry["kind"]),
        action=Action(entry["action"]),
        count=int(entry["count"]),
        colour=entry["colour"],
        direction=_optional(Direction, entry["direction"]),
        pace=Pace(entry["pace"]),
        prop=entry["prop"],
        craft=_optional(Craft, entry.get("craft")),
    )


def _section(entry: Mapping[str, Any]) -> Section:
    camera = entry["camera"]
    move = Camera(Move(camera["move"]), _optional(Direction, camera["direction"]), Pace(camera["pace"]))
    return Section(float(entry["start"]), move, bool(entry["cut"]))


def _named(names: type[Named], values: list[str]) -> tuple[Named, ...]:
    return tuple(names(value) for value in values)


def _optional(names: type[Named], value: str | None) -> Named | None:
    return None if value is None else names(value)
