"""Errors of every task type as whole items: a client finds its answer by taskType and taskUUID, whatever went wrong."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from tests.server.conftest import Client, video_task

UUID = "3f0c8d2e-6a51-4f0e-9d3b-0a1b2c3d4e5f"
PAGE = "http://127.0.0.1:8080/docs/errors"
KINDS = ["getResponse", "getTaskDetails", "cancelTask", "imageUpload", "mediaStorage", "modelSearch"]
KINDS += ["accountManagement", "videoInference"]


@pytest.mark.parametrize("kind", ["getResponse", "getTaskDetails", "cancelTask"])
def test_an_unknown_task(client: Client, other: Client, kind: str) -> None:
    theirs = other.submit()
    for name in (UUID, UUID.upper(), theirs):
        reply = client.utility(kind, name)
        assert (reply.status, reply.data) == (404, [])
        assert reply.errors == [
            {
                "code": "taskNotFound",
                "message": "This account has no task with this taskUUID; results are kept for a limited time.",
                "parameter": "taskUUID",
                "type": "string",
                "taskType": kind,
                "taskUUID": name,
                "documentation": f"{PAGE}#taskNotFound",
            }
        ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sent", [None, "nonsense", UUID.replace("4f0e", "1f0e"), 7, [], {}, [7], True])
def test_a_task_without_a_sound_name(client: Client, kind: str, sent: Any) -> None:
    task = {**video_task(), "taskType": kind, "taskUUID": sent, "operation": "getDetails"}
    if sent is None:
        del task["taskUUID"]
    errors = [error for error in client.ask(task).errors if error["parameter"] == "taskUUID"]
    code = "missingTaskUUID" if sent in (None, [], {}) else "invalidTaskUUID"
    assert [(error["code"], error["taskType"]) for error in errors] == [(code, kind)]
    assert errors[0].get("taskUUID") == (sent if isinstance(sent, str) else None)
    assert errors[0]["type"] == "string" and errors[0]["documentation"] == f"{PAGE}#{code}"


MALFORMED = [
    {"taskType": "imageUpload"},
    {"taskType": "imageUpload", "image": 5},
    {"taskType": "imageUpload", "image": "http://127.0.0.1:9/a.png"},
    {"taskType": "mediaStorage"},
    {"taskType": "mediaStorage", "operation": "rename"},
    {"taskType": "mediaStorage", "operation": "delete"},
    {"taskType": "mediaStorage", "operation": "delete", "media": UUID},
    {"taskType": "mediaStorage", "operation": "upload", "media": UUID},
    {"taskType": "modelSearch", "limit": 0},
    {"taskType": "modelSearch", "search": 1},
    {"taskType": "accountManagement"},
    {"taskType": "accountManagement", "operation": "getUsageActivity", "startDate": "x"},
    {"taskType": "accountManagement", "operation": "getUsageErrors", "models": "x"},
    {"taskType": "accountManagement", "operation": "getUsageActivity", "apiKeys": ["x"]},
    {"taskType": "videoDream"},
    {"taskType": "videoInference"},
    {"taskType": "getResponse", "taskUUID": [UUID] * 101},
]


@pytest.mark.parametrize("task", MALFORMED, ids=str)
def test_a_malformed_task_is_named_in_each_of_its_errors(client: Client, task: dict[str, Any]) -> None:
    errors = client.ask({"taskUUID": UUID, **task}).errors
    assert errors
    for error in errors:
        assert error["taskType"] == task["taskType"]
        assert error.get("taskUUID") == (None if "taskUUID" in task else UUID)
        assert {"code", "message", "documentation"} <= error.keys()


def test_an_error_that_nobody_foresaw_is_one_tasks(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with client.state.services.engine.begin() as connection:
        connection.execute(sa.text("drop table media"))
    bad = {"taskType": "mediaStorage", "operation": "delete", "media": UUID, "taskUUID": str(uuid.uuid4())}
    reply = client.ask({"taskType": "ping"}, bad, {"taskType": "getResponse", "taskUUID": UUID})
    assert reply.status == 200 and reply.data == [{"taskType": "ping", "pong": True}]
    broken, unknown = reply.errors
    assert (broken["code"], broken["taskType"], broken["taskUUID"]) == (
        "internalServerError", "mediaStorage", bad["taskUUID"],
    )  # fmt: skip
    assert unknown["code"] == "taskNotFound"
    assert "no such table" in caplog.text and "no such table" not in broken["message"]
    assert client.ask(bad, {**bad, "taskUUID": UUID}).status == 500
