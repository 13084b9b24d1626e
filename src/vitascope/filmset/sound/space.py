"""Where a sound is: its side, its distance, and the room around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitascope.filmset.scene.scene import Noise
from vitascope.filmset.sound.contacts import Rng
from vitascope.filmset.sound.places import Room
from vitascope.filmset.sound.signal import Stereo, Wave, add, band, clock, convolved, lowpass, samples, stereo_noise
from vitascope.values import SOUND_RATE

METRES = 2.2
"""Metres in a unit of distance (a picture's height, close up, holds a person)."""
SPEED_OF_SOUND = 343.0  # m/s
EAR_DELAY = 0.0006  # s, from one ear to the other for a sound from the side
FALL = 0.75
"""Pressure falls with distance to this power: a little less than in nature (1), so that what is far stays audible."""
NEAREST, LOUDEST = 0.5, 1.6
HEARD_FROM = {Noise.THUNDER: 45.0, Noise.BELL: 9.0, Noise.WAVE: 4.0, Noise.ENGINE: 3.0}
"""The distance at which big sources are as loud as their table says; 2 for all others."""
DUCK_BLOCK = 480  # samples; 10 ms
DUCK_RELEASE = 0.06  # share of the way back in a block
DEEPEST_DUCK = 0.35
CLEAR_AIR = 18_000.0  # Hz, cut-off of the air at distance 1
DULLEST_AIR = 900.0  # Hz, cut-off of the air at any distance
AIR_DULLS = 0.22  # how much of the cut-off each unit of distance takes
USUAL_DISTANCE = 2.0  # at which a noise is as loud as its table says
SIXTY_DB = 6.9  # natural logarithm of a thousand: how far a room's answer falls in its `seconds`
ECHOES, ECHO_GAP, ECHO_FALL, ECHO_JITTER = 5, 0.55, 0.7, 0.006  # number, share of the delay, gain of each, s


def gain(noise: Noise, distance: float) -> float:
    """How loud a noise is at a distance."""
    return float(min(LOUDEST, (max(distance, NEAREST) / HEARD_FROM.get(noise, USUAL_DISTANCE)) ** -FALL))


def through_air(wave: Wave, noise: Noise, distance: float) -> Wave:
    """The sound as distance dulls it. Thunder and bells are made to be heard from afar and keep their highs longer."""
    cutoff = CLEAR_AIR / (1 + AIR_DULLS * max(0.0, distance - HEARD_FROM.get(noise, USUAL_DISTANCE)))
    return lowpass(wave, max(cutoff, DULLEST_AIR)) if cutoff < 0.9 * CLEAR_AIR else wave


def delay(noise: Noise, distance: float) -> float:
    """Seconds from the event's time to its sound: only thunder is so far away that film keeps it."""
    return distance * METRES / SPEED_OF_SOUND if noise is Noise.THUNDER else 0.0


def panned(wave: Wave, pan: float) -> Stereo:
    """A sound at a side, -1 left to 1 right: constant power, and a little later at the far ear."""
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    late = samples(EAR_DELAY * abs(pan)) - 1
    track = np.zeros((2, wave.size + late), np.float32)
    add(track[0], wave * np.float32(np.cos(angle)), late if pan > 0 else 0)
    add(track[1], wave * np.float32(np.sin(angle)), late if pan < 0 else 0)
    return track


def roomed(track: Stereo, room: Room, rng: Rng) -> Stereo:
    """The track with the room's answer added: early echoes and a tail of decaying noise."""
    return track + np.float32(room.wet) * convolved(track, _answer(room, rng))


def _answer(room: Room, rng: Rng) -> Stereo:
    """The room's impulse answer, unit energy: silent until the first echo."""
    count = samples(room.delay + room.seconds)
    tail = stereo_noise(rng, count, band(80, room.damping, 1), 1.0) * np.exp(
        -SIXTY_DB * clock(count) / room.seconds
    ).astype(np.float32)
    tail[:, : samples(room.delay)] = 0.0
    tail /= np.sqrt(np.sum(tail**2, axis=1, keepdims=True))
    for side in range(2):
        for echo in range(ECHOES):
            at = round((room.delay * (1 + ECHO_GAP * echo) + rng.uniform(0, ECHO_JITTER)) * SOUND_RATE)
            if at < count:
                tail[side, at] += np.float32(0.5 * ECHO_FALL**echo * rng.choice([-1.0, 1.0]))
    return tail.astype(np.float32)


def ducked(bed: Stereo, events: Stereo) -> Stereo:
    """The bed, stepping back while an event sounds, as a mixer's hand would: what is seen must be heard."""
    count = bed.shape[-1]
    blocks = -(-count // DUCK_BLOCK)
    padded = np.pad(events, ((0, 0), (0, blocks * DUCK_BLOCK - count)))
    loud = np.sqrt((padded.reshape(2, blocks, DUCK_BLOCK) ** 2).mean(axis=(0, 2)))
    level = float(np.sqrt(np.mean(bed**2)))
    wanted = np.maximum(DEEPEST_DUCK, 1 / (1 + loud / max(level, 1e-9)))
    held = _released(np.minimum(wanted, np.append(wanted[1:], 1.0)))  # one block early: the bed is down at the onset
    middles = (np.arange(blocks) + 0.5) * DUCK_BLOCK
    return bed * np.interp(np.arange(count), middles, held).astype(np.float32)


def _released(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gains that fall at once and rise again slowly."""
    held, now = np.empty_like(gains), 1.0
    for place, wanted in enumerate(gains):
        now = min(wanted, now + (1.0 - now) * DUCK_RELEASE)
        held[place] = now
    return held
