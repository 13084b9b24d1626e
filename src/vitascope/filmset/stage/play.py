"""When hands and things touch: bow strokes, drum hits, jumps, bounces, wing beats, as functions of time."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from vitascope.filmset.canvas.random_streams import ease, random_stream
from vitascope.filmset.scene.scene import Noise
from vitascope.filmset.stage.cast import Actor

GRAVITY = 9.81  # m/s2
BALL_SWAY, BALL_SWAY_PERIOD = 0.25, 9  # m to either side of a ball's spot; s
BALL_HEIGHTS = 0.7, 1.6  # m that balls bounce up
FIRST_BREATH_IN, FIRST_PLUCK, FIRST_HIT = 0.25, 0.2, 0.25  # s into the clip
NOTE_SOUNDS = 0.94  # of a blown note's length; the rest is the tongue
WINGBEATS, WINGBEATS_RANGE = 2.6, 0.5  # a second, and how much faster the fastest bird is
GOLDEN = 0.381966  # of a turn: phases that never meet
ROLL = 0.055  # rad that a boat rolls to either side
HEAVE, HEAVE_PERIOD = 0.06, 2.9  # m up and down, s
SHORTEST_STAND = 0.45  # s that a jumper stands between two jumps, at least


@dataclass(frozen=True, slots=True)
class Stroke:
    """One bow stroke: from `start` for `length` seconds, down (+1) or up (-1)."""

    start: float
    length: float
    way: int


def strokes(actor: Actor, seconds: float) -> tuple[Stroke, ...]:
    """A fiddler's bow strokes: long and short notes in time with the scene's beat."""
    rng = random_stream(actor.seed, "strokes")
    found, t, way = [], 0.0, 1
    while t < seconds:
        length = actor.beat * float(rng.choice([1.0, 1.0, 2.0, 0.5]))
        found.append(Stroke(t, length, way))
        t, way = t + length, -way
    return tuple(found)


def bow(actor: Actor, t: float, seconds: float) -> float:
    """Where along its length the bow touches the string, -1 (frog) .. 1 (tip)."""
    for stroke in strokes(actor, seconds + 4):
        if t < stroke.start + stroke.length:
            u = float(ease(0.1 + 0.9 * (t - stroke.start) / stroke.length))
            reach = min(1.0, 0.55 + 0.4 * stroke.length / actor.beat)
            return stroke.way * reach * (2 * u - 1)
    return 0.0


PLUCKED = frozenset({"guitar", "lute", "harp", "glass", "strings", "banjo"})
WINDS = frozenset({"flute", "saxophone", "trumpet", "accordion"})


def played_by(prop: str | None) -> Noise:
    """What an instrument's notes sound like; whoever holds none named plays the violin."""
    if prop in PLUCKED:
        return Noise.PLUCK
    return Noise.BLOW if prop in WINDS else Noise.BOW


def breaths(actor: Actor, seconds: float) -> tuple[tuple[float, float], ...]:
    """A wind player's notes: (start s, length s), in phrases with a pause for breath after each."""
    rng = random_stream(actor.seed, "breaths")
    found, t = [], FIRST_BREATH_IN
    while t < seconds:
        for _ in range(int(rng.integers(3, 7))):
            length = actor.beat * float(rng.choice([0.5, 0.5, 1.0, 1.5]))
            found.append((t, NOTE_SOUNDS * length))
            t += length
        t += actor.beat * float(rng.choice([0.5, 1.0]))
    return tuple(note for note in found if note[0] < seconds)


def breath(actor: Actor, t: float, seconds: float) -> float:
    """How hard a wind player blows, 0..1: full within a phrase, nothing where breath is taken."""
    strength = 0.0
    for start, length in breaths(actor, seconds + 4):
        if start - 0.2 < t < start + length + 0.25:
            strength = max(strength, float(ease((t - start + 0.2) / 0.24) * (1 - ease((t - start - length) / 0.25))))
    return strength


def hits(actor: Actor, seconds: float) -> tuple[tuple[float, int, float], ...]:
    """A drummer's hits: (time, hand 0 left / 1 right, strength), in eighths of the beat."""
    rng = random_stream(actor.seed % 7, "pattern")
    pattern = [(0.0, 1, 1.0), (1.0, 0, 0.9), (1.5, 1, 0.6), (2.0, 1, 0.95), (2.5, 0, 0.55), (3.0, 0, 0.9)]
    if rng.random() < 0.6:
        pattern.append((3.5, 1, 0.6))
    if rng.random() < 0.5:
        pattern.append((3.75, 0, 0.5))
    found = []
    for bar in range(int(seconds / (4 * actor.beat)) + 2):
        for at, hand, strength in pattern:
            time = (bar * 4 + at) * actor.beat + FIRST_HIT
            if time < seconds:
                found.append((time, hand, strength))
    return tuple(found)


def stick(actor: Actor, hand: int, t: float, seconds: float) -> float:
    """How high a drumstick is, 0 (on the skin) .. 1: it rises before a hit and falls onto it."""
    times = [time for time, which, _ in hits(actor, seconds + 4) if which == hand]
    before = max((time for time in times if time <= t), default=-1.0)
    after = min((time for time in times if time > t), default=t + 1.0)
    gap = after - before
    u = (t - before) / gap
    return min(1.0, gap / actor.beat * 0.9) * sin(pi * u**1.4) if gap > 0 else 0.0


def plucks(actor: Actor, seconds: float) -> tuple[float, ...]:
    """When a string is plucked, s."""
    rng = random_stream(actor.seed, "plucks")
    found, t = [], FIRST_PLUCK
    while t < seconds:
        found.append(t)
        t += actor.beat * float(rng.choice([0.5, 0.5, 1.0]))
    return tuple(found)


JUMP_HEIGHT = 0.42  # m that a jumper's feet leave the ground


def jump(actor: Actor, t: float) -> tuple[float, float]:
    """A jumper: (height of the feet in m, crouch 0..1). Every second beat; the flight is a true parabola."""
    period, flight = jump_times(actor)
    phase = (t + period * ((actor.seed % 13) / 13 if actor.index else 0.0)) % period
    ground = period - flight
    if phase < ground:
        share = phase / ground
        give = float(ease(share / 0.2)) * (1 - float(ease((share - 0.2) / 0.35)))
        spring = float(ease((share - 0.5) / 0.3)) * (1 - float(ease((share - 0.82) / 0.18)))
        return 0.0, max(give, spring)
    u = phase - ground
    return 0.5 * GRAVITY * u * (flight - u), 0.0


def jump_arms(actor: Actor, t: float) -> float:
    """How far a jumper's arms are up, 0..1: they are thrown up before he leaves the ground and sink after he lands."""
    period, flight = jump_times(actor)
    phase = (t + period * ((actor.seed % 13) / 13 if actor.index else 0.0)) % period
    takeoff = period - flight
    return max(float(ease((phase - takeoff + 0.22) / 0.46)), 1 - float(ease((phase + 0.04) / 0.48)))


def jump_times(actor: Actor) -> tuple[float, float]:
    """(period, flight) of a jumper in seconds."""
    flight = 2 * sqrt(2 * JUMP_HEIGHT / GRAVITY)
    return max(2 * actor.beat, flight + SHORTEST_STAND), flight


def jump_landings(actor: Actor, seconds: float) -> list[float]:
    """When a jumper lands, s."""
    period, _ = jump_times(actor)
    shift = period * ((actor.seed % 13) / 13 if actor.index else 0.0)
    return [
        k * period - shift for k in range(1, int((seconds + shift) / period) + 1) if 0 <= k * period - shift < seconds
    ]


def ball_bounce(actor: Actor) -> tuple[float, float, float]:
    """(height m, period s, offset s) of a bouncing ball; it loses nothing, as if dribbled by nobody."""
    rng = random_stream(actor.seed, "ball")
    height = float(rng.uniform(*BALL_HEIGHTS))
    period = 2 * sqrt(2 * height / GRAVITY)
    return height, period, float(rng.uniform(0, period))


def ball_height(actor: Actor, t: float) -> tuple[float, float]:
    """A ball now: (height of its lowest point in m, seconds from the nearest contact)."""
    height, period, offset = ball_bounce(actor)
    phase = (t + offset) % period
    return height * 4 * (phase / period) * (1 - phase / period), min(phase, period - phase)


def ball_place(actor: Actor, t: float) -> tuple[float, float]:
    """Where over the ground a ball is, (x, z) in metres: it sways about its spot as it bounces."""
    x, z = actor.where(t)
    return x + BALL_SWAY * sin(2 * pi * t / BALL_SWAY_PERIOD + actor.seed % 7), z


def ball_contacts(actor: Actor, seconds: float) -> list[float]:
    """When a ball touches the ground, s."""
    _, period, offset = ball_bounce(actor)
    times = (k * period - offset for k in range(int((seconds + offset) / period) + 2))
    return [t for t in times if 0 <= t < seconds]


def wing_phase(actor: Actor, member: int, t: float) -> float:
    """A bird's wing angle as a phase, rad: 0 = top of the stroke. Beats come in bursts with glides between."""
    rate = WINGBEATS + WINGBEATS_RANGE * ((actor.seed + member * 37) % 11) / 11
    return 2 * pi * (rate * t + ((member * GOLDEN + (actor.seed % 101) / 101) % 1.0))


def wing_beats(actor: Actor, member: int, seconds: float) -> list[float]:
    """When a bird's wings start down, s."""
    rate = WINGBEATS + WINGBEATS_RANGE * ((actor.seed + member * 37) % 11) / 11
    offset = (member * GOLDEN + (actor.seed % 101) / 101) % 1.0
    times = ((k - offset) / rate for k in range(int(seconds * rate) + 3))
    return [t for t in times if 0 <= t < seconds]


def opening(t: float, seconds: float) -> float:
    """How far a caravan's stage is open, 0..1: it begins after a breath and is done before the end."""
    return float(ease((t - 0.12 * seconds) / (0.62 * seconds)))


BREATH, FIRST_BREATH = 2.2, 0.5
"""Seconds between two of a diver's breaths out, and when the first comes."""
ROCK = 3.4
"""Seconds of a boat's rocking period."""


STROKE, IN_WATER = 2.6, 0.45
"""Seconds of a stroke with the oars, and the share of it in which they are in the water."""


def pull(actor: Actor, t: float) -> tuple[float, float]:
    """Oars now: (sweep -1 at the catch .. 1 at the finish, depth 0 out of the water .. 1 in it)."""
    phase = (t / STROKE + actor.seed % 10 / 10) % 1.0
    if phase < IN_WATER:
        u = phase / IN_WATER
        return -cos(pi * u), min(1.0, 6 * u, 6 * (1 - u))
    return cos(pi * (phase - IN_WATER) / (1 - IN_WATER)), 0.0


def catches(actor: Actor, seconds: float) -> list[float]:
    """When the blades go into the water, s."""
    times = ((k - actor.seed % 10 / 10) * STROKE for k in range(int(seconds / STROKE) + 3))
    return [t for t in times if 0 <= t < seconds]


def heave(actor: Actor, t: float) -> float:
    """How high the water lifts a boat, m."""
    return HEAVE * sin(2 * pi * t / HEAVE_PERIOD + actor.seed % 5)


def rocking(actor: Actor, t: float) -> float:
    """A boat's roll, rad: its creak is heard at the end of each roll to the right."""
    return ROLL * sin(2 * pi * (t / ROCK + (actor.seed % 100) / 100))
