"""Decoders that are closed in the middle of a picture: its process ends, and the picture is not blamed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.server.conftest import picture
from vitascope.contract.inputs import picture_file
from vitascope.contract.order import Form, FrameSource
from vitascope.errors import Unavailable
from vitascope.media.decoding import Decoders
from vitascope.values import Position


def our_children() -> set[str]:
    """Empty where the system does not show them."""
    return {child for file in Path("/proc/self/task").glob("*/children") for child in file.read_text().split()}


def test_a_picture_that_is_broken_off_is_not_blamed() -> None:
    data = picture_file(FrameSource(Position.FIRST, Form.DATA_URI, picture(3000, 3000)))
    decoders, before = Decoders(), our_children()
    begun, went_on = threading.Event(), threading.Event()

    def close() -> None:
        assert begun.wait(30)
        decoders.close()
        went_on.set()

    def between() -> None:
        begun.set()
        assert went_on.wait(30)

    closing = threading.Thread(target=close)
    closing.start()
    with pytest.raises(Unavailable):
        decoders.whole(data, between)
    closing.join(30)
    assert our_children() <= before, "no process is left"
    with pytest.raises(Unavailable):
        decoders.whole(data)
