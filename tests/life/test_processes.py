"""What the API process is made of while it works: a look at the process itself, not at what is imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.life.conftest import Server
from tests.server.conftest import picture

MOST_RESIDENT = 110  # MiB
NOT_HERE = ("skia", "cv2", "opencv", "/av/", "libavcodec", "torch", "numpy")


@pytest.fixture
def maps(server: Server) -> Path:
    assert server.process is not None
    return Path(f"/proc/{server.process.pid}/maps")


def test_the_api_process_maps_no_drawing_video_or_model_library(server: Server, maps: Path) -> None:
    if not maps.exists():
        pytest.skip("only Linux shows what a process maps")
    image = picture()
    kept = server.post({"taskType": "imageUpload", "taskUUID": "59d02567-ead8-47ef-94c7-d04dfdcc78b7", "image": image})
    assert kept.json()["data"][0]["imageUUID"]
    server.wait(server.submit(inputs={"frameImages": [image]}))
    assert server.get("/docs/errors").status_code == server.get("/openapi.json").status_code == 200
    libraries = {line.split()[-1] for line in maps.read_text().splitlines() if ".so" in line}
    assert len(libraries) > 20, "this looks at the process"
    assert not {library for library in libraries if any(word in library for word in NOT_HERE)}
    status = maps.with_name("status").read_text()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert resident is not None and int(resident[1]) / 1024 <= MOST_RESIDENT
