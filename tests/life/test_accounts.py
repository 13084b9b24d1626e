"""Accounts, credit, cancelling and HTTP statuses on real servers, killed and restarted where it matters."""

from __future__ import annotations

import gzip
import json
import random
import re
import sqlite3
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.cli.command import vitascope
from tests.life.conftest import Receiver, Server, video_task
from vitascope.contract.errors.page import sections

LONG = {"model": "bytedance:2@1", "width": 1920, "height": 1088, "duration": 12, "outputQuality": 99}
PING = [{"taskType": "ping", "ping": True}]


def command(server: Server, *words: str, fails: bool = False) -> str:
    """Run `vitascope WORDS` on the server's data folder."""
    done = vitascope(server.data.parent, *words, "--data", str(server.data))
    assert (done.code != 0) is fails, done.stderr
    return done.stderr if fails else done.stdout


def rows(server: Server, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(server.data / "vitascope.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def credit(server: Server) -> Decimal:
    return Decimal(rows(server, "select credit from account where name = 'default'")[0][0]) / 10**9


# --- HTTP


def send(server: Server, body: bytes, **headers: str) -> tuple[int, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = server.client.post(
        f"{server.url}/v1", content=body, headers={"Authorization": f"Bearer {server.key}", **named}
    )
    return reply.status_code, reply.json()


def test_bodies_may_be_packed_and_are_json_under_any_name(server: Server) -> None:
    body = json.dumps(PING).encode()
    assert send(server, gzip.compress(body), Content_Encoding="gzip")[0] == 200
    assert send(server, gzip.compress(body), Content_Encoding="X-Gzip", Content_Type="application/json")[0] == 200
    for kind in ("", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded"):
        assert send(server, body, Content_Type=kind)[0] == 200
    assert send(server, gzip.compress(body[:9]) + gzip.compress(body[9:]), Content_Encoding="gzip")[0] == 200
    assert send(server, gzip.compress(body) + bytes(512), Content_Encoding="gzip")[0] == 200
    introduced = json.dumps([{"taskType": "authentication", "apiKey": server.key}, {"x": "x" * 600_000}]).encode()
    assert send(server, introduced, Authorization="")[0] == 200
    large = json.dumps([*PING, {"taskType": "ping", "ping": "x" * 3_000_000}]).encode()
    assert send(server, gzip.compress(large), Content_Encoding="gzip")[0] == 200


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"--x", {"Content_Type": "multipart/form-data; boundary=x"}, 415, "unsupportedContentType"),
        (b"\x89PNG", {"Content_Type": "image/png"}, 415, "unsupportedContentType"),
        (b"<a/>", {"Content_Type": "application/xml"}, 415, "unsupportedContentType"),
        (b"x", {"Content_Encoding": "br"}, 415, "unsupportedContentEncoding"),
        (b"no gzip", {"Content_Encoding": "gzip"}, 400, "invalidContentEncoding"),
        (gzip.compress(b"[" * 99_999, mtime=0)[:-20], {"Content_Encoding": "gzip"}, 400, "invalidContentEncoding"),
        (gzip.compress(b" " * 70 * 1024 * 1024, mtime=0), {"Content_Encoding": "gzip"}, 413, "maxRequestSizeExceeded"),
        (gzip.compress(b"[", mtime=0), {"Content_Encoding": "gzip"}, 400, "invalidJSON"),
        (b"{}", {}, 400, "invalidRequestBody"),
        (b"[" + b"0," * 1000 + b"0]", {}, 400, "arrayTooLarge"),
        (b'[{"x": "' + b"x" * 600_000 + b'"}]', {"Authorization": ""}, 401, "missingApiKey"),
        (b'[{"x": "' + b"x" * 600_000 + b'"}]', {"Authorization": "Bearer vita_0000"}, 401, "missingApiKey"),
        (b"[5]", {}, 400, "invalidTask"),
        (b"[{}]", {}, 400, "missingTaskType"),
        (b'[{"taskType": "dance"}]', {}, 400, "unsupportedTaskType"),
        (b"[{}]", {"Authorization": ""}, 401, "missingApiKey"),
        (b"[{}]", {"Authorization": "Bearer vita_0000"}, 401, "invalidApiKey"),
    ],
)
def test_what_cannot_be_taken(server: Server, body: bytes, headers: dict[str, str], status: int, code: str) -> None:
    begun = time.monotonic()
    answer = send(server, body, **headers)
    assert (answer[0], answer[1]["errors"][0]["code"]) == (status, code)
    page = answer[1]["errors"][0]["documentation"]
    assert page.startswith(server.url) and page.endswith(f"#{code}")
    assert time.monotonic() - begun < 3


def test_the_page_of_errors_explains_every_code(server: Server) -> None:
    reply = server.get("/docs/errors")
    assert reply.status_code == 200 and reply.headers["content-type"].startswith("text/html")
    assert all(f'id="{section.code}"' in reply.text for section in sections())
    assert "src=" not in reply.text and "href=" not in reply.text, "nothing to load"


def test_a_full_queue_says_when_to_come_back(make_server: Callable[..., Server]) -> None:
    server = make_server(VITASCOPE_MAX_QUEUED="2").start()
    server.submit(**LONG)
    task = video_task(numberResults=2)
    for _ in range(2):
        reply = server.post(task)
        assert reply.status_code == 429 and int(reply.headers["retry-after"]) > 0
        assert reply.json()["errors"][0]["code"] == "queueRateLimitExceeded"
    mixed = server.post(task, *PING)
    assert mixed.status_code == 200 and "retry-after" not in mixed.headers
    server.submit()


def test_an_error_inside_the_server_is_told_as_one(make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    rows(server, "alter table media rename to elsewhere")
    upload = {"taskType": "mediaStorage", "taskUUID": str(uuid.uuid4()), "operation": "delete"}
    reply = server.post({**upload, "media": str(uuid.uuid4())})
    assert reply.status_code == 500 and reply.json()["errors"][0]["code"] == "internalServerError"
    assert "media" not in reply.json()["errors"][0]["message"], "no insides"
    assert server.post(*PING).status_code == 200


# --- accounts


def test_an_account_has_its_own_keys_tasks_and_files(server: Server) -> None:
    command(server, "accounts", "create", "bob")
    assert "already" in command(server, "accounts", "create", "bob", fails=True)
    key = command(server, "keys", "create", "--account", "bob").strip()
    assert key.startswith("vita_") and len(key.split()) == 1, "only the key"
    mine = server.submit()
    for kind in ("getResponse", "getTaskDetails", "cancelTask"):
        reply = server.post({"taskType": kind, "taskUUID": mine}, key=key)
        assert reply.status_code == 404 and reply.json()["errors"][0]["taskUUID"] == mine
    assert server.post({**video_task(), "taskUUID": mine}, key=key).status_code == 200
    url = server.wait(mine)[0][0]["videoURL"]
    assert server.client.get(url.replace("signature=", "signature=x")).status_code == 404
    listed = command(server, "keys", "list", "--account", "bob")
    name = next(line.split()[0] for line in listed.splitlines() if line.split()[2:3] == ["bob"])
    command(server, "keys", "revoke", name)
    time.sleep(5.2)  # what the server remembers of a key
    assert server.post(*PING, key=key).status_code == 401
    assert server.post(*PING).status_code == 200


def test_credit_is_refused_before_anything_starts(make_server: Callable[..., Server]) -> None:
    server = make_server(VITASCOPE_RATES='{"bytedance:2@1": 1.0, "bytedance:seedance@1.5-pro": 0}').start().ready()
    price = Decimal("0.007622505")  # 864 x 480, 29 frames of 1.0 Pro Fast
    assert "default: 0.02 USD" in command(server, "accounts", "credit", "default", "0.02")
    task = video_task(numberResults=3)
    reply = server.post(task)
    assert reply.status_code == 402 and reply.json()["errors"][0]["code"] == "insufficientCredits"
    assert rows(server, "select count(*) from task") == [(0,)]
    sent = server.submit(numberResults=2)
    assert server.post(video_task()).status_code == 402, "what is set aside is not there"
    assert server.post({**video_task(), "taskUUID": sent}).json()["errors"][0]["code"] == "conflictTaskUUID"
    server.wait(sent)
    assert credit(server) == Decimal("0.02") - 2 * price
    balance = server.post(
        {"taskType": "accountManagement", "taskUUID": str(uuid.uuid4()), "operation": "getDetails"}
    ).json()["data"][0]["balance"]
    assert balance["available"] == float(credit(server)) and balance["reserved"] == 0
    assert server.post(video_task(model="bytedance:seedance@1.5-pro", height=496, duration=12)).status_code == 200
    command(server, "accounts", "credit", "default", "0.011745")
    own = server.submit(model="bytedance:2@1", includeCost=True)
    assert server.wait(own, 120)[0][0]["cost"] == 0.01175 and credit(server) == 0
    command(server, "accounts", "credit", "default", "+1")
    assert server.post(task).status_code == 200, "the same taskUUID may be sent again after a refusal"


@pytest.mark.slow
def test_credit_is_charged_once_whatever_dies(make_server: Callable[..., Server]) -> None:
    server = make_server()
    server.start()
    command(server, "accounts", "credit", "default", "5")
    moments = random.Random(7)
    sent = []
    for _ in range(3):
        sent += [server.submit(numberResults=2, includeCost=True, seed=moments.randrange(999)) for _ in range(3)]
        time.sleep(moments.uniform(1.5, 4.0))
        server.kill()
        server.start()
    server.ready()
    results = [item for task_uuid in sent for item in server.wait(task_uuid, 120)[0]]
    assert len(results) == 2 * len(sent)
    costs = [Decimal(cost) for (cost,) in rows(server, "select cost from take where state = 'success'")]
    assert len(costs) == len(results) and credit(server) == 5 - sum(costs)
    assert [item["cost"] for item in results] == [0.00762] * len(results)


# --- cancelling


def until(true: Callable[[], Any], seconds: float = 20) -> float:
    """Wait until something holds; returns the seconds it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f"it did not come within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - begun


@pytest.mark.parametrize("engine", ["testcard", pytest.param("filmset", marks=pytest.mark.slow)])
def test_cancelling_stops_the_engine(make_server: Callable[..., Server], receiver: Receiver, engine: str) -> None:
    server = make_server(engine=engine).start().ready()
    sizes = {} if engine == "testcard" else {"width": 864, "height": 480}
    running = server.submit(**{**LONG, **sizes}, webhookURL=f"{receiver.url}/hook")
    server.wait_until_begun(running, 120)
    waiting, next_one = server.submit(**LONG, numberResults=2), server.submit()
    begun = time.time()
    tasks = [{"taskType": "cancelTask", "taskUUID": task_uuid} for task_uuid in (waiting, running)]
    assert [item["cancelledResults"] for item in server.post(*tasks).json()["data"]] == [2, 1]
    until(lambda: takes(server, next_one, "started_at")[0])
    assert 0 < takes(server, next_one, "started_at")[0] - begun < 2, "the worker is free for the next take"
    data, errors = server.poll(running)
    assert not data and errors[0]["code"] == "taskCancelled" and errors[0]["documentation"].startswith(server.url)
    assert receiver.wait(1)[0].json() == errors[0], "the webhook tells what a poll tells"
    server.wait(next_one, 120)
    assert takes(server, waiting, "attempts") == [0, 0], "what waited never started"
    assert len(list((server.data / "files" / "videos").iterdir())) == 1


def test_tasks_on_the_command_line(server: Server) -> None:
    done = server.submit()
    server.wait(done)
    cancelled = server.submit(**LONG, numberResults=4)
    assert re.fullmatch(r"Cancelled [1-4] of 4 results\.", command(server, "tasks", "cancel", cancelled).strip())
    assert "taskCancelled" in {error["code"] for error in server.poll(cancelled)[1]}
    listed = command(server, "tasks", "list")
    assert re.search(rf"{done} .*bytedance:2@2 .* 1 success", listed)
    assert re.search(rf"{cancelled} .* [1-4] failed", listed)
    shown = json.loads(command(server, "tasks", "show", cancelled))
    codes = [take.get("fault", {}).get("code") for take in shown["takes"]]
    assert "taskCancelled" in codes and len(codes) == 4 and shown["request"]["duration"] == 12
    assert "no task" in command(server, "tasks", "show", str(uuid.uuid4()), fails=True)


def takes(server: Server, task_uuid: str, column: str) -> list[Any]:
    """One column of a task's takes, in their order."""
    chosen = f"select {column} from take join task on task.id = task_id where task_uuid = '{task_uuid}' order by number"
    return [row[0] for row in rows(server, chosen)]


def test_a_run_that_takes_too_long_ends_as_one(make_server: Callable[..., Server]) -> None:
    server = make_server(VITASCOPE_RUN_TIMEOUT="1").start().ready()
    data, errors = server.wait(server.submit(**LONG))
    assert not data and errors[0]["code"] == "providerTimeout"
