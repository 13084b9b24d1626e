"""What somebody may try who wants to stop a server, each bounded in time and bytes. `bench.attack` runs them."""

from __future__ import annotations

import gzip
import io
import json
import socket
import struct
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

MIB = 1024 * 1024
SECONDS = 10.0  # that an attack lasts at the most, apart from what it waits for


@dataclass(frozen=True)
class Target:
    """The server under attack. `key` opens an account, `poor` one without credit."""

    port: int
    key: str
    poor: str


def nested(size: int) -> bytes:
    return b"[" + b"[]," * (size // 3) + b"0]"


def video(**changes: Any) -> dict[str, Any]:
    named = {"taskType": "videoInference", "taskUUID": str(uuid.uuid4()), "model": "bytedance:2@2"}
    return {**named, "positivePrompt": "a test pattern", "width": 864, "height": 480, "duration": 1.2, **changes}


@contextmanager
def opened(target: Target, head: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", target.port), timeout=30) as wire:
        with suppress(OSError):
            wire.sendall(head)
        yield wire


def post(target: Target, body: bytes, key: str | None = None, *headers: str) -> bytes:
    """The beginning of the answer; nothing if the server hung up."""
    lines = ["POST /v1 HTTP/1.1", "Host: x", "Connection: close", f"Content-Length: {len(body)}", *headers]
    lines += [f"Authorization: Bearer {key}"] if key else []
    with opened(target, "\r\n".join([*lines, "", ""]).encode()) as wire, suppress(OSError):
        wire.settimeout(60)
        wire.sendall(body)
        answer = wire.recv(200)
        while wire.recv(MIB):
            pass
        return answer
    return b""


@contextmanager
def talking(target: Target, key: str | None = None) -> Iterator[ClientConnection]:
    url = f"ws://127.0.0.1:{target.port}/v1"
    with (
        suppress(ConnectionClosed, TimeoutError, OSError),
        connect(url, max_size=None, compression=None, close_timeout=1, ping_interval=None) as wire,
    ):
        if key:
            wire.send(json.dumps([{"taskType": "authentication", "apiKey": key}]))
            wire.recv(timeout=30)
        yield wire


def at_once(number: int, work: Callable[[], object]) -> None:
    with ThreadPoolExecutor(number) as pool:
        for each in [pool.submit(work) for _ in range(number)]:
            each.result()


def nothing(_target: Target) -> None:
    """What the machine's other work costs by itself."""
    time.sleep(SECONDS)


def nested_by_strangers(target: Target) -> None:
    """`[[],[],...]` of 20 MiB over sockets, nobody authenticated."""
    for _ in range(3):
        with talking(target) as wire:
            wire.send(nested(20 * MIB))
            wire.recv(timeout=SECONDS)


def large_by_strangers(target: Target) -> None:
    """Messages of 60 MiB over four sockets, nobody authenticated."""

    def one() -> None:
        with talking(target) as wire:
            wire.send(b'["' + b"x" * (60 * MIB) + b'"]')
            wire.recv(timeout=SECONDS)

    at_once(4, one)


def unfinished(target: Target, key: str | None, number: int, size: int) -> None:
    def one() -> None:
        with talking(target, key) as wire:
            # Frames by hand: the client library would finish its messages.
            head = struct.pack("!BBQI", 0x01, 0x80 | 127, size, 0)
            wire.socket.sendall(head + b"x" * size)
            time.sleep(SECONDS)

    at_once(number, one)


def unfinished_by_strangers(target: Target) -> None:
    """Sixty messages that have begun, 60 KiB each, and do not end."""
    unfinished(target, None, 60, 60 * 1024)


def unfinished_with_key(target: Target) -> None:
    """Sixteen messages that have begun, 30 MiB each, and do not end."""
    unfinished(target, target.key, 16, 30 * MIB)


def pings(target: Target) -> None:
    """Empty control frames without end."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with talking(target) as wire:
            wire.socket.settimeout(5)
            for _ in range(20):
                wire.socket.sendall(b"\x89\x80\0\0\0\0" * 20_000)


def sessions(target: Target) -> None:
    """One socket that authenticates again and again."""
    message = json.dumps([{"taskType": "authentication", "apiKey": target.key, "connectionSessionUUID": "x"}] * 1000)
    until = time.monotonic() + SECONDS
    with talking(target, target.key) as wire:
        while time.monotonic() < until:
            wire.send(message)
            for _ in range(1000):
                wire.recv(timeout=30)


def nested_with_key(target: Target) -> None:
    """`[[],[],...]` of 20 MiB over HTTP and over a socket, and an object of the same name a million times."""
    post(target, nested(20 * MIB), target.key)
    post(target, b"[{" + b'"a":1,' * 1_000_000 + b'"a":1}]', target.key)
    with talking(target, target.key) as wire:
        wire.send(nested(20 * MIB))
        wire.recv(timeout=30)


def routing(target: Target) -> None:
    """20 MiB inside `routing`, sent and polled; lists in it; texts of 50 MiB that are full of escapes."""
    contents: list[Any] = ["x" * (20 * MIB), [[]] * 60_000, {"image": "x" * (20 * MIB)}]
    for content in contents:
        task = video(routing=content)
        post(target, json.dumps([task]).encode(), target.key)
        for _ in range(5):
            post(target, json.dumps([{"taskType": "getResponse", "taskUUID": task["taskUUID"]}]).encode(), target.key)
    post(target, b'[{"taskType":"' + b"\\n" * (25 * MIB) + b'"}]', target.key)


def names(target: Target) -> None:
    """400,000 unknown names in one task; a thousand tasks with 20 each, over HTTP and a socket."""
    post(target, json.dumps([video(**{f"name{number}": 1 for number in range(400_000)})]).encode(), target.key)
    many = json.dumps([video(**{f"durations{number}": 1 for number in range(20)}) for _ in range(1000)])
    post(target, many.encode(), target.key)
    with talking(target, target.key) as wire:
        wire.send(many)
        for _ in range(1000):
            wire.recv(timeout=30)


def polls(target: Target) -> None:
    """A thousand polls of the same hundred tasks in one array, over HTTP and a socket."""
    tasks = [video() for _ in range(100)]
    post(target, json.dumps(tasks).encode(), target.key)
    poll = {"taskType": "getResponse", "taskUUID": [task["taskUUID"] for task in tasks]}
    post(target, json.dumps([poll] * 1000).encode(), target.key)
    until = time.monotonic() + SECONDS
    with talking(target, target.key) as wire:
        wire.send(json.dumps([poll] * 1000))
        while time.monotonic() < until:
            wire.recv(timeout=30)


def reports(target: Target) -> None:
    """A thousand accountManagement tasks in one array, over HTTP and a socket; forty arrays at once."""
    report = {"taskType": "accountManagement", "taskUUID": str(uuid.uuid4()), "operation": "getDetails"}
    post(target, json.dumps([report] * 1000).encode(), target.key)
    at_once(40, lambda: post(target, json.dumps([report] * 15).encode(), target.key))
    until = time.monotonic() + SECONDS
    with talking(target, target.key) as wire:
        wire.send(json.dumps([report] * 1000))
        while time.monotonic() < until:
            wire.recv(timeout=30)


def packed_nothing(target: Target) -> None:
    """60 MiB of gzip that unpack to nothing, without a key; 1 GiB of blanks in 1 MiB, with one."""
    empty = gzip.compress(b"")
    post(target, empty * (60 * MIB // len(empty)), None, "Content-Encoding: gzip")
    post(target, gzip.compress(b" " * (1024 * MIB), 6), target.key, "Content-Encoding: gzip")


def long_headers(target: Target) -> None:
    """A hundred requests with a header of 1 MiB each that does not end."""

    def one() -> None:
        with opened(target, b"GET /healthz HTTP/1.1\r\nX: ") as wire, suppress(OSError):
            for _ in range(16):
                wire.sendall(b"x" * (MIB // 16))
            time.sleep(SECONDS / 2)

    at_once(100, one)


def half_requests(target: Target) -> None:
    """1,050 connections with half a request each (two processes of 525), held."""
    wires = []
    with suppress(OSError):
        for _ in range(525):
            wires.append(socket.create_connection(("127.0.0.1", target.port), timeout=5))
            wires[-1].sendall(b"POST /v1 HTTP/1.1\r\nHost: x\r\n")
    time.sleep(SECONDS)
    for wire in wires:
        wire.close()


def slow_bodies(target: Target) -> None:
    """Two hundred bodies of 50 MiB that come a byte a second, each after 60 KiB."""
    head = f"POST /v1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {target.key}\r\nContent-Length: {50 * MIB}\r\n\r\n"
    wires = [socket.create_connection(("127.0.0.1", target.port), timeout=5) for _ in range(200)]
    for wire in wires:
        with suppress(OSError):
            wire.sendall(head.encode() + b" " * 60 * 1024)
    for _ in range(int(SECONDS)):
        for wire in wires:
            with suppress(OSError):
                wire.sendall(b" ")
        time.sleep(1)
    for wire in wires:
        wire.close()


def tiny_chunks(target: Target) -> None:
    """Bodies in chunks of one byte, over ten connections."""
    head = f"POST /v1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {target.key}\r\nTransfer-Encoding: chunked\r\n\r\n"

    def one() -> None:
        with opened(target, head.encode()) as wire, suppress(OSError):
            for _ in range(100):
                wire.sendall(b"1\r\n \r\n" * 10_000)

    at_once(10, one)


def many_scans(side: int = 5800, scans: int = 700) -> bytes:
    """A progressive JPEG whose last refinement comes very many times: every decoder goes over all pixels for each."""
    file = io.BytesIO()
    Image.new("L", (side, side), 128).save(file, "JPEG", progressive=True, quality=50)
    whole = file.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + whole[-2:]


def scans(target: Target) -> None:
    """A progressive JPEG of 700 scans: uploaded four times, and sent as a frame."""
    uri = "data:image/jpeg;base64," + b64encode(many_scans()).decode()
    upload = {"taskType": "imageUpload", "image": uri}
    task = video(inputs={"frameImages": [uri]})
    bodies = [json.dumps([{**upload, "taskUUID": str(uuid.uuid4())}]).encode() for _ in range(4)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda body: post(target, body, target.key), [*bodies, json.dumps([task]).encode()]))


def pictures_without_credit(target: Target) -> None:
    """Ten tasks with a picture of several MB, of an account that can pay none."""
    for number in range(10):
        pixels = np.random.default_rng(number).integers(0, 256, (1200, 1600, 3), np.uint8)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=1)
        uri = "data:image/png;base64," + b64encode(file.getvalue()).decode()
        post(target, json.dumps([video(inputs={"frameImages": [uri]})]).encode(), target.poor)


ATTACKS: tuple[Callable[[Target], None], ...] = (
    nothing,
    nested_by_strangers,
    large_by_strangers,
    unfinished_by_strangers,
    unfinished_with_key,
    pings,
    sessions,
    nested_with_key,
    routing,
    names,
    polls,
    reports,
    packed_nothing,
    long_headers,
    half_requests,
    slow_bodies,
    tiny_chunks,
    scans,
    pictures_without_credit,
)
