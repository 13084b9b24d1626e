"""The tasks around video tasks: details, cancelling, models, the account. Each method turns a task into an item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from vitascope.errors import Refused
from vitascope.server.runware import account
from vitascope.server.runware.models import search_models
from vitascope.server.runware.results import Results, not_found
from vitascope.server.runware.uploads import Uploads
from vitascope.service.cancel import cancel_task, cancelled_takes
from vitascope.tasks.queue.dbos import Enqueuer

Item = dict[str, Any]


class Utilities:
    """Answers utility tasks for accounts. Every method takes a task whose taskUUID is sound and raises Refused."""

    def __init__(self, engine: sa.Engine, enqueuer: Enqueuer, results: Results, uploads: Uploads) -> None:
        self._engine = engine
        self._enqueuer = enqueuer
        self._results = results
        self._uploads = uploads

    async def image_upload(self, account_id: str, task: Mapping[str, Any]) -> Item:
        """imageUpload."""
        return await self._uploads.image_upload(account_id, task)

    async def media_storage(self, account_id: str, task: Mapping[str, Any]) -> Item:
        """mediaStorage."""
        return await self._uploads.media_storage(account_id, task)

    async def task_details(self, account_id: str, task: Mapping[str, Any]) -> Item:
        """getTaskDetails."""
        return await self._results.details(account_id, task["taskUUID"])

    async def model_search(self, _account_id: str, task: Mapping[str, Any]) -> Item:
        """modelSearch."""
        return search_models(task)

    async def account_management(self, account_id: str, task: Mapping[str, Any]) -> Item:
        """accountManagement."""
        return await run_in_threadpool(self._account, account_id, task)

    async def cancel(self, account_id: str, task: Mapping[str, Any]) -> Item:
        """cancelTask, an extension: what has not finished ends with `taskCancelled`; what has stays as it is."""
        name = task["taskUUID"]
        found = await run_in_threadpool(cancel_task, self._engine, self._enqueuer, account_id, name)
        if found is None:
            raise Refused([not_found(name)])
        return {"taskType": "cancelTask", "taskUUID": name, "cancelledResults": cancelled_takes(found)}

    def _account(self, account_id: str, task: Mapping[str, Any]) -> Item:
        with self._engine.connect() as connection:
            return account.answer(connection, account_id, task)
