"""`vitascope tasks`: what was asked of a server and what became of it, and cancelling."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from vitascope.cli.keys import account_id, day, opened
from vitascope.cli.options import DATA, settings_for
from vitascope.errors import SetupError
from vitascope.service.cancel import cancel_task, cancelled_takes
from vitascope.tasks.database.connect import open_database
from vitascope.tasks.ledger import TaskRecord, recent_tasks, tasks_named
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.states import TakeState

tasks = typer.Typer(help="Tasks: list, show, cancel.", no_args_is_help=True)

TASK = typer.Argument(help="The task's UUID, as its client chose it.")
OF = typer.Option(None, "--account", help="The account's name (default: all accounts).")


@tasks.callback()
def about() -> None:
    """Tasks: list, show, cancel."""


@tasks.command(name="list")
def show_all(
    account: str | None = OF,
    open_only: bool = typer.Option(False, "--open", help="Only tasks that have not ended."),
    limit: int = typer.Option(20, min=1, max=1000, help="How many of the newest."),
    data: Path | None = DATA,
) -> None:
    """List the newest tasks."""
    with opened(data) as connection:
        mine = account_id(connection, account) if account else None
        found = recent_tasks(connection, mine, open_only, limit)
    table = Table("task", "model", "takes", "sent (UTC)", "prompt", box=SIMPLE_HEAD, pad_edge=False)
    for task in found:
        prompt = " ".join(task.order.get("prompt", "").split()) if task.readable else "(this record cannot be read)"
        short = prompt if len(prompt) <= 40 else prompt[:39] + "…"
        table.add_row(task.task_uuid, task.model, _takes(task), day(task.created_at), short)
    Console(width=None if Console().is_terminal else 160).print(table, highlight=False, markup=False)


def _takes(task: TaskRecord) -> str:
    states = Counter(take.state for take in task.takes)
    return ", ".join(f"{states[state]} {state}" for state in TakeState if states[state])


@tasks.command()
def show(task_uuid: str = TASK, account: str | None = OF, data: Path | None = DATA) -> None:
    """Show a task as JSON: the request and each of its takes."""
    with opened(data) as connection:
        task = _only(connection, task_uuid, account)
    facts = {"taskUUID": task.task_uuid, "sent": day(task.created_at), "request": task.request}
    print(json.dumps({**facts, "takes": [_take(take) for take in task.takes]}, indent=2, ensure_ascii=False))


def _take(take: Any) -> dict[str, Any]:
    names = ("id", "seed", "state", "progress", "cost", "file_key", "fault", "reading")
    return {name: getattr(take, name) for name in names if getattr(take, name) is not None}


@tasks.command()
def cancel(task_uuid: str = TASK, account: str | None = OF, data: Path | None = DATA) -> None:
    """End a task: takes that wait never start, running ones stop within two seconds, finished ones stay."""
    database = open_database(settings_for(data))
    enqueuer = Enqueuer(database)
    try:
        with database.connect() as connection:
            task = _only(connection, task_uuid, account)
        ended = cancel_task(database, enqueuer, task.account_id, task.task_uuid)
    finally:
        enqueuer.close()
        database.dispose()
    print(f"Cancelled {cancelled_takes(ended) if ended else 0} of {len(task.takes)} results.")


def _only(connection: sa.Connection, task_uuid: str, account: str | None) -> TaskRecord:
    """The task of this UUID. Raises SetupError unless there is exactly one."""
    found = tasks_named(connection, task_uuid, account_id(connection, account) if account else None)
    if len(found) == 1:
        return found[0]
    if found:
        raise SetupError("Several accounts have a task of this UUID: add --account NAME.")
    raise SetupError(f"There is no task {task_uuid}.")
