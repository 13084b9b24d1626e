"""Every error code, once: when it is sent, how clients take it, its HTTP status, and whether they may try again.

A new code is one line here and, if a task alone brings it about, its example in `examples`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The classes that the official client libraries sort codes into, by parts of their names."""

    VALIDATION = "validation"
    AUTH = "auth"
    QUOTA = "quota"
    NOT_FOUND = "notFound"
    RATE_LIMIT = "rateLimit"
    PROVIDER = "provider"
    TIMEOUT = "timeout"
    SERVER_ERROR = "serverError"

    @property
    def status(self) -> int:
        """The usual HTTP status. 200 is that of polls: the answer is sound, what it tells is a failure."""
        return _STATUSES[self]

    @property
    def retried(self) -> bool:
        """Whether client libraries try again by themselves."""
        return self in {Kind.PROVIDER, Kind.RATE_LIMIT, Kind.TIMEOUT, Kind.SERVER_ERROR}


_STATUSES = {
    Kind.VALIDATION: 400,
    Kind.AUTH: 401,
    Kind.QUOTA: 402,
    Kind.NOT_FOUND: 404,
    Kind.RATE_LIMIT: 429,
    Kind.PROVIDER: 200,
    Kind.TIMEOUT: 200,
    Kind.SERVER_ERROR: 500,
}


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """What there is to know of a code: the sentence of when it is sent, its kind, its status where that is another."""

    when: str
    kind: Kind = Kind.VALIDATION
    own_status: int | None = None

    @property
    def status(self) -> int:
        """The HTTP status when nothing else is in the answer."""
        return self.own_status or self.kind.status


ERROR_CODES: Mapping[str, ErrorCode] = {
    # Tasks that break their contract.
    "missingTaskType": ErrorCode("`taskType` was not sent."),
    "invalidTaskType": ErrorCode("`taskType` is not a string."),
    "unsupportedTaskType": ErrorCode("`taskType` is not one that this server does."),
    "missingTaskUUID": ErrorCode("`taskUUID` was not sent."),
    "invalidTaskUUID": ErrorCode("`taskUUID` is not a UUID of version 4."),
    "missingModel": ErrorCode("`model` was not sent."),
    "invalidModel": ErrorCode("`model` is not one that is served."),
    "missingPositivePrompt": ErrorCode("`positivePrompt` was not sent and no draft brings it."),
    "invalidPositivePrompt": ErrorCode(
        "`positivePrompt` is not a string, has nothing in it that can be seen, or holds U+0000."
    ),
    "invalidPositivePromptLength": ErrorCode("`positivePrompt` has fewer than 2 or more than 3000 characters."),
    "invalidOutputType": ErrorCode("`outputType` is neither a string nor a list of strings."),
    "unsupportedOutputType": ErrorCode("`outputType` is not `URL`."),
    "invalidOutputFormat": ErrorCode("`outputFormat` is not a string."),
    "unsupportedOutputFormat": ErrorCode("`outputFormat` is not MP4, WEBM or MOV, in any case."),
    "invalidOutputQuality": ErrorCode("`outputQuality` is not a whole number from 20 to 99."),
    "invalidWebhookURL": ErrorCode(
        "`webhookURL` is not an http(s) URL without user name and password, or one that may not be called from here "
        "(setting `allow_hosts`)."
    ),
    "invalidUploadEndpoint": ErrorCode(
        "`uploadEndpoint` is not an http(s) URL without user name and password, or one that may not be called from "
        "here (setting `allow_hosts`)."
    ),
    "invalidDeliveryMethod": ErrorCode("`deliveryMethod` is not a string."),
    "unsupportedDeliveryMethod": ErrorCode("`deliveryMethod` is not `async`."),
    "invalidSafety": ErrorCode("`safety` is not an object."),
    "invalidSafetyCheckContent": ErrorCode("`safety.checkContent` is not true or false."),
    "invalidSafetyMode": ErrorCode("`safety.mode` is not a string."),
    "unsupportedSafetyMode": ErrorCode("`safety.mode` is not none, fast or full."),
    "invalidTtl": ErrorCode("`ttl` is not a whole number of at least 60."),
    "invalidIncludeCost": ErrorCode("`includeCost` is not true or false."),
    "invalidNumberResults": ErrorCode("`numberResults` is not a whole number from 1 to 4."),
    "invalidInputs": ErrorCode("`inputs` is not an object."),
    "invalidFrameImages": ErrorCode("`frameImages` is not a list."),
    "arrayTooLarge": ErrorCode(
        "More frame images than the model takes; more than 1000 tasks, 200000 values or 100 reports in one array; more "
        "than 100 UUIDs in one poll or 1000 in the polls of one array."
    ),
    "missingFrameImage": ErrorCode("An item of `frameImages` has no image."),
    "invalidFrameImage": ErrorCode(
        "A frame image is not a UUID, URL, data URI or Base64 text, or is no picture that can be fetched and opened."
    ),
    "invalidFrame": ErrorCode("`frame` is neither a word nor an index."),
    "unsupportedFrame": ErrorCode("`frame` is not one that the model takes: 1.0 Pro Fast has no last frame."),
    "duplicateFrame": ErrorCode("Two images for one frame."),
    "invalidDraftId": ErrorCode("`draftId` is not a string."),
    "draftNotFound": ErrorCode("No draft of this account has this id.", Kind.NOT_FOUND),
    "draftExpired": ErrorCode("The draft is no longer kept.", Kind.NOT_FOUND, own_status=400),
    "incompatibleParameters": ErrorCode(
        "Parameters that exclude each other: `resolution` with `width` and `height`, `draft: true` with `draftId`, "
        "both spellings of the frame images, or a value that differs from the draft that is finished."
    ),
    "missingWidth": ErrorCode("`height` was sent without `width`."),
    "missingHeight": ErrorCode("`width` was sent without `height`."),
    "missingDimensionParameters": ErrorCode(
        "Nothing gives the size: no `width` and `height`, no `resolution`, no frame images."
    ),
    "invalidWidth": ErrorCode("`width` is not a whole number."),
    "invalidHeight": ErrorCode("`height` is not a whole number."),
    "unsupportedDimensions": ErrorCode("The model does not make this pair of `width` and `height`."),
    "invalidResolution": ErrorCode("`resolution` is not a string."),
    "unsupportedResolution": ErrorCode("`resolution` is not one of the model's; of a draft, not 480p."),
    "invalidDuration": ErrorCode("`duration` is not a number (nor `auto`, for 1.5 Pro)."),
    "unsupportedDuration": ErrorCode("The model does not make videos of this length."),
    "invalidSeed": ErrorCode("`seed` is not a whole number from 0 to 9223372036854776000."),
    "invalidProviderSettings": ErrorCode("`providerSettings` or `providerSettings.bytedance` is not an object."),
    "mismatchProviderSettingsProvider": ErrorCode("Settings for another provider's models."),
    "unknownProviderSettingsProvider": ErrorCode("Settings for a provider that nobody knows."),
    "invalidAudio": ErrorCode("`audio` is not true or false."),
    "invalidCameraFixed": ErrorCode("`cameraFixed` is not true or false."),
    "invalidDraft": ErrorCode("`draft` is not true or false."),
    "invalidFps": ErrorCode("`fps`, which clients may send, is not a whole number."),
    "unsupportedFps": ErrorCode("`fps`, which clients may send, is not 24."),
    "unsupportedParameter": ErrorCode("The model has no parameter of this name; the nearest one is named."),
    # Frame images that have been fetched.
    "invalidFrameImageWidth": ErrorCode("A frame image is narrower than 300 or wider than 6000 pixels."),
    "invalidFrameImageHeight": ErrorCode("A frame image is lower than 300 or higher than 6000 pixels."),
    "invalidFrameImageRatio": ErrorCode("A frame image's width divided by its height is outside 0.4 to 2.5."),
    "invalidFrameImageSize": ErrorCode("A frame image's file is larger than 10 MB."),
    "frameImageNotFound": ErrorCode("A frame image's UUID names no uploaded image of this account.", Kind.NOT_FOUND),
    # The request as a whole, and the utility tasks.
    "missingApiKey": ErrorCode("No API key came with the request.", Kind.AUTH),
    "invalidApiKey": ErrorCode("The API key is unknown or was revoked.", Kind.AUTH),
    "invalidJSON": ErrorCode("The body or message is not JSON."),
    "invalidRequestBody": ErrorCode("The body or message is not an array of task objects, or it is empty."),
    "invalidTask": ErrorCode(
        "An element of the array is not an object, is nested too deeply, or has bytes that are no UTF-8."
    ),
    "maxTaskSizeExceeded": ErrorCode(
        "A task is larger than any that means something: more than 300 values, 16 levels, or 65536 characters beside "
        "its pictures."
    ),
    "maxRequestSizeExceeded": ErrorCode(
        "The request is larger than this server reads (setting `max_body`), as sent or unpacked.",
        own_status=413,
    ),
    "unsupportedMethod": ErrorCode(
        "A task was sent with another method than POST, or to a path for reading.",
        own_status=405,
    ),
    "unsupportedContentType": ErrorCode(
        "The body's type is clearly not JSON, such as `multipart/form-data`.",
        own_status=415,
    ),
    "unsupportedContentEncoding": ErrorCode("The body is packed, but not with gzip.", own_status=415),
    "invalidContentEncoding": ErrorCode("`Content-Encoding` says gzip, and the body does not unpack."),
    "conflictTaskUUID": ErrorCode(
        "A task with this `taskUUID` was accepted before. It goes on; nothing is run or charged twice."
    ),
    "insufficientCredits": ErrorCode(
        "The account's credit, less what its unfinished tasks may still cost, does not cover the most that this task "
        "can cost. Nothing was started.",
        Kind.QUOTA,
    ),
    "queueRateLimitExceeded": ErrorCode(
        "Too many tasks are waiting, of this account or of all (settings `max_queued`, `max_queued_in_all`). "
        "`Retry-After` says when to send the task again, with the same `taskUUID`.",
        Kind.RATE_LIMIT,
    ),
    "taskNotFound": ErrorCode("The account has no task with this `taskUUID`, or it is no longer kept.", Kind.NOT_FOUND),
    "missingOperation": ErrorCode("`operation` was not sent."),
    "unsupportedOperation": ErrorCode("`operation` is not one that this task type has."),
    "missingImage": ErrorCode("`image` was not sent."),
    "invalidImage": ErrorCode(
        "`image` is not a data URI, Base64 or URL, or is no picture that can be fetched and opened, or is too large."
    ),
    "maxStoredMediaExceeded": ErrorCode(
        "The account keeps as many uploaded pictures, or as many bytes of them, as it may (settings `max_uploads`, "
        "`max_upload_bytes`). `mediaStorage` with `operation: delete` makes room; unused ones go after 30 days."
    ),
    "missingMedia": ErrorCode("`media` was not sent."),
    "invalidMedia": ErrorCode("`media` is no picture that can be fetched and opened, or, to delete, no UUID."),
    "mediaNotFound": ErrorCode("The account keeps no picture under this UUID.", Kind.NOT_FOUND),
    "invalidSearch": ErrorCode(
        "A parameter of `modelSearch` has the wrong type or is out of bounds; `parameter` names it."
    ),
    "invalidStartDate": ErrorCode("`startDate` is not a day, or not before `endDate`."),
    "invalidEndDate": ErrorCode("`endDate` is not a day."),
    "invalidModels": ErrorCode("`models` is not a list of model ids."),
    # Accepted tasks that failed.
    "inferenceError": ErrorCode("The engine stopped before the video was finished.", Kind.PROVIDER),
    "providerTimeout": ErrorCode(
        "The run took longer than this server allows (setting `run_timeout`; waiting does not count).",
        Kind.TIMEOUT,
    ),
    "taskCancelled": ErrorCode("The task was cancelled.", Kind.NOT_FOUND, own_status=200),
    "internalServerError": ErrorCode(
        "Something unexpected happened inside the server; its log has the details.",
        Kind.SERVER_ERROR,
    ),
    "serviceUnavailable": ErrorCode(
        "The database or the file store does not answer, or the server is stopping. Nothing was started. `Retry-After` "
        "says when to send the same again, with the same `taskUUID`.",
        Kind.SERVER_ERROR,
        own_status=503,
    ),
}
"""Code -> what it means. The codes that `faults` composes from the names of parameters are among them."""

UNAVAILABLE = ERROR_CODES["serviceUnavailable"].status


def status_of(code: str) -> int:
    """The HTTP status of an answer that holds nothing but this error. Raises KeyError for a code that there is not."""
    return ERROR_CODES[code].status


def status_of_all(codes: Iterable[str]) -> int:
    """The HTTP status of an answer in which every task was refused, with these codes."""
    statuses = set(map(status_of, codes))
    # Clients send the whole array again after a 503 or a 429 and nothing after the others, hence this order.
    for status in (UNAVAILABLE, Kind.RATE_LIMIT.status, Kind.SERVER_ERROR.status, Kind.QUOTA.status):
        if status in statuses:
            return status
    return Kind.NOT_FOUND.status if statuses == {Kind.NOT_FOUND.status} else Kind.VALIDATION.status
