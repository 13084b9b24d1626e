"""Ten thousand generated requests, mutated valid ones and wild JSON: the answer is always an order or a refusal."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.contract.catalog import CARDS
from vitascope.contract.drafts import FindDraft
from vitascope.contract.errors.codes import ERROR_CODES
from vitascope.contract.order import Draft, Order
from vitascope.contract.pricing import nearest_size, possible_sizes, price, shown
from vitascope.contract.read import read
from vitascope.errors import Fault, Refused
from vitascope.values import Size

UUID = "59d02567-ead8-47ef-94c7-d04dfdcc78b7"
PREFIXES = re.compile(
    r"(missing|invalid|unsupported|incompatible|array|duplicate|unknown|mismatch)[A-Z]\w*|draft\w+|frame\w+"
)

BASE64 = "iVBORw0KGgo" * 20

WILD: list[Any] = [
    *(None, True, False, 0, -0.0, 1, -1, 2**63, 2**64, 10**30, 10**400, 0.1, 5.0, 1e308, -1e308),
    *(float("inf"), float("-inf"), float("nan"), 9223372036854776000, 9.223372036854775e18),
    *(
        "",
        " ",
        "a",
        "auto",
        "first",
        "last",
        "\ud800",
        "\x00",
        "\u202e",
        "é" * 3001,
        "🌊" * 2000,
        "URL",
        "480p",
        "720p",
    ),
    *("bytedance:2@1", "bytedance:seedance@1.5-pro", UUID, UUID.upper(), UUID + "\n", "cgt-20260327025345-g766z"),
    *(
        "http://a",
        "http://[::1]:x/",
        "https://ü.example/ö?q=#f",
        "data:image/png;base64,",
        "data:image/png;base64," + BASE64,
    ),
    *(BASE64, BASE64 + "=", BASE64 + "A", "data:text/html;base64,AAAA", "data:image/png,raw"),
    *([], {}, [None], [[]], [{}], [1, 2, 3], ["URL"], {"": ""}, {"bytedance": None}, {"\udc00": 1}, {"image": BASE64}),
    *({"frameImages": ["http://a/b"]}, {"bytedance": {"draft": True}}, [["x"] * 50] * 50, {"a": {"b": {"c": {}}}}),
]

PARAMETERS: dict[str, list[Any]] = {
    "outputType": ["URL", ["URL"]],
    "outputFormat": ["MP4", "webm", "Mov"],
    "outputQuality": [20, 95, 99, 50.0],
    "webhookURL": ["https://example.com/hook?key=1"],
    "deliveryMethod": ["async"],
    "uploadEndpoint": ["http://127.0.0.1:9000/put"],
    "safety": [{"checkContent": True}, {"mode": "full"}, {}],
    "ttl": [60, 10**12],
    "includeCost": [True, False],
    "numberResults": [1, 4],
    "seed": [0, 77579, 9223372036854776000, 9.223372036854776e18],
    "fps": [24],
    "routing": [{"any": ["thing"]}],
    "inputs": [{"frameImages": ["http://example.com/a.png"]}, {"frameImages": [{"image": UUID, "frame": 0}]}, {}],
    "frameImages": [[{"inputImage": BASE64, "frame": "first"}], []],
    "providerSettings": [{"bytedance": {"cameraFixed": True}}, {"bytedance": {}}],
    "duration": [4, 5, 12, 5.0],
}

DEEP: Any = []
for _ in range(500):
    DEEP = [DEEP]


def valid_task(dice: random.Random) -> dict[str, Any]:
    card = CARDS[dice.choice(list(CARDS))]
    task: dict[str, Any] = {
        "taskType": "videoInference",
        "taskUUID": UUID,
        "model": card.model,
        "positivePrompt": "rain on a tin roof",
    }
    if dice.random() < 0.5:
        size = dice.choice(list(card.sizes["480p"].values()))
        task |= {"width": size.width, "height": size.height}
    else:
        task["resolution"] = dice.choice(list(card.sizes))
    if card.draft_resolution and dice.random() < 0.3:
        task["inputs"] = {"draftId": "cgt-20260327025345-g766z"}
        task["width"] = task["height"] = None
    for name in dice.sample(list(PARAMETERS), dice.randrange(5)):
        task.setdefault(name, dice.choice(PARAMETERS[name]))
    return task


def wild(dice: random.Random, depth: int = 0) -> Any:
    roll = dice.random()
    if depth < 3 and roll < 0.15:
        return [wild(dice, depth + 1) for _ in range(dice.randrange(4))]
    if depth < 3 and roll < 0.3:
        names = ["image", "frame", "inputImage", "mode", "bytedance", "frameImages", "draftId", "audio", "x", "\ud8aa"]
        return {dice.choice(names): wild(dice, depth + 1) for _ in range(dice.randrange(4))}
    return DEEP if roll > 0.99 else copy.deepcopy(dice.choice(WILD))


def mutated(dice: random.Random) -> dict[str, Any]:
    """A valid task after up to three accidents, at any depth."""
    task: dict[str, Any] = json.loads(json.dumps(valid_task(dice)))
    for _ in range(dice.randrange(4)):
        place: Any = task
        while isinstance(place, dict) and place and dice.random() < 0.4:
            inner = [value for value in place.values() if isinstance(value, dict | list)]
            if not inner:
                break
            place = dice.choice(inner)
        if isinstance(place, list):
            place.insert(dice.randrange(len(place) + 1), wild(dice))
        elif dice.random() < 0.2 and place:
            place.pop(dice.choice(list(place)))
        else:
            names = [*place, *PARAMETERS, "width", "height", "resolution", "sed", "\udcff"]
            place[dice.choice(names)] = wild(dice)
    return task


def check_answer(task: dict[str, Any], find_draft: FindDraft) -> bool:
    """Read a task and check the answer, whichever it is. Returns whether it was accepted."""
    try:
        order = read(task, find_draft)
    except Refused as refused:
        check_faults(task, refused.faults)
        return False
    assert Order.from_json(json.loads(json.dumps(order.as_json()))) == order
    assert all(shown(price(order, size)) > 0 for size in possible_sizes(order))
    assert 0 <= order.take_seed(3) <= 2**63
    return True


def check_faults(task: dict[str, Any], faults: tuple[Fault, ...]) -> None:
    assert faults
    assert len({(fault.code, fault.parameter) for fault in faults}) == len(faults)
    given = task.get("taskUUID")
    for fault in faults:
        assert PREFIXES.fullmatch(fault.code) and fault.code in ERROR_CODES
        assert fault.message and fault.parameter is not None and fault.task_type
        assert bool(fault.task_uuid) == (isinstance(given, str) and given != "")
        if given == UUID:
            assert fault.task_uuid == UUID
        json.dumps(fault.as_item(), ensure_ascii=False, allow_nan=False).encode("utf-8")


def kept_draft(draft_id: str) -> Draft | None:
    if draft_id != "cgt-20260327025345-g766z":
        return None
    model = "bytedance:seedance@1.5-pro"
    task = {"taskType": "videoInference", "taskUUID": UUID, "model": model, "positivePrompt": "rain on a tin roof"}
    order = read({**task, "resolution": "480p", "seed": 77579, "providerSettings": {"bytedance": {"draft": True}}})
    return Draft(order, order.seed, nearest_size(CARDS[model], "480p", 16 / 9))


def test_ten_thousand_requests() -> None:
    dice = random.Random(20260327)
    tasks = [mutated(dice) for _ in range(8000)]
    tasks += [{str(wild(dice))[:9]: wild(dice) for _ in range(dice.randrange(6))} for _ in range(1000)]
    tasks += [
        {**valid_task(dice), **{name: wild(dice) for name in dice.sample(list(PARAMETERS), 3)}} for _ in range(1000)
    ]
    accepted = sum(check_answer(task, kept_draft) for task in tasks)
    assert len(tasks) == 10_000
    assert 2000 < accepted < 8000  # both answers are really exercised


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None, exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=400)
@given(
    changes=st.dictionaries(st.sampled_from([*PARAMETERS, "taskUUID", "model", "width", "height", "resolution"]), JSON),
    more=st.dictionaries(st.text(), JSON, max_size=2),
    seed=st.integers(0, 1000),
)
def test_whatever_json_can_hold(changes: dict[str, Any], more: dict[str, Any], seed: int) -> None:
    check_answer({**valid_task(random.Random(seed)), **more, **changes}, kept_draft)


@settings(deadline=None, max_examples=150)
@given(value=JSON)
def test_frame_images_of_any_kind(value: Any) -> None:
    task = valid_task(random.Random(1))
    check_answer({**task, "inputs": {"frameImages": [value]}}, kept_draft)
    check_answer({**task, "frameImages": [{"inputImage": value, "frame": value}, value]}, kept_draft)


def test_sizes_of_orders_are_real(seed_examples: list[dict[str, Any]]) -> None:
    for example in seed_examples:
        assert all(isinstance(size, Size) for size in possible_sizes(read(example["request"])))
