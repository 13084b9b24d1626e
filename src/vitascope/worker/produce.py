"""The way of one take: pictures fetched and fitted, the shot planned, drawn, screened, encoded. No queue, no database.

The worker and the command line both call `produce`, so a clip made without a server is the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vitascope.contract.catalog import CARDS
from vitascope.contract.image_rules import picture_faults, unreachable_picture, unreadable_picture
from vitascope.contract.order import FrameSource, Order
from vitascope.contract.pricing import resolve_size
from vitascope.engines.protocol import Control, Engine, Facts
from vitascope.errors import EngineFailed, Refused, VitascopeError
from vitascope.media.encode import Encoded, encode
from vitascope.media.fit import load
from vitascope.media.images import UnreadablePicture, look
from vitascope.safety.screen import Screen
from vitascope.values import Clip, Frames, Picture, Position, Reading, Shot, Size

FetchPicture = Callable[[FrameSource], bytes]
"""Gets a frame image's file. Raises VitascopeError if it cannot be had."""

TITLE_LENGTH = 200  # characters of the prompt
TRIES = 2  # an engine whose process died is asked once more


@dataclass(frozen=True, slots=True)
class Produced:
    """A finished take on disk: its size, what the encoder wrote, and what was noticed on the way.

    `plan` is the engine's own sentence about what it was going to do.
    """

    size: Size
    encoded: Encoded
    flagged: bool | None
    reading: Reading | None
    plan: str


def plan_shot(order: Order, seed: int, fetch: FetchPicture) -> Shot:
    """Fetch and check the frame images and resolve everything an engine must know.

    Raises Refused with one fault for each thing wrong with the pictures.
    """
    files = [(source, *_open(order, index, source, fetch)) for index, source in enumerate(order.frames)]
    first = next((size for source, _, size in files if source.position is Position.FIRST), None)
    reference = first or next((size for _, _, size in files), None)
    size = resolve_size(order, reference)
    fitted = {source.position: _fit(data, size, index) for index, (source, data, _) in enumerate(files)}
    return Shot(
        prompt=order.prompt,
        size=size,
        timing=order.timing,
        seed=seed,
        effort=CARDS[order.model].effort,
        sound=order.sound,
        camera_fixed=order.camera_fixed,
        first=fitted.get(Position.FIRST),
        last=fitted.get(Position.LAST),
    )


def _open(order: Order, index: int, source: FrameSource, fetch: FetchPicture) -> tuple[bytes, Size]:
    """One picture's file and its oriented size. Raises Refused naming the parameter."""
    parameter = f"inputs.frameImages.{index}"
    try:
        data = fetch(source)
        size = look(data)
    except UnreadablePicture as error:
        raise Refused([unreadable_picture(parameter)]) from error
    except VitascopeError as error:
        raise Refused([unreachable_picture(parameter, str(error))]) from error
    faults = picture_faults(CARDS[order.model], size, len(data), parameter)
    if faults:
        raise Refused(faults)
    return data, size


def _fit(data: bytes, size: Size, index: int) -> Picture:
    """One picture at the size of the clip. Raises Refused for a file that breaks off after a good beginning."""
    try:
        return load(data, size)
    except UnreadablePicture as error:
        raise Refused([unreadable_picture(f"inputs.frameImages.{index}")]) from error


def produce(
    order: Order,
    seed: int,
    engine: tuple[Engine, Facts],
    fetch: FetchPicture,
    path: Path,
    control: Control,
    *,
    titled: bool = False,
) -> Produced:
    """Make one take into the file `path`. Raises Refused, TakeFailed or a kin of it; then no file is left.

    Only a `titled` file tells what was asked for.
    """
    shot = plan_shot(order, seed, fetch)
    for attempt in range(1, TRIES + 1):
        try:
            return _draw(order, shot, engine, path, control, titled)
        except EngineFailed:
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _draw(
    order: Order, shot: Shot, engine: tuple[Engine, Facts], path: Path, control: Control, titled: bool
) -> Produced:
    maker, facts = engine
    clip = maker.generate(shot, control)
    screen = Screen(order.safety.value, shot.timing.frames, shot.prompt)
    screened = Clip(clip.size, clip.timing, _watched(clip, screen), clip.sound, clip.reading)
    notes = {"comment": f"Made by Vitascope, engine {facts.name} ({facts.kind})"}
    if titled:
        notes["title"] = shot.prompt[:TITLE_LENGTH]
        notes["comment"] += f", model {order.model}, seed {shot.seed}"
    encoded = encode(screened, order.container, order.quality, path, notes=notes, effort=shot.effort)
    return Produced(shot.size, encoded, screen.verdict, clip.reading, clip.plan)


def _watched(clip: Clip, screen: Screen) -> Iterator[Frames]:
    try:
        for chunk in clip.chunks:
            screen.look(chunk)
            yield chunk
    finally:
        clip.close()
