"""Sizes that follow the picture, and prices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.contract.catalog import CARDS
from vitascope.contract.pricing import nearest_size, own_rates, possible_sizes, price, resolve_size, shown
from vitascope.contract.rates import TokenRates, tokens
from vitascope.contract.read import read
from vitascope.errors import SetupError
from vitascope.values import Size

Task = Callable[..., dict[str, Any]]

SOUND = "bytedance:seedance@1.5-pro"
FRAME = {"inputs": {"frameImages": ["https://example.com/a.jpg"]}}


def unsized(**values: Any) -> dict[str, Any]:
    return {"width": None, "height": None, **values}


@pytest.mark.parametrize(
    ("model", "resolution", "size"),
    [
        ("bytedance:2@1", "480p", "864x480"),
        ("bytedance:2@1", "1080p", "1920x1088"),
        ("bytedance:2@2", "720p", "1248x704"),
        (SOUND, "480p", "864x496"),
        (SOUND, "720p", "1280x720"),
        (SOUND, "1080p", "1920x1080"),
    ],
)
def test_resolution_alone_is_wide(task: Task, model: str, resolution: str, size: str) -> None:
    order = read(task(model, unsized(resolution=resolution)))
    assert resolve_size(order, None) == order.size == Size.parse(size)


@pytest.mark.parametrize(
    ("model", "resolution"), [("bytedance:2@1", "1080p"), ("bytedance:2@2", "1080p"), (SOUND, "720p")]
)
def test_frames_alone_have_a_resolution_of_their_own(task: Task, model: str, resolution: str) -> None:
    order = read(task(model, unsized(**FRAME)))
    assert order.size is None and order.resolution == resolution
    assert resolve_size(order, Size(4000, 3000)) == CARDS[model].sizes[resolution]["4:3"]


@pytest.mark.parametrize(
    ("picture", "ratio"),
    [
        (Size(1920, 1080), "16:9"),
        (Size(1024, 768), "4:3"),
        (Size(500, 500), "1:1"),
        (Size(768, 1024), "3:4"),
        (Size(1080, 1920), "9:16"),
        (Size(2500, 1000), "21:9"),
        (Size(1000, 2500), "9:21"),
        (Size(1200, 1000), "4:3"),
        (Size(1150, 1000), "1:1"),
    ],
)
def test_the_first_picture_decides(task: Task, picture: Size, ratio: str) -> None:
    order = read(task("bytedance:2@1", unsized(resolution="480p", **FRAME)))
    assert resolve_size(order, picture) == CARDS["bytedance:2@1"].sizes["480p"][ratio]


def test_a_size_that_was_asked_for_wins_over_the_picture(task: Task) -> None:
    assert resolve_size(read(task(changes=FRAME)), Size(100, 900)) == Size(864, 480)


def test_a_size_that_depends_on_a_picture_is_not_guessed(task: Task) -> None:
    with pytest.raises(ValueError, match="frame image"):
        resolve_size(read(task(changes=unsized(**FRAME))), None)


@given(st.sampled_from(list(CARDS)), st.floats(0.4, 2.5))
def test_no_other_size_is_nearer(model: str, ratio: float) -> None:
    card = CARDS[model]
    for resolution, row in card.sizes.items():
        found = nearest_size(card, resolution, ratio)
        error = max(found.ratio / ratio, ratio / found.ratio)
        assert all(error <= max(size.ratio / ratio, ratio / size.ratio) + 1e-12 for size in row.values())


@pytest.mark.parametrize(
    ("settings", "usd"),
    [
        ({}, "2.40"),
        ({"audio": False}, "1.20"),
        ({"draft": True}, "1.44"),
        ({"draft": True, "audio": False}, "0.72"),
    ],
)
def test_rates_of_the_model_with_sound(task: Task, settings: dict[str, bool], usd: str) -> None:
    order = read(task(SOUND, {"providerSettings": {"bytedance": settings}}))
    assert price(order, Size(864, 496)) == tokens(Size(864, 496), 121) * Decimal(usd) / 1_000_000


def test_tokens_are_whole() -> None:
    assert tokens(Size(864, 496), 121) == 50638  # 50638.3...


def test_an_operator_may_set_own_rates(task: Task) -> None:
    order = read(task())
    size = Size(864, 480)
    assert price(order, size, {"bytedance:2@1": TokenRates(Decimal(0), Decimal(0))}) == 0
    assert price(order, size, {SOUND: TokenRates(Decimal(0), Decimal(0))}) == price(order, size)


@pytest.mark.parametrize(
    ("exact", "five"),
    [("0.0381125", 0.03811), ("0.7749799", 0.77498), ("0.000005", 0.00001), ("0", 0.0), ("1.234565", 1.23457)],
)
def test_shown_has_five_decimals(exact: str, five: float) -> None:
    assert shown(Decimal(exact)) == five


def test_possible_sizes(task: Task) -> None:
    assert possible_sizes(read(task())) == (Size(864, 480),)
    sizes = possible_sizes(read(task(changes=unsized(resolution="480p", **FRAME))))
    assert set(sizes) == set(CARDS["bytedance:2@1"].sizes["480p"].values())


def test_own_rates_keep_the_catalogues_proportions(task: Task) -> None:
    rates = own_rates({SOUND: 10.0, "bytedance:2@1": 0})
    quiet = {"providerSettings": {"bytedance": {"audio": False}}}
    drafted = {"providerSettings": {"bytedance": {"draft": True}}}
    loud, silent, draft = (read(task(SOUND, changes)) for changes in ({}, quiet, drafted))
    size = Size(864, 496)
    assert price(loud, size, rates) == Decimal(10) * tokens(size, 121) / 1_000_000
    assert price(silent, size, rates) * 2 == price(loud, size, rates)
    assert price(draft, size, rates) == price(loud, size, rates) * Decimal("0.6")
    assert price(read(task("bytedance:2@1")), size, rates) == 0
    assert price(read(task("bytedance:2@2")), size, rates) > 0, "the catalogue's"
    for wrong in ({"bytedance:9@9": 1.0}, {SOUND: -1.0}, {SOUND: float("nan")}):
        with pytest.raises(SetupError):
            own_rates(wrong)
