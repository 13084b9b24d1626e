"""Wind instruments: blown notes for whoever blows, each with its own spectrum, never a bow's stroke."""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.filmset.scene.scene import (
    Action,
    Camera,
    CameraSection,
    Event,
    Kind,
    Move,
    Noise,
    Scene,
    Setting,
    Subject,
    Time,
    Weather,
)
from vitascope.filmset.sound.score import foreground
from vitascope.filmset.sound.winds import PIPES, blown
from vitascope.filmset.stage.cast import cast
from vitascope.filmset.stage.events import events
from vitascope.filmset.stage.play import WINDS, breath, played_by
from vitascope.values import SOUND_RATE, Size, Timing

SIZE, TIMING = Size(864, 480), Timing(121)


def playing(*props: str | None) -> Scene:
    players = tuple(Subject(Kind.MUSICIAN, Action.PLAY, prop=prop) for prop in props)
    return Scene(Setting.DUNES, Time.DAY, Weather.CLEAR, 5, players, (CameraSection(0.0, Camera(Move.FIXED)),))


def spectrum(wave: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.fft.rfftfreq(wave.size, 1 / SOUND_RATE), np.abs(np.fft.rfft(wave * np.hanning(wave.size)))


def brightness(wave: np.ndarray) -> float:
    """The spectrum's centre of gravity, Hz."""
    hertz, level = spectrum(wave)
    power = level**2
    return float((hertz * power).sum() / power.sum())


@pytest.mark.parametrize(
    ("prop", "noise"),
    [("violin", Noise.BOW), ("cello", Noise.BOW), (None, Noise.BOW), ("guitar", Noise.PLUCK), ("harp", Noise.PLUCK)]
    + [(prop, Noise.BLOW) for prop in sorted(WINDS)],
)
def test_an_instrument_makes_its_own_noise_only(prop: str | None, noise: Noise) -> None:
    notes = {event.noise for event in events(playing(prop), TIMING, SIZE)} & {Noise.BOW, Noise.BLOW, Noise.PLUCK}
    assert notes == {noise} == {played_by(prop)}


@pytest.mark.parametrize("prop", sorted(WINDS))
def test_a_note_begins_when_the_player_blows_and_pauses_are_silent(prop: str) -> None:
    scene = playing(prop)
    player = cast(scene, SIZE, TIMING).actors[0]
    notes = [event for event in events(scene, TIMING, SIZE) if event.noise is Noise.BLOW]
    assert len(notes) >= 4
    for event in notes:
        assert breath(player, event.time + 0.06, 5.0) > 0.9
    ends = [event.time + event.length for event in notes]
    gaps = [b.time - end for b, end in zip(notes[1:], ends[:-1], strict=True)]
    assert max(gaps) > 0.25 and min(gaps) >= 0.0
    longest = max(range(len(gaps)), key=gaps.__getitem__)
    assert breath(player, ends[longest] + 0.5 * gaps[longest], 5.0) < 0.6


@pytest.mark.parametrize("instrument", sorted(PIPES))
def test_a_blown_note_has_its_pitch_and_length(instrument: str) -> None:
    wave = blown(1.0, 1.0, instrument, np.random.default_rng(3))
    assert np.abs(wave).max() == pytest.approx(1.0, abs=1e-5)
    assert wave.size == pytest.approx(1.06 * SOUND_RATE, abs=2)
    hertz, power = spectrum(wave)
    root = PIPES[instrument].root
    peaks = [power[np.abs(hertz - k * root) < 8].max() for k in (1, 2, 3)]
    between = np.median(power[(hertz > 1.3 * root) & (hertz < 1.7 * root)])
    assert min(peaks) > 8 * between


def test_winds_differ_from_each_other_and_from_strings() -> None:
    tones = {name: brightness(blown(440 / PIPES[name].root, 1.0, name, np.random.default_rng(3))) for name in PIPES}
    assert tones["flute"] < 0.75 * min(tones[name] for name in ("saxophone", "trumpet", "accordion"))
    assert tones["trumpet"] == max(tones.values())


def test_two_players_keep_their_own_voices() -> None:
    note = Event(0.5, Noise.BLOW, length=0.8)
    flute, both = (foreground(playing(*props), (note,), SOUND_RATE * 2) for props in (("flute",), ("violin", "flute")))
    assert np.array_equal(flute, both)
    brass = foreground(playing("guitar", "trumpet"), (note,), SOUND_RATE * 2)
    assert brightness(brass[0]) > 1.3 * brightness(flute[0])
