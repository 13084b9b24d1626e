"""The frame images of a task on their way in: each checked whole, then kept as a file, and let go if it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import TypeVar

from vitascope.contract.catalog import CARDS
from vitascope.contract.image_rules import picture_faults, unknown_picture, unreachable_picture, unreadable_picture
from vitascope.contract.inputs import picture_file
from vitascope.contract.order import Form, FrameSource, Order
from vitascope.errors import Fault, Refused, VitascopeError
from vitascope.media.decoding import Decoders
from vitascope.media.kinds import UnreadablePicture
from vitascope.service.pictures import Pictures

AT_ONCE = 4  # tasks of one account whose pictures are looked at or stored at the same time
BROUGHT = (Form.DATA_URI, Form.BASE64, Form.URL)
"""The forms of pictures that are not kept yet."""

Answer = TypeVar("Answer")


class Incoming:
    """Checks and keeps the pictures of orders, in threads of its own."""

    def __init__(
        self, pictures: Pictures, decoders: Decoders, fetch_at_once: Callable[[str, int], bytes | None], desk: Executor
    ) -> None:
        """`fetch_at_once` gives the picture at a URL if it is here, None if the worker is to fetch it."""
        self._pictures = pictures
        self._decoders = decoders
        self._fetch_at_once = fetch_at_once
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
        keys = [after.value for before, after in pairs if after.form is Form.STORED and before.form in BROUGHT]
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
        if source.form in BROUGHT:
            try:
                data = self._brought(order, source)
            except VitascopeError as error:
                return [unreachable_picture(parameter, str(error))]
            if data is None:
                return []
        else:
            key = self._key(account_id, source)
            if key is None:
                return [unknown_picture(parameter)]
            if source.form is Form.STORED:
                return []  # looked at for its draft
            data = self._pictures.read(key)
        try:
            # Its sides first: what is refused for them need not be decoded.
            faults = picture_faults(CARDS[order.model], self._decoders.look(data), len(data), parameter)
            if not faults and source.form in BROUGHT:
                self._decoders.whole(data)
        except UnreadablePicture as error:
            return [unreadable_picture(parameter, str(error))]
        return faults

    def _keep(self, account_id: str, order: Order) -> Order:
        frames = []
        for index, source in enumerate(order.frames):
            if source.form in BROUGHT:
                data = self._brought(order, source)
                if data is None:
                    frames.append(source)
                    continue
                key: str | None = self._pictures.store(account_id, data)
            else:
                key = self._key(account_id, source)
            if key is None:
                raise Refused([unknown_picture(f"inputs.frameImages.{index}")])
            frames.append(replace(source, form=Form.STORED, value=key))
        return replace(order, frames=tuple(frames))

    def _brought(self, order: Order, source: FrameSource) -> bytes | None:
        """The file of a picture that comes with the order; None for one that the worker is to fetch."""
        if source.form is Form.URL:
            return self._fetch_at_once(source.value, CARDS[order.model].pictures.most_bytes)
        return picture_file(source)

    def _key(self, account_id: str, source: FrameSource) -> str | None:
        """The key of a picture that is kept already; None if it has gone."""
        if source.form is Form.STORED:  # from a draft
            return source.value if self._pictures.is_kept(account_id, source.value) else None
        return self._pictures.uploaded(account_id, source.value)
