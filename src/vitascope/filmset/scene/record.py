"""A Scene as plain JSON data."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from vitascope.filmset.scene.scene import Scene


def as_record(scene: Scene) -> dict[str, Any]:
    """The scene as dictionaries, lists, text and numbers; enumerations by their value."""
    record: dict[str, Any] = json.loads(json.dumps(asdict(scene)))
    return record
