"""The web application: routes, limits, and the last handler that turns whatever is left into an honest answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router, WebSocketRoute
from starlette.types import Receive, Scope, Send

from vitascope import __version__
from vitascope.contract.errors.codes import status_of
from vitascope.errors import Fault, Refused, VitascopeError
from vitascope.server import auth
from vitascope.server.http.body import read_body
from vitascope.server.http.connections import CONNECTION, Held
from vitascope.server.http.files import serve_file
from vitascope.server.http.front import Front, local_path, prefix_of
from vitascope.server.http.health import ready
from vitascope.server.pages import errors_html, home_html
from vitascope.server.runware.messages import encoded, tasks_in
from vitascope.server.runware.openapi import document
from vitascope.server.runware.reply import Reply, failure, retry_after
from vitascope.server.runware.socket import serve_socket
from vitascope.server.state import ServerState
from vitascope.service.results import ERRORS, documented
from vitascope.settings import Settings

READ_ONLY = ("/healthz", "/readyz", "/files/", "/docs/", "/openapi.json")
"""Where there is something to get, and tasks are not taken."""

READ = ["GET", "HEAD"]


class _Front(Starlette):
    """The application with its one busy route in front of everything: POST on any path.

    The framework's layers, made for routes with parameters, cost a quarter of an acknowledgement and do nothing for it.
    """

    settings: Settings
    not_ours: tuple[str, ...] = READ_ONLY
    """What paths begin with that are not Runware's: those of other wires, and those that are only read."""
    front: Front

    def stand_before(self, settings: Settings, others: tuple[str, ...]) -> None:
        """Take the settings, and the beginnings of the paths that belong to other wires."""
        self.settings = settings
        self.not_ours = (*READ_ONLY, *others)
        self.front = Front(self._inside, settings, self.not_ours)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.front(scope, receive, send)

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or local_path(scope).startswith(self.not_ours):
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


def create_app(settings: Settings, wires: Sequence[Router] = ()) -> Starlette:
    """The application for a settings object. Opens the database when it starts, closes it when it ends.

    Runware's wire takes POST on any path but those of other `wires`, which find the services in `app.state.server`.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        state = await run_in_threadpool(ServerState, settings)
        app.state.server = state
        yield
        state.watcher.stop()
        await run_in_threadpool(state.close)

    async def healthz(_request: Request) -> Response:
        return _json({"status": "ok", "version": __version__})

    async def readyz(request: Request) -> Response:
        status, facts = await run_in_threadpool(ready, request.app.state.server)
        return _json(facts, status, retry_after(status))

    async def files(request: Request) -> Response:
        return await serve_file(request.app.state.server, request, request.path_params["key"])

    async def openapi(_request: Request) -> Response:
        return _json(document(prefix))

    async def home(_request: Request) -> Response:
        return Response(home_html(__version__, prefix), media_type="text/html; charset=utf-8")

    async def errors(_request: Request) -> Response:
        return Response(await run_in_threadpool(errors_html), media_type="text/html; charset=utf-8")

    async def nothing_here(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return _wrong_method(settings, error)

    async def last(_request: Request, error: Exception) -> Response:
        return _last_answer(settings, error)

    prefix = prefix_of(settings)
    others = [route for wire in wires for route in wire.routes]
    app = _Front(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/files/{key:path}", files),
            Route("/openapi.json", openapi),
            Route("/", home),
            Route(f"/{ERRORS}", errors),
            *others,
            WebSocketRoute("/{path:path}", serve_socket),
        ],
        lifespan=lifespan,
        exception_handlers={HTTPException: nothing_here, SQLAlchemyError: last, VitascopeError: last, Exception: last},
    )
    app.stand_before(settings, tuple(getattr(route, "path", "").partition("{")[0] for route in others))
    return app


def _last_answer(settings: Settings, error: Exception, task: Any = None) -> Response:
    return _refused([failure(error, task)], f"{settings.base_url}/{ERRORS}")


def _wrong_method(settings: Settings, error: HTTPException) -> Response:
    """No route has this path and method: of all methods, POST is the one that every other path takes."""
    allowed = ", ".join(sorted((error.headers or {}).get("Allow", "POST").split(", ")))
    if "POST" in allowed:
        message = f"Send tasks with POST, to {settings.base_url}/v1 for example."
    else:
        message = f"Here is something to get (with {allowed}); send tasks with POST to {settings.base_url}/v1."
    return _refused([Fault("unsupportedMethod", message)], f"{settings.base_url}/{ERRORS}", {"Allow": allowed})


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
        except Refused as refused:  # strangers are told once, however many tasks they name
            named = await known(auth.key_in(header, b"")) is not None
            return _refused(refused.faults if named else refused.faults[:1], page)
        key = auth.key_of(header, tasks)
        account_id = await known(key)
        if account_id is None:
            return _refused([auth.refusal(key)], page)
        try:
            reply: Reply = await state.dispatch.answer(account_id, tasks)
        except Exception as error:  # noqa: BLE001 - the last handler that still knows whose task it was
            return _last_answer(settings, error, tasks[0])
        return _json(reply.as_json(), reply.status, reply.headers)


def _refused(faults: Sequence[Fault], page: str, headers: Mapping[str, str] | None = None) -> Response:
    errors = [documented(fault.as_item(), page) for fault in faults]
    status = status_of(faults[0].code)
    return _json({"errors": errors}, status, {**retry_after(status), **(headers or {})})


def _json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encoded(content).encode(), status, headers, media_type="application/json")
