"""The tasks around video tasks, asked at a dispatch with a real database: answers, refusals, and who may see what."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.server.conftest import Client, open_account, picture, stored, video_task
from vitascope.contract.errors.codes import status_of
from vitascope.contract.errors.examples import UTILITY_EXAMPLES
from vitascope.server.state import ServerState
from vitascope.service.pictures import KEPT_FOR, remove_unused
from vitascope.tasks import credit, takes
from vitascope.tasks.database import tables
from vitascope.tasks.deliveries import Delivery, note_try
from vitascope.tasks.expiry import expire_tasks
from vitascope.tasks.states import DeliveryState

UNKNOWN = "3f0c8d2e-6a51-4f0e-9d3b-0a1b2c3d4e5f"


def with_picture(image: str) -> dict[str, Any]:
    return {"width": None, "height": None, "resolution": "480p", "inputs": {"frameImages": [image]}}


# --- polls and details


def test_several_tasks_are_polled_at_once(client: Client) -> None:
    first, second = client.submit(numberResults=2), client.submit()
    client.finish(first)
    reply = client.utility("getResponse", [first, second, UNKNOWN, first.upper()])
    assert [(item["taskUUID"], item["status"]) for item in reply.data] == [
        (first, "success"),
        (first, "processing"),
        (second, "processing"),
    ]
    assert [(item["code"], item["taskUUID"]) for item in reply.errors] == [("taskNotFound", UNKNOWN)]
    elements = client.ask(*({"taskType": "getResponse", "taskUUID": each} for each in (first, second)))
    assert elements.data == reply.data


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([], "missingTaskUUID"),
        (["x"], "invalidTaskUUID"),
        ([None], "missingTaskUUID"),
        ([UNKNOWN] * 101, "arrayTooLarge"),
    ],
)
def test_lists_that_cannot_be_polled(client: Client, names: list[Any], code: str) -> None:
    assert client.code("getResponse", names) == code


def test_details_tell_the_request_and_what_became_of_it(client: Client) -> None:
    sent = {"webhookURL": "https://example.com/hook", "numberResults": 2, "includeCost": True, "seed": 5}
    task_uuid = client.submit(**sent)
    before = client.item("getTaskDetails", task_uuid)
    assert before["request"][0].items() >= sent.items()
    assert (
        before["response"] == {"data": [{"taskType": "videoInference", "taskUUID": task_uuid, "progress": 0}] * 2}
        and before["deliveries"] == []
    )
    reading = {"understood": [{"slot": "weather", "value": "rain", "words": "drizzle"}], "missed": ["unicorn"]}
    client.finish(task_uuid, cost="0.5", reading=json.dumps(reading))
    told = Delivery("d1", client.takes(task_uuid)[1].id, "webhook", "https://example.com/hook?secret=1")
    with client.state.services.engine.begin() as connection:
        fault = {"code": "inferenceError", "message": "no"}
        takes.fail(connection, client.state.services.enqueuer, told.take_id, fault, [told])
        note_try(connection, told.id, DeliveryState.PENDING, 2, 503, "busy")
    after = client.item("getTaskDetails", task_uuid)
    polled = client.utility("getResponse", task_uuid)
    for items, shown in ((polled.data, after["response"]["data"]), (polled.errors, after["response"]["errors"])):
        assert [{k: v for k, v in item.items() if k != "status"} for item in items] == shown
    assert after["response"]["data"][0]["cost"] == 0.5
    assert after["deliveries"] == [
        {
            "kind": "webhook",
            "videoUUID": told.take_id,
            "state": "pending",
            "tries": 2,
            "lastStatus": 503,
            "lastError": "busy",
        }
    ]
    assert "secret" not in str(after["deliveries"])
    assert after["understood"] == [{"videoUUID": client.takes(task_uuid)[0].id, **reading}]


# --- cancelling


def test_cancelling_ends_what_has_not_ended_and_tells_the_webhook(client: Client) -> None:
    task_uuid = client.submit(numberResults=3, webhookURL="https://example.com/hook")
    client.finish(task_uuid)
    with client.state.services.engine.begin() as connection:
        running = client.takes(task_uuid)[1].id
        takes.begin(connection, running)
    for _ in range(2):
        assert client.item("cancelTask", task_uuid) == {
            "taskType": "cancelTask",
            "taskUUID": task_uuid,
            "cancelledResults": 2,
        }
    with client.state.services.engine.connect() as connection:
        assert not takes.wanted(connection, running), "its worker stops"
        told = connection.execute(sa.select(tables.delivery.c.take_id)).scalars().all()
    assert sorted(told) == sorted(take.id for take in client.takes(task_uuid)[1:])
    reply = client.utility("getResponse", task_uuid)
    assert [item["status"] for item in reply.data] == ["success"]
    assert [item["code"] for item in reply.errors] == ["taskCancelled"] * 2
    with client.state.services.engine.begin() as connection:
        for take in client.takes(task_uuid)[1:]:
            assert takes.begin(connection, take.id) is None, "it never starts"


# --- models


def test_models_are_found_by_words_and_filters(client: Client) -> None:
    def airs(**query: Any) -> list[str]:
        return [entry["air"] for entry in client.item("modelSearch", **query)["results"]]

    everything = airs()
    assert len(everything) == 3 == client.item("modelSearch")["totalResults"]
    assert airs(search="1.5 PRO") == ["bytedance:seedance@1.5-pro"]
    assert airs(search="bytedance:2@2") == ["bytedance:2@2"]
    assert airs(search="fast") == ["bytedance:2@2"]
    assert airs(search="stable diffusion") == []
    assert airs(capabilities=["op:audio"]) == ["bytedance:seedance@1.5-pro"]
    assert airs(category="lora") == [] and airs(category="checkpoint", visibility="all") == everything
    assert airs(limit=1, offset=1) == everything[1:2]
    page = client.item("modelSearch", limit=1)
    assert page["totalResults"] == 3
    assert {"air", "name", "version", "category", "type", "architecture", "capabilities"} <= page["results"][0].keys()
    odd: list[dict[str, Any]] = [{"limit": 0}, {"limit": True}, {"offset": -1}, {"search": 5}, {"type": []}]
    for wrong in (*odd, {"capabilities": "x"}):
        assert client.code("modelSearch", **wrong) == "invalidSearch"


# --- the account


def test_the_account_is_told_what_it_used(client: Client, other: Client) -> None:
    first = client.submit(numberResults=2)
    second = client.submit(model="bytedance:2@1")
    client.finish(first, 0, cost="0.25")
    client.finish(first, 1, cost="0.125")
    client.item("cancelTask", second)
    other.submit()
    details = client.item("accountManagement", operation="getDetails")
    spent = {"credits": 0.375, "requests": 2}
    assert details["usage"] == dict.fromkeys(("total", "today", "last7Days", "last30Days"), spent)
    assert details["organizationName"] == "alice" and details["organizationUUID"] == client.account_id
    assert details["balance"] == {"credits": None, "reserved": 0.0, "available": None, "unlimited": True}
    activity = client.item("accountManagement", operation="getUsageActivity")
    assert activity["usage"]["total"] == {**spent, "results": 2, "errors": 1}
    assert len(activity["usage"]["days"]) == 1 and activity["usage"]["days"][0]["date"] == activity["endDate"]
    performance = client.item("accountManagement", operation="getUsagePerformance")["usage"]["models"]
    assert [(row["model"], row["results"]) for row in performance] == [("bytedance:2@2", 2)]
    errors = client.item("accountManagement", operation="getUsageErrors")["usage"]
    assert errors["total"] == 1
    assert [(row["code"], row["model"]) for row in errors["codes"]] == [("taskCancelled", "bytedance:2@1")]
    only = client.item("accountManagement", operation="getUsageErrors", models=["bytedance:2@2"])["usage"]
    assert only == {"total": 0, "codes": []}
    past = {"startDate": "2020-01-01", "endDate": "2020-01-31T12:00:00Z"}
    quiet = client.item("accountManagement", operation="getUsageActivity", **past)
    assert quiet["usage"]["days"] == [] and quiet["endDate"] == "2020-01-31"


def test_times_are_a_median_and_what_19_of_20_stay_under(client: Client) -> None:
    task_uuid = client.submit(numberResults=3)
    begun = time.time() - 500
    with client.state.services.engine.begin() as connection:
        connection.execute(tables.task.update().values(created_at=begun))
    for number, (waited, ran) in enumerate([(1, 10), (2, 40), (4, 20.0625)]):
        client.finish(task_uuid, number)
        times = {"started_at": begun + waited, "finished_at": begun + waited + ran}
        mine = tables.take.c.id == client.takes(task_uuid)[number].id
        with client.state.services.engine.begin() as connection:
            connection.execute(tables.take.update().where(mine).values(**times))
    period = {"startDate": datetime.fromtimestamp(begun, UTC).date().isoformat(), "endDate": "9000-01-01"}
    models = client.item("accountManagement", operation="getUsagePerformance", **period)["usage"]["models"]
    assert [row["results"] for row in models] == [3]
    assert models[0]["waitSeconds"] == {"median": 2, "p95": 4}
    assert models[0]["runSeconds"] == {"median": 20.062, "p95": 40}


def test_all_results_of_a_task_must_be_paid_for(client: Client) -> None:
    price = Decimal("0.031804245")  # 864 x 480, 121 frames of 1.0 Pro Fast
    with client.state.services.engine.begin() as connection:
        credit.set_credit(connection, client.account_id, 2 * price)
    reply = client.ask(video_task(numberResults=3))
    assert [error["code"] for error in reply.errors] == ["insufficientCredits"] and reply.status == 402
    assert "up to 0.09541 USD" in reply.errors[0]["message"], "what all three can cost"
    client.submit(numberResults=2)
    assert client.code("videoInference", **video_task(taskType=None, taskUUID=None)) == "insufficientCredits"


def test_what_expired_tasks_used_stays_counted(client: Client) -> None:
    client.finish(first := client.submit(numberResults=3), cost="0.25")
    client.item("cancelTask", first)
    before = client.item("accountManagement", operation="getUsageActivity")["usage"]
    assert before["total"] == {"credits": 0.25, "requests": 1, "results": 1, "errors": 2}
    with client.state.services.engine.begin() as connection:
        connection.execute(tables.take.update().values(finished_at=1.0, expires_at=1))
    deleted: list[str] = []
    assert expire_tasks(client.state.services.engine, client.state.services.enqueuer, -60, deleted.append) == 1
    assert len(deleted) == 1
    assert client.item("accountManagement", operation="getUsageActivity")["usage"] == before
    assert expire_tasks(client.state.services.engine, client.state.services.enqueuer, -60, deleted.append) == 0
    client.finish(client.submit(), cost="0.5")
    after = client.item("accountManagement", operation="getUsageActivity")["usage"]
    assert after["total"]["credits"] == 0.75 and after["total"]["requests"] == 2


# --- media


def test_pictures_are_kept_used_and_deleted(client: Client) -> None:
    kept = client.item("mediaStorage", operation="upload", media=picture())
    assert set(kept) == {"taskType", "taskUUID", "operation", "mediaUUID", "mediaURL"}
    uploaded = client.item("imageUpload", image=picture(shade=1))
    assert set(uploaded) == {"taskType", "taskUUID", "imageUUID", "imageURL"}
    client.item("cancelTask", client.submit(**with_picture(kept["mediaUUID"])))
    assert len(files(client.state)) == 2
    gone = client.item("mediaStorage", operation="delete", media=kept["mediaUUID"])
    assert gone["mediaUUID"] == kept["mediaUUID"] and len(files(client.state)) == 1
    assert client.code("videoInference", **video(kept["mediaUUID"])) == "frameImageNotFound"
    assert client.code("mediaStorage", operation="delete", media=kept["mediaUUID"]) == "mediaNotFound"


def video(image: str) -> dict[str, Any]:
    changes = with_picture(image)
    return {"model": "bytedance:2@2", "positivePrompt": "a cat", "resolution": "480p", "inputs": changes["inputs"]}


def files(state: ServerState) -> set[str]:
    return stored(state, "inputs")


def test_a_deleted_picture_stays_for_the_task_that_needs_it(client: Client) -> None:
    kept = client.item("mediaStorage", operation="upload", media=picture())["mediaUUID"]
    task_uuid = client.submit(**with_picture(kept))
    client.item("mediaStorage", operation="delete", media=kept)
    assert len(files(client.state)) == 1
    client.item("cancelTask", task_uuid)
    assert len(remove_unused(client.state.services.engine, client.state.services.storage)) == 1
    assert not files(client.state)


def test_a_picture_that_was_uploaded_twice_can_be_deleted_once(client: Client) -> None:
    first, second = (client.item("imageUpload", image=picture())["imageUUID"] for _ in range(2))
    assert first != second and len(files(client.state)) == 1, "one file for both"
    client.item("mediaStorage", operation="delete", media=first)
    assert len(files(client.state)) == 1, "the second needs it"
    client.item("cancelTask", client.submit(**with_picture(second)))
    client.item("mediaStorage", operation="delete", media=second)
    assert not files(client.state)


def test_pictures_expire_after_their_last_use(client: Client) -> None:
    names = [client.item("imageUpload", image=picture(shade=shade))["imageUUID"] for shade in (1, 2)]
    client.item("cancelTask", client.submit(**with_picture(picture(shade=3))))
    assert len(files(client.state)) == 3
    almost = {"used_at": time.time() - KEPT_FOR - 60}
    with client.state.services.engine.begin() as connection:
        connection.execute(tables.input_file.update().values(**almost))
    client.item("cancelTask", client.submit(**with_picture(names[1])))  # a use
    assert len(remove_unused(client.state.services.engine, client.state.services.storage)) == 2
    assert len(files(client.state)) == 1
    assert client.code("videoInference", **video(names[0])) == "frameImageNotFound"
    client.submit(**with_picture(names[1]))
    client.submit(**with_picture(picture(shade=3)))  # sent again, kept again
    assert len(files(client.state)) == 2


# --- one account never sees another's


def test_accounts_see_nothing_of_each_other(client: Client, other: Client) -> None:
    task_uuid = client.submit()
    media_id = client.item("imageUpload", image=picture())["imageUUID"]
    draft = {"model": "bytedance:seedance@1.5-pro", "height": 496, "providerSettings": {"bytedance": {"draft": True}}}
    drafted = client.submit(**draft)
    client.finish(drafted, draft_id="cgt-20260327025345-g766z")
    for kind in ("getResponse", "getTaskDetails", "cancelTask"):
        assert other.code(kind, task_uuid) == "taskNotFound"
    assert client.utility("getResponse", task_uuid).data[0]["status"] == "processing", "not cancelled by the other"
    assert other.code("videoInference", **video(media_id)) == "frameImageNotFound"
    assert other.code("mediaStorage", operation="delete", media=media_id) == "mediaNotFound"
    final = {"model": draft["model"], "inputs": {"draftId": "cgt-20260327025345-g766z"}}
    assert other.code("videoInference", **final) == "draftNotFound"
    assert client.utility("videoInference", **final).data
    assert other.item("accountManagement", operation="getDetails")["usage"]["total"]["requests"] == 0
    assert other.submit(taskUUID=task_uuid) == task_uuid, "the same UUID is another task"
    other.item("imageUpload", image=picture())
    assert len({key.split("/")[1] for key in files(client.state)}) == 2, "the same picture is kept for each"


# --- every code of the utilities


@pytest.mark.parametrize("code", UTILITY_EXAMPLES)
def test_the_examples_on_the_page_of_errors_are_refused_so(client: Client, code: str) -> None:
    example = UTILITY_EXAMPLES[code]
    reply = client.ask(example)
    assert not reply.data and [item["code"] for item in reply.errors] == [code]
    error = reply.errors[0]
    assert error["taskType"] == example["taskType"] and error["taskUUID"] == example["taskUUID"]
    assert error["documentation"] == f"http://127.0.0.1:8080/docs/errors#{code}"
    assert reply.status == status_of(code)


@pytest.mark.parametrize(
    "kind", ["mediaStorage", "imageUpload", "getTaskDetails", "cancelTask", "modelSearch", "accountManagement"]
)
def test_every_utility_needs_a_task_uuid(client: Client, kind: str) -> None:
    assert client.ask({"taskType": kind}).errors[0]["code"] == "missingTaskUUID"
    assert client.ask({"taskType": kind, "taskUUID": 5}).errors[0]["code"] == "invalidTaskUUID"


def test_filters_that_would_be_passed_over_are_refused(client: Client) -> None:
    assert client.code("accountManagement", operation="getUsageActivity", models=["x"]) == "unsupportedParameter"
    assert client.code("accountManagement", operation="getUsageErrors", apiKeys=["x"]) == "unsupportedParameter"


def test_large_pictures_are_refused(client: Client) -> None:
    large = "data:image/png;base64," + "A" * (15 * 1024 * 1024)
    assert client.code("imageUpload", image=large) == "invalidImage"
    assert client.code("imageUpload", str(uuid.uuid4()), image="http://127.0.0.1:9/x.png") == "invalidImage"


def test_pictures_cut_short_are_refused(client: Client) -> None:
    start, _, data = picture(400, 300).partition(",")
    whole = base64.b64decode(data)
    half = base64.b64encode(whole[: len(whole) // 2]).decode()
    assert client.code("imageUpload", image=f"{start},{half}") == "invalidImage"


def test_servers_that_do_not_answer_hold_up_nobody_else(make_rooms: Callable[..., ServerState]) -> None:
    state = make_rooms(allow_hosts=["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.png"
        alice, bob = open_account(state, "alice"), open_account(state, "bob")

        async def everything() -> float:
            uploads = [
                state.dispatch.answer(
                    alice.account_id, [{"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": url}]
                )
                for _ in range(60)
            ]
            waiting = [asyncio.create_task(upload) for upload in uploads]
            await asyncio.sleep(0.2)
            begun = time.monotonic()
            details = {"taskType": "accountManagement", "taskUUID": str(uuid.uuid4()), "operation": "getDetails"}
            assert (await state.dispatch.answer(bob.account_id, [details])).data
            image = {"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": picture()}
            assert (await state.dispatch.answer(bob.account_id, [image])).data
            took = time.monotonic() - begun
            for each in waiting:
                each.cancel()
            return took

        assert asyncio.run(everything()) < 2
