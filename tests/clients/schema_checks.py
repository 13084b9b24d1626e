"""What Schemathesis checks in place of its own two rules: the schema and the server agree about what is a sound task.

Its own rules do not know that a task may be refused for what no schema can say, nor that null, [] and {} are "not set".
Loaded by `schemathesis` itself, in its own environment.
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import schemathesis

BEYOND_SCHEMAS = {
    "incompatibleParameters": "one spelling of the frame images, one address a result: too much for its generator",
    "invalidPositivePrompt": "something to see in the prompt",
    "invalidUploadEndpoint": "a place that may be called",
    "invalidWebhookURL": "the same",
    "duplicateFrame": "no two images for the same frame",
    "invalidFrameImage": "a picture that opens",
    "invalidImage": "the same",
    "invalidMedia": "the same",
    "invalidStartDate": "a day that there is, not after endDate",
    "invalidEndDate": "a day that there is",
    "conflictTaskUUID": "no UUID that was sent before",
    "draftNotFound": "a draft of this account",
    "mediaNotFound": "a picture of this account",
    "frameImageNotFound": "the same",
    "taskNotFound": "a task of this account",
}


@schemathesis.check
def refused_only_for_what_no_schema_can_say(_context: Any, response: Any, case: Any) -> None:
    """A task that the schema allows is accepted, or refused with one of the codes above."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 404):
        return
    if not response.headers.get("content-type", [""])[0].startswith("application/json"):
        return  # a file that is not there
    codes = {error["code"] for error in response.json().get("errors", ())}
    assert codes <= BEYOND_SCHEMAS.keys(), codes


@schemathesis.check
def accepted_only_what_the_schema_allows(_context: Any, response: Any, case: Any) -> None:
    """An array that was accepted as a whole is sound by the schema, without what was not really set."""
    if case.method != "POST" or response.status_code != 200 or "errors" in response.json():
        return
    tasks = [
        task if task.get("taskType") == "ping" else without_nothing(task)
        for task in case.body
        if isinstance(task, dict)
    ]
    document = case.operation.schema.raw_schema
    body = document["paths"]["/v1"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft202012Validator({**body, "components": document["components"]})
    assert validator.is_valid(tasks), [error.message for error in validator.iter_errors(tasks)]


def without_nothing(value: Any) -> Any:
    """The same without names whose value is null, an empty list or an empty object."""
    if isinstance(value, list):
        return [without_nothing(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: without_nothing(item) for name, item in value.items() if item not in (None, [], {})}
    return {name: item for name, item in kept.items() if item != {}}


@schemathesis.check
def errors_are_whole(_context: Any, response: Any, _case: Any) -> None:
    """Each error has a code, a message and the page that explains it."""
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        body = response.json()
        for error in body.get("errors", ()) if isinstance(body, dict) else ():
            assert error["documentation"].endswith(f"#{error['code']}") and len(error["message"]) > 10, error
