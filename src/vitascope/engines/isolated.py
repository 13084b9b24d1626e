"""Engines in a process of their own: what dies there is one take's error, never the end of the worker.

Whoever uses an `Isolated` sees an ordinary engine. Its process is started by the first shot and stays for the next,
with whatever the engine loaded when it was opened; it is replaced when it dies, and ended when nobody has used it for
a while. Frames cross a pipe one chunk at a time, so neither side is ever more than a chunk ahead and the whole video
is in nobody's memory.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from vitascope.engines.pipes import GRACE, Helper, Line, LineBroken
from vitascope.engines.protocol import Control, Engine, check
from vitascope.errors import EngineFailed, TakeFailed
from vitascope.values import Clip, Frames, Picture, Reading, Shot, Sound

MakeEngine = Callable[[], Engine]
"""Builds an engine; must pickle (a class or a `functools.partial` of one)."""


@dataclass(frozen=True, slots=True)
class _Progress:
    percent: int
    stage: str
    preview: Picture | None


@dataclass(frozen=True, slots=True)
class _Opening:
    sound: Sound | None
    reading: Reading | None
    plan: str


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None


@dataclass(frozen=True, slots=True)
class _Cancel:
    """To the child: this shot is no longer wanted."""


class Isolated:
    """An engine whose shots run in child processes, as many as there are shots at the same time.

    A child that has been idle for `idle` seconds, or has made `most_shots` (None: any number), is ended.
    """

    def __init__(self, make: MakeEngine, idle: float = 300.0, most_shots: int | None = None) -> None:
        self._make = make
        self._idle = idle
        self._most_shots = most_shots
        self._free: list[_Child] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def open(self) -> None:
        """Nothing yet: the first shot starts a child."""

    def close(self) -> None:
        """End the children that are idle; one that is at work ends with its shot."""
        with self._lock:
            children, self._free, self._idle = self._free, [], 0.0
            if self._timer is not None:
                self._timer.cancel()
        for child in children:
            child.end(at_once=False)

    def generate(self, shot: Shot, control: Control) -> Clip:
        """Hand the shot to a child and wait for its opening. Raises `Cancelled` or `EngineFailed`."""
        child = self._child()
        try:
            child.begin(shot, control)
            opening = child.receive()
            if not isinstance(opening, _Opening):
                raise EngineFailed("The engine ended before it began.")
        except BaseException:
            self._release(child)
            raise
        chunks = _Chunks(child, self._release)
        return Clip(shot.size, shot.timing, chunks, opening.sound, opening.reading, opening.plan)

    def _child(self) -> _Child:
        """An idle child, or a new one."""
        with self._lock:
            while self._free:
                child = self._free.pop()
                if child.alive:
                    return child
                child.end()
        return _Child(self._make)

    def _release(self, child: _Child) -> None:
        """Keep a child for the next shot, if it is of any more use."""
        usable = child.rest()
        worn = self._most_shots is not None and child.shots >= self._most_shots
        with self._lock:
            keep = usable and not worn and self._idle > 0
            if keep:
                child.idle_since = time.monotonic()
                self._free.append(child)
                self._look_later(self._idle)
        if not keep:
            child.end(at_once=not usable)

    def _look_later(self, seconds: float) -> None:
        """Look for idle children in so many seconds, if no look is planned. Call it with the lock held."""
        if self._timer is None:
            self._timer = threading.Timer(seconds, self._end_the_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_the_idle(self) -> None:
        with self._lock:
            self._timer = None
            latest = time.monotonic() - self._idle
            old = [child for child in self._free if child.idle_since <= latest]
            self._free = [child for child in self._free if child.idle_since > latest]
            if self._free:
                self._look_later(min(child.idle_since for child in self._free) - latest)
        for child in old:
            child.end(at_once=False)


class _Chunks(Iterator[Frames]):
    """All chunks of a shot. The child is free again at their end, or when they are closed, even before the first."""

    def __init__(self, child: _Child, release: Callable[[_Child], None]) -> None:
        self._child: _Child | None = child
        self._release = release

    def __next__(self) -> Frames:
        if self._child is None:
            raise StopIteration
        try:
            chunk = self._child.receive()
        except BaseException:
            self.close()
            raise
        if not isinstance(chunk, np.ndarray):
            self.close()
            raise StopIteration
        return chunk

    def close(self) -> None:
        """Stop the shot, if it goes on."""
        child, self._child = self._child, None
        if child is not None:
            self._release(child)


class _Child:
    """The parent's end of one child process, which makes one shot at a time."""

    def __init__(self, make: MakeEngine) -> None:
        # Not a daemon: engines may have children of their own. It ends when its line breaks.
        self._helper = Helper(_work, make, daemon=False)
        self._control: Control | None = None
        self._sound = True
        self.shots = 0
        self.idle_since = 0.0

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._helper.alive

    def begin(self, shot: Shot, control: Control) -> None:
        """Hand over a shot. Raises `EngineFailed` if the process has died."""
        self._control = control
        self.shots += 1
        try:
            self._helper.line.send(shot)
        except LineBroken:
            raise self._died() from None

    def receive(self) -> Any:
        """The next opening or chunk of the shot, None at its end; progress goes to the control on the way."""
        control = self._control
        assert control is not None, "a shot was begun"
        while True:
            check(control)
            message = self._next(lambda: check(control))
            if isinstance(message, _Progress):
                control.progress(message.percent, message.stage, message.preview)
            elif isinstance(message, _End):
                self._control = None
                if message.error is not None:
                    # An engine that failed may be broken for good: the next shot gets another process.
                    self._sound = not isinstance(message.error, EngineFailed)
                    raise message.error
                return None
            else:
                return message

    def rest(self) -> bool:
        """Get ready for another shot: cancel what is left of the last one. False if the process does not answer."""
        if self._control is None:
            return self._sound and self.alive
        self._control = None
        latest = time.monotonic() + GRACE

        def hurry() -> None:
            if time.monotonic() > latest:
                raise LineBroken

        with contextlib.suppress(LineBroken, EngineFailed):
            self._helper.line.send(_Cancel())
            while time.monotonic() < latest:
                if isinstance(self._helper.line.receive(hurry), _End):
                    return True
        return False

    def end(self, at_once: bool = True) -> None:
        """End the process."""
        self._helper.end(at_once)

    def _next(self, between: Callable[[], None]) -> Any:
        try:
            return self._helper.line.receive(between)
        except LineBroken:
            raise self._died() from None

    def _died(self) -> EngineFailed:
        self._control, self._sound = None, False
        return EngineFailed(f"The engine's process died (exit code {self._helper.exit_code()}).")


class _Line:
    """The child's control: progress goes up the line, a cancellation comes down it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._last = (-1, "")
        self._cancelled = False

    def progress(self, percent: int, stage: str = "", preview: Picture | None = None) -> None:
        """Send what is new."""
        if preview is not None or percent > self._last[0] or stage not in ("", self._last[1]):
            self._last = (max(percent, self._last[0]), stage or self._last[1])
            self._line.send(_Progress(*self._last, preview))

    def cancelled(self) -> bool:
        """True once the parent has said so. Nothing else comes down the line during a shot."""
        if not self._cancelled and self._line.waits():
            self._cancelled = isinstance(self._line.receive(), _Cancel)
        return self._cancelled


def _work(make: MakeEngine, line: Line) -> None:
    """The child's life: shot after shot, until the parent hangs up."""
    engine: Engine | None = None
    try:
        while True:
            shot = line.receive()
            if not isinstance(shot, Shot):
                continue  # a cancellation that crossed the end of its shot
            try:
                if engine is None:
                    engine = _opened(make)
                _make_clip(engine, shot, line)
                end = _End(None)
            except LineBroken:
                raise
            except TakeFailed as error:
                end = _End(type(error)(str(error)))
            except Exception as error:  # noqa: BLE001 - the last handler of a process
                end = _End(EngineFailed(f"The engine failed: {type(error).__name__}: {error}"))
            line.send(end)
    finally:
        if engine is not None:
            engine.close()


def _opened(make: MakeEngine) -> Engine:
    engine = make()
    try:
        engine.open()
    except BaseException:
        engine.close()
        raise
    return engine


def _make_clip(engine: Engine, shot: Shot, line: Line) -> None:
    control = _Line(line)
    clip = engine.generate(shot, control)
    line.send(_Opening(clip.sound, clip.reading, clip.plan))
    try:
        for chunk in clip.chunks:
            line.send_array(chunk)
            check(control)
    finally:
        clip.close()
