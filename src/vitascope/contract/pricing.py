"""From an accepted order to numbers: the size of its video and the price of one take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from vitascope.contract.catalog import CARDS, Card
from vitascope.contract.order import Order
from vitascope.contract.rates import PriceRule
from vitascope.errors import SetupError
from vitascope.values import Size

RATIO_WITHOUT_PICTURE = "16:9"


def nearest_size(card: Card, resolution: str, ratio: float) -> Size:
    """The size of this resolution whose ratio is nearest; portrait and landscape are treated alike (by logarithm)."""
    return min(card.sizes[resolution].values(), key=lambda size: abs(math.log(size.ratio / ratio)))


def resolve_size(order: Order, first_picture: Size | None) -> Size:
    """The size of the order's video. A size in the order wins; otherwise the first image's ratio decides.

    `first_picture` is the size of the order's first frame image as it is shown (after EXIF orientation). Raises
    ValueError when the order waits for a picture and none is given.
    """
    if order.size is not None:
        return order.size
    if first_picture is None or order.resolution is None:
        raise ValueError("the size of this order depends on its frame image")
    return nearest_size(CARDS[order.model], order.resolution, first_picture.ratio)


def possible_sizes(order: Order) -> tuple[Size, ...]:
    """Every size that the order's video can have: one, unless a frame image has yet to be seen."""
    if order.size is not None:
        return (order.size,)
    return tuple(CARDS[order.model].sizes[order.resolution or ""].values())


def price(order: Order, size: Size, rates: Mapping[str, PriceRule] | None = None) -> Decimal:
    """Exact USD for one take of this size. `rates` replaces the catalogue's for the models that it names."""
    rule = (rates or {}).get(order.model, CARDS[order.model].price)
    return rule.of_take(size, order.timing.frames, order.sound, order.draft)


def own_rates(by_model: Mapping[str, float]) -> dict[str, PriceRule]:
    """An operator's rates (with sound, where a model has it) as price rules; the rest stays in proportion.

    Raises SetupError for a model that is not in the catalogue and for a negative rate.
    """
    rates = {}
    for model, usd in by_model.items():
        card = CARDS.get(model)
        if card is None or not usd >= 0:
            raise SetupError(f"The setting rates has {model} = {usd}: name models of the catalogue, with rates from 0.")
        rates[model] = card.price.at(Decimal(str(usd)))
    return rates


def shown(cost: Decimal) -> float:
    """A price as replies show it: USD with five decimals."""
    return float(cost.quantize(Decimal("0.00001"), ROUND_HALF_UP))
