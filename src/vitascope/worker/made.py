"""What the first step of a take leaves for the second: ended by other means, failed, or a file that can be published.

The durable queue keeps it as plain data between the two steps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from vitascope.errors import Fault
from vitascope.worker.produce import Produced


@dataclass(frozen=True, slots=True)
class Ended:
    """The take had ended already: cancelled, or given up."""

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"ended": True}


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no file, and this is why."""

    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"faults": [fault.as_item() for fault in self.faults]}

    def fault(self) -> dict[str, Any]:
        """The one error item of a failed take: the first fault's, with every message."""
        return {**self.faults[0].as_item(), "message": " ".join(fault.message for fault in self.faults)}


@dataclass(frozen=True, slots=True)
class Finished:
    """The file is stored. The fields are columns of the take: sizes in pixels and bytes, `cost` in exact USD."""

    width: int
    height: int
    file_key: str
    file_bytes: int
    file_digest: str
    cost: str
    flagged: bool | None
    reading: str | None

    @classmethod
    def of(cls, produced: Produced, cost: Decimal, key: str) -> Finished:
        """From what was produced, now stored under a key."""
        return cls(
            width=produced.size.width,
            height=produced.size.height,
            file_key=key,
            file_bytes=produced.encoded.bytes,
            file_digest=produced.encoded.sha256,
            cost=str(cost),
            flagged=produced.flagged,
            reading=json.dumps(produced.reading.as_json()) if produced.reading else None,
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


Made = Ended | Failed | Finished


def made_from_json(data: Mapping[str, Any]) -> Made:
    """The inverse of every `as_json`."""
    if "ended" in data:
        return Ended()
    if "faults" in data:
        return Failed(tuple(Fault.from_item(item) for item in data["faults"]))
    return Finished(**data)
