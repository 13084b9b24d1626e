"""docs/errors.md: every code of the contract with an example that was really refused.

Write the page anew after a change of rules or messages: `Path("docs/errors.md").write_text(errors_page())`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vitascope.contract.catalog import FAST, PRO, PRO_WITH_SOUND
from vitascope.contract.error_examples import DRAFT_ID, EXAMPLES, EXPIRED_DRAFT_ID, TASK
from vitascope.contract.order import Draft
from vitascope.contract.pictures import picture_faults, unknown_picture
from vitascope.contract.read import read
from vitascope.contract.task_ids import about_task
from vitascope.errors import Fault, Refused
from vitascope.values import Size

_INTRODUCTION = f"""# Errors of the contract

A task that breaks its contract is refused before anything runs. All of its faults come at once, one item each, and its
neighbours in the array go on. Every item has `code`, `message` (what to change), `taskType` and, if one was sent,
`taskUUID`; most have `parameter` (a dotted path, or several), `type` and `allowedValues`. This page is made by
`vitascope.contract.errors_page`; a test keeps it up to date.

Codes begin with what is wrong: `missing` (required, not sent), `invalid` (wrong type or out of bounds), `unsupported`
(not an allowed value). Codes that end in `NotFound` or `Expired` name something that is no longer there.

The examples change this task, which is accepted:

```json
{{task}}
```

`{PRO.model}` and `{PRO_WITH_SOUND.model}` stand where a rule differs from `{FAST.model}`'s.
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One section of the page: when the code is sent, what was changed in the task, and the error item."""

    when: str
    change: Mapping[str, Any]
    fault: Fault


def refusals() -> list[Refusal]:
    """Every code of the contract once, by really reading the examples. Raises ValueError for one that is accepted."""
    return sorted([*map(_refusal, EXAMPLES.items()), *_picture_refusals()], key=lambda refusal: refusal.fault.code)


def errors_page() -> str:
    """The page as Markdown."""
    found = refusals()
    rows = [f"| [`{each.fault.code}`](#{each.fault.code.lower()}) | {each.when} |" for each in found]
    table = "\n".join(["| code | when |", "| --- | --- |", *rows])
    sections = "\n".join(map(_section, found))
    return f"{_INTRODUCTION.replace('{task}', _json(TASK))}\n{table}\n\n{sections}"


def _refusal(example: tuple[str, tuple[str, Mapping[str, Any]]]) -> Refusal:
    code, (when, change) = example
    try:
        read({**TASK, **change}, find_draft=_example_draft)
    except Refused as refused:
        faults = refused.faults
        if [fault.code for fault in faults] == [code]:
            return Refusal(when, change, faults[0])
        raise ValueError(f"the example of {code} gives {[fault.code for fault in faults]}") from None
    raise ValueError(f"the example of {code} is accepted")


def _example_draft(draft_id: str) -> Draft | None:
    """The two drafts that the examples know: one that is kept and one that is not any more."""
    if draft_id not in (DRAFT_ID, EXPIRED_DRAFT_ID):
        return None
    settings = {"bytedance": {"draft": True}}
    order = read({**TASK, "model": PRO_WITH_SOUND.model, "height": 496, "seed": 1, "providerSettings": settings})
    return Draft(order, order.seed, Size(864, 496), expired=draft_id == EXPIRED_DRAFT_ID)


def _picture_refusals() -> list[Refusal]:
    """Codes for what is seen only once a frame image has been fetched."""
    path = "inputs.frameImages.0"
    image = {"inputs": {"frameImages": ["https://example.com/cliff.jpg"]}}
    by_code = {
        fault.code: fault
        for size, count in ((Size(200, 200), 1), (Size(3000, 1000), 11_000_000))
        for fault in picture_faults(FAST, size, count, path)
    }
    by_code["frameImageNotFound"] = unknown_picture(path)
    whens = {
        "invalidFrameImageWidth": "A frame image is narrower than 300 or wider than 6000 pixels.",
        "invalidFrameImageHeight": "A frame image is lower than 300 or higher than 6000 pixels.",
        "invalidFrameImageRatio": "A frame image's width divided by its height is outside 0.4 to 2.5.",
        "invalidFrameImageSize": "A frame image's file is larger than 10 MB.",
        "frameImageNotFound": "A frame image's UUID names no uploaded image of this account.",
    }
    return [Refusal(when, image, about_task(by_code[code], TASK)) for code, when in whens.items()]


def _section(refusal: Refusal) -> str:
    return (
        f"## {refusal.fault.code}\n\n{refusal.when}\n\n```json\n{_json(refusal.change)}\n```\n\n"
        f"```json\n{_json(refusal.fault.as_item())}\n```\n"
    )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
