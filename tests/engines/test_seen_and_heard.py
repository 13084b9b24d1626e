"""Every kind of event in the file a user gets: when its picture is shown and when its sound begins.

Both are measured on the decoded file. Seen: the time stamp of the frame that shows the drawing of the event's moment
(`tests/filmset` shows that the drawing has its contact then). Heard: where the event's own sound, as it was
synthesised, fits the decoded sound best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.clips import heard
from vitascope.engines.filmset import FilmSet
from vitascope.engines.protocol import Unattended
from vitascope.filmset.film import Film
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.scene.scene import Event, Noise, Scene
from vitascope.filmset.sound.score import foreground
from vitascope.filmset.sound.space import delay
from vitascope.filmset.stage.events import events
from vitascope.media.encode import encode
from vitascope.values import SOUND_RATE, Container, Effort, Picture, Shot, Size, Timing

pytestmark = pytest.mark.slow

SIZE, TIMING = Size(288, 160), Timing(73)
FRAME = 1 / 24
LAST = 2.7  # seconds; later events have too little sound left to be found by
MOST_OF_A_KIND = 6
WINDOW = 0.1  # seconds to either side in which the sound is looked for

PROMPTS: dict[str, set[Noise]] = {
    "A man walks along the dunes by day": {Noise.STEP},
    "A man wades through a flooded tunnel platform": {Noise.SPLASH},
    "Red balls bounce on a rooftop on a clear day": {Noise.BOUNCE},
    "A boy jumps up and down in the desert by day": {Noise.LAND},
    "A skater rolls along a rooftop on a clear day": {Noise.ROLL},
    "The clock tower bell tolls over the harbour town at dawn": {Noise.BELL},
    "A thunderstorm with lightning over the mountains": {Noise.THUNDER},
    "A drummer plays on a concert stage": {Noise.DRUM},
    "A violinist plays in the dunes on a clear day": {Noise.BOW},
    "A trumpet player on a stage": {Noise.BLOW},
    "A guitarist plays in the forest on a clear day": {Noise.PLUCK},
    "Birds fly over the sea cliff on a clear day": {Noise.GULL, Noise.WINGS, Noise.WAVE},
    "A caravan opens in the dunes on a clear day": {Noise.CREAK, Noise.LATCH},
    "A man stands in a flooded tunnel platform": {Noise.SPARK},
    "A diver swims over a coral reef": {Noise.BUBBLES},
    "A car drives through the city on a clear day": {Noise.ENGINE},
    "A dancer spins on a rooftop stage on a clear evening": {Noise.SWISH},
}


@dataclass(frozen=True)
class Take:
    """An encoded file, what was to be in it, and what is."""

    scene: Scene
    events: tuple[Event, ...]
    film: Film
    pictures: list[tuple[float, Picture]]
    sound: np.ndarray

    def seen(self, event: Event) -> float:
        """When the frame is shown that is nearest to the drawing of the event's moment, s."""
        index = min(round(event.time * 24), TIMING.frames - 1)
        drawn = self.film.frame(index).astype(float)
        near = [k for k in range(index - 3, index + 4) if 0 <= k < TIMING.frames]
        return self.pictures[min(near, key=lambda k: float(((self.pictures[k][1] - drawn) ** 2).mean()))][0]

    def heard(self, event: Event) -> tuple[float, float]:
        """(when the event's sound begins, s; how far its fit there stands out from the fits around it)."""
        alone = [each if each is event else replace(each, strength=0.0) for each in self.events]
        dry = foreground(self.scene, tuple(alone), TIMING.samples()).mean(axis=0)
        due = event.time + delay(event.noise, event.distance)
        start, margin = round(due * SOUND_RATE), round(5 * WINDOW * SOUND_RATE)
        part = dry[start : start + round(0.25 * SOUND_RATE)]
        mono = np.pad(self.sound.mean(axis=0), (margin, margin + part.size))[start : start + 2 * margin + part.size]
        fits = fit(mono, part)
        reach = round(WINDOW * SOUND_RATE)
        best = int(np.argmax(fits[margin - reach : margin + reach + 1])) - reach
        return due + best / SOUND_RATE, float(fits[margin + best] / (np.sqrt((fits**2).mean()) + 1e-12))


def fit(mix: np.ndarray, part: np.ndarray) -> np.ndarray:
    """How well a sound fits a mix at each place: a matched filter, for which what is loud in the mix counts less."""
    length = 2 * mix.size
    spectrum = np.fft.rfft(mix, length)
    power = np.convolve(np.abs(spectrum) ** 2, np.ones(65) / 65, "same")
    whole = np.fft.irfft(spectrum * np.conj(np.fft.rfft(part, length)) / (power + 1e-6 * power.max()), length)
    return np.asarray(whole[: mix.size - part.size + 1])


def take(prompt: str, folder: Path) -> Take:
    scene, _ = understand(prompt, 3, True)
    shot = Shot(prompt, SIZE, TIMING, 3, Effort.FAST, camera_fixed=True, sound=True)
    path = folder / "take.mp4"
    encode(FilmSet(1).generate(shot, Unattended()), Container.MP4, 80, path, notes={})
    pictures = []
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            pictures.append((float(frame.time), frame.to_ndarray(format="rgb24").astype(float)))
    assert len(pictures) == TIMING.frames
    film = Film(scene, SIZE, TIMING, Effort.FAST)
    return Take(scene, events(scene, TIMING, SIZE), film, pictures, heard(path))


@pytest.mark.parametrize("prompt", PROMPTS)
def test_events_are_heard_when_they_are_seen(prompt: str, tmp_path: Path) -> None:
    made = take(prompt, tmp_path)
    for noise in PROMPTS[prompt]:
        found = [event for event in made.events if event.noise is noise and event.time < LAST][:MOST_OF_A_KIND]
        assert found, f"no {noise.value}"
        for event in found:
            late, clear = made.heard(event)
            apart = late - delay(noise, event.distance) - made.seen(event)
            print(
                f"{noise.value:8} at {event.time:.2f} s: heard {1000 * apart:+.0f} ms after it is seen, fit {clear:.1f}"
            )
            assert abs(apart) <= FRAME
            assert clear > 6, "it stands out"


def test_no_kind_is_left_out() -> None:
    assert set().union(*PROMPTS.values()) == set(Noise)
