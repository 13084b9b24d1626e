"""What stands in front of all routes: the path's prefix behind a proxy, and what browsers ask before another page may.

The prefix is that of `public_url`. It works whether a proxy takes it off or leaves it on: inside, every path has it, as
ASGI's `root_path` wants it.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from vitascope.settings import Settings

EXPOSED = ("Accept-Ranges", "Allow", "Content-Length", "Content-Range", "ETag", "Last-Modified", "Retry-After")
"""Headers of answers that scripts of other pages may read, beside the few that browsers always show."""

FILES = "/files/"


def prefix_of(settings: Settings) -> str:
    """ "/video" for the public URL "https://clips.example/video/"; "" if there is none."""
    return urlsplit(settings.base_url).path.rstrip("/")


def local_path(scope: Scope) -> str:
    """The path without the prefix."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


class Front:
    """Sorts requests before any route sees them: puts the prefix in its place and answers to other pages' browsers.

    Files may be read from every page: their signatures protect them. All else only from those of `cors_origins`.
    """

    def __init__(self, app: ASGIApp, settings: Settings, own_paths: Iterable[str]) -> None:
        """`own_paths` are what paths begin with that are the server's own, where a prefix could look like one."""
        self._prefix = prefix_of(settings)
        self._own_paths = tuple(own_paths)
        self._files = _open_to(app, ("*",), ("GET", "HEAD"))
        self._all = _open_to(app, settings.cors_origins, ("GET", "HEAD", "POST")) if settings.cors_origins else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"} and self._prefix:
            scope = self._with_prefix(scope)
        chosen = self._files if scope["type"] == "http" and local_path(scope).startswith(FILES) else self._all
        await chosen(scope, receive, send)

    def _with_prefix(self, scope: Scope) -> Scope:
        path: str = scope["path"]
        if not self._has_prefix(path, scope.get("method", "")):
            path = self._prefix + path
        elif path == self._prefix:
            path += "/"
        return {**scope, "root_path": self._prefix, "path": path, "raw_path": quote(path).encode()}

    def _has_prefix(self, path: str, method: str) -> bool:
        rest = path.removeprefix(self._prefix)
        if rest == path or not (rest == "" or rest.startswith("/")):
            return False
        # To GET, "/files/x" is a file, not "/x" below a prefix "/files", unless what follows is the server's own.
        return rest.startswith(self._own_paths) or method == "POST" or not path.startswith(self._own_paths)


def _open_to(app: ASGIApp, origins: tuple[str, ...], methods: tuple[str, ...]) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=methods,
        allow_headers=("*",),
        allow_private_network=True,
        expose_headers=EXPOSED,
        max_age=3600,
    )
