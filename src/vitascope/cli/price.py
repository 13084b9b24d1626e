"""`vitascope price REQUEST.json`: what a request would cost, by the same contract code that the server uses."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from vitascope.contract import pricing
from vitascope.contract.order import Order
from vitascope.contract.rates import PriceRule
from vitascope.contract.read import read
from vitascope.errors import Refused
from vitascope.settings import Settings

REFUSED = 2
"""Exit code of a request that its contract refuses."""


def price(
    request: Annotated[Path, typer.Argument(help="A task, or an array of tasks, as JSON; - reads standard input.")],
) -> None:
    """Print what a request costs in USD, one line a task. Refusals go to standard error; then the exit code is 2."""
    refused, rates = False, pricing.own_rates(Settings().rates)
    for task in _tasks(request):
        try:
            print(cost_line(read({"taskUUID": str(uuid.uuid4()), **task}), rates))
        except Refused as error:
            refused = True
            for fault in error.faults:
                print(json.dumps(fault.as_item(), ensure_ascii=False), file=sys.stderr)
    if refused:
        raise typer.Exit(REFUSED)


def cost_line(order: Order, rates: Mapping[str, PriceRule] | None = None) -> str:
    """ "0.77498"; "0.15245 (4 x 0.03811)"; "0.15362 to 0.15894 (...)" while a frame image decides.

    `rates` replaces the catalogue's for the models that it names.
    """
    costs = sorted({pricing.price(order, size, rates) for size in pricing.possible_sizes(order)})
    remarks = []
    if order.results > 1:
        remarks.append(f"{order.results} x {_span(costs)}")
    if len(costs) > 1:
        remarks.append("the frame image's ratio decides")
    total = _span([cost * order.results for cost in costs])
    return f"{total} ({', '.join(remarks)})" if remarks else total


def _span(costs: list[Decimal]) -> str:
    texts = [f"{pricing.shown(cost):.5f}" for cost in (costs[0], costs[-1])]
    return texts[0] if len(costs) == 1 else " to ".join(texts)


def _tasks(request: Path) -> list[dict[str, Any]]:
    """The tasks of a request file. Ends the program with a plain sentence when it holds none."""
    try:
        text = sys.stdin.read() if str(request) == "-" else request.read_text(encoding="utf-8")
        content = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        name = "standard input" if str(request) == "-" else request
        print(f"Cannot read {name}: {error}", file=sys.stderr)
        raise typer.Exit(REFUSED) from None
    tasks = content if isinstance(content, list) else [content]
    if not tasks or not all(isinstance(task, dict) for task in tasks):
        print(f"{request} holds no task: send one JSON object or an array of them.", file=sys.stderr)
        raise typer.Exit(REFUSED)
    return tasks
