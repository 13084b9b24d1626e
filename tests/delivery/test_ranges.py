"""Range and conditional requests: by table (RFC 9110) and by property against slicing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.delivery.ranges import Span, http_date, parse_range, serve
from vitascope.delivery.storage import Stored

MODIFIED = datetime(1994, 11, 6, 8, 49, 37, 250_000, tzinfo=UTC)
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT"
LATER = "Sun, 06 Nov 1994 08:49:38 GMT"
STORED = Stored("clip.mp4", 10_000, '"abc"', "video/mp4", MODIFIED)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("bytes=0-499", Span(0, 500)),
        ("bytes=500-999", Span(500, 1_000)),
        ("bytes=0-0", Span(0, 1)),
        ("bytes=9999-9999", Span(9_999, 10_000)),
        ("bytes=9500-", Span(9_500, 10_000)),
        ("bytes=0-", Span(0, 10_000)),
        ("bytes=0-20000", Span(0, 10_000)),
        ("bytes=0-99999999999999999999", Span(0, 10_000)),
        ("bytes=-500", Span(9_500, 10_000)),
        ("bytes=-1", Span(9_999, 10_000)),
        ("bytes=-20000", Span(0, 10_000)),
        ("Bytes= 1-2 ", Span(1, 3)),
        ("bytes=10000-", Span(10_000, 10_000)),
        ("bytes=10000-10001", Span(10_000, 10_000)),
        ("bytes=99999-", Span(10_000, 10_000)),
        ("bytes=-0", Span(10_000, 10_000)),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=1-2-3", None),
        ("bytes=+1-2", None),
        ("bytes=1.0-2", None),
        ("bytes=٣-٤", None),
        ("bytes 0-1", None),
        ("lines=0-1", None),
        ("0-1", None),
        ("", None),
        ("bytes=" + "9" * 5_000 + "-", None),
    ],
)
def test_ranges_of_ten_thousand_bytes(text: str, span: Span | None) -> None:
    assert parse_range(text, 10_000) == span


@pytest.mark.parametrize(("text", "span"), [("bytes=0-", Span(0, 0)), ("bytes=-5", None), ("bytes=-0", Span(0, 0))])
def test_ranges_of_an_empty_file(text: str, span: Span | None) -> None:
    assert parse_range(text, 0) == span


@given(st.integers(0, 300), st.integers(0, 400), st.none() | st.integers(0, 400))
def test_a_range_is_a_slice(size: int, first: int, last: int | None) -> None:
    data = bytes(index % 251 for index in range(size))
    span = parse_range(f"bytes={first}-{'' if last is None else last}", size)
    if last is not None and last < first:
        assert span is None
        return
    assert span is not None and 0 <= span.start <= span.end <= size
    assert data[span.start : span.end] == data[first : None if last is None else last + 1]


@given(st.integers(1, 300), st.integers(1, 400))
def test_a_suffix_is_a_slice_from_the_end(size: int, count: int) -> None:
    data = bytes(index % 251 for index in range(size))
    span = parse_range(f"bytes=-{count}", size)
    assert span is not None
    assert data[span.start : span.end] == data[-count:]


@given(st.text(), st.integers(0, 10**13))
def test_any_text_is_ignored_or_a_span(text: str, size: int) -> None:
    for header in (text, f"bytes={text}"):
        span = parse_range(header, size)
        assert span is None or 0 <= span.start <= span.end <= size


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"range": "bytes=0-1"}, 206),
        ({"range": "bytes=0-"}, 206),
        ({"range": "bytes=10000-"}, 416),
        ({"range": "bytes=0-1, 3-4"}, 200),
        ({"range": "rubbish"}, 200),
        ({"if-none-match": '"abc"'}, 304),
        ({"if-none-match": 'W/"abc"'}, 304),
        ({"if-none-match": '"x", "abc"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"x"'}, 200),
        ({"if-none-match": ""}, 200),
        ({"if-none-match": '"x"', "if-modified-since": LATER}, 200),
        ({"if-none-match": '"abc"', "range": "bytes=0-1"}, 304),
        ({"if-modified-since": DATE}, 304),
        ({"if-modified-since": LATER}, 304),
        ({"if-modified-since": EARLIER}, 200),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": "Sun Nov  6 08:49:37 1994"}, 304),
        ({"if-match": '"abc"'}, 200),
        ({"if-match": "*"}, 200),
        ({"if-match": '"x"'}, 412),
        ({"if-match": 'W/"abc"'}, 412),
        ({"if-match": '"abc"', "if-unmodified-since": EARLIER}, 200),
        ({"if-unmodified-since": DATE}, 200),
        ({"if-unmodified-since": EARLIER}, 412),
        ({"if-match": '"x"', "if-none-match": '"abc"'}, 412),
        ({"range": "bytes=0-1", "if-range": '"abc"'}, 206),
        ({"range": "bytes=0-1", "if-range": '"x"'}, 200),
        ({"range": "bytes=0-1", "if-range": 'W/"abc"'}, 200),
        ({"range": "bytes=0-1", "if-range": DATE}, 206),
        ({"range": "bytes=0-1", "if-range": LATER}, 200),
        ({"range": "bytes=0-1", "if-range": "rubbish"}, 200),
        ({"range": "bytes=99999-", "if-range": '"x"'}, 200),
        ({"if-range": '"abc"'}, 200),
    ],
)
def test_get(headers: dict[str, str], status: int) -> None:
    serving = serve(STORED, "GET", headers)
    assert serving.status == status
    assert serving.headers["ETag"] == '"abc"'
    assert serving.headers["Last-Modified"] == DATE
    assert serving.headers["Accept-Ranges"] == "bytes"
    if status == 304:
        assert "Content-Length" not in serving.headers
    else:
        assert int(serving.headers["Content-Length"]) == serving.end - serving.start


def test_a_part_says_which() -> None:
    serving = serve(STORED, "GET", {"range": "bytes=-500"})
    assert (serving.start, serving.end) == (9_500, 10_000)
    assert serving.headers["Content-Range"] == "bytes 9500-9999/10000"
    assert serving.headers["Content-Length"] == "500"
    assert serving.headers["Content-Type"] == "video/mp4"


def test_a_range_beyond_the_end_says_how_long_the_file_is() -> None:
    assert serve(STORED, "GET", {"range": "bytes=10000-"}).headers["Content-Range"] == "bytes */10000"


def test_head_tells_of_the_whole_file_and_knows_no_ranges() -> None:
    serving = serve(STORED, "HEAD", {"range": "bytes=0-1"})
    assert (serving.status, serving.headers["Content-Length"]) == (200, "10000")
    assert "Content-Range" not in serving.headers
    assert serve(STORED, "HEAD", {"if-none-match": '"abc"'}).status == 304


def test_a_weak_tag_is_never_strong() -> None:
    weak = Stored("clip.mp4", 10, 'W/"abc"', "video/mp4", MODIFIED)
    assert serve(weak, "GET", {"if-none-match": '"abc"'}).status == 304
    assert serve(weak, "GET", {"if-match": 'W/"abc"'}).status == 412
    assert serve(weak, "GET", {"if-range": 'W/"abc"', "range": "bytes=0-1"}).status == 200


def test_dates_are_told_in_gmt() -> None:
    assert http_date(MODIFIED.astimezone(timezone(timedelta(hours=9)))) == DATE


NAMES = ["range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]
VALUES = st.text() | st.sampled_from(['"abc"', "*", DATE, "bytes=1-", "bytes=-1", "Sun, 06 Nov 99999 08:49:37 +9999"])


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.sampled_from(["GET", "HEAD"]))
def test_no_header_is_too_strange(headers: dict[str, str], method: str) -> None:
    serving = serve(STORED, method, headers)
    assert serving.status in {200, 206, 304, 412, 416}
    assert 0 <= serving.start <= serving.end <= STORED.size
