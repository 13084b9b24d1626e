"""Things that touch: steps by ground, landings, bounces, wheels, splashes, latches, creaks, sparks. One maker a noise.

Every maker returns mono sound whose onset is its first sample and whose greatest sample is 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vitascope.filmset.scene.scene import Event
from vitascope.filmset.sound.signal import Wave, add, band, clock, noise, peaked, ringing, samples, strike, swell, tone
from vitascope.values import SOUND_RATE

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Ground:
    """How a ground sounds: `thump` Hz and its `weight`, `body` modes (Hz) that `ring` (s), the scuff's band and decay.

    `grains` a second make the scuff crunch.
    """

    thump: float
    weight: float
    body: tuple[float, ...]
    ring: float
    low: float
    high: float
    decay: float
    grains: float = 0.0


GROUNDS = {
    "grass": Ground(85, 0.7, (), 0.01, 900, 6000, 0.06),
    "gravel": Ground(90, 0.5, (), 0.01, 1200, 8000, 0.05, 260),
    "sand": Ground(70, 0.6, (), 0.01, 400, 3200, 0.09),
    "leaves": Ground(80, 0.5, (), 0.01, 1500, 9000, 0.07, 180),
    "stone": Ground(110, 0.5, (900, 2300), 0.012, 1500, 7000, 0.02),
    "tiles": Ground(120, 0.4, (1250, 2900, 4300), 0.014, 1800, 9000, 0.02),
    "cobbles": Ground(100, 0.6, (700, 1900), 0.012, 1200, 6000, 0.03),
    "planks": Ground(95, 0.8, (180, 320, 560), 0.05, 600, 4000, 0.03),
    "boards": Ground(80, 0.9, (130, 260, 470), 0.06, 500, 3500, 0.03),
    "snow": Ground(75, 0.4, (), 0.01, 900, 5000, 0.11, 420),
    "water": Ground(75, 0.3, (), 0.01, 500, 5000, 0.12),
}


def step(event: Event, rng: Rng, ground: str) -> Wave:
    """A foot put down: heel, the ground's answer, then the sole's scuff."""
    return peaked(_footfall(GROUNDS[ground], event.pitch, 0.22, rng))


def land(event: Event, rng: Rng, ground: str) -> Wave:
    """Both feet after a jump: a heavy thump with the ground's scuff under it."""
    matter = GROUNDS[ground]
    wave = _footfall(matter, 0.8 * event.pitch, 0.4, rng)
    thump = ringing(wave.size, [(55 * event.pitch, 1.4, 0.07), (92 * event.pitch, 0.5, 0.05)])
    return peaked(wave + thump * strike(wave.size, 0.002, 0.1))


def _footfall(matter: Ground, pitch: float, seconds: float, rng: Rng) -> Wave:
    count = samples(seconds)
    heel = ringing(count, [(matter.thump * pitch, matter.weight, 0.035), (2.1 * matter.thump * pitch, 0.4, 0.02)])
    body = ringing(count, [(hertz * pitch, 0.3, matter.ring) for hertz in matter.body])
    click = noise(rng, count, band(800, 7000)) * strike(count, 0.001, 0.006) * np.float32(0.25)
    scuff = noise(rng, count, band(matter.low * pitch, matter.high)) * _scuff(matter, count, rng)
    return np.asarray(heel * strike(count, 0.001, 0.06) + body + click + np.float32(0.3) * scuff)


def _scuff(matter: Ground, count: int, rng: Rng) -> Wave:
    """The sole's envelope: at once and again a little later; grains make it crunch."""
    late = samples(0.05)
    envelope = strike(count, 0.002, matter.decay)
    add(envelope, np.float32(0.7) * strike(count, 0.02, matter.decay), late)
    if not matter.grains:
        return envelope
    grains = np.zeros(count, np.float32)
    hits = rng.integers(0, count, int(matter.grains * count / SOUND_RATE))
    for hit in (0, *hits):
        add(grains, np.float32(rng.uniform(0.4, 1.0)) * strike(samples(0.006), 0.0005, 0.002), int(hit))
    return envelope * (np.float32(0.25) + grains)


def bounce(event: Event, rng: Rng, ground: str) -> Wave:
    """A rubber ball: a tone that falls as the ball springs back, and the slap of its skin."""
    count = samples(0.25)
    hertz = 130 * event.pitch * (1 + 0.7 * np.exp(-clock(count) / 0.02))
    ball = tone(count, hertz, np.pi / 2) * strike(count, 0.001, 0.06)
    slap = noise(rng, count, band(500, 5000)) * strike(count, 0.001, 0.012)
    return peaked(ball + np.float32(0.22) * slap)


def roll(event: Event, rng: Rng, ground: str) -> Wave:
    """Wheels that roll: a steady rumble and hiss with the ticks of joints in the floor."""
    count = samples(max(event.length, 0.2))
    rumble = noise(rng, count, band(120, 700)) + np.float32(0.5) * noise(rng, count, band(1500, 5000))
    rumble *= np.float32(0.75) + np.float32(0.25) * tone(count, 11.0 * event.pitch)
    joints = np.zeros(count, np.float32)
    spacing = samples(0.23 / event.pitch)
    for start in range(0, count, spacing):
        add(joints, peaked(_footfall(GROUNDS["stone"], 1.5, 0.05, rng)), start + int(rng.integers(0, spacing // 8 + 1)))
    return peaked((np.float32(0.25) * rumble + joints * np.float32(0.5)) * swell(count, 0.012, 0.05))


def splash(event: Event, rng: Rng, ground: str) -> Wave:
    """Something meets water: the slap, the spray, and bubbles that close behind it. Length 0: a foot in a puddle."""
    size = min(1.0, 0.45 + event.length)
    count = samples(max(event.length, 0.45 * size))
    slap = noise(rng, count, band(250 * event.pitch, 3500)) * strike(count, 0.002, 0.05 * size)
    spray = noise(rng, count, band(2000, 9000)) * strike(count, 0.01, 0.13 * size) * np.float32(0.45 * size)
    wave = slap + spray
    for _ in range(round(7 * size)):
        add(wave, np.float32(rng.uniform(0.3, 0.9)) * bubble(rng, event.pitch), samples(rng.uniform(0.03, 0.25)))
    return peaked(wave * strike(count, 0.001, 0.25))


def bubble(rng: Rng, pitch: float = 1.0) -> Wave:
    """One bubble: a short tone that rises as it nears the surface."""
    count = samples(rng.uniform(0.02, 0.06))
    start = rng.uniform(450, 1300) * pitch
    hertz = start * (1 + rng.uniform(0.3, 1.1) * clock(count) / 0.06)
    return tone(count, hertz) * strike(count, 0.002, 0.015)


def latch(event: Event, rng: Rng, ground: str) -> Wave:
    """A metal catch on wood: two clicks and a knock."""
    count = samples(0.25)
    metal = [(2350 * event.pitch, 1.0, 0.012), (3720 * event.pitch, 0.7, 0.009), (5480 * event.pitch, 0.5, 0.006)]
    wave = ringing(count, metal)
    add(
        wave,
        np.float32(0.8) * ringing(count, [(hertz * 0.9, gain, decay) for hertz, gain, decay in metal]),
        samples(0.045),
    )
    knock = ringing(count, [(210 * event.pitch, 1.0, 0.03), (430 * event.pitch, 0.5, 0.02)])
    return peaked(
        wave
        + np.float32(0.6) * knock
        + np.float32(0.2) * noise(rng, count, band(1500, 8000)) * strike(count, 0.001, 0.01)
    )


def creak(event: Event, rng: Rng, ground: str) -> Wave:
    """Wood under strain: it sticks and slips, faster and slower, and every slip rings the wood."""
    count = samples(max(event.length, 0.25))
    slips = np.zeros(count, np.float32)
    at, rate = 0.0, 38.0 * event.pitch
    while at < count:
        slips[int(at)] += rng.uniform(0.6, 1.0)
        rate = float(np.clip(rate * rng.uniform(0.9, 1.13), 24, 95))
        at += SOUND_RATE / rate
    wood = ringing(
        samples(0.05), [(h * event.pitch, g, 0.012) for h, g in ((310, 1.0), (640, 0.8), (1130, 0.6), (1900, 0.3))]
    )
    wave = np.convolve(slips, wood)[:count].astype(np.float32)
    start = noise(rng, count, band(400, 3500)) * strike(count, 0.001, 0.015)  # the first slip is the hardest
    return peaked((wave + np.float32(0.6) * start) * swell(count, 0.001, 0.12))


def spark(event: Event, rng: Rng, ground: str) -> Wave:
    """Electric sparks: dry cracks, dense at first, over a mains buzz."""
    count = samples(max(event.length, 0.2))
    wave = np.zeros(count, np.float32)
    times = np.concatenate([[0.0], np.sort(rng.exponential(0.3, 40)) * count / SOUND_RATE])
    for time in times:
        crack = noise(rng, samples(0.01), band(2500, 16_000)) * strike(
            samples(0.01), 0.0004, rng.uniform(0.0008, 0.003)
        )
        add(wave, np.float32(rng.uniform(0.3, 1.0)) * crack, samples(time) - 1)
    buzz = np.sign(tone(count, 100.0)) * strike(count, 0.002, 0.06) * np.float32(0.15)
    return peaked(wave + buzz)


CONTACTS: dict[str, Callable[[Event, Rng, str], Wave]] = {
    "step": step,
    "land": land,
    "bounce": bounce,
    "roll": roll,
    "splash": splash,
    "latch": latch,
    "creak": creak,
    "spark": spark,
}
