"""Files of pictures while they are being removed: what is sent again at that moment is kept, what a crash left goes."""

from __future__ import annotations

import base64
import io
import time
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from PIL import Image

from tests.server.conftest import Client, open_account, picture, stored, video_task
from vitascope.delivery.storage import Storage
from vitascope.server.state import ServerState
from vitascope.service.pictures import remove_unused
from vitascope.tasks.credit import set_credit
from vitascope.tasks.database.tables import input_file, task_input
from vitascope.values import DAY


def with_picture(image: str) -> dict[str, object]:
    return {"width": None, "height": None, "resolution": "480p", "inputs": {"frameImages": [image]}}


class Interrupted(Storage):
    """A store during whose first deletion a client sends the very picture that is being removed."""

    def __init__(self, client: Client, image: str) -> None:
        super().__init__(client.state.services.storage.store)
        self._client = client
        self._image: str | None = image

    def delete(self, key: str) -> None:
        if self._image is not None:
            image, self._image = self._image, None
            for _ in range(2):
                self._client.submit(**with_picture(image))
        super().delete(key)


def test_a_picture_that_is_sent_again_while_it_is_removed_is_kept(client: Client) -> None:
    engine = client.state.services.engine
    client.item("cancelTask", client.submit(**with_picture(image := picture())))
    [old] = stored(client.state, "inputs")
    assert remove_unused(engine, Interrupted(client, image), kept_for=-1.0) == [old]
    with engine.connect() as connection:
        needed = set(connection.execute(task_input.select().with_only_columns(task_input.c.file_key)).scalars())
    assert stored(client.state, "inputs") == needed - {old} and len(needed) == 2, "one new file for both"


def test_what_a_crash_left_marked_is_removed_a_day_later(client: Client) -> None:
    services = client.state.services
    client.item("imageUpload", image=picture())
    for ago, left in ((60.0, 1), (DAY + 60.0, 0)):
        with services.engine.begin() as connection:
            connection.execute(input_file.update().values(removed_at=time.time() - ago))
        remove_unused(services.engine, services.storage)
        assert len(stored(client.state, "inputs")) == left


class TestRefusedTasks:
    """Of a task that is not accepted nothing is kept, whichever limit it met."""

    def test_without_credit(self, client: Client) -> None:
        with client.state.services.engine.begin() as connection:
            set_credit(connection, client.account_id, Decimal("0.0001"))
        tasks = [video_task(**with_picture(picture(shade=shade))) for shade in range(10)]
        reply = client.ask(*tasks)
        assert reply.status == 402 and len(reply.errors) == 10
        assert stored(client.state, "inputs") == set()

    def test_with_credit_for_some(self, client: Client) -> None:
        """All ten would be accepted alone; three are."""
        with client.state.services.engine.begin() as connection:
            set_credit(connection, client.account_id, Decimal("0.10"))
        tasks = [video_task(**with_picture(picture(shade=shade)), duration=5) for shade in range(10)]
        reply = client.ask(*tasks)
        assert 0 < len(reply.data) < 10 and len(reply.data) + len(reply.errors) == 10
        assert len(stored(client.state, "inputs")) == len(reply.data)

    def test_with_a_full_queue(self, make_rooms: Callable[..., ServerState]) -> None:
        client = open_account(make_rooms(max_queued=1), "alice")
        client.submit(**with_picture(kept := picture()))
        for image in (kept, picture(shade=1), picture(shade=2)):
            assert client.ask(video_task(**with_picture(image))).status == 429
        assert len(stored(client.state, "inputs")) == 1

    def test_that_were_sent_before(self, client: Client) -> None:
        task_uuid = client.submit(**with_picture(picture()))
        again = client.ask(video_task(taskUUID=task_uuid, **with_picture(picture(shade=9))))
        assert again.errors[0]["code"] == "conflictTaskUUID"
        assert len(stored(client.state, "inputs")) == 1

    def test_with_one_bad_picture_of_two(self, client: Client) -> None:
        images = [picture(), "data:image/png;base64," + base64.b64encode(b"<html>no</html>" * 20).decode()]
        task = video_task(model="bytedance:2@1", width=None, height=None, resolution="480p")
        reply = client.ask({**task, "inputs": {"frameImages": images}})
        assert [error["parameter"] for error in reply.errors] == ["inputs.frameImages.1"]
        assert "HTML" in reply.errors[0]["message"] and "HEIC" in reply.errors[0]["message"]
        assert stored(client.state, "inputs") == set()


def test_a_picture_that_is_removed_before_its_task_is_committed_is_stored_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = client.state.services
    store = services.pictures.store
    removed: list[str] = []

    def overtaken(account_id: str, data: bytes) -> str:
        key = store(account_id, data)
        if not removed:
            removed.extend(remove_unused(services.engine, services.storage, kept_for=-1.0))
        return key

    monkeypatch.setattr(services.pictures, "store", overtaken)
    client.submit(**with_picture(picture()))
    with services.engine.connect() as connection:
        [needed] = connection.execute(task_input.select().with_only_columns(task_input.c.file_key)).scalars()
    assert removed and needed not in removed and stored(client.state, "inputs") == {needed}


class TestQuota:
    def test_of_pictures(self, make_rooms: Callable[..., ServerState]) -> None:
        client = open_account(make_rooms(max_uploads=2), "alice")
        kept = [client.item("imageUpload", image=picture(shade=shade)) for shade in range(2)]
        reply = client.utility("imageUpload", image=picture(shade=3))
        assert reply.errors[0]["code"] == "maxStoredMediaExceeded" and "mediaStorage" in reply.errors[0]["message"]
        assert client.code("mediaStorage", operation="upload", media=picture(shade=3)) == "maxStoredMediaExceeded"
        assert len(stored(client.state, "inputs")) == 2
        client.item("mediaStorage", operation="delete", media=kept[0]["imageUUID"])
        client.item("imageUpload", image=picture(shade=3))

    def test_of_bytes(self, make_rooms: Callable[..., ServerState]) -> None:
        size = len(base64.b64decode(picture().partition(",")[2]))
        client = open_account(make_rooms(max_upload_bytes=2 * size + size // 2), "alice")
        for shade in (0, 0, 1, 1):
            client.item("imageUpload", image=picture(shade=shade))
        assert client.code("imageUpload", image=picture(shade=2)) == "maxStoredMediaExceeded"
        assert len(stored(client.state, "inputs")) == 2
        client.submit(**with_picture(picture(shade=2)))

    def test_is_one_accounts(self, make_rooms: Callable[..., ServerState]) -> None:
        state = make_rooms(max_uploads=1)
        for name in ("alice", "bob"):
            open_account(state, name).item("imageUpload", image=picture())

    def test_of_many_at_once(self, make_rooms: Callable[..., ServerState]) -> None:
        client = open_account(make_rooms(max_uploads=3), "alice")
        uploads = [
            {"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": picture(shade=shade)}
            for shade in range(12)
        ]
        reply = client.ask(*uploads)
        assert len(reply.data) == 3 and {error["code"] for error in reply.errors} == {"maxStoredMediaExceeded"}
        assert len(stored(client.state, "inputs")) == 3


@pytest.mark.parametrize("cut", [2, 1])
def test_both_ways_judge_a_picture_the_same(client: Client, cut: int) -> None:
    """A JPEG that lacks its end marker is taken; one that lacks a third is refused at once."""
    noise = Image.effect_noise((640, 480), 80).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG")
    data = file.getvalue()
    for content, taken in ((data[:-cut], True), (data[: len(data) * 2 // 3], False)):
        image = "data:application/octet-stream;base64," + base64.b64encode(content).decode()
        replies = (client.utility("imageUpload", image=image), client.ask(video_task(**with_picture(image))))
        for reply, code in zip(replies, ("invalidImage", "invalidFrameImage"), strict=True):
            assert bool(reply.data) is taken
            assert taken or (reply.errors[0]["code"] == code and "breaks off" in reply.errors[0]["message"])


def test_an_uploaded_picture_that_no_model_takes_is_refused_when_it_is_used(client: Client) -> None:
    small = client.item("imageUpload", image=picture(200, 200))["imageUUID"]
    reply = client.ask(video_task(**with_picture(small)))
    assert {error["code"] for error in reply.errors} == {"invalidFrameImageWidth", "invalidFrameImageHeight"}
