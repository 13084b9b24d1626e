"""Engines that misbehave, importable by the child processes that run them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vitascope.engines.protocol import Control, check
from vitascope.errors import EngineFailed
from vitascope.values import Clip, Frames, Shot


class Odd:
    """Grey frames that grow brighter; at frame 5 it does what its habit says. Its plan names its process."""

    def __init__(self, habit: str, flag: Path | None = None) -> None:
        self._habit = habit
        self._flag = flag
        self._opened = 0

    def open(self) -> None:
        if self._habit == "cannot be opened":
            raise EngineFailed("The weights are missing.")
        self._opened += 1

    def close(self) -> None:
        if self._habit == "says goodbye" and self._flag:
            self._flag.touch()

    def generate(self, shot: Shot, control: Control) -> Clip:
        if self._habit == "never begins":
            time.sleep(60)
        plan = f"process {os.getpid()}, opened {self._opened} times"
        return Clip(shot.size, shot.timing, self._frames(shot, control), plan=plan)

    def _frames(self, shot: Shot, control: Control) -> Iterator[Frames]:
        for index in range(shot.timing.frames):
            check(control)
            if index == 5:
                self._act(control)
            frame = np.full((1, shot.size.height, shot.size.width, 3), index, np.uint8)
            yield frame
            control.progress(100 * (index + 1) // shot.timing.frames, "painting", frame[0] if index == 3 else None)

    def _act(self, control: Control) -> None:
        if self._habit == "dies" or (self._habit == "dies once" and self._flag and not self._flag.exists()):
            if self._flag:
                self._flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if self._habit == "raises once" and self._flag and not self._flag.exists():
            self._flag.touch()
            raise ValueError("the brush broke")
        if self._habit == "raises":
            raise ValueError("the brush broke")
        if self._habit == "hangs":
            time.sleep(60)
        if self._habit == "is slow":
            for _ in range(600):
                time.sleep(0.05)
                check(control)
