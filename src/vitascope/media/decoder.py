"""The process that decodes pictures: `python -m vitascope.media.decoder`, one picture after the other until it is idle.

It takes requests on standard input and answers on standard output (`decoding` is the other end). It may use so much
memory and so much processor time a picture, writes no file, opens few, and dumps no core. What goes wrong inside a
library ends this process and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import struct
import sys
import warnings
from typing import BinaryIO

from vitascope.media.kinds import UnreadablePicture
from vitascope.values import Size

REQUEST = struct.Struct(">BIIQ")
"""What is asked, the size wanted, the length of the file that follows."""
ANSWER = struct.Struct(">BIIQ")
"""READ or REFUSED, the picture's size, the length of what follows: pixels, or the reason."""
LOOK, WHOLE, FIT = range(3)
READ, REFUSED = range(2)

MEMORY = 3 * 1024**3
"""Bytes of address space. A WebP of 64 million pixels takes 1.7 GiB, no other as much."""
CPU = 30
"""Seconds of processor time for one picture. 64 million pixels with a profile and transparency take 13."""
MOST_FILES = 32
IDLE = 600.0  # seconds without a picture after which it ends
MOST_PICTURES = 1000  # after which it ends, so that no library's leak matters


def main() -> None:
    """Serve until the other end hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; whoever started us decides
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    _bound()
    warnings.simplefilter("ignore")
    for _ in range(MOST_PICTURES):
        if not select.select([requests], [], [], IDLE)[0] or not _serve(requests, answers):
            return


def _serve(requests: BinaryIO, answers: BinaryIO) -> bool:
    """Answer one request. False if there was none."""
    header = requests.read(REQUEST.size)
    if len(header) < REQUEST.size:
        return False
    what, width, height, length = REQUEST.unpack(header)
    data = requests.read(length)
    _allow_time()
    try:
        size, pixels = _done(what, data, Size(width, height))
        answer = ANSWER.pack(READ, size.width, size.height, len(pixels)) + pixels
    except UnreadablePicture as error:
        reason = error.reason.encode()
        answer = ANSWER.pack(REFUSED, 0, 0, len(reason)) + reason
    try:
        answers.write(answer)
        answers.flush()
    except BrokenPipeError:
        return False
    return True


def _done(what: int, data: bytes, size: Size) -> tuple[Size, bytes]:
    from vitascope.media import images  # once the bounds hold

    if what == LOOK:
        return images.look(data), b""
    if what == WHOLE:
        return images.whole(data), b""
    from vitascope.media.fit import fitted

    return size, fitted(data, size).tobytes()


def _bound() -> None:
    """Give up what decoding has no need of. A system without such limits goes without."""
    os.putenv("OPENBLAS_NUM_THREADS", "1")  # NumPy would reserve address space for every core
    with contextlib.suppress(ImportError):
        import resource

        limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
        for limit, most in {**limits, resource.RLIMIT_NOFILE: MOST_FILES}.items():
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(limit, (most, most))


def _allow_time() -> None:
    """Let this picture have its processor time beside what earlier ones took."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU + 1, hard))


if __name__ == "__main__":
    main()
