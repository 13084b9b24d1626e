"""A made-up card in the catalogue: read, refused, priced and described by its own facts alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from vitascope.cli.models import model_rows
from vitascope.contract import catalog
from vitascope.contract.catalog import CARDS, PRO, Card, Durations, Setting
from vitascope.contract.order import Draft, Order
from vitascope.contract.pricing import own_rates, price
from vitascope.contract.rates import PriceRule
from vitascope.contract.read import read
from vitascope.contract.schema import video_inference_schema
from vitascope.errors import Fault
from vitascope.server.runware.models import search_models
from vitascope.values import FrameRule, Position, Size, Timing

FaultsOf = Callable[..., tuple[Fault, ...]]

UUID = "59d02567-ead8-47ef-94c7-d04dfdcc78b7"


@dataclass(frozen=True, slots=True)
class PerSecond:
    """USD for each second at 12 frames a second, whatever the size; sound is free, drafts are."""

    usd: Decimal

    @property
    def unit(self) -> str:
        return "USD/s"

    def of_take(self, size: Size, frames: int, sound: bool, draft: bool) -> Decimal:
        return Decimal(0) if draft else self.usd * (frames - 5) / 12

    def at(self, usd: Decimal) -> PriceRule:
        return replace(self, usd=usd)

    def in_words(self, has_sound: bool) -> str:
        return str(self.usd)


ACME = Card(
    model="acme:1@1",
    title="Acme One",
    provider="acme",
    architecture="acme",
    sizes={"480p": {"16:9": Size(832, 480), "1:1": Size(640, 640)}, "240p": {"16:9": Size(416, 240)}},
    frames_resolution="480p",
    durations=Durations(Decimal(1), Decimal(8), default=4.0, whole=True, auto=3.0),
    positions=(Position.FIRST,),
    settings={
        "draft": Setting(False, "A small preview."),
        "motion": Setting(5, "How much moves.", (1, 10)),
        "sharpness": Setting(0.5, "How sharp it is.", (0, 1)),
    },
    price=PerSecond(Decimal("0.25")),
    effort=PRO.effort,
    fps=Fraction(12),
    frame_rule=FrameRule(17, 5),
    draft_resolution="240p",
    final_resolution="480p",
)


@pytest.fixture(autouse=True)
def acme(monkeypatch: pytest.MonkeyPatch) -> None:
    """The card is one of the catalogue's."""
    monkeypatch.setitem(CARDS, ACME.model, ACME)


def task(provider: str = "acme", /, **changes: Any) -> dict[str, Any]:
    sent = {"taskType": "videoInference", "taskUUID": UUID, "model": ACME.model, "positivePrompt": "a brass orrery"}
    settings = {"providerSettings": {provider: changes.pop("settings")}} if "settings" in changes else {}
    return {**sent, "width": 832, "height": 480, **settings, **changes}


def refused(faults: tuple[Fault, ...]) -> list[tuple[str, Any, Any]]:
    return [(fault.code, fault.parameter, fault.allowed_values) for fault in faults]


class TestRead:
    def test_by_its_own_clock(self) -> None:
        assert read(task()).timing == Timing(56, Fraction(12)), "17n+5 nearest to 49"
        assert read(task(duration="auto", fps=12)).timing == Timing(39, Fraction(12))

    def test_by_its_own_settings(self) -> None:
        assert read(task()).settings == {"motion": 5, "sharpness": 0.5}
        order = read(task(settings={"motion": 10.0, "sharpness": 1}))
        assert order.settings == {"motion": 10, "sharpness": 1.0}
        assert [type(value) for value in order.settings.values()] == [int, float]
        assert (order.sound, order.camera_fixed, order.draft) == (False, False, False)
        assert Order.from_json(order.as_json()) == order

    def test_the_others_are_as_before(self) -> None:
        order = read({**task(), "model": PRO.model, "width": 864, "fps": 24})
        assert order.timing == Timing(121, Fraction(24)) and order.settings == {}

    def test_a_draft_decides_its_settings(self, faults_of: FaultsOf) -> None:
        made = read(task(width=416, height=240, settings={"draft": True, "motion": 2}))
        draft = Draft(made, made.seed, Size(416, 240))
        final = {"taskType": "videoInference", "taskUUID": UUID, "inputs": {"draftId": "x"}}
        assert read(final, lambda _: draft).settings == {"motion": 2, "sharpness": 0.5}
        other = {**final, "providerSettings": {"acme": {"motion": 3, "sharpness": 0.5}}}
        paths = ("providerSettings.acme.motion", "inputs.draftId")
        assert refused(faults_of(other, lambda _: draft)) == [("incompatibleParameters", paths, None)]
        elsewhere = {**final, "providerSettings": {"bytedance": {"draft": False}}}
        assert refused(faults_of(elsewhere, lambda _: draft)) == [
            ("unsupportedParameter", "providerSettings.bytedance.draft", None)
        ]


class TestRefused:
    @pytest.mark.parametrize("value", [0, 11, -(10**18)])
    def test_numbers_out_of_bounds(self, faults_of: FaultsOf, value: int) -> None:
        (fault,) = faults_of(task(settings={"motion": value}))
        assert (fault.code, fault.parameter) == ("invalidMotion", "providerSettings.acme.motion")
        assert fault.message == "Set providerSettings.acme.motion to a whole number from 1 to 10."

    @pytest.mark.parametrize(
        ("settings", "code", "words"),
        [
            ({"motion": 2.5}, "invalidMotion", "as a whole number."),
            ({"motion": True}, "invalidMotion", "as a whole number."),
            ({"motion": 10**400}, "invalidMotion", "as a whole number."),
            ({"sharpness": "1"}, "invalidSharpness", "as a number."),
            ({"sharpness": 10**400}, "invalidSharpness", "as a number."),
            ({"sharpness": float("nan")}, "invalidSharpness", "as a number."),
            ({"draft": 1}, "invalidDraft", "as true or false."),
            ({"motoin": 3}, "unsupportedParameter", "send providerSettings.acme.motion if"),
            ({"cameraFixed": True}, "unsupportedParameter", "is not a parameter of acme:1@1. Remove it."),
        ],
    )
    def test_wrong_types_and_names(self, faults_of: FaultsOf, settings: Any, code: str, words: str) -> None:
        (fault,) = faults_of(task(settings=settings))
        assert fault.code == code and words in fault.message

    def test_settings_under_another_name(self, faults_of: FaultsOf) -> None:
        faults = faults_of(task("bytedance", settings={"cameraFixed": True}))
        path = "providerSettings.bytedance"
        assert refused(faults) == [("mismatchProviderSettingsProvider", path, ("acme",))]
        assert "providerSettings.acme" in faults[0].message
        other = {**task(settings={"motion": 1}), "model": PRO.model, "width": 864}
        assert refused(faults_of(other)) == [
            ("mismatchProviderSettingsProvider", "providerSettings.acme", ("bytedance",))
        ]
        (fault,) = faults_of(task(settings=5))
        assert (fault.code, fault.parameter) == ("invalidProviderSettings", "providerSettings.acme")

    def test_another_frame_rate(self, faults_of: FaultsOf) -> None:
        (fault,) = faults_of(task(fps=24))
        assert refused((fault,)) == [("unsupportedFps", "fps", (12,))]
        assert fault.message == "Remove fps: these models make 12 frames a second."
        assert refused(faults_of({**task(fps=12), "model": PRO.model, "width": 864})) == [
            ("unsupportedFps", "fps", (24,))
        ]

    def test_a_parameter_that_only_it_has(self, faults_of: FaultsOf) -> None:
        changed = {**task(), "model": PRO.model, "width": 864, "inputs": {"draftId": "x"}}
        (fault,) = faults_of(changed)
        assert f"set model to bytedance:seedance@1.5-pro or {ACME.model}." in fault.message


class TestPriced:
    def test_by_its_own_rule(self) -> None:
        assert price(read(task()), Size(832, 480)) == Decimal("0.25") * 51 / 12
        draft = read(task(width=416, height=240, settings={"draft": True}))
        assert price(draft, Size(416, 240)) == 0

    def test_at_an_operators_rate(self) -> None:
        rates = own_rates({ACME.model: 2})
        assert price(read(task()), Size(832, 480), rates) == Decimal(2) * 51 / 12

    def test_in_its_own_unit(self) -> None:
        rows = dict(model_rows({}))
        assert rows["price"][-1] == "0.25 USD/s" and rows["price"][0] == "1.98 USD/M tokens"


class TestDescribed:
    def test_in_the_schema(self) -> None:
        settings = video_inference_schema(ACME)["properties"]["providerSettings"]["properties"]
        assert list(settings) == ["acme"]
        numbers = {"motion": ("integer", 5, 1, 10), "sharpness": ("number", 0.5, 0, 1)}
        for name, (kind, default, least, most) in numbers.items():
            described = settings["acme"]["properties"][name]
            assert (described["type"], described["default"]) == (kind, default)
            assert (described["minimum"], described["maximum"]) == (least, most)
        assert "minimum" not in settings["acme"]["properties"]["draft"]

    def test_among_the_models(self) -> None:
        (entry,) = search_models({"taskUUID": UUID, "search": "acme"})["results"]
        assert (entry["provider"], entry["architecture"], entry["version"]) == ("acme", "acme", "One")

    def test_in_the_catalogue(self) -> None:
        assert catalog.providers() == ("bytedance", "acme")
        assert list(catalog.settings_of("bytedance")) == ["audio", "cameraFixed", "draft"]
