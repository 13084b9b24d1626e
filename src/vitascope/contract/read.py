"""One task element of a request -> an Order, or `Refused` with everything that is wrong with it at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from vitascope.contract.catalog import CARDS, DRAWN_SEED_BITS, LONGEST_TTL, QUALITY, RESULTS, Card
from vitascope.contract.drafts import (
    DRAFT_RULES,
    FindDraft,
    draft_is_kept,
    final_size,
    frames_are_the_drafts,
    no_drafts,
)
from vitascope.contract.faults import missing
from vitascope.contract.image_inputs import read_frames
from vitascope.contract.order import Draft, FrameSource, Order, SafetyMode
from vitascope.contract.pricing import RATIO_WITHOUT_PICTURE
from vitascope.contract.rules import MODEL_RULES, RULES, orders_draft
from vitascope.contract.task_ids import about_task, task_uuid_faults
from vitascope.contract.wire import Shaped, TaskShape, shape
from vitascope.errors import Fault, Refused
from vitascope.values import Container, Size, Timing


def draw_seed() -> int:
    """A seed for a task that brings none: unsigned, 32 bit."""
    return secrets.randbits(DRAWN_SEED_BITS)


def read(task: Mapping[str, object], find_draft: FindDraft = no_drafts, draw: Callable[[], int] = draw_seed) -> Order:
    """Read a `videoInference` task by its model's contract.

    `find_draft` gives the draft that an id names, among those the caller may use; `draw` gives the seed of a task
    without one. Raises `Refused` with one fault for each thing to change; each names the task.
    """
    named = task.get("model")
    card = CARDS.get(named) if isinstance(named, str) else None
    shaped = shape(task, card)
    draft = _draft(shaped.task, card, find_draft)
    if card is None and draft is not None and shaped.task.model is None:
        card = CARDS[draft.order.model]
    frames, frame_faults = read_frames(shaped.task, card) if card else ((), [])
    found = [*shaped.faults, *(fault for fault in _faults(shaped.task, card, draft, frames) if _is_news(fault, shaped))]
    faults = [*task_uuid_faults(task), *(about_task(fault, task) for fault in (*found, *frame_faults))]
    if faults or card is None:
        raise Refused(list(dict.fromkeys(faults)))  # names that look alike after being made safe are one fault
    return _final(shaped.task, card, draft) if draft else _order(shaped.task, card, frames, draw)


def _draft(task: TaskShape, card: Card | None, find_draft: FindDraft) -> Draft | None:
    """The draft that the task finishes, if the model finishes drafts."""
    draft_id = task.inputs.draftId
    if draft_id is None or (card is not None and card.draft_resolution is None):
        return None
    return find_draft(draft_id)


def _faults(
    task: TaskShape, card: Card | None, draft: Draft | None, frames: tuple[FrameSource, ...]
) -> Iterator[Fault]:
    """What the rules find, in the order of the seeds."""
    yield from model_is_one_of_the_catalogue(task)
    for rule in RULES:
        yield from rule(task)
    if card is not None:
        for model_rule in MODEL_RULES:
            yield from model_rule(task, card)
    if task.inputs.draftId is None or (card is not None and card.draft_resolution is None):
        return
    yield from draft_is_kept(draft)
    if draft is not None and not draft.expired:
        for draft_rule in DRAFT_RULES:
            yield from draft_rule(task, draft)
        yield from frames_are_the_drafts(frames, draft)


def model_is_one_of_the_catalogue(task: TaskShape) -> Iterator[Fault]:
    """model: required; the ids of the catalogue. A draft brings its own."""
    if task.model is None and task.inputs.draftId is None:
        yield missing("model", "string", f"Add model: {', '.join(CARDS)}.")
    elif task.model is not None and task.model not in CARDS:
        message = f"Set model to one that is served here: {', '.join(CARDS)}."
        yield Fault("invalidModel", message, "model", "string", tuple(CARDS))


def _is_news(fault: Fault, shaped: Shaped) -> bool:
    """False when the fault only follows from a part whose shape was wrong and that was taken out for it."""
    if not shaped.spoiled:
        return True
    if fault.code in ("missingPositivePrompt", "missingModel", "missingDimensionParameters"):
        paths: tuple[str, ...] = (*_paths(fault), "inputs.draftId")
    else:
        paths = _paths(fault)
    return not any(path == bad or path.startswith(bad + ".") for path in paths for bad in shaped.spoiled)


def _paths(fault: Fault) -> tuple[str, ...]:
    return fault.parameter if isinstance(fault.parameter, tuple) else (fault.parameter or "",)


def _order(task: TaskShape, card: Card, frames: tuple[FrameSource, ...], draw: Callable[[], int]) -> Order:
    """The order of a task that makes its own video."""
    seconds = _seconds(task, card)
    settings = {**card.settings, **task.providerSettings.bytedance.model_dump(exclude_none=True)}
    size, resolution = _size(task, card, bool(frames))
    return Order(
        task_uuid=task.taskUUID or "",
        model=card.model,
        prompt=task.positivePrompt or "",
        size=size,
        resolution=resolution,
        timing=Timing.of_seconds(seconds),
        duration=seconds,
        seed=min(draw() if task.seed is None else task.seed, card.seed.most),
        results=task.numberResults or RESULTS.default,
        container=_container(task),
        quality=task.outputQuality or QUALITY.default,
        ttl=_ttl(task),
        webhook_url=task.webhookURL,
        upload_endpoint=task.uploadEndpoint,
        safety=_safety(task),
        include_cost=bool(task.includeCost),
        sound=settings.get("audio", False),
        camera_fixed=settings["cameraFixed"],
        draft=settings.get("draft", False),
        frames=frames,
    )


def _final(task: TaskShape, card: Card, draft: Draft) -> Order:
    """The order that finishes a draft: delivery as the task says, what is seen and heard as the draft says."""
    resolution = task.resolution or card.final_resolution or card.frames_resolution
    return replace(
        _order(task, card, draft.order.frames, lambda: draft.seed),
        prompt=draft.order.prompt,
        size=final_size(card, draft, resolution),
        resolution=resolution,
        timing=draft.order.timing,
        duration=draft.order.duration,
        sound=draft.order.sound,
        camera_fixed=draft.order.camera_fixed,
        draft_id=task.inputs.draftId,
    )


def _seconds(task: TaskShape, card: Card) -> float:
    if task.duration is None:
        return card.durations.default
    if isinstance(task.duration, str):
        return card.durations.auto or card.durations.default
    return round(task.duration, 1)


def _size(task: TaskShape, card: Card, has_frames: bool) -> tuple[Size | None, str | None]:
    """The size and the resolution it comes from; no size while a frame image has yet to decide."""
    if task.width is not None and task.height is not None:
        return Size(task.width, task.height), None
    default = card.draft_resolution if orders_draft(task, card) else card.frames_resolution
    resolution = task.resolution or default or card.frames_resolution
    return (None if has_frames else card.sizes[resolution][RATIO_WITHOUT_PICTURE]), resolution


def _container(task: TaskShape) -> Container:
    return Container((task.outputFormat or Container.MP4.value).upper())


def _ttl(task: TaskShape) -> int | None:
    return None if task.ttl is None else min(task.ttl, LONGEST_TTL)


def _safety(task: TaskShape) -> SafetyMode:
    """`mode` wins over `checkContent`, which means `fast`."""
    if task.safety.mode is not None:
        return SafetyMode(task.safety.mode)
    return SafetyMode.FAST if task.safety.checkContent else SafetyMode.NONE
