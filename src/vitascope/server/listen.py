"""How the application is served: uvicorn with our protocols, and room for as many connections as the system gives."""

from __future__ import annotations

import asyncio
import resource
from typing import cast

from starlette.types import ASGIApp

from vitascope.server.http.connections import Connections
from vitascope.server.http.protocols import HEADERS, ReadingHttp, ReadingSocket, WebConfig
from vitascope.settings import Settings

MOST_CONNECTIONS = 10_000
RESERVED = 256  # files that are open for other reasons: the database, stored files, pipes


def web_config(app: ASGIApp, settings: Settings) -> WebConfig:
    """uvicorn's configuration for an application."""
    config = WebConfig(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        http=cast(type[asyncio.Protocol], ReadingHttp),
        ws=cast(type[asyncio.Protocol], ReadingSocket),
        h11_max_incomplete_event_size=HEADERS,
        timeout_keep_alive=settings.keep_alive,
        ws_max_size=settings.max_body,
        ws_per_message_deflate=False,  # inlined pictures do not shrink, and each connection would hold two windows
        ws_ping_interval=30,
        ws_ping_timeout=120,  # a client may be busy for a while; only one that is gone answers no ping for so long
        timeout_graceful_shutdown=3,
    )
    config.connections = Connections(_most_connections())
    return config


def _most_connections() -> int:
    """As many as the open files of this process allow; the usual limit is meant for programs that need few."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MOST_CONNECTIONS + RESERVED
    most = allowed if hard == resource.RLIM_INFINITY else min(hard, allowed)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(64, most - RESERVED)
