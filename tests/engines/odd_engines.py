"""Engines that misbehave, importable by the child processes that run them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vitascope.engines.protocol import Control, Facts
from vitascope.values import Clip, Frames, Shot


class Odd:
    """Grey frames that grow brighter; at frame 5 it does what its name says."""

    facts = Facts("odd", "for tests", "Does one odd thing.", heavy=True)

    def __init__(self, habit: str, flag: Path | None = None) -> None:
        self._habit = habit
        self._flag = flag

    def plan(self, shot: Shot) -> str:
        return self._habit

    def generate(self, shot: Shot, control: Control) -> Clip:
        if self._habit == "never begins":
            time.sleep(60)
        return Clip(shot.size, shot.timing, self._frames(shot, control))

    def _frames(self, shot: Shot, control: Control) -> Iterator[Frames]:
        for index in range(shot.timing.frames):
            if index == 5:
                self._act()
            yield np.full((1, shot.size.height, shot.size.width, 3), index, np.uint8)
            control.progress(100 * (index + 1) // shot.timing.frames)

    def _act(self) -> None:
        if self._habit == "dies" or (self._habit == "dies once" and self._flag and not self._flag.exists()):
            if self._flag:
                self._flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if self._habit == "raises":
            raise ValueError("the brush broke")
        if self._habit == "hangs":
            time.sleep(60)
