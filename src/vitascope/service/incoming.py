"""The frame images of a task on their way in: each checked whole, then kept as a file, and let go if it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import TypeVar

from vitascope.contract.catalog import CARDS
from vitascope.contract.image_rules import picture_faults, unknown_picture, unreadable_picture
from vitascope.contract.inputs import picture_file
from vitascope.contract.order import Form, FrameSource, Order
from vitascope.errors import Fault, Refused
from vitascope.media.decoding import Decoders
from vitascope.media.kinds import UnreadablePicture
from vitascope.service.pictures import Pictures

AT_ONCE = 4  # tasks of one account whose pictures are looked at or stored at the same time
INLINE = (Form.DATA_URI, Form.BASE64)

Answer = TypeVar("Answer")


class Incoming:
    """Checks and keeps the pictures of orders, in threads of its own."""

    def __init__(self, pictures: Pictures, decoders: Decoders, desk: Executor) -> None:
        self._pictures = pictures
        self._decoders = decoders
        self._desk = desk
        self._turns: dict[str, asyncio.Semaphore] = {}

    async def check(self, account_id: str, order: Order) -> None:
        """Decode inline pictures whole, and look for those that are named by a UUID. Raises Refused."""
        await self._run(account_id, lambda: self._check(account_id, order))

    async def keep(self, account_id: str, order: Order) -> Order:
        """Keep inline pictures as files, so that the ledger holds keys. Raises Refused for one that has gone."""
        return await self._run(account_id, lambda: self._keep(account_id, order))

    async def drop(self, account_id: str, order: Order, kept: Order) -> None:
        """Let go of the files that were kept for an order that was not accepted."""
        pairs = zip(order.frames, kept.frames, strict=True)
        keys = [after.value for before, after in pairs if before.form in INLINE]
        if keys:
            await self._run(account_id, lambda: self._pictures.drop(account_id, keys))

    async def _run(self, account_id: str, work: Callable[[], Answer]) -> Answer:
        async with self._turns.setdefault(account_id, asyncio.Semaphore(AT_ONCE)):
            return await asyncio.get_running_loop().run_in_executor(self._desk, work)

    def _check(self, account_id: str, order: Order) -> None:
        faults: list[Fault] = []
        for index, source in enumerate(order.frames):
            faults += self._faults(account_id, order, source, f"inputs.frameImages.{index}")
        if faults:
            raise Refused(faults)

    def _faults(self, account_id: str, order: Order, source: FrameSource, parameter: str) -> Sequence[Fault]:
        if source.form is Form.URL:
            return []
        key = None if source.form in INLINE else self._key(account_id, source)
        if source.form not in INLINE and key is None:
            return [unknown_picture(parameter)]
        if source.form is Form.STORED:
            return []  # looked at for its draft
        data = picture_file(source) if key is None else self._pictures.read(key)
        try:
            # Its sides first: what is refused for them need not be decoded.
            faults = picture_faults(CARDS[order.model], self._decoders.look(data), len(data), parameter)
            if not faults and source.form in INLINE:
                self._decoders.whole(data)
        except UnreadablePicture as error:
            return [unreadable_picture(parameter, str(error))]
        return faults

    def _keep(self, account_id: str, order: Order) -> Order:
        frames = []
        for index, source in enumerate(order.frames):
            if source.form in INLINE:
                key: str | None = self._pictures.store(account_id, picture_file(source))
            else:
                key = source.value if source.form is Form.URL else self._key(account_id, source)
            if key is None:
                raise Refused([unknown_picture(f"inputs.frameImages.{index}")])
            frames.append(source if source.form is Form.URL else replace(source, form=Form.STORED, value=key))
        return replace(order, frames=tuple(frames))

    def _key(self, account_id: str, source: FrameSource) -> str | None:
        """The key of a picture that is kept already; None if it has gone."""
        if source.form is Form.STORED:  # from a draft
            return source.value if self._pictures.is_kept(account_id, source.value) else None
        return self._pictures.uploaded(account_id, source.value)
