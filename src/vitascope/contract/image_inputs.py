"""Frame images in every form and spelling that clients send: which picture is which frame of the clip.

A position that is not given is distributed: pictures with a position take theirs, the others take what is left in the
order first, last. `0` and `-1` also pass as the strings "0" and "-1", which some form fields send.
"""

from __future__ import annotations

from collections.abc import Sequence

from vitascope.contract.catalog import Card
from vitascope.contract.faults import invalid, missing, one_of, unsupported
from vitascope.contract.image_rules import file_size_fault
from vitascope.contract.inputs import FEWEST_BASE64_CHARACTERS
from vitascope.contract.order import FrameSource
from vitascope.contract.shapes import TaskShape
from vitascope.contract.wire import SentImage, sent_images
from vitascope.errors import Fault
from vitascope.values import Position

FRAME_NAMES: dict[Position, tuple[str | int, ...]] = {Position.FIRST: ("first", 0), Position.LAST: ("last", -1)}
"""How each position is written: by word or by index."""

POSITIONS: dict[str | int, Position] = {
    name: position for position, names in FRAME_NAMES.items() for name in (*names, *map(str, names))
}


def read_frames(task: TaskShape, card: Card) -> tuple[tuple[FrameSource, ...], list[Fault]]:
    """The frame images of a task in the order they were sent, or none and everything that is wrong with them."""
    images, faults = sent_images(task, card)
    if not images and not faults:
        return (), []
    faults += too_many_frames(images, card) or [fault for image in images for fault in _image_faults(image, card)]
    faults += one_picture_per_frame(images, card)
    return ((), faults) if faults else (_distributed(images, card), [])


def too_many_frames(items: Sequence[SentImage], card: Card) -> list[Fault]:
    """inputs.frameImages: max items of the model."""
    if len(items) <= card.max_frames:
        return []
    path = items[0].path.rpartition(".")[0]
    count = "one frame image" if card.max_frames == 1 else f"at most {card.max_frames} frame images"
    return [Fault("arrayTooLarge", f"Send {count}: {card.title} takes no more.", path, "array")]


def _image_faults(item: SentImage, card: Card) -> list[Fault]:
    return [*image_has_a_known_form(item, card), *frame_is_one_of_the_model(item, card)]


def image_has_a_known_form(item: SentImage, card: Card) -> list[Fault]:
    """Image input: UUID, URL, data URI or Base64; required; within the size limit when it is in the request."""
    if item.image is None:
        return [missing(item.image_path, "string", f"Add {item.image_path}: a UUID, a URL, a data URI or Base64.")]
    if item.recognised is None:
        message = (
            f"Send {item.image_path} as the UUID (version 4) of an uploaded image, an http(s) URL, a data URI "
            f"(data:image/png;base64,...) or plain Base64 of at least {FEWEST_BASE64_CHARACTERS} characters."
        )
        return [invalid(item.image_path, "string", message)]
    return file_size_fault(card, item.recognised.byte_count, item.image_path)


def frame_is_one_of_the_model(item: SentImage, card: Card) -> list[Fault]:
    """frame: allowed values first, 0 and, where the model takes a last frame, last, -1."""
    if item.frame is None or POSITIONS.get(item.frame) in card.positions:
        return []
    path = f"{item.path}.frame"
    allowed = [name for position in card.positions for name in FRAME_NAMES[position]]
    return [unsupported(path, "string|integer", f"Set {path} to {one_of(allowed)} for {card.title}.", allowed)]


def one_picture_per_frame(items: Sequence[SentImage], card: Card) -> list[Fault]:
    """Each frame of the clip can be given once."""
    taken: set[Position] = set()
    faults = []
    for item in items[: card.max_frames]:
        position = None if item.frame is None else POSITIONS.get(item.frame)
        if position in taken:
            message = f"Send one image for the {position} frame: another one of this task is there already."
            faults.append(Fault("duplicateFrame", message, f"{item.path}.frame", "string|integer"))
        elif position is not None:
            taken.add(position)
    return faults


def _distributed(items: Sequence[SentImage], card: Card) -> tuple[FrameSource, ...]:
    """1 image: the first frame; 2 images: the first and the last; those with a named frame are placed before."""
    places = {item.path: POSITIONS[item.frame] for item in items if item.frame is not None}
    free = [position for position in card.positions if position not in places.values()]
    places |= dict(zip((item.path for item in items if item.frame is None), free, strict=False))
    return tuple(
        FrameSource(places[item.path], item.recognised.form, item.image)
        for item in items
        if item.recognised is not None and item.image is not None
    )
