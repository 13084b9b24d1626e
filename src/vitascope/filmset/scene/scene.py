"""The Scene: everything the film set needs to know to draw a clip, as plain frozen data that JSON can hold.

A scene says what is there, never how it is drawn. Every factor crosses with every other. Randomness enters by `seed`
alone. Times are seconds from the clip's start; directions are as the viewer sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COLOURS = (
    "red",
    "orange",
    "yellow",
    "gold",
    "green",
    "teal",
    "blue",
    "purple",
    "pink",
    "white",
    "silver",
    "grey",
    "black",
    "brown",
)
"""The colour names that a subject can have."""

MOODS = (
    "warm",
    "cool",
    "vivid",
    "muted",
    "dark",
    "serene",
    "melancholic",
    "tense",
    "joyful",
    "dreamy",
    "mysterious",
    "epic",
)
"""What a prompt's mood can be; pictures take a palette from it, music a scale."""

PROPS = (
    "violin",
    "cello",
    "guitar",
    "harp",
    "flute",
    "saxophone",
    "trumpet",
    "accordion",
    "umbrella",
    "lantern",
    "parcel",
    "ribbon",
    "fan",
)
"""What a subject can hold."""


class Setting(StrEnum):
    """Where it happens."""

    CLIFF = "sea cliff"
    MOUNTAINS = "mountains"
    DUNES = "dunes"
    FOREST = "forest"
    SKYLINE = "city skyline"
    ROOFTOP = "rooftop"
    ALLEY = "market alley"
    HARBOUR = "harbour town"
    MARSH = "marsh"
    REEF = "coral reef"
    HALL = "machine hall"
    TUNNEL = "tunnel platform"
    STAGE = "concert stage"
    SEA = "open sea"


class Variant(StrEnum):
    """Which kind of a setting it is, where one setting stands for several."""

    LAUNDROMAT = "laundromat"
    ARCADE = "arcade"
    INDOORS = "indoors"
    OPEN_AIR = "open air"


VARIANTS: dict[Setting, tuple[Variant, ...]] = {
    Setting.HALL: (Variant.LAUNDROMAT, Variant.ARCADE),
    Setting.STAGE: (Variant.INDOORS, Variant.OPEN_AIR),
}
"""The settings that have kinds, and which."""


class Time(StrEnum):
    """When it happens; decides the key light."""

    DAWN = "dawn"
    DAY = "day"
    SUNSET = "sunset"
    NIGHT = "night"


class Weather(StrEnum):
    """What the air does."""

    CLEAR = "clear"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    STORM = "storm"
    WIND = "wind"


class Glow(StrEnum):
    """Lights beside the sky's that the prompt asks for."""

    MOON = "moon"
    NEON = "neon"
    LANTERNS = "lanterns"
    STARS = "stars"
    FIREFLIES = "fireflies"
    SPOTLIGHTS = "spotlights"
    BIOLUMINESCENCE = "bioluminescence"


class Kind(StrEnum):
    """What a subject is."""

    DANCER = "dancer"
    WALKER = "walker"
    RUNNER = "runner"
    SKATER = "skater"
    COURIER = "courier"
    MUSICIAN = "musician"
    DRUMMER = "drummer"
    CROWD = "crowd"
    DIVER = "diver"
    BIRDS = "birds"
    FISH = "fish"
    BOAT = "boat"
    CARAVAN = "caravan"
    DRONES = "drones"
    BALLS = "balls"
    VEHICLE = "vehicle"


class Craft(StrEnum):
    """Which kind of boat a boat is."""

    SAILING = "sailing boat"
    ROWING = "rowing boat"
    FISHING = "fishing boat"
    FERRY = "ferry"
    GONDOLA = "gondola"


class Action(StrEnum):
    """What a subject does."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    DANCE = "dance"
    SPIN = "spin"
    SKATE = "skate"
    JUMP = "jump"
    PLAY = "play"
    WADE = "wade"
    FLY = "fly"
    SWIM = "swim"
    SAIL = "sail"
    OPEN = "open"
    BOUNCE = "bounce"
    DRIVE = "drive"


class Direction(StrEnum):
    """Where a subject or the camera goes, as the viewer sees it."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    TOWARDS = "towards"
    AWAY = "away"


class Move(StrEnum):
    """What the camera does."""

    FIXED = "fixed"
    PAN = "pan"
    TILT = "tilt"
    PUSH_IN = "push in"
    PULL_OUT = "pull out"
    ORBIT = "orbit"
    TRACKING = "tracking"
    HANDHELD = "handheld"


class Mover(StrEnum):
    """A part of a scene that may move where all else stands still."""

    PEOPLE = "people"
    WATER = "water"
    WEATHER = "weather"
    CLOUDS = "clouds"
    PLANTS = "plants"
    LIGHTS = "lights"
    TIME = "time"


class Ambience(StrEnum):
    """Sounds that the prompt asks for beside those that the picture makes by itself."""

    WAVES = "waves"
    WIND = "wind"
    RAIN = "rain"
    THUNDER = "thunder"
    CROWD = "crowd"
    INSECTS = "insects"
    BIRDSONG = "birdsong"
    HUM = "machine hum"
    BELL = "bell"
    MUSIC = "music"
    UNDERWATER = "underwater"
    TRAFFIC = "traffic"
    FIRE = "fire"


class Pace(StrEnum):
    """How fast something moves."""

    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject or one group. `colour` is one of `COLOURS` or None (the setting's choice), `prop` one of `PROPS`,
    `craft` the kind of a boat or None (the seed's choice)."""

    kind: Kind
    action: Action
    count: int = 1
    colour: str | None = None
    direction: Direction | None = None
    pace: Pace = Pace.NORMAL
    prop: str | None = None
    craft: Craft | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera move; `direction` matters for pan (left, right), tilt (up, down), orbit and tracking (left, right)."""

    move: Move
    direction: Direction | None = None
    pace: Pace = Pace.SLOW


@dataclass(frozen=True, slots=True)
class CameraSection:
    """One camera move: from `start` (a share of the clip, 0..1) to the next section's start.

    `cut` says how it begins: True is a cut to a new shot, False goes on in the same shot. The first one's is not read.
    """

    start: float
    camera: Camera
    cut: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is shown and heard.

    `mood` is one of `MOODS` or None; `wind` 0..1; `wet` wets the ground; `later` is the time of day that the clip ends
    in, if the prompt asks for a change ("from daylight to twilight"); `variant` is one of the setting's `VARIANTS`, or
    None for the seed's choice. If it is `still`, nothing moves but what `but` names: `Mover`s, kinds of subjects.
    """

    setting: Setting
    time: Time
    weather: Weather
    seed: int
    subjects: tuple[Subject, ...] = ()
    sections: tuple[CameraSection, ...] = (CameraSection(0.0, Camera(Move.PUSH_IN)),)
    glows: tuple[Glow, ...] = ()
    ambience: tuple[Ambience, ...] = ()
    mood: str | None = None
    wind: float = 0.3
    wet: bool = False
    later: Time | None = None
    variant: Variant | None = None
    still: bool = False
    but: tuple[str, ...] = ()

    def stands(self, *parts: str) -> bool:
        """Whether a part of the scene, by any of its names, must not move."""
        return self.still and not set(parts) & set(self.but)


class Noise(StrEnum):
    """What an event sounds like."""

    STEP = "step"
    SPLASH = "splash"
    BOUNCE = "bounce"
    LAND = "land"
    ROLL = "roll"
    BELL = "bell"
    THUNDER = "thunder"
    DRUM = "drum"
    BOW = "bow"
    BLOW = "blow"
    PLUCK = "pluck"
    GULL = "gull"
    WINGS = "wings"
    CREAK = "creak"
    LATCH = "latch"
    SPARK = "spark"
    WAVE = "wave"
    BUBBLES = "bubbles"
    ENGINE = "engine"
    SWISH = "swish"


@dataclass(frozen=True, slots=True)
class Event:
    """Something seen that is heard: at `time` (s), for `length` (s, 0 = an instant), at `pan` -1 (left) .. 1 (right).

    `distance` is in units of the picture's height from the camera (1 = close); `strength` 0..1; `pitch` is a factor
    around 1 that tells repeated events apart. The time of thunder is that of its flash.
    """

    time: float
    noise: Noise
    pan: float = 0.0
    distance: float = 2.0
    strength: float = 0.7
    length: float = 0.0
    pitch: float = 1.0
