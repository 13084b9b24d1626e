"""A Scene in words, short or dense, such that `understand` reads the scene back from them.

The wordings are data (`captions.toml`); the scene's seed picks among them, so that captions are varied and each scene's
is always the same.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from vitascope.filmset.prompt.choose import PEOPLE, share
from vitascope.filmset.scene.scene import (
    Ambience,
    Camera,
    CameraSection,
    Glow,
    Kind,
    Move,
    Pace,
    Scene,
    Subject,
    Weather,
)

STRONG_WIND, BREEZE, STILL = 0.6, 0.35, 0.05
SUBJECT_PACE = {Pace.SLOW: "slowly", Pace.NORMAL: "", Pace.FAST: "quickly"}
CAMERA_PACE = {Pace.SLOW: "slowly", Pace.NORMAL: "steadily", Pace.FAST: "quickly"}
WET_WEATHER = (Weather.RAIN, Weather.STORM)


@cache
def wordings() -> dict[str, Any]:
    """The table of wordings."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def caption(scene: Scene, dense: bool = False) -> str:
    """The scene in one or two sentences (place, time, weather, hero, first camera move), or dense: everything."""
    sentences = [_opening(scene)]
    cast = scene.subjects if dense else scene.subjects[:1]
    sentences += [_subject(subject) for subject in cast]
    if not scene.subjects:
        sentences.append("Only the place itself is seen.")
    if dense:
        sentences += _air(scene)
    sections = scene.sections if dense else scene.sections[:1]
    sentences.append(_camera(sections, scene.seed))
    if dense and scene.ambience:
        sentences.append(f"Sound of {_listed([_said(scene, 'ambience', sound) for sound in scene.ambience])}.")
    return " ".join(sentences)


def _said(scene: Scene, slot: str, value: Ambience | Glow | Any) -> str:
    """One of the wordings of a value, by the scene's seed."""
    choices = wordings()[slot][str(value)]
    return str(choices[int(share(scene.seed, f"caption {slot} {value}") * len(choices))])


def _opening(scene: Scene) -> str:
    place = _said(scene, "variant", scene.variant) if scene.variant else _said(scene, "setting", scene.setting)
    time = _said(scene, "time", scene.time)
    opening = f"{place} {time}, {_said(scene, 'weather', scene.weather)}."
    return opening[0].upper() + opening[1:]


def _air(scene: Scene) -> list[str]:
    """Lights, change of light, wind, ground and mood, as far as they are anything special."""
    told = []
    if scene.later:
        told.append(f"The light shifts from {_noun_of_time(scene, scene.time)} to {_noun_of_time(scene, scene.later)}.")
    if scene.glows:
        told.append(f"It is lit by {_listed([_said(scene, 'glow', light) for light in scene.glows])}.")
    if scene.wind >= STRONG_WIND and scene.weather not in (Weather.WIND, Weather.STORM):
        told.append("A strong wind blows.")
    elif BREEZE <= scene.wind < STRONG_WIND and scene.weather is Weather.CLEAR:
        told.append("A breeze blows.")
    elif scene.wind < STILL:
        told.append("There is no wind.")
    if scene.wet and scene.weather not in WET_WEATHER:
        told.append("The ground is wet.")
    if scene.mood:
        told.append(f"The mood: {_said(scene, 'mood', scene.mood)}.")
    return told


def _noun_of_time(scene: Scene, time: Any) -> str:
    return {"dawn": "dawn", "day": "daylight", "sunset": "dusk", "night": "night"}[str(time)]


def _subject(subject: Subject) -> str:
    several = subject.count != 1
    slot, kind = ("craft", subject.craft) if subject.craft else ("kind", subject.kind)
    noun = wordings()[slot][kind.value][several]
    verb = wordings()["action"][subject.action.value][several]
    wears = subject.kind in PEOPLE
    thing = " ".join(filter(None, [_number(subject.count), None if wears else subject.colour, noun]))
    dressed = f"in {subject.colour}" if wears and subject.colour else ""
    held = f"with a {subject.prop}" if subject.prop else ""
    way = wordings()["direction"][subject.direction.value][0] if subject.direction else ""
    parts = [_article(thing, subject), dressed, held, verb, SUBJECT_PACE[subject.pace], way]
    sentence = " ".join(filter(None, parts)) + "."
    return sentence[0].upper() + sentence[1:]


def _number(count: int) -> str:
    words = wordings()["number"]["words"]
    return "" if count == 1 else str(words[count] if count < len(words) else count)


def _article(thing: str, subject: Subject) -> str:
    if subject.count != 1:
        return thing
    if subject.kind is Kind.CROWD:
        return "a crowd of people"
    return ("an " if thing[0] in "aeiou" else "a ") + thing


def _camera(sections: tuple[CameraSection, ...], seed: int) -> str:
    """ "The camera pans slowly to the left, then tilts upward. Then cut to a new shot. The camera is fixed." """
    sentences: list[str] = []
    for number, section in enumerate(sections):
        if number and section.cut:
            sentences.append("Then cut to another angle")
        if number and not section.cut:
            sentences[-1] += f", then {_move(section.camera, seed)}"
        else:
            sentences.append(f"The camera {_move(section.camera, seed)}")
    return ". ".join(sentences) + "."


def _move(camera: Camera, seed: int) -> str:
    choices = wordings()["camera"][camera.move.value]
    verb = choices[int(share(seed, f"caption {camera.move}") * len(choices))]
    if camera.move in (Move.FIXED, Move.HANDHELD):
        return str(verb)
    way = wordings()["direction"][camera.direction.value][0] if camera.direction else ""
    return " ".join(filter(None, [str(verb), CAMERA_PACE[camera.pace], way]))


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
