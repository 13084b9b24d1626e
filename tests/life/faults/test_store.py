"""A file store that fails at any step: takes wait for it, the queue with them, and all goes on when it is back.

`docs/faults.md` has the table.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.life.faults.station import SOON, Fault, Station, Vanished, at, hurry, until
from tests.server.conftest import picture, stored
from vitascope.delivery.storage import Storage, StorageFailed
from vitascope.server.http.health import ready
from vitascope.worker.worker import Worker

TAKES = 3


class Disk:
    """A real disk of four MiB in memory, which can be full."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filler = folder / "filler"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
        if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("only root may mount a disk here")

    def begin(self) -> None:
        with self._filler.open("wb") as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(bytes(65536))
                file.flush()

    def end(self) -> None:
        self._filler.unlink()

    def remove(self) -> None:
        subprocess.run(["umount", "-l", str(self._folder)], check=True)


@pytest.fixture
def make_station(tmp_path: Path) -> Iterator[Callable[..., Station]]:
    made: list[Station] = []
    with pytest.MonkeyPatch.context() as patch:
        hurry(patch)

        def make(**settings: Any) -> Station:
            made.append(Station(tmp_path / "data", **settings))
            made[-1].start()
            return made[-1]

        yield make
        for station in made:
            station.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk")
    yield made
    made.remove()


def go_through(station: Station, fault: Fault, reason: str) -> None:
    """The fault begins, some tasks come, it lasts, and it ends."""
    fault.begin()
    status, facts = ready(station.state)
    assert status == 503 and re.search(reason, facts["reason"]), facts
    begun = [station.submit(seed=seed) for seed in range(TAKES)]
    until(lambda: station.row("select stage from take where state = 'running'") == ("waiting for the file store",))
    status, facts = ready(station.state)
    assert status == 503 and re.search(reason, facts["reason"]), facts
    assert station.row("select count(*) from take where state = 'queued'") == (TAKES - 1,), "the queue waits with it"
    assert station.row("select sum(attempts) from take") == (1,)
    fault.end()
    until(lambda: all(map(station.ended, begun)))
    for task_uuid in begun:
        [item] = station.client.utility("getResponse", task_uuid).data
        assert item["status"] == "success"
    assert len(stored(station.state, "videos")) == TAKES
    until(lambda: ready(station.state)[0] == 200)


@pytest.mark.parametrize("in_its_place", ["nothing", "a file", "an empty folder"])
def test_a_store_that_has_gone_is_waited_for(make_station: Callable[..., Station], in_its_place: str) -> None:
    station = make_station()
    files = station.settings.data / "files"
    go_through(station, Vanished(files, in_its_place), "the file store fails")
    assert station.row("select sum(attempts) from take") == (TAKES,)


def test_a_store_that_is_full_is_waited_for(make_station: Callable[..., Station], disk: Disk, tmp_path: Path) -> None:
    station = make_station(storage_url=str(tmp_path / "disk" / "files"))
    go_through(station, disk, "No space left on device")
    assert station.row("select sum(attempts) from take") == (TAKES,)


def test_a_disk_that_is_full_while_a_video_is_written_is_waited_for(
    make_station: Callable[..., Station], disk: Disk, tmp_path: Path
) -> None:
    """The worker's own files, not the store's."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "scratch").symlink_to(tmp_path / "disk")
    station = make_station()
    disk.begin()
    task_uuid = station.submit()
    until(lambda: station.row("select stage from take") == ("waiting for disk space",))
    assert "disk space" in ready(station.state)[1]["reason"]
    disk.end()
    until(lambda: station.ended(task_uuid))
    assert station.client.utility("getResponse", task_uuid).data[0]["status"] == "success"


def test_a_stored_picture_is_waited_for(make_station: Callable[..., Station]) -> None:
    station = make_station()
    image = station.client.item("imageUpload", image=picture())["imageUUID"]
    with at((Worker, "_fetch"), Vanished(station.settings.data / "files")) as gate:
        task_uuid = station.submit(inputs={"frameImages": [image]})
        until(gate.reached.is_set)
    until(lambda: station.ended(task_uuid))
    assert station.client.utility("getResponse", task_uuid).data[0]["status"] == "success"


def test_a_take_that_waits_can_be_cancelled(make_station: Callable[..., Station]) -> None:
    station = make_station()
    gone = Vanished(station.settings.data / "files")
    gone.begin()
    task_uuid = station.submit()
    until(lambda: station.row("select stage from take") == ("waiting for the file store",))
    station.client.item("cancelTask", task_uuid)
    following = station.submit()
    gone.end()
    until(lambda: station.ended(following))
    assert station.client.utility("getResponse", task_uuid).errors[0]["code"] == "taskCancelled"
    assert len(stored(station.state, "videos")) == 1


def test_waiting_ends_sometime(make_station: Callable[..., Station]) -> None:
    station = make_station(patience=1)
    gone = Vanished(station.settings.data / "files")
    gone.begin()
    task_uuid = station.submit()
    until(lambda: station.ended(task_uuid))
    [error] = station.client.utility("getResponse", task_uuid).errors
    assert error["code"] == "internalServerError" and "file store" in error["message"]
    gone.end()


class Broken(ThreadingHTTPServer):
    """An object store that answers nothing but one status."""

    daemon_threads = True

    def __init__(self, status: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.mark.parametrize("status", [403, 500, 503])
def test_an_object_store_that_refuses_is_a_store_that_fails(status: int, tmp_path: Path) -> None:
    server = Broken(status)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    options = {
        "endpoint": f"http://127.0.0.1:{server.server_address[1]}",
        "access_key_id": "somebody",
        "secret_access_key": "something",
        "region": "us-east-1",
        "client_options": {"allow_http": True},
        "retry_config": {"max_retries": 0},
    }
    storage = Storage.open("s3://clips/here", options)
    (tmp_path / "clip").write_bytes(b"clip")
    for act in (storage.probe, lambda: storage.put_file("videos/a.mp4", tmp_path / "clip")):
        with pytest.raises(StorageFailed):
            act()
    server.shutdown()
    server.server_close()
    thread.join(20)


def test_pictures_that_cannot_be_kept_are_refused_for_now(make_station: Callable[..., Station]) -> None:
    station = make_station()
    gone = Vanished(station.settings.data / "files")
    gone.begin()
    sent = station.task(inputs={"frameImages": [picture()]})
    for task in (sent, {"taskType": "imageUpload", "taskUUID": sent["taskUUID"], "image": picture()}):
        reply = station.client.ask(task)
        assert [error["code"] for error in reply.errors] == ["serviceUnavailable"]
        assert reply.status == 503 and int(reply.headers["Retry-After"]) > 0
    assert station.row("select count(*) from task") == (0,)
    gone.end()
    assert station.client.ask(sent).data
    until(lambda: station.ended(sent["taskUUID"]))


def test_what_cannot_be_deleted_is_deleted_later(make_station: Callable[..., Station]) -> None:
    station = make_station()
    task_uuid = station.submit()
    until(lambda: station.ended(task_uuid))
    [take] = station.client.takes(task_uuid)
    gone = Vanished(station.settings.data / "files")
    with at((Storage, "delete"), gone, lambda _storage, key: key == take.file_key) as gate:
        station.age(take.id)
        assert gate.over.wait(SOON)
    until(lambda: station.row("select count(*) from take") == (0,))
    assert not stored(station.state, "videos")
