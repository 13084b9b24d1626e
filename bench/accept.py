"""How fast tasks are accepted durably, against a bare FastAPI endpoint that only parses; same run, one core each.

Run: python bench/accept.py [--seconds 5] [--connections 50]. Prints requests a second, the ratio, and percentiles.
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
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from vitascope.settings import Settings
from vitascope.tasks import accounts
from vitascope.tasks.database import open_database

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

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def serve_vitascope(port: int, data: Path) -> None:
    os.sched_setaffinity(0, {0})
    from vitascope.server.app import create_app

    settings = Settings(data=data, port=port, max_queued=10**9, max_queued_in_all=10**9)
    uvicorn.run(create_app(settings), host="127.0.0.1", port=port, log_level="error", access_log=False)


async def load(port: int, key: str, seconds: float, connections: int) -> list[float]:
    """Send tasks over kept-alive connections; returns each request's seconds. Raises if one is not acknowledged."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            body = json.dumps([task()]).encode()
            head = f"POST /v1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            begun = time.perf_counter()
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            content = await reader.readexactly(length)
            times.append(time.perf_counter() - begun)
            assert answer.startswith(b"HTTP/1.1 200") and b'"taskUUID"' in content, content
        writer.close()

    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return times


def measure(target: Any, port: int, key: str, seconds: float, connections: int, *arguments: Any) -> list[float]:
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
        asyncio.run(load(port, key, 1.0, connections))  # warm up
        return asyncio.run(load(port, key, seconds, connections))
    finally:
        process.terminate()
        process.join()


def row(name: str, times: list[float], seconds: float) -> float:
    times.sort()
    rate = len(times) / seconds
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"{name:<12} {rate:8.0f} requests/s   p50 {p50 * 1000:6.1f} ms   p99 {p99 * 1000:6.1f} ms")
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=50)
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        engine = open_database(Settings(data=data).prepare())
        with engine.begin() as connection:
            key = accounts.create_key(connection, accounts.default_account(connection))
        engine.dispose()
        sides: dict[str, list[float]] = {"bare": [], "vitascope": []}
        for turn in range(3):  # turn about, so that a noisy neighbour hits both
            port = 18700 + 2 * turn
            sides["bare"] += measure(serve_bare, port, key, options.seconds, options.connections)
            sides["vitascope"] += measure(serve_vitascope, port + 1, key, options.seconds, options.connections, data)
        rates = {name: row(name, times, 3 * options.seconds) for name, times in sides.items()}
    print(f"ratio {rates['vitascope'] / rates['bare']:.2f} (bar: >= 0.25, p99 <= 100 ms)")


if __name__ == "__main__":
    main()
