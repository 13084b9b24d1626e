"""Frame images and drafts: a row for each sentence of the seeds that refuses something."""

from __future__ import annotations

from tests.contract.refusals import ANY, FAST, PRO, SOUND, URL, FaultsOf, Row, Task, check_refusal, each_row, frames

ROWS: list[Row] = [
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
]


@each_row(ROWS)
def test_refusal(task: Task, faults_of: FaultsOf, model: str, row: Row) -> None:
    asked = task(model, row[2])
    check_refusal(asked, faults_of(asked), row)
