"""The one door to other machines: each outgoing call resolves the name itself, checks, and connects to what it checked.

Users name the hosts that this server calls (frame images, upload endpoints, webhooks), so each call could be an attempt
to reach what only this server can reach. Every address that a name resolves to is checked, and the connection is made
to the checked address, so that a second look-up cannot give another one. The check sits below redirects and TLS:
nothing goes around it. Certificates are verified against the host name; proxies, cookies and `.netrc` are never used.
The HTTP engine of httpx is driven without its client, whose log lines would hold the query strings of signed URLs.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import httpcore
import httpx

import vitascope
from vitascope.outbound.addresses import Opening, is_disguised, may_turn_out_callable
from vitascope.outbound.deadline import Deadline, Pace
from vitascope.outbound.failures import (
    AddressRefused,
    AnsweredBadly,
    OutboundFailed,
    TimedOut,
    TooLarge,
    Unreachable,
    closed,
)
from vitascope.outbound.network import CheckedNetwork, Resolve, resolve_by_system
from vitascope.settings import Settings

USER_AGENT = f"vitascope/{vitascope.__version__}"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_HOST = 253  # characters of a name that can be looked up

logging.getLogger("httpcore").setLevel(logging.INFO)  # its debug lines quote where redirects lead


@dataclass(frozen=True, slots=True)
class OutboundRules:
    """What the operator opens and how long calls may take, all in seconds.

    `allow` opens private places: an address ("127.0.0.1"), a network ("10.0.0.0/8") or a host name, each with or
    without a port ("minio:9000", "[::1]:8080"). `ca_file` adds certificate authorities in PEM form. An upload must go
    on at `least_speed` bytes a second over every `speed_window`, and have its `answer` so soon after its last byte.
    """

    allow: tuple[str, ...] = ()
    connect: float = 5.0
    read: float = 15.0
    fetch: float = 30.0
    webhook: float = 5.0
    upload: float = 900.0
    answer: float = 30.0
    least_speed: int = 64 * 1024
    speed_window: float = 20.0
    redirects: int = 3
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched body and its media type without parameters, in lower case ("" if the host named none)."""

    data: bytes
    content_type: str


@contextmanager
def _as_failures_of(host: str) -> Iterator[None]:
    """Turn the HTTP library's errors into ours."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise TimedOut(f"{host} did not answer in time.") from error
    except httpcore.NetworkError as error:
        raise Unreachable(f"{host} could not be reached: {error}.") from error
    except httpcore.ProtocolError as error:
        raise Unreachable(f"The exchange with {host} broke off or was not HTTP.") from error


def _read_url(text: str | httpx.URL) -> httpx.URL:
    """A URL that may be tried: http or https, a plain host, no credentials. Raises AddressRefused."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):
        raise AddressRefused("The URL cannot be read.") from None  # the cause would quote it, secrets included
    if url.scheme not in ("http", "https"):
        raise AddressRefused("Only http and https URLs are called.")
    host = _host(url)
    if url.userinfo:
        raise AddressRefused(f"The URL of {host} holds credentials; leave them out.")
    if not 0 < len(host) <= LONGEST_HOST or "%" in host or is_disguised(host):
        raise AddressRefused("The URL's host is not a host name or a plainly written address.")
    if url.port is not None and not 0 < url.port < 65_536:
        raise AddressRefused(f"The URL of {host} names a port that does not exist.")
    return url


def _host(url: httpx.URL) -> str:
    """The host in ASCII, as it is looked up; an IPv6 address without brackets."""
    return url.raw_host.decode("ascii")


class Outbound:
    """Calls other machines within the operator's rules. Each call has its own connection, so threads may share one."""

    def __init__(self, rules: OutboundRules | None = None, resolve: Resolve = resolve_by_system) -> None:
        self.rules = rules or OutboundRules()
        self._openings = tuple(Opening.parse(entry) for entry in self.rules.allow)
        self._resolve = resolve

    def objection(self, url: str) -> str | None:
        """Why a URL surely will not be called, None if it may be: nothing is looked up, and a name may lead inside."""
        try:
            target = _read_url(url)
        except AddressRefused as error:
            return str(error)
        port = target.port or {"http": 80, "https": 443}[target.scheme]
        return None if may_turn_out_callable(_host(target), port, self._openings) else str(closed(_host(target)))

    def fetch(self, url: str, max_bytes: int) -> Fetched:
        """GET a body of at most `max_bytes`, following a few redirects, each of them checked. Raises OutboundFailed."""
        deadline = Deadline(self.rules.fetch)
        target = _read_url(url)
        for _ in range(self.rules.redirects + 1):
            with self._exchange("GET", target, deadline, {"Accept": "*/*", "Accept-Encoding": "identity"}) as response:
                if response.status not in REDIRECTS:
                    return _read_body(response, _host(target), max_bytes)
                status, target = response.status, _next_url(target, response)
        raise AnsweredBadly(_host(target), status, f"more than {self.rules.redirects} redirects")

    def put(self, url: str, chunks: Iterable[bytes], size: int, content_type: str) -> int:
        """PUT `size` bytes as one plain body, as presigned URLs expect. Returns the status. Raises OutboundFailed."""
        headers = {"Content-Type": content_type, "Content-Length": str(size)}
        return self._send("PUT", url, self._pace(), headers, _exactly(chunks, size))

    def _pace(self) -> Pace:
        rules = self.rules
        return Pace(rules.upload, rules.answer, rules.least_speed, rules.speed_window)

    def post_json(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        """POST a JSON body. Returns the HTTP status. Raises OutboundFailed, AnsweredBadly for any answer but 2xx."""
        described = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
        return self._send("POST", url, Deadline(self.rules.webhook), described, iter((body,)))

    def _send(
        self, method: str, url: str, deadline: Deadline, headers: Mapping[str, str], content: Iterator[bytes]
    ) -> int:
        target = _read_url(url)
        with self._exchange(method, target, deadline, headers, content) as response:
            if not 200 <= response.status < 300:
                raise AnsweredBadly(_host(target), response.status)
            return response.status

    @contextmanager
    def _exchange(
        self,
        method: str,
        url: httpx.URL,
        deadline: Deadline,
        headers: Mapping[str, str],
        content: Iterator[bytes] | None = None,
    ) -> Iterator[httpcore.Response]:
        """One request on one fresh connection; yields the response while its body is still to be read."""
        network = CheckedNetwork(self._openings, self._resolve, deadline)
        waits = {"connect": self.rules.connect, "read": self.rules.read, "write": self.rules.read}
        with (
            _as_failures_of(_host(url)),
            httpcore.ConnectionPool(ssl_context=self._tls, max_connections=1, network_backend=network) as pool,
            pool.stream(
                method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=[("Host", url.netloc.decode("ascii")), ("User-Agent", USER_AGENT), *headers.items()],
                content=content,
                extensions={"timeout": waits},
            ) as response,
        ):
            yield response

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = httpx.create_ssl_context(trust_env=False)
        if self.rules.ca_file:
            context.load_verify_locations(self.rules.ca_file)
        return context


def open_outbound(settings: Settings) -> Outbound:
    """The door as this server's settings open it."""
    return Outbound(OutboundRules(allow=settings.allow_hosts, ca_file=settings.ca_file))


def _exactly(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The chunks, if they are `size` bytes in all; nothing may be sent beyond the length that was announced."""
    left = size
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            break
        yield chunk
    if left:
        raise OutboundFailed(f"The file to send does not have its {size} bytes any more.")


def _header(response: httpcore.Response, name: bytes) -> str:
    """The first value of a header, "" if absent."""
    return next((value.decode("utf-8", "replace") for key, value in response.headers if key.lower() == name), "")


def _next_url(current: httpx.URL, response: httpcore.Response) -> httpx.URL:
    """Where a redirect leads, checked like a user's URL."""
    location = _header(response, b"location")
    if not location:
        raise AnsweredBadly(_host(current), response.status, "a redirect to nowhere")
    try:
        return _read_url(current.join(location))
    except (httpx.InvalidURL, UnicodeError):
        raise AddressRefused(f"The redirect of {_host(current)} cannot be read.") from None


def _read_body(response: httpcore.Response, host: str, max_bytes: int) -> Fetched:
    """Read a successful answer, stopping as soon as it is too long."""
    if response.status != 200:
        raise AnsweredBadly(host, response.status)
    if _header(response, b"content-encoding").lower() not in ("", "identity"):
        raise AnsweredBadly(host, response.status, "a compressed body, which was not asked for")
    too_large = TooLarge(f"{host} sent more than {max_bytes} bytes.")
    announced = _header(response, b"content-length")
    if announced.isdigit() and int(announced) > max_bytes:
        raise too_large
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > max_bytes:
            raise too_large
    return Fetched(bytes(body), _header(response, b"content-type").partition(";")[0].strip().lower())
