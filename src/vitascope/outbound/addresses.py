"""Which addresses may be called: public ones, and what the operator opened. Pure: nothing here touches the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

from vitascope.errors import SetupError

LOOPBACK = ("127.0.0.1", "::1")
# Top-level names that lead nowhere outside: RFC 6761 and 6762, the home network's (RFC 8375), ICANN's private one.
_PRIVATE_NAMES = ("internal", "local", "lan", "home.arpa", "invalid", "test")

# IANA's special-purpose registries. Written out because the tables in `ipaddress` differ between Python versions.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: cloud metadata services live here
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Only 2000::/3 is given out as global unicast; that alone leaves out v4-mapped and v4-compatible addresses, NAT64
# (64:ff9b::/96), unique-local, link-local, site-local and multicast.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a host on the public Internet and carries no other address inside."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not any(ip in network for network in _CLOSED_V4)
    return ip in _OPEN_V6 and not any(ip in network for network in _CLOSED_V6)


def is_disguised(host: str) -> bool:
    """An IPv4 address in disguise: "2130706433", "0x7f.1", "0177.0.0.1"."""
    last = host.rstrip(".").rpartition(".")[2]
    if not (last.isdigit() or last.startswith("0x")):
        return False
    try:
        return str(IPv4Address(host)) != host
    except ValueError:
        return True


@dataclass(frozen=True, slots=True)
class Opening:
    """One entry of the operator's list."""

    place: IPv4Network | IPv6Network | str
    port: int | None

    @classmethod
    def parse(cls, entry: str) -> Opening:
        """Read "10.0.0.0/8", "::1", "[::1]:8080", "minio" or "minio:9000". Raises SetupError on anything else."""
        text = entry.strip().lower()
        name, colon, port = text.rpartition(":")
        if not colon or (":" in name and not name.endswith("]")):
            name, port = text, ""
        name = name.removeprefix("[").removesuffix("]").rstrip(".")
        if not name or (port and not (port.isascii() and port.isdigit())) or set(name) & set("@?#*\\ "):
            raise SetupError(f"'{entry}' is not a host, an address or a network that calls can be allowed to.")
        try:
            return cls(ip_network(name), int(port) if port else None)
        except ValueError:
            if "/" in name:
                raise SetupError(f"'{entry}' is not a network that calls can be allowed to.") from None
            return cls(name, int(port) if port else None)

    def admits(self, host: str, address: str, port: int) -> bool:
        """Whether this entry opens the way to `address`, reached under the name `host`."""
        if self.port not in (None, port):
            return False
        if isinstance(self.place, str):
            return self.place == host.rstrip(".").lower()
        return ip_address(address) in self.place


def may_call(host: str, address: str, port: int, openings: Sequence[Opening]) -> bool:
    """Whether `address`, reached under the name `host`, is public or opened."""
    return is_public(address) or any(opening.admits(host, address, port) for opening in openings)


def may_turn_out_callable(host: str, port: int, openings: Sequence[Opening]) -> bool:
    """False for a host that surely may not be called, before it is looked up: what stands there is told at once.

    A name without a dot or of a private network is not public; it may still be one of the places that are opened.
    """
    name = host.rstrip(".").lower()
    try:
        return may_call(host, str(ip_address(name)), port, openings)
    except ValueError:
        pass  # a name
    if name == "localhost" or name.endswith(".localhost"):
        return any(may_call(host, address, port, openings) for address in LOOPBACK)
    if "." in name and not name.endswith(tuple(f".{private}" for private in _PRIVATE_NAMES)):
        return True
    ways = [opening for opening in openings if opening.port in (None, port)]
    return any(opening.place == name or not isinstance(opening.place, str) for opening in ways)
