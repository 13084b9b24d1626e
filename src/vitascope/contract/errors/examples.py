"""The examples of docs/errors.md: a task that is accepted, changes that make it refused, and other refused tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_UUID = "59d02567-ead8-47ef-94c7-d04dfdcc78b7"

TASK: Mapping[str, Any] = {
    "taskType": "videoInference",
    "taskUUID": _UUID,
    "model": "bytedance:2@2",
    "positivePrompt": "Lanterns sway over a moonlit canyon",
    "width": 864,
    "height": 480,
}

DRAFT_ID = "cgt-20260327025345-g766z"
EXPIRED_DRAFT_ID = "cgt-20250101120000-a1b2c"

_PRO_WITH_SOUND = "bytedance:seedance@1.5-pro"
_URL = "https://example.com/cliff.jpg"


def _settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": _PRO_WITH_SOUND, "height": 496, "providerSettings": {"bytedance": settings}}


EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "missingTaskType": {"taskType": None},
    "invalidTaskType": {"taskType": 1},
    "unsupportedTaskType": {"taskType": "videoDream"},
    "missingTaskUUID": {"taskUUID": None},
    "invalidTaskUUID": {"taskUUID": "task-1"},
    "missingModel": {"model": None},
    "invalidModel": {"model": "bytedance:9@9"},
    "missingPositivePrompt": {"positivePrompt": None},
    "invalidPositivePrompt": {"positivePrompt": ["a", "cat"]},
    "invalidPositivePromptLength": {"positivePrompt": "a"},
    "invalidOutputType": {"outputType": 1},
    "unsupportedOutputType": {"outputType": "base64Data"},
    "invalidOutputFormat": {"outputFormat": 4},
    "unsupportedOutputFormat": {"outputFormat": "GIF"},
    "invalidOutputQuality": {"outputQuality": 100},
    "invalidWebhookURL": {"webhookURL": "example.com"},
    "invalidUploadEndpoint": {"uploadEndpoint": "ftp://example.com/clip.mp4"},
    "invalidDeliveryMethod": {"deliveryMethod": True},
    "unsupportedDeliveryMethod": {"deliveryMethod": "sync"},
    "invalidSafety": {"safety": "fast"},
    "invalidSafetyCheckContent": {"safety": {"checkContent": "yes"}},
    "invalidSafetyMode": {"safety": {"mode": 1}},
    "unsupportedSafetyMode": {"safety": {"mode": "strict"}},
    "invalidTtl": {"ttl": 59},
    "invalidIncludeCost": {"includeCost": 1},
    "invalidNumberResults": {"numberResults": 5},
    "invalidInputs": {"inputs": [_URL]},
    "invalidFrameImages": {"inputs": {"frameImages": _URL}},
    "arrayTooLarge": {"inputs": {"frameImages": [_URL, _URL]}},
    "missingFrameImage": {"inputs": {"frameImages": [{"frame": "first"}]}},
    "invalidFrameImage": {"inputs": {"frameImages": ["cliff.jpg"]}},
    "invalidFrame": {"inputs": {"frameImages": [{"image": _URL, "frame": 0.5}]}},
    "unsupportedFrame": {"inputs": {"frameImages": [{"image": _URL, "frame": "last"}]}},
    "duplicateFrame": {
        "model": "bytedance:2@1",
        "inputs": {"frameImages": [{"image": _URL, "frame": "first"}, {"image": _URL, "frame": 0}]},
    },
    "invalidDraftId": {"model": _PRO_WITH_SOUND, "height": 496, "inputs": {"draftId": 20260327025345}},
    "draftNotFound": {"model": _PRO_WITH_SOUND, "height": 496, "inputs": {"draftId": "cgt-20260327025345-zzzzz"}},
    "draftExpired": {"model": _PRO_WITH_SOUND, "height": 496, "inputs": {"draftId": EXPIRED_DRAFT_ID}},
    "incompatibleParameters": {"resolution": "480p"},
    "missingWidth": {"width": None},
    "missingHeight": {"height": None},
    "missingDimensionParameters": {"width": None, "height": None},
    "invalidWidth": {"width": "864"},
    "invalidHeight": {"height": 480.5},
    "unsupportedDimensions": {"height": 486},
    "invalidResolution": {"width": None, "height": None, "resolution": 480},
    "unsupportedResolution": {"width": None, "height": None, "resolution": "4k"},
    "invalidDuration": {"duration": "long"},
    "unsupportedDuration": {**_settings({"audio": True}), "duration": 3},
    "invalidSeed": {"seed": -1},
    "invalidProviderSettings": {"providerSettings": True},
    "mismatchProviderSettingsProvider": {"providerSettings": {"google": {"generateAudio": True}}},
    "unknownProviderSettingsProvider": {"providerSettings": {"bytedanse": {"cameraFixed": True}}},
    "invalidAudio": _settings({"audio": "on"}),
    "invalidCameraFixed": _settings({"cameraFixed": 1}),
    "invalidDraft": _settings({"draft": "480p"}),
    "invalidFps": {"fps": 23.976},
    "unsupportedFps": {"fps": 30},
    "unsupportedParameter": {"webhookUrl": "https://example.com/done"},
}
"""Code -> what to change in `TASK` to get it. Null takes a parameter out."""


def _task(kind: str, /, **parameters: Any) -> dict[str, Any]:
    return {"taskType": kind, "taskUUID": _UUID, **parameters}


UTILITY_EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "taskNotFound": _task("getResponse"),
    "missingOperation": _task("mediaStorage"),
    "unsupportedOperation": _task("mediaStorage", operation="rename"),
    "missingImage": _task("imageUpload"),
    "invalidImage": _task("imageUpload", image="cliff.jpg"),
    "missingMedia": _task("mediaStorage", operation="delete"),
    "invalidMedia": _task("mediaStorage", operation="upload", media="cliff.jpg"),
    "mediaNotFound": _task("mediaStorage", operation="delete", media=_UUID),
    "invalidSearch": _task("modelSearch", search="seedance", limit=0),
    "invalidStartDate": _task("accountManagement", operation="getUsageActivity", startDate="yesterday"),
    "invalidEndDate": _task("accountManagement", operation="getUsageActivity", endDate="today"),
    "invalidModels": _task("accountManagement", operation="getUsageErrors", models="bytedance:2@2"),
}
"""Code -> a task of another type that is refused with it."""
