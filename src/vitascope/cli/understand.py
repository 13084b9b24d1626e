"""`vitascope understand "..."`: what the director makes of a prompt, from which words, and what it could not show."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from vitascope.scene.record import as_record
from vitascope.scene.understand import understand as direct
from vitascope.values import Reading

BY_SEED = "[dim](chosen by the seed)[/dim]"


def understand(
    prompt: Annotated[str, typer.Argument(help="The prompt to read.")],
    seed: Annotated[int, typer.Option(help="Chooses what the prompt leaves open.")] = 0,
    camera_fixed: Annotated[bool, typer.Option("--camera-fixed", help="Hold the camera still.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scene and the reading as JSON.")] = False,
) -> None:
    """Show what the film set understands of a prompt: each thing with its words, and the words it cannot show."""
    scene, reading = direct(prompt, seed, camera_fixed)
    if as_json:
        print(json.dumps({"scene": as_record(scene), "reading": reading.as_json()}, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    console.print(_table(reading))
    if reading.missed:
        console.print(f"[bold]Not shown:[/bold] {escape(', '.join(reading.missed))}")
    for remark in reading.remarks:
        console.print(f"[yellow]{escape(remark)}[/yellow]")


def _table(reading: Reading) -> Table:
    table = Table("what", "understood", "from the words", box=None, pad_edge=False)
    for entry in reading.understood:
        table.add_row(entry.slot, escape(entry.value), escape(entry.words) or BY_SEED)
    return table
