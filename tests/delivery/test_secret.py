"""The signing key's file."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from vitascope.delivery.secret import load_or_create
from vitascope.errors import SetupError


def test_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    umask = os.umask(0)
    try:
        secret = load_or_create(path)
    finally:
        os.umask(umask)
    assert len(secret) == 32 and len(set(secret)) > 8
    assert load_or_create(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [left.name for left in tmp_path.iterdir()] == ["signing.key"]


def test_two_places_have_two_keys(tmp_path: Path) -> None:
    assert load_or_create(tmp_path / "a") != load_or_create(tmp_path / "b")


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from vitascope.delivery.secret import load_or_create;"
        "sys.stdin.read(); print(load_or_create(pathlib.Path(sys.argv[1])).hex())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "key")]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    answers = {process.communicate(timeout=30)[0].strip() for process in processes}
    assert answers == {(tmp_path / "key").read_bytes().hex()}
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_file_is_never_replaced_in_silence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "signing.key"
    path.write_bytes(content)
    with pytest.raises(SetupError, match=r"signing\.key"):
        load_or_create(path)
    assert path.read_bytes() == content
