"""A server that listens on all addresses and was told no public URL: its links work here, and it says what to set."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.server.runware.sockets import Socket

if TYPE_CHECKING:
    from tests.life.conftest import Receiver, Server


@pytest.mark.parametrize("host", ["0.0.0.0", ""])
def test_links_in_answers_pushes_and_webhooks_can_be_opened(
    make_server: Callable[..., Server], receiver: Receiver, host: str
) -> None:
    server = make_server(VITASCOPE_HOST=host).start().ready()
    assert "VITASCOPE_PUBLIC_URL" in server.banner and f"begin with {server.url}," in server.banner
    with Socket(server.url, server.key) as socket:
        task_uuid = server.submit(webhookURL=f"{receiver.url}/hook")
        socket.send({"taskType": "getResponse", "taskUUID": task_uuid})
        pushed = socket.result(task_uuid)["data"][0]["videoURL"]
    polled = server.wait(task_uuid)[0][0]["videoURL"]
    called = receiver.wait(1)[0].json()["videoURL"]
    assert pushed == polled == called
    assert server.client.get(polled).status_code == 200


def test_a_server_of_one_address_says_nothing(server: Server) -> None:
    assert "PUBLIC_URL" not in server.banner
