"""Fetching from real servers on the loopback: what is taken, what is refused, how long it takes, what stays secret."""

from __future__ import annotations

import logging
import time

import pytest

from tests.outbound.conftest import MIB, PICTURE, Server, serving
from vitascope.outbound.client import USER_AGENT, Outbound, OutboundRules
from vitascope.outbound.failures import AddressRefused, AnsweredBadly, OutboundFailed, TooLarge, Unreachable


class TestFetch:
    def test_gives_the_bytes_and_their_type(self, site: Server, outbound: Outbound) -> None:
        fetched = outbound.fetch(f"{site.url}/picture?secret=1", MIB)
        assert fetched.data == PICTURE
        assert fetched.content_type == "image/png"
        _, path, headers, _ = site.seen[0]
        assert path == "/picture?secret=1"
        assert headers["User-Agent"] == USER_AGENT and headers["Host"] == f"127.0.0.1:{site.port}"

    def test_follows_three_redirects_and_no_more(self, site: Server, outbound: Outbound) -> None:
        assert outbound.fetch(f"{site.url}/hop/2", MIB).data == PICTURE
        assert len(site.seen) == 4
        with pytest.raises(AnsweredBadly, match="more than 3 redirects") as caught:
            outbound.fetch(f"{site.url}/hop/3", MIB)
        assert not caught.value.retryable

    def test_leaves_a_loop(self, site: Server, outbound: Outbound) -> None:
        with pytest.raises(AnsweredBadly):
            outbound.fetch(f"{site.url}/loop", MIB)
        assert len(site.seen) == 4

    @pytest.mark.parametrize(
        "target",
        [
            "http://localhost:{other}/picture",
            "http://127.0.0.1:{other}/picture",
            "http://[::ffff:127.0.0.1]:{other}/picture",
            "http://2130706433:{other}/picture",
            "//127.0.0.1:{other}/picture",
            "http://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "http://user:word@127.0.0.1/",
            "http://[::1/",
        ],
    )
    def test_checks_every_redirect(self, site: Server, outbound: Outbound, target: str) -> None:
        with serving(Server()) as inside:
            with pytest.raises(AddressRefused):
                outbound.fetch(f"{site.url}/to?url={target.format(other=inside.port)}", MIB)
            assert inside.seen == []

    def test_goes_on_to_a_server_that_is_allowed(self, site: Server) -> None:
        with serving(Server()) as other:
            allowed = Outbound(OutboundRules(allow=("127.0.0.0/8",)))
            assert allowed.fetch(f"{site.url}/to?url={other.url}/picture", MIB).data == PICTURE
            assert len(other.seen) == 1

    def test_stops_an_endless_body_at_the_cap(self, site: Server, outbound: Outbound) -> None:
        with pytest.raises(TooLarge):
            outbound.fetch(f"{site.url}/endless", MIB)
        time.sleep(0.1)
        assert site.bytes_sent < 16 * MIB  # what fits into the buffers on the way, and no more

    def test_believes_an_announced_length_only_to_refuse(self, site: Server, outbound: Outbound) -> None:
        begun = time.monotonic()
        with pytest.raises(TooLarge):
            outbound.fetch(f"{site.url}/announced", MIB)
        assert time.monotonic() - begun < 2

    def test_takes_exactly_the_cap(self, site: Server, outbound: Outbound) -> None:
        assert outbound.fetch(f"{site.url}/picture", len(PICTURE)).data == PICTURE
        with pytest.raises(TooLarge):
            outbound.fetch(f"{site.url}/picture", len(PICTURE) - 1)

    def test_refuses_a_compressed_body(self, site: Server, outbound: Outbound) -> None:
        with pytest.raises(AnsweredBadly, match="compressed"):
            outbound.fetch(f"{site.url}/gzip", 2 * MIB)
        assert site.seen[0][2]["Accept-Encoding"] == "identity"

    @pytest.mark.parametrize(("page", "error"), [("cut", Unreachable), ("nonsense", Unreachable)])
    def test_a_broken_answer_can_be_tried_again(
        self, site: Server, outbound: Outbound, page: str, error: type[OutboundFailed]
    ) -> None:
        with pytest.raises(error) as caught:
            outbound.fetch(f"{site.url}/{page}", MIB)
        assert caught.value.retryable

    @pytest.mark.parametrize(
        ("status", "retryable"),
        [
            *((status, False) for status in (204, 304, 400, 401, 403, 404, 410)),
            *((status, True) for status in (408, 425, 429, 500, 502, 503, 599)),
        ],
    )
    def test_only_200_is_a_picture(self, site: Server, outbound: Outbound, status: int, retryable: bool) -> None:
        with pytest.raises(AnsweredBadly) as caught:
            outbound.fetch(f"{site.url}/status/{status}", MIB)
        assert (caught.value.status, caught.value.retryable) == (status, retryable)

    @pytest.mark.parametrize("page", ["silent", "drip", "endless"])
    def test_the_whole_call_has_an_end(self, site: Server, page: str) -> None:
        quick = Outbound(OutboundRules(allow=("127.0.0.1",), read=0.4, fetch=0.8))
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            quick.fetch(f"{site.url}/{page}", 10**12)
        assert time.monotonic() - begun < 1.5

    def test_uses_no_proxy_from_the_environment(
        self, site: Server, outbound: Outbound, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert outbound.fetch(f"{site.url}/picture", MIB).data == PICTURE


class TestSecrets:
    @pytest.mark.parametrize("page", ["picture", "status/500", "silent", "to"])
    def test_stay_out_of_logs_and_messages(self, site: Server, caplog: pytest.LogCaptureFixture, page: str) -> None:
        caplog.set_level(logging.DEBUG)
        quick = Outbound(OutboundRules(allow=("127.0.0.1",), fetch=1.5 if page == "silent" else 30))
        message = ""
        try:
            quick.fetch(f"{site.url}/{page}?X-Signature=s3cr3t&url=http://10.0.0.1/%3Fs3cr3t", MIB)
        except OutboundFailed as error:
            message = str(error)
        assert "s3cr3t" in site.seen[0][1]
        assert "s3cr3t" not in message + caplog.text

    def test_an_unreadable_url_is_not_quoted(self) -> None:
        with pytest.raises(AddressRefused) as caught:
            Outbound().fetch("http://user:s3cr3t@[::1/\x00", MIB)
        assert "s3cr3t" not in str(caught.value)
        assert caught.value.__suppress_context__
