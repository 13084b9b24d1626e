"""Pictures decoded in processes of their own: whatever happens there is one picture's error and nobody else's."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media.odd_files import many_scans, quarters, saved
from vitascope.errors import Cancelled
from vitascope.media import decoding
from vitascope.media.decoder import MEMORY
from vitascope.media.decoding import Decoders
from vitascope.media.jpeg import MOST_SCANS
from vitascope.media.kinds import UnreadablePicture
from vitascope.values import Size

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux shows a process's children")
GOOD = saved(quarters(Size(640, 480)), "PNG")
SLOW = many_scans(MOST_SCANS - 10, 5800)  # a valid picture that takes seconds


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    pool = Decoders()
    yield pool
    pool.close()


def children() -> set[int]:
    """The decoding processes of this one."""
    found = {int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}
    return {pid for pid in found if b"vitascope.media.decoder" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_one_process_serves_one_picture_after_the_other(decoders: Decoders) -> None:
    for _ in range(3):
        assert decoders.whole(GOOD) == Size(640, 480)
        with pytest.raises(UnreadablePicture, match="breaks off"):
            decoders.whole(GOOD[:-300])
    assert len(children()) == 1


def test_no_more_processes_than_said_however_many_ask(decoders: Decoders) -> None:
    sizes: list[Size] = []
    threads = [threading.Thread(target=lambda: sizes.append(decoders.whole(GOOD))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sizes == [Size(640, 480)] * 12 and len(children()) <= decoding.PROCESSES


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_process_that_dies_is_one_pictures_error(decoders: Decoders, number: int) -> None:
    """As by a fault in a library, or by the kernel when memory is short: in the middle of one of two pictures."""
    answers: list[Size] = []
    calls = 0

    def die() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            os.kill(max(children()), number)  # the younger one

    neighbour = threading.Thread(target=lambda: answers.append(decoders.whole(SLOW)))
    neighbour.start()
    deadline = time.monotonic() + 60
    while not children():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with pytest.raises(UnreadablePicture, match="its decoder"):
        decoders.whole(SLOW, die)
    neighbour.join(120)
    assert answers == [Size(5800, 5800)]
    assert decoders.whole(GOOD) == Size(640, 480)


def test_a_picture_that_is_no_longer_wanted_ends_its_process(decoders: Decoders) -> None:
    asked = 0

    def cancelled() -> None:
        nonlocal asked
        asked += 1
        if asked == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        decoders.whole(SLOW, cancelled)
    assert children() == set()
    assert decoders.whole(GOOD) == Size(640, 480)


def test_one_that_waits_for_its_turn_can_be_cancelled_too() -> None:
    pool = Decoders(1)
    busy = threading.Thread(target=pool.whole, args=(SLOW,))
    busy.start()
    deadline = time.monotonic() + 60
    while not children():
        assert time.monotonic() < deadline
        time.sleep(0.01)

    def cancelled() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        pool.whole(GOOD, cancelled)
    busy.join(120)
    pool.close()
    assert children() == set()


def test_time_is_bounded(decoders: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "SECONDS", 0.5)
    with pytest.raises(UnreadablePicture, match="too long"):
        decoders.whole(SLOW)
    monkeypatch.undo()
    assert decoders.whole(GOOD) == Size(640, 480)


def test_processor_time_is_bounded_for_each_picture(decoders: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import vitascope.media.decoder as decoder; decoder.CPU = 0; decoder.main()"
    monkeypatch.setattr(decoding, "COMMAND", (sys.executable, "-P", "-c", program))
    with pytest.raises(UnreadablePicture, match="too long"):
        decoders.whole(many_scans(MOST_SCANS - 10, 7900))  # the limit has whole seconds, and one is always given
    assert [decoders.whole(GOOD) for _ in range(3)] == [Size(640, 480)] * 3


def test_memory_is_bounded(decoders: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import vitascope.media.decoder as decoder; decoder.MEMORY = 160 << 20; decoder.main()"
    monkeypatch.setattr(decoding, "COMMAND", (sys.executable, "-P", "-c", program))
    with pytest.raises(UnreadablePicture, match=r"memory|its decoder"):
        decoders.whole(saved(quarters(Size(7900, 7900)), "PNG", compress_level=1))
    assert decoders.whole(GOOD) == Size(640, 480)
    assert MEMORY > 2 * 1024**3


def test_one_that_ended_in_its_idle_time_is_replaced(decoders: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import vitascope.media.decoder as decoder; decoder.MOST_PICTURES = 1; decoder.main()"
    monkeypatch.setattr(decoding, "COMMAND", (sys.executable, "-P", "-c", program))
    for _ in range(3):
        assert decoders.whole(GOOD) == Size(640, 480)


def test_it_gives_up_what_decoding_has_no_need_of(decoders: Decoders) -> None:
    decoders.whole(GOOD)
    [pid] = children()
    limits = {line[:26].strip(): line[26:].split()[0] for line in Path(f"/proc/{pid}/limits").read_text().splitlines()}
    assert limits["Max file size"] == limits["Max core file size"] == "0"
    assert limits["Max address space"] == str(MEMORY) and int(limits["Max open files"]) <= 32
    assert int(limits["Max cpu time"]) < 120


def test_it_ends_when_whoever_started_it_does(decoders: Decoders) -> None:
    decoders.whole(GOOD)
    [pid] = children()
    decoders._free[0]._pipes[0].close()
    deadline = time.monotonic() + 30
    while pid in children():
        assert time.monotonic() < deadline, "it goes on by itself"
        time.sleep(0.02)
