"""`vitascope models`: the contracts of the catalogue side by side, and which engine serves each."""

from __future__ import annotations

from collections.abc import Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from vitascope.cli.options import ENGINE
from vitascope.contract.catalog import CARDS, Card
from vitascope.contract.pricing import own_rates
from vitascope.contract.rates import PriceRule
from vitascope.engines.registry import facts_of
from vitascope.settings import Settings


def models(engine: str | None = ENGINE) -> None:
    """List the contracts: what each accepts and costs, and which engine serves it."""
    settings = Settings() if engine is None else Settings(engine=engine)
    facts = {model: facts_of(settings.engine_of(model)) for model in CARDS}
    engines = {model: f"{each.name} ({each.kind})" for model, each in facts.items()}
    show_models(engines, own_rates(settings.rates))


def show_models(
    engines: Mapping[str, str], rates: Mapping[str, PriceRule] | None = None, console: Console | None = None
) -> None:
    """Print one column a model.

    `engines` maps model ids to the words for the engine that serves them; `rates` replaces the catalogue's prices.
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for card in CARDS.values():
        table.add_column(card.title, width=max(len(card.model), 16))
    for name, values in model_rows(engines, rates):
        table.add_row(name, *values)
    (console or Console()).print(table)


def model_rows(engines: Mapping[str, str], rates: Mapping[str, PriceRule] | None = None) -> list[tuple[str, list[str]]]:
    """The table's rows: what is told, and the text for each model in the catalogue's order."""
    cards = list(CARDS.values())
    return [
        ("model", [card.model for card in cards]),
        ("engine", [engines.get(card.model, "none") for card in cards]),
        ("resolutions", [", ".join(card.sizes) for card in cards]),
        ("ratios", [", ".join(next(iter(card.sizes.values()))) for card in cards]),
        ("seconds", [_seconds(card) for card in cards]),
        ("frame images", [", ".join(card.positions) for card in cards]),
        ("sound", ["yes" if card.has_sound else "no" for card in cards]),
        ("drafts", [f"at {card.draft_resolution}" if card.draft_resolution else "no" for card in cards]),
        _prices(cards, rates or {}),
    ]


def _seconds(card: Card) -> str:
    rule = card.durations
    text = f"{rule.shortest} to {rule.longest}" + (", whole" if rule.whole else "")
    return text if rule.auto is None else f"{text}, or auto"


def _prices(cards: list[Card], rates: Mapping[str, PriceRule]) -> tuple[str, list[str]]:
    """The row of prices: under their unit, or each with its own where the models differ."""
    rules = [rates.get(card.model, card.price) for card in cards]
    texts = [rule.in_words(card.has_sound) for rule, card in zip(rules, cards, strict=True)]
    units = [rule.unit for rule in rules]
    if len(set(units)) == 1:
        return units[0], texts
    return "price", [f"{text} {unit}" for text, unit in zip(texts, units, strict=True)]
