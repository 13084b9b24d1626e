"""How fast tasks are accepted durably, and then polled once, against a bare FastAPI endpoint that only parses (and is
asked as often); same run, one core each.

Run: python bench/accept.py [--seconds 5] [--connections 50]. Prints tasks a second, the ratio, and percentiles.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import tempfile
import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from vitascope.settings import Settings
from vitascope.tasks import accounts
from vitascope.tasks.database.connect import open_database


@dataclass(frozen=True)
class Load:
    """What is asked of a server: for how long, over how many connections, and whether each task is polled once."""

    seconds: float
    connections: int
    poll: bool


PROMPT = "A cinematic night scene in a narrow floating market alley during a warm monsoon rain. " * 8


def task() -> dict[str, Any]:
    return {
        "taskType": "videoInference",
        "taskUUID": str(uuid.uuid4()),
        "model": "bytedance:seedance@1.5-pro",
        "positivePrompt": PROMPT,
        "width": 1920,
        "height": 1080,
        "duration": 8,
        "seed": 94219,
        "providerSettings": {"bytedance": {"audio": True, "cameraFixed": False}},
    }


def serve_bare(port: int) -> None:
    os.sched_setaffinity(0, {0})
    app = FastAPI()

    @app.post("/v1")
    async def accept(tasks: list[dict[str, Any]]) -> dict[str, Any]:
        return {"data": [{"taskType": item["taskType"], "taskUUID": item["taskUUID"]} for item in tasks]}

    # The same reader of HTTP as ours.
    uvicorn.run(app, host="127.0.0.1", port=port, http="h11", log_level="error", access_log=False)


def serve_vitascope(port: int, data: Path) -> None:
    os.sched_setaffinity(0, {0})
    from vitascope.server.app import create_app
    from vitascope.server.listen import web_config

    settings = Settings(data=data, port=port, max_queued=10**9, max_queued_in_all=10**9)
    uvicorn.Server(web_config(create_app(settings), settings)).run()


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str, item: dict[str, Any]) -> None:
    """Send one task object on a kept-alive connection. Raises if it is not answered as it should be."""
    body = json.dumps([item]).encode()
    head = f"POST /v1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    content = await reader.readexactly(length)
    assert answer.startswith(b"HTTP/1.1 200") and item["taskUUID"].encode() in content, content


async def load(port: int, key: str, load: Load) -> list[float]:
    """Send tasks over kept-alive connections; returns the seconds of each submission, with its first poll if asked."""
    times: list[float] = []
    end = time.perf_counter() + load.seconds

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            new = task()
            begun = time.perf_counter()
            await post(reader, writer, key, new)
            if load.poll:
                await post(reader, writer, key, {"taskType": "getResponse", "taskUUID": new["taskUUID"]})
            times.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(one_connection() for _ in range(load.connections)))
    return times


def measure(target: Any, port: int, key: str, what: Load, *arguments: Any) -> list[float]:
    process = multiprocessing.get_context("spawn").Process(target=target, args=(port, *arguments))
    process.start()
    deadline = time.monotonic() + 20
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False)
            break
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    try:
        asyncio.run(load(port, key, replace(what, seconds=1.0)))  # warm up
        return asyncio.run(load(port, key, what))
    finally:
        process.terminate()
        process.join()


def row(name: str, times: list[float], seconds: float) -> float:
    times.sort()
    rate = len(times) / seconds
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"{name:<32} {rate:8.0f} a second   p50 {p50 * 1000:6.1f} ms   p99 {p99 * 1000:6.1f} ms")
    return rate


def compare(name: str, what: Load, bar: str) -> None:
    """Both servers in turns, so that a noisy neighbour hits both."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        engine = open_database(Settings(data=data).prepare())
        with engine.begin() as connection:
            key = accounts.create_key(connection, accounts.default_account(connection))
        engine.dispose()
        sides: dict[str, list[float]] = {"bare": [], "vitascope": []}
        for turn in range(3):
            port = 18700 + 2 * turn
            sides["bare"] += measure(serve_bare, port, key, what)
            sides["vitascope"] += measure(serve_vitascope, port + 1, key, what, data)
        rates = {side: row(f"{side}, {name}", times, 3 * what.seconds) for side, times in sides.items()}
    print(f"ratio {rates['vitascope'] / rates['bare']:.2f} (bar: {bar})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=50)
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    what = Load(options.seconds, options.connections, poll=False)
    compare("submit", what, ">= 0.25, p99 <= 100 ms")
    compare("submit + first poll", replace(what, poll=True), ">= 0.3")


if __name__ == "__main__":
    main()
