"""A web server in this process, without a worker, open to its test; requests to it byte by byte."""

from __future__ import annotations

import socket as sockets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from tests.server.runware.sockets import Socket
from vitascope.server.app import create_app
from vitascope.server.listen import web_config
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.tasks import accounts


@dataclass
class Inside:
    """A server without a worker, open to this test."""

    url: str
    port: int
    state: ServerState

    def key(self, account: str | None = None) -> str:
        """A new key of the default account, or of a new one."""
        with self.state.services.engine.begin() as connection:
            of = accounts.create_account(connection, account) if account else accounts.default_account(connection)
            return accounts.create_key(connection, of)

    def open(self) -> Socket:
        return Socket(self.url, self.key())

    def wire(self, sent: bytes = b"") -> sockets.socket:
        """A connection that has sent some bytes."""
        wire = sockets.create_connection(("127.0.0.1", self.port), timeout=20)
        wire.sendall(sent)
        return wire


def ended(wire: sockets.socket) -> bytes:
    """Everything that comes until the server closes the connection; a test's time limit is that of the socket."""
    got = b""
    try:
        while more := wire.recv(65536):
            got += more
    except (ConnectionResetError, BrokenPipeError):
        pass
    finally:
        wire.close()
    return got


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    settings = Settings(data=tmp_path / "data")
    app = create_app(settings)
    server = uvicorn.Server(web_config(app, settings))
    listening = sockets.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    port = listening.getsockname()[1]
    yield Inside(f"http://127.0.0.1:{port}", port, app.state.server)
    server.should_exit = True
    thread.join(60)
    assert not thread.is_alive(), "the server did not end"
