"""Where finished files are kept: a local folder or an object store, behind the same four operations.

A file appears under its key whole or not at all. In a local folder it is written under a temporary name, forced to disk
and renamed; object stores promise the same for a (multipart) put. Stored files never change, so any reader may go on
with what it has begun. A folder that has gone (a disk that is not mounted) is a store that fails, not one without
files, and is never made anew while the server runs: files would go to the disk below.
"""

from __future__ import annotations

import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from vitascope.errors import DeliveryFailed, SetupError
from vitascope.settings import PRIVATE, PRIVATE_FOLDER
from vitascope.values import DAY

if TYPE_CHECKING:
    from obstore.store import ObjectStore

CHUNK = 1024 * 1024
PARTIAL = ".partial"
ABANDONED_AFTER = DAY  # after which a file on its way is what a crash left
PROBE = b"\0" * CHUNK  # a store without room for this has none for a video
PROBE_KEY = "probe.txt"

CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".wav": "audio/wav",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
UNKNOWN_TYPE = "application/octet-stream"

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)


class StorageFailed(DeliveryFailed):
    """The file store could not be read or written."""


class NotStored(StorageFailed):
    """There is no file under this key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a stored file. `etag` is quoted as in HTTP; `modified` has a time zone."""

    key: str
    size: int
    etag: str
    content_type: str
    modified: datetime


def is_key(text: str) -> bool:
    """Whether a text can be a key: segments of letters, digits and ._- divided by "/", none starting with a dot."""
    return len(text) <= 512 and _KEY.fullmatch(text) is not None


def content_type_of(key: str) -> str:
    """The media type that a key's ending stands for, the same whichever store holds the file."""
    return CONTENT_TYPES.get(Path(key).suffix.lower(), UNKNOWN_TYPE)


class Storage:
    """Files by key. Threads may share one."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """`folder` is the root of `store` if that is a local folder."""
        self.store = store
        self._folder = folder

    @classmethod
    def open(cls, place: str | Path, options: Mapping[str, Any] | None = None) -> Storage:
        """Open a folder's path or a URL (s3://, gs://, az://, memory://), the latter with obstore's options."""
        if isinstance(place, Path) or "://" not in place:
            return cls._in_folder(Path(place))
        if place.startswith("file://"):
            return cls._in_folder(Path(place.removeprefix("file://")))
        try:
            return cls(from_url(place, **(options or {})))
        except (BaseError, ValueError) as error:
            raise SetupError(f"The file store {place.partition('?')[0]} cannot be opened: {error}") from error

    @classmethod
    def _in_folder(cls, folder: Path) -> Storage:
        folder = folder.absolute()
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        (folder / PARTIAL).mkdir(exist_ok=True, mode=PRIVATE_FOLDER)
        for leftover in (folder / PARTIAL).iterdir():
            with suppress(OSError):  # another process was faster, or it cannot be deleted: nobody needs it to be
                if leftover.stat().st_mtime < time.time() - ABANDONED_AFTER:
                    leftover.unlink()
        return cls(LocalStore(folder), folder)

    def put_file(self, key: str, path: Path) -> Stored:
        """Store a copy of a local file, whole or not at all; an older one under this key is replaced."""
        _check(key)
        try:
            with self._as_failures_of(key):
                if self._folder:
                    _copy_whole(path, self._folder, key)
                else:
                    obstore.put(self.store, key, path, attributes={"Content-Type": content_type_of(key)})
        except NotStored as error:  # the place for it is gone: a bucket, a folder
            raise StorageFailed(f"The file store has no place for {key}.") from error
        stored = self.head(key)
        if stored is None:
            raise StorageFailed(f"{key} was stored, yet it is not there.")
        return stored

    def probe(self) -> None:
        """Write something and remove it. Raises StorageFailed if nothing can be stored now."""
        if self._folder is None:
            with self._as_failures_of(PROBE_KEY):
                obstore.put(self.store, PROBE_KEY, PROBE[:1])
            self.delete(PROBE_KEY)
            return
        path = self._folder / PARTIAL / uuid.uuid4().hex
        try:
            with self._as_failures_of(PROBE_KEY):
                path.write_bytes(PROBE)
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def head(self, key: str) -> Stored | None:
        """What is known of a file; None if there is none."""
        _check(key)
        try:
            with self._as_failures_of(key):
                return _described(obstore.head(self.store, key))
        except NotStored:
            return None

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Bytes `start` to `end` (exclusive) in chunks of at most 1 MiB. Raises NotStored at once."""
        _check(key)
        if end is not None and end <= start:
            return iter(())
        with self._as_failures_of(key):
            span: Any = {"offset": start} if end is None else (start, end)
            whole = start == 0 and end is None  # a range over an empty file would be refused
            found = obstore.get(self.store, key, options={} if whole else {"range": span})
        return self._in_chunks(key, found)

    def delete(self, key: str) -> None:
        """Remove a file; nothing happens if there is none."""
        _check(key)
        try:
            with self._as_failures_of(key):
                obstore.delete(self.store, key)
        except NotStored:
            pass

    @contextmanager
    def _as_failures_of(self, what: str) -> Iterator[None]:
        """Turn the store's errors into ours. An object store's own words are causes only: they may quote headers."""
        try:
            yield
        except FileNotFoundError as error:
            if self._folder and not (self._folder / PARTIAL).is_dir():
                raise StorageFailed(f"The folder of the file store is gone, or lacks {PARTIAL}.") from error
            raise NotStored(f"There is no file {what}.") from error
        except (BaseError, OSError) as error:
            reason = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
            raise StorageFailed(f"The file store failed at {what}{reason}.") from error

    def _in_chunks(self, key: str, found: Any) -> Iterator[bytes]:
        with self._as_failures_of(key):
            for block in found.stream(min_chunk_size=CHUNK // 4):
                view = memoryview(block)
                for start in range(0, len(view), CHUNK):
                    yield bytes(view[start : start + CHUNK])


def _check(key: str) -> None:
    if not is_key(key):
        raise ValueError(f"not a storage key: {key!r}")


def _described(found: Any) -> Stored:
    key, modified = found["path"], found["last_modified"]
    # Some stores keep no tag; size and time say as much about a file that never changes.
    etag = found["e_tag"] or f"{found['size']:x}-{int(modified.timestamp() * 1000):x}"
    etag = etag if etag.endswith('"') else f'"{etag}"'
    return Stored(key, found["size"], etag, content_type_of(key), modified)


def _copy_whole(source: Path, root: Path, key: str) -> None:
    """Copy so that after a crash, even of the machine, the file is there whole or not at all, never in part."""
    target, partial = root / key, root / PARTIAL / uuid.uuid4().hex
    try:
        with source.open("rb") as reader, open(partial, "xb", opener=_private) as writer:
            shutil.copyfileobj(reader, writer, CHUNK)
            writer.flush()
            os.fsync(writer.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(target)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    for folder in Path(key).parents:
        _sync_folder(root / folder)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, PRIVATE)


def _sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk: a new name is safe only then."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
