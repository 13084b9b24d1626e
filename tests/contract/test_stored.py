"""What older versions wrote into the database is still read, and items keep their names and their order."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.contract.order import Form, FrameSource, Order
from vitascope.errors import Fault
from vitascope.values import Container, Position, SafetyMode, Size, Timing

ORDER_OF_0_1_0 = (
    '{"taskUUID":"59d02567-ead8-47ef-94c7-d04dfdcc78b7","model":"bytedance:seedance@1.5-pro",'
    '"prompt":"A lighthouse in the rain","size":"864x496","resolution":null,"timing":{"frames":97,"fps":"24"},'
    '"duration":4.0,"seed":9223372036854775808,"results":2,"container":"WEBM","quality":95,"ttl":3600,'
    '"webhookURL":"https://example.com/hook","uploadEndpoint":null,"safety":"fast","includeCost":true,"sound":true,'
    '"cameraFixed":false,"draft":true,"draftId":null,'
    '"frames":[{"position":"last","form":"stored","value":"inputs/17.png"}]}'
)
UNSIZED_OF_0_1_0 = (
    '{"taskUUID":"59D02567-ead8-47ef-94c7-d04dfdcc78b7","model":"bytedance:2@2","prompt":"rain","size":null,'
    '"resolution":"1080p","timing":{"frames":29,"fps":"24"},"duration":1.2,"seed":0,"results":1,"container":"MP4",'
    '"quality":20,"ttl":null,"webhookURL":null,"uploadEndpoint":"https://example.com/put","safety":"none",'
    '"includeCost":false,"sound":false,"cameraFixed":true,"draft":false,"draftId":"cgt-20260327025345-g766z",'
    '"frames":[]}'
)


def test_an_order_of_version_0_1_0() -> None:
    assert Order.from_json(json.loads(ORDER_OF_0_1_0)) == Order(
        task_uuid="59d02567-ead8-47ef-94c7-d04dfdcc78b7",
        model="bytedance:seedance@1.5-pro",
        prompt="A lighthouse in the rain",
        size=Size(864, 496),
        resolution=None,
        timing=Timing(97, Fraction(24)),
        duration=4.0,
        seed=2**63,
        results=2,
        container=Container.WEBM,
        quality=95,
        ttl=3600,
        webhook_url="https://example.com/hook",
        safety=SafetyMode.FAST,
        include_cost=True,
        sound=True,
        draft=True,
        frames=(FrameSource(Position.LAST, Form.STORED, "inputs/17.png"),),
        settings={},
    )


@pytest.mark.parametrize("stored", [ORDER_OF_0_1_0, UNSIZED_OF_0_1_0])
def test_orders_are_still_written_so(stored: str) -> None:
    order = Order.from_json(json.loads(stored))
    written = json.dumps({**order.as_json()}, separators=(",", ":"))
    assert written == stored[:-1] + ',"settings":{}}'
    assert isinstance(order.timing.fps, Fraction) and type(order.duration) is float


@pytest.mark.parametrize(
    "change", [{"size": "wide"}, {"container": "GIF"}, {"timing": {"fps": "24"}}, {"seed": None}, {"frames": [{}]}]
)
def test_what_is_no_order_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Order.from_json({**json.loads(ORDER_OF_0_1_0), **change})


def test_an_error_item_has_the_wires_names_in_their_order() -> None:
    fault = Fault("aCode", "What to do.", ("width", "height"), "integer", ("864x480", 24, -1), status="error")
    assert json.dumps(fault.about("videoInference", "u-1").as_item()) == (
        '{"code": "aCode", "message": "What to do.", "parameter": ["width", "height"], "type": "integer", '
        '"allowedValues": ["864x480", 24, -1], "status": "error", "taskType": "videoInference", "taskUUID": "u-1"}'
    )
    assert Fault("aCode", "What to do.").as_item() == {"code": "aCode", "message": "What to do."}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.just("\ud800"), max_size=9)
MAYBE = st.none() | TEXTS


@given(
    st.builds(
        Fault,
        TEXTS,
        TEXTS,
        MAYBE | st.lists(TEXTS, max_size=3).map(tuple),
        MAYBE,
        st.none()
        | st.lists(TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False), max_size=3).map(tuple),
        MAYBE,
        MAYBE,
        MAYBE,
    )
)
def test_error_items_there_and_back(fault: Fault) -> None:
    """Through JSON, as a failed take's is stored; whatever a message holds, half of a surrogate pair too."""
    assert Fault.from_item(json.loads(json.dumps(fault.as_item()))) == fault
