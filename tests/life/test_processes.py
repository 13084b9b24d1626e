"""What the API process is made of while it works: a look at the process itself, not at what is imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.life.conftest import Server
from tests.server.conftest import picture

GRACE = 20.0  # seconds that everything may take to end
MOST_RESIDENT = 110  # MiB
NOT_HERE = ("skia", "cv2", "opencv", "/av/", "libavcodec", "torch", "numpy", "onnxruntime")
NOR_HERE = ("PIL", "pillow", "heif", "de265", "avif", "tiff", "jpeg", "webp", "lcms")


@pytest.fixture
def maps(server: Server) -> Path:
    assert server.process is not None
    return Path(f"/proc/{server.process.pid}/maps")


def test_the_api_process_maps_no_drawing_picture_video_or_model_library(server: Server, maps: Path) -> None:
    if not maps.exists():
        pytest.skip("only Linux shows what a process maps")
    image = picture()
    kept = server.post({"taskType": "imageUpload", "taskUUID": "59d02567-ead8-47ef-94c7-d04dfdcc78b7", "image": image})
    assert kept.json()["data"][0]["imageUUID"]
    for _ in range(3):
        server.wait(server.submit(inputs={"frameImages": [image]}, safety={"mode": "fast"}))
    assert server.get("/docs/errors").status_code == server.get("/openapi.json").status_code == 200
    libraries = {line.split()[-1] for line in maps.read_text().splitlines() if ".so" in line}
    assert len(libraries) > 20, "this looks at the process"
    assert not {library for library in libraries if any(word in library for word in (*NOT_HERE, *NOR_HERE))}
    status = maps.with_name("status").read_text()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert resident is not None and int(resident[1]) / 1024 <= MOST_RESIDENT


def family(pid: int) -> set[int]:
    """All descendants of a process."""
    found: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found |= {child, *family(child)}
    return found


def test_a_terminated_server_ends_its_worker_before_itself(server: Server) -> None:
    """SIGTERM to the one process that a service manager knows, in the middle of a take."""
    assert server.process is not None
    task_uuid = server.submit(duration=5)
    below = family(server.process.pid)
    if not below:
        pytest.skip("only Linux shows a process's children")
    server.process.terminate()
    server.process.wait(GRACE)
    assert not [pid for pid in below if Path(f"/proc/{pid}/cmdline").exists()], "nothing goes on without it"
    server.process.stdout.close() if server.process.stdout else None
    server.process = None
    server.start()
    data, errors = server.wait(task_uuid)
    assert len(data) == 1 and not errors, "a stop is no attempt, and no end"
