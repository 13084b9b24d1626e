"""Who is to be told of a take's end: from the order to the rows that the transaction of the ending writes."""

from __future__ import annotations

from vitascope.contract.inputs import address_of_result
from vitascope.contract.order import Order
from vitascope.tasks.deliveries import Delivery


def deliveries(order: Order, take_id: str, uploaded: bool) -> list[Delivery]:
    """The receivers of one take: its webhook, and if it has a file (`uploaded`) its upload endpoint."""
    endpoint = address_of_result(order.upload_endpoint, take_id) if order.upload_endpoint and uploaded else None
    wanted = [("upload", endpoint), ("webhook", order.webhook_url)]
    return [Delivery(f"{take_id}-{kind}", take_id, kind, url) for kind, url in wanted if url]
