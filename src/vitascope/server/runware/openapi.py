"""The OpenAPI 3.1 document: one POST that takes an array of tasks, the schemas made from the catalogue."""

from __future__ import annotations

from typing import Any

from vitascope import __version__
from vitascope.contract.catalog import CARDS
from vitascope.contract.schema import PICTURE_FILE, UUID4, video_inference_schema
from vitascope.server.runware.models import FARTHEST, FILTERS, MOST
from vitascope.server.runware.tasks import MOST_POLLED

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
UTC_DAY = {"type": "string", "pattern": "^(20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$"}


def document(prefix: str = "") -> dict[str, Any]:
    """The whole document as plain data; `prefix` is what all paths of the server begin with."""
    models = {_name(model): video_inference_schema(card) for model, card in CARDS.items()}
    tasks = [{"$ref": f"#/components/schemas/{name}"} for name in (*models, *_UTILITIES)]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vitascope",
            "version": __version__,
            "description": "A self-hosted video-generation server that speaks Runware's videoInference protocol. "
            "POST works on any path; /v1 is the one that clients use.",
        },
        **({"servers": [{"url": prefix}]} if prefix else {}),
        "paths": {"/v1": {"post": _post(tasks)}, **_plain_paths()},
        "components": {
            "schemas": {**models, **_UTILITIES, "Reply": _REPLY, "Error": _ERROR},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _name(model: str) -> str:
    return "VideoInference_" + "".join(letter if letter.isalnum() else "_" for letter in model)


def _post(tasks: list[dict[str, str]]) -> dict[str, Any]:
    meanings = {
        "200": "Accepted, answered, or partly refused",
        "400": "Every task was refused",
        "401": "The key is missing or unknown",
        "402": "The account's credit does not cover the most that a task can cost",
        "404": "No such task",
        "413": "The body is too large, as sent or unpacked",
        "415": "The body is clearly not JSON, or packed with something else than gzip",
        "429": "Too many tasks are waiting; Retry-After says when to send it again",
        "500": "Something went wrong inside the server",
        "503": "The server cannot do its work right now; Retry-After says when to send the same again",
    }
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Reply"}}}
    return {
        "operationId": "runTasks",
        "summary": "Run an array of tasks",
        "security": [{"key": []}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "array", "minItems": 1, "items": {"anyOf": tasks}}}},
        },
        "responses": {status: {"description": text, "content": answer} for status, text in meanings.items()},
    }


def _plain_paths() -> dict[str, Any]:
    def get(summary: str, *statuses: str) -> dict[str, Any]:
        return {"get": {"summary": summary, "responses": {status: {"description": summary} for status in statuses}}}

    file = get("A result's file, whole or in ranges", "200", "206", "304", "404", "410", "412", "416")
    names = [("key", "path"), ("expires", "query"), ("signature", "query")]
    file["get"]["parameters"] = [
        {"name": name, "in": place, "required": True, "schema": {"type": "string"}} for name, place in names
    ]
    return {
        "/healthz": get("The process is alive", "200"),
        "/readyz": get("Tasks are accepted and worked on", "200", "503"),
        "/files/{key}": file,
    }


def _task(kind: str, required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {"taskType": {"const": kind}, **required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": ["taskType", *required]}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The parameter is optional, and null is as good as leaving it out."""
    return {**schema, "type": [schema["type"], "null"]}


def _report(*operations: str, **optional: Any) -> dict[str, Any]:
    return _task("accountManagement", {"taskUUID": UUID4, "operation": {"enum": list(operations)}}, optional)


_SPAN = {name: {**_or_null(UTC_DAY), "description": "A UTC day, included."} for name in ("startDate", "endDate")}

_UTILITIES: dict[str, Any] = {
    "Authentication": _task("authentication", {}, {"apiKey": {"description": "The key, if no header brings it."}}),
    "Ping": _task("ping", {}, {"ping": {"description": "Anything."}}),
    "GetResponse": _task(
        "getResponse",
        {"taskUUID": {"anyOf": [UUID4, {"type": "array", "items": UUID4, "minItems": 1, "maxItems": MOST_POLLED}]}},
    ),
    "GetTaskDetails": _task("getTaskDetails", {"taskUUID": UUID4}),
    "CancelTask": _task("cancelTask", {"taskUUID": UUID4}),
    "ImageUpload": _task("imageUpload", {"taskUUID": UUID4, "image": PICTURE_FILE}),
    "MediaUpload": _task("mediaStorage", {"taskUUID": UUID4, "operation": {"const": "upload"}, "media": PICTURE_FILE}),
    "MediaDelete": _task("mediaStorage", {"taskUUID": UUID4, "operation": {"const": "delete"}, "media": UUID4}),
    "ModelSearch": _task(
        "modelSearch",
        {"taskUUID": UUID4},
        {
            **dict.fromkeys(("search", *FILTERS), _or_null(TEXT)),
            "capabilities": _or_null(TEXTS),
            "limit": _or_null({"type": "integer", "minimum": 1, "maximum": MOST}),
            "offset": _or_null({"type": "integer", "minimum": 0, "maximum": FARTHEST}),
        },
    ),
    "AccountDetails": _report("getDetails"),
    "AccountActivity": _report("getUsageActivity", **_SPAN),
    "AccountUsage": _report("getUsagePerformance", "getUsageErrors", **_SPAN, models=_or_null(TEXTS)),
}

_REPLY = {
    "type": "object",
    "properties": {
        "data": {"type": "array", "items": {"type": "object", "required": ["taskType"]}},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Error"}},
    },
}

_ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "parameter": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "type": {"type": "string"},
        "allowedValues": {"type": "array"},
        "status": {"const": "error"},
        "documentation": {"type": "string", "format": "uri"},
        "taskType": {"type": "string"},
        "taskUUID": {"type": "string"},
    },
}
