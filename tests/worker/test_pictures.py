"""Frame images of a take: a cancellation ends their decoding, a file that broke its decoder is the take's own error."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import numpy as np
import pytest

from tests.media.odd_files import many_scans, quarters, saved
from vitascope.contract.order import Order
from vitascope.contract.read import read
from vitascope.engines.protocol import Unattended
from vitascope.errors import Cancelled, Refused
from vitascope.media.decoding import Decoders
from vitascope.values import Size
from vitascope.worker.produce import plan_shot


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    pool = Decoders()
    yield pool
    pool.close()


class CancelledAtOnce(Unattended):
    """The third time that it is asked."""

    asked = 0

    def cancelled(self) -> bool:
        self.asked += 1
        return self.asked > 2


def order() -> Order:
    task = {"taskType": "videoInference", "taskUUID": str(uuid.uuid4()), "model": "bytedance:2@2"}
    url = "https://example.com/picture.jpg"
    return read({**task, "positivePrompt": "a door", "width": 864, "height": 480, "inputs": {"frameImages": [url]}})


def test_a_picture_is_fitted(decoders: Decoders) -> None:
    shot = plan_shot(order(), 1, lambda _source: saved(quarters(Size(640, 480)), "PNG"), decoders, Unattended())
    assert shot.first is not None and shot.first.shape == (480, 864, 3) and shot.first.dtype == np.uint8
    assert shot.first[100, 100].tolist() == [230, 20, 20] and shot.first[-100, -100].tolist() == [255, 255, 255]


def test_cancelling_ends_the_decoding(decoders: Decoders) -> None:
    slow = many_scans(30, 5800)
    with pytest.raises(Cancelled):
        plan_shot(order(), 1, lambda _source: slow, decoders, CancelledAtOnce())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!doctype html><title>404</title>", "HTML"),
        (saved(quarters(Size(640, 480)), "PNG")[:-300], "breaks off"),
        (many_scans(700), "scans"),
    ],
)
def test_what_a_url_gives_is_judged_as_at_submission(decoders: Decoders, data: bytes, words: str) -> None:
    with pytest.raises(Refused) as caught:
        plan_shot(order(), 1, lambda _source: data, decoders, Unattended())
    [fault] = caught.value.faults
    assert (fault.code, fault.parameter) == ("invalidFrameImage", "inputs.frameImages.0")
    assert words in fault.message and "HEIC" in fault.message
