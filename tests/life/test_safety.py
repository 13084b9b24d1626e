"""The safety check on real servers: from the request's `safety` to `NSFWContent` in polls and webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life.conftest import Receiver, Server
from tests.life.test_processes import family
from vitascope.safety.description import BUILT_IN

MODES = {
    "absent": None,
    "none": {"mode": "none"},
    "off": {"checkContent": False},
    "on": {"checkContent": True},
    "fast": {"mode": "fast"},
    "full": {"mode": "full"},
}


@pytest.fixture
def suspicious(tmp_path: Path) -> Iterator[Server]:
    """A server whose detector flags the ordinary: the same network, other rules."""
    text = BUILT_IN.read_text(encoding="utf-8")
    text = text.replace('"hentai+porn" = 0.8', '"drawing+neutral" = 0.2')
    path = tmp_path / "suspicious.toml"
    path.write_text(text.replace('"nsfwjs.onnx"', f'"{BUILT_IN.with_suffix(".onnx")}"'), encoding="utf-8")
    server = Server(tmp_path / "data", VITASCOPE_SAFETY_MODEL=str(path)).start()
    yield server
    server.close()


def verdicts(server: Server) -> dict[str, bool | None]:
    """NSFWContent by mode; None where the result has no such entry."""
    found = {}
    for name, safety in MODES.items():
        data, errors = server.wait(server.submit(safety=safety))
        assert not errors and data[0]["videoURL"], "the documents have a flag, and no error, for what is found"
        found[name] = data[0].get("NSFWContent")
    return found


def test_what_a_detector_finds_is_told_and_nothing_else_changes(suspicious: Server, receiver: Receiver) -> None:
    assert verdicts(suspicious) == {"absent": None, "none": None, "off": None, "on": True, "fast": True, "full": True}
    suspicious.submit(safety={"mode": "fast"}, webhookURL=f"{receiver.url}/hook")
    assert receiver.wait(1)[0].json()["NSFWContent"] is True


def test_the_built_in_detector_leaves_a_test_card_alone(server: Server) -> None:
    assert verdicts(server) == {"absent": None, "none": None, "off": None, "on": False, "fast": False, "full": False}
    data, _ = server.wait(server.submit(safety={"mode": "fast"}, positivePrompt="a nude figure"))
    assert data[0]["NSFWContent"] is True, "words count as well"


def test_only_a_worker_that_checks_loads_the_network(tmp_path: Path) -> None:
    if not Path("/proc/self/maps").exists():
        pytest.skip("only Linux shows what a process maps")
    server = Server(tmp_path / "data").start()

    def loaded() -> list[int]:
        pids = [server.process.pid, *family(server.process.pid)] if server.process else []
        return [pid for pid in pids if "onnxruntime" in Path(f"/proc/{pid}/maps").read_text()]

    try:
        server.wait(server.submit())
        assert loaded() == []
        server.wait(server.submit(safety={"checkContent": True}))
        assert server.process is not None
        assert len(loaded()) == 1 and loaded() != [server.process.pid]
    finally:
        server.close()
