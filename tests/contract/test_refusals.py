"""A table of refusals, one row for each sentence of the seeds, and what a refusal must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vitascope.contract.catalog import CARDS
from vitascope.errors import Fault

Task = Callable[..., dict[str, Any]]
FaultsOf = Callable[..., tuple[Fault, ...]]

PRO, FAST, SOUND = CARDS
ANY = "every model"
URL = "https://example.com/picture.jpg"
FROM_4_TO_12 = (4, 5, 6, 7, 8, 9, 10, 11, 12, "auto")


def settings(**values: Any) -> dict[str, Any]:
    return {"providerSettings": {"bytedance": values}}


def frames(*items: Any) -> dict[str, Any]:
    return {"inputs": {"frameImages": list(items)}}


def unsized(**values: Any) -> dict[str, Any]:
    return {"width": None, "height": None, **values}


Row = tuple[str, str, dict[str, Any], str, str | tuple[str, ...], tuple[Any, ...] | None]

# The sentence (shortened), the model, the change, and the code, parameter and allowed values of the one fault.
ROWS: list[Row] = [
    ("taskType: required", ANY, {"taskType": None}, "missingTaskType", "taskType", None),
    (
        "taskType: value videoInference",
        ANY,
        {"taskType": "imageInference"},
        "unsupportedTaskType",
        "taskType",
        ("videoInference",),
    ),
    ("taskType: string", ANY, {"taskType": 5}, "invalidTaskType", "taskType", None),
    ("taskUUID: required", ANY, {"taskUUID": None}, "missingTaskUUID", "taskUUID", None),
    ("taskUUID: string", ANY, {"taskUUID": 12}, "invalidTaskUUID", "taskUUID", None),
    ("taskUUID: UUID v4 (no text)", ANY, {"taskUUID": "my-task"}, "invalidTaskUUID", "taskUUID", None),
    (
        "taskUUID: UUID v4 (not v1)",
        ANY,
        {"taskUUID": "59d02567-ead8-17ef-94c7-d04dfdcc78b7"},
        "invalidTaskUUID",
        "taskUUID",
        None,
    ),
    (
        "taskUUID: UUID v4 (its variant)",
        ANY,
        {"taskUUID": "59d02567-ead8-47ef-74c7-d04dfdcc78b7"},
        "invalidTaskUUID",
        "taskUUID",
        None,
    ),
    ("outputType: string", ANY, {"outputType": 1}, "invalidOutputType", "outputType", None),
    ("outputType: allowed values URL", ANY, {"outputType": "dataURI"}, "unsupportedOutputType", "outputType", ("URL",)),
    (
        "outputType: allowed values URL (as a list)",
        ANY,
        {"outputType": ["URL", "base64Data"]},
        "unsupportedOutputType",
        "outputType",
        ("URL",),
    ),
    ("outputFormat: string", ANY, {"outputFormat": ["MP4"]}, "invalidOutputFormat", "outputFormat", None),
    (
        "outputFormat: allowed values MP4 WEBM MOV",
        ANY,
        {"outputFormat": "AVI"},
        "unsupportedOutputFormat",
        "outputFormat",
        ("MP4", "WEBM", "MOV"),
    ),
    ("outputQuality: integer", ANY, {"outputQuality": 95.5}, "invalidOutputQuality", "outputQuality", None),
    ("outputQuality: min 20", ANY, {"outputQuality": 19}, "invalidOutputQuality", "outputQuality", None),
    ("outputQuality: max 99", ANY, {"outputQuality": 100}, "invalidOutputQuality", "outputQuality", None),
    ("webhookURL: string", ANY, {"webhookURL": True}, "invalidWebhookURL", "webhookURL", None),
    ("webhookURL: URI", ANY, {"webhookURL": "example.com/done"}, "invalidWebhookURL", "webhookURL", None),
    ("webhookURL: via HTTP POST", ANY, {"webhookURL": "ftp://example.com"}, "invalidWebhookURL", "webhookURL", None),
    ("deliveryMethod: string", ANY, {"deliveryMethod": 1}, "invalidDeliveryMethod", "deliveryMethod", None),
    (
        "deliveryMethod: allowed values async",
        ANY,
        {"deliveryMethod": "sync"},
        "unsupportedDeliveryMethod",
        "deliveryMethod",
        ("async",),
    ),
    ("uploadEndpoint: string", ANY, {"uploadEndpoint": 5}, "invalidUploadEndpoint", "uploadEndpoint", None),
    ("uploadEndpoint: URI", ANY, {"uploadEndpoint": "/tmp"}, "invalidUploadEndpoint", "uploadEndpoint", None),
    (
        "uploadEndpoint: URI with a host",
        ANY,
        {"uploadEndpoint": "https://"},
        "invalidUploadEndpoint",
        "uploadEndpoint",
        None,
    ),
    ("safety: object", ANY, {"safety": "fast"}, "invalidSafety", "safety", None),
    (
        "safety.checkContent: boolean",
        ANY,
        {"safety": {"checkContent": "true"}},
        "invalidSafetyCheckContent",
        "safety.checkContent",
        None,
    ),
    (
        "safety.mode: allowed values none fast full",
        ANY,
        {"safety": {"mode": "slow"}},
        "unsupportedSafetyMode",
        "safety.mode",
        ("none", "fast", "full"),
    ),
    ("safety: 2 properties", ANY, {"safety": {"level": 3}}, "unsupportedParameter", "safety.level", None),
    ("ttl: integer", ANY, {"ttl": "3600"}, "invalidTtl", "ttl", None),
    ("ttl: min 60", ANY, {"ttl": 59}, "invalidTtl", "ttl", None),
    ("includeCost: boolean", ANY, {"includeCost": "yes"}, "invalidIncludeCost", "includeCost", None),
    ("numberResults: integer", ANY, {"numberResults": 1.5}, "invalidNumberResults", "numberResults", None),
    ("numberResults: min 1", ANY, {"numberResults": 0}, "invalidNumberResults", "numberResults", None),
    ("numberResults: max 4", ANY, {"numberResults": 5}, "invalidNumberResults", "numberResults", None),
    ("inputs: nested inside the inputs object", ANY, {"inputs": URL}, "invalidInputs", "inputs", None),
    (
        "inputs: nested inside the inputs object, not beside it too",
        ANY,
        {**frames(URL), "frameImages": [{"inputImage": URL}]},
        "incompatibleParameters",
        ("inputs.frameImages", "frameImages"),
        None,
    ),
    (
        "inputs: frameImages is different from referenceImages",
        ANY,
        {"inputs": {"referenceImages": [URL]}},
        "unsupportedParameter",
        "inputs.referenceImages",
        None,
    ),
    ("frameImages: array", ANY, {"inputs": {"frameImages": URL}}, "invalidFrameImages", "inputs.frameImages", None),
    ("frameImages: max items 2", PRO, frames(URL, URL, URL), "arrayTooLarge", "inputs.frameImages", None),
    ("frameImages: max items 2", SOUND, frames(URL, URL, URL), "arrayTooLarge", "inputs.frameImages", None),
    (
        "frameImages: 1 image, used as the first frame",
        FAST,
        frames(URL, URL),
        "arrayTooLarge",
        "inputs.frameImages",
        None,
    ),
    ("frameImages: of strings or objects", ANY, frames(7), "invalidFrameImage", "inputs.frameImages.0", None),
    (
        "image: UUID, URL, Data URI, or Base64",
        ANY,
        frames("photo.jpg"),
        "invalidFrameImage",
        "inputs.frameImages.0",
        None,
    ),
    (
        "image: required",
        ANY,
        frames({"frame": "first"}),
        "missingFrameImage",
        "inputs.frameImages.0.image",
        None,
    ),
    ("image: string", ANY, frames({"image": 3}), "invalidFrameImage", "inputs.frameImages.0.image", None),
    (
        "frameImages: an object with image and frame",
        ANY,
        frames({"image": URL, "weight": 1}),
        "unsupportedParameter",
        "inputs.frameImages.0.weight",
        None,
    ),
    (
        "frame: only supports the first frame",
        FAST,
        frames({"image": URL, "frame": "last"}),
        "unsupportedFrame",
        "inputs.frameImages.0.frame",
        ("first", 0),
    ),
    (
        "frame: allowed values first 0",
        FAST,
        frames({"image": URL, "frame": -1}),
        "unsupportedFrame",
        "inputs.frameImages.0.frame",
        ("first", 0),
    ),
    (
        "frame: supports first and last frame",
        PRO,
        frames({"image": URL, "frame": "middle"}),
        "unsupportedFrame",
        "inputs.frameImages.0.frame",
        ("first", 0, "last", -1),
    ),
    (
        "frame: 4 allowed values",
        SOUND,
        frames({"image": URL, "frame": 1}),
        "unsupportedFrame",
        "inputs.frameImages.0.frame",
        ("first", 0, "last", -1),
    ),
    (
        "frame: a target for each image",
        PRO,
        frames({"image": URL, "frame": "last"}, {"image": URL, "frame": -1}),
        "duplicateFrame",
        "inputs.frameImages.1.frame",
        None,
    ),
    ("draftId: 1.5 Pro only", PRO, {"inputs": {"draftId": "x"}}, "unsupportedParameter", "inputs.draftId", None),
    ("draftId: 1.5 Pro only", FAST, {"inputs": {"draftId": "x"}}, "unsupportedParameter", "inputs.draftId", None),
    ("draftId: string", SOUND, {"inputs": {"draftId": 7}}, "invalidDraftId", "inputs.draftId", None),
    (
        "draftId: from a previous generation",
        SOUND,
        {"inputs": {"draftId": "cgt-1"}},
        "draftNotFound",
        "inputs.draftId",
        None,
    ),
    ("model: required", ANY, {"model": None}, "missingModel", "model", None),
    ("model: string", ANY, {"model": ["bytedance:2@1"]}, "invalidModel", "model", None),
    ("model: value", ANY, {"model": "bytedance:2@3"}, "invalidModel", "model", (PRO, FAST, SOUND)),
    ("positivePrompt: required", ANY, {"positivePrompt": None}, "missingPositivePrompt", "positivePrompt", None),
    ("positivePrompt: string", ANY, {"positivePrompt": 5}, "invalidPositivePrompt", "positivePrompt", None),
    ("positivePrompt: min 2", ANY, {"positivePrompt": "a"}, "invalidPositivePromptLength", "positivePrompt", None),
    (
        "positivePrompt: max 3000",
        ANY,
        {"positivePrompt": "a" * 3001},
        "invalidPositivePromptLength",
        "positivePrompt",
        None,
    ),
    ("width: integer", ANY, {"width": "864"}, "invalidWidth", "width", None),
    ("height: integer", ANY, {"height": True}, "invalidHeight", "height", None),
    ("width and height must be used together", ANY, {"height": None}, "missingHeight", "height", None),
    ("width and height must be used together", ANY, {"width": None}, "missingWidth", "width", None),
    (
        "either frameImages, or width/height or resolution",
        ANY,
        unsized(),
        "missingDimensionParameters",
        ("width", "height", "resolution", "inputs.frameImages"),
        None,
    ),
    (
        "resolution cannot be used with width/height",
        ANY,
        {"resolution": "480p"},
        "incompatibleParameters",
        ("resolution", "width", "height"),
        None,
    ),
    ("resolution: string", ANY, unsized(resolution=480), "invalidResolution", "resolution", None),
    (
        "resolution: 480p 1080p (2 allowed values)",
        PRO,
        unsized(resolution="720p"),
        "unsupportedResolution",
        "resolution",
        ("480p", "1080p"),
    ),
    (
        "resolution: 480p 1080p, and 720p of the price list",
        FAST,
        unsized(resolution="4k"),
        "unsupportedResolution",
        "resolution",
        ("480p", "720p", "1080p"),
    ),
    (
        "resolution: 3 allowed values",
        SOUND,
        unsized(resolution="360p"),
        "unsupportedResolution",
        "resolution",
        ("480p", "720p", "1080p"),
    ),
    ("duration: float", PRO, {"duration": "5"}, "invalidDuration", "duration", None),
    ("duration: float", FAST, {"duration": "auto"}, "invalidDuration", "duration", None),
    ("duration: float", ANY, {"duration": True}, "invalidDuration", "duration", None),
    ("duration: min 1.2", PRO, {"duration": 1.1}, "unsupportedDuration", "duration", None),
    ("duration: max 12", PRO, {"duration": 12.1}, "unsupportedDuration", "duration", None),
    ("duration: min 1.2", FAST, {"duration": 1}, "unsupportedDuration", "duration", None),
    ("duration: max 12", FAST, {"duration": 13}, "unsupportedDuration", "duration", None),
    ("duration: in steps of 0.1", PRO, {"duration": 5.25}, "unsupportedDuration", "duration", None),
    ("duration: 4 to 12", SOUND, {"duration": 3}, "unsupportedDuration", "duration", FROM_4_TO_12),
    ("duration: 4 to 12", SOUND, {"duration": 13}, "unsupportedDuration", "duration", FROM_4_TO_12),
    ("duration: whole seconds", SOUND, {"duration": 4.5}, "unsupportedDuration", "duration", FROM_4_TO_12),
    ("seed: integer", ANY, {"seed": 1.5}, "invalidSeed", "seed", None),
    ("seed: min 0", ANY, {"seed": -1}, "invalidSeed", "seed", None),
    ("seed: max 9223372036854776000", ANY, {"seed": 9_223_372_036_854_776_001}, "invalidSeed", "seed", None),
    (
        "providerSettings: object",
        ANY,
        {"providerSettings": "bytedance"},
        "invalidProviderSettings",
        "providerSettings",
        None,
    ),
    (
        "nested inside the providerSettings.bytedance object",
        ANY,
        {"providerSettings": {"klingai": {"soundVolume": 1}}},
        "mismatchProviderSettingsProvider",
        "providerSettings.klingai",
        ("bytedance",),
    ),
    (
        "nested inside the providerSettings.bytedance object",
        ANY,
        {"providerSettings": {"cameraFixed": True}},
        "unknownProviderSettingsProvider",
        "providerSettings.cameraFixed",
        ("bytedance",),
    ),
    (
        "cameraFixed: boolean",
        ANY,
        settings(cameraFixed="no"),
        "invalidCameraFixed",
        "providerSettings.bytedance.cameraFixed",
        None,
    ),
    ("audio: boolean", SOUND, settings(audio=1), "invalidAudio", "providerSettings.bytedance.audio", None),
    (
        "audio: 1.5 Pro only",
        PRO,
        settings(audio=True),
        "unsupportedParameter",
        "providerSettings.bytedance.audio",
        None,
    ),
    (
        "audio: 1.5 Pro only",
        FAST,
        settings(audio="x"),
        "unsupportedParameter",
        "providerSettings.bytedance.audio",
        None,
    ),
    ("draft: boolean", SOUND, settings(draft="yes"), "invalidDraft", "providerSettings.bytedance.draft", None),
    (
        "draft: 1.5 Pro only",
        PRO,
        settings(draft=False),
        "unsupportedParameter",
        "providerSettings.bytedance.draft",
        None,
    ),
    (
        "draft: generates a fast 480p preview",
        SOUND,
        {**unsized(resolution="720p"), **settings(draft=True)},
        "unsupportedResolution",
        "resolution",
        ("480p",),
    ),
    (
        "draft: generates a fast 480p preview",
        SOUND,
        {"width": 1280, "height": 720, **settings(draft=True)},
        "unsupportedDimensions",
        ("width", "height"),
        ("864x496", "752x560", "640x640", "560x752", "496x864", "992x432"),
    ),
    ("(no other parameters)", ANY, {"steps": 20}, "unsupportedParameter", "steps", None),
    ("(24 frames a second)", ANY, {"fps": 30}, "unsupportedFps", "fps", (24,)),
    ("(24 frames a second)", ANY, {"fps": "24"}, "invalidFps", "fps", None),
]


def cases() -> list[Any]:
    """One test for each row and model."""
    return [
        pytest.param(model, change, code, parameter, allowed, id=f"{code}: {sentence} ({model})")
        for sentence, models, change, code, parameter, allowed in ROWS
        for model in (CARDS if models == ANY else [models])
    ]


@pytest.mark.parametrize(("model", "change", "code", "parameter", "allowed"), cases())
def test_refusal(
    task: Task,
    faults_of: FaultsOf,
    model: str,
    change: dict[str, Any],
    code: str,
    parameter: str | tuple[str, ...],
    allowed: tuple[Any, ...] | None,
) -> None:
    asked = task(model, change)
    faults = faults_of(asked)
    assert [(fault.code, fault.parameter) for fault in faults] == [(code, parameter)]
    assert faults[0].allowed_values == allowed
    uuid = asked["taskUUID"]
    assert faults[0].task_uuid == (uuid if isinstance(uuid, str) else None)
    assert faults[0].task_type == (asked["taskType"] if isinstance(asked["taskType"], str) else "videoInference")
    assert faults[0].message.endswith(".") and len(faults[0].message) > 20


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
