"""Every documented size is accepted, and no other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from vitascope.contract.catalog import CARDS, sizes_of
from vitascope.contract.read import read
from vitascope.errors import Fault
from vitascope.values import Size

Task = Callable[..., dict[str, Any]]
FaultsOf = Callable[..., tuple[Fault, ...]]

# Typed from the model pages and section 7.1 of the protocol notes, not taken from the catalogue.
PRO_480 = "864x480 736x544 640x640 544x736 480x864 960x416 416x960"
PRO_1080 = "1920x1088 1664x1248 1440x1440 1248x1664 1088x1920 2176x928 928x2176"
FAST_720 = "1248x704 1120x832 960x960 832x1120 704x1248 1504x640 640x1504"
SOUND_480 = "864x496 752x560 640x640 560x752 496x864 992x432"
SOUND_720 = "1280x720 1112x834 960x960 834x1112 720x1280 1470x630"
SOUND_1080 = "1920x1080 1664x1248 1440x1440 1248x1664 1080x1920 2206x946"

DOCUMENTED = {
    "bytedance:2@1": f"{PRO_480} {PRO_1080}",
    "bytedance:2@2": f"{PRO_480} {FAST_720} {PRO_1080}",
    "bytedance:seedance@1.5-pro": f"{SOUND_480} {SOUND_720} {SOUND_1080}",
}


def documented(model: str) -> set[Size]:
    return {Size.parse(text) for text in DOCUMENTED[model].split()}


@pytest.mark.parametrize("model", CARDS)
class TestEveryModel:
    def test_makes_the_documented_sizes_and_no_other(self, model: str) -> None:
        assert set(sizes_of(CARDS[model])) == documented(model)

    def test_accepts_every_documented_size(self, task: Task, model: str) -> None:
        for size in documented(model):
            order = read(task(model, {"width": size.width, "height": size.height}))
            assert order.size == size

    def test_refuses_their_neighbours(self, task: Task, faults_of: FaultsOf, model: str) -> None:
        """A pixel or a block more or less on one side, and each width with the next size's height."""
        sizes = sorted(documented(model))
        steps = [(dx, dy) for step in (1, 2, 8, 16) for dx, dy in ((step, 0), (-step, 0), (0, step), (0, -step))]
        near = {Size(size.width + dx, size.height + dy) for size in sizes for dx, dy in steps}
        near |= {Size(one.width, other.height) for one, other in pairwise(sizes)}
        near -= documented(model)
        assert len(near) > 200
        for size in near | {Size(0, 0), Size(-864, 480), Size(86400, 48000)}:
            (fault,) = faults_of(task(model, {"width": size.width, "height": size.height}))
            assert fault.code == "unsupportedDimensions"
            assert {Size.parse(str(text)) for text in fault.allowed_values or ()} == documented(model)


def test_widths_are_often_asked_with_a_neighbours_height(task: Task, faults_of: FaultsOf) -> None:
    """864x480 is right for 1.0 and wrong for 1.5, 864x496 the other way round, 864x486 for none."""
    for model, height, ok in [
        ("bytedance:2@1", 480, True),
        ("bytedance:2@1", 496, False),
        ("bytedance:seedance@1.5-pro", 480, False),
        ("bytedance:seedance@1.5-pro", 496, True),
        ("bytedance:seedance@1.5-pro", 486, False),
    ]:
        assert (faults_of(task(model, {"width": 864, "height": height})) == ()) is ok
