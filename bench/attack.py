"""Whether anybody, with a key or without, can stop the server: each attack of `bench.attacks` against one of its own.

Times are less what the two threads concerned, the server's and the asking one, waited for a core: other work of the
machine is not the server's fault.

Run: python -m bench.attack [NAME ...]. Loopback only. While an attack goes on, /healthz is asked all the time, and
another account sends tasks. Prints a table; ends with 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.attacks import ATTACKS, MIB, Target, half_requests, pictures_without_credit, video
from bench.sockets import resident
from tests.cli.command import vitascope
from tests.life.conftest import Server

PAUSE, ACCEPT, GROWTH, KEPT = 0.5, 1.0, 1.2, 1.0
"""The bars: seconds, seconds, times the memory of before, MiB of pictures that nobody paid for."""

LONGEST = 90.0  # seconds after which an attack is ended from outside
SETTLING = 20.0  # seconds in which memory may come back
FILES = 1024  # open files that the server may have, which is the usual limit


@dataclass
class Probe:
    """Asks one thing again and again, each time over a connection of its own, and notes how long it took."""

    ask: Callable[[http.client.HTTPConnection], bytes]
    server: Server
    pause: float
    longest: float = 0.0
    refused: int = 0
    _ending: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._ending.is_set():
            begun = time.monotonic() - self._starved()
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
            try:
                self.refused += b"errors" in self.ask(connection)
            except (OSError, http.client.HTTPException):
                self.refused += 1
            finally:
                connection.close()
            self.longest = max(self.longest, time.monotonic() - self._starved() - begun)
            self._ending.wait(self.pause)

    def _starved(self) -> float:
        """Seconds that the server's main thread and this one have been ready to run and had no core."""
        assert self.server.process is not None
        threads = (
            f"{self.server.process.pid}/task/{self.server.process.pid}",
            f"self/task/{threading.get_native_id()}",
        )
        return sum(int(Path(f"/proc/{each}/schedstat").read_text().split()[1]) for each in threads) / 1e9

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(60)


def healthz(connection: http.client.HTTPConnection) -> bytes:
    connection.request("GET", "/healthz")
    return connection.getresponse().read()


def submitting(key: str) -> Callable[[http.client.HTTPConnection], bytes]:
    def submit(connection: http.client.HTTPConnection) -> bytes:
        connection.request("POST", "/v1", json.dumps([video()]), {"Authorization": f"Bearer {key}"})
        return connection.getresponse().read()

    return submit


def account(server: Server, name: str, credit: str | None = None) -> str:
    """A key of a new account."""
    lines: list[tuple[str, ...]] = [("accounts", "create", name)]
    lines += [("accounts", "credit", name, credit)] if credit else []
    for words in (*lines, ("keys", "create", "--account", name)):
        done = vitascope(server.data.parent, *words, "--data", str(server.data))
        assert done.code == 0, done.stderr
    return done.stdout.strip()


def kept(server: Server) -> float:
    """MiB of pictures in the server's store."""
    return sum(path.stat().st_size for path in (server.data / "files" / "inputs").rglob("*") if path.is_file()) / MIB


def settled(pid: int, bar: float) -> float:
    """MiB of memory once they are below the bar, or when the time is up."""
    until = time.monotonic() + SETTLING
    while (now := resident(pid)) > bar and time.monotonic() < until:
        time.sleep(0.5)
    return now


def run(attack: Callable[[Target], None], server: Server, target: Target, other: str) -> bool:
    """Run one attack and print its row. True if it misses no bar."""
    assert server.process is not None
    pid = server.process.pid
    before, pictures = resident(pid), kept(server)
    probes = [Probe(healthz, server, 0.02), Probe(submitting(other), server, 0.3)]
    number = 2 if attack is half_requests else 1
    spawn = multiprocessing.get_context("spawn")
    attackers = [spawn.Process(target=attack, args=(target,), daemon=True) for _ in range(number)]
    for each in attackers:
        each.start()
    highest, until = before, time.monotonic() + LONGEST
    while any(each.is_alive() for each in attackers) and time.monotonic() < until:
        highest = max(highest, resident(pid))
        time.sleep(0.05)
    for each in attackers:
        each.kill()
        each.join()
    for probe in probes:
        probe.stop()
    after, grown = settled(pid, before * GROWTH), kept(server) - pictures
    pause, accept = (probe.longest for probe in probes)
    refused = sum(probe.refused for probe in probes)
    unpaid = grown if attack is pictures_without_credit else 0.0
    good = pause <= PAUSE and accept <= ACCEPT and after <= before * GROWTH and unpaid <= KEPT and not refused
    memory = f"{before:5.0f} {highest:5.0f} {after:5.0f}"
    print(
        f"| {attack.__name__:<24} | {pause:6.2f} | {accept:6.2f} | {refused:7} | {memory} "
        f"| {unpaid:5.1f} | {'ok' if good else 'MISSED':<7} |",
        flush=True,
    )
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(attack.__name__ for attack in ATTACKS)}")
    names = parser.parse_args().names
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data").start().ready()
        try:
            target = Target(server.port, account(server, "attacker"), account(server, "poor", "0.001"))
            other = account(server, "other")
            warm = [Probe(submitting(key), server, 0.05) for key in (other, target.key)]
            time.sleep(5)
            for probe in warm:
                probe.stop()
            print("| attack                   | pause s | accept s | refused | MiB before, highest, after | kept | |")
            print("|---|---|---|---|---|---|---|", flush=True)
            chosen = [attack for attack in ATTACKS if not names or attack.__name__ in names]
            good = [run(attack, server, target, other) for attack in chosen]
        finally:
            server.close()
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
