"""Pictures decoded in processes of their own: what a file does to its decoder is that file's error and nobody else's.

A few such processes stay warm; each works on one picture at a time, within limits of memory and processor time that it
sets itself (`decoder`) and a limit of time that is kept here. One that dies, or goes beyond its time, or whose picture
is no longer wanted, is ended, and the next picture gets another. This module loads no picture library.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vitascope.errors import Unavailable
from vitascope.media.decoder import ANSWER, FIT, LOOK, REFUSED, REQUEST, WHOLE
from vitascope.media.kinds import UnreadablePicture, picture_format
from vitascope.values import Size

PATIENCE = 0.2  # seconds between two questions whether a picture is still wanted
SECONDS = 90.0  # that one picture may take, however busy the machine is
PROCESSES = 2

COMMAND = (sys.executable, "-P", "-m", "vitascope.media.decoder")
PIECE = 65_536  # bytes sent or received at once
TOO_LONG = "this one takes too long to decode"
ENDINGS: dict[int, str] = {signal.SIGXCPU: TOO_LONG, signal.SIGKILL: "its decoder was stopped over it"}

log = logging.getLogger("vitascope.media")

Between = Callable[[], None]
"""Called every now and then while a picture is decoded; what it raises ends the decoding."""


def nothing() -> None:
    """A picture that stays wanted."""


class Decoders:
    """Decodes pictures for any number of threads, in so many processes at the most."""

    def __init__(self, processes: int = PROCESSES) -> None:
        self._turns = threading.Semaphore(processes)
        self._lock = threading.Lock()
        self._free: list[_Decoder] = []
        self._busy: set[_Decoder] = set()
        self._closed = False

    def look(self, data: bytes, between: Between = nothing) -> Size:
        """The size at which a picture is meant to be seen, from its header alone. Raises `UnreadablePicture`."""
        return self._ask(LOOK, data, Size(0, 0), between)[0]

    def whole(self, data: bytes, between: Between = nothing) -> Size:
        """The same, once the whole picture has been decoded. Raises `UnreadablePicture`."""
        return self._ask(WHOLE, data, Size(0, 0), between)[0]

    def fit(self, data: bytes, size: Size, between: Between = nothing) -> bytes:
        """The picture upright, in sRGB, cut and scaled to a size: RGB bytes, row by row. Raises `UnreadablePicture`."""
        return self._ask(FIT, data, size, between)[1]

    def close(self) -> None:
        """End the processes. Whose picture is just being decoded gets Unavailable."""
        with self._lock:
            free, self._free, self._closed = self._free, [], True
            for decoder in self._busy:
                decoder.kill()
        for decoder in free:
            decoder.end()

    def _ask(self, what: int, data: bytes, size: Size, between: Between) -> tuple[Size, bytes]:
        picture_format(data)  # what is no picture at all troubles no process
        while not self._turns.acquire(timeout=PATIENCE):
            between()
        try:
            request = REQUEST.pack(what, size.width, size.height, len(data)) + data
            while True:
                with self._decoder(between) as decoder, self._at_work(decoder):
                    answer = decoder.ask(request, between)
                if answer is not None:
                    break
                decoder.end()  # it had been idle for too long: that is not this picture's fault
            self._keep(decoder)
        finally:
            self._turns.release()
        if answer.reason:
            raise UnreadablePicture(answer.reason)
        return answer.size, answer.content

    def _decoder(self, between: Between) -> _Decoder:
        with self._lock:
            if self._free:
                return self._free.pop()
        latest = time.monotonic() + SECONDS
        while True:
            try:
                return _Decoder()
            except OSError:  # no memory or no process left, for the moment
                if time.monotonic() > latest:
                    raise
            between()
            time.sleep(PATIENCE)

    @contextmanager
    def _at_work(self, decoder: _Decoder) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise Unavailable
            self._busy.add(decoder)
        try:
            yield
        except UnreadablePicture:
            if self._closed:  # which is what it broke down over
                raise Unavailable from None
            raise
        finally:
            with self._lock:
                self._busy.discard(decoder)

    def _keep(self, decoder: _Decoder) -> None:
        with self._lock:
            if not self._closed:
                self._free.append(decoder)
                return
        decoder.end()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a process says of a picture: its size, its pixels if they were asked for; or why it cannot be read."""

    size: Size
    content: bytes = b""
    reason: str = ""


class _Decoder:
    """One process and both ends of the line to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._pipes = (self._process.stdin, self._process.stdout)
        os.set_blocking(self._pipes[0].fileno(), False)
        self._used = False

    def __enter__(self) -> _Decoder:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is not None:
            self.end()

    def ask(self, request: bytes, between: Between) -> _Answer | None:
        """One picture. None if the process had ended before, being idle. Raises `UnreadablePicture`."""
        try:
            answer = self._exchange(request, between)
        except (EOFError, BrokenPipeError):
            code = self._process.wait()
            if self._used and code == 0:
                return None
            log.warning("a process that decodes pictures ended (exit code %s); another takes its place", code)
            raise UnreadablePicture(ENDINGS.get(-code, "its decoder broke down over it")) from None
        self._used = True
        return answer

    def _exchange(self, request: bytes, between: Between) -> _Answer:
        """Send, then receive, never waiting for longer than `PATIENCE` at once."""
        out, back = (pipe.fileno() for pipe in self._pipes)
        latest = time.monotonic() + SECONDS
        waiting, answer, wanted = memoryview(request), bytearray(), ANSWER.size
        poll = select.poll()
        poll.register(out, select.POLLOUT)
        poll.register(back, select.POLLIN)
        while len(answer) < wanted:
            between()
            if time.monotonic() > latest:
                raise UnreadablePicture(TOO_LONG)
            for place, _ in poll.poll(1000 * PATIENCE):
                if place == back:
                    answer += _received(back, wanted - len(answer))
                    if len(answer) == ANSWER.size:
                        wanted += ANSWER.unpack(answer)[3]
                else:
                    waiting = waiting[os.write(out, waiting[:PIECE]) :]
                    if not waiting:
                        poll.unregister(out)
        status, width, height, _ = ANSWER.unpack_from(answer)
        content = bytes(answer[ANSWER.size :])
        return (
            _Answer(Size(0, 0), reason=content.decode()) if status == REFUSED else _Answer(Size(width, height), content)
        )

    def kill(self) -> None:
        """Break off what another thread is waiting for."""
        self._process.kill()

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        for pipe in self._pipes:
            pipe.close()
        self._process.wait()


def _received(place: int, most: int) -> bytes:
    content = os.read(place, most)
    if not content:
        raise EOFError
    return content
