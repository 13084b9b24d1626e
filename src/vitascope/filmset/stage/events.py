"""Every contact and every sounding thing of a scene, with its exact time, its side and its distance.

All of it comes from the functions that move the drawing: footfalls from the schedule of the feet, strokes from the
bow's, bounces from the ball's parabola. Nothing here invents a sound that is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vitascope.filmset.canvas.random_streams import lattice, random_stream
from vitascope.filmset.scene.scene import Action, Craft, Event, Glow, Kind, Mover, Noise, Scene
from vitascope.filmset.stage.cast import Actor, Cast, cast
from vitascope.filmset.stage.play import (
    BREATH,
    FIRST_BREATH,
    PLUCKED,
    ROCK,
    ball_contacts,
    breaths,
    catches,
    hits,
    jump_landings,
    opening,
    played_by,
    plucks,
    strokes,
    wing_beats,
)
from vitascope.filmset.stage.pulse import breakers, flashes, sparks, tolls
from vitascope.filmset.stage.site import FOCAL, HUMAN, SITES, STATURE, craft_of, flooded, wet
from vitascope.filmset.stage.standstill import stands
from vitascope.filmset.stage.steps import landings
from vitascope.values import Size, Timing

LANDSCAPE = Size(864, 480)
NEAREST = 0.3  # m before the camera; nothing is heard from nearer
THUNDER_NEAR, THUNDER_FAR = 40.0, 60.0  # distance of the strongest flash, and how much farther the weakest is
BELL_DISTANCE, BREAKER_DISTANCE, SPARK_DISTANCE, VENT_DISTANCE = 12.0, 6.0, 3.0, 3.0  # picture heights
THUNDER_LENGTH, BELL_LENGTH, WAVE_LENGTH, VENT_LENGTH = 3.0, 2.2, 2.4, 0.7  # s
FIRST_VENT, VENT_GAP = 0.4, 1.3  # s between two bursts of bubbles from the ground
FIRST_CALL, CALL_GAP = 0.3, 1.9  # s between two calls of a bird
FIRST_CREAK, CREAK_GAP = 0.5, 1.4  # s between two creaks of a wagon
OAR_CREAK = 0.3  # s from the catch to the creak of the oar
HEARD_BIRDS = 3  # so many of a flock are heard
PENTATONIC = (1.0, 9 / 8, 5 / 4, 3 / 2, 5 / 3, 2.0)
LOOKS = 50  # a second: how finely an opening is searched for the moment of a noise


def events(scene: Scene, timing: Timing, size: Size = LANDSCAPE) -> tuple[Event, ...]:
    """All events of a clip in order of time. `size` matters where the picture's shape moves the actors' ways."""
    company = cast(scene, size, timing)
    found = [] if scene.stands(Mover.WEATHER, Mover.WATER, Mover.LIGHTS) else list(_world(company))
    for actor in company.actors:
        if not stands(scene, actor):
            found += _actor(company, actor)
    seconds = float(company.timing.seconds)
    return tuple(sorted((e for e in found if 0 <= e.time < seconds), key=lambda e: (e.time, e.noise, e.pan)))


def heard(company: Cast, t: float, x: float, z: float) -> tuple[float, float]:
    """(pan -1..1, distance in picture heights, 1 = close) of a place on the ground, seen by the camera of that time."""
    view = company.camera.view(t)
    u, _, _ = view.project(x, 0.0, max(z, view.state.z + NEAREST))
    pan = max(-1.0, min(1.0, 2 * float(u) / company.lens.ratio))
    return pan, max(0.3, float(z - view.state.z) / FOCAL / STATURE)


def _world(company: Cast) -> Iterator[Event]:
    scene, seconds = company.scene, float(company.timing.seconds)
    for time, where, strength in flashes(scene.seed, scene.weather, seconds):
        yield Event(time, Noise.THUNDER, where, THUNDER_NEAR + THUNDER_FAR * (1 - strength), strength, THUNDER_LENGTH)
    for time in tolls(scene, seconds):
        yield Event(time, Noise.BELL, 0.25, BELL_DISTANCE, 0.8, BELL_LENGTH)
    if SITES[scene.setting].waves:
        for k, time in enumerate(breakers(scene, seconds)):
            yield Event(time, Noise.WAVE, 0.5 - (k % 3) * 0.4, BREAKER_DISTANCE, 0.6, WAVE_LENGTH, 0.9 + 0.1 * (k % 3))
    for time, where in sparks(scene.seed, scene.setting, seconds):
        yield Event(time, Noise.SPARK, where, SPARK_DISTANCE, 0.5, 0.3)
    if Glow.BIOLUMINESCENCE in scene.glows or SITES[scene.setting].under_water:
        rng = random_stream(scene.seed, "vents")
        for k in range(int(seconds / VENT_GAP)):
            time = FIRST_VENT + VENT_GAP * k + float(rng.uniform(0, 0.6))
            yield Event(
                time,
                Noise.BUBBLES,
                float(rng.uniform(-0.7, 0.7)),
                VENT_DISTANCE,
                0.35,
                VENT_LENGTH,
                float(rng.uniform(0.8, 1.2)),
            )


def _actor(company: Cast, actor: Actor) -> Iterator[Event]:
    if actor.kind in HUMAN:
        yield from _human(company, actor)
        return
    makers: dict[Kind, Callable[[Cast, Actor], Iterator[Event]]] = {
        Kind.BALLS: _ball,
        Kind.BIRDS: _birds,
        Kind.BOAT: _boat,
        Kind.CARAVAN: _caravan,
        Kind.DIVER: _diver,
        Kind.VEHICLE: _engine,
        Kind.DRONES: _engine,
    }
    if actor.kind in makers:
        yield from makers[actor.kind](company, actor)


def _at(
    company: Cast, actor: Actor, t: float, noise: Noise, strength: float, length: float = 0.0, pitch: float = 1.0
) -> Event:
    pan, distance = heard(company, t, *actor.where(t))
    return Event(t, noise, pan, distance, strength, length, pitch)


def _human(company: Cast, actor: Actor) -> Iterator[Event]:
    seconds = float(company.timing.seconds)
    if actor.action is Action.JUMP or actor.action is Action.BOUNCE:
        for time in jump_landings(actor, seconds):
            yield _at(company, actor, time, Noise.LAND, 0.6 if actor.kind is not Kind.CROWD else 0.3)
    elif actor.action is Action.SKATE:
        yield _at(company, actor, 0.0, Noise.ROLL, 0.5, seconds)
    elif actor.feet:
        yield from _steps(company, actor, seconds)
    if actor.action is Action.PLAY or actor.kind in (Kind.MUSICIAN, Kind.DRUMMER):
        yield from _plays(company, actor, seconds)
    if actor.piece:
        for figure in actor.piece.figures:
            time = (figure.start + 0.4 * figure.beats) * actor.piece.beat
            if figure.turns and time < seconds:
                yield _at(company, actor, time, Noise.SWISH, 0.4, 0.5)


def _steps(company: Cast, actor: Actor, seconds: float) -> Iterator[Event]:
    assert actor.feet is not None
    noise = Noise.SPLASH if flooded(company.scene) or (wet(company.scene) and company.scene.wet) else Noise.STEP
    strength = {Action.RUN: 0.8, Action.DANCE: 0.5, Action.SPIN: 0.5}.get(actor.action, 0.6)
    if actor.kind is Kind.CROWD:
        strength *= 0.4
    for k, (time, x, z) in enumerate(landings(actor.feet, seconds)):
        pan, distance = heard(company, time, x, z)
        yield Event(time, noise, pan, distance, strength, 0.0, 0.94 + 0.12 * float(lattice(actor.seed, k)))


def _plays(company: Cast, actor: Actor, seconds: float) -> Iterator[Event]:
    if actor.kind is Kind.DRUMMER or actor.prop in ("drum", "drums"):
        for time, hand, strength in hits(actor, seconds):
            yield _at(company, actor, time, Noise.DRUM, strength, 0.0, 0.85 if hand else 1.15)
    elif actor.kind is Kind.MUSICIAN and played_by(actor.prop) is Noise.BLOW:
        for k, (time, length) in enumerate(breaths(actor, seconds)):
            yield _at(company, actor, time, Noise.BLOW, 0.7, length, _note(actor, k))
    elif plucked(actor):
        for k, time in enumerate(plucks(actor, seconds)):
            yield _at(company, actor, time, Noise.PLUCK, 0.6, 0.8, _note(actor, k))
    elif actor.kind is Kind.MUSICIAN:
        for k, stroke in enumerate(strokes(actor, seconds)):
            yield _at(company, actor, stroke.start, Noise.BOW, 0.7, stroke.length, _note(actor, k))


def plucked(actor: Actor) -> bool:
    """True for a musician whose instrument is plucked, not bowed."""
    return actor.prop in PLUCKED


def _note(actor: Actor, k: int) -> float:
    """A pentatonic melody: pitch factors that belong together."""
    return PENTATONIC[int(lattice(actor.seed, k) * len(PENTATONIC))]


def _ball(company: Cast, actor: Actor) -> Iterator[Event]:
    noise = Noise.SPLASH if flooded(company.scene) else Noise.BOUNCE
    for time in ball_contacts(actor, float(company.timing.seconds)):
        yield _at(company, actor, time, noise, 0.7, 0.0, 0.9 + 0.2 * float(lattice(actor.seed, 0)))


def _birds(company: Cast, actor: Actor) -> Iterator[Event]:
    seconds = float(company.timing.seconds)
    for member in range(min(actor.count, HEARD_BIRDS)):
        for time in wing_beats(actor, member, seconds):
            yield _at(company, actor, time, Noise.WINGS, 0.3, 0.12, 0.9 + 0.1 * member)
    rng = random_stream(actor.seed, "calls")
    for k in range(int(seconds / CALL_GAP)):
        time = FIRST_CALL + CALL_GAP * k + float(rng.uniform(0, 0.9))
        yield _at(company, actor, time, Noise.GULL, 0.4, 0.5, float(rng.uniform(0.85, 1.15)))


def _boat(company: Cast, actor: Actor) -> Iterator[Event]:
    """Timbers that creak and water at the bow; oars go in with a splash, larger boats have an engine."""
    seconds = float(company.timing.seconds)
    kind = craft_of(company.scene, actor.subject)
    if kind in (Craft.ROWING, Craft.GONDOLA):
        for k, time in enumerate(catches(actor, seconds)):
            yield _at(company, actor, time, Noise.SPLASH, 0.5, 0.4, 0.95 + 0.1 * (k % 2))
            if kind is Craft.ROWING and time + OAR_CREAK < seconds:
                yield _at(company, actor, time + OAR_CREAK, Noise.CREAK, 0.25, 0.5, 1.2)
        return
    if kind in (Craft.FISHING, Craft.FERRY):
        yield _at(company, actor, 0.0, Noise.ENGINE, 0.35, seconds, 0.6 if kind is Craft.FERRY else 0.8)
    for k in range(int(seconds / ROCK) + 2):
        time = (k + 0.25) * ROCK - (actor.seed % 100) / 100 * ROCK
        yield _at(company, actor, max(time, -1.0), Noise.CREAK, 0.35, 0.6, 0.9 + 0.2 * (k % 2))
        yield _at(company, actor, max(time + ROCK / 2, -1.0), Noise.SPLASH, 0.35, 0.4)


def _caravan(company: Cast, actor: Actor) -> Iterator[Event]:
    seconds = float(company.timing.seconds)
    if actor.action is Action.OPEN:
        for share, noise in ((0.02, Noise.LATCH), (0.3, Noise.CREAK), (0.6, Noise.CREAK), (0.98, Noise.LATCH)):
            time = next((t / LOOKS for t in range(int(seconds * LOOKS)) if opening(t / LOOKS, seconds) >= share), None)
            if time is not None:
                yield _at(company, actor, time, noise, 0.6, 0.5 if noise is Noise.CREAK else 0.1)
    for k in range(int(seconds / CREAK_GAP)):
        yield _at(company, actor, FIRST_CREAK + CREAK_GAP * k, Noise.CREAK, 0.25, 0.4, 0.8 + 0.15 * (k % 3))


def _diver(company: Cast, actor: Actor) -> Iterator[Event]:
    for k in range(int(float(company.timing.seconds) / BREATH) + 1):
        yield _at(company, actor, FIRST_BREATH + BREATH * k, Noise.BUBBLES, 0.5, 0.9)


def _engine(company: Cast, actor: Actor) -> Iterator[Event]:
    strength = 0.5 if actor.kind is Kind.VEHICLE else 0.3
    pitch = 1.0 if actor.kind is Kind.VEHICLE else 3.0 + 0.2 * (actor.index % 3)
    yield _at(company, actor, 0.0, Noise.ENGINE, strength, float(company.timing.seconds), pitch)
