"""What browsers ask before the script of another page may call the server or read its files (CORS); and HEAD."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tests.life.conftest import Server
from vitascope.settings import Settings

PAGE, STRANGER = "https://app.example.com", "https://evil.example"


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that a page may call."""
    origins = {"VITASCOPE_CORS_ORIGINS": f"{PAGE}, http://localhost:3000/", "VITASCOPE_MAX_QUEUED": "1"}
    running = Server(tmp_path_factory.mktemp("cors") / "data", **origins)
    try:
        yield running.start().ready()
    finally:
        running.close()


@pytest.fixture(scope="module")
def closed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the settings that nobody changed."""
    running = Server(tmp_path_factory.mktemp("plain") / "data")
    try:
        yield running.start().ready()
    finally:
        running.close()


def preflight(server: Server, path: str, origin: str, method: str = "POST", **more: str) -> httpx.Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": method, **more}
    return server.client.options(server.url + path, headers=headers)


def call(server: Server, *tasks: Any, key: str = "", origin: str = PAGE) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key or server.key}", "Origin": origin}
    return server.client.post(f"{server.url}/v1", json=list(tasks), headers=headers)


@pytest.mark.parametrize("path", ["/v1", "/", "/any/path"])
@pytest.mark.parametrize("origin", [PAGE, "http://localhost:3000"])
def test_a_page_may_ask_and_call(open_server: Server, path: str, origin: str) -> None:
    asked = {"Access-Control-Request-Headers": "authorization,content-type"}
    reply = preflight(open_server, path, origin, **asked)
    assert reply.status_code == 200 and reply.headers["access-control-allow-origin"] == origin
    assert "POST" in reply.headers["access-control-allow-methods"] and "Origin" in reply.headers["vary"]
    allowed = reply.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed and "content-type" in allowed
    assert "access-control-allow-credentials" not in reply.headers


def test_every_answer_can_be_read_by_the_page(open_server: Server) -> None:
    replies = {
        200: call(open_server, {"taskType": "ping"}),
        401: call(open_server, {"taskType": "ping"}, key="k" * 43),
        400: call(open_server, {"taskType": "dance"}),
        404: call(open_server, {"taskType": "getResponse", "taskUUID": "3f0c8d2e-6a51-4f0e-9d3b-0a1b2c3d4e5f"}),
        405: open_server.get("/v1", headers={"Origin": PAGE}),
    }
    for status, reply in replies.items():
        assert reply.status_code == status, reply.text
        assert reply.headers["access-control-allow-origin"] == PAGE and reply.headers["vary"] == "Origin"
        exposed = reply.headers["access-control-expose-headers"]
        assert {"Retry-After", "Content-Range", "Allow"} <= set(exposed.split(", "))
    assert open_server.get("/healthz", headers={"Origin": PAGE}).headers["access-control-allow-origin"] == PAGE


def test_a_stranger_may_not(open_server: Server) -> None:
    for origin in (STRANGER, PAGE + ".evil.example", "http://app.example.com", "null", PAGE + ":8443"):
        assert preflight(open_server, "/v1", origin).status_code == 400
        assert "access-control-allow-origin" not in call(open_server, {"taskType": "ping"}, origin=origin).headers


def test_nobody_may_by_default(closed_server: Server) -> None:
    reply = preflight(closed_server, "/v1", PAGE)
    assert reply.status_code == 405 and reply.headers["allow"] == "POST"
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert "access-control-allow-origin" not in call(closed_server, {"taskType": "ping"}).headers


@pytest.mark.parametrize("kind", ["open", "closed"])
def test_files_can_be_read_in_ranges_from_every_page(open_server: Server, closed_server: Server, kind: str) -> None:
    server = open_server if kind == "open" else closed_server
    url = server.wait(server.submit())[0][0]["videoURL"]
    path = url.removeprefix(server.url)
    asked = preflight(server, path, STRANGER, "GET", **{"Access-Control-Request-Headers": "range,if-none-match"})
    assert asked.status_code == 200 and asked.headers["access-control-allow-origin"] == "*"
    assert "range" in asked.headers["access-control-allow-headers"].lower()
    part = server.client.get(url, headers={"Origin": STRANGER, "Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert part.headers["access-control-allow-origin"] == "*"
    assert {"Content-Range", "Accept-Ranges", "Content-Length"} <= set(
        part.headers["access-control-expose-headers"].split(", ")
    )
    assert server.client.get(url).headers["access-control-allow-origin"] == "*", "whoever asks: it may be kept"
    gone = server.get("/files/videos/none.mp4", headers={"Origin": STRANGER})
    assert gone.status_code == 404 and gone.headers["access-control-allow-origin"] == "*"


def test_every_page_tells_its_head(closed_server: Server) -> None:
    url = closed_server.wait(closed_server.submit())[0][0]["videoURL"].removeprefix(closed_server.url)
    for path in ("/", "/healthz", "/readyz", "/docs/errors", "/openapi.json", url):
        whole, head = closed_server.get(path), closed_server.client.head(closed_server.url + path)
        assert (head.status_code, head.content) == (whole.status_code, b"") and whole.status_code == 200, path
        for name in ("content-type", "content-length"):
            assert head.headers[name] == whole.headers[name], path
        wrong = closed_server.client.delete(closed_server.url + path)
        assert wrong.status_code == 405 and {"GET", "HEAD"} <= set(wrong.headers["allow"].split(", ")), path


@pytest.mark.parametrize("sent", ["app.example.com", "https://a.example/path", "https://*.example", "https://", "a b"])
def test_what_is_no_origin_is_told_at_the_start(sent: str) -> None:
    with pytest.raises(ValidationError, match="is no origin: write one such as"):
        Settings(cors_origins=(sent,))


def test_origins_are_compared_as_browsers_send_them() -> None:
    sent = ("HTTPS://App.Example.com/", "http://a.example:80", "https://b.example:443", "http://c.example:8080", "*")
    read = Settings(cors_origins=sent).cors_origins
    assert read == ("https://app.example.com", "http://a.example", "https://b.example", "http://c.example:8080", "*")
