"""From an order to a promise: inline pictures put away, task and takes committed together, whichever its wire."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from starlette.concurrency import run_in_threadpool

from vitascope.contract.catalog import CARDS
from vitascope.contract.image_rules import picture_faults, unknown_picture, unreachable_picture, unreadable_picture
from vitascope.contract.inputs import picture_file
from vitascope.contract.order import Form, FrameSource, Order
from vitascope.contract.pricing import possible_sizes, price, shown
from vitascope.contract.rates import PriceRule
from vitascope.errors import Fault, Refused, VitascopeError
from vitascope.service.pictures import Pictures, size_of
from vitascope.tasks.admission import Verdict
from vitascope.tasks.batching import Batcher
from vitascope.tasks.credit import billionths
from vitascope.tasks.ledger import NewTask

LONGEST_ECHO = 4000  # characters of a string kept in the record of a request; longer ones are inline pictures


class Submissions:
    """Accepts orders for accounts."""

    def __init__(
        self,
        commits: Batcher[NewTask, Verdict],
        pictures: Pictures,
        fetch_at_once: Callable[[str, int], bytes | None],
        pool_of: Callable[[str], str],
        rates: Mapping[str, PriceRule] | None = None,
    ) -> None:
        """`fetch_at_once` gives the picture at a URL if it is here, None if the worker is to fetch it.

        `pool_of` names the pool of workers that makes a model's takes; `rates` replaces the catalogue's.
        """
        self._commits = commits
        self._pictures = pictures
        self._fetch_at_once = fetch_at_once
        self._pool_of = pool_of
        self._rates = rates

    async def submit(self, account_id: str, order: Order, request: Mapping[str, Any]) -> None:
        """Promise an order; when this returns it is on disk. Raises Refused.

        `request` is what the client sent, in its wire's own words, for the record.
        """
        if order.frames:
            order = await run_in_threadpool(self._put_away, account_id, order)
        new = NewTask(
            account_id=account_id,
            task_uuid=order.task_uuid,
            model=order.model,
            pool=self._pool_of(order.model),
            request=_short(request),
            order=order.as_json(),
            seeds=[order.take_seed(number) for number in range(order.results)],
            price=billionths(dearest := self._dearest(order)),
            inputs=[source.value for source in order.frames if source.form is Form.STORED],
        )
        verdict = await self._commits.submit(new)
        if verdict is not Verdict.ACCEPTED:
            raise Refused([_refusal(verdict, dearest * order.results)])

    def _dearest(self, order: Order) -> Decimal:
        """The most that one take can cost, in USD: a size that a picture decides is taken as the dearest possible."""
        return max(price(order, size, self._rates) for size in possible_sizes(order))

    def _put_away(self, account_id: str, order: Order) -> Order:
        """Check inline pictures and keep them as files, so that the ledger holds keys; check that UUIDs are known."""
        faults: list[Fault] = []
        frames = []
        for index, source in enumerate(order.frames):
            parameter = f"inputs.frameImages.{index}"
            try:
                frames.append(self._put_one_away(account_id, order, source, parameter))
            except Refused as refused:
                faults.extend(refused.faults)
        if faults:
            raise Refused(faults)
        return replace(order, frames=tuple(frames))

    def _put_one_away(self, account_id: str, order: Order, source: FrameSource, parameter: str) -> FrameSource:
        if source.form is Form.URL:
            data = self._at(source.value, CARDS[order.model].pictures.most_bytes, parameter)
            if data is None:
                return source
            key: str | None = self._store(account_id, order, data, parameter)
        elif source.form is Form.STORED:  # from a draft
            key = source.value if self._pictures.is_kept(account_id, source.value) else None
        elif source.form is Form.UUID:
            key = self._pictures.uploaded(account_id, source.value)
        else:
            key = self._store(account_id, order, picture_file(source), parameter)
        if key is None:
            raise Refused([unknown_picture(parameter)])
        return replace(source, form=Form.STORED, value=key)

    def _at(self, url: str, most_bytes: int, parameter: str) -> bytes | None:
        try:
            return self._fetch_at_once(url, most_bytes)
        except VitascopeError as error:
            raise Refused([unreachable_picture(parameter, str(error))]) from error

    def _store(self, account_id: str, order: Order, data: bytes, parameter: str) -> str:
        size = size_of(data)
        if size is None:
            raise Refused([unreadable_picture(parameter)])
        faults = picture_faults(CARDS[order.model], size, len(data), parameter)
        if faults:
            raise Refused(faults)
        return self._pictures.store(account_id, data)


def _refusal(verdict: Verdict, cost: Decimal) -> Fault:
    if verdict is Verdict.REPEATED:
        message = "A task with this taskUUID was sent before. Use a new taskUUID, or getResponse to ask for that one."
        return Fault("conflictTaskUUID", message, "taskUUID", "string")
    if verdict is Verdict.NO_CREDIT:
        message = (
            f"This task can cost up to {shown(cost)} USD, which is more than this account's credit that is not set "
            "aside for its unfinished tasks. Add credit, wait for them, or ask for less."
        )
        return Fault("insufficientCredits", message)
    message = "Too many tasks are waiting. Send this one again, with the same taskUUID, when some have finished."
    return Fault("queueRateLimitExceeded", message)


def _short(value: Any) -> Any:
    """A request as the ledger records it: inline pictures are named by their length, numbers that are none by null."""
    if isinstance(value, Mapping):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_short(item) for item in value]
    if isinstance(value, str) and len(value) > LONGEST_ECHO:
        return f"{value[:40]}... ({len(value)} characters)"
    return None if isinstance(value, float) and not math.isfinite(value) else value
