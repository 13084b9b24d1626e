"""From an order to a promise: its pictures checked and kept, task and takes committed together, whichever its wire."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from vitascope.contract.image_rules import unknown_picture
from vitascope.contract.order import Form, Order
from vitascope.contract.pricing import possible_sizes, price, shown
from vitascope.contract.rates import PriceRule
from vitascope.errors import Fault, Refused
from vitascope.service.incoming import Incoming
from vitascope.service.pictures import TRIES
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
        incoming: Incoming,
        pool_of: Callable[[str], str],
        rates: Mapping[str, PriceRule] | None = None,
    ) -> None:
        """`pool_of` names the pool of workers that makes a model's takes; `rates` replaces the catalogue's."""
        self._commits = commits
        self._incoming = incoming
        self._pool_of = pool_of
        self._rates = rates

    async def submit(self, account_id: str, order: Order, request: Mapping[str, Any]) -> None:
        """Promise an order; when this returns it is on disk. Raises Refused.

        `request` is what the client sent, in its wire's own words, for the record. Of a task that is refused nothing
        is kept: it is first asked whether it would be accepted, then its pictures are stored, then it is promised, and
        if that fails all the same they are removed.
        """
        short = _short(request)
        if not order.frames:
            await self._promise(account_id, order, short)
            return
        await self._promise(account_id, order, short, only_asked=True)
        await self._incoming.check(account_id, order)
        for _ in range(TRIES):
            kept = await self._incoming.keep(account_id, order)
            try:
                if await self._promise(account_id, kept, short):
                    return
            except Refused:
                await self._incoming.drop(account_id, order, kept)
                raise
        raise Refused([unknown_picture("inputs.frameImages")])

    async def _promise(self, account_id: str, order: Order, request: Any, only_asked: bool = False) -> bool:
        """False if a picture that the order needs has been removed meanwhile. Raises Refused."""
        new = NewTask(
            account_id=account_id,
            task_uuid=order.task_uuid,
            model=order.model,
            pool=self._pool_of(order.model),
            request=request,
            order={} if only_asked else order.as_json(),
            seeds=[order.take_seed(number) for number in range(order.results)],
            price=billionths(dearest := self._dearest(order)),
            inputs=[source.value for source in order.frames if source.form is Form.STORED],
            only_asked=only_asked,
        )
        verdict = await self._commits.submit(new)
        if verdict not in (Verdict.ACCEPTED, Verdict.PICTURE_GONE):
            raise Refused([_refusal(verdict, dearest * order.results)])
        return verdict is Verdict.ACCEPTED

    def _dearest(self, order: Order) -> Decimal:
        """The most that one take can cost, in USD: a size that a picture decides is taken as the dearest possible."""
        return max(price(order, size, self._rates) for size in possible_sizes(order))


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
