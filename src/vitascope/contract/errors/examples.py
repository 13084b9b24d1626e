"""The examples of docs/errors.md: a task that is accepted, and for each code a change that makes it refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TASK: Mapping[str, Any] = {
    "taskType": "videoInference",
    "taskUUID": "59d02567-ead8-47ef-94c7-d04dfdcc78b7",
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


EXAMPLES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "missingTaskType": ("`taskType` was not sent.", {"taskType": None}),
    "invalidTaskType": ("`taskType` is not a string.", {"taskType": 1}),
    "unsupportedTaskType": ("`taskType` is not one that this server does.", {"taskType": "videoDream"}),
    "missingTaskUUID": ("`taskUUID` was not sent.", {"taskUUID": None}),
    "invalidTaskUUID": ("`taskUUID` is not a UUID of version 4.", {"taskUUID": "task-1"}),
    "missingModel": ("`model` was not sent.", {"model": None}),
    "invalidModel": ("`model` is not one that is served.", {"model": "bytedance:9@9"}),
    "missingPositivePrompt": ("`positivePrompt` was not sent and no draft brings it.", {"positivePrompt": None}),
    "invalidPositivePrompt": ("`positivePrompt` is not a string.", {"positivePrompt": ["a", "cat"]}),
    "invalidPositivePromptLength": (
        "`positivePrompt` has fewer than 2 or more than 3000 characters.",
        {"positivePrompt": "a"},
    ),
    "invalidOutputType": ("`outputType` is neither a string nor a list of strings.", {"outputType": 1}),
    "unsupportedOutputType": ("`outputType` is not `URL`.", {"outputType": "base64Data"}),
    "invalidOutputFormat": ("`outputFormat` is not a string.", {"outputFormat": 4}),
    "unsupportedOutputFormat": ("`outputFormat` is not MP4, WEBM or MOV, in any case.", {"outputFormat": "GIF"}),
    "invalidOutputQuality": ("`outputQuality` is not a whole number from 20 to 99.", {"outputQuality": 100}),
    "invalidWebhookURL": (
        "`webhookURL` is not an http(s) URL without user name and password.",
        {"webhookURL": "example.com"},
    ),
    "invalidUploadEndpoint": (
        "`uploadEndpoint` is not an http(s) URL without user name and password.",
        {"uploadEndpoint": "ftp://example.com/clip.mp4"},
    ),
    "invalidDeliveryMethod": ("`deliveryMethod` is not a string.", {"deliveryMethod": True}),
    "unsupportedDeliveryMethod": ("`deliveryMethod` is not `async`.", {"deliveryMethod": "sync"}),
    "invalidSafety": ("`safety` is not an object.", {"safety": "fast"}),
    "invalidSafetyCheckContent": ("`safety.checkContent` is not true or false.", {"safety": {"checkContent": "yes"}}),
    "invalidSafetyMode": ("`safety.mode` is not a string.", {"safety": {"mode": 1}}),
    "unsupportedSafetyMode": ("`safety.mode` is not none, fast or full.", {"safety": {"mode": "strict"}}),
    "invalidTtl": ("`ttl` is not a whole number of at least 60.", {"ttl": 59}),
    "invalidIncludeCost": ("`includeCost` is not true or false.", {"includeCost": 1}),
    "invalidNumberResults": ("`numberResults` is not a whole number from 1 to 4.", {"numberResults": 5}),
    "invalidInputs": ("`inputs` is not an object.", {"inputs": [_URL]}),
    "invalidFrameImages": ("`frameImages` is not a list.", {"inputs": {"frameImages": _URL}}),
    "arrayTooLarge": (
        "More frame images than the model takes, more than 1000 tasks in one array, more than 100 UUIDs in one poll.",
        {"inputs": {"frameImages": [_URL, _URL]}},
    ),
    "missingFrameImage": ("An item of `frameImages` has no image.", {"inputs": {"frameImages": [{"frame": "first"}]}}),
    "invalidFrameImage": (
        "A frame image is not a UUID, URL, data URI or Base64 text, or is no picture that can be fetched and opened.",
        {"inputs": {"frameImages": ["cliff.jpg"]}},
    ),
    "invalidFrame": (
        "`frame` is neither a word nor an index.",
        {"inputs": {"frameImages": [{"image": _URL, "frame": 0.5}]}},
    ),
    "unsupportedFrame": (
        "`frame` is not one that the model takes: 1.0 Pro Fast has no last frame.",
        {"inputs": {"frameImages": [{"image": _URL, "frame": "last"}]}},
    ),
    "duplicateFrame": (
        "Two images for one frame.",
        {
            "model": "bytedance:2@1",
            "inputs": {"frameImages": [{"image": _URL, "frame": "first"}, {"image": _URL, "frame": 0}]},
        },
    ),
    "invalidDraftId": (
        "`draftId` is not a string.",
        {"model": _PRO_WITH_SOUND, "height": 496, "inputs": {"draftId": 20260327025345}},
    ),
    "draftNotFound": (
        "No draft of this account has this id.",
        {"model": _PRO_WITH_SOUND, "height": 496, "inputs": {"draftId": "cgt-20260327025345-zzzzz"}},
    ),
    "draftExpired": (
        "The draft is no longer kept.",
        {"model": _PRO_WITH_SOUND, "height": 496, "inputs": {"draftId": EXPIRED_DRAFT_ID}},
    ),
    "incompatibleParameters": (
        "Parameters that exclude each other: `resolution` with `width` and `height`, `draft: true` with `draftId`, "
        "both spellings of the frame images, or a value that differs from the draft that is finished.",
        {"resolution": "480p"},
    ),
    "missingWidth": ("`height` was sent without `width`.", {"width": None}),
    "missingHeight": ("`width` was sent without `height`.", {"height": None}),
    "missingDimensionParameters": (
        "Nothing gives the size: no `width` and `height`, no `resolution`, no frame images.",
        {"width": None, "height": None},
    ),
    "invalidWidth": ("`width` is not a whole number.", {"width": "864"}),
    "invalidHeight": ("`height` is not a whole number.", {"height": 480.5}),
    "unsupportedDimensions": ("The model does not make this pair of `width` and `height`.", {"height": 486}),
    "invalidResolution": ("`resolution` is not a string.", {"width": None, "height": None, "resolution": 480}),
    "unsupportedResolution": (
        "`resolution` is not one of the model's; of a draft, not 480p.",
        {"width": None, "height": None, "resolution": "4k"},
    ),
    "invalidDuration": ("`duration` is not a number (nor `auto`, for 1.5 Pro).", {"duration": "long"}),
    "unsupportedDuration": (
        "The model does not make videos of this length.",
        {**_settings({"audio": True}), "duration": 3},
    ),
    "invalidSeed": ("`seed` is not a whole number from 0 to 9223372036854776000.", {"seed": -1}),
    "invalidProviderSettings": (
        "`providerSettings` or `providerSettings.bytedance` is not an object.",
        {"providerSettings": True},
    ),
    "mismatchProviderSettingsProvider": (
        "Settings for another provider's models.",
        {"providerSettings": {"google": {"generateAudio": True}}},
    ),
    "unknownProviderSettingsProvider": (
        "Settings for a provider that nobody knows.",
        {"providerSettings": {"bytedanse": {"cameraFixed": True}}},
    ),
    "invalidAudio": ("`audio` is not true or false.", _settings({"audio": "on"})),
    "invalidCameraFixed": ("`cameraFixed` is not true or false.", _settings({"cameraFixed": 1})),
    "invalidDraft": ("`draft` is not true or false.", _settings({"draft": "480p"})),
    "invalidFps": ("`fps`, which clients may send, is not a whole number.", {"fps": 23.976}),
    "unsupportedFps": ("`fps`, which clients may send, is not 24.", {"fps": 30}),
    "unsupportedParameter": (
        "The model has no parameter of this name; the nearest one is named.",
        {"webhookUrl": "https://example.com/done"},
    ),
}
"""Code -> when it is sent, and what to change in `TASK` to get it. Null takes a parameter out."""
