"""How a task runs and how its results are delivered: a row for each sentence of the seeds that refuses something."""

from __future__ import annotations

from tests.contract.refusals import ANY, FaultsOf, Row, Task, check_refusal, each_row

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
    (
        "a URL takes one object",
        ANY,
        {"uploadEndpoint": "https://bucket.example.com/clip.mp4?X-Amz-Signature=a", "numberResults": 3},
        "incompatibleParameters",
        ("uploadEndpoint", "numberResults"),
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
    ("(no other parameters)", ANY, {"steps": 20}, "unsupportedParameter", "steps", None),
]


@each_row(ROWS)
def test_refusal(task: Task, faults_of: FaultsOf, model: str, row: Row) -> None:
    asked = task(model, row[2])
    check_refusal(asked, faults_of(asked), row)
