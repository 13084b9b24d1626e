"""docs/errors.md: every code, those of the contracts with an example that was really refused.

Write the page anew after a change of rules or messages: `Path("docs/errors.md").write_text(errors_page())`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vitascope.contract.catalog import FAST, PRO, PRO_WITH_SOUND
from vitascope.contract.errors.codes import SERVER_ERRORS
from vitascope.contract.errors.examples import DRAFT_ID, EXAMPLES, EXPIRED_DRAFT_ID, TASK
from vitascope.contract.image_rules import picture_faults, unknown_picture
from vitascope.contract.order import Draft
from vitascope.contract.read import read
from vitascope.contract.task_ids import about_task
from vitascope.errors import Fault, Refused
from vitascope.values import Size

_INTRODUCTION = f"""# Errors

A task that breaks its contract is refused before anything runs. All of its faults come at once, one item each, and its
neighbours in the array go on. Every item has `code`, `message` (what to change), `documentation` (this page, on your
server), `taskType` and, if one was sent, `taskUUID`; most have `parameter` (a dotted path, or several), `type` and
`allowedValues`. Items of accepted tasks that failed have `status: "error"` and are the body of the webhook, too. This
page is made by `vitascope.contract.errors.page`; a test keeps it up to date.

Codes begin with what is wrong: `missing` (required, not sent), `invalid` (wrong type or out of bounds), `unsupported`
(not an allowed value), `conflict`, `duplicate`, `array`, `max`. Codes that end in `NotFound` or `Expired` name what is
no longer there. Client libraries sort codes by these parts of their names.

The HTTP status is 200 if any task of the array was accepted or answered, and for polls that tell of a failed run. If
every task was refused it is 429 or 402 if one was refused for that reason, 404 if all of them name something that is
not there, and 400 otherwise.

The examples of the contracts change this task, which is accepted:

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


@dataclass(frozen=True, slots=True)
class Section:
    """One code on the page. `status` is the HTTP status when nothing else is in the answer."""

    code: str
    when: str
    status: int
    kind: str
    examples: tuple[Mapping[str, Any], ...]


def sections() -> list[Section]:
    """Every code there is, in the order of the alphabet."""
    contract = [_contract_section(refusal) for refusal in refusals()]
    server = [
        Section(code, each.when, each.status, each.kind, () if each.task is None else (each.task,))
        for code, each in SERVER_ERRORS.items()
    ]
    return sorted([*contract, *server], key=lambda section: section.code)


def _contract_section(refusal: Refusal) -> Section:
    code = refusal.fault.code
    gone = code.endswith(("NotFound", "Expired"))
    status, kind = (404 if code.endswith("NotFound") else 400), ("notFound" if gone else "validation")
    return Section(code, refusal.when, status, kind, (refusal.change, refusal.fault.as_item()))


def errors_page() -> str:
    """The page as Markdown."""
    found = sections()
    rows = [f"| [`{each.code}`](#{each.code.lower()}) | {each.status} | {each.kind} | {each.when} |" for each in found]
    table = "\n".join(["| code | HTTP | clients take it as | when |", "| --- | --- | --- | --- |", *rows])
    written = "\n".join(map(_section, found))
    return f"{_INTRODUCTION.replace('{task}', _json(TASK))}\n{table}\n\n{written}"


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


def _section(section: Section) -> str:
    examples = "".join(f"```json\n{_json(example)}\n```\n\n" for example in section.examples)
    return f"## {section.code}\n\n{section.when}\n\n{examples}".rstrip("\n") + "\n"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
