"""One take as its owner sees it: the item of a poll's answer, which is also the body of its webhook."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from vitascope.contract.order import Order
from vitascope.contract.reply import failure, processing, success
from vitascope.delivery.links import Links
from vitascope.errors import Fault
from vitascope.tasks.ledger import TakeRecord, TaskRecord
from vitascope.tasks.states import TakeState

Item = dict[str, Any]

ERRORS = "docs/errors"
"""Where this server shows what its error codes mean."""


def documented(item: Item, page: str) -> Item:
    """An error item with the place that explains its code; `page` is the URL of the page of errors."""
    return {**item, "documentation": f"{page}#{item['code']}"}


def take_item(order: Order, take: TakeRecord, links: Links) -> Item:
    """The wire's item for one take, whatever its state. Also the body of its webhook."""
    if take.state is TakeState.FAILED:
        assert take.fault is not None
        return documented(failure(Fault.from_item(take.fault), order.task_uuid), links.page(ERRORS))
    if take.state is not TakeState.SUCCESS:
        return processing(order.task_uuid, take.progress)
    assert take.file_key is not None and take.expires_at is not None
    return success(
        order.task_uuid,
        video_uuid=take.id,
        video_url=links.sign(take.file_key, take.expires_at),
        seed=take.seed,
        cost=Decimal(take.cost or 0) if order.include_cost else None,
        draft_id=take.draft_id,
        nsfw=take.flagged,
    )


def task_items(task: TaskRecord, links: Links) -> tuple[list[Item], list[Item]]:
    """(data items, error items) for all takes of a task, in their order."""
    order = Order.from_json(task.order)
    items = [(take.state, take_item(order, take, links)) for take in task.takes]
    data = [item for state, item in items if state is not TakeState.FAILED]
    return data, [item for state, item in items if state is TakeState.FAILED]
