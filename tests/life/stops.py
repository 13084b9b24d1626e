"""Stopping a server in the middle of its work by a signal to it alone, as a container's first process gets it."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.life.conftest import Item, Server

GRACE = 30.0  # seconds a stop may take
OFTEN = 0.8  # share of the stops that wait until a take has begun
PATIENCE = 600.0  # seconds all takes may take in the end


@dataclass
class Stops:
    """What came of stopping a server again and again."""

    took: list[float] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    in_the_middle: int = 0
    takes: int = 0
    ended_well: int = 0
    attempts: int = 0


def stop_again_and_again(server: Server, mark: str, times: int, task: Item, dice: random.Random) -> Stops:
    """Start, send a task, stop at a random moment, `times` times; then let everything end.

    `mark` is a word in the environment of the server, and so of everything that it starts.
    """
    stops, tasks = Stops(), []
    for _ in range(times):
        server.start()
        tasks.append(server.submit(**task))
        if dice.random() < OFTEN:
            server.until(lambda: _at_work(server) > 0, PATIENCE)
        # From "the worker is still starting" over the middle of takes to "between two takes".
        time.sleep(dice.uniform(0.0, 4.0))
        stops.in_the_middle += _at_work(server)
        stops.took.append(terminate(server))
        stops.orphans += alive(mark)
    server.start().ready()
    for task_uuid in tasks:
        data, errors = server.wait(task_uuid, PATIENCE)
        stops.ended_well += len(data)
        stops.takes += len(data) + len(errors)
    attempts: Sequence[tuple[int]] = _rows(server, "select attempts from take")
    stops.attempts = sum(count - 1 for (count,) in attempts)
    return stops


def terminate(server: Server) -> float:
    """SIGTERM to the one process that a service manager knows. Returns the seconds until it has ended."""
    process = server.process
    assert process is not None and process.stdout is not None
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(GRACE)
    process.stdout.close()
    server.process = None
    return time.monotonic() - begun


def alive(mark: str) -> list[str]:
    """What the living processes were called with that have a word in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it has ended meanwhile, or is not ours
            continue
    return [command for command in found if command]


def _at_work(server: Server) -> int:
    """How many takes are being made: one that was stopped shows as running, too, but its beginning does not count."""
    return _rows(server, "select count(*) from take where state = 'running' and attempts > 0")[0][0]


def _rows(server: Server, query: str) -> list[tuple[int]]:
    connection = sqlite3.connect(server.data / "vitascope.db", timeout=30)
    rows: list[tuple[int]] = connection.execute(query).fetchall()
    connection.close()
    return rows
