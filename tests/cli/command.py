"""The command line inside this process: what `vitascope WORDS` prints and its exit code, without starting Python."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from vitascope.cli.main import run


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    stdout: str
    stderr: str
    code: int


def vitascope(folder: Path, *arguments: str) -> Said:
    """Run a command in a folder."""
    out, err = io.StringIO(), io.StringIO()
    called = mock.patch.object(sys, "argv", ["vitascope", *arguments])
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), called:
        try:
            run()
        except SystemExit as ended:
            assert ended.code is None or isinstance(ended.code, int), ended.code
            return Said(out.getvalue(), err.getvalue(), ended.code or 0)
    return Said(out.getvalue(), err.getvalue(), 0)
