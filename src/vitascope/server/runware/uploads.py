"""imageUpload and mediaStorage: pictures that an account keeps here and names by their UUID in later tasks."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from starlette.concurrency import run_in_threadpool

from vitascope.contract.catalog import PictureLimits
from vitascope.contract.faults import tidy
from vitascope.contract.inputs import is_uuid4, picture_file, recognise
from vitascope.contract.order import Form, FrameSource
from vitascope.delivery.links import Links
from vitascope.errors import Fault, Refused, VitascopeError
from vitascope.media.decoding import Decoders
from vitascope.media.kinds import UnreadablePicture
from vitascope.outbound.client import Outbound
from vitascope.service.own_files import OwnFiles
from vitascope.service.pictures import KEPT_FOR, Pictures
from vitascope.values import Position

OPERATIONS = ("upload", "delete")
AT_ONCE = 4  # pictures of one account that are fetched at the same time


class Uploads:
    """Keeps and forgets pictures for accounts."""

    def __init__(
        self,
        pictures: Pictures,
        links: Links,
        own_files: OwnFiles,
        outbound: Outbound,
        decoders: Decoders,
        fetching: Executor,
    ) -> None:
        """`fetching` has the threads in which pictures are fetched and checked."""
        self._decoders = decoders
        self._fetching = fetching
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._pictures = pictures
        self._links = links
        self._own_files = own_files
        self._outbound = outbound

    async def image_upload(self, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
        """Answer imageUpload. Raises Refused."""
        media_id, url = await self._kept(account_id, task.get("image"), "image")
        return {"taskType": "imageUpload", "taskUUID": task["taskUUID"], "imageUUID": media_id, "imageURL": url}

    async def media_storage(self, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
        """Answer mediaStorage: `media` is a picture to keep or the UUID of one to delete. Raises Refused."""
        operation = task.get("operation")
        if operation not in OPERATIONS:
            raise Refused([operation_fault(operation, OPERATIONS)])
        item = {"taskType": "mediaStorage", "taskUUID": task["taskUUID"], "operation": operation}
        if operation == "delete":
            name = task.get("media") or task.get("mediaUUID")
            return {**item, "mediaUUID": await run_in_threadpool(self._forget, account_id, name)}
        media_id, url = await self._kept(account_id, task.get("media"), "media")
        return {**item, "mediaUUID": media_id, "mediaURL": url}

    async def _kept(self, account_id: str, text: Any, parameter: str) -> tuple[str, str]:
        """`_keep`, a few at a time for each account, in threads that nothing else needs."""
        async with self._turns.setdefault(account_id, asyncio.Semaphore(AT_ONCE)):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._fetching, self._keep, account_id, text, parameter)

    def _keep(self, account_id: str, text: Any, parameter: str) -> tuple[str, str]:
        """Fetch or decode a picture and keep it: (its UUID, its URL)."""
        self._pictures.check_room(account_id)
        data = self._file(text, parameter)
        try:
            self._decoders.whole(data)
        except UnreadablePicture as error:
            raise Refused([_invalid(parameter, str(error))]) from error
        media_id = str(uuid.uuid4())
        key = self._pictures.upload(account_id, media_id, data)
        return media_id, self._links.sign(key, int(time.time()) + KEPT_FOR)

    def _file(self, text: Any, parameter: str) -> bytes:
        if text is None or text == "":
            message = f"Add {parameter}: a picture as a data URI, as Base64 or as an http(s) URL."
            raise Refused([_missing(parameter, message)])
        recognised = recognise(text) if isinstance(text, str) else None
        if recognised is None or recognised.form is Form.UUID:
            raise Refused([_invalid(parameter, "Send the picture as a data URI, as Base64 or as an http(s) URL.")])
        most = PictureLimits().most_bytes
        if recognised.byte_count > most:
            raise Refused([_invalid(parameter, f"Send a picture of at most {most // 1024 // 1024} MB.")])
        if recognised.form is not Form.URL:
            return picture_file(FrameSource(Position.FIRST, recognised.form, text))
        try:
            own = self._own_files.read(text, most)
            return self._outbound.fetch(text, most).data if own is None else own
        except VitascopeError as error:
            message = f"Send a picture URL that can be fetched from here: {tidy(str(error)).rstrip('.')}."
            raise Refused([_invalid(parameter, message)]) from error

    def _forget(self, account_id: str, name: Any) -> str:
        if name is None or name == "":
            raise Refused([_missing("media", "Add media: the mediaUUID of the picture to delete.")])
        if not isinstance(name, str) or not is_uuid4(name):
            raise Refused([_invalid("media", "Set media to the mediaUUID of the picture to delete.")])
        if not self._pictures.forget(account_id, name):
            message = "This account keeps no picture under this mediaUUID; it may have been deleted or have expired."
            raise Refused([Fault("mediaNotFound", message, "media", "string")])
        return name


def operation_fault(operation: Any, allowed: tuple[str, ...]) -> Fault:
    """What is wrong with an `operation` that is not one of the allowed."""
    words = " or ".join(allowed) if len(allowed) == 2 else ", ".join(allowed)
    if operation is None or operation == "":
        return Fault("missingOperation", f"Add operation: {words}.", "operation", "string", allowed)
    return Fault("unsupportedOperation", f"Set operation to one of: {words}.", "operation", "string", allowed)


def _missing(parameter: str, message: str) -> Fault:
    if parameter == "image":
        return Fault("missingImage", message, parameter, "string")
    return Fault("missingMedia", message, parameter, "string")


def _invalid(parameter: str, message: str) -> Fault:
    if parameter == "image":
        return Fault("invalidImage", message, parameter, "string")
    return Fault("invalidMedia", message, parameter, "string")
