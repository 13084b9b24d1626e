"""Where links lead by the settings: they begin with what can be called, whatever the server listens on."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from vitascope.settings import Settings

BASES = {
    "127.0.0.1": "http://127.0.0.1:8080",
    "0.0.0.0": "http://127.0.0.1:8080",
    "": "http://127.0.0.1:8080",
    "0": "http://127.0.0.1:8080",
    "::": "http://[::1]:8080",
    "::1": "http://[::1]:8080",
    "192.168.1.5": "http://192.168.1.5:8080",
    "fe80::1%eth0": "http://[fe80::1%25eth0]:8080",
    "box.lan": "http://box.lan:8080",
}


@pytest.mark.parametrize("host", BASES)
def test_links_begin_with_what_can_be_called(host: str) -> None:
    settings = Settings(host=host)
    assert settings.base_url == BASES[host]
    assert settings.listens_everywhere == (host in {"", "0", "0.0.0.0", "::"})
    assert Settings(host=host, public_url="https://x.example/a/").base_url == "https://x.example/a"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::", "localhost"])
def test_from_its_own_machine_it_has_several_names(host: str) -> None:
    assert {"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"} <= set(
        Settings(host=host).local_urls
    )


def test_one_address_is_no_other(host: str = "192.168.1.5") -> None:
    """On 127.0.0.1 of that machine something else may listen."""
    assert Settings(host=host).local_urls == ("http://192.168.1.5:8080",)


@pytest.mark.parametrize(
    "text", ["example.com", "ftp://example.com", "https://", "https://u:p@x.example", "http://x/?a", "/v"]
)
def test_a_public_url_is_a_url(text: str) -> None:
    with pytest.raises(ValidationError, match="is not what URLs can begin with"):
        Settings(public_url=text)
