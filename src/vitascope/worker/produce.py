"""The way of one take: pictures fetched and fitted, the shot planned, drawn, screened, encoded. No queue, no database.

The worker and the command line both call `produce`, so a clip made without a server is the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from vitascope.contract.catalog import CARDS
from vitascope.contract.image_rules import picture_faults, unreachable_picture, unreadable_picture
from vitascope.contract.order import FrameSource, Order
from vitascope.contract.pricing import resolve_size
from vitascope.engines.protocol import Control, Engine, Facts, check
from vitascope.errors import EngineFailed, Refused, VitascopeError
from vitascope.media.decoding import Decoders
from vitascope.media.encode import Encoded, encode
from vitascope.media.kinds import UnreadablePicture
from vitascope.safety.screen import Detector, Screen
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


@dataclass(frozen=True, slots=True)
class Tools:
    """What every take is made with: what decodes pictures, and what looks at frames if an order wants them checked.

    Only a `titled` file tells what was asked for.
    """

    decoders: Decoders
    detector: Detector
    titled: bool = False


def plan_shot(order: Order, seed: int, fetch: FetchPicture, decoders: Decoders, control: Control) -> Shot:
    """Fetch and check the frame images and resolve everything an engine must know.

    Raises Refused with one fault for each thing wrong with the pictures, Cancelled while they are decoded.
    """
    files = [
        (source, *_open(order, index, source, fetch, decoders, control)) for index, source in enumerate(order.frames)
    ]
    first = next((size for source, _, size in files if source.position is Position.FIRST), None)
    reference = first or next((size for _, _, size in files), None)
    size = resolve_size(order, reference)
    fitted = {
        source.position: _fit(data, size, index, decoders, control) for index, (source, data, _) in enumerate(files)
    }
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


def _open(
    order: Order, index: int, source: FrameSource, fetch: FetchPicture, decoders: Decoders, control: Control
) -> tuple[bytes, Size]:
    """One picture's file and its oriented size. Raises Refused naming the parameter."""
    parameter = f"inputs.frameImages.{index}"
    try:
        data = fetch(source)
    except VitascopeError as error:
        raise Refused([unreachable_picture(parameter, str(error))]) from error
    try:
        size = decoders.look(data, partial(check, control))
    except UnreadablePicture as error:
        raise Refused([unreadable_picture(parameter, str(error))]) from error
    faults = picture_faults(CARDS[order.model], size, len(data), parameter)
    if faults:
        raise Refused(faults)
    return data, size


def _fit(data: bytes, size: Size, index: int, decoders: Decoders, control: Control) -> Picture:
    """One picture at the size of the clip. Raises Refused for a file that breaks off after a good beginning."""
    try:
        pixels = decoders.fit(data, size, partial(check, control))
    except UnreadablePicture as error:
        raise Refused([unreadable_picture(f"inputs.frameImages.{index}", str(error))]) from error
    return np.frombuffer(pixels, np.uint8).reshape(size.height, size.width, 3)


def produce(
    order: Order,
    seed: int,
    engine: tuple[Engine, Facts],
    fetch: FetchPicture,
    tools: Tools,
    path: Path,
    control: Control,
) -> Produced:
    """Make one take into the file `path`. Raises Refused, TakeFailed or a kin of it; then no file is left."""
    shot = plan_shot(order, seed, fetch, tools.decoders, control)
    for attempt in range(1, TRIES + 1):
        try:
            return _draw(order, shot, engine, tools, path, control)
        except EngineFailed:
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _draw(
    order: Order, shot: Shot, engine: tuple[Engine, Facts], tools: Tools, path: Path, control: Control
) -> Produced:
    maker, facts = engine
    clip = maker.generate(shot, control)
    screen = Screen(order.safety.value, shot.timing.frames, tools.detector, shot.prompt)
    screened = Clip(clip.size, clip.timing, _watched(clip, screen), clip.sound, clip.reading)
    notes = {"comment": f"Made by Vitascope, engine {facts.name} ({facts.kind})"}
    if tools.titled:
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
