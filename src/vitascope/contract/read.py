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
    final_sizes,
    frames_are_the_drafts,
    no_drafts,
)
from vitascope.contract.image_inputs import read_frames
from vitascope.contract.order import Draft, FrameSource, Order
from vitascope.contract.pricing import RATIO_WITHOUT_PICTURE
from vitascope.contract.receivers import Objection, no_objection, receivers_may_be_called
from vitascope.contract.rule import found
from vitascope.contract.rules import MODEL_RULES, RULES, finishes_draft, orders_draft
from vitascope.contract.shapes import TaskShape, as_meant
from vitascope.contract.task_ids import about_task, task_uuid_faults
from vitascope.contract.wire import Shaped, shape
from vitascope.errors import Fault, Refused
from vitascope.values import Container, SafetyMode, Size


def draw_seed() -> int:
    """A seed for a task that brings none: unsigned, 32 bit."""
    return secrets.randbits(DRAWN_SEED_BITS)


def read(
    task: Mapping[str, object],
    find_draft: FindDraft = no_drafts,
    draw: Callable[[], int] = draw_seed,
    objection: Objection = no_objection,
) -> Order:
    """Read a `videoInference` task by its model's contract.

    `find_draft` gives the draft that an id names, among those the caller may use; `draw` gives the seed of a task
    without one; `objection` says why an address will not be called. Raises `Refused` with one fault for each thing to
    change; each names the task.
    """
    named = task.get("model")
    card = CARDS.get(named) if isinstance(named, str) else None
    shaped = shape(task, card)
    draft = _draft(shaped.task, card, find_draft)
    if card is None and draft is not None and shaped.task.model is None:
        card = CARDS[draft.order.model]
    frames, frame_faults = read_frames(shaped.task, card) if card else ((), [])
    closed = receivers_may_be_called(shaped.task, objection)
    broken = [*shaped.faults, *_broken_rules(shaped, card, draft, frames), *closed, *frame_faults]
    faults = [*task_uuid_faults(task), *(about_task(fault, task) for fault in broken)]
    if faults or card is None:
        raise Refused(list(dict.fromkeys(faults)))  # names that look alike after being made safe are one fault
    return _final(shaped.task, card, draft) if draft else _order(shaped.task, card, frames, draw)


def _draft(task: TaskShape, card: Card | None, find_draft: FindDraft) -> Draft | None:
    """The draft that the task finishes, if the model finishes drafts."""
    return find_draft(task.inputs.draftId or "") if _finishes_draft(task, card) else None


def _finishes_draft(task: TaskShape, card: Card | None) -> bool:
    return task.inputs.draftId is not None if card is None else finishes_draft(task, card)


def _broken_rules(
    shaped: Shaped, card: Card | None, draft: Draft | None, frames: tuple[FrameSource, ...]
) -> Iterator[Fault]:
    """What the rules find, in the order of the seeds."""
    task, spoiled = shaped.task, shaped.spoiled
    yield from found(RULES, spoiled, task)
    if card is not None:
        yield from found(MODEL_RULES, spoiled, task, card)
    if _finishes_draft(task, card):
        yield from found((draft_is_kept,), spoiled, draft)
    if draft is not None and not draft.expired:
        yield from found(DRAFT_RULES, spoiled, task, draft)
        yield from found((frames_are_the_drafts,), spoiled, frames, draft)


def _order(task: TaskShape, card: Card, frames: tuple[FrameSource, ...], draw: Callable[[], int]) -> Order:
    """The order of a task that makes its own video."""
    seconds = _seconds(task, card)
    settings = {**{name: setting.default for name, setting in card.settings.items()}, **task.providerSettings.sent}
    size, resolution = _size(task, card, bool(frames))
    return Order(
        task_uuid=task.taskUUID or "",
        model=card.model,
        prompt=task.positivePrompt or "",
        size=size,
        resolution=resolution,
        timing=card.timing(seconds),
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
        sound=bool(settings.pop("audio", False)),
        camera_fixed=bool(settings.pop("cameraFixed", False)),
        draft=bool(settings.pop("draft", False)),
        frames=frames,
        settings=settings,
    )


def _final(task: TaskShape, card: Card, draft: Draft) -> Order:
    """The order that finishes a draft: delivery as the task says, what is seen and heard as the draft says."""
    sizes = final_sizes(card, draft)
    resolution = task.resolution or card.final_resolution or card.frames_resolution
    if task.width is not None and task.height is not None:
        resolution = next(name for name, size in sizes.items() if size == Size(task.width, task.height))
    return replace(
        _order(task, card, draft.order.frames, lambda: draft.seed),
        prompt=draft.order.prompt,
        size=sizes[resolution],
        resolution=resolution,
        timing=draft.order.timing,
        duration=draft.order.duration,
        sound=draft.order.sound,
        camera_fixed=draft.order.camera_fixed,
        settings=draft.order.settings,
        draft_id=task.inputs.draftId,
    )


def _seconds(task: TaskShape, card: Card) -> float:
    if task.duration is None:
        return card.durations.default
    if isinstance(task.duration, str):
        return card.durations.auto or card.durations.default
    return as_meant(task.duration)


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
