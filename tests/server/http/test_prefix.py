"""A prefix in `public_url`: everything works whether the proxy in front takes it off or leaves it on."""

from __future__ import annotations

import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn

from tests.server.conftest import picture
from tests.server.runware.sockets import Socket
from vitascope.server.app import create_app
from vitascope.settings import Settings
from vitascope.tasks import accounts


class Site:
    """The real application behind a real socket, as `serve` runs it, without a worker."""

    def __init__(self, data: Path, public_url: str) -> None:
        app = create_app(Settings(data=data, public_url=public_url))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]})
        self._thread.start()
        deadline = time.monotonic() + 60
        while not self._server.started:
            assert time.monotonic() < deadline and self._thread.is_alive(), "it did not start"
            time.sleep(0.02)
        with app.state.server.services.engine.begin() as connection:
            key = accounts.create_key(connection, accounts.default_account(connection))
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=30)
        self.get, self.head, self.post = self._client.get, self._client.head, self._client.post

    def close(self) -> None:
        self._client.close()
        self._server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive(), "it did not end"


OpenSite = Callable[[str], Site]


@pytest.fixture
def at(tmp_path: Path) -> Iterator[OpenSite]:
    """Opens a server with a public URL."""
    opened: list[Site] = []

    def make(public_url: str) -> Site:
        opened.append(Site(tmp_path / "data", public_url))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def paths(site: Site, prefix: str) -> Iterator[str]:
    """A file's path at this server, as the link has it."""
    task = {"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": picture()}
    for path in ("/v1", f"{prefix}/v1", f"{prefix}/", "/"):
        url = site.post(path, json=[task]).raise_for_status().json()["data"][0]["imageURL"]
        yield urlsplit(url).path + "?" + urlsplit(url).query


@pytest.mark.parametrize("prefix", ["/video", "/a/b/c", "/files", "/v1"])
def test_both_ways(at: OpenSite, prefix: str) -> None:
    site = at(f"https://clips.example{prefix}/")
    for path in paths(site, prefix):
        assert path.startswith(f"{prefix}/files/inputs/")
        for each in (path, path.removeprefix(prefix)):
            assert site.get(each).status_code == 200, each
            assert site.head(each).status_code == 200, each
    for page in ("/healthz", "/readyz", "/openapi.json", "/docs/errors"):
        for each in (page, prefix + page):
            assert site.get(each).headers["content-type"].startswith(("application/json", "text/html")), each
            assert site.get(each).status_code in (200, 503), each
            assert site.post(each, json=[]).status_code == 405, each
    with Socket(f"{site.url}{prefix}/v1", None) as connection:
        assert connection.ask({"taskType": "ping"})["errors"][0]["code"] == "missingApiKey"


@pytest.mark.parametrize("prefix", ["/video", "/a/b"])
def test_the_home_pages_links_stay_below_it(at: OpenSite, prefix: str) -> None:
    site = at(f"http://clips.example{prefix}")
    for home in ("/", prefix, f"{prefix}/"):
        links = re.findall(r'href="([^"]+)"', site.get(home).raise_for_status().text)
        assert len(links) == 3
        for link in links:
            assert link.startswith(f"{prefix}/") and site.get(link).status_code in (200, 503)
    assert site.get("/openapi.json").json()["servers"] == [{"url": prefix}]
    moved = site.get(f"{prefix}/healthz/")
    assert moved.status_code == 307 and urlsplit(moved.headers["location"]).path == f"{prefix}/healthz"


def test_what_only_begins_like_it_is_another_path(at: OpenSite) -> None:
    site = at("https://clips.example/video")
    assert site.get("/videos/healthz").status_code == 405
    assert site.get("/video/video/healthz").status_code == 405


def test_without_one_nothing_is_taken_off(at: OpenSite) -> None:
    site = at("https://clips.example")
    assert re.findall(r'href="(/[^"]*)"', site.get("/").text) == ["/openapi.json", "/docs/errors", "/readyz"]
    assert "servers" not in site.get("/openapi.json").json()
    assert site.get("/video/healthz").status_code == 405
