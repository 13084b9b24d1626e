"""Orders: exact there and back through JSON, the seeds of their takes, and what clients send beside the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vitascope.contract.catalog import CARDS, LONGEST_TTL
from vitascope.contract.inputs import canonical_uuid
from vitascope.contract.order import Form, FrameSource, Order
from vitascope.contract.pricing import price
from vitascope.contract.read import read
from vitascope.errors import Fault
from vitascope.values import Container, Position, SafetyMode, Size, Timing

Task = Callable[..., dict[str, Any]]
FaultsOf = Callable[..., tuple[Fault, ...]]

TEXTS = st.text(max_size=30)
FRAMES = st.builds(FrameSource, st.sampled_from(Position), st.sampled_from(Form), TEXTS)
SIZES = st.builds(Size, st.integers(1, 9999), st.integers(1, 9999))
ORDERS = st.builds(
    Order,
    task_uuid=TEXTS,
    model=st.sampled_from(list(CARDS)),
    prompt=TEXTS,
    size=st.none() | SIZES,
    resolution=st.none() | TEXTS,
    timing=st.builds(Timing, st.integers(1, 289), st.fractions(min_value=1, max_value=120)),
    duration=st.floats(1.2, 12),
    seed=st.integers(0, 2**63),
    results=st.integers(1, 4),
    container=st.sampled_from(Container),
    quality=st.integers(20, 99),
    ttl=st.none() | st.integers(60),
    webhook_url=st.none() | TEXTS,
    upload_endpoint=st.none() | TEXTS,
    safety=st.sampled_from(SafetyMode),
    include_cost=st.booleans(),
    sound=st.booleans(),
    camera_fixed=st.booleans(),
    draft=st.booleans(),
    draft_id=st.none() | TEXTS,
    frames=st.lists(FRAMES, max_size=2).map(tuple),
)


@given(ORDERS)
def test_json_there_and_back(order: Order) -> None:
    assert Order.from_json(json.loads(json.dumps(order.as_json()))) == order


@given(ORDERS, st.integers(0, 3), st.integers(0, 3))
def test_take_seeds_are_distinct_and_allowed(order: Order, one: int, other: int) -> None:
    assert 0 <= order.take_seed(one) <= 2**63
    assert (order.take_seed(one) == order.take_seed(other)) == (one == other)
    assert order.take_seed(0) == order.seed


def test_take_seeds_start_again_after_the_largest(task: Task) -> None:
    order = read(task(changes={"seed": 2**63 - 1, "numberResults": 4}))
    assert [order.take_seed(index) for index in range(4)] == [2**63 - 1, 2**63, 0, 1]


@pytest.mark.parametrize("seed", [2**63, float(2**63), 9223372036854776000, 9.223372036854776e18])
def test_the_documented_largest_seed_is_the_largest(task: Task, seed: float) -> None:
    order = read(task(changes={"seed": seed}))
    assert order.seed == 2**63 and type(order.seed) is int


@pytest.mark.parametrize(("model", "least"), [("bytedance:2@1", 29), ("bytedance:2@2", 29)])
def test_frames_of_every_length(task: Task, model: str, least: int) -> None:
    """1.2 to 12 s: the whole 4n+1 nearest to 24 frames a second and one more."""
    counts = []
    for tenths in range(12, 121):
        order = read(task(model, {"duration": tenths / 10}))
        assert order.duration == tenths / 10
        assert order.timing.frames % 4 == 1 and abs(order.timing.frames - (2.4 * tenths + 1)) <= 2
        if tenths % 10 == 0:
            assert order.timing.frames == 24 * tenths // 10 + 1
        counts.append(order.timing.frames)
    assert (counts[0], counts[-1]) == (least, 289)


@pytest.mark.parametrize("model", ["bytedance:2@1", "bytedance:2@2"])
@given(seconds=st.floats(1.2, 12))
@example(seconds=4.37)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_length_between_the_bounds(task: Task, model: str, seconds: float) -> None:
    """`duration` is a float: the frames are the nearest that the model makes, and the price is that of these frames."""
    order = read(task(model, {"duration": seconds}))
    assert order.duration == pytest.approx(seconds)
    assert order.timing.frames % 4 == 1 and abs(order.timing.frames - (24 * seconds + 1)) <= 2.000001
    tokens, rate = 864 * 480 * order.timing.frames // 1024, {"bytedance:2@1": "1.98", "bytedance:2@2": "0.649"}[model]
    assert price(order, Size(864, 480)) == tokens * Decimal(rate) / 10**6


@pytest.mark.parametrize(("sent", "meant"), [(0.1 + 1.2, 1.3), (12 - 10.8, 1.2), (4.37, 4.37)])
def test_a_length_that_a_double_cannot_hold_exactly(task: Task, sent: float, meant: float) -> None:
    assert read(task(changes={"duration": sent})).duration == meant


@pytest.mark.parametrize(("sent", "seconds"), [("auto", 5), (None, 5), (4, 4), (5.0, 5), (12, 12)])
def test_lengths_of_the_model_with_sound(task: Task, sent: Any, seconds: int) -> None:
    order = read(task("bytedance:seedance@1.5-pro", {"duration": sent}))
    assert order.duration == seconds and order.timing == Timing(24 * seconds + 1)


@pytest.mark.parametrize(
    "extra",
    [
        {"fps": 24},
        {"fps": 24.0},
        {"routing": {"prefer": ["a"]}},
        {"routing": "anywhere"},
        {"outputType": "URL"},
        {"outputType": ["URL"]},
        {"deliveryMethod": "async"},
        {"inputs": {}},
        {"inputs": {"frameImages": []}},
        {"inputs": {"frameImages": None, "draftId": None, "referenceImages": []}},
        {"frameImages": []},
        {"providerSettings": {}},
        {"providerSettings": {"bytedance": {}}},
        {"providerSettings": {"bytedance": {"draft": None}, "google": {}}},
        {"safety": {}},
        {"safety": None},
        {"negativePrompt": None, "lora": [], "acceleratorOptions": {}},
        {"width": 864.0},
        {"numberResults": 1.0},
    ],
)
def test_what_clients_really_send_beside_the_contract(task: Task, extra: dict[str, Any]) -> None:
    assert read(task(changes={"seed": 1, **extra})) == read(task(changes={"seed": 1}))


@pytest.mark.parametrize("spelling", ["mp4", "Mp4", "MP4", "webm", "WEBM", "mov", "MOV"])
def test_formats_in_any_case(task: Task, spelling: str) -> None:
    assert read(task(changes={"outputFormat": spelling})).container is Container(spelling.upper())


@pytest.mark.parametrize(
    ("safety", "mode"),
    [
        ({"checkContent": True}, SafetyMode.FAST),
        ({"checkContent": False}, SafetyMode.NONE),
        ({"mode": "full"}, SafetyMode.FULL),
        ({"mode": "fast", "checkContent": False}, SafetyMode.FAST),
        ({"mode": "none", "checkContent": True}, SafetyMode.NONE),
        ({"mode": "full", "checkContent": True}, SafetyMode.FULL),
    ],
)
def test_safety_mode_wins(task: Task, safety: dict[str, Any], mode: SafetyMode) -> None:
    assert read(task(changes={"safety": safety})).safety is mode


def test_everything_that_can_be_asked_for_arrives(task: Task) -> None:
    changes = {
        "outputQuality": 20,
        "ttl": 86400,
        "webhookURL": "https://example.com/hook?key=1",
        "uploadEndpoint": "https://bucket.example.com/{videoUUID}.mp4?key=abc",
        "includeCost": True,
        "numberResults": 4,
        "providerSettings": {"bytedance": {"cameraFixed": True, "audio": False}},
    }
    order = read(task("bytedance:seedance@1.5-pro", changes))
    assert (order.quality, order.ttl, order.results) == (20, 86400, 4)
    assert order.webhook_url == changes["webhookURL"] and order.upload_endpoint == changes["uploadEndpoint"]
    assert (order.include_cost, order.camera_fixed, order.sound) == (True, True, False)


def test_a_life_longer_than_calendars_is_cut(task: Task) -> None:
    assert read(task(changes={"ttl": 10**18})).ttl == LONGEST_TTL


@pytest.mark.parametrize("length", [2, 3000])
def test_prompts_at_their_bounds(task: Task, length: int) -> None:
    assert len(read(task(changes={"positivePrompt": "é" * length})).prompt) == length


def test_uuids_keep_the_clients_spelling(task: Task) -> None:
    spelling = "59D02567-EAD8-47ef-94c7-d04dfdcc78b7"
    assert read(task(changes={"taskUUID": spelling})).task_uuid == spelling
    assert canonical_uuid(spelling) == "59d02567-ead8-47ef-94c7-d04dfdcc78b7"
