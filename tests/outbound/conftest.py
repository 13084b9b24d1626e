"""Real servers on the loopback with good and bad manners, and an `Outbound` that may call them."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from vitascope.outbound.client import Outbound, OutboundRules

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
        thread.join(20)
        assert not thread.is_alive(), "the server is stuck"
        server.server_close()


@pytest.fixture
def site() -> Iterator[Server]:
    with serving(Server()) as server:
        yield server


@pytest.fixture
def outbound(site: Server) -> Outbound:
    return Outbound(OutboundRules(allow=(f"127.0.0.1:{site.port}",)))
