"""Sending to real servers on the loopback: one plain body, no redirects, an end in time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.outbound.conftest import MIB, PICTURE, Server
from vitascope.outbound.client import USER_AGENT, Outbound, OutboundRules
from vitascope.outbound.failures import AnsweredBadly, OutboundFailed, TimedOut, Unreachable


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

    def test_a_receiver_that_reads_in_drips_ends_long_before_the_last_byte(self, tmp_path: Path) -> None:
        with pytest.raises(TimedOut, match="in time"), dripping(20_000, pause=0.05) as (url, got):
            put(Outbound(HASTY), url, big_file(tmp_path))
        assert sum(got) < 30 * MIB

    def test_a_receiver_that_answers_in_drips_ends_soon_after_the_last_byte(self, tmp_path: Path) -> None:
        with pytest.raises(TimedOut, match="in time"), dripping(30 * MIB, pause=0.05) as (url, _):
            put(Outbound(HASTY), url, big_file(tmp_path))

    def test_a_slow_receiver_that_goes_on_is_waited_for(self, site: Server, tmp_path: Path) -> None:
        """For much longer than a window, and with a rest now and then."""
        rules = OutboundRules(allow=("127.0.0.1",), speed_window=0.5, least_speed=50_000, answer=20.0)
        clip = tmp_path / "clip"
        clip.write_bytes(bytes(MIB))

        def slowly(data: bytes) -> Iterator[bytes]:
            for start in range(0, MIB, MIB // 16):
                time.sleep(0.2)
                yield data[start : start + MIB // 16]

        assert Outbound(rules).put(site.url, slowly(clip.read_bytes()), MIB, "video/mp4") == 200


HASTY = OutboundRules(allow=("127.0.0.1",), speed_window=0.5, least_speed=8 * MIB, answer=0.5, upload=600.0)


def big_file(folder: Path) -> Path:
    """Much larger than what the system buffers for a connection."""
    (folder / "big").write_bytes(bytes(30 * MIB))
    return folder / "big"


@contextmanager
def dripping(at_once: int, pause: float) -> Iterator[tuple[str, list[int]]]:
    """A receiver that reads so many bytes at once, with pauses, and then answers byte by byte, without end.

    Yields its URL, and how much it has got.
    """
    got: list[int] = []
    leaving = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.settimeout(0.2)
            with suppress(TimeoutError):
                while (count := len(connection.recv(at_once))) and not (at_once < MIB and leaving.wait(pause)):
                    got.append(count)
            while not leaving.wait(pause):
                connection.send(b"H")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/", got
        finally:
            leaving.set()
            thread.join(20)


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
