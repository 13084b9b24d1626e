"""The network as the door to other machines sees it: checked addresses only, and every wait ends with a deadline."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from socket import IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY, create_connection, getaddrinfo, socket
from threading import Thread
from typing import Any

import httpcore

from vitascope.outbound.addresses import Opening, may_call
from vitascope.outbound.deadline import Deadline
from vitascope.outbound.failures import closed


@contextmanager
def _in_terms_of_httpcore(timeout: type[Exception], broken: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise timeout(str(error)) from error
    except (OSError, ValueError) as error:
        raise broken(str(error)) from error


class _Stream(httpcore.NetworkStream):
    """A connected socket on which every wait ends with the deadline, however slowly the other side drips."""

    def __init__(self, connection: socket, deadline: Deadline) -> None:
        self._socket = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._deadline.note_reading()
        with _in_terms_of_httpcore(httpcore.ReadTimeout, httpcore.ReadError):
            self._socket.settimeout(self._deadline.left(timeout))
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        with _in_terms_of_httpcore(httpcore.WriteTimeout, httpcore.WriteError):
            while rest:
                self._deadline.note_sending()
                self._socket.settimeout(self._deadline.left(timeout))
                sent = self._socket.send(rest)
                self._deadline.note_sending(sent)
                rest = rest[sent:]

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        with _in_terms_of_httpcore(httpcore.ConnectTimeout, httpcore.ConnectError):
            try:
                self._socket.settimeout(self._deadline.left(timeout))
                wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
            except (OSError, ValueError):
                self.close()
                raise
        return _Stream(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return None  # used for HTTP/2 and for idle connections; here each call has its own HTTP/1.1 connection


Resolve = Callable[[str, int], list[str]]
"""Looks a name up: (host, port) to all its IP addresses. Raises OSError or UnicodeError."""


def resolve_by_system(host: str, port: int) -> list[str]:
    """All addresses of a host, in the system's order, each once."""
    return list(dict.fromkeys(str(found[4][0]) for found in getaddrinfo(host, port, type=SOCK_STREAM)))


def _resolve_within(resolve: Resolve, host: str, port: int, seconds: float) -> list[str]:
    """Look a name up in a thread of its own, because the system's resolver cannot be told how long it may take."""
    answer: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answer.put(error)

    Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        result = answer.get(timeout=seconds)
    except Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(result, list):
        return result
    raise OSError("the name does not resolve") from result


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to nothing but addresses that it has checked itself."""

    def __init__(self, openings: tuple[Opening, ...], resolve: Resolve, deadline: Deadline) -> None:
        self._openings = openings
        self._resolve = resolve
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        with _in_terms_of_httpcore(httpcore.ConnectTimeout, httpcore.ConnectError):
            addresses = _resolve_within(self._resolve, host, port, self._deadline.left(timeout))
            # One bad address refuses all: a mixed answer is how a public name is made to point inside.
            if not all(may_call(host, address, port, self._openings) for address in addresses):
                raise closed(host)
            return _Stream(self._connect(addresses, port, timeout), self._deadline)

    def _connect(self, addresses: list[str], port: int, timeout: float | None) -> socket:
        failure = OSError("the name has no address")
        for address in addresses:
            try:
                connection = create_connection((address, port), self._deadline.left(timeout))
            except OSError as error:
                failure = error
            else:
                connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
                return connection
        raise failure
