"""Signed URLs: what opens a file, and everything that does not."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.delivery.links import Links

SECRET = bytes(range(32))
LINKS = Links(SECRET, "https://video.test/base/")
KEY = "takes/ab/clip.mp4"


def parts(url: str) -> tuple[str, str, str]:
    """Key, expiry and signature, as a server reads them from a URL."""
    split = urlsplit(url)
    query = parse_qs(split.query, strict_parsing=True)
    return split.path.removeprefix("/base/files/"), query["expires"][0], query["signature"][0]


def test_a_signed_url_opens_its_file_until_it_expires() -> None:
    url = LINKS.sign(KEY, 1_000)
    assert url.startswith(f"https://video.test/base/files/{KEY}?expires=1000&signature=")
    assert LINKS.verify(*parts(url), now=999.9)
    assert not LINKS.verify(*parts(url), now=1_000)
    assert not LINKS.verify(*parts(url), now=10**12)


@given(key=st.from_regex(r"[a-z0-9_-]{1,20}(/[a-z0-9_-]{1,20}\.mp4)?", fullmatch=True), expires=st.integers(1, 10**11))
def test_there_and_back(key: str, expires: int) -> None:
    assert LINKS.verify(*parts(LINKS.sign(key, expires)), now=expires - 1)


def test_every_changed_character_closes_it() -> None:
    key, expires, signature = parts(LINKS.sign(KEY, 1_000))
    for text, place in ((key, 0), (expires, 1), (signature, 2)):
        for position in range(len(text)):
            changed = [key, expires, signature]
            changed[place] = text[:position] + ("x" if text[position] != "x" else "y") + text[position + 1 :]
            assert not LINKS.verify(changed[0], changed[1], changed[2], now=0)


def test_parts_cannot_be_moved_between_key_and_expiry() -> None:
    _, _, signature = parts(LINKS.sign("a", 1_000))
    for key, expires in (
        ("a", "01000"),
        ("a", "1000 "),
        ("a", "+1000"),
        ("a\n", "1000"),
        ("0\na", "100"),
        ("a", "1_000"),
    ):
        assert not LINKS.verify(key, expires, signature, now=0)


def test_another_secret_opens_nothing() -> None:
    assert not Links(secrets.token_bytes(32), "https://video.test/base").verify(*parts(LINKS.sign(KEY, 1_000)), now=0)


@given(st.text(), st.text(), st.text())
def test_garbage_is_refused_without_an_error(key: str, expires: str, signature: str) -> None:
    assert not LINKS.verify(key, expires, signature, now=0)


@given(st.text(st.characters(categories=["Cs", "Nd", "No"])))
def test_odd_characters_are_refused_without_an_error(text: str) -> None:
    key, expires, signature = parts(LINKS.sign(KEY, 1_000))
    assert not LINKS.verify(KEY + (text or "?"), expires, signature, now=0)
    assert not LINKS.verify(key, text, signature, now=0)
    assert not LINKS.verify(key, expires, text, now=0)


def test_a_signed_word_that_is_not_a_time_opens_nothing() -> None:
    """Even a genuine signature counts only for a plain number."""
    for expires in ("nan", "٣٠٠٠", "9" * 13, "-1", ""):
        assert not LINKS.verify(KEY, expires, LINKS._signature(KEY, expires), now=0)


def test_refuses_what_it_cannot_keep_safe() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Links(b"short", "https://video.test")
    with pytest.raises(ValueError, match="not a storage key"):
        LINKS.sign("a?b", 1)
