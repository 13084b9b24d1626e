"""`docker stop` in the middle of takes: no attempt is counted, nothing goes on without the server, all takes end."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import pytest

from tests.life.conftest import Server
from tests.life.stops import alive, stop_again_and_again

TIMES = 3  # more: python -m bench.stops


def test_a_stop_is_no_attempt_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """With the engine that has processes of its own, which have more."""
    mark = uuid.uuid4().hex
    server = Server(tmp_path / "data", "filmset", STOPS_MARK=mark)
    try:
        server.start()
        if not alive(mark):
            pytest.skip("only Linux shows what processes were started with")
        server.stop()
        stops = stop_again_and_again(server, mark, TIMES, {}, random.Random(4))
    finally:
        server.close()
    assert stops.in_the_middle and not stops.orphans
    assert (stops.ended_well, stops.takes, stops.attempts) == (TIMES, TIMES, 0)
