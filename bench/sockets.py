"""Sockets: how soon `runware` 0.5.24 sees a result, what idle connections cost, how fast a thousand pushes go out.

Run: python -m bench.sockets [--tasks 20] [--sockets 1000]. The first part installs the real client from its registry
(see tests/clients); the others speak the protocol directly. Prints a table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from websockets.asyncio.client import ClientConnection, connect

from tests.clients.homes import python_home
from tests.life.conftest import Server, video_task
from vitascope.settings import Settings
from vitascope.tasks.database.connect import connect as connect_database
from vitascope.tasks.database.tables import take, task
from vitascope.tasks.queue.dbos import Enqueuer
from vitascope.tasks.takes import succeed

CLIENT = """
import asyncio, json, sys, time
from runware import IVideoInference, Runware

async def main(url, key, number):
    client = Runware(api_key=key, url=url)
    await client.connect()
    for _ in range(number):
        request = {"model": "bytedance:2@2", "width": 864, "height": 480, "duration": 1.2}
        accepted = await client.videoInference(IVideoInference(positivePrompt="a test pattern", **request))
        await client.getResponse(taskUUID=accepted.taskUUID, numberResults=1)
        print(json.dumps([accepted.taskUUID, time.time()]), flush=True)
    await client.disconnect()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def ledger(server: Server) -> sa.Engine:
    return connect_database(Settings(data=server.data).database)


def seconds_until_seen(server: Server, number: int) -> list[float]:
    """Seconds from the moment a take is finished in the ledger until the official client returns its result."""
    command = [
        str(python_home("runware")),
        "-c",
        CLIENT,
        server.url.replace("http", "ws") + "/v1",
        server.key,
        str(number),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=50 * number)
    seen = dict(json.loads(line) for line in done.stdout.splitlines())
    engine = ledger(server)
    with engine.connect() as connection:
        columns = sa.select(task.c.task_uuid, take.c.finished_at).join(take).where(task.c.task_uuid.in_(list(seen)))
        finished = {row.task_uuid: row.finished_at for row in connection.execute(columns)}
    engine.dispose()
    return sorted(seen[name] - finished[name] for name in seen)


def resident(pid: int) -> float:
    """MiB of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


async def opened(server: Server, number: int) -> list[ClientConnection]:
    """Authenticated connections, opened fifty at a time."""
    gate = asyncio.Semaphore(50)

    async def one() -> ClientConnection:
        async with gate:
            wire = await connect(server.url.replace("http", "ws") + "/v1", compression=None, ping_interval=None)
            await wire.send(json.dumps([{"taskType": "authentication", "apiKey": server.key}]))
            assert "connectionSessionUUID" in str(await wire.recv())
            return wire

    return await asyncio.gather(*(one() for _ in range(number)))


async def idle_and_pushes(server: Server, number: int) -> dict[str, float]:
    """Memory of idle connections; seconds until each of them has the push of its own task, all ended at one moment."""
    assert server.process is not None
    before = resident(server.process.pid)
    wires = await opened(server, number)
    await asyncio.sleep(1)
    idle = resident(server.process.pid) - before
    tasks = [video_task(taskUUID=str(uuid.uuid4())) for _ in wires]
    for wire, item in zip(wires, tasks, strict=True):
        await wire.send(json.dumps([item]))
    for wire in wires:
        assert "taskUUID" in str(await wire.recv())
    await asyncio.sleep(1)
    receiving = asyncio.gather(*(arrival(wire, item["taskUUID"]) for wire, item in zip(wires, tasks, strict=True)))
    ended_at = await asyncio.to_thread(end_all, server)
    arrivals = sorted(moment - ended_at for moment in await receiving)
    facts = {"idle": idle, "watching": resident(server.process.pid) - before}
    facts |= {"push median": statistics.median(arrivals), "push last": arrivals[-1]}
    for wire in wires:
        await wire.close()
    return facts


async def arrival(wire: ClientConnection, task_uuid: str) -> float:
    frame: dict[str, Any] = json.loads(await wire.recv())
    assert frame["data"][0]["status"] == "success" and frame["data"][0]["taskUUID"] == task_uuid, frame
    return time.time()


def end_all(server: Server) -> float:
    """End every open take in one transaction, as another process would. Returns the moment of its commit."""
    engine = ledger(server)
    enqueuer = Enqueuer(engine)
    facts = {"file_key": "videos/none", "expires_at": 2_000_000_000}
    with engine.begin() as connection:
        for take_id in connection.execute(sa.select(take.c.id).where(take.c.finished_at.is_(None))).scalars().all():
            assert succeed(connection, enqueuer, take_id, facts, [])
    moment = time.time()
    enqueuer.close()
    engine.dispose()
    return moment


def without_worker(server: Server) -> None:
    """Stop the worker, so that nothing ends before the bench ends it."""
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    for pid in children:
        subprocess.run(["kill", "-STOP", pid], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--sockets", type=int, default=1000)
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    number = arguments.sockets
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data").start().ready()
        try:
            seen = seconds_until_seen(server, arguments.tasks)
            without_worker(server)
            facts = asyncio.run(idle_and_pushes(server, number))
        finally:
            server.close()
    print("| what | measured | bar |\n|---|---|---|")
    print(f"| ready -> seen by runware 0.5.24, median of {len(seen)} | {statistics.median(seen):.2f} s | < 1 s |")
    print(f"| the same, slowest | {seen[-1]:.2f} s | |")
    print(f"| {number} idle sockets | {facts['idle']:.0f} MiB | <= 200 MiB |")
    print(f"| {number} sockets, a task each | {facts['watching']:.0f} MiB | |")
    print(f"| {number} pushes of {number} tasks, median | {facts['push median']:.2f} s | |")
    print(f"| the last of them | {facts['push last']:.2f} s | <= 2 s |")


if __name__ == "__main__":
    main()
