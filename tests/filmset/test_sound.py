"""The sound of a scene, measured: onsets against events, sides, distance, loudness, spectra, length, sameness."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from vitascope.filmset.scene.scene import Action, Ambience, Event, Kind, Noise, Scene, Setting, Subject, Time, Weather
from vitascope.filmset.sound.beds import Moment, bed
from vitascope.filmset.sound.loudness import TARGET, loudness, true_peak
from vitascope.filmset.sound.music import music
from vitascope.filmset.sound.places import beds
from vitascope.filmset.sound.score import asked, background, foreground, score
from vitascope.filmset.sound.space import delay
from vitascope.values import SOUND_RATE, Timing

CLIP = Timing.of_seconds(3)
COUNT = CLIP.samples()
HALF_A_FRAME = 0.5 / 24
AT = 2.0
STEPS = tuple(Event(0.3 + 0.5 * k, Noise.STEP, pan=-0.8 + 0.2 * k) for k in range(6))


def scene(
    setting: Setting = Setting.ROOFTOP,
    weather: Weather = Weather.CLEAR,
    time: Time = Time.DAY,
    seed: int = 5,
    subjects: tuple[Subject, ...] = (),
    ambience: tuple[Ambience, ...] = (),
) -> Scene:
    return Scene(setting, time, weather, seed, subjects=subjects, ambience=ambience)


def energy_onset(sound: np.ndarray) -> float:
    """When the energy of 3 ms first passes 5 % of its maximum, s."""
    energy = np.convolve((sound.astype(np.float64) ** 2).sum(0), np.ones(144) / 144)[: sound.shape[-1]]
    return float(np.argmax(energy > 0.05 * energy.max()) / SOUND_RATE)


def novelty(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spectral change every 5 ms in 24 bands: (times, how much)."""
    frames = np.lib.stride_tricks.sliding_window_view(sound.mean(0), 480)[::240] * np.hanning(480)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = np.unique(np.geomspace(1, power.shape[1] - 1, 25).astype(int))
    bands = np.stack([power[:, low:high].sum(1) for low, high in pairwise(edges)], axis=1)
    level = np.log10(bands + 1e-7)
    change = np.maximum(0, level[2:] - level[:-2]).mean(axis=1)
    return (np.arange(change.size) + 2) * 240 / SOUND_RATE, change


def share_of_power(sound: np.ndarray, low: float, high: float) -> float:
    power = (np.abs(np.fft.rfft(sound)) ** 2).sum(0)
    hertz = np.fft.rfftfreq(sound.shape[-1], 1 / SOUND_RATE)
    return float(power[(hertz >= low) & (hertz < high)].sum() / power.sum())


@pytest.mark.parametrize("setting", [Setting.ROOFTOP, Setting.TUNNEL])
@pytest.mark.parametrize("noise", Noise)
def test_an_event_sounds_at_its_time(noise: Noise, setting: Setting) -> None:
    event = Event(AT, noise, length=1.0)
    late = energy_onset(foreground(scene(setting), (event,), COUNT)) - AT - delay(noise, event.distance)
    assert abs(late) <= HALF_A_FRAME, f"{1000 * late:.1f} ms"


@pytest.mark.parametrize("noise", Noise)
def test_an_event_is_heard_through_the_whole_mix(noise: Noise) -> None:
    distance = {Noise.THUNDER: 45.0, Noise.BELL: 10.0}.get(noise, 2.0)
    sound = score(scene(), (Event(AT, noise, length=1.0, distance=distance),), CLIP).samples
    times, change = novelty(sound)
    wanted = AT + delay(noise, distance)
    near = np.abs(times - wanted) < 0.3
    heard = times[near][np.argmax(change[near])]
    assert abs(heard - wanted) <= 1 / 24, f"{1000 * (heard - wanted):.0f} ms"


def test_thunder_follows_its_flash_by_its_distance() -> None:
    sound = foreground(scene(), (Event(1.0, Noise.THUNDER, distance=100.0, length=3.0),), COUNT)
    assert energy_onset(sound) == pytest.approx(1.0 + 100 * 2.2 / 343, abs=HALF_A_FRAME)


PAIRS = [(setting, list(Weather)[(k + turn) % 6]) for k, setting in enumerate(Setting) for turn in (0, 3)]


@pytest.mark.parametrize(("setting", "weather"), PAIRS)
def test_level_peak_length_and_no_silence(setting: Setting, weather: Weather) -> None:
    sound = score(scene(setting, weather, Time.NIGHT), STEPS, CLIP)
    samples = sound.samples
    assert samples.shape == (2, COUNT) and samples.dtype == np.float32 and sound.rate == SOUND_RATE
    assert np.isfinite(samples).all()
    assert loudness(samples) == pytest.approx(TARGET, abs=1.0)
    assert 20 * np.log10(true_peak(samples)) <= -1.0
    assert abs(float(samples.mean())) < 1e-3
    quarters = samples[:, : COUNT // 12 * 12].reshape(2, 12, -1)
    assert (np.sqrt((quarters**2).mean(axis=2)) > 10 ** (-60 / 20)).all(), "a silent quarter of a second"
    assert np.abs(samples[:, [0, -1]]).max() < 0.01, "a click at an end"


@pytest.mark.parametrize("frames", [1, 5, 97, 121, 289])
def test_the_sound_is_exactly_as_long_as_the_picture(frames: int) -> None:
    timing = Timing(frames)
    assert score(scene(), (), timing).samples.shape == (2, 2000 * frames)


def test_events_are_heard_on_their_side() -> None:
    for pan in (-1.0, -0.5, 0.0, 0.5, 1.0):
        sound = foreground(scene(Setting.DUNES), (Event(AT, Noise.STEP, pan=pan),), COUNT)
        left, right = (sound**2).sum(axis=1)
        assert (right - left) / (right + left) == pytest.approx(np.sin(np.pi / 2 * pan), abs=0.1)


def test_far_events_are_softer_and_duller() -> None:
    near, far = (foreground(scene(), (Event(AT, Noise.STEP, distance=d),), COUNT) for d in (1.0, 12.0))
    assert 20 * np.log10(np.abs(near).max() / np.abs(far).max()) > 9
    assert share_of_power(far, 4000, 24_000) < 0.7 * share_of_power(near, 4000, 24_000)


def test_grounds_sound_different() -> None:
    bright = {
        setting: share_of_power(foreground(scene(setting), (Event(AT, Noise.STEP),), COUNT), 1000, 24_000)
        for setting in (Setting.STAGE, Setting.DUNES, Setting.ROOFTOP)
    }
    assert bright[Setting.ROOFTOP] > 1.5 * bright[Setting.STAGE]
    snow = foreground(scene(weather=Weather.SNOW), (Event(AT, Noise.STEP),), COUNT)
    assert not np.allclose(snow, foreground(scene(), (Event(AT, Noise.STEP),), COUNT))


def test_a_bell_has_inharmonic_partials() -> None:
    sound = foreground(scene(Setting.DUNES), (Event(0.5, Noise.BELL, length=2.0, distance=9.0),), COUNT)[
        0, 28_800:124_800
    ]
    power = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    hertz = np.fft.rfftfreq(sound.size, 1 / SOUND_RATE)
    for ratio in (0.5, 1.0, 1.2, 1.5, 2.0):
        at = np.abs(hertz - 246.9 * ratio) < 4
        around = (np.abs(hertz - 246.9 * ratio) > 12) & (np.abs(hertz - 246.9 * ratio) < 30)
        assert power[at].max() > 10 * np.median(power[around]), f"no partial at {ratio}"


def test_rain_is_broad_and_water_is_dull() -> None:
    rain = background(scene(Setting.DUNES, Weather.RAIN), (), COUNT)
    octaves = [share_of_power(rain, low, 2 * low) for low in (500, 1000, 2000, 4000, 8000)]
    assert min(octaves) > 0.05, octaves
    assert share_of_power(background(scene(Setting.REEF), (), COUNT), 1000, 24_000) < 0.02


@pytest.mark.parametrize(
    ("ambience", "name"),
    [(Ambience.WAVES, "sea"), (Ambience.CROWD, "crowd"), (Ambience.FIRE, "fire"), (Ambience.INSECTS, "crickets")],
)
def test_what_the_prompt_asks_for_is_heard(ambience: Ambience, name: str) -> None:
    plain, with_it = scene(Setting.MOUNTAINS), scene(Setting.MOUNTAINS, ambience=(ambience,))
    assert name in beds(with_it) and name not in beds(plain)
    assert not np.array_equal(background(plain, (), COUNT), background(with_it, (), COUNT))


def test_asked_bells_and_thunder_come_once() -> None:
    wanted = scene(ambience=(Ambience.BELL, Ambience.THUNDER))
    assert {event.noise for event in asked(wanted, (), 5.0)} == {Noise.BELL, Noise.THUNDER}
    assert {event.noise for event in asked(wanted, (Event(1.0, Noise.BELL),), 5.0)} == {Noise.THUNDER}


def test_waves_swell_with_the_breakers() -> None:
    count = 4 * SOUND_RATE
    waves = tuple(Event(time, Noise.WAVE, length=2.4, distance=6.0) for time in (1.0, 3.5))
    sea = bed("sea", Moment(scene(Setting.SEA), waves, count), np.random.default_rng(1))
    level = np.sqrt((sea[:, : count // 2400 * 2400].reshape(2, -1, 2400) ** 2).mean(axis=(0, 2)))
    at = [round(time * 20) for time in (1.05, 3.55)]
    assert all(level[k] > 1.3 * level[k - 14] for k in at), [level[k] / level[k - 14] for k in at]


def test_dancers_get_music_on_the_beat_and_players_do_not() -> None:
    dancers = scene(subjects=(Subject(Kind.DANCER, Action.DANCE),))
    track = music(dancers, (), COUNT, np.random.default_rng(1))
    assert track is not None
    times, change = novelty(track)
    strongest = times[np.argsort(change)[-8:]]
    eighth = 60 / 100 / 2
    off = np.abs((strongest + eighth / 2) % eighth - eighth / 2)
    assert np.median(off) < HALF_A_FRAME
    assert music(dancers, (Event(0.2, Noise.BOW, length=0.5),), COUNT, np.random.default_rng(1)) is None
    assert music(scene(), (), COUNT, np.random.default_rng(1)) is None


def digest() -> str:
    events = tuple(Event(0.2 + 0.2 * k, noise, length=0.5) for k, noise in enumerate(Noise))
    dancing = scene(Setting.ALLEY, Weather.STORM, Time.NIGHT, 11, (Subject(Kind.DANCER, Action.DANCE),))
    loud = score(dancing, events, CLIP).samples.tobytes()
    return hashlib.sha256(loud + score(dancing, (), CLIP).samples.tobytes()).hexdigest()


def test_two_processes_make_the_same_samples() -> None:
    program = f"import runpy; print(runpy.run_path({__file__!r})['digest']())"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest()


def test_another_seed_is_another_sound() -> None:
    one, other = (score(scene(seed=seed), STEPS, CLIP).samples for seed in (1, 2))
    assert not np.allclose(one, other, atol=1e-3)
