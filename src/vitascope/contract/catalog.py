"""The three contracts as data: one card per model id, with every size, bound, default and rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from vitascope.contract.rates import PriceRule, TokenRates
from vitascope.values import (
    FOUR_AND_ONE,
    FPS,
    HIGHEST_QUALITY,
    LOWEST_QUALITY,
    Effort,
    FrameRule,
    Position,
    Size,
    Timing,
)

TASK_TYPE = "videoInference"

LARGEST_NUMBER = 1e300
"""What is larger is no number that a setting could mean; JSON may hold more than a double does."""

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
    """The lengths a model makes, in seconds: any from `shortest` to `longest`, or only whole ones.

    `auto` is the length that the word "auto" stands for, None where the model does not know the word.
    """

    shortest: Decimal
    longest: Decimal
    default: float
    whole: bool = False
    auto: float | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A provider setting: its default, which also tells its type, what it does, and a number's bounds, both included.

    Three names mean the same to every model that has them: `audio`, `cameraFixed` and `draft`.
    """

    default: bool | int | float
    description: str
    bounds: tuple[float, float] | None = None

    @property
    def kind(self) -> str:
        """Its JSON type."""
        return {bool: "boolean", int: "integer", float: "float"}[type(self.default)]

    def takes(self, value: object) -> bool:
        """Whether a value has this type. To JSON, 5.0 is a whole number, and 5 a number."""
        if isinstance(value, bool) or isinstance(self.default, bool):
            return isinstance(value, bool) and isinstance(self.default, bool)
        if not isinstance(value, int | float) or not abs(value) < LARGEST_NUMBER:
            return False
        return isinstance(self.default, float) or value % 1 == 0

    def is_in_bounds(self, value: float) -> bool:
        """Whether a value of this type may be set."""
        return self.bounds is None or self.bounds[0] <= value <= self.bounds[1]


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

    `architecture` is the family of models that it belongs to. `frames_resolution` is used when frame images alone are
    sent. `settings` are the settings that the model has under its provider's name. `draft_resolution` is the one that
    drafts are made at, None for a model without drafts; `final_resolution` is what a draft is finished at unless the
    task says otherwise.
    """

    model: str
    title: str
    provider: str
    architecture: str
    sizes: Sizes
    frames_resolution: str
    durations: Durations
    positions: tuple[Position, ...]
    settings: Mapping[str, Setting]
    price: PriceRule
    effort: Effort
    fps: Fraction = FPS
    frame_rule: FrameRule = FOUR_AND_ONE
    draft_resolution: str | None = None
    final_resolution: str | None = None
    prompt_length: Whole = Whole(2, 3000)
    seed: Whole = Whole(0, 2**63)
    pictures: PictureLimits = PictureLimits()

    @property
    def max_frames(self) -> int:
        """How many frame images a task may bring: one for each position."""
        return len(self.positions)

    @property
    def has_sound(self) -> bool:
        """Whether the model makes sound."""
        return "audio" in self.settings

    def timing(self, seconds: float) -> Timing:
        """How many frames a video of this length has."""
        return Timing.of_seconds(seconds, self.fps, self.frame_rule)


QUALITY = Whole(LOWEST_QUALITY, HIGHEST_QUALITY, default=95)
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

_BYTEDANCE = "bytedance"
_SEEDANCE = "seedance"
_AUDIO = Setting(True, "Generate synchronized sound. Affects the price.")
_CAMERA_FIXED = Setting(False, "Keep the camera where it is: no pan, tilt or zoom.")
_DRAFT = Setting(False, "Make a quick 480p preview; its id finishes it at full quality.")

_PRO_DURATIONS = Durations(Decimal("1.2"), Decimal(12), default=5.0)

PRO = Card(
    model="bytedance:2@1",
    title="Seedance 1.0 Pro",
    provider=_BYTEDANCE,
    architecture=_SEEDANCE,
    sizes={"480p": _PRO_480, "1080p": _PRO_1080},
    frames_resolution="1080p",
    durations=_PRO_DURATIONS,
    positions=(Position.FIRST, Position.LAST),
    settings={"cameraFixed": _CAMERA_FIXED},
    price=TokenRates(silent=Decimal("1.98"), sound=Decimal("1.98")),
    effort=Effort.FULL,
)

FAST = Card(
    model="bytedance:2@2",
    title="Seedance 1.0 Pro Fast",
    provider=_BYTEDANCE,
    architecture=_SEEDANCE,
    # 720p is not among the seed's allowed values but has rows in its price list: accepted here, refused by 1.0 Pro.
    sizes={"480p": _PRO_480, "720p": _PRO_720, "1080p": _PRO_1080},
    frames_resolution="1080p",
    durations=_PRO_DURATIONS,
    positions=(Position.FIRST,),
    settings={"cameraFixed": _CAMERA_FIXED},
    price=TokenRates(silent=Decimal("0.649"), sound=Decimal("0.649")),
    effort=Effort.FAST,
)

PRO_WITH_SOUND = Card(
    model="bytedance:seedance@1.5-pro",
    title="Seedance 1.5 Pro",
    provider=_BYTEDANCE,
    architecture=_SEEDANCE,
    sizes={
        "480p": _sizes("864x496 752x560 640x640 560x752 496x864 992x432"),
        "720p": _sizes("1280x720 1112x834 960x960 834x1112 720x1280 1470x630"),
        "1080p": _sizes("1920x1080 1664x1248 1440x1440 1248x1664 1080x1920 2206x946"),
    },
    frames_resolution="720p",
    durations=Durations(Decimal(4), Decimal(12), default=5.0, whole=True, auto=5.0),
    positions=(Position.FIRST, Position.LAST),
    settings={"audio": _AUDIO, "cameraFixed": _CAMERA_FIXED, "draft": _DRAFT},
    price=TokenRates(silent=Decimal("1.20"), sound=Decimal("2.40"), draft_factor=Decimal("0.6")),
    effort=Effort.FULL,
    draft_resolution="480p",
    final_resolution="720p",
)

CARDS: Mapping[str, Card] = {card.model: card for card in (PRO, FAST, PRO_WITH_SOUND)}
"""Every contract by its model id."""


def providers() -> tuple[str, ...]:
    """The providers of the catalogue's models."""
    return tuple(dict.fromkeys(card.provider for card in CARDS.values()))


def settings_of(provider: str, card: Card | None = None) -> dict[str, Setting]:
    """All settings of a provider's models, in the order of the alphabet, as `card` has them where it does."""
    others = [each.settings for each in CARDS.values() if each.provider == provider]
    own = [] if card is None else [card.settings]
    return dict(sorted({name: setting for one in (*others, *own) for name, setting in one.items()}.items()))


def frame_rates(model: str | None) -> tuple[Fraction, ...]:
    """The frame rate of a model; of one that is not in the catalogue, every rate that it might have."""
    card = CARDS.get(model or "")
    return tuple(dict.fromkeys(each.fps for each in ((card,) if card else CARDS.values())))


def size_is_in_the_table(card: Card, size: Size, resolution: str | None = None) -> bool:
    """Whether the model makes this size; with `resolution`, whether it does at that resolution."""
    resolutions = card.sizes if resolution is None else (resolution,)
    return any(size in card.sizes[name].values() for name in resolutions)


def sizes_of(card: Card, resolution: str | None = None) -> tuple[Size, ...]:
    """All sizes the model makes, or those of one resolution, in the order of the table."""
    names = card.sizes if resolution is None else (resolution,)
    return tuple(size for name in names for size in card.sizes[name].values())
