"""The items of replies, against the seeds' own and against what would confuse clients."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from vitascope.contract.pricing import price, resolve_size
from vitascope.contract.read import read
from vitascope.contract.reply import acknowledgement, failure, new_draft_id, processing, success
from vitascope.errors import EngineFailed

UUID = "59d02567-ead8-47ef-94c7-d04dfdcc78b7"


@pytest.mark.parametrize("index", range(12))
def test_success_is_the_seeds_reply(seed_examples: list[dict[str, Any]], index: int) -> None:
    request, reply = seed_examples[index]["request"], seed_examples[index]["response"]
    order = read(request)
    item = success(
        order.task_uuid,
        reply["videoUUID"],
        reply["videoURL"],
        order.take_seed(0),
        price(order, resolve_size(order, None)),
        reply.get("outputs", {}).get("draftId"),
    )
    assert item == {**reply, "status": "success"}


def test_success_holds_only_what_was_asked_for() -> None:
    item = success(UUID, UUID, "http://localhost/v.mp4", 1)
    assert list(item) == ["taskType", "taskUUID", "status", "videoUUID", "videoURL", "seed"]
    assert success(UUID, UUID, "http://localhost/v.mp4", 1, nsfw=False)["NSFWContent"] is False


@pytest.mark.parametrize("item", [acknowledgement(UUID), processing(UUID), processing(UUID, 40)])
def test_unfinished_items_hold_nothing_that_looks_finished(item: dict[str, Any]) -> None:
    finished = re.compile(r".*(URL|Base64Data|DataURI)|text|structuredData|outputs|air|result|code|error|errorId")
    assert not [name for name in item if finished.fullmatch(name)]
    assert item["taskType"] == "videoInference" and item["taskUUID"] == UUID


def test_acknowledgement_has_two_names() -> None:
    assert set(acknowledgement(UUID)) == {"taskType", "taskUUID"}


@pytest.mark.parametrize(("progress", "shown"), [(0, 0), (37, 37), (100, 100), (101, 100), (-5, 0)])
def test_progress_is_a_whole_per_cent(progress: int, shown: int) -> None:
    assert processing(UUID, progress) == {**acknowledgement(UUID), "status": "processing", "progress": shown}


def test_failure_names_its_task() -> None:
    item = failure(EngineFailed().fault(), UUID)
    assert item["status"] == "error" and item["code"] == "inferenceError"
    assert (item["taskType"], item["taskUUID"]) == ("videoInference", UUID)


def test_draft_ids_tell_the_time_in_utc_plus_8() -> None:
    now = datetime(2026, 3, 26, 18, 53, 45, tzinfo=UTC)
    tail = iter("g766z")
    assert new_draft_id(now, lambda characters: next(tail)) == "cgt-20260327025345-g766z"


def test_draft_ids_have_the_documented_form() -> None:
    choose = random.Random(1).choice
    ids = {new_draft_id(datetime.now(UTC), choose) for _ in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch(r"cgt-\d{14}-[a-z0-9]{5}", draft_id) for draft_id in ids)
