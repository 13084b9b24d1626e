"""Webhooks, upload endpoints and pictures at addresses that the settings close are refused before they are accepted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.server.conftest import Client, open_account, video_task
from vitascope.server.state import ServerState

MakeRooms = Callable[..., ServerState]

CLOSED = [
    *("127.0.0.1", "127.9.9.9:8080", "10.0.0.1", "192.168.1.7:5000", "172.31.0.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "[::1]", "[::]", "[fe80::1]", "[fd00::1]:9000", "[::ffff:10.0.0.1]", "[::ffff:a00:1]"),
    *("[64:ff9b::a00:1]", "[2002:a00:1::]", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.1", "127.0.0.1."),
    *("localhost", "LOCALHOST:9", "localhost.", "a.localhost", "minio", "minio:9000", "hooks.local", "db.internal"),
    *("box.home.arpa", "nas.lan"),
]


def faults(client: Client, host: str) -> dict[str, str]:
    url = f"http://{host}/x"
    reply = client.ask(video_task(webhookURL=url, uploadEndpoint=url, ttl=1))
    assert not reply.data
    for error in reply.errors:
        assert error["documentation"].endswith(error["code"])
        assert error["parameter"] != "webhookURL" or error["type"] == "string"
    return {error["code"]: error["message"] for error in reply.errors}


@pytest.mark.parametrize("host", CLOSED)
def test_receivers_in_private_places_are_refused(client: Client, host: str) -> None:
    """Beside all other faults of the task; the message names the parameter, the host and the setting."""
    found = faults(client, host)
    assert found.keys() == {"invalidWebhookURL", "invalidUploadEndpoint", "invalidTtl"}
    assert "webhookURL" in found["invalidWebhookURL"] and "uploadEndpoint" in found["invalidUploadEndpoint"]
    disguised = any(words in found["invalidWebhookURL"] for words in ("plainly written", "cannot be read"))
    assert disguised or "(setting allow_hosts)." in found["invalidWebhookURL"], found


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost:9", "[::1]:9", "minio", "nas.lan", "127.1"])
def test_pictures_in_private_places_are_refused_at_once(client: Client, host: str) -> None:
    picture = {"width": None, "height": None, "resolution": "480p", "inputs": {"frameImages": [f"http://{host}/a.png"]}}
    (error,) = client.ask(video_task(**picture)).errors
    assert (error["code"], error["parameter"]) == ("invalidFrameImage", "inputs.frameImages.0")
    assert "plainly written" in error["message"] or "(setting allow_hosts)." in error["message"]


OPENED = [
    ("127.0.0.1", "127.0.0.1:5000"),
    ("127.0.0.0/8", "localhost"),
    ("localhost", "localhost:81"),
    ("minio:9000", "minio:9000"),
    ("10.0.0.0/8", "minio"),  # its name may lead there
    ("10.0.0.0/8", "10.1.2.3"),
    ("nas.lan", "nas.lan"),
    ("[::1]:8080", "[::1]:8080"),
]


@pytest.mark.parametrize(("opening", "host"), OPENED)
def test_what_the_operator_opened_is_accepted(make_rooms: MakeRooms, opening: str, host: str) -> None:
    client = open_account(make_rooms("opened", allow_hosts=(opening,)), "alice")
    assert faults(client, host).keys() == {"invalidTtl"}


@pytest.mark.parametrize(("opening", "host"), [("127.0.0.1:80", "127.0.0.1:81"), ("minio:9000", "minio"), ("a", "b")])
def test_only_what_the_operator_opened(make_rooms: MakeRooms, opening: str, host: str) -> None:
    client = open_account(make_rooms("opened", allow_hosts=(opening,)), "alice")
    assert "invalidWebhookURL" in faults(client, host)


@pytest.mark.parametrize("host", ["example.com", "8.8.8.8", "[2606:4700::1111]:443", "a.b.c.example.", "täst.example"])
def test_public_places_are_accepted(client: Client, host: str) -> None:
    assert faults(client, host).keys() == {"invalidTtl"}


def test_messages_are_not_cut(client: Client) -> None:
    host = ".".join(["a" * 60] * 4) + ".local"
    assert faults(client, host)["invalidWebhookURL"].endswith(f"{host} is not a public address, and this server's "
        "operator has not allowed it (setting allow_hosts).")  # fmt: skip
    assert "not a host name" in faults(client, "a." * 200 + "local")["invalidWebhookURL"]
    message = client.utility("imageUpload", image="http://127.0.0.1/a.png").errors[0]["message"]
    assert message.endswith("(setting allow_hosts).")
