"""This server's own links as pictures: read from its store, without a call; links that only look like them are not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.conftest import Client, open_account, picture, video_task
from tests.server.runware.test_utilities import with_picture
from vitascope.contract.order import Form
from vitascope.server.state import ServerState
from vitascope.service.orders import order_of
from vitascope.tasks.ledger import find_task

MakeRooms = Callable[..., ServerState]


def uploaded(client: Client) -> str:
    return str(client.item("imageUpload", image=picture())["imageURL"])


def first_frame(client: Client, task_uuid: str) -> Any:
    with client.state.services.engine.connect() as connection:
        task = find_task(connection, client.account_id, task_uuid)
    assert task is not None
    return order_of(task).frames[0]


def refusal(client: Client, url: str) -> tuple[str, str, str]:
    reply = client.ask(video_task(**with_picture(url)))
    assert not reply.data and len(reply.errors) == 1, reply
    error = reply.errors[0]
    return error["code"], error["parameter"], error["message"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "localhost.", "0.0.0.0", "[::1]"])
def test_an_uploaded_picture_is_a_frame_by_its_link(client: Client, host: str) -> None:
    url = uploaded(client).replace("127.0.0.1", host)
    frame = first_frame(client, client.submit(**with_picture(url)))
    assert frame.form is Form.STORED and client.state.services.storage.head(frame.value) is not None


def test_a_link_that_somebody_shared(client: Client, other: Client) -> None:
    """Whoever holds a link may read its file; the task keeps a copy of its own account's."""
    frame = first_frame(other, other.submit(**with_picture(uploaded(client))))
    assert frame.value.startswith(f"inputs/{other.account_id}/")


def test_an_upload_of_an_own_link(client: Client) -> None:
    item = client.item("imageUpload", image=uploaded(client))
    assert client.submit(**with_picture(item["imageUUID"]))
    assert client.item("mediaStorage", operation="upload", media=item["imageURL"])["mediaURL"]


@pytest.mark.parametrize(
    "base", ["https://clips.example/video", "https://clips.example:8443", "http://10.1.2.3:9/a/b/"]
)
def test_links_that_start_with_the_public_url(make_rooms: MakeRooms, base: str) -> None:
    client = open_account(make_rooms("public", public_url=base), "alice")
    url = uploaded(client)
    assert url.startswith(base.rstrip("/") + "/files/")
    assert client.submit(**with_picture(url))
    assert client.submit(**with_picture("http://127.0.0.1:8080/files/" + url.partition("/files/")[2])), "from here"


def test_a_link_that_has_expired_is_told(client: Client) -> None:
    key = uploaded(client).partition("/files/")[2].partition("?")[0]
    code, parameter, message = refusal(client, client.state.services.links.sign(key, int(time.time()) - 1))
    assert (code, parameter) == ("invalidFrameImage", "inputs.frameImages.0") and "expired" in message


@pytest.mark.parametrize("change", [("signature=", "signature=x"), ("inputs/", "inputs/../"), ("?", "x?"), ("?", "#")])
def test_a_forged_link_leads_nowhere(client: Client, change: tuple[str, str]) -> None:
    code, _, message = refusal(client, uploaded(client).replace(*change, 1))
    assert code == "invalidFrameImage" and "no file at this link" in message


def test_a_deleted_picture_and_a_video(client: Client) -> None:
    item = client.item("imageUpload", image=picture())
    client.item("mediaStorage", operation="delete", media=item["imageUUID"])
    assert "no file at this link" in refusal(client, item["imageURL"])[2]
    task_uuid = client.submit()
    client.finish(task_uuid)
    video = client.utility("getResponse", task_uuid).data[0]["videoURL"]
    assert refusal(client, video)[0] == "invalidFrameImage", "no picture"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8081", "127.0.0.1", "example.com:8080", "127.0.0.1.example.com:8080", "example.com"]
)
def test_a_link_elsewhere_is_not_read_here(client: Client, host: str) -> None:
    """Not even with a genuine signature: whoever names another server means that server."""
    url = uploaded(client).replace("127.0.0.1:8080", host)
    if "example" in host:  # its worker will ask there
        assert first_frame(client, client.submit(**with_picture(url))).form is Form.URL
    else:
        assert "not a public address" in refusal(client, url)[2]
    assert client.state.services.links.parts_of(url) is None
    assert client.state.services.links.parts_of(url.replace("http:", "https:")) is None


def test_too_large_a_file_is_not_read(client: Client) -> None:
    key = client.state.services.pictures.store(client.account_id, b"x" * (10 * 1024 * 1024 + 1))
    url = client.state.services.links.sign(key, int(time.time()) + 60)
    assert "bytes" in refusal(client, url)[2]
    assert client.code("imageUpload", image=url) == "invalidImage"


def test_a_picture_that_breaks_the_contract_is_told_at_once(client: Client) -> None:
    small = client.item("imageUpload", image=picture(200, 400))["imageURL"]
    assert refusal(client, small)[0] == "invalidFrameImageWidth"
