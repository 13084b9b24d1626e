"""Who is to be told of a take's end: from the order to the rows that the transaction of the ending writes."""

from __future__ import annotations

from vitascope.contract.order import Order
from vitascope.tasks.deliveries import Delivery


def deliveries(order: Order, take_id: str, uploaded: bool) -> list[Delivery]:
    """The receivers of one take: its webhook, and if it has a file (`uploaded`) its upload endpoint."""
    wanted = [("upload", order.upload_endpoint if uploaded else None), ("webhook", order.webhook_url)]
    return [Delivery(f"{take_id}-{kind}", take_id, kind, url) for kind, url in wanted if url]
