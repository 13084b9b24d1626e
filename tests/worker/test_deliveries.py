"""Webhook and upload against a real receiver: what it gets on the wire, and what one try comes to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import vitascope
from vitascope.delivery import upload, webhook
from vitascope.delivery.storage import NotStored, Storage
from vitascope.outbound.client import Outbound, OutboundRules

RESULT = {
    "taskType": "videoInference",
    "taskUUID": "24cd5dff-cb81-4db5-8506-b72a9425f9d1",
    "videoURL": "http://127.0.0.1:8080/files/x.mp4?expires=1&signature=s",
    "seed": 9_223_372_036_854_775_807,
    "cost": 0.07292,
    "message": "Überfahrt 🚢",
}
SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()


class Receiver(ThreadingHTTPServer):
    """Answers with the status in the path and remembers what it got."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    def url(self, status: int) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{status}?token=secret"


class Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.command, dict(self.headers), body))
        self.send_response(int(self.path[1:4]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_POST

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join(20)
    assert not thread.is_alive(), "the receiver is stuck"
    server.server_close()


OUTBOUND = Outbound(OutboundRules(allow=("127.0.0.1",)))


class TestWebhook:
    def test_sends_the_bare_result_and_nothing_unusual(self, receiver: Receiver) -> None:
        outcome = webhook.post(OUTBOUND, receiver.url(200), RESULT, "delivery-1", 1_700_000_000)
        assert (outcome.delivered, outcome.status, outcome.retryable, outcome.message) == (True, 200, False, "")
        [(method, headers, body)] = receiver.got
        assert method == "POST"
        assert json.loads(body) == RESULT
        assert "Überfahrt 🚢".encode() in body
        assert headers.pop("Host").startswith("127.0.0.1:")
        assert headers == {
            "User-Agent": f"vitascope/{vitascope.__version__}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }

    def test_with_a_secret_the_same_body_is_signed(self, receiver: Receiver) -> None:
        webhook.post(OUTBOUND, receiver.url(200), RESULT, "delivery-1", 1_700_000_000)
        webhook.post(OUTBOUND, receiver.url(200), RESULT, "delivery-1", 1_700_000_000, SECRET)
        (_, _, plain), (_, headers, body) = receiver.got
        assert body == plain
        assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("delivery-1", "1700000000")
        version, _, signature = headers["webhook-signature"].partition(",")
        expected = hmac.new(bytes(range(24)), b"delivery-1.1700000000." + body, hashlib.sha256).digest()
        assert (version, base64.b64decode(signature)) == ("v1", expected)

    def test_every_try_has_its_own_signature(self) -> None:
        first = webhook.signed_headers(SECRET, "d", 1, b"{}")
        assert first == webhook.signed_headers(SECRET.removeprefix("whsec_"), "d", 1, b"{}")
        assert first["webhook-signature"] != webhook.signed_headers(SECRET, "d", 2, b"{}")["webhook-signature"]
        assert first["webhook-signature"] != webhook.signed_headers(SECRET, "d", 1, b"[]")["webhook-signature"]

    def test_signs_like_the_specifications_example(self) -> None:
        headers = webhook.signed_headers(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            b'{"test": 2432232314}',
        )
        assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_a_secret_is_base64(self) -> None:
        with pytest.raises(ValueError, match="base64"):
            webhook.signed_headers("whsec_not base64!", "d", 1, b"{}")

    @pytest.mark.parametrize(
        ("status", "retryable"), [(302, True), (404, True), (410, False), (429, True), (500, True)]
    )
    def test_anything_but_success_or_gone_is_tried_again(
        self, receiver: Receiver, status: int, retryable: bool
    ) -> None:
        outcome = webhook.post(OUTBOUND, receiver.url(status), RESULT, "d", 1)
        assert (outcome.delivered, outcome.status, outcome.retryable) == (False, status, retryable)
        assert str(status) in outcome.message and "secret" not in outcome.message
        assert len(receiver.got) == 1

    def test_a_dead_receiver_is_tried_again_and_a_forbidden_one_is_not(self) -> None:
        dead = webhook.post(OUTBOUND, "http://127.0.0.1:1/", RESULT, "d", 1)
        assert (dead.delivered, dead.status, dead.retryable) == (False, None, True)
        inside = webhook.post(OUTBOUND, "http://10.0.0.1/", RESULT, "d", 1)
        assert (inside.delivered, inside.status, inside.retryable) == (False, None, False)

    def test_text_that_is_not_unicode_does_not_stop_a_delivery(self, receiver: Receiver) -> None:
        assert webhook.post(OUTBOUND, receiver.url(200), {"message": "\ud800"}, "d", 1).delivered
        assert json.loads(receiver.got[0][2]) == {"message": "?"}


class TestUpload:
    @pytest.fixture(params=["folder", "memory"])
    def storage(self, request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
        storage = Storage.open(tmp_path / "files" if request.param == "folder" else "memory://")
        (tmp_path / "clip").write_bytes(bytes(range(256)) * 20_000)
        storage.put_file("a/clip.webm", tmp_path / "clip")
        return storage

    def test_sends_the_stored_file(self, receiver: Receiver, storage: Storage) -> None:
        outcome = upload.put(OUTBOUND, receiver.url(201), storage, "a/clip.webm")
        assert (outcome.delivered, outcome.status) == (True, 201)
        [(method, headers, body)] = receiver.got
        assert (method, body) == ("PUT", bytes(range(256)) * 20_000)
        assert set(headers) == {"Host", "User-Agent", "Content-Type", "Content-Length"}
        assert headers["Content-Type"] == "video/webm"

    @pytest.mark.parametrize(("status", "retryable"), [(307, False), (403, False), (429, True), (503, True)])
    def test_4xx_is_final(self, receiver: Receiver, storage: Storage, status: int, retryable: bool) -> None:
        outcome = upload.put(OUTBOUND, receiver.url(status), storage, "a/clip.webm")
        assert (outcome.delivered, outcome.status, outcome.retryable) == (False, status, retryable)

    def test_a_file_that_is_gone_is_our_fault(self, receiver: Receiver, storage: Storage) -> None:
        with pytest.raises(NotStored):
            upload.put(OUTBOUND, receiver.url(200), storage, "a/other.webm")
        assert receiver.got == []
