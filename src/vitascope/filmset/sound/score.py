"""The sound of a scene: what its events sound like where they are seen, the place around them, and music if it asks.

    events -> one sound each -> distance, side -> room  --.
    beds (setting, weather, what the prompt asks for)  ---+-> mix -> -16 LUFS, true peak under -1 dBTP
    music on the scene's beat                          --'

Everything is synthesised; nothing speaks. The same scene, events and timing give the same samples in any process.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.scene.scene import Ambience, Event, Kind, Noise, Scene, Setting
from vitascope.filmset.sound import instruments
from vitascope.filmset.sound.beds import Moment, bed
from vitascope.filmset.sound.contacts import CONTACTS, Rng
from vitascope.filmset.sound.creatures import CREATURES
from vitascope.filmset.sound.loudness import mastered
from vitascope.filmset.sound.music import music
from vitascope.filmset.sound.places import beds, ground, roofed, room
from vitascope.filmset.sound.signal import Stereo, Wave, add, ended, highpass, lowpass
from vitascope.filmset.sound.space import delay, ducked, gain, panned, roomed, through_air
from vitascope.filmset.sound.winds import blown
from vitascope.filmset.stage.play import played_by
from vitascope.values import SOUND_RATE, Sound, Timing

LEVELS: dict[Noise, float] = {
    Noise.STEP: -9, Noise.SPLASH: -9, Noise.BOUNCE: -7, Noise.LAND: -7, Noise.ROLL: -13, Noise.BELL: -9,
    Noise.THUNDER: -4, Noise.DRUM: -6, Noise.BOW: -12, Noise.BLOW: -12, Noise.PLUCK: -8, Noise.GULL: -13,
    Noise.WINGS: -17, Noise.CREAK: -15, Noise.LATCH: -10, Noise.SPARK: -12, Noise.WAVE: -11, Noise.BUBBLES: -12,
    Noise.ENGINE: -14, Noise.SWISH: -15,
}  # fmt: skip
"""Peak of each noise at full strength and its usual distance, dB before the master."""
FADE_IN, FADE_OUT = 0.004, 0.03  # s, at the clip's ends
SUB_SONIC = 22.0  # Hz; nothing below it is worth its energy, and no DC remains
UNDER_WATER = 900.0  # Hz
BEHIND_WALLS = 500  # Hz; what is left of the weather under a roof
OUTDOORS = frozenset({"rain", "downpour", "gale", "hush"})  # beds that a roof keeps out
ASKED_TOLL, ASKED_THUNDER = 2.4, 5.0  # s between two that are asked for and not seen
FIRST_TOLL, FIRST_THUNDER = (0.3, 0.9), (0.5, 1.2)  # s
BELL_DISTANCE, THUNDER_DISTANCE = 16.0, 110.0  # picture heights
BELL_RINGS_ON = 1.5  # s beyond the event's own length
SHORTEST_PLUCK = 0.8  # s


def score(scene: Scene, events: tuple[Event, ...], timing: Timing) -> Sound:
    """All that is heard: stereo float32 at 48 kHz, exactly `timing.samples()` samples, about -16 LUFS."""
    count = timing.samples(SOUND_RATE)
    heard = (*events, *asked(scene, events, float(timing.seconds)))
    events_heard = foreground(scene, heard, count)
    mix = events_heard + ducked(background(scene, heard, count), events_heard)
    tune = music(scene, events, count, random_stream(scene.seed, "music"))
    if tune is not None:
        mix += tune
    samples = mastered(_faded(highpass(mix, SUB_SONIC, 2)))
    return Sound(SOUND_RATE, np.ascontiguousarray(samples, np.float32))


def foreground(scene: Scene, events: tuple[Event, ...], count: int) -> Stereo:
    """The events' sounds at their sides and distances, in the setting's room; shape (2, count), before the master."""
    track = np.zeros((2, count), np.float32)
    for number, event in enumerate(events):
        dry = ended(_noise(scene, event, random_stream(scene.seed, "event", number)))
        wave = through_air(dry, event.noise, event.distance)
        level = 10 ** (LEVELS[event.noise] / 20) * gain(event.noise, event.distance) * event.strength
        start = round((event.time + delay(event.noise, event.distance)) * SOUND_RATE)
        add(track, panned(wave * np.float32(level), event.pan), start)
    if scene.setting is Setting.REEF:
        track = lowpass(track, UNDER_WATER)
    return roomed(track, room(scene), random_stream(scene.seed, "room"))


def background(scene: Scene, events: tuple[Event, ...], count: int) -> Stereo:
    """The beds of ambience together; shape (2, count), before the master. Never silent."""
    track = np.zeros((2, count), np.float32)
    moment = Moment(scene, events, count)
    indoor = roofed(scene)
    for name, level in beds(scene).items():
        layer = bed(name, moment, random_stream(scene.seed, "bed", name))
        if indoor and name in OUTDOORS:
            layer = lowpass(layer, BEHIND_WALLS)
        track += layer * np.float32(10 ** (level / 20))
    return lowpass(track, UNDER_WATER) if scene.setting is Setting.REEF else track


def asked(scene: Scene, events: tuple[Event, ...], seconds: float) -> Iterator[Event]:
    """Bells and thunder that the prompt asks for and the picture does not show: somewhere beyond its edge."""
    rng = random_stream(scene.seed, "asked")
    there = {event.noise for event in events}
    if Ambience.BELL in scene.ambience and Noise.BELL not in there:
        for time in np.arange(float(rng.uniform(*FIRST_TOLL)), seconds, ASKED_TOLL):
            yield Event(float(time), Noise.BELL, -0.35, BELL_DISTANCE, 0.7, ASKED_TOLL)
    if Ambience.THUNDER in scene.ambience and Noise.THUNDER not in there:
        for time in np.arange(float(rng.uniform(*FIRST_THUNDER)), seconds, ASKED_THUNDER):
            yield Event(float(time), Noise.THUNDER, float(rng.uniform(-0.6, 0.6)), THUNDER_DISTANCE, 0.6, 3.5)


def _noise(scene: Scene, event: Event, rng: Rng) -> Wave:
    """One event's sound, dry and mono: onset at its first sample, peak 1."""
    name = event.noise.value
    if name in CONTACTS:
        return CONTACTS[name](event, rng, ground(scene))
    if name in CREATURES:
        return CREATURES[name](event, rng, scene.setting)
    if event.noise is Noise.BELL:
        return instruments.bell(event.pitch, event.length + BELL_RINGS_ON, rng)
    if event.noise is Noise.DRUM:
        return instruments.drum(event.pitch, rng)
    played = _instrument(scene, event.noise)
    if event.noise is Noise.BLOW:
        return blown(event.pitch, event.length, played or "flute", rng)
    hertz = instruments.string_pitch(event.pitch, played)
    if event.noise is Noise.BOW:
        return instruments.bowed(hertz, event.length, rng)
    return instruments.plucked(hertz, max(event.length, SHORTEST_PLUCK), rng)


def _instrument(scene: Scene, noise: Noise) -> str | None:
    """The instrument in the picture that makes a noise; a musician who holds nothing named bows."""
    players = (subject.prop for subject in scene.subjects if subject.kind is Kind.MUSICIAN)
    return next((prop for prop in players if played_by(prop) is noise), None)


def _faded(track: Stereo) -> Stereo:
    """Short ramps at both ends, so that nothing clicks."""
    for seconds, end in ((FADE_IN, 1), (FADE_OUT, -1)):
        size = min(round(seconds * SOUND_RATE), track.shape[-1])
        ramp = np.sin(np.linspace(0, np.pi / 2, size)) ** 2
        track[:, ::end][:, :size] *= ramp.astype(np.float32)
    return track
