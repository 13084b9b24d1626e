"""The worst picture files at a real server: each is refused by its cause, and nobody else notices."""

from __future__ import annotations

import base64
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.life.conftest import Item, Server, video_task
from tests.media import odd_files
from tests.server.conftest import picture
from vitascope.values import PICTURE_FORMATS, Size


@pytest.fixture(scope="module")
def worst() -> dict[str, bytes]:
    files = {name: data for name, (data, word) in odd_files.bombs().items() if word}
    return {**files, "HEIC: a third is missing": (odd_files.SAMPLES / "tiles.heic").read_bytes()[:700]}


def as_uri(data: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(data).decode()


@pytest.mark.filterwarnings("ignore")
def test_the_worst_files_are_refused_and_nobody_else_notices(server: Server, worst: dict[str, bytes]) -> None:
    assert server.process is not None and len(worst) >= 20
    image = picture()

    def uploaded(data: bytes) -> Item:
        upload = {"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": as_uri(data)}
        item: Item = server.post(upload).json()["errors"][0]
        return item

    def submitted(data: bytes) -> Item:
        reply = server.post(video_task(inputs={"frameImages": [as_uri(data)]}))
        item: Item = reply.json()["errors"][0]
        return item

    with ThreadPoolExecutor(4) as pool:
        bad_uploads, bad_tasks = pool.map(uploaded, worst.values()), pool.map(submitted, worst.values())
        for _ in range(5):
            assert server.get("/healthz").status_code == 200
            server.submit(inputs={"frameImages": [image]})
        for name, upload, task in zip(worst, bad_uploads, bad_tasks, strict=True):
            assert upload["code"] == "invalidImage" and task["code"].startswith("invalidFrameImage"), name
            assert task["parameter"] == "inputs.frameImages.0"
            for item in (upload, task):
                sides = item["code"] != "invalidFrameImage" and item["code"] != "invalidImage"
                assert sides or all(kind in item["message"] for kind in PICTURE_FORMATS), (name, item)
    assert server.process.poll() is None
    log = server.log.read_text()
    assert "Traceback" not in log and "unexpected error" not in log
    if Path("/proc").exists():
        peak = Path(f"/proc/{server.process.pid}/status").read_text().partition("VmHWM:")[2].split()[0]
        assert int(peak) < 400 * 1024, "it decoded in its own memory"
    kept = list((server.data / "files" / "inputs").rglob("*-*"))
    assert len([path for path in kept if path.is_file()]) == 1, "only the good picture is kept"


def test_a_stranger_stores_nothing(server: Server) -> None:
    def kept() -> set[Path]:
        return set((server.data / "files" / "inputs").rglob("*"))

    before = kept()
    upload = {"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": picture(shade=200)}
    task = video_task(inputs={"frameImages": [picture(shade=201)]})
    for headers in ({"Authorization": "Bearer vita_nobody"}, {}):
        reply = server.client.post(server.url, json=[upload, task], headers=headers)
        assert reply.status_code == 401
    assert kept() == before


def test_a_jpeg_without_its_end_becomes_a_video(server: Server) -> None:
    jpeg = odd_files.saved(odd_files.quarters(Size(640, 480)), "JPEG")
    data, errors = server.wait(server.submit(inputs={"frameImages": [as_uri(jpeg[:-2])]}))
    assert len(data) == 1 and not errors


@pytest.mark.parametrize("name", ["plain", "tiles", "turned"])
def test_heic_becomes_a_video(server: Server, name: str) -> None:
    file = (odd_files.SAMPLES / f"{name}.heic").read_bytes()
    data, errors = server.wait(server.submit(inputs={"frameImages": [base64.urlsafe_b64encode(file).decode()]}))
    assert len(data) == 1 and not errors
