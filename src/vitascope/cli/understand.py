"""`vitascope understand "..."`: what the film set makes of a prompt, from which words, and what it could not show."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from vitascope.filmset.prompt.understand import understand as direct
from vitascope.filmset.prompt.vocabulary import vocabulary
from vitascope.filmset.scene.record import as_record
from vitascope.values import Reading

EXAMPLES = 5
BY_SEED = "[dim](chosen by the seed)[/dim]"


def understand(
    prompt: Annotated[str | None, typer.Argument(help="The prompt to read.")] = None,
    seed: Annotated[int, typer.Option(help="Chooses what the prompt leaves open.")] = 0,
    camera_fixed: Annotated[bool, typer.Option("--camera-fixed", help="Hold the camera still.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scene and the reading as JSON.")] = False,
    known: Annotated[bool, typer.Option("--list", help="List what the film set knows, and read nothing.")] = False,
) -> None:
    """Show what the film set understands of a prompt: each thing with its words, and the words it cannot show."""
    if known:
        _print_known(as_json)
        return
    if prompt is None:
        raise typer.BadParameter("Give a prompt to read, or --list.")
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


def _print_known(as_json: bool) -> None:
    """Print every thing the film set knows, with a few words that name it; as JSON with all of them."""
    if as_json:
        print(json.dumps(vocabulary(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    for title, things in vocabulary().items():
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2))
        for thing, words in things.items():
            others = [word for word in words if word != thing][:EXAMPLES]
            table.add_row(f"  {thing}", f"[dim]{escape(', '.join(others))}[/dim]")
        console.print(f"[bold]{title}[/bold]")
        console.print(table)


def _table(reading: Reading) -> Table:
    table = Table("what", "understood", "from the words", box=None, pad_edge=False)
    for entry in reading.understood:
        table.add_row(entry.slot, escape(entry.value), escape(entry.words) or BY_SEED)
    return table
