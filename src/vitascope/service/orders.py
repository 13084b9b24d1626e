"""From the ledger's record of a task to the order in it: the one place where that is read."""

from __future__ import annotations

from vitascope.contract.order import Order
from vitascope.errors import RecordUnreadable
from vitascope.tasks.ledger import TaskRecord


def order_of(task: TaskRecord) -> Order:
    """The order that a task was accepted with. Raises RecordUnreadable."""
    if not task.readable:
        raise RecordUnreadable
    try:
        return Order.from_json(task.order)
    except ValueError:  # whose message would quote the order
        raise RecordUnreadable from None
