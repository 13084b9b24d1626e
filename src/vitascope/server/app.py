"""The web application: routes, limits, and the last handler that turns whatever is left into an honest answer."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from vitascope import __version__
from vitascope.contract.errors.codes import status_of
from vitascope.errors import Fault, Refused
from vitascope.server import auth
from vitascope.server.http.body import read_body
from vitascope.server.http.connections import CONNECTION, Held
from vitascope.server.http.files import serve_file
from vitascope.server.http.health import ready
from vitascope.server.pages import errors_html, home_html
from vitascope.server.runware.messages import encoded, tasks_in
from vitascope.server.runware.openapi import document
from vitascope.server.runware.reply import Reply
from vitascope.server.runware.socket import serve_socket
from vitascope.server.state import ServerState
from vitascope.service.results import ERRORS, documented
from vitascope.settings import Settings

READ_ONLY = ("/healthz", "/readyz", "/files/", "/docs/", "/openapi.json")
"""Where there is something to get, and tasks are not taken."""

log = logging.getLogger("vitascope.server")


class _Front(FastAPI):
    """The application with its one busy route in front of everything: POST on any path.

    The framework's layers, made for routes with parameters, cost a quarter of an acknowledgement and do nothing for it.
    """

    settings: Settings
    not_ours: tuple[str, ...] = READ_ONLY
    """What paths begin with that are not Runware's: those of other wires, and those that are only read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].startswith(self.not_ours):
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        try:
            response = await _answer(Request(scope, receive), self.settings)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last handler
            response = _last_answer(self.settings, error)
        await response(scope, receive, send)


def create_app(settings: Settings, wires: Sequence[APIRouter] = ()) -> FastAPI:
    """The application for a settings object. Opens the database when it starts, closes it when it ends.

    Runware's wire takes POST on any path but those of other `wires`, which find the services in `app.state.server`.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state = await run_in_threadpool(ServerState, settings)
        app.state.server = state
        yield
        state.watcher.stop()
        await run_in_threadpool(state.close)

    app = _Front(title="Vitascope", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.settings = settings
    app.not_ours = (
        *READ_ONLY,
        *(getattr(route, "path", "").partition("{")[0] for each in wires for route in each.routes),
    )
    openapi = document()
    app.openapi = lambda: openapi  # type: ignore[method-assign]  # FastAPI's documented way to replace it

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @app.get("/readyz")
    async def readyz(request: Request) -> Response:
        status, facts = await run_in_threadpool(ready, request.app.state.server)
        return _json(facts, status)

    @app.api_route("/files/{key:path}", methods=["GET", "HEAD"])
    async def files(request: Request, key: str) -> Response:
        return await serve_file(request.app.state.server, request, key)

    @app.get("/", include_in_schema=False)
    async def home() -> Response:
        return Response(home_html(__version__), media_type="text/html; charset=utf-8")

    @app.get(f"/{ERRORS}", include_in_schema=False)
    async def errors() -> Response:
        return Response(await run_in_threadpool(errors_html), media_type="text/html; charset=utf-8")

    for wire in wires:
        app.include_router(wire)
    app.router.routes.append(WebSocketRoute("/{path:path}", serve_socket))

    @app.exception_handler(HTTPException)
    async def nothing_here(_request: Request, error: HTTPException) -> Response:
        return _wrong_method(settings, error)

    @app.exception_handler(Exception)
    async def last(_request: Request, error: Exception) -> Response:
        return _last_answer(settings, error)

    return app


def _last_answer(settings: Settings, error: Exception) -> Response:
    number = secrets.token_hex(4)
    log.exception("unexpected error %s", number, exc_info=error)
    message = f"Something went wrong inside the server (error {number}); its log has the details. Try again."
    return _refused(Fault("internalServerError", message), f"{settings.base_url}/{ERRORS}")


def _wrong_method(settings: Settings, error: HTTPException) -> Response:
    """No route has this path and method: of all methods, POST is the one that every other path takes."""
    allowed = (error.headers or {}).get("Allow", "POST")
    if "POST" in allowed:
        message = f"Send tasks with POST, to {settings.base_url}/v1 for example."
    else:
        message = f"Here is something to get (with {allowed}); send tasks with POST to {settings.base_url}/v1."
    return _refused(Fault("unsupportedMethod", message), f"{settings.base_url}/{ERRORS}", {"Allow": allowed})


async def _answer(request: Request, settings: Settings) -> Response:
    page = f"{settings.base_url}/{ERRORS}"
    state: ServerState = request.app.state.server
    header = request.headers.get("authorization")
    connection: Held | None = request.scope.get("state", {}).get(CONNECTION)

    async def known(key: str | None) -> str | None:
        account_id = await auth.account(state.key_cache, key)
        if account_id is not None and connection is not None:
            connection.known_as(account_id)
        return account_id

    async def known_by(beginning: bytes) -> bool:
        account_id = await known(auth.key_in(header, beginning))
        if account_id is not None:
            await turn.enter_async_context(state.large_bodies.of(account_id))
        return account_id is not None

    async with AsyncExitStack() as turn:  # a large body has its turn until it is answered
        try:
            tasks = await tasks_in(await read_body(request, settings.max_body, known_by))
        except Refused as refused:
            return _refused(refused.fault(), page)
        key = auth.key_of(header, tasks)
        account_id = await known(key)
        if account_id is None:
            return _refused(auth.refusal(key), page)
        reply: Reply = await state.dispatch.answer(account_id, tasks)
        return _json(reply.as_json(), reply.status, reply.headers)


def _refused(fault: Fault, page: str, headers: Mapping[str, str] | None = None) -> Response:
    return _json({"errors": [documented(fault.as_item(), page)]}, status_of(fault.code), headers)


def _json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encoded(content).encode(), status, headers, media_type="application/json")
