"""The web application: routes, limits, and the last handler that turns whatever is left into an honest answer."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pydantic_core
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from vitascope import __version__
from vitascope.errors import Fault
from vitascope.server import auth
from vitascope.server.desk import Reply
from vitascope.server.files import serve_file
from vitascope.server.health import ready
from vitascope.server.openapi import document
from vitascope.server.rooms import Rooms
from vitascope.settings import Settings

log = logging.getLogger("vitascope.server")


class TooLarge(Exception):
    """The body is larger than this server reads."""


def create_app(settings: Settings) -> FastAPI:
    """The application for a settings object. Opens the database when it starts, closes it when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        rooms = await run_in_threadpool(Rooms, settings)
        app.state.rooms = rooms
        yield
        await run_in_threadpool(rooms.close)

    app = FastAPI(title="Vitascope", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    openapi = document()
    app.openapi = lambda: openapi  # type: ignore[method-assign]  # FastAPI's documented way to replace it

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @app.get("/readyz")
    async def readyz(request: Request) -> Response:
        status, facts = await run_in_threadpool(ready, request.app.state.rooms)
        return _json(facts, status)

    @app.api_route("/files/{key:path}", methods=["GET", "HEAD"])
    async def files(request: Request, key: str) -> Response:
        return await serve_file(request.app.state.rooms, request, key)

    async def tasks(request: Request) -> Response:
        return await _answer(request, settings)

    # A plain route: FastAPI's dependency machinery would cost a tenth of the whole acknowledgement for nothing.
    app.add_route("/{path:path}", tasks, methods=["POST"])

    @app.exception_handler(Exception)
    async def last(_request: Request, error: Exception) -> Response:
        number = secrets.token_hex(4)
        log.exception("unexpected error %s", number, exc_info=error)
        message = f"Something went wrong inside the server (error {number}); its log has the details. Try again."
        return _refused(Fault("internalServerError", message), 500)

    return app


async def _answer(request: Request, settings: Settings) -> Response:
    try:
        body = await _read(request, settings.max_body)
    except TooLarge:
        message = f"The request is larger than {settings.max_body} bytes. Send pictures by URL, or smaller ones."
        return _refused(Fault("maxRequestSizeExceeded", message), 413)
    try:
        tasks: Any = pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError as error:
        return _refused(Fault("invalidJSON", f"The request body is not valid JSON: {error}."), 400)
    if not isinstance(tasks, list) or not tasks:
        message = "The request body must be an array of task objects: [{...}]."
        return _refused(Fault("invalidRequestBody", message, type="array"), 400)
    rooms: Rooms = request.app.state.rooms
    key = auth.key_of(request.headers.get("authorization"), tasks)
    account_id = await _account(rooms, key)
    if account_id is None:
        return _refused(auth.refusal(key), 401)
    reply: Reply = await rooms.desk.answer(account_id, tasks)
    return _json(reply.as_json(), reply.status)


async def _account(rooms: Rooms, key: str | None) -> str | None:
    if key is None:
        return None
    known, account_id = rooms.doorkeeper.recall(key)
    return account_id if known else await run_in_threadpool(rooms.doorkeeper.look_up, key)


async def _read(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be too large."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise TooLarge
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge
        chunks.append(chunk)
    return b"".join(chunks)


def _refused(fault: Fault, status: int) -> Response:
    return _json({"errors": [fault.as_item()]}, status)


def _json(content: Any, status: int = 200) -> Response:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, media_type="application/json")
