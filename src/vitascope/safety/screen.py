"""Watches a clip's frames while they go by, and the prompt's words: the answer to a task's `safety` setting.

Three modes: `none` looks at nothing, `fast` at the first, the middle and the last frame, `full` at every frame. Nothing
is stored and no frame is read twice. The result is one boolean, the wire's `NSFWContent`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

from vitascope.values import Frames, Picture, SafetyMode

# Words that name what the frame screen looks for. Whole words only: cocktails and Essex are nobody's business.
_WORDS = frozenset(
    word
    for line in (
        "naked nakedness nude nudes nudity topless bottomless undressed unclothed striptease stripper nsfw xxx",
        "porn porno pornographic pornography hentai erotic erotica sex sexual sexy intercourse orgasm orgy bdsm",
        "masturbate masturbates masturbating masturbation blowjob handjob cumshot fellatio cunnilingus",
        "genitals genitalia penis penises vagina vaginas vulva nipple nipples boobs tits",
        "nackt nackte nackter desnudo desnuda nudo nuda",
    )
    for word in line.split()
)


class Detector(Protocol):
    """What decides about one picture: a `Classifier`, outside of tests."""

    def flagged(self, picture: Picture) -> bool:
        """True if the picture (uint8, height x width x 3, sRGB) should be flagged."""
        ...


class Screen:
    """The screen of one clip: show it every chunk with `look`, then ask for the `verdict`."""

    def __init__(self, mode: str, frames: int, detector: Detector, prompt: str = "") -> None:
        """`mode` is a `SafetyMode`; `frames` is the clip's length; a prompt, if given, is screened as well. The
        `detector` is shown nothing in mode `none`.

        Raises ValueError for any other mode.
        """
        if mode not in set(SafetyMode):
            raise ValueError(f"mode must be one of {', '.join(SafetyMode)}, not {mode}")
        self._mode = SafetyMode(mode)
        every = self._mode is SafetyMode.FULL
        self._wanted = frozenset(range(frames) if every else (0, frames // 2, frames - 1))
        self._detector = detector
        self._seen = 0
        self._flagged = self._mode is not SafetyMode.NONE and bool(flagged_words(prompt))

    def look(self, chunk: Frames) -> None:
        """Look at the next frames: uint8 (time, height, width, 3). Once flagged, a clip stays flagged."""
        if self._mode is SafetyMode.NONE:
            return
        for picture in chunk:
            if self._seen in self._wanted and not self._flagged:
                self._flagged = self._detector.flagged(picture)
            self._seen += 1

    @property
    def verdict(self) -> bool | None:
        """What has been found so far: True = flagged. None in mode `none`: nobody looked."""
        return None if self._mode is SafetyMode.NONE else self._flagged


def flagged_words(prompt: str) -> tuple[str, ...]:
    """The words of a prompt that are on the list, in their order, whatever their case, accents or letter width."""
    plain = unicodedata.normalize("NFKD", prompt).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(word for word in re.findall(r"[^\W\d_]+", plain) if word in _WORDS)
