"""Frame images in every form and spelling, where each goes, and how large one may be."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from vitascope.contract.catalog import CARDS, PRO
from vitascope.contract.image_rules import picture_faults, unknown_picture, unreachable_picture, unreadable_picture
from vitascope.contract.inputs import is_uuid4, picture_file, recognise
from vitascope.contract.order import Form, FrameSource
from vitascope.contract.read import read
from vitascope.errors import Fault
from vitascope.values import Position, Size

Task = Callable[..., dict[str, Any]]
FaultsOf = Callable[..., tuple[Fault, ...]]

UUID = "aac49721-1964-481a-ae78-8a4e29b91402"
URL = "https://assets.example.com/inputs/25c6ba31.jpg?size=full#top"
PICTURE = bytes(range(256)) * 4
BASE64 = base64.b64encode(PICTURE).decode()
DATA_URI = "data:image/png;base64," + BASE64
FIRST, LAST = Position.FIRST, Position.LAST


def frames(*items: Any) -> dict[str, Any]:
    return {"inputs": {"frameImages": list(items)}}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (UUID, Form.UUID),
        (UUID.upper(), Form.UUID),
        (URL, Form.URL),
        ("HTTP://127.0.0.1:8000/a.png", Form.URL),
        (DATA_URI, Form.DATA_URI),
        ("DATA:IMAGE/JPEG;BASE64," + BASE64, Form.DATA_URI),
        ("data:image/svg+xml;charset=utf-8;base64," + BASE64, Form.DATA_URI),
        ("data:application/octet-stream;base64," + BASE64, Form.DATA_URI),
        ("data:text/plain;base64," + BASE64, Form.DATA_URI),
        ("data:;base64," + BASE64, Form.DATA_URI),
        ("data:base64," + BASE64, Form.DATA_URI),
        ('data:image/png;name=a%20b.png;charset="utf-8"; BASE64 ,' + BASE64, Form.DATA_URI),
        (" \n" + DATA_URI + "\n", Form.DATA_URI),
        (
            "data:image/png;base64,\r\n" + "\n ".join(textwrap.wrap(BASE64, 64)),
            Form.DATA_URI,
        ),
        ("data:image/png;base64," + quote(BASE64, safe=""), Form.DATA_URI),
        ("data:image/png," + quote(PICTURE), Form.DATA_URI),
        (DATA_URI.rstrip("="), Form.DATA_URI),
        (DATA_URI.replace("+", "-").replace("/", "_").replace("image_png", "image/png"), Form.DATA_URI),
        (base64.urlsafe_b64encode(PICTURE).decode(), Form.BASE64),
        (base64.urlsafe_b64encode(PICTURE).decode().rstrip("="), Form.BASE64),
        (quote(BASE64, safe=""), Form.BASE64),
        (BASE64, Form.BASE64),
        (BASE64.rstrip("="), Form.BASE64),
        ("\r\n".join(BASE64[i : i + 76] for i in range(0, len(BASE64), 76)), Form.BASE64),
    ],
)
class TestForms:
    def test_is_recognised_in_both_shapes(self, task: Task, text: str, form: Form) -> None:
        expected = (FrameSource(FIRST, form, text),)
        assert read(task(changes=frames(text))).frames == expected
        assert read(task(changes=frames({"image": text}))).frames == expected

    def test_legacy_spelling_is_equal_to_the_new_one(self, task: Task, text: str, form: Form) -> None:
        for frame in ({}, {"frame": "first"}, {"frame": "last"}, {"frame": -1}):
            new = read(task(changes={**frames({"image": text, **frame}), "seed": 1}))
            old = read(task(changes={"frameImages": [{"inputImage": text, **frame}], "seed": 1}))
            assert new == old and new.frames[0].form is form
        assert read(task(changes={"frameImages": [text], "seed": 1})) == read(task(changes={**frames(text), "seed": 1}))

    def test_inline_pictures_come_out_as_they_were_sent(self, task: Task, text: str, form: Form) -> None:
        (source,) = read(task(changes=frames(text))).frames
        if form in (Form.DATA_URI, Form.BASE64):
            assert picture_file(source) == PICTURE
        else:
            with pytest.raises(ValueError):
                picture_file(source)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "photo.jpg",
        "/tmp/photo.jpg",
        "file:///tmp/photo.jpg",
        "ftp://example.com/photo.jpg",
        "https://user:secret@example.com/photo.jpg",
        "aac49721-1964-181a-ae78-8a4e29b91402",
        "aac4972119644 81aae788a4e29b91402",
        "data:image/png,",
        "data:image/png;base64,",
        "data:image/png;base64" + BASE64,
        "data:" + "a" * 1000 + ";base64," + BASE64,
        "data:image/png;base64,***",
        "data:image/png;base64,A",
        BASE64[:96],
        BASE64 + "*",
        BASE64.rstrip("=") + "AAA=AAAA",
        "A" * 101,
        "word " * 40 + "é",
    ],
)
def test_anything_else_is_refused_and_the_forms_are_named(task: Task, faults_of: FaultsOf, text: str) -> None:
    (fault,) = faults_of(task(changes=frames({"image": text, "frame": "first"})))
    assert (fault.code, fault.parameter) == ("invalidFrameImage", "inputs.frameImages.0.image")
    assert all(word in fault.message for word in ("UUID", "http(s) URL", "data URI", "Base64"))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["a"], {FIRST: "a"}),
        (["a", "b"], {FIRST: "a", LAST: "b"}),
        ([("a", "first")], {FIRST: "a"}),
        ([("a", "last")], {LAST: "a"}),
        ([("a", 0), ("b", -1)], {FIRST: "a", LAST: "b"}),
        ([("a", "0"), ("b", "-1")], {FIRST: "a", LAST: "b"}),
        ([("a", 0.0), ("b", -1.0)], {FIRST: "a", LAST: "b"}),
        ([("a", -1), ("b", 0)], {FIRST: "b", LAST: "a"}),
        (["a", ("b", "last")], {FIRST: "a", LAST: "b"}),
        (["a", ("b", "first")], {FIRST: "b", LAST: "a"}),
        ([("a", "last"), "b"], {FIRST: "b", LAST: "a"}),
        ([("a", None), ("b", None)], {FIRST: "a", LAST: "b"}),
    ],
)
@pytest.mark.parametrize("model", ["bytedance:2@1", "bytedance:seedance@1.5-pro"])
def test_positions_are_distributed(task: Task, model: str, items: list[Any], expected: dict[Position, str]) -> None:
    sent = [
        f"https://example.com/{item}"
        if isinstance(item, str)
        else {"image": f"https://example.com/{item[0]}", "frame": item[1]}
        for item in items
    ]
    found = read(task(model, frames(*sent))).frames
    assert {frame.position: frame.value.rpartition("/")[2] for frame in found} == expected
    names = [item if isinstance(item, str) else item[0] for item in items]
    assert [frame.value.rpartition("/")[2] for frame in found] == names  # as sent: faults name images by their index


@pytest.mark.parametrize("frame", ["first", 0, "0", None])
def test_fast_takes_the_first_frame(task: Task, frame: Any) -> None:
    order = read(task("bytedance:2@2", frames({"image": URL, "frame": frame})))
    assert order.frames == (FrameSource(FIRST, Form.URL, URL),)


@pytest.mark.parametrize("frame", ["First", "middle", 1, -2, 2, "1"])
def test_other_frames_are_refused(task: Task, faults_of: FaultsOf, frame: Any) -> None:
    (fault,) = faults_of(task(changes=frames({"image": URL, "frame": frame})))
    assert (fault.code, fault.allowed_values) == ("unsupportedFrame", ("first", 0, "last", -1))


@pytest.mark.parametrize("frame", [True, 0.5, ["first"], {"index": 0}])
def test_frames_of_another_type_are_refused(task: Task, faults_of: FaultsOf, frame: Any) -> None:
    (fault,) = faults_of(task(changes=frames({"image": URL, "frame": frame})))
    assert (fault.code, fault.parameter) == ("invalidFrame", "inputs.frameImages.0.frame")


def test_two_images_at_one_position_are_refused_whatever_the_name(task: Task, faults_of: FaultsOf) -> None:
    (fault,) = faults_of(task(changes=frames({"image": URL, "frame": "first"}, {"image": UUID, "frame": 0})))
    assert (fault.code, fault.parameter) == ("duplicateFrame", "inputs.frameImages.1.frame")


def test_both_spellings_at_once_are_refused(task: Task, faults_of: FaultsOf) -> None:
    (fault,) = faults_of(task(changes={**frames(URL), "frameImages": [{"inputImage": URL}]}))
    assert (fault.code, fault.parameter) == ("incompatibleParameters", ("inputs.frameImages", "frameImages"))


def test_an_empty_spelling_beside_the_other_is_not_there(task: Task) -> None:
    for changes in ({**frames(URL), "frameImages": []}, {"inputs": {"frameImages": []}, "frameImages": [URL]}):
        assert read(task(changes=changes)).frames == (FrameSource(FIRST, Form.URL, URL),)


def test_faults_of_several_images_come_together(task: Task, faults_of: FaultsOf) -> None:
    faults = faults_of(task(changes=frames({"image": "x", "frame": 7}, {"picture": URL, "frame": "last"})))
    assert [(fault.code, fault.parameter) for fault in faults] == [
        ("unsupportedParameter", "inputs.frameImages.1.picture"),
        ("invalidFrameImage", "inputs.frameImages.0.image"),
        ("unsupportedFrame", "inputs.frameImages.0.frame"),
    ]


@pytest.mark.parametrize("prefix", ["", "data:image/jpeg;base64,"])
class TestTenMegabytes:
    def test_is_the_most(self, task: Task, faults_of: FaultsOf, prefix: str) -> None:
        limit = PRO.pictures.most_bytes
        assert faults_of(task(changes=frames(prefix + base64.b64encode(bytes(limit)).decode()))) == ()
        (fault,) = faults_of(task(changes=frames(prefix + base64.b64encode(bytes(limit + 1)).decode())))
        assert (fault.code, fault.parameter) == ("invalidFrameImageSize", "inputs.frameImages.0")

    def test_far_larger_ones_are_not_even_decoded(self, task: Task, faults_of: FaultsOf, prefix: str) -> None:
        (fault,) = faults_of(task(changes=frames(prefix + "*" * 30_000_000)))
        assert fault.code == "invalidFrameImageSize"


@pytest.mark.parametrize(
    ("size", "count", "codes"),
    [
        (Size(300, 300), 1, []),
        (Size(6000, 6000), 10 * 1024 * 1024, []),
        (Size(400, 1000), 1, []),
        (Size(1000, 400), 1, []),
        (Size(299, 600), 1, ["Width"]),
        (Size(600, 299), 1, ["Height"]),
        (Size(6001, 6000), 1, ["Width"]),
        (Size(6000, 6001), 1, ["Height"]),
        (Size(399, 1000), 1, ["Ratio"]),
        (Size(1001, 400), 1, ["Ratio"]),
        (Size(300, 300), 10 * 1024 * 1024 + 1, ["Size"]),
        (Size(7000, 100), 20_000_000, ["Size", "Width", "Height", "Ratio"]),
    ],
)
@pytest.mark.parametrize("model", CARDS)
def test_pictures_once_fetched(model: str, size: Size, count: int, codes: list[str]) -> None:
    faults = picture_faults(CARDS[model], size, count, "inputs.frameImages.0")
    assert [fault.code for fault in faults] == [f"invalidFrameImage{code}" for code in codes]
    assert {fault.parameter for fault in faults} <= {"inputs.frameImages.0"}


def test_pictures_that_are_none() -> None:
    path = "inputs.frameImages.1"
    assert unreadable_picture(path, "this is a PDF").message == "this is a PDF"
    assert "404" in unreachable_picture(path, "it answered 404").message
    assert unknown_picture(path).code.endswith("NotFound")
    assert {unreadable_picture(path, "").parameter, unknown_picture(path).parameter} == {path}


def test_uuids_keep_to_version_and_variant() -> None:
    assert is_uuid4("00000000-0000-4000-8000-000000000000")
    for text in ("00000000-0000-4000-c000-000000000000", "{" + UUID + "}", UUID.replace("-", ""), UUID + "\n"):
        assert not is_uuid4(text) and recognise(text) is None
