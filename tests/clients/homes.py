"""Where the real clients live: virtual environments and node_modules in `.clients`, from the registries, by hash."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HOMES = ROOT / ".clients"
LOCKS = Path(__file__).parent / "locks"
ONE_AT_A_TIME = threading.Lock()
"""Two transports of one client, begun together, share their home."""


def python_home(lock: str) -> Path:
    """The interpreter of a virtual environment that holds exactly the packages of a lock file. Skips if it cannot."""
    requirements = LOCKS / f"{lock}.txt"
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    home = HOMES / f"{lock}-{version}-{_digest(requirements)}"
    python = home / "bin" / "python"
    with ONE_AT_A_TIME:
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            _run([sys.executable, "-m", "venv", "--without-pip", str(home)], ROOT)  # five seconds less each
            pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--disable-pip-version-check"]
            _run(
                [*pip, "--quiet", "--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(requirements)],
                ROOT,
            )
            (home / "ready").touch()
    return python


def node_home(lock: str) -> Path:
    """A folder whose node_modules is exactly a package-lock. Skips where Node is missing or it cannot be filled."""
    if shutil.which("npm") is None:
        pytest.skip("Node is not installed")
    home = HOMES / f"{lock}-{_digest(LOCKS / lock / 'package-lock.json')}"
    with ONE_AT_A_TIME:
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(LOCKS / lock, home)
            _run(["npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"], home)
            (home / "ready").touch()
    return home


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _run(command: list[str], folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode == 0:
        return
    said = (done.stderr + done.stdout)[-2000:]
    if ("HASH" in said.upper() and "MATCH" in said.upper()) or "EINTEGRITY" in said:
        pytest.fail(f"a package is not the one that was locked:\n{said}")
    pytest.skip(f"the client could not be installed (is the registry reachable?):\n{said}")
