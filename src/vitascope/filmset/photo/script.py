"""What a prompt asks of a given picture. A picture shows its own place, light and people: nothing is chosen for it.

Words are read as for any scene; what the seed chose because no word said it is taken back. Beyond that the words for
things that move by themselves are read (`motions.toml`): they matter to pictures alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from vitascope.filmset.photo.motions import Stir, meant, phrases
from vitascope.filmset.prompt import choose
from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.language import language_of
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.prompt.stillness import stillness
from vitascope.filmset.prompt.understand import NOTHING, understand
from vitascope.filmset.prompt.unshown import quiet_words
from vitascope.filmset.prompt.words import tokens
from vitascope.filmset.scene.scene import (
    Ambience,
    Camera,
    CameraSection,
    Direction,
    Move,
    Mover,
    Scene,
    Setting,
    Time,
    Weather,
)
from vitascope.values import Reading, Understood

REACH = 3  # words between a colour and the cloth that has it
STIRRING = "rise rising drift flow flicker sway flutter rush pour fall run blow dance move shimmer float come alive"
"""Words that say no more than that something moves."""
CLOSE = frozenset(
    {"portrait", "portraits", "face", "faces", "headshot", "selfie", "closeup", "smile", "smiles", "smiling"}
    | {"retrato", "gesicht", "visage"}
)
"""Words that say that a face fills the picture."""
FACES = CLOSE | {"eye", "eyes", "hair", "head", "wink", "winks", "blink", "blinks"}
"""Words that only pictures of people (or animals) are described with."""
ONE_SHOT = "A clip of a given picture is one shot: it follows the first camera move of the prompt."
POSED = "People, animals and things keep the pose that the picture shows; what is listed as motion moves by itself."
BESIDE = "Shown only where the picture shows it already: {words}."
FOLLOWED = frozenset({"stillness", "setting", "time", "later", "weather", "wind", "glow", "camera", "sound"})
GLOWING = frozenset({"fireflies", "bioluminescence", "stars", "lanterns", "neon"})
HEARD = {"crowd": Ambience.CROWD, "vehicle": Ambience.TRAFFIC, "birds": Ambience.BIRDSONG}
"""What the prompt says is there is heard, though the picture is not searched for it."""


@dataclass(frozen=True, slots=True)
class Script:
    """What moves by itself, as asked: `stirs`, and the colour of the cloth that moves if the prompt names it.

    `placed` says that the prompt names the place, so that it may be heard; `person`, that it names somebody;
    `directed`, that it names the camera's move. `stilled` is what it says does not move; `close`, that it
    names a face. If it is `still`, nothing moves but that and what `but` names (`Mover`s and kinds of subjects).
    """

    stirs: frozenset[Stir] = frozenset()
    cloth: str | None = None
    placed: bool = False
    person: bool = False
    directed: bool = False
    stilled: frozenset[Stir] = frozenset()
    close: bool = False
    still: bool = False
    but: tuple[str, ...] = ()

    def stands(self, part: Mover, *stirs: Stir) -> bool:
        """Whether a part of the picture must not move."""
        return self.still and part not in self.but and not set(stirs) & self.stirs


NOTHING_NAMED = Script()


def scripted(prompt: str, seed: int, camera_fixed: bool = False) -> tuple[Scene, Script, Reading]:
    """The scene with only what the prompt says, the script, and the reading with what pictures can show more."""
    scene, reading = understand(prompt, seed, camera_fixed)
    told = {found.slot for found in reading.understood if found.words and not found.value.startswith("no ")}
    camera = scene.sections[0].camera
    if "camera" not in told and not camera_fixed and not scene.still:
        camera = _by_itself(seed)
    lights = () if scene.stands(Mover.LIGHTS) else scene.glows
    scene = replace(
        scene,
        setting=scene.setting if "setting" in told else Setting.DUNES,
        time=(scene.later or scene.time) if "time" in told and not scene.stands(Mover.TIME) else Time.DAY,
        weather=scene.weather if "weather" in told and not scene.stands(Mover.WEATHER) else Weather.CLEAR,
        glows=lights,
        subjects=(),
        ambience=tuple(dict.fromkeys((*scene.ambience, *_heard(reading)))),
        sections=(CameraSection(0.0, camera),),
        wind=scene.wind if told & {"wind", "weather"} else min(scene.wind, 0.3),
    )
    table = language_of(prompt).table
    read = Read.of(prompt, phrases(table))
    quiet = stillness(read, table)
    read = replace(read, spared=quiet.excepted) if quiet else read
    said, stilled = meant(read, table)
    said = [mention for mention in said if quiet is None or quiet.moves(mention)]
    cloth, words = _cloth(read, said), _worded(read, said)
    script = Script(
        frozenset(words),
        cloth,
        "setting" in told,
        _somebody(read),
        "camera" in told,
        stilled,
        _close(read),
        scene.still,
        scene.but,
    )
    return scene, script, _reading(reading, camera, camera_fixed, words)


def _reading(reading: Reading, camera: Camera, camera_fixed: bool, words: dict[Stir, str]) -> Reading:
    """What was read, without what a picture does not show and with what moves in it."""
    remarks = tuple(remark for remark in reading.remarks if remark != NOTHING)
    said = [found for found in reading.understood if found.words]
    if sum(found.slot == "camera" for found in said) > 1 and not camera_fixed:
        remarks = (*remarks, ONE_SHOT)
    if any(found.slot in ("subject", "action") for found in said):
        remarks = (*remarks, POSED)
    kept = [found for found in said if found.slot in FOLLOWED and (found.slot != "glow" or found.value in GLOWING)]
    if not any(found.slot == "camera" for found in kept):
        kept.append(Understood("camera", _named(camera), ""))
    kept += [Understood("motion", stir.value, text) for stir, text in words.items() if text]
    unlit = [found.words for found in said if found.slot == "glow" and found.value not in GLOWING]
    missed = (*reading.missed, *unlit)
    beside = [phrase for phrase in missed if not _explained_by(phrase, words.values())]
    if beside:
        remarks = (*remarks, BESIDE.format(words=", ".join(beside)))
    return Reading(tuple(kept), (), remarks)


def _heard(reading: Reading) -> list[Ambience]:
    """The sounds of those who are named."""
    named = [found.value for found in reading.understood if found.slot == "subject" and found.words]
    return [HEARD[value] for value in named if value in HEARD]


def _by_itself(seed: int) -> Camera:
    """The move for a picture about which nothing is said: mostly a slow push, else an orbit."""
    move = Move(choose.draw(seed, "picture camera", {Move.PUSH_IN.value: 2.0, Move.ORBIT.value: 1.0}))
    side = Direction.RIGHT if choose.share(seed, "picture side") < 0.5 else Direction.LEFT
    return Camera(move, side if move is Move.ORBIT else None)


def _named(camera: Camera) -> str:
    return camera.move.value if camera.direction is None else f"{camera.move.value} {camera.direction.value}"


def _somebody(read: Read) -> bool:
    """Whether a prompt speaks of a person: then the picture may show a face."""
    kinds = {mention.value for mention in read.mentioned("kind")}
    return bool(read.mentioned("person") or kinds & set(choose.PEOPLE) or {word.text for word in read.words} & FACES)


def _close(read: Read) -> bool:
    """Whether a prompt speaks of a face, or of somebody close up."""
    texts = [word.text for word in read.words]
    return bool(set(texts) & CLOSE) or (("close", "up") in itertools.pairwise(texts) and _somebody(read))


def _worded(read: Read, said: list[Mention]) -> dict[Stir, str]:
    """What is asked to move, and the words that say so."""
    stirs = [stir for stir in Stir if any(mention.value == stir for mention in said)]
    return {stir: read.phrase(mention for mention in said if mention.value == stir) for stir in stirs}


def _cloth(read: Read, said: list[Mention]) -> str | None:
    """The colour of the cloth that is asked to move."""
    return _colour_of([mention for mention in said if mention.value == Stir.CLOTH], read.mentioned("colour"))


def _colour_of(cloths: list[Mention], colours: list[Mention]) -> str | None:
    """The colour said right before a cloth."""
    for cloth in cloths:
        for colour in reversed(colours):
            if colour.sentence == cloth.sentence and 0 <= cloth.start - colour.end < REACH:
                return colour.value
    return None


def _explained_by(phrase: str, words: Iterable[str]) -> bool:
    """Whether all that a phrase says is among words that were understood."""
    known = {token.stem for text in words for token in tokens(text)} | {token.stem for token in tokens(STIRRING)}
    return all(token.stem in known or token.text in quiet_words() for token in tokens(phrase))
