"""A content word is understood or told as not shown; what a prompt denies is reported and kept out."""

from __future__ import annotations

import pytest

from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import Action, Kind, Move, Setting
from vitascope.values import Reading


def reading_of(prompt: str, seed: int = 7) -> Reading:
    return understand(prompt, seed)[1]


def absent(reading: Reading) -> list[tuple[str, str]]:
    return [(entry.value, entry.words) for entry in reading.understood if entry.slot == "absent"]


@pytest.mark.parametrize(
    "noun",
    [
        "elephant",
        "restaurant",
        "infant",
        "accountant",
        "pheasant",
        "president",
        "tent",
        "animal",
        "hospital",
        "festoon",
        "hive",
        "dish",
        "radish",
        "mechanic",
        "comic",
        "dentist",
        "cyclist",
        "table",
        "cable",
        "vegetable",
        "guest",
        "priest",
        "secretary",
        "library",
        "bible",
        "king",
        "wedding",
        "pudding",
        "sled",
        "butterfly",
        "family",
        "rendezvous",
        "handful",
    ],
)
def test_a_noun_is_told_whatever_its_ending(noun: str) -> None:
    assert any(noun in phrase for phrase in reading_of(f"A dancer and the {noun} on a rooftop").missed)


def test_words_of_style_are_not_told() -> None:
    prompt = "A vibrant, elegant, cinematic and photorealistic rooftop, brilliant, dramatic, gorgeously stunning, the"
    assert reading_of(prompt).missed == ()


def test_a_deed_that_is_not_shown_is_told() -> None:
    assert reading_of("A woman juggling on a rooftop").missed == ("juggling",)


@pytest.mark.parametrize(
    ("prompt", "missed"),
    [
        ("一只猫在屋顶上", ("猫",)),
        ("一头大象和一个舞者在沙漠里", ("大象",)),
        ("女孩在跳舞", ()),
        ("他在海边弹吉他", ()),
        ("犬と猫が屋上にいる", ("犬", "猫")),
        ("砂漠のりんご", ("りんご",)),
    ],
)
def test_words_without_spaces_are_told(prompt: str, missed: tuple[str, ...]) -> None:
    assert reading_of(prompt).missed == missed


def test_chinese_persons_become_what_they_do() -> None:
    assert understand("女孩在跳舞", 1)[0].subjects[0].kind is Kind.DANCER
    player = understand("他在海边弹吉他", 1)[0]
    assert (player.setting, player.subjects[0].kind, player.subjects[0].prop) == (
        Setting.CLIFF,
        Kind.MUSICIAN,
        "guitar",
    )


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("people but no cars in an alley", [("vehicle", "cars")]),
        ("an alley without a dancer, without neon", [("dancer", "dancer"), ("neon", "neon")]),
        ("a cliff without any boats", [("boat", "boats")]),
        ("ein Hafen, keine Menschen", [("people", "Menschen")]),
        ("a girl who is not dancing", [("dance", "dancing")]),
        ("a forest, no rain and no fog", [("rain", "rain"), ("fog", "fog")]),
        ("snow on a rooftop but no wind", [("wind", "wind")]),
        ("a night rooftop without a moon", [("moon", "moon")]),
        ("a rooftop, no zoom", [("push in", "zoom")]),
        ("a rooftop with a dancer", []),
    ],
)
def test_a_denial_is_reported(prompt: str, expected: list[tuple[str, str]]) -> None:
    assert absent(reading_of(prompt)) == expected
    assert reading_of(prompt).missed == ()


def test_a_denial_is_kept_for_any_seed() -> None:
    for seed in range(30):
        assert understand("a dancer who is not dancing", seed)[0].subjects[0].action is not Action.DANCE
        assert understand("a rooftop, no zoom", seed)[0].sections[0].camera.move is not Move.PUSH_IN


def test_the_place_after_a_denied_thing_is_there() -> None:
    assert understand("people but no cars in an alley", 3)[0].setting is Setting.ALLEY
    assert understand("not in a forest", 3)[0].setting is not Setting.FOREST


@pytest.mark.parametrize(
    ("prompt", "missed"),
    [
        ("A lighthouse", ("lighthouse",)),
        ("A street", ("street",)),
        ("A highway at night", ("highway",)),
        ("Birches in a forest, leaves", ("Birches", "leaves")),
        ("A black and white film noir, a detective", ("black and white film noir",)),
        ("A dragon breathes fire", ("dragon breathes fire",)),
        ("A street market", ()),
        ("A lighthouse keeper on a cliff", ()),
    ],
)
def test_a_word_that_only_hints_is_told_too(prompt: str, missed: tuple[str, ...]) -> None:
    assert reading_of(prompt).missed == missed
