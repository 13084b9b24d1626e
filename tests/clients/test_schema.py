"""Schemathesis against a running server: the OpenAPI document says what the server does, both ways."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.homes import python_home
from tests.life.conftest import Server

pytestmark = [pytest.mark.judge, pytest.mark.slow]

HERE = Path(__file__).parent
FEWEST_CASES = 1000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data", VITASCOPE_MAX_QUEUED="1000000", VITASCOPE_MAX_QUEUED_IN_ALL="1000000")
    yield running.start().ready()
    running.close()


def test_the_openapi_document_and_the_server_agree(server: Server, tmp_path: Path) -> None:
    tool = python_home("schemathesis").parent / "schemathesis"
    command = [str(tool), "--no-color", "run", f"{server.url}/openapi.json", "--seed", "20261121"]
    command += ["--header", f"Authorization: Bearer {server.key}", "--continue-on-failure"]
    command += ["--phases", "coverage,fuzzing", "--max-examples", "150"]
    # In place of these two, schema_checks has sharper ones.
    command += ["--checks", "all", "--exclude-checks", "positive_data_acceptance,negative_data_rejection"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "schema_checks.py")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    generated = re.search(r"(\d+) generated", done.stdout)
    assert generated and int(generated[1]) >= FEWEST_CASES, done.stdout[-1500:]
