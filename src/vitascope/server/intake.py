"""From a client's task to a promise: the contract read, inline pictures put away, task and takes committed together."""

from __future__ import annotations

import hashlib
import tempfile
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from vitascope.contract.catalog import CARDS
from vitascope.contract.forms import given, picture_file
from vitascope.contract.order import Draft, Form, FrameSource, Order
from vitascope.contract.pictures import picture_faults, unknown_picture, unreachable_picture, unreadable_picture
from vitascope.contract.read import read
from vitascope.contract.reply import acknowledgement
from vitascope.delivery.links import Links
from vitascope.delivery.storage import Storage
from vitascope.drafts import kept_draft
from vitascope.errors import Fault, Refused, VitascopeError
from vitascope.media.images import UnreadablePicture, look
from vitascope.outbound import Outbound
from vitascope.tasks import media
from vitascope.tasks.commits import GroupCommit
from vitascope.tasks.ledger import NewTask
from vitascope.values import Position, Size

MOST_BYTES = 10 * 1024 * 1024
IMAGE_TTL = 30 * 86_400  # seconds an uploaded image's URL works
LONGEST_ECHO = 4000  # characters of a string kept in the record of a request; longer ones are inline pictures


class Intake:
    """Accepts tasks and pictures for accounts."""

    def __init__(
        self,
        engine: sa.Engine,
        commits: GroupCommit[NewTask, bool],
        storage: Storage,
        links: Links,
        outbound: Outbound,
        scratch: Path,
    ) -> None:
        self._engine = engine
        self._commits = commits
        self._storage = storage
        self._links = links
        self._outbound = outbound
        self._scratch = scratch

    async def accept(self, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
        """Promise a videoInference task. Returns its acknowledgement once it is on disk. Raises Refused."""
        order = await self._read(account_id, task)
        if order.frames:
            order = await run_in_threadpool(self._put_away, account_id, order)
        new = NewTask(
            account_id=account_id,
            task_uuid=order.task_uuid,
            request=_short(task),
            order=order.as_json(),
            seeds=[order.take_seed(number) for number in range(order.results)],
        )
        if not await self._commits.submit(new):
            message = (
                "A task with this taskUUID was sent before. Use a new taskUUID, or getResponse to ask for that one."
            )
            raise Refused([Fault("conflictTaskUUID", message, "taskUUID", "string")])
        return acknowledgement(order.task_uuid)

    async def upload_image(self, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a picture that tasks can name by its UUID. Raises Refused."""
        image = task.get("image")
        form = given(image) if isinstance(image, str) else None
        if not isinstance(image, str) or form is None or form.form is Form.UUID:
            message = "Send the picture as a data URI, as Base64 or as an http(s) URL."
            raise Refused([Fault("invalidImage", message, "image", "string")])
        media_id, key = await run_in_threadpool(self._keep, account_id, FrameSource(Position.FIRST, form.form, image))
        url = self._links.sign(key, int(time.time()) + IMAGE_TTL)
        return {"taskType": "imageUpload", "taskUUID": task["taskUUID"], "imageUUID": media_id, "imageURL": url}

    async def _read(self, account_id: str, task: Mapping[str, Any]) -> Order:
        # Drafts need the database and pictures take time to decode; all other tasks are read on the event loop.
        if task.get("inputs") or task.get("frameImages"):
            return await run_in_threadpool(read, task, lambda draft_id: self._draft(account_id, draft_id))
        return read(task)

    def _draft(self, account_id: str, draft_id: str) -> Draft | None:
        with self._engine.connect() as connection:
            return kept_draft(connection, account_id, draft_id)

    def _put_away(self, account_id: str, order: Order) -> Order:
        """Check inline pictures and keep them as files, so that the ledger holds keys; check that UUIDs are known."""
        faults: list[Fault] = []
        frames = []
        for index, source in enumerate(order.frames):
            parameter = f"inputs.frameImages.{index}"
            try:
                frames.append(self._put_one_away(account_id, order, source, parameter))
            except Refused as refused:
                faults.extend(refused.faults)
        if faults:
            raise Refused(faults)
        return replace(order, frames=tuple(frames))

    def _put_one_away(self, account_id: str, order: Order, source: FrameSource, parameter: str) -> FrameSource:
        if source.form is Form.UUID:
            with self._engine.begin() as connection:
                key = media.use(connection, account_id, source.value)
            if key is None:
                raise Refused([unknown_picture(parameter)])
            return replace(source, form=Form.STORED, value=key)
        if source.form not in {Form.DATA_URI, Form.BASE64}:
            return source
        data = picture_file(source)
        faults = picture_faults(CARDS[order.model], _size_of(data, parameter), len(data), parameter)
        if faults:
            raise Refused(faults)
        return replace(source, form=Form.STORED, value=self._store(account_id, data))

    def _keep(self, account_id: str, source: FrameSource) -> tuple[str, str]:
        try:
            data = (
                self._outbound.fetch(source.value, MOST_BYTES).data if source.form is Form.URL else picture_file(source)
            )
        except VitascopeError as error:
            raise Refused([unreachable_picture("image", str(error))]) from error
        _size_of(data, "image")
        key = self._store(account_id, data)
        media_id = str(uuid.uuid4())
        with self._engine.begin() as connection:
            media.keep(connection, media_id, account_id, key)
        return media_id, key

    def _store(self, account_id: str, data: bytes) -> str:
        """Keep a picture under the digest of its content, so that sending it twice keeps it once."""
        key = f"inputs/{account_id}/{hashlib.sha256(data).hexdigest()}"
        if self._storage.head(key) is None:
            with tempfile.NamedTemporaryFile(dir=self._scratch) as file:
                file.write(data)
                file.flush()
                self._storage.put_file(key, Path(file.name))
        return key


def _size_of(data: bytes, parameter: str) -> Size:
    try:
        return look(data)
    except UnreadablePicture as error:
        raise Refused([unreadable_picture(parameter)]) from error


def _short(value: Any) -> Any:
    """A request as the ledger records it: inline pictures are named by their length."""
    if isinstance(value, Mapping):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_short(item) for item in value]
    if isinstance(value, str) and len(value) > LONGEST_ECHO:
        return f"{value[:40]}... ({len(value)} characters)"
    return value
