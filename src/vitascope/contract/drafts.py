"""Finishing a draft: model, prompt, frames, sound, seed, ratio, duration and camera come from it.

They need not be sent again; a value that contradicts the draft is refused. Only the size within the draft's ratio, by
`resolution` or by `width` and `height`, and how the video is delivered are free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from vitascope.contract.catalog import CARDS, Card
from vitascope.contract.faults import incompatible, one_of
from vitascope.contract.order import Draft, Form, FrameSource
from vitascope.contract.pricing import nearest_size
from vitascope.contract.rule import Rule, about
from vitascope.contract.shapes import TaskShape
from vitascope.errors import Fault
from vitascope.values import Size

FindDraft: TypeAlias = Callable[[str], Draft | None]


def no_drafts(draft_id: str) -> Draft | None:
    """The look-up of a place where no drafts are kept."""
    return None


@about("inputs.draftId")
def draft_is_kept(draft: Draft | None) -> Iterator[Fault]:
    """draftId: "Draft ID from a previous draft mode generation"."""
    if draft is None:
        message = "Set inputs.draftId to the outputs.draftId of a finished draft: no draft has this id."
        yield Fault("draftNotFound", message, "inputs.draftId", "string")
    elif draft.expired:
        message = "Make the draft again and use its new id: this draft is no longer kept."
        yield Fault("draftExpired", message, "inputs.draftId", "string")


def _contradiction(path: str) -> Fault:
    return incompatible((path, "inputs.draftId"), f"Remove {path}: it differs from the draft, which decides it.")


@about("model")
def model_is_the_drafts(task: TaskShape, draft: Draft) -> Iterator[Fault]:
    """The draft decides the model."""
    if task.model not in (None, draft.order.model):
        yield _contradiction("model")


@about("positivePrompt")
def prompt_is_the_drafts(task: TaskShape, draft: Draft) -> Iterator[Fault]:
    """The draft decides the prompt."""
    if task.positivePrompt not in (None, draft.order.prompt):
        yield _contradiction("positivePrompt")


@about("duration")
def duration_is_the_drafts(task: TaskShape, draft: Draft) -> Iterator[Fault]:
    """The draft decides the duration."""
    if task.duration not in (None, "auto") and task.duration != draft.order.duration:
        yield _contradiction("duration")


@about("seed")
def seed_is_the_drafts(task: TaskShape, draft: Draft) -> Iterator[Fault]:
    """The draft decides the seed."""
    if task.seed is not None and min(task.seed, CARDS[draft.order.model].seed.most) != draft.seed:
        yield _contradiction("seed")


@about("providerSettings")
def settings_are_the_drafts(task: TaskShape, draft: Draft) -> Iterator[Fault]:
    """The draft decides whether the camera is fixed, whether there is sound, and every other setting of the model."""
    order, settings = draft.order, task.providerSettings
    kept = {"cameraFixed": order.camera_fixed, "audio": order.sound, **order.settings}
    for name, value in kept.items():
        if settings.sent.get(name, value) != value:
            yield _contradiction(settings.path(name))


@about("width", "height")
def size_is_the_drafts(task: TaskShape, draft: Draft) -> Iterator[Fault]:
    """The draft decides the ratio: every size of the table that has it may be asked for."""
    if task.width is None or task.height is None:
        return
    allowed = tuple(str(size) for size in final_sizes(CARDS[draft.order.model], draft).values())
    if str(Size(task.width, task.height)) not in allowed:
        paths = ("width", "height", "inputs.draftId")
        message = f"Remove width and height, or set them to a size of the draft's ratio: {one_of(allowed)}."
        yield Fault("incompatibleParameters", message, paths, "integer", allowed)


@about("numberResults")
def draft_is_finished_once(task: TaskShape, draft: Draft) -> Iterator[Fault]:
    """Several results differ by their seeds, and the draft decides the seed."""
    if task.numberResults is not None and task.numberResults > 1:
        message = "Remove numberResults: a draft has one seed and so one final video."
        yield incompatible(("numberResults", "inputs.draftId"), message)


DRAFT_RULES: tuple[Rule[TaskShape, Draft], ...] = (
    model_is_the_drafts,
    prompt_is_the_drafts,
    duration_is_the_drafts,
    seed_is_the_drafts,
    settings_are_the_drafts,
    size_is_the_drafts,
    draft_is_finished_once,
)


@about("inputs.frameImages")
def frames_are_the_drafts(frames: tuple[FrameSource, ...], draft: Draft) -> Iterator[Fault]:
    """The draft decides the frame images.

    Images that the server has put away since cannot be compared with what is sent: there only the positions must agree.
    """
    if not frames:
        return
    kept = {frame.position: frame for frame in draft.order.frames}
    same = all(_same_frame(frame, kept.get(frame.position)) for frame in frames)
    if not same or len(frames) != len(kept):
        yield _contradiction("inputs.frameImages")


def _same_frame(sent: FrameSource, kept: FrameSource | None) -> bool:
    return kept is not None and (kept.form is Form.STORED or sent.value == kept.value)


def final_sizes(card: Card, draft: Draft) -> dict[str, Size]:
    """The size of the draft's ratio at each resolution: rounding apart, ratios of one column of the table agree."""
    return {resolution: nearest_size(card, resolution, draft.size.ratio) for resolution in card.sizes}
