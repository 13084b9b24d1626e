"""Drafts that were made on the command line in the server's folder: they can be finished, not polled."""

from __future__ import annotations

import time

from tests.server.conftest import Client, video_task
from vitascope.contract.read import read
from vitascope.tasks.ledger import NewTask, record_draft

DRAFT_ID = "cgt-20260327025345-g766z"


def test_a_draft_from_the_command_line_is_finished_and_never_polled(client: Client) -> None:
    settings = {"bytedance": {"draft": True}}
    task = video_task(model="bytedance:seedance@1.5-pro", height=496, providerSettings=settings, seed=3)
    order = read(task)
    new = NewTask(client.account_id, order.task_uuid, order.model, "", task, order.as_json(), [3])
    facts = {"width": 864, "height": 496, "draft_id": DRAFT_ID, "expires_at": int(time.time()) + 600}
    with client.state.services.engine.begin() as connection:
        record_draft(connection, new, facts)
    for kind in ("getResponse", "getTaskDetails"):
        assert client.code(kind, order.task_uuid) == "taskNotFound"
    final = video_task(model=order.model, width=None, height=None, duration=None, positivePrompt=None)
    assert client.ask({**final, "inputs": {"draftId": DRAFT_ID}, "resolution": "720p"}).data
