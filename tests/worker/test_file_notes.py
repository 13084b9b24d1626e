"""What a finished file tells of the request it came from: nothing, unless the operator wants it to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.conftest import open_account
from vitascope.contract.catalog import FAST
from vitascope.media.probe import probe
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.worker.made import Finished
from vitascope.worker.worker import Worker

PROMPT = "Zephyrine's unreleased lighthouse commercial"
SEED = 3141592653
HOOK = "https://hooks.example.com/secret-path?token=squirrel"


def made(folder: Path, settings: Settings, container: str) -> tuple[str, Path]:
    """One take, made and kept: its task and a copy of the file."""
    state = ServerState(settings)
    worker = Worker(settings)
    try:
        client = open_account(state, "alice")
        wanted = {"positivePrompt": PROMPT, "seed": SEED, "webhookURL": HOOK, "outputFormat": container}
        task_uuid = client.submit(model=FAST.model, duration=1.2, outputQuality=40, **wanted)
        finished = worker.make(client.takes(task_uuid)[0].id)
        assert isinstance(finished, Finished)
        copy = folder / f"copy.{container.lower()}"
        copy.write_bytes(b"".join(state.services.storage.read(finished.file_key)))
        return task_uuid, copy
    finally:
        worker.close()
        state.close()


@pytest.mark.parametrize("container", ["MP4", "WEBM", "MOV"])
def test_a_file_tells_nothing_of_its_request(tmp_path: Path, container: str) -> None:
    task_uuid, copy = made(tmp_path, Settings(data=tmp_path, engine="testcard", processes=1), container)
    held = copy.read_bytes()
    for told in (PROMPT[:20], str(SEED), task_uuid, "hooks.example.com", "squirrel", FAST.model, "alice"):
        assert told.encode() not in held, told
    assert probe(copy).notes.get("title") is None
    assert "testcard" in probe(copy).notes["comment"], "what made it is told: a viewer may ask whether it is generated"


@pytest.mark.parametrize("container", ["MP4", "WEBM", "MOV"])
def test_an_operator_may_want_titles(tmp_path: Path, container: str) -> None:
    settings = Settings(data=tmp_path, engine="testcard", processes=1, title_from_prompt=True)
    _, copy = made(tmp_path, settings, container)
    notes = probe(copy).notes
    assert notes["title"] == PROMPT and str(SEED) in notes["comment"] and FAST.model in notes["comment"]
