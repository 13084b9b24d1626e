"""Sending to real servers on the loopback: one plain body, no redirects, an end in time."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.outbound.conftest import MIB, PICTURE, Server
from vitascope.outbound.client import (
    USER_AGENT,
    AnsweredBadly,
    Outbound,
    OutboundFailed,
    OutboundRules,
    Unreachable,
)


def put(outbound: Outbound, url: str, path: Path) -> int:
    """Send a local file as the worker sends a stored one: in pieces, with its length."""
    with path.open("rb") as file:
        return outbound.put(url, iter(lambda: file.read(MIB // 4), b""), path.stat().st_size, "video/mp4")


class TestPut:
    def test_sends_one_plain_body(self, site: Server, outbound: Outbound, tmp_path: Path) -> None:
        clip = tmp_path / "clip.mp4"
        clip.write_bytes(PICTURE * 100)
        assert put(outbound, f"{site.url}/bucket/clip.mp4?X-Amz-Signature=1", clip) == 200
        method, path, headers, body = site.seen[0]
        assert (method, path, body) == ("PUT", "/bucket/clip.mp4?X-Amz-Signature=1", PICTURE * 100)
        assert headers == {
            "Host": f"127.0.0.1:{site.port}",
            "User-Agent": USER_AGENT,
            "Content-Type": "video/mp4",
            "Content-Length": str(len(body)),
        }

    def test_sends_an_empty_file(self, site: Server, outbound: Outbound, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.touch()
        assert put(outbound, site.url, empty) == 200
        assert site.seen[0][3] == b""

    def test_hears_a_refusal_before_all_is_sent(self, site: Server, outbound: Outbound, tmp_path: Path) -> None:
        big = tmp_path / "big"
        big.write_bytes(bytes(30 * MIB))
        with pytest.raises(OutboundFailed) as caught:
            put(outbound, f"{site.url}/refused", big)
        if isinstance(caught.value, AnsweredBadly):  # else the reset arrived before the answer: Unreachable
            assert (caught.value.status, caught.value.retryable) == (403, False)

    def test_follows_no_redirect(self, site: Server, outbound: Outbound, tmp_path: Path) -> None:
        clip = tmp_path / "clip"
        clip.write_bytes(b"clip")
        with pytest.raises(AnsweredBadly) as caught:
            put(outbound, f"{site.url}/moved", clip)
        assert (caught.value.status, caught.value.retryable, len(site.seen)) == (307, False, 1)

    def test_a_stream_of_another_length_fails(self, site: Server, outbound: Outbound) -> None:
        for size in (3, 5):
            with pytest.raises(OutboundFailed, match="bytes any more"):
                outbound.put(site.url, iter([b"four"]), size, "video/mp4")
        assert site.seen == []

    def test_a_receiver_that_does_not_read_ends_in_time(self, tmp_path: Path) -> None:
        big = tmp_path / "big"
        big.write_bytes(bytes(30 * MIB))
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            outbound = Outbound(OutboundRules(allow=("127.0.0.1",), read=0.3))
            with pytest.raises(Unreachable, match="in time"):
                put(outbound, f"http://127.0.0.1:{deaf.getsockname()[1]}/", big)


class TestPost:
    def test_sends_the_body_as_it_is(self, site: Server, outbound: Outbound) -> None:
        body = '{"prompt":"Überfahrt 🚢"}'.encode()
        assert outbound.post_json(f"{site.url}/hook?token=1", body, {"webhook-id": "d1"}) == 204
        method, path, headers, seen = site.seen[0]
        assert (method, path, seen) == ("POST", "/hook?token=1", body)
        assert headers["Content-Type"] == "application/json"
        assert headers["User-Agent"] == USER_AGENT
        assert headers["webhook-id"] == "d1"
        assert "Transfer-Encoding" not in headers

    @pytest.mark.parametrize("status", [200, 201, 202, 299])
    def test_any_2xx_is_enough(self, site: Server, outbound: Outbound, status: int) -> None:
        assert outbound.post_json(f"{site.url}/hook/{status}", b"{}") == status

    @pytest.mark.parametrize("status", [301, 302, 307, 404, 410, 500])
    def test_anything_else_is_not(self, site: Server, outbound: Outbound, status: int) -> None:
        with pytest.raises(AnsweredBadly) as caught:
            outbound.post_json(f"{site.url}/hook/{status}", b"{}")
        assert caught.value.status == status
        assert len(site.seen) == 1

    def test_waits_for_its_own_time_only(self, site: Server) -> None:
        assert OutboundRules().webhook == 5.0
        quick = Outbound(OutboundRules(allow=("127.0.0.1",), webhook=0.3))
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            quick.post_json(f"{site.url}/silent", b"{}")
        assert time.monotonic() - begun < 1
