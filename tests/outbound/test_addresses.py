"""Which addresses may be called: none that is not public, however it is spelt or resolved; and those allowed."""

from __future__ import annotations

import threading
import time
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outbound.conftest import MIB, PICTURE, Server, serving
from vitascope.errors import DeliveryFailed, SetupError
from vitascope.outbound.addresses import Opening, is_public
from vitascope.outbound.client import Outbound, OutboundRules
from vitascope.outbound.failures import AddressRefused, Unreachable


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

    @given(st.ip_addresses(v=6) | st.ip_addresses(network="2000::/3"))  # the latter are public more often than not
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
