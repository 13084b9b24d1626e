"""What a client may do to a connection, and how many it may hold, before and after it is known."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from typing import Any

import httpx
import pytest

from tests.server.inside import Inside, ended, inside
from vitascope.server.http import connections, protocols

__all__ = ["inside"]

PING = b'[{"taskType":"ping","ping":true}]'
PONG = {"data": [{"taskType": "ping", "pong": True}]}


def post(inside: Inside, body: bytes, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(f"{inside.url}/v1", content=body, headers=named, trust_env=False, timeout=60)


@pytest.mark.parametrize("offer", ["h2c", "h2c, websocket2", "TLS/1.2"])
def test_an_offer_to_go_on_in_another_protocol_loses_no_body(inside: Inside, offer: str) -> None:
    upgrade = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": offer, "HTTP2-Settings": "AAMAAABkAAQAAP__"}
    reply = post(inside, PING, Authorization=f"Bearer {inside.key()}", **upgrade)
    assert (reply.status_code, reply.json()) == (200, PONG)


def test_headers_have_a_limit(inside: Inside) -> None:
    assert post(inside, PING, Authorization=f"Bearer {inside.key()}", X="x" * 20_000).json() == PONG
    lines = b"".join(b"X%d: x\r\n" % number for number in range(20_000))
    for sent in (b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 200_000, b"GET /healthz HTTP/1.1\r\n" + lines):
        with inside.wire() as wire:
            try:
                wire.sendall(sent)
            except OSError:
                continue
            assert ended(wire).startswith((b"HTTP/1.1 431", b""))
    assert httpx.get(f"{inside.url}/healthz", trust_env=False).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"G",
        b"POST /v1 HTTP/1.1\r\nHost: x\r\n",
        b"POST /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n[",
        b"POST /v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[",
    ],
)
def test_requests_that_do_not_end_are_ended(inside: Inside, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(protocols, "FOR_HEADERS", 1.0)
    monkeypatch.setattr(protocols, "FOR_PIECE", 1.0)
    assert b"HTTP/1.1 408 Request Timeout" in ended(inside.wire(sent))


def test_a_body_that_nobody_reads_is_not_waited_for(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "FOR_PIECE", 1.0)
    assert ended(inside.wire(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n[")).startswith(
        b"HTTP/1.1 200"
    )


def test_a_slow_body_that_comes_fast_enough_is_read(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "FOR_PIECE", 2.0)
    monkeypatch.setattr(protocols, "SLOWEST", 10)
    body = PING.ljust(500)
    head = f"POST /v1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {inside.key()}\r\nConnection: close\r\n"
    with inside.wire(f"{head}Content-Length: {len(body)}\r\n\r\n".encode()) as wire:
        for start in range(0, len(body), 100):
            wire.sendall(body[start : start + 100])
            time.sleep(0.8)
        assert ended(wire).endswith(json.dumps(PONG, separators=(",", ":")).encode())


def test_a_socket_without_a_key_is_closed(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "FOR_KEY", 1.0)
    assert b"\x03\xf0too slow" in ended(inside.wire(HANDSHAKE))  # 1008


HANDSHAKE = (
    b"GET /v1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def test_an_address_holds_so_many_half_requests_and_nobody_is_shut_out(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {inside.key()}"}, timeout=60)
    assert known.post(f"{inside.url}/v1", content=PING).json() == PONG
    halves = [inside.wire(b"POST /v1 HTTP/1.1\r\nHost: x\r\n") for _ in range(connections.STRANGERS + 30)]
    assert all(ended(wire) == b"" for wire in halves[:20])
    assert known.post(f"{inside.url}/v1", content=PING).json() == PONG  # over the connection of before
    assert post(inside, PING, Authorization=f"Bearer {inside.key()}").json() == PONG
    for wire in halves[20:]:
        wire.close()
    known.close()


def test_gzip_that_unpacks_to_nothing_is_read_no_further_than_anything_else(inside: Inside) -> None:
    empty = gzip.compress(b"")
    nothing = empty * (200 * 1024 // len(empty))
    reply = post(inside, nothing, Content_Encoding="gzip")
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (401, "missingApiKey")
    reply = post(inside, empty * 11_000, Content_Encoding="gzip", Authorization=f"Bearer {inside.key()}")
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (400, "invalidContentEncoding")
    several = gzip.compress(PING[:9]) + empty * 5 + gzip.compress(PING[9:])
    assert post(inside, several, Content_Encoding="gzip", Authorization=f"Bearer {inside.key()}").json() == PONG


def test_bodies_in_very_small_chunks_are_refused(inside: Inside) -> None:
    head = f"POST /v1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {inside.key()}\r\nTransfer-Encoding: chunked\r\n\r\n"
    small = b"".join(b"1\r\n%c\r\n" % byte for byte in PING) + b"0\r\n\r\n"
    with inside.wire(head.encode() + small) as wire:
        assert wire.recv(65536).startswith(b"HTTP/1.1 200")
    with inside.wire(head.encode()) as wire:
        try:
            for _ in range(100):
                wire.sendall(b"1\r\n \r\n" * 2000)
        except OSError:
            return
        assert ended(wire).startswith((b"HTTP/1.1 400", b""))


class Pretended:
    """A connection that notes what became of it."""

    def __init__(self, waiting: bool = True) -> None:
        self.waiting = waiting
        self.ended = self.held_back = False

    def known_as(self, account_id: str) -> None: ...

    def answered(self) -> None: ...

    def go_on(self) -> None:
        self.held_back = False

    def overdue(self, seconds: float) -> bool:
        return False

    def end(self, timed_out: bool = False) -> None:
        self.ended = True


def entered(held: connections.Connections, number: int, holder: str, **facts: Any) -> list[Pretended]:
    made = [Pretended(**facts) for _ in range(number)]
    for each in made:
        held.enter(each, holder)
    return made


def known(held: connections.Connections, number: int, account: str, **facts: Any) -> list[Pretended]:
    made = []
    for _ in range(number):
        made += entered(held, 1, "the proxy", **facts)
        held.identify(made[-1], account)
    return made


async def who_gives_way() -> None:
    held = connections.Connections(most=100)
    mine = known(held, 10, "mine")
    theirs = known(held, 60, "theirs")
    assert [each.ended for each in theirs] == [True] * 10 + [False] * 50  # half of all
    strangers = entered(held, 60, "there")
    assert [each.ended for each in strangers] == [True] * 35 + [False] * 25  # a quarter of all
    assert not any(each.ended for each in mine)
    busy = known(held, 45, "theirs", waiting=False)
    assert not any(each.ended for each in (*mine, *busy))  # the oldest that waited went
    assert known(held, 10, "theirs", waiting=False)[-1].ended  # none waits: the newest is refused
    assert not any(each.ended for each in mine)


async def who_reads() -> None:
    held = connections.Connections(most=100)
    first, *others = known(held, connections.LARGE_AT_ONCE + 2, "mine")
    assert [held.claim(each) for each in (first, *others)] == [True] * connections.LARGE_AT_ONCE + [False] * 2
    assert held.claim(known(held, 1, "theirs")[0])
    others[-1].held_back = others[-2].held_back = True
    held.give_back(first)
    assert (others[-2].held_back, others[-1].held_back) == (False, True)
    held.leave(others[0])
    assert not others[-1].held_back


def test_who_holds_the_most_gives_way() -> None:
    asyncio.run(who_gives_way())


def test_few_large_messages_of_an_account_are_read_at_once() -> None:
    asyncio.run(who_reads())
