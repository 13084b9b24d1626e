"""Colours: one palette for each family of settings and time of day, bent by weather and mood.

A palette is eleven colours that every primitive reads: four of the sky (zenith, high, low, glow), haze (what distance
fades to), near (silhouettes), key and fill (the light and its shadow), warm and cool (lamps), deep (water).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from vitascope.filmset.scene.scene import Scene, Setting, Time, Variant, Weather

Colour = tuple[float, float, float]


def colour(text: str) -> Colour:
    """A colour of "rrggbb"."""
    value = int(text, 16)
    return ((value >> 16) / 255, (value >> 8 & 255) / 255, (value & 255) / 255)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """From a (0) to b (1)."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def scaled(a: Colour, factor: float) -> Colour:
    """Brighter or darker; stays within 0..1."""
    return (
        max(0.0, min(a[0] * factor, 1.0)),
        max(0.0, min(a[1] * factor, 1.0)),
        max(0.0, min(a[2] * factor, 1.0)),
    )


def times(a: Colour, b: Colour) -> Colour:
    """A surface's colour under a light's."""
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])


def luma(a: Colour) -> float:
    """Brightness as seen, 0..1."""
    return 0.2126 * a[0] + 0.7152 * a[1] + 0.0722 * a[2]


@dataclass(frozen=True, slots=True)
class Palette:
    """Eleven colours; see the module."""

    zenith: Colour
    high: Colour
    low: Colour
    glow: Colour
    haze: Colour
    near: Colour
    key: Colour
    fill: Colour
    warm: Colour
    cool: Colour
    deep: Colour

    @classmethod
    def parse(cls, text: str) -> Palette:
        """Eleven "rrggbb" in the order of the fields."""
        return cls(*(colour(part) for part in text.split()))

    def washed(self, towards: Colour, share: float) -> Palette:
        """Every colour moved towards one."""
        return Palette(*(mix(getattr(self, field.name), towards, share) for field in fields(self)))

    def greyed(self, share: float, bright: float) -> Palette:
        """Every colour but the lamps' moved to its own grey, then brightened."""
        changed = {}
        for field in fields(self):
            own: Colour = getattr(self, field.name)
            grey = luma(own)
            kept = share * (0.25 if field.name in ("warm", "cool") else 1.0)
            dim = 1.0 if field.name in ("warm", "cool") else bright
            changed[field.name] = scaled(mix(own, (grey * 0.94, grey, grey * 1.06), kept), dim)
        return replace(self, **changed)


# zenith high low glow haze near key fill warm cool deep
PALETTES: dict[tuple[str, Time], Palette] = {
    ("open", Time.DAWN): Palette.parse("44609f 8f9bcb f3b49e ffe2b0 d9b6bd 2b3350 ffd6ae 7c87b2 ffb45a 8fb7e0 3d6285"),
    ("open", Time.DAY): Palette.parse("1f66b8 5fa8e2 bfe3f4 fff8e0 aecde2 2a4438 fff3da 8aa6c8 ffc860 9fd6f0 1a6a92"),
    ("open", Time.SUNSET): Palette.parse(
        "2f2560 9a3f70 f08048 ffd27a cf6f5e 221831 ffae62 70527f ffaa40 7a6ac0 563860"
    ),
    ("open", Time.NIGHT): Palette.parse("060d28 10285c 2c5a9c 7cabe4 31578f 070c1a bcd6ff 3d5488 ffb458 5cb4f0 0c2246"),
    ("city", Time.DAWN): Palette.parse("3d4f93 9684bb f2a592 ffdcac cfa9b6 262a4a ffcfa8 7d80ae ffb45a 7fd0e8 3b5580"),
    ("city", Time.DAY): Palette.parse("2a6cb8 69aee0 c6e4f0 fff8e4 b4cede 2b3a4c fff2dc 8ba4c4 ffc860 8fdcf0 24688c"),
    ("city", Time.SUNSET): Palette.parse(
        "271a58 a33a7a f27450 ffc870 b95a72 1d1430 ffa868 6b4a84 ffa53e 5ad0e8 4a2c60"
    ),
    ("city", Time.NIGHT): Palette.parse("0b0828 281256 64288c b45ab8 4c2a7c 0b0819 dccaff 4c3a80 ffac58 48dcf4 1c1042"),
    ("deep", Time.DAWN): Palette.parse("bfeede 56bcc8 1f7ea6 d8fff0 3f9dba 07304c e4fff4 3c88a4 ffc27a 6ff0e4 0a3e62"),
    ("deep", Time.DAY): Palette.parse("a8f4f0 2fb8d8 0b78b4 e0fffa 2a96c4 052f54 e8fffa 2f86b4 ffd07a 7ff4f0 064478"),
    ("deep", Time.SUNSET): Palette.parse(
        "ffd0a0 c8789c 4f4a94 ffe8c0 7a5a9c 1a1644 ffd8b0 6a5a9a ffb060 8ad8f0 2a2460"
    ),
    ("deep", Time.NIGHT): Palette.parse("1b5f88 0d3a6a 061f46 58c8d8 0e3a66 020a1e 8fd8f0 12385e ffb870 40f0e0 04142e"),
    ("inside", Time.DAWN): Palette.parse(
        "5f6f8e 8fa0b4 d8c4b4 ffe4c0 a9aab4 2a3040 ffe4c8 8890a8 ffb868 7fe0d8 3c5468"
    ),
    ("inside", Time.DAY): Palette.parse("7f9cae a8c4cc e2ecea fffaea b9cfd2 2c3c44 fffaf0 9cb2ba ffc878 7fe8dc 3f6a78"),
    ("inside", Time.SUNSET): Palette.parse(
        "4a3656 8a4c66 e08a5c ffc880 a8685e 241a2c ffb878 78586e ffa848 5ad8e0 4a3450"
    ),
    ("inside", Time.NIGHT): Palette.parse(
        "0c1424 17293c 2c4f5e 8fe8dc 244450 060a12 bfeee8 34505c ffa85c 38e8e0 0c1e2a"
    ),
    ("show", Time.DAWN): Palette.parse("3a3468 7a5c98 e89aa8 ffdcc0 9a7aa4 1c1834 ffd8c8 7468a0 ffb060 70d0f8 3a3468"),
    ("show", Time.DAY): Palette.parse("34508c 5c88c0 b0d0e8 fff4e0 8aa8c8 1c2840 fff0e0 7890b8 ffc060 70d8f8 34508c"),
    ("show", Time.SUNSET): Palette.parse(
        "30124a 8a2868 f06850 ffc070 94406a 180a24 ffa878 6a3c78 ffa040 58c8f0 3a1648"
    ),
    ("show", Time.NIGHT): Palette.parse("07051a 1a0d48 44208c b060e8 32207a 05040f d8c0ff 382c74 ffa850 48d0ff 120a34"),
}

FAMILY = {
    Setting.SKYLINE: "city",
    Setting.ROOFTOP: "city",
    Setting.ALLEY: "city",
    Setting.REEF: "deep",
    Setting.HALL: "inside",
    Setting.TUNNEL: "inside",
    Setting.STAGE: "show",
}

# mood: (tint, how strongly it tints, saturation, brightness)
MOODS: dict[str, tuple[str, float, float, float]] = {
    "warm": ("ff9a4a", 0.16, 1.05, 1.03),
    "cool": ("4a7ac8", 0.16, 0.95, 0.98),
    "vivid": ("ffffff", 0.0, 1.3, 1.04),
    "muted": ("8a8a8a", 0.1, 0.6, 0.97),
    "dark": ("0a0a14", 0.22, 0.9, 0.8),
    "serene": ("c8e0f0", 0.12, 0.9, 1.05),
    "melancholic": ("4c5c70", 0.2, 0.7, 0.9),
    "tense": ("5a2c3c", 0.14, 0.9, 0.88),
    "joyful": ("ffe0a0", 0.12, 1.15, 1.08),
    "dreamy": ("d0b0f4", 0.2, 0.95, 1.06),
    "mysterious": ("1c5a6c", 0.2, 0.9, 0.85),
    "epic": ("ff9850", 0.1, 1.15, 0.98),
}

COLOURS: dict[str, str] = {
    "red": "c8202c",
    "crimson": "a8142c",
    "scarlet": "e02a20",
    "orange": "e8742a",
    "mustard": "d8a01e",
    "yellow": "f0c830",
    "gold": "dcaa3c",
    "amber": "f0a030",
    "green": "2f8a4a",
    "emerald": "14905a",
    "mint": "8fdcbc",
    "teal": "1c8c90",
    "cyan": "30c4dc",
    "turquoise": "2cc0b4",
    "blue": "2c5cc0",
    "navy": "1c2c5c",
    "indigo": "3c3490",
    "violet": "7040b8",
    "purple": "6c309c",
    "magenta": "d02c98",
    "pink": "f088a8",
    "coral": "f47860",
    "brown": "7a4c2c",
    "beige": "d8c4a0",
    "cream": "f4ead0",
    "white": "f0f0ee",
    "silver": "c0c8d0",
    "grey": "80868c",
    "gray": "80868c",
    "charcoal": "34383e",
    "black": "181a1e",
    "bronze": "a0703c",
    "copper": "c07048",
    "brass": "c09a48",
    "rose": "d8587c",
    "lavender": "b09ce0",
    "maroon": "701c28",
    "olive": "74782c",
    "tan": "c49a6c",
}


def named(name: str | None, otherwise: str) -> Colour:
    """The colour of a word, or of `otherwise` ("rrggbb") if the word is none."""
    return colour(COLOURS.get((name or "").lower(), otherwise))


def palette(scene: Scene) -> Palette:
    """The palette of a scene."""
    own = _weathered(PALETTES[_family(scene), scene.time], scene)
    if scene.mood in MOODS:
        tint, share, vivid, bright = MOODS[scene.mood]
        if scene.time is Time.NIGHT and scene.weather is Weather.FOG:
            share, bright = 0.4 * share, max(bright, 1.05)  # there is no light to spare: the mood keeps to the hue
        own = own.washed(scaled(colour(tint), 0.4 + 0.9 * luma(own.low)), share).greyed(1 - vivid, bright)
    return own


def _family(scene: Scene) -> str:
    """Which palettes a scene is painted with; a stage in the open stands under the city's sky."""
    return "city" if scene.variant is Variant.OPEN_AIR else FAMILY.get(scene.setting, "open")


def _weathered(own: Palette, scene: Scene) -> Palette:
    if _family(scene) in ("inside", "show", "deep"):
        return own.greyed(0.12, 0.95) if scene.weather in (Weather.FOG, Weather.STORM) else own
    night = scene.time is Time.NIGHT
    if scene.weather is Weather.RAIN:
        return _overcast(own.greyed(0.3 if night else 0.45, 0.96 if night else 0.86), 0.35)
    if scene.weather is Weather.STORM:
        return _overcast(own.greyed(0.32 if night else 0.5, 0.86 if night else 0.64), 0.4)
    if scene.weather is Weather.FOG:
        return _overcast(own.greyed(0.4, 1.25 if night else 0.97), 0.6)
    if scene.weather is Weather.SNOW:
        cold = own.greyed(0.45, 1.0)
        return _overcast(replace(cold, fill=mix(cold.fill, (0.8, 0.86, 0.95), 0.2)), 0.4)
    return own


def _overcast(own: Palette, share: float) -> Palette:
    """Clouds even out the sky: every colour of it moves towards the middle one."""
    grey = mix(own.high, own.low, 0.5)
    return replace(
        own,
        zenith=mix(own.zenith, grey, share * 0.8),
        high=mix(own.high, grey, share),
        low=mix(own.low, grey, share),
        glow=mix(own.glow, own.low, share),
        key=mix(own.key, own.fill, share * 0.6),
        haze=mix(own.haze, grey, share * 0.7),
    )
