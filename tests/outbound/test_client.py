"""Outgoing calls against real servers on the loopback: what is reached, what is refused, and how long it may take."""

from __future__ import annotations

import gzip
import logging
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.errors import DeliveryFailed, SetupError
from vitascope.outbound.addresses import Opening, is_public
from vitascope.outbound.client import (
    USER_AGENT,
    AddressRefused,
    AnsweredBadly,
    Outbound,
    OutboundFailed,
    OutboundRules,
    TooLarge,
    Unreachable,
)

PICTURE = bytes(range(256)) * 40
MIB = 1024 * 1024


class Site(BaseHTTPRequestHandler):
    """Good and bad manners, by path."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.seen.append((self.command, self.path, dict(self.headers), b""))
        self.server.asked_at.append(self.connection.getsockname()[0])
        name, _, argument = url.path.strip("/").partition("/")
        getattr(self, f"page_{name}")(argument, parse_qs(url.query))

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def page_picture(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.answer(200, PICTURE, {"Content-Type": "Image/PNG; charset=binary"})

    def page_hop(self, left: str, _query: dict[str, list[str]]) -> None:
        self.answer(302, b"moved", {"Location": f"/hop/{int(left) - 1}" if int(left) else "../picture"})

    def page_loop(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.answer(307, b"", {"Location": "/loop"})

    def page_to(self, _argument: str, query: dict[str, list[str]]) -> None:
        self.answer(302, b"", {"Location": query["url"][0]})

    def page_status(self, status: str, _query: dict[str, list[str]]) -> None:
        self.answer(int(status), b"no")

    def page_gzip(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.answer(200, gzip.compress(bytes(MIB)), {"Content-Encoding": "gzip"})

    def page_endless(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while not self.server.closing.is_set():
            self.wfile.write(bytes(64 * 1024))
            self.server.bytes_sent += 64 * 1024

    def page_announced(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.answer(200, b"x", {"Content-Length": str(10**12)})
        self.close_connection = True

    def page_cut(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.answer(200, b"only this", {"Content-Length": "1000"})
        self.close_connection = True

    def page_silent(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.server.closing.wait(10)

    def page_drip(self, _argument: str, _query: dict[str, list[str]]) -> None:
        """Always something within the read time-out, never the end: not even of the headers."""
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"H" if self.server.bytes_sent == 0 else b"T")
            self.server.bytes_sent += 1

    def page_nonsense(self, _argument: str, _query: dict[str, list[str]]) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        self.close_connection = True

    def do_PUT(self) -> None:
        """Like a presigned URL: refuses chunks and any header that was not expected."""
        unexpected = {name.lower() for name in self.headers} - {"host", "user-agent", "content-type", "content-length"}
        if unexpected or "refused" in self.path:
            self.answer(403, b"SignatureDoesNotMatch", {"Connection": "close"})
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) < int(self.headers["Content-Length"]):
            return  # the sender broke off: no object is made
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        moved = "moved" in self.path
        self.answer(307 if moved else 200, b"", {"Location": "/elsewhere"} if moved else {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        name, _, argument = self.path.strip("/").partition("/")
        if name == "silent":
            self.server.closing.wait(10)
        self.answer(int(argument or 204))

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """A site that remembers what it was asked."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Site)
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.asked_at: list[str] = []
        self.bytes_sent = 0
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def handle_error(self, *_arguments: object) -> None:
        """A client that hangs up is what these tests are about."""


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site() -> Iterator[Server]:
    with serving(Server()) as server:
        yield server


@pytest.fixture
def outbound(site: Server) -> Outbound:
    return Outbound(OutboundRules(allow=(f"127.0.0.1:{site.port}",)))


class TestFetch:
    def test_gives_the_bytes_and_their_type(self, site: Server, outbound: Outbound) -> None:
        fetched = outbound.fetch(f"{site.url}/picture?secret=1", MIB)
        assert fetched.data == PICTURE
        assert fetched.content_type == "image/png"
        _, path, headers, _ = site.seen[0]
        assert path == "/picture?secret=1"
        assert headers["User-Agent"] == USER_AGENT and headers["Host"] == f"127.0.0.1:{site.port}"

    def test_follows_three_redirects_and_no_more(self, site: Server, outbound: Outbound) -> None:
        assert outbound.fetch(f"{site.url}/hop/2", MIB).data == PICTURE
        assert len(site.seen) == 4
        with pytest.raises(AnsweredBadly, match="more than 3 redirects") as caught:
            outbound.fetch(f"{site.url}/hop/3", MIB)
        assert not caught.value.retryable

    def test_leaves_a_loop(self, site: Server, outbound: Outbound) -> None:
        with pytest.raises(AnsweredBadly):
            outbound.fetch(f"{site.url}/loop", MIB)
        assert len(site.seen) == 4

    @pytest.mark.parametrize(
        "target",
        [
            "http://localhost:{other}/picture",
            "http://127.0.0.1:{other}/picture",
            "http://[::ffff:127.0.0.1]:{other}/picture",
            "http://2130706433:{other}/picture",
            "//127.0.0.1:{other}/picture",
            "http://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "http://user:word@127.0.0.1/",
            "http://[::1/",
        ],
    )
    def test_checks_every_redirect(self, site: Server, outbound: Outbound, target: str) -> None:
        with serving(Server()) as inside:
            with pytest.raises(AddressRefused):
                outbound.fetch(f"{site.url}/to?url={target.format(other=inside.port)}", MIB)
            assert inside.seen == []

    def test_goes_on_to_a_server_that_is_allowed(self, site: Server) -> None:
        with serving(Server()) as other:
            allowed = Outbound(OutboundRules(allow=("127.0.0.0/8",)))
            assert allowed.fetch(f"{site.url}/to?url={other.url}/picture", MIB).data == PICTURE
            assert len(other.seen) == 1

    def test_stops_an_endless_body_at_the_cap(self, site: Server, outbound: Outbound) -> None:
        with pytest.raises(TooLarge):
            outbound.fetch(f"{site.url}/endless", MIB)
        time.sleep(0.1)
        assert site.bytes_sent < 16 * MIB  # what fits into the buffers on the way, and no more

    def test_believes_an_announced_length_only_to_refuse(self, site: Server, outbound: Outbound) -> None:
        begun = time.monotonic()
        with pytest.raises(TooLarge):
            outbound.fetch(f"{site.url}/announced", MIB)
        assert time.monotonic() - begun < 2

    def test_takes_exactly_the_cap(self, site: Server, outbound: Outbound) -> None:
        assert outbound.fetch(f"{site.url}/picture", len(PICTURE)).data == PICTURE
        with pytest.raises(TooLarge):
            outbound.fetch(f"{site.url}/picture", len(PICTURE) - 1)

    def test_refuses_a_compressed_body(self, site: Server, outbound: Outbound) -> None:
        with pytest.raises(AnsweredBadly, match="compressed"):
            outbound.fetch(f"{site.url}/gzip", 2 * MIB)
        assert site.seen[0][2]["Accept-Encoding"] == "identity"

    @pytest.mark.parametrize(("page", "error"), [("cut", Unreachable), ("nonsense", Unreachable)])
    def test_a_broken_answer_can_be_tried_again(
        self, site: Server, outbound: Outbound, page: str, error: type[OutboundFailed]
    ) -> None:
        with pytest.raises(error) as caught:
            outbound.fetch(f"{site.url}/{page}", MIB)
        assert caught.value.retryable

    @pytest.mark.parametrize(
        ("status", "retryable"),
        [
            *((status, False) for status in (204, 304, 400, 401, 403, 404, 410)),
            *((status, True) for status in (408, 425, 429, 500, 502, 503, 599)),
        ],
    )
    def test_only_200_is_a_picture(self, site: Server, outbound: Outbound, status: int, retryable: bool) -> None:
        with pytest.raises(AnsweredBadly) as caught:
            outbound.fetch(f"{site.url}/status/{status}", MIB)
        assert (caught.value.status, caught.value.retryable) == (status, retryable)

    @pytest.mark.parametrize("page", ["silent", "drip", "endless"])
    def test_the_whole_call_has_an_end(self, site: Server, page: str) -> None:
        quick = Outbound(OutboundRules(allow=("127.0.0.1",), read=0.4, fetch=0.8))
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            quick.fetch(f"{site.url}/{page}", 10**12)
        assert time.monotonic() - begun < 1.5

    def test_uses_no_proxy_from_the_environment(
        self, site: Server, outbound: Outbound, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert outbound.fetch(f"{site.url}/picture", MIB).data == PICTURE


class TestSecrets:
    @pytest.mark.parametrize("page", ["picture", "status/500", "silent", "to"])
    def test_stay_out_of_logs_and_messages(self, site: Server, caplog: pytest.LogCaptureFixture, page: str) -> None:
        caplog.set_level(logging.DEBUG)
        quick = Outbound(OutboundRules(allow=("127.0.0.1",), fetch=0.3))
        message = ""
        try:
            quick.fetch(f"{site.url}/{page}?X-Signature=s3cr3t&url=http://10.0.0.1/%3Fs3cr3t", MIB)
        except OutboundFailed as error:
            message = str(error)
        assert "s3cr3t" in site.seen[0][1]
        assert "s3cr3t" not in message + caplog.text

    def test_an_unreadable_url_is_not_quoted(self) -> None:
        with pytest.raises(AddressRefused) as caught:
            Outbound().fetch("http://user:s3cr3t@[::1/\x00", MIB)
        assert "s3cr3t" not in str(caught.value)
        assert caught.value.__suppress_context__


class TestAddresses:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "127.1.2.3",
            "localhost",
            "LOCALHOST",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::1]",
            "[::]",
            "0.0.0.0",
            "0",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "127.1",
            "127.0.0.1.",
            "127。0。0。1",
            "①②⑦.0.0.1",
        ],
    )
    def test_of_this_machine_are_refused_however_spelt(self, host: str) -> None:
        with serving(Server("::" if "[" in host else "0.0.0.0")) as inside:
            with pytest.raises(AddressRefused):
                Outbound().fetch(f"http://{host}:{inside.port}/picture", MIB)
            with pytest.raises(AddressRefused):
                Outbound().post_json(f"http://{host}:{inside.port}/hook", b"{}")
            assert inside.seen == []

    @pytest.mark.parametrize(
        "address",
        [
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "0.1.2.3",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "::",
            "::1",
            "::8.8.8.8",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:808:808::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fe80::1%eth0",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ],
    )
    def test_that_are_not_public(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize(
        "address",
        [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.215.14",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::200e",
        ],
    )
    def test_that_are_public(self, address: str) -> None:
        assert is_public(address)

    @given(st.integers(0, 2**32 - 1))
    def test_no_v4_address_passes_inside_a_v6_one(self, number: int) -> None:
        v4 = IPv4Address(number)
        carriers = [0xFFFF << 32, 0, 0x64FF9B << 96, 0x2001 << 112]
        for carrier in carriers:
            assert not is_public(str(IPv6Address(carrier | number)))
        assert not is_public(str(IPv6Address(0x2002 << 112 | number << 80)))
        if is_public(str(v4)):
            assert v4.is_global and not (v4.is_multicast or v4.is_reserved or v4.is_link_local or v4.is_loopback)

    @given(st.ip_addresses(v=6))
    def test_public_v6_agrees_with_the_standard_library(self, ip: IPv6Address) -> None:
        if is_public(str(ip)):
            assert ip.is_global and not ip.is_multicast
            assert (ip.ipv4_mapped, ip.sixtofour, ip.teredo) == (None, None, None)

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
            "//example.com/",
            "example.com",
            "",
            "http://",
            "http:///path",
            "http://user@example.com/",
            "http://user:word@example.com/",
            "http://exam%70le.com/",
            "http://example.com:65536/",
            "http://example.com:0/",
            "http://a\x00b/",
        ],
    )
    def test_urls_that_are_not_tried(self, url: str) -> None:
        def never(host: str, port: int) -> list[str]:
            raise AssertionError(f"looked up {host}:{port}")

        with pytest.raises(AddressRefused):
            Outbound(resolve=never).fetch(url, MIB)


class TestResolving:
    def test_one_bad_address_refuses_all(self, site: Server) -> None:
        rules = OutboundRules(allow=("127.0.0.1",))
        answers = iter([["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "10.0.0.1"]])
        outbound = Outbound(rules, resolve=lambda _host, _port: next(answers))
        for _ in range(3):
            with pytest.raises(AddressRefused):
                outbound.fetch(f"http://mixed.test:{site.port}/picture", MIB)
        assert site.seen == []

    def test_a_name_is_looked_up_once_and_that_address_is_called(self) -> None:
        """A name that changes between check and use (DNS rebinding) finds no moment in between."""
        asked: list[str] = []

        def rebinding(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1" if len(asked) == 1 else "127.0.0.2"]

        with serving(Server("0.0.0.0")) as server:
            outbound = Outbound(OutboundRules(allow=("127.0.0.1",)), resolve=rebinding)
            url = f"http://rebinding.test:{server.port}/picture"
            assert outbound.fetch(url, MIB).data == PICTURE
            assert (asked, server.asked_at) == (["rebinding.test"], ["127.0.0.1"])
            assert server.seen[0][2]["Host"] == f"rebinding.test:{server.port}"
            with pytest.raises(AddressRefused):
                outbound.fetch(url, MIB)

    def test_the_next_address_is_tried(self, site: Server) -> None:
        outbound = Outbound(OutboundRules(allow=("127.0.0.0/8",)), resolve=lambda _h, _p: ["127.0.0.9", "127.0.0.1"])
        assert outbound.fetch(f"http://two.test:{site.port}/picture", MIB).data == PICTURE

    def test_a_slow_resolver_does_not_outlast_the_call(self) -> None:
        release = threading.Event()

        def stuck(_host: str, _port: int) -> list[str]:
            release.wait(10)
            return []

        begun = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            Outbound(OutboundRules(webhook=0.3), resolve=stuck).post_json("http://slow.test/", b"{}")
        release.set()
        assert time.monotonic() - begun < 1

    def test_unknown_names_and_closed_ports_can_be_tried_again(self, site: Server) -> None:
        outbound = Outbound(OutboundRules(allow=("127.0.0.1",)))
        for url in ("http://no-such-host.invalid/", "http://127.0.0.1:1/", f"http://{'a' * 70}.test/", "http://.test/"):
            with pytest.raises(Unreachable) as caught:
                outbound.fetch(url, MIB)
            assert caught.value.retryable
            assert isinstance(caught.value, DeliveryFailed)


class TestAllowing:
    def test_an_ipv6_server(self) -> None:
        with serving(Server("::1")) as server:
            rules = OutboundRules(allow=(f"[::1]:{server.port}",))
            assert Outbound(rules).fetch(f"http://[::1]:{server.port}/picture", MIB).data == PICTURE
            assert server.seen[0][2]["Host"] == f"[::1]:{server.port}"

    def test_a_name_opens_that_name_only(self, site: Server) -> None:
        outbound = Outbound(OutboundRules(allow=("LocalHost",)))
        assert outbound.fetch(f"http://localhost:{site.port}/picture", MIB).data == PICTURE
        with pytest.raises(AddressRefused):
            outbound.fetch(f"{site.url}/picture", MIB)

    @pytest.mark.parametrize(
        ("entry", "host", "address", "port", "admitted"),
        [
            ("127.0.0.1", "x", "127.0.0.1", 80, True),
            ("127.0.0.1", "x", "127.0.0.2", 80, False),
            ("127.0.0.1:81", "x", "127.0.0.1", 80, False),
            ("127.0.0.1:81", "x", "127.0.0.1", 81, True),
            ("10.0.0.0/8", "x", "10.255.0.1", 9000, True),
            ("10.0.0.0/8", "x", "11.0.0.1", 9000, False),
            ("10.0.0.0/8:443", "x", "10.0.0.1", 443, True),
            ("::1", "x", "::1", 80, True),
            ("fd00::/8", "x", "fd12::1", 80, True),
            ("[fd00::/8]:443", "x", "fd12::1", 80, False),
            ("minio", "minio", "10.0.0.1", 80, True),
            ("minio:9000", "MINIO.", "10.0.0.1", 9000, True),
            ("minio:9000", "minio", "10.0.0.1", 80, False),
            ("minio", "minio.test", "10.0.0.1", 80, False),
            ("127.0.0.1", "x", "::ffff:127.0.0.1", 80, False),
        ],
    )
    def test_entries(self, entry: str, host: str, address: str, port: int, admitted: bool) -> None:
        assert Opening.parse(entry).admits(host, address, port) is admitted

    @pytest.mark.parametrize(
        "entry", ["", " ", "10.0.0.1/8", "10.0.0.0/99", "http://minio", "a@b", "host:port", "*", ":80"]
    )
    def test_unreadable_entries_are_said_at_start(self, entry: str) -> None:
        with pytest.raises(SetupError):
            Outbound(OutboundRules(allow=(entry,)))


class TestPut:
    def test_sends_one_plain_body(self, site: Server, outbound: Outbound, tmp_path: Path) -> None:
        clip = tmp_path / "clip.mp4"
        clip.write_bytes(PICTURE * 100)
        assert outbound.put_file(f"{site.url}/bucket/clip.mp4?X-Amz-Signature=1", clip, "video/mp4") == 200
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
        assert outbound.put_file(site.url, empty, "video/mp4") == 200
        assert site.seen[0][3] == b""

    def test_hears_a_refusal_before_all_is_sent(self, site: Server, outbound: Outbound, tmp_path: Path) -> None:
        big = tmp_path / "big"
        big.write_bytes(bytes(30 * MIB))
        with pytest.raises(OutboundFailed) as caught:
            outbound.put_file(f"{site.url}/refused", big, "video/mp4")
        if isinstance(caught.value, AnsweredBadly):  # else the reset arrived before the answer: Unreachable
            assert (caught.value.status, caught.value.retryable) == (403, False)

    def test_follows_no_redirect(self, site: Server, outbound: Outbound, tmp_path: Path) -> None:
        clip = tmp_path / "clip"
        clip.write_bytes(b"clip")
        with pytest.raises(AnsweredBadly) as caught:
            outbound.put_file(f"{site.url}/moved", clip, "video/mp4")
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
                outbound.put_file(f"http://127.0.0.1:{deaf.getsockname()[1]}/", big, "video/mp4")


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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a self-signed certificate for `files.test`, in one PEM file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    pem, key = tmp_path_factory.mktemp("tls") / "files.pem", tmp_path_factory.mktemp("tls") / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=files.test"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=DNS:files.test", "-keyout", str(key), "-out", str(pem)],
        check=True,
        capture_output=True,
    )
    pem.write_bytes(pem.read_bytes() + key.read_bytes())
    return pem


class TestTls:
    @contextmanager
    def served(self, certificate: Path) -> Iterator[Server]:
        server = Server()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with serving(server):
            yield server

    def test_is_verified_against_the_name_though_an_address_is_called(self, certificate: Path) -> None:
        with self.served(certificate) as server:
            rules = OutboundRules(allow=("127.0.0.1",), ca_file=certificate)
            outbound = Outbound(rules, resolve=lambda _host, _port: ["127.0.0.1"])
            assert outbound.fetch(f"https://files.test:{server.port}/picture", MIB).data == PICTURE
            with pytest.raises(Unreachable, match="certificate"):
                outbound.fetch(f"https://other.test:{server.port}/picture", MIB)
            assert len(server.seen) == 1

    def test_an_unknown_authority_is_not_trusted(self, certificate: Path) -> None:
        with self.served(certificate) as server:
            outbound = Outbound(OutboundRules(allow=("127.0.0.1",)), resolve=lambda _host, _port: ["127.0.0.1"])
            with pytest.raises(Unreachable, match="certificate"):
                outbound.fetch(f"https://files.test:{server.port}/picture", MIB)
            assert server.seen == []
