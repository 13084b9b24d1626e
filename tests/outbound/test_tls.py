"""TLS: certificates are checked against the name, though an address is called."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.outbound.conftest import MIB, PICTURE, Server, serving
from vitascope.outbound.client import Outbound, OutboundRules
from vitascope.outbound.failures import Unreachable


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
