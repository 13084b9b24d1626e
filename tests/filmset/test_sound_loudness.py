"""The loudness meter against the standard's own figures and against FFmpeg's meter, and the limiter."""

from __future__ import annotations

import av
import numpy as np
import pytest

from vitascope.filmset.scene.scene import Event, Noise, Scene, Setting, Time, Weather
from vitascope.filmset.sound.loudness import CEILING, limited, loudness, mastered, true_peak
from vitascope.filmset.sound.score import score
from vitascope.values import SOUND_RATE, Timing


def sine(hertz: float, level: float, seconds: float = 4.0, phase: float = 0.0) -> np.ndarray:
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SOUND_RATE)) / SOUND_RATE + phase)
    return np.stack([wave, wave]).astype(np.float32)


def ffmpeg_measures(sound: np.ndarray) -> tuple[float, float]:
    """(integrated LUFS, true peak dBTP) by FFmpeg's ebur128 filter."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="fltp", sample_rate=SOUND_RATE, layout="stereo", time_base=None)
    meter = graph.add("ebur128", "peak=true:metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout="stereo")
    frame.sample_rate = SOUND_RATE
    frame.pts = 0
    graph.push(frame)
    graph.push(None)
    measured: dict[str, str] = {}
    while True:
        try:
            measured.update(graph.pull().metadata)
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    peaks = [float(measured[f"lavfi.r128.true_peaks_ch{side}"]) for side in (0, 1)]
    return float(measured["lavfi.r128.I"]), 20 * np.log10(max(peaks))


def test_the_standards_reference_tone() -> None:
    """BS.1770-4: a full-scale 997 Hz sine in one channel reads -3.01 LUFS."""
    tone = sine(997, 0.0)
    tone[1] = 0
    assert loudness(tone) == pytest.approx(-3.01, abs=0.05)


def test_gates_leave_silence_out() -> None:
    tone = sine(997, -20.0)
    assert loudness(np.concatenate([tone, np.zeros_like(tone)], axis=1)) == pytest.approx(loudness(tone), abs=0.3)
    assert loudness(np.zeros((2, 48_000), np.float32)) == float("-inf")


def test_true_peak_sees_between_the_samples() -> None:
    """A quarter-rate sine sampled off its crests has samples 3 dB under its peak."""
    tone = sine(12_000, 0.0, phase=np.pi / 4)
    assert np.abs(tone).max() == pytest.approx(0.707, abs=0.01)
    assert true_peak(tone[:, : 4 * 12_000]) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("setting", [Setting.ROOFTOP, Setting.HARBOUR, Setting.REEF])
def test_our_meter_agrees_with_another(setting: Setting) -> None:
    events = tuple(Event(0.2 + 0.5 * k, Noise.STEP) for k in range(9))
    sound = score(Scene(setting, Time.DAY, Weather.RAIN, 3), events, Timing.of_seconds(5)).samples
    level, peak = ffmpeg_measures(sound)
    assert loudness(sound) == pytest.approx(level, abs=0.3)
    assert level == pytest.approx(-16, abs=1.0)
    assert peak <= -1.0


def test_the_limiter_holds_peaks_and_leaves_the_rest() -> None:
    sound = sine(440, -20.0)
    sound[:, 96_000] = 3.0
    held = limited(sound)
    assert true_peak(held) <= CEILING * 1.005
    assert np.allclose(held[:, :90_000], sound[:, :90_000])
    quiet = sine(440, -20.0)
    assert limited(quiet) is quiet


def test_mastering_reaches_the_target_from_anywhere() -> None:
    for level in (-50.0, -16.0, 0.0):
        assert loudness(mastered(sine(997, level))) == pytest.approx(-16, abs=0.3)
