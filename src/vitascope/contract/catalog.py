"""The three contracts as data: one card per model id, with every size, bound, default and rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from vitascope.values import Effort, Position, Size

PROVIDER = "bytedance"
TASK_TYPE = "videoInference"

Sizes: TypeAlias = Mapping[str, Mapping[str, Size]]
"""Resolution ("480p") -> aspect ratio ("16:9") -> size."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number's bounds, both included, and the value that is used when none is sent (0 where there is none)."""

    least: int
    most: int
    default: int = 0


@dataclass(frozen=True, slots=True)
class Durations:
    """The lengths a model makes, in seconds: `shortest` to `longest` in steps of `step`.

    `auto` is the length that the word "auto" stands for, None where the model does not know the word.
    """

    shortest: Decimal
    longest: Decimal
    step: Decimal
    default: float
    auto: float | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """USD per million tokens without and with sound; drafts cost `draft_factor` of that."""

    silent: Decimal
    sound: Decimal
    draft_factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a frame image must keep to: pixels per side, width / height, and bytes of the file."""

    shortest_side: int = 300
    longest_side: int = 6000
    narrowest: float = 0.4
    widest: float = 2.5
    most_bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Card:
    """One contract: what one model id accepts, what it does by default and what it costs.

    `frames_resolution` is used when frame images alone are sent. `settings` are the provider settings the model
    has, with their defaults. `draft_resolution` is the one that drafts are made at, None for a model without drafts;
    `final_resolution` is what a draft is finished at unless the task says otherwise.
    """

    model: str
    title: str
    sizes: Sizes
    frames_resolution: str
    durations: Durations
    positions: tuple[Position, ...]
    settings: Mapping[str, bool]
    rates: Rates
    effort: Effort
    draft_resolution: str | None = None
    final_resolution: str | None = None
    prompt_length: Whole = Whole(2, 3000)
    seed: Whole = Whole(0, 2**63)
    pictures: PictureLimits = PictureLimits()

    @property
    def max_frames(self) -> int:
        """How many frame images a task may bring: one for each position."""
        return len(self.positions)


QUALITY = Whole(20, 99, default=95)
"""`outputQuality`, the same for every model."""

RESULTS = Whole(1, 4, default=1)
"""`numberResults`, the same for every model."""

SHORTEST_TTL = 60
"""The least `ttl` in seconds, the same for every model."""

DOCUMENTED_MAX_SEED = 9_223_372_036_854_776_000
"""How the seeds print the largest seed: 2^63 after a trip through a double. Taken as 2^63 itself."""

DRAWN_SEED_BITS = 32
"""A seed that the client leaves out is drawn from the unsigned 32-bit range."""

LONGEST_TTL = 100 * 365 * 24 * 3600
"""Longer lives are cut to a century: the seeds name no maximum, calendars have one."""

RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "9:21")

OTHER_PROVIDERS = frozenset(
    {
        *("alibaba", "bfl", "bria", "elevenlabs", "google", "ideogram", "klingai", "lightricks", "luma", "midjourney"),
        *("minimax", "mirelo", "openai", "pixverse", "recraft", "runway", "sourceful", "sync", "vidu", "xai"),
    }
)
"""Providers whose settings exist on the public service but never apply to these models."""


def _sizes(row: str) -> dict[str, Size]:
    return {ratio: Size.parse(text) for ratio, text in zip(RATIOS, row.split(), strict=False)}


_PRO_480 = _sizes("864x480 736x544 640x640 544x736 480x864 960x416 416x960")
_PRO_720 = _sizes("1248x704 1120x832 960x960 832x1120 704x1248 1504x640 640x1504")
_PRO_1080 = _sizes("1920x1088 1664x1248 1440x1440 1248x1664 1088x1920 2176x928 928x2176")

_PRO_DURATIONS = Durations(Decimal("1.2"), Decimal(12), step=Decimal("0.1"), default=5.0)

PRO = Card(
    model="bytedance:2@1",
    title="Seedance 1.0 Pro",
    sizes={"480p": _PRO_480, "1080p": _PRO_1080},
    frames_resolution="1080p",
    durations=_PRO_DURATIONS,
    positions=(Position.FIRST, Position.LAST),
    settings={"cameraFixed": False},
    rates=Rates(silent=Decimal("1.98"), sound=Decimal("1.98")),
    effort=Effort.FULL,
)

FAST = Card(
    model="bytedance:2@2",
    title="Seedance 1.0 Pro Fast",
    # 720p is not among the seed's allowed values but has rows in its price list: accepted here, refused by 1.0 Pro.
    sizes={"480p": _PRO_480, "720p": _PRO_720, "1080p": _PRO_1080},
    frames_resolution="1080p",
    durations=_PRO_DURATIONS,
    positions=(Position.FIRST,),
    settings={"cameraFixed": False},
    rates=Rates(silent=Decimal("0.649"), sound=Decimal("0.649")),
    effort=Effort.FAST,
)

PRO_WITH_SOUND = Card(
    model="bytedance:seedance@1.5-pro",
    title="Seedance 1.5 Pro",
    sizes={
        "480p": _sizes("864x496 752x560 640x640 560x752 496x864 992x432"),
        "720p": _sizes("1280x720 1112x834 960x960 834x1112 720x1280 1470x630"),
        "1080p": _sizes("1920x1080 1664x1248 1440x1440 1248x1664 1080x1920 2206x946"),
    },
    frames_resolution="720p",
    durations=Durations(Decimal(4), Decimal(12), step=Decimal(1), default=5.0, auto=5.0),
    positions=(Position.FIRST, Position.LAST),
    settings={"audio": True, "cameraFixed": False, "draft": False},
    rates=Rates(silent=Decimal("1.20"), sound=Decimal("2.40"), draft_factor=Decimal("0.6")),
    effort=Effort.FULL,
    draft_resolution="480p",
    final_resolution="720p",
)

CARDS: Mapping[str, Card] = {card.model: card for card in (PRO, FAST, PRO_WITH_SOUND)}
"""Every contract by its model id."""


def size_is_in_the_table(card: Card, size: Size, resolution: str | None = None) -> bool:
    """Whether the model makes this size; with `resolution`, whether it does at that resolution."""
    resolutions = card.sizes if resolution is None else (resolution,)
    return any(size in card.sizes[name].values() for name in resolutions)


def sizes_of(card: Card, resolution: str | None = None) -> tuple[Size, ...]:
    """All sizes the model makes, or those of one resolution, in the order of the table."""
    names = card.sizes if resolution is None else (resolution,)
    return tuple(size for name in names for size in card.sizes[name].values())
