"""What a take costs: a rule for each card, a value that turns size, frames, sound and draft into exact USD."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from vitascope.values import Size

PIXELS_PER_TOKEN = 1024
TOKENS_PER_RATE = Decimal(1_000_000)


class PriceRule(Protocol):
    """How the price of one take is found."""

    @property
    def unit(self) -> str:
        """What the numbers of `in_words` count: "USD/M tokens"."""
        ...

    def of_take(self, size: Size, frames: int, sound: bool, draft: bool) -> Decimal:
        """Exact USD for one take."""
        ...

    def at(self, usd: Decimal) -> PriceRule:
        """The same rule at an operator's own rate, in `unit`; what else it tells apart stays in proportion."""
        ...

    def in_words(self, has_sound: bool) -> str:
        """The rates for people; `has_sound` says whether the model makes sound."""
        ...


@dataclass(frozen=True, slots=True)
class TokenRates:
    """USD per million tokens without and with sound; drafts cost `draft_factor` of that.

    A token is 1024 pixels of one frame: tokens = floor(width x height x frames / 1024). The seeds' replies agree with
    it to the last digit when the frames are those really delivered (24 a second and one more).
    """

    silent: Decimal
    sound: Decimal
    draft_factor: Decimal = Decimal(1)

    @property
    def unit(self) -> str:
        """What the rates count."""
        return "USD/M tokens"

    def of_take(self, size: Size, frames: int, sound: bool, draft: bool) -> Decimal:
        """Exact USD for one take."""
        rate = (self.sound if sound else self.silent) * (self.draft_factor if draft else 1)
        return tokens(size, frames) * rate / TOKENS_PER_RATE

    def at(self, usd: Decimal) -> TokenRates:
        """The same proportions with `usd` as the rate with sound."""
        return replace(self, silent=usd * self.silent / self.sound, sound=usd)

    def in_words(self, has_sound: bool) -> str:
        """The rates for people."""
        if not has_sound:
            return str(self.silent)
        return f"{self.sound} with sound, {self.silent} without; drafts x {self.draft_factor}"


def tokens(size: Size, frames: int) -> int:
    """Whole tokens of a video."""
    return size.width * size.height * frames // PIXELS_PER_TOKEN
