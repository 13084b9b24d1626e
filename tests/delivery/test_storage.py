"""The file store: the same in a folder, in memory and, where moto's server is at hand, over the S3 protocol."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import obstore
import pytest

from vitascope.delivery.links import LONGEST_PRESIGNED, presigned
from vitascope.delivery.storage import PARTIAL, NotStored, Storage, StorageFailed, content_type_of, is_key
from vitascope.errors import SetupError

MIB = 1024 * 1024
CLIP = os.urandom(7 * MIB + 123)
KEY = "takes/2a/clip.mp4"


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that speaks the real S3 protocol."""
    program = shutil.which("moto_server", path=str(Path(sys.executable).parent))
    assert program is not None, "moto[server] is one of the development dependencies: run make setup"
    path = tmp_path_factory.mktemp("moto") / "log"
    with path.open("wb") as log:
        server = subprocess.Popen([program, "-H", "127.0.0.1", "-p", "0"], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 30
        while not (found := re.search(r"Running on (http://127.0.0.1:\d+)", path.read_text())):
            assert server.poll() is None and time.monotonic() < deadline, (
                f"moto_server did not start: {path.read_text()}"
            )
            time.sleep(0.1)
        assert ask(f"{found[1]}/clips", "PUT")[0] == 200
        yield found[1]
    finally:
        server.terminate()
        server.wait(10)


def ask(url: str, method: str = "GET") -> tuple[int, bytes, http.client.HTTPMessage]:
    """One plain request: status, body, headers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(method, f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def s3_storage(endpoint: str) -> Storage:
    options = {
        "endpoint": endpoint,
        "access_key_id": "somebody",
        "secret_access_key": "something",
        "region": "us-east-1",
        "client_options": {"allow_http": True},
    }
    return Storage.open("s3://clips/here", options)


def keys(storage: Storage) -> list[str]:
    """Every key in a store; files on their way have none."""
    return [found["path"] for batch in obstore.list(storage.store) for found in batch if is_key(found["path"])]


@pytest.fixture(params=["folder", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage.open(tmp_path / "files")
    if request.param == "memory":
        return Storage.open("memory://")
    storage = s3_storage(request.getfixturevalue("s3_endpoint"))
    for key in keys(storage):
        storage.delete(key)
    return storage


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "scratch.bin"
    path.write_bytes(CLIP)
    return path


class TestEveryStore:
    def test_gives_back_what_was_put(self, storage: Storage, clip: Path) -> None:
        stored = storage.put_file(KEY, clip)
        chunks = list(storage.read(KEY))
        assert b"".join(chunks) == CLIP
        assert 0 < max(map(len, chunks)) <= MIB and {type(chunk) for chunk in chunks} == {bytes}
        assert stored == storage.head(KEY)
        assert (stored.key, stored.size, stored.content_type) == (KEY, len(CLIP), "video/mp4")
        assert stored.etag[0] == stored.etag[-1] == '"' and '"' not in stored.etag[1:-1] != ""
        assert abs(datetime.now(UTC) - stored.modified) < timedelta(minutes=1)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (0, 1),
            (5, 5),
            (9, 3),
            (1, 2 * MIB),
            (MIB, None),
            (len(CLIP) - 1, len(CLIP)),
            (len(CLIP) - 5, len(CLIP) + 99),
        ],
    )
    def test_reads_a_part(self, storage: Storage, clip: Path, start: int, end: int | None) -> None:
        storage.put_file(KEY, clip)
        assert b"".join(storage.read(KEY, start, end)) == CLIP[start:end]

    def test_keeps_an_empty_file(self, storage: Storage, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        assert storage.put_file("empty.txt", tmp_path / "empty").size == 0
        assert b"".join(storage.read("empty.txt")) == b""
        assert b"".join(storage.read("empty.txt", 0, 0)) == b""

    def test_replaces_and_removes(self, storage: Storage, clip: Path, tmp_path: Path) -> None:
        (tmp_path / "second").write_bytes(b"second")
        first = storage.put_file(KEY, clip)
        second = storage.put_file(KEY, tmp_path / "second")
        assert second.etag != first.etag
        assert b"".join(storage.read(KEY)) == b"second"
        storage.delete(KEY)
        storage.delete(KEY)
        assert storage.head(KEY) is None
        with pytest.raises(NotStored):
            storage.read(KEY)

    def test_a_missing_source_leaves_nothing(self, storage: Storage, tmp_path: Path) -> None:
        with pytest.raises(StorageFailed):
            storage.put_file(KEY, tmp_path / "absent")
        assert storage.head(KEY) is None
        assert keys(storage) == []

    @pytest.mark.parametrize("key", ["../secret", "a/../../b", "/etc/passwd", "a//b", "a/", "", ".partial/x", "a\\b"])
    def test_takes_no_key_that_leads_elsewhere(self, storage: Storage, clip: Path, key: str) -> None:
        for act in (storage.head, storage.read, storage.delete):
            with pytest.raises(ValueError, match="not a storage key"):
                act(key)
        with pytest.raises(ValueError, match="not a storage key"):
            storage.put_file(key, clip)


class TestFolder:
    def test_a_reader_sees_the_old_file_or_the_new_one_whole(self, tmp_path: Path) -> None:
        """Other threads read while the file is replaced many times; each reading is all of one version."""
        storage = Storage.open(tmp_path / "files")
        for letter in b"ab":
            (tmp_path / chr(letter)).write_bytes(bytes([letter]) * MIB)
        storage.put_file(KEY, tmp_path / "a")
        reading = threading.Event()

        def write() -> None:
            assert reading.wait(20)
            for turn in range(100):
                storage.put_file(KEY, tmp_path / "ba"[turn % 2])

        with ThreadPoolExecutor(1) as threads:
            writer = threads.submit(write)
            seen = []
            while not writer.done():
                body = b"".join(storage.read(KEY))
                assert len(body) == MIB and len(set(body)) == 1
                seen.append(body[0])
                reading.set()
            writer.result()
        changes = sum(one != other for one, other in pairwise(seen))
        assert changes >= 2, "the readings fell between the writings"

    def test_a_file_that_cannot_be_finished_leaves_no_trace(self, tmp_path: Path, clip: Path) -> None:
        storage = Storage.open(tmp_path / "files")
        (tmp_path / "files" / "taken").mkdir()
        with pytest.raises(StorageFailed):
            storage.put_file("taken", clip)  # a folder stands where the file should go
        assert list((tmp_path / "files" / PARTIAL).iterdir()) == []

    def test_what_a_crash_left_is_removed_a_day_later(self, tmp_path: Path) -> None:
        partial = tmp_path / "files" / PARTIAL
        partial.mkdir(parents=True)
        for name, age in (("old", 2 * 86_400), ("fresh", 60)):
            (partial / name).touch()
            os.utime(partial / name, (time.time() - age,) * 2)
        storage = Storage.open(str(tmp_path / "files"))
        assert [left.name for left in partial.iterdir()] == ["fresh"]
        assert keys(storage) == []

    def test_a_url_of_a_folder_is_that_folder(self, tmp_path: Path, clip: Path) -> None:
        Storage.open(f"file://{tmp_path}/files").put_file(KEY, clip)
        assert (tmp_path / "files" / KEY).read_bytes() == CLIP

    def test_cannot_sign(self, tmp_path: Path) -> None:
        assert presigned(Storage.open(tmp_path), KEY, 60) is None


class TestS3:
    def test_a_presigned_url_needs_no_key(self, s3_endpoint: str, clip: Path) -> None:
        storage = s3_storage(s3_endpoint)
        storage.put_file(KEY, clip)
        url = presigned(storage, KEY, 60)
        assert url is not None
        status, body, headers = ask(url)
        assert (status, body == CLIP, headers["Content-Type"]) == (200, True, "video/mp4")

    def test_signs_no_longer_than_the_scheme_allows(self) -> None:
        storage = s3_storage("http://127.0.0.1:1")
        assert presigned(storage, KEY, LONGEST_PRESIGNED) is not None
        assert presigned(storage, KEY, LONGEST_PRESIGNED + 1) is None
        assert presigned(storage, KEY, 0) is None
        with pytest.raises(ValueError, match="not a storage key"):
            presigned(storage, "../x", 60)


@pytest.mark.parametrize("place", ["nonsense://x", "az://"])
def test_a_place_that_cannot_be_opened_is_said_at_start(place: str) -> None:
    with pytest.raises(SetupError):
        Storage.open(place)


@pytest.mark.parametrize(
    ("key", "content_type"),
    [
        ("a.mp4", "video/mp4"),
        ("a.WEBM", "video/webm"),
        ("x/a.mov", "video/quicktime"),
        ("a", "application/octet-stream"),
    ],
)
def test_types_by_ending(key: str, content_type: str) -> None:
    assert content_type_of(key) == content_type


def test_keys() -> None:
    assert is_key("a/b-c_d.e/F.mp4") and is_key("a" * 512)
    for text in ("a" * 513, "a b", "ä", "a?b", "a%2e", "a\n", "a/.b", ".a", "a/./b", "a:b"):
        assert not is_key(text)
