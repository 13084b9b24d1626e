"""The items of a reply, exactly as clients expect them.

Acknowledgements and processing items hold no key that ends in URL and no `outputs`: clients take those for results.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from vitascope.contract.catalog import TASK_TYPE
from vitascope.contract.pricing import shown
from vitascope.errors import Fault

DRAFT_ZONE = timezone(timedelta(hours=8))
DRAFT_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def acknowledgement(task_uuid: str) -> dict[str, Any]:
    """The task is stored and will be made: one item whatever the number of results."""
    return {"taskType": TASK_TYPE, "taskUUID": task_uuid}


def processing(task_uuid: str, progress: int | None = None) -> dict[str, Any]:
    """A take that is not ready; `progress` is a whole per cent, 0-100."""
    item = {**acknowledgement(task_uuid), "status": "processing"}
    return item if progress is None else {**item, "progress": max(0, min(100, int(progress)))}


def success(
    task_uuid: str,
    video_uuid: str,
    video_url: str,
    seed: int,
    cost: Decimal | None = None,
    draft_id: str | None = None,
    nsfw: bool | None = None,
) -> dict[str, Any]:
    """A finished take. `cost` only with includeCost, `draft_id` only for drafts, `nsfw` only after a check."""
    item: dict[str, Any] = {
        **acknowledgement(task_uuid),
        "status": "success",
        "videoUUID": video_uuid,
        "videoURL": video_url,
        "seed": seed,
    }
    if cost is not None:
        item["cost"] = shown(cost)
    if draft_id is not None:
        item["outputs"] = {"draftId": draft_id}
    if nsfw is not None:
        item["NSFWContent"] = nsfw
    return item


def failure(fault: Fault, task_uuid: str) -> dict[str, Any]:
    """An accepted task that ended without a video: an item for `errors`, and the body of the webhook."""
    return replace(fault, status="error", task_type=TASK_TYPE, task_uuid=task_uuid).as_item()


def new_draft_id(now: datetime, choose: Callable[[Sequence[str]], str]) -> str:
    """ "cgt-20260327025345-g766z": the time in UTC+8 and five characters. `now` knows its zone; `choose` picks one of
    the characters (`secrets.choice`).
    """
    tail = "".join(choose(DRAFT_CHARACTERS) for _ in range(5))
    return f"cgt-{now.astimezone(DRAFT_ZONE):%Y%m%d%H%M%S}-{tail}"
