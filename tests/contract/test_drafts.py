"""Drafts and their finals: what comes from the draft, what may be set, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from vitascope.contract.catalog import PRO_WITH_SOUND
from vitascope.contract.order import Draft, Form, FrameSource, Order
from vitascope.contract.read import read
from vitascope.errors import Fault, Refused
from vitascope.values import Container, Position, Size

FaultsOf = Callable[..., tuple[Fault, ...]]

MODEL = PRO_WITH_SOUND.model
DRAFT_ID = "cgt-20260327025345-g766z"
FIRST, OTHER = "https://example.com/first.jpg", "https://example.com/other.jpg"
UUID = "59d02567-ead8-47ef-94c7-d04dfdcc78b7"

DRAFT_TASK: dict[str, Any] = {
    "taskType": "videoInference",
    "taskUUID": "91c1387d-e455-4b63-8420-4f8ae7db63dd",
    "model": MODEL,
    "positivePrompt": "A clocktower in the mist",
    "width": 752,
    "height": 560,
    "duration": 7,
    "seed": 65545,
    "numberResults": 2,
    "inputs": {"frameImages": [FIRST]},
    "providerSettings": {"bytedance": {"audio": False, "cameraFixed": True, "draft": True}},
}


def keep(task: dict[str, Any] = DRAFT_TASK, take: int = 1, expired: bool = False) -> Draft:
    """What a store of drafts would hold for one take of a draft task."""
    order = read(task)
    return Draft(order, order.take_seed(take), order.size or Size(0, 0), expired)


def finish(draft: Draft | None, *, without: tuple[str, ...] = (), **changes: Any) -> Order:
    """Read a task that finishes a draft, by default with nothing more than it needs."""
    task = {"taskType": "videoInference", "taskUUID": UUID, "model": MODEL, "inputs": {"draftId": DRAFT_ID}, **changes}
    for name in without:
        del task[name]
    return read(task, lambda draft_id: draft if draft_id == DRAFT_ID else None)


def refused(draft: Draft | None, **changes: Any) -> list[tuple[str, Any]]:
    """Code and parameter of each fault of a task that finishes a draft."""
    with pytest.raises(Refused) as error:
        finish(draft, **changes)
    assert all(fault.task_uuid == UUID for fault in error.value.faults)
    return [(fault.code, fault.parameter) for fault in error.value.faults]


def contradicts(path: str) -> list[tuple[str, Any]]:
    return [("incompatibleParameters", (path, "inputs.draftId"))]


def settings(**values: Any) -> dict[str, Any]:
    return {"bytedance": values}


class TestWhatTheDraftDecides:
    def test_everything_but_resolution_and_delivery(self) -> None:
        draft = keep()
        order = finish(draft)
        assert order.prompt == "A clocktower in the mist"
        assert order.size == Size(1112, 834) and order.resolution == "720p"
        assert order.timing == draft.order.timing and order.duration == 7
        assert order.seed == 65546
        assert (order.sound, order.camera_fixed, order.draft, order.draft_id) == (False, True, False, DRAFT_ID)
        assert order.frames == (FrameSource(Position.FIRST, Form.URL, FIRST),)
        assert order.results == 1 and order.task_uuid == UUID

    def test_the_model_too(self) -> None:
        assert finish(keep(), without=("model",)).model == MODEL

    @pytest.mark.parametrize("resolution", ["480p", "720p", "1080p"])
    @pytest.mark.parametrize("ratio", PRO_WITH_SOUND.sizes["480p"])
    def test_the_ratio_stays_in_its_column(self, resolution: str, ratio: str) -> None:
        size = PRO_WITH_SOUND.sizes["480p"][ratio]
        draft = keep({**DRAFT_TASK, "width": size.width, "height": size.height})
        wanted = PRO_WITH_SOUND.sizes[resolution][ratio]
        order = finish(draft, resolution=resolution)
        assert (order.size, order.resolution) == (wanted, resolution)
        assert finish(draft, width=wanted.width, height=wanted.height) == order, "by its width and height too"

    def test_delivery_is_the_finals_own(self) -> None:
        order = finish(keep({**DRAFT_TASK, "outputFormat": "MOV", "ttl": 60}), outputFormat="webm", includeCost=True)
        assert (order.container, order.include_cost, order.ttl) == (Container.WEBM, True, None)


class TestRepeatingTheDraftsRequest:
    def test_is_no_contradiction(self) -> None:
        again = {
            k: v for k, v in DRAFT_TASK.items() if k not in ("taskUUID", "numberResults", "inputs", "providerSettings")
        }
        again["providerSettings"] = settings(audio=False, cameraFixed=True, draft=False)
        again["inputs"] = {"draftId": DRAFT_ID, "frameImages": [{"image": FIRST, "frame": 0}]}
        assert finish(keep(take=0), **again) == finish(keep(take=0), resolution="480p"), (
            "its size is what was asked for"
        )

    def test_frames_the_server_has_put_away_are_compared_by_position(self) -> None:
        draft = keep()
        stored = (FrameSource(Position.FIRST, Form.STORED, "frames/17"),)
        draft = replace(draft, order=replace(draft.order, frames=stored))
        assert finish(draft, inputs={"draftId": DRAFT_ID, "frameImages": [OTHER]}).frames == stored
        last = {"draftId": DRAFT_ID, "frameImages": [{"image": OTHER, "frame": "last"}]}
        assert refused(draft, inputs=last) == contradicts("inputs.frameImages")


class TestContradictions:
    @pytest.mark.parametrize(
        ("path", "change"),
        [
            ("positivePrompt", {"positivePrompt": "A clocktower"}),
            ("duration", {"duration": 8}),
            ("seed", {"seed": 65545}),
            ("providerSettings.bytedance.audio", {"providerSettings": settings(audio=True)}),
            ("providerSettings.bytedance.cameraFixed", {"providerSettings": settings(cameraFixed=False)}),
            ("inputs.frameImages", {"inputs": {"draftId": DRAFT_ID, "frameImages": [OTHER]}}),
            ("inputs.frameImages", {"inputs": {"draftId": DRAFT_ID, "frameImages": [FIRST, OTHER]}}),
            ("numberResults", {"numberResults": 2}),
        ],
    )
    def test_are_refused(self, path: str, change: dict[str, Any]) -> None:
        assert refused(keep(), **change) == contradicts(path)

    @pytest.mark.parametrize("size", ["864x496", "1280x720", "834x1112", "1112x832", "10x10"])
    def test_sizes_of_another_ratio(self, size: str) -> None:
        width, _, height = size.partition("x")
        with pytest.raises(Refused) as error:
            finish(keep(), width=int(width), height=int(height))
        (fault,) = error.value.faults
        assert (fault.code, fault.parameter) == ("incompatibleParameters", ("width", "height", "inputs.draftId"))
        assert fault.allowed_values == ("752x560", "1112x834", "1664x1248")
        assert all(allowed in fault.message for allowed in fault.allowed_values)

    def test_a_draft_is_made_or_finished(self) -> None:
        paths = ("providerSettings.bytedance.draft", "inputs.draftId")
        assert refused(keep(), providerSettings=settings(draft=True)) == [("incompatibleParameters", paths)]

    def test_another_model(self) -> None:
        assert refused(keep(), model="bytedance:2@1") == [("unsupportedParameter", "inputs.draftId")]
        draft = keep()
        elsewhere = replace(draft, order=replace(draft.order, model="bytedance:seedance@2"))
        assert ("incompatibleParameters", ("model", "inputs.draftId")) in refused(elsewhere)

    def test_come_all_at_once(self) -> None:
        found = refused(keep(), positivePrompt="x y", duration=4, seed=1, ttl=5)
        assert found == [
            ("invalidTtl", "ttl"),
            *contradicts("positivePrompt"),
            *contradicts("duration"),
            *contradicts("seed"),
        ]


class TestLookingUp:
    def test_an_unknown_draft(self) -> None:
        assert refused(None) == [("draftNotFound", "inputs.draftId")]

    def test_an_unknown_draft_without_a_model(self) -> None:
        with pytest.raises(Refused) as error:
            finish(None, without=("model",))
        assert [fault.code for fault in error.value.faults] == ["draftNotFound"]

    def test_an_expired_draft(self) -> None:
        assert refused(keep(expired=True), seed=3) == [("draftExpired", "inputs.draftId")]

    def test_is_not_tried_for_models_without_drafts(self, faults_of: FaultsOf) -> None:
        def never(draft_id: str) -> Draft | None:
            raise AssertionError(draft_id)

        task = {
            "taskType": "videoInference",
            "taskUUID": UUID,
            "model": "bytedance:2@2",
            "inputs": {"draftId": DRAFT_ID},
        }
        assert [fault.code for fault in faults_of(task, never)] == ["unsupportedParameter"]


class TestMakingADraft:
    def test_frames_alone_give_480p(self) -> None:
        order = read({**DRAFT_TASK, "width": None, "height": None})
        assert order.size is None and order.resolution == "480p" and order.draft

    def test_resolution_alone_gives_the_wide_size(self) -> None:
        order = read({**DRAFT_TASK, "width": None, "height": None, "resolution": "480p", "inputs": {}})
        assert order.size == Size(864, 496)

    def test_may_have_several_takes(self) -> None:
        assert read(DRAFT_TASK).results == 2
