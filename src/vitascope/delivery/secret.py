"""The key that signs URLs: made once, kept in a file that only its owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from vitascope.errors import SetupError

LENGTH = 32


def load_or_create(path: Path) -> bytes:
    """The 32 random bytes in `path`, made there first if need be. Processes that start together get the same ones."""
    try:
        return _load(path)
    except FileNotFoundError:
        _create(path)
        return _load(path)


def _load(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) != LENGTH:
        raise SetupError(f"{path.name} does not hold a signing key of {LENGTH} bytes. Restore it or remove it.")
    return secret


def _create(path: Path) -> None:
    """Put a finished file under its name; if another process was first, its file stays."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(partial)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
