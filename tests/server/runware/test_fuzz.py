"""Ten thousand arrays of odd tasks at one dispatch: never an exception, never a 5xx, every answer names its task."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from typing import Any

from tests.server.conftest import Client, picture, video_task
from vitascope.contract.errors.page import sections
from vitascope.contract.faults import as_sent

ARRAYS = 10_000
AT_ONCE = 50

KINDS = (
    *("videoInference",) * 6,
    *("getResponse", "getTaskDetails", "cancelTask", "imageUpload", "mediaStorage", "modelSearch"),
    *("accountManagement", "authentication", "ping", "dance"),
)
WORDS = (
    *("taskType", "taskUUID", "model", "positivePrompt", "width", "height", "resolution", "duration", "seed", "ttl"),
    *("numberResults", "inputs", "frameImages", "image", "frame", "draftId", "providerSettings", "bytedance", "audio"),
    *("draft", "cameraFixed", "safety", "mode", "webhookURL", "uploadEndpoint", "outputFormat", "outputQuality"),
    *("operation", "media", "mediaUUID", "search", "limit", "offset", "capabilities", "startDate", "endDate", "models"),
    *("fps", "includeCost", "deliveryMethod", "__proto__", "", "\x00", "ключ", "status", "apiKey"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 5, 4.5, 2**63, 2**64, -(2**70), 1e308, 10**400, "", " ", "x", "x" * 4001),
    *("864", "480p", "auto", "first", "MP4", "\ud800", "\x00\x01", "🎬" * 40, "'; drop table task; --", "%", "NaN"),
    *("http://127.0.0.1:9/a.png", "https://user:word@example.com/", "data:image/png;base64,AAAA", "upload", "delete"),
    *("getDetails", "getUsageActivity", "getUsageErrors", "getUsagePerformance", "2026-01-01", "9999-99-99", "0001"),
    *("bytedance:2@1", "bytedance:2@2", "bytedance:seedance@1.5-pro", "cgt-20260327025345-g766z"),
)


class Maker:
    """Makes arrays that are nearly tasks."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.uuids = [str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(40)]
        self.picture = picture(300, 300)

    def array(self) -> list[Any]:
        return [self.task() for _ in range(self.dice.choice((1, 1, 1, 2, 3)))]

    def task(self) -> Any:
        if self.dice.random() < 0.03:
            return self.value(0)
        task = video_task(taskType=self.dice.choice(KINDS), taskUUID=self.dice.choice(self.uuids))
        if self.dice.random() < 0.3:
            task["taskUUID"] = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        for _ in range(self.dice.randint(0, 3)):
            task[self.dice.choice(WORDS)] = self.value(0)
        if self.dice.random() < 0.1:
            del task[self.dice.choice(list(task))]
        return task

    def value(self, depth: int) -> Any:
        roll = self.dice.random()
        if depth < 3 and roll < 0.15:
            return {self.dice.choice(WORDS): self.value(depth + 1) for _ in range(self.dice.randint(0, 3))}
        if depth < 3 and roll < 0.3:
            return [self.value(depth + 1) for _ in range(self.dice.randint(0, 3))]
        if roll < 0.4:
            return self.dice.choice(self.uuids)
        return self.picture if roll < 0.41 else self.dice.choice(VALUES)


def test_odd_tasks_get_answers(client: Client) -> None:
    maker = Maker(random.Random(20261121))
    arrays = [maker.array() for _ in range(ARRAYS)]
    known = {section.code for section in sections()}
    codes: dict[str, int] = {}

    async def ask(tasks: list[Any]) -> None:
        reply = await client.state.dispatch.answer(client.account_id, tasks)
        json.dumps(reply.as_json(), allow_nan=False)
        assert reply.status in {200, 400, 402, 404, 429}
        assert reply.data or reply.errors
        named = {item.get("taskUUID", "").lower() for item in (*reply.data, *reply.errors)}
        for task in tasks:
            if isinstance(task, dict) and isinstance(task.get("taskUUID"), str) and task.get("taskUUID"):
                answered = task.get("taskType") == "authentication" or as_sent(task["taskUUID"]).lower() in named
                assert answered, (task, reply)
        for error in reply.errors:
            codes[error["code"]] = codes.get(error["code"], 0) + 1

    async def everything() -> None:
        for start in range(0, ARRAYS, AT_ONCE):
            await asyncio.gather(*(ask(tasks) for tasks in arrays[start : start + AT_ONCE]))

    asyncio.run(everything())
    odd = {code for code in codes if code not in known}
    assert not odd, "every code is on the page of errors"
    assert len(codes) >= 45, sorted(codes)
