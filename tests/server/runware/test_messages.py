"""What goes into which frame; the outbox's bounds; what a session keeps for a client that comes back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from vitascope.server.runware import sessions as module
from vitascope.server.runware.messages import Frame, frames, held_back, read_tasks, unfinished
from vitascope.server.runware.outbox import MOST_FRAMES, Outbox
from vitascope.server.runware.sessions import Session, Sessions

A, B = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def item(task_uuid: str, status: str | None = None, **more: Any) -> dict[str, Any]:
    return {"taskType": "videoInference", "taskUUID": task_uuid, **({"status": status} if status else {}), **more}


def error(task_uuid: str, code: str = "inferenceError") -> dict[str, Any]:
    return item(task_uuid, "error", code=code, message="no")


def test_a_frame_is_about_one_task_and_is_data_or_errors() -> None:
    made = frames([item(A, "success"), item(B, "success"), item(A, "success")], [error(A), error(B), error(A)])
    assert [json.loads(frame.text) for frame in made] == [
        {"data": [item(A, "success"), item(A, "success")]},
        {"errors": [error(A)]},
        {"data": [item(B, "success")]},
        {"errors": [error(B)]},
    ]
    assert [frame.errors for frame in made] == [False, True, False, True]
    assert frames([], []) == [Frame('{"data":[]}')]


def test_failures_wait_for_the_end_of_their_task() -> None:
    data, errors = held_back(
        [item(A, "processing"), item(A, "success"), item(B, "success")], [error(A), error(B)], False
    )
    assert [(each["taskUUID"], each["status"]) for each in data] == [
        (A, "processing"), (A, "success"), (B, "success"), (A, "processing"),
    ]  # fmt: skip
    assert errors == [error(B)]


def test_results_wait_too_where_they_would_be_counted_twice() -> None:
    data, _ = held_back([item(A, "success", videoURL="u"), item(A, "processing"), item(B, "success")], [], True)
    assert [each["status"] for each in data] == ["processing", "processing", "success"]
    assert "videoURL" not in data[0]


def test_what_is_still_to_come() -> None:
    assert unfinished([item(A)], []) == {A: True}
    assert unfinished([item(A, "success"), item(A, "processing")], []) == {A: True}
    assert unfinished([item(A, "success")], [error(A)]) == {A: False}
    assert unfinished([], [error(A, "conflictTaskUUID"), error(B)]) == {A: True, B: False}
    assert unfinished([{"taskType": "ping", "pong": True}], [{"code": "invalidTask"}]) == {}


def test_json_is_read_from_text_and_bytes() -> None:
    assert read_tasks('["\\u00e9"]') == read_tasks('["é"]'.encode()) == ["é"]


def test_an_outbox_that_overflows_closes() -> None:
    async def scenario() -> None:
        outbox = Outbox()
        for _ in range(MOST_FRAMES):
            outbox.put(Frame("x"))
        assert not outbox.closed.done()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(outbox.room(), 0.01)
        outbox.put(Frame("x"))
        assert outbox.closed.result() == "too slow"
        await outbox.room()

    asyncio.run(scenario())


def test_an_outbox_keeps_order_and_makes_room() -> None:
    async def scenario() -> None:
        outbox, sent = Outbox(), []

        async def send(frame: str) -> None:
            sent.append(frame)

        for number in range(MOST_FRAMES):
            outbox.put(Frame(str(number)))
        writer = asyncio.create_task(outbox.drain(send))
        await asyncio.wait_for(outbox.room(), 1)
        await asyncio.sleep(0)
        writer.cancel()
        assert sent == [str(number) for number in range(MOST_FRAMES)]

    asyncio.run(scenario())


async def drained(outbox: Outbox) -> list[str]:
    sent: list[str] = []

    async def send(frame: str) -> None:
        sent.append(frame)

    writer = asyncio.create_task(outbox.drain(send))
    await asyncio.sleep(0.01)
    writer.cancel()
    return sent


DATA, ERRORS = Frame('{"data":[1]}'), Frame('{"errors":[1]}', errors=True)


def test_a_session_keeps_what_is_not_surely_received(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        session, first, second, third = Session("account"), Outbox(), Outbox(), Outbox()
        session.attach(first)
        session.deliver([DATA, ERRORS])
        assert session.detach(first)
        session.deliver([ERRORS])
        session.attach(second)
        assert await drained(second) == [DATA.text, ERRORS.text], "the error that was sent is not sent again"
        monkeypatch.setattr(module, "CERTAIN", -1.0)
        session.confirm()
        session.attach(third)
        assert await drained(third) == []
        assert second.closed.result() == "replaced" and not session.detach(second)

    asyncio.run(scenario())


def test_a_push_is_kept_for_two_minutes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        session, outbox = Session("account"), Outbox()
        session.deliver([DATA])
        monkeypatch.setattr(module, "KEEP", -1.0)
        session.attach(outbox)
        assert await drained(outbox) == []

    assert module.KEEP == 120
    asyncio.run(scenario())


def test_sessions_end_some_time_after_their_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        monkeypatch.setattr(module, "KEEP", 0.05)
        all_sessions, outbox = Sessions(), Outbox()
        session = all_sessions.enter("mine", None)
        session.attach(outbox)
        session.watching.add(("mine", A))
        all_sessions.leave(session, outbox)
        assert all_sessions.enter("mine", session.id) is session
        session.attach(outbox)
        await asyncio.sleep(0.1)
        assert session.watching, "it came back in time"
        assert all_sessions.enter("other", session.id) is not session
        all_sessions.leave(session, outbox)
        await asyncio.sleep(0.1)
        assert not session.watching and all_sessions.enter("mine", session.id) is not session

    asyncio.run(scenario())
