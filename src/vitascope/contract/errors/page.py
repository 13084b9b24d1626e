"""docs/errors.md: every code, those of the contracts with an example that was really refused.

Write the page anew after a change of rules or messages: `Path("docs/errors.md").write_text(errors_page())`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vitascope.contract.catalog import FAST, PRO, PRO_WITH_SOUND
from vitascope.contract.errors.codes import ERROR_CODES, ErrorCode
from vitascope.contract.errors.examples import DRAFT_ID, EXAMPLES, EXPIRED_DRAFT_ID, TASK, UTILITY_EXAMPLES
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
no longer there. Client libraries sort codes by these parts of their names, and try some kinds again by themselves.

The HTTP status is 200 if any task of the array was accepted or answered, and for polls that tell of a failed run. If
every task was refused it is 429 or 402 if one was refused for that reason, 404 if all of them name something that is
not there, and 400 otherwise.

The examples of the contracts change this task, which is accepted:

```json
{{task}}
```

`{PRO.model}` and `{PRO_WITH_SOUND.model}` stand where a rule differs from `{FAST.model}`'s.
"""


_WITH_IMAGE = {"inputs": {"frameImages": ["https://example.com/cliff.jpg"]}}


@dataclass(frozen=True, slots=True)
class CodeSection:
    """One code on the page: what the table says of it, and its examples."""

    code: str
    error: ErrorCode
    examples: tuple[Mapping[str, Any], ...]


def sections() -> list[CodeSection]:
    """Every code there is, in the order of the alphabet."""
    examples = refused_examples()
    return [CodeSection(code, ERROR_CODES[code], examples.get(code, ())) for code in sorted(ERROR_CODES)]


def refused_examples() -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Code -> what was changed in the task and the error item that really came of it, or a task that needs a server.

    Raises ValueError for an example that is accepted or refused with another code.
    """
    read_ones = {code: (change, _refusal(code, change).as_item()) for code, change in EXAMPLES.items()}
    pictures = {fault.code: (_WITH_IMAGE, fault.as_item()) for fault in _picture_refusals()}
    return {**read_ones, **pictures, **{code: (task,) for code, task in UTILITY_EXAMPLES.items()}}


def errors_page() -> str:
    """The page as Markdown."""
    found = sections()
    table = "\n".join(
        [_row("code", "HTTP", "clients take it as", "again", "when"), _row(*["---"] * 5), *map(_table_row, found)]
    )
    written = "\n".join(map(_section, found))
    return f"{_INTRODUCTION.replace('{task}', _json(TASK))}\n{table}\n\n{written}"


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _table_row(section: CodeSection) -> str:
    code, error = section.code, section.error
    again = "yes" if error.kind.retried else "no"
    return _row(f"[`{code}`](#{code.lower()})", error.status, error.kind, again, error.when)


def _refusal(code: str, change: Mapping[str, Any]) -> Fault:
    try:
        read({**TASK, **change}, find_draft=_example_draft)
    except Refused as refused:
        faults = refused.faults
        if [fault.code for fault in faults] == [code]:
            return faults[0]
        raise ValueError(f"the example of {code} gives {[fault.code for fault in faults]}") from None
    raise ValueError(f"the example of {code} is accepted")


def _example_draft(draft_id: str) -> Draft | None:
    """The two drafts that the examples know: one that is kept and one that is not any more."""
    if draft_id not in (DRAFT_ID, EXPIRED_DRAFT_ID):
        return None
    settings = {"bytedance": {"draft": True}}
    order = read({**TASK, "model": PRO_WITH_SOUND.model, "height": 496, "seed": 1, "providerSettings": settings})
    return Draft(order, order.seed, Size(864, 496), expired=draft_id == EXPIRED_DRAFT_ID)


def _picture_refusals() -> list[Fault]:
    """Codes for what is seen only once a frame image has been fetched."""
    path = "inputs.frameImages.0"
    small, flat = (
        picture_faults(FAST, Size(200, 200), 1, path),
        picture_faults(FAST, Size(3000, 1000), 11_000_000, path),
    )
    return [about_task(fault, TASK) for fault in (*small, *flat, unknown_picture(path))]


def _section(section: CodeSection) -> str:
    examples = "".join(f"```json\n{_json(example)}\n```\n\n" for example in section.examples)
    return f"## {section.code}\n\n{section.error.when}\n\n{examples}".rstrip("\n") + "\n"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
