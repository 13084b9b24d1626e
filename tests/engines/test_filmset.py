"""The film set as an engine: exact frames, sound as long as the picture, the same bytes for any number of processes."""

from __future__ import annotations

import hashlib

import numpy as np

from tests.filmset.photo.pictures import gorge, landscape
from vitascope.engines.filmset import FilmSet
from vitascope.engines.protocol import Unattended
from vitascope.filmset.photo.lightning import flashes
from vitascope.values import SOUND_RATE, Effort, Shot, Size, Timing

PROMPT = "A dancer in a red dress spins on a rooftop at night, fixed camera"


def shot(effort: Effort = Effort.FAST, seed: int = 3) -> Shot:
    return Shot(PROMPT, Size(128, 72), Timing(9), seed, effort, sound=True)


def digest(processes: int, order: Shot) -> str:
    clip = FilmSet(processes).generate(order, Unattended())
    chunks = [np.ascontiguousarray(chunk) for chunk in clip.chunks]
    assert sum(len(chunk) for chunk in chunks) == order.timing.frames
    assert all(chunk.shape[1:] == (72, 128, 3) for chunk in chunks)
    return hashlib.sha256(b"".join(chunk.tobytes() for chunk in chunks)).hexdigest()


def test_any_number_of_processes_draws_the_same_clip() -> None:
    assert digest(1, shot()) == digest(2, shot())


def test_another_seed_is_another_clip() -> None:
    assert digest(1, shot()) != digest(1, shot(seed=4))


def test_sound_is_as_long_as_the_picture() -> None:
    clip = FilmSet(1).generate(shot(), Unattended())
    assert clip.sound is not None
    assert clip.sound.samples.shape == (2, clip.timing.samples(SOUND_RATE))
    assert clip.reading is not None
    assert any(found.slot == "setting" and found.value == "rooftop" for found in clip.reading.understood)


def test_a_given_first_picture_is_the_first_frame() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (72, 128, 3), np.uint8)
    order = Shot(PROMPT, Size(128, 72), Timing(5), 3, Effort.FAST, first=picture)
    first = next(iter(FilmSet(1).generate(order, Unattended()).chunks))[0]
    assert np.array_equal(first, picture)


def test_what_a_given_picture_does_not_allow_is_said() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (72, 128, 3), np.uint8)
    order = Shot("a garden, the camera pulls out", Size(128, 72), Timing(5), 3, Effort.FAST, first=picture)
    clip = FilmSet(1).generate(order, Unattended())
    assert clip.reading is not None and any("push" in remark for remark in clip.reading.remarks), clip.reading


def test_the_plan_says_what_full_effort_adds() -> None:
    assert FilmSet(1).generate(shot(), Unattended()).plan != (
        full := FilmSet(1).generate(shot(Effort.FULL), Unattended()).plan
    )
    assert "shutter" in full


def pictured(prompt: str, picture: np.ndarray, frames: int = 97, seed: int = 3) -> Shot:
    return Shot(prompt, Size(320, 180), Timing(frames), seed, Effort.FAST, sound=True, camera_fixed=True, first=picture)


def heard(order: Shot) -> np.ndarray:
    clip = FilmSet(1).generate(order, Unattended())
    assert clip.sound is not None and clip.sound.samples.shape == (2, clip.timing.samples(SOUND_RATE))
    return clip.sound.samples


def test_the_seed_puts_no_weather_before_a_given_picture() -> None:
    picture = landscape(Size(320, 180))
    for seed in range(6):
        clip = FilmSet(1).generate(pictured("make it come alive", picture, 5, seed), Unattended())
        assert clip.reading is not None
        slots = {found.slot: found.value for found in clip.reading.understood}
        assert "weather" not in slots and "time" not in slots and slots["camera"] == "fixed"
        assert slots["found"] == "water"


def test_a_fall_on_the_left_is_heard_on_the_left() -> None:
    left = np.ascontiguousarray(np.roll(gorge(Size(320, 180)), -110, axis=1))
    power = [(heard(pictured("a waterfall", picture)) ** 2).mean(axis=1) for picture in (left, left[:, ::-1].copy())]
    assert power[0][0] > 2 * power[0][1] and power[1][1] > 2 * power[1][0]


def test_thunder_follows_its_flash() -> None:
    order = pictured("a thunderstorm with lightning", landscape(Size(320, 180)), 145, seed=5)
    samples = heard(order)
    flash = flashes(5, float(order.timing.seconds))[0]
    low = np.abs(np.convolve(samples.mean(axis=0), np.ones(240) / 240, "same"))  # rain has little below 200 Hz
    level = low[: len(low) // 4800 * 4800].reshape(-1, 4800).mean(axis=1)  # tenths of a second
    struck = round(flash.time * 10)
    onset = struck + int(np.argmax(np.diff(level[struck : struck + 12])))
    assert onset > struck + 1, "light is faster than sound"
    assert level[onset + 1 : onset + 6].max() > 2 * level[max(0, struck - 5) : struck].mean()


def test_a_picture_in_which_nothing_sounds_is_nearly_silent() -> None:
    wall = np.full((180, 320, 3), (120, 100, 80), np.uint8)
    assert np.sqrt((heard(pictured("make it move", wall)) ** 2).mean()) < 0.03
    assert np.sqrt((heard(pictured("the sound of the sea", wall)) ** 2).mean()) > 0.06
