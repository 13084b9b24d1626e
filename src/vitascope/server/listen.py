"""How the application is served: uvicorn with our protocols, and room for as many connections as the system gives."""

from __future__ import annotations

import asyncio
import ctypes
import resource
from typing import cast

from starlette.types import ASGIApp

from vitascope.server.http.connections import Connections
from vitascope.server.http.protocols import HEADERS, ReadingHttp, ReadingSocket, WebConfig
from vitascope.settings import Settings

MOST_CONNECTIONS = 10_000
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
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
    give_memory_back()
    config.connections = Connections(_most_connections())
    return config


def give_memory_back() -> None:
    """Have large blocks of memory returned to the system when they are freed, which glibc learns not to do.

    By itself it keeps, for the next one, the room of the largest block that was ever freed, up to 32 MiB each time.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, 256 * 1024)
        mallopt(M_TRIM_THRESHOLD, 1024 * 1024)


def _most_connections() -> int:
    """As many as the open files of this process allow; the usual limit is meant for programs that need few."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MOST_CONNECTIONS + RESERVED
    most = allowed if hard == resource.RLIM_INFINITY else min(hard, allowed)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(64, most - RESERVED)
