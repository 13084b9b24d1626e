"""The codes of docs/errors.md that no video contract brings up: transport, account, utility tasks, and failed runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_UUID = "59d02567-ead8-47ef-94c7-d04dfdcc78b7"


@dataclass(frozen=True, slots=True)
class ServerError:
    """One code: when it is sent, its HTTP status when nothing else is in the answer, how clients take it, an example.

    `kind` is the class that the official libraries sort the code into by its name; they try `provider`, `rateLimit`,
    `timeout` and `serverError` again. 200 is the status of polls: the answer is sound, what it tells is a failure.
    """

    when: str
    status: int
    kind: str = "validation"
    task: Mapping[str, Any] | None = None


def _task(kind: str, /, **parameters: Any) -> dict[str, Any]:
    return {"taskType": kind, "taskUUID": _UUID, **parameters}


SERVER_ERRORS: Mapping[str, ServerError] = {
    "missingApiKey": ServerError("No API key came with the request.", 401, "auth"),
    "invalidApiKey": ServerError("The API key is unknown or was revoked.", 401, "auth"),
    "invalidJSON": ServerError("The body or message is not JSON.", 400),
    "invalidRequestBody": ServerError("The body or message is not an array of task objects, or it is empty.", 400),
    "invalidTask": ServerError("An element of the array is not an object.", 400),
    "maxRequestSizeExceeded": ServerError(
        "The request is larger than this server reads (setting `max_body`), as sent or unpacked.", 413
    ),
    "unsupportedMethod": ServerError("A task was sent with another method than POST, or to a path for reading.", 405),
    "unsupportedContentType": ServerError("The body's type is clearly not JSON, such as `multipart/form-data`.", 415),
    "unsupportedContentEncoding": ServerError("The body is packed, but not with gzip.", 415),
    "invalidContentEncoding": ServerError("`Content-Encoding` says gzip, and the body does not unpack.", 400),
    "conflictTaskUUID": ServerError(
        "A task with this `taskUUID` was accepted before. It goes on; nothing is run or charged twice.", 400
    ),
    "insufficientCredits": ServerError(
        "The account's credit, less what its unfinished tasks may still cost, does not cover the most that this task "
        "can cost. Nothing was started.",
        402,
        "quota",
    ),
    "queueRateLimitExceeded": ServerError(
        "Too many tasks are waiting, of this account or of all (settings `max_queued`, `max_queued_in_all`). "
        "`Retry-After` says when to send the task again, with the same `taskUUID`.",
        429,
        "rateLimit",
    ),
    "taskNotFound": ServerError(
        "The account has no task with this `taskUUID`, or it is no longer kept.",
        404,
        "notFound",
        _task("getResponse"),
    ),
    "missingOperation": ServerError("`operation` was not sent.", 400, task=_task("mediaStorage")),
    "unsupportedOperation": ServerError(
        "`operation` is not one that this task type has.", 400, task=_task("mediaStorage", operation="rename")
    ),
    "missingImage": ServerError("`image` was not sent.", 400, task=_task("imageUpload")),
    "invalidImage": ServerError(
        "`image` is not a data URI, Base64 or URL, or is no picture that can be fetched and opened, or is too large.",
        400,
        task=_task("imageUpload", image="cliff.jpg"),
    ),
    "missingMedia": ServerError("`media` was not sent.", 400, task=_task("mediaStorage", operation="delete")),
    "invalidMedia": ServerError(
        "`media` is no picture that can be fetched and opened, or, to delete, no UUID.",
        400,
        task=_task("mediaStorage", operation="upload", media="cliff.jpg"),
    ),
    "mediaNotFound": ServerError(
        "The account keeps no picture under this UUID.",
        404,
        "notFound",
        _task("mediaStorage", operation="delete", media=_UUID),
    ),
    "invalidSearch": ServerError(
        "A parameter of `modelSearch` has the wrong type or is out of bounds; `parameter` names it.",
        400,
        task=_task("modelSearch", search="seedance", limit=0),
    ),
    "invalidStartDate": ServerError(
        "`startDate` is not a day, or not before `endDate`.",
        400,
        task=_task("accountManagement", operation="getUsageActivity", startDate="yesterday"),
    ),
    "invalidEndDate": ServerError(
        "`endDate` is not a day.", 400, task=_task("accountManagement", operation="getUsageActivity", endDate="today")
    ),
    "invalidModels": ServerError(
        "`models` is not a list of model ids.",
        400,
        task=_task("accountManagement", operation="getUsageErrors", models="bytedance:2@2"),
    ),
    "inferenceError": ServerError("The engine stopped before the video was finished.", 200, "provider"),
    "providerTimeout": ServerError(
        "The run took longer than this server allows (setting `run_timeout`; waiting does not count).", 200, "timeout"
    ),
    "taskCancelled": ServerError("The task was cancelled.", 200, "notFound"),
    "internalServerError": ServerError(
        "Something unexpected happened inside the server; its log has the details.", 500, "serverError"
    ),
}
"""Code -> what the page says of it."""
