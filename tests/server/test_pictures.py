"""Files of pictures while they are being removed: what is sent again at that moment is kept, what a crash left goes."""

from __future__ import annotations

import time

from tests.server.conftest import Client, picture, stored
from vitascope.delivery.storage import Storage
from vitascope.service.pictures import remove_unused
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
