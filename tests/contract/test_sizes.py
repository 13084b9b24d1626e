"""Every documented size is accepted, and no other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vitascope.contract.catalog import CARDS, size_is_in_the_table
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
    def test_accepts_every_documented_size(self, task: Task, model: str) -> None:
        for size in documented(model):
            order = read(task(model, {"width": size.width, "height": size.height}))
            assert order.size == size

    def test_accepts_no_other_pair_of_even_numbers(self, model: str) -> None:
        card, found = CARDS[model], set()
        for width, height in product(range(2, 2301, 2), repeat=2):
            if size_is_in_the_table(card, Size(width, height)):
                found.add(Size(width, height))
        assert found == documented(model)

    @settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_says_so_through_read(self, task: Task, faults_of: FaultsOf, model: str, data: st.DataObject) -> None:
        sides = st.one_of(
            st.integers(-3, 2300),
            st.sampled_from([side for size in documented(model) for side in (size.width, size.height)]),
        )
        width, height = data.draw(sides), data.draw(sides)
        faults = faults_of(task(model, {"width": width, "height": height}))
        if Size(width, height) in documented(model):
            assert faults == ()
        else:
            assert [fault.code for fault in faults] == ["unsupportedDimensions"]
            assert {Size.parse(str(text)) for text in faults[0].allowed_values or ()} == documented(model)


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
