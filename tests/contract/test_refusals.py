"""Refusals as a whole: all faults at once, hints, nothing that only follows from another fault, and harmless echoes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.refusals import PRO, SOUND, URL, FaultsOf, Task, frames, settings, unsized


def test_all_faults_at_once_one_each(faults_of: FaultsOf) -> None:
    faults = faults_of(
        {
            "taskType": "videoInference",
            "taskUUID": "59d02567-ead8-47ef-94c7-d04dfdcc78b7",
            "model": "bytedance:2@2",
            "positivePrompt": 7,
            "width": 865,
            "height": 480,
            "resolution": "4k",
            "duration": 99,
            "seed": "one",
            "numberResults": 0,
            "outputFormat": "GIF",
            "outputQuality": "best",
            "webhookURL": "nowhere",
            "safety": {"mode": 1, "checkContent": 1},
            "ttl": 1,
            "inputs": {"frameImages": [{"image": "x", "frame": "last"}], "draftId": "y"},
            "providerSettings": {"google": {"a": 1}, "bytedance": {"audio": True, "cameraFixed": 0}},
            "sed": 1,
        }
    )
    assert {fault.code for fault in faults} == {
        "invalidPositivePrompt",
        "unsupportedDimensions",
        "incompatibleParameters",
        "unsupportedResolution",
        "unsupportedDuration",
        "invalidSeed",
        "invalidNumberResults",
        "unsupportedOutputFormat",
        "invalidOutputQuality",
        "invalidWebhookURL",
        "invalidSafetyMode",
        "invalidSafetyCheckContent",
        "invalidTtl",
        "invalidFrameImage",
        "unsupportedFrame",
        "unsupportedParameter",
        "mismatchProviderSettingsProvider",
        "invalidCameraFixed",
    }
    parameters = [fault.parameter for fault in faults]
    assert len(parameters) == len(set(parameters)) == 20
    assert {fault.task_uuid for fault in faults} == {"59d02567-ead8-47ef-94c7-d04dfdcc78b7"}


@pytest.mark.parametrize(
    ("model", "change", "advice"),
    [
        (SOUND, {"webhookUrl": URL}, "send webhookURL"),
        (SOUND, {"audio": True}, "send providerSettings.bytedance.audio"),
        (SOUND, {"draftId": "cgt-1"}, "send inputs.draftId"),
        (PRO, settings(audio=True), f"set model to {SOUND}"),
        (PRO, {"number_results": 2}, "send numberResults"),
        (PRO, frames({"img": URL, "image": URL}), "send inputs.frameImages.0.image"),
        (PRO, {"frameImages": [{"image": URL, "inputImage": URL}]}, "send frameImages.0.inputImage"),
        (PRO, {"CFGScale": 7}, "bytedance:2@1. Remove it."),
    ],
)
def test_names_the_nearest_parameter(
    task: Task, faults_of: FaultsOf, model: str, change: dict[str, Any], advice: str
) -> None:
    (fault,) = faults_of(task(model, change))
    assert fault.code == "unsupportedParameter" and advice in fault.message


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        # A draft id would bring prompt, model and size: they are not called missing.
        (unsized(positivePrompt=None, inputs={"draftId": 5}, ttl=1), {"invalidDraftId", "invalidTtl"}),
        (unsized(model=None, inputs={"draftId": 5}), {"invalidDraftId"}),
        ({"model": "bytedance:9@9", "inputs": {"draftId": 5}}, {"invalidDraftId", "invalidModel"}),
        # Frame images, in either place, would give the size.
        (unsized(inputs={"frameImages": URL}), {"invalidFrameImages"}),
        (unsized(frameImages=URL), {"invalidFrameImages"}),
        (unsized(inputs=[URL]), {"invalidInputs"}),
        ({"width": "864"}, {"invalidWidth"}),
        ({"width": "864", "resolution": "480p"}, {"invalidWidth"}),
        (
            {"resolution": "4k", "width": None, "height": None, **settings(draft="yes")},
            {"invalidDraft", "unsupportedResolution"},
        ),
        ({"taskType": 1, "positivePrompt": 7}, {"invalidTaskType", "invalidPositivePrompt"}),
    ],
)
def test_a_wrong_type_hides_only_what_follows_from_it(
    task: Task, faults_of: FaultsOf, change: dict[str, Any], codes: set[str]
) -> None:
    assert {fault.code for fault in faults_of(task(SOUND, change))} == codes


@pytest.mark.parametrize(
    "address",
    [
        "http://user:secret@example.com/",
        "https://exa mple.com/",
        "https://example.com/a\nb",
        "https://example.com:99999/",
        "https://[::1/",
        "javascript:alert(1)",
        "https://example.com/" + "a" * 9000,
        "",
    ],
)
def test_addresses_that_are_none(task: Task, faults_of: FaultsOf, address: str) -> None:
    faults = faults_of(task(PRO, {"webhookURL": address, "uploadEndpoint": address}))
    assert [fault.code for fault in faults] == ["invalidWebhookURL", "invalidUploadEndpoint"]


def test_echoes_are_harmless(task: Task, faults_of: FaultsOf) -> None:
    name = "\ud800\x00" + "x" * 10_000
    faults = faults_of(task(PRO, {name: 1, "taskUUID": "\udfff" + "y" * 10_000}))
    assert {fault.code for fault in faults} == {"unsupportedParameter", "invalidTaskUUID"}
    for fault in faults:
        assert len(str(fault.as_item()).encode("utf-8")) < 1500


def test_a_flood_of_unknown_names_is_cut(task: Task, faults_of: FaultsOf) -> None:
    faults = faults_of(task(PRO, {f"unknown{index}": 1 for index in range(5000)} | {"ttl": 1}))
    assert len(faults) == 21 and faults[-1].code == "invalidTtl"
