"""JPEG files read by their markers alone: how many scans there are, whether the file ends, and what is in its blocks.

Progressive files come in scans, each of which costs the decoder a walk through the whole picture, however few bytes it
has. Counting them costs one pass over the file.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

END = b"\xff\xd9"
MOST_SCANS = 40
"""Encoders write about ten; a walk through 36 million pixels takes a tenth of a second."""

_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")  # what may end a scan's data
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_SCAN, _END = 0xDA, 0xD9
_LEAST_PADDING = 64  # pieces of padding after a file that breaks off


@dataclass(slots=True)
class Jpeg:
    """What the markers of a file tell. `ended` is false for a file that lacks its end marker."""

    scans: int = 0
    ended: bool = False
    exif: bytes = b""
    filling: int = 0
    """Bytes between the blocks before the first scan, which readers pass over one by one."""
    profile: int = 0
    _restarts: bool = False
    _last_scan: int = 0
    _left: dict[int, set[int]] = field(default_factory=dict)
    """Component -> coefficients that have not come to their last bit yet."""

    @classmethod
    def of(cls, data: bytes) -> Jpeg:
        """Walk from marker to marker; stops at the end marker, or where nothing more can be followed."""
        found = cls()
        at = 2
        while (marker := _MARKER.search(data, at)) is not None:
            found.filling += marker.start() - at if found.scans == 0 else 0
            kind, at = marker[1][0], marker.end()
            if kind == _END:
                found.ended = True
                break
            if kind in _ALONE:
                continue
            length = int.from_bytes(data[at : at + 2])
            found._note(kind, data[at + 2 : at + length], at + length)
            at += max(length, 2)
            if found.scans > MOST_SCANS:
                break
        return found

    def _note(self, kind: int, content: bytes, end: int) -> None:
        if kind == _SCAN and content:
            self.scans += 1
            self._last_scan = end
            self._note_scan(content)
        elif kind in (0xC0, 0xC1, 0xC2, 0xC9, 0xCA) and len(content) > 5:
            self._left = {content[at]: set(range(64)) for at in range(6, len(content), 3)}
        elif kind == 0xDD:
            self._restarts = any(content)
        elif kind == 0xE1 and content.startswith(b"Exif\0\0"):
            self.exif = content[6:]
        elif kind == 0xE2 and content.startswith(b"ICC_PROFILE\0"):
            self.profile += len(content)

    def _note_scan(self, content: bytes) -> None:
        count = content[0]
        if len(content) < 4 + 2 * count:
            return
        first, last, bits = content[1 + 2 * count : 4 + 2 * count]
        if bits & 15 == 0:
            for component in content[1 : 1 + 2 * count : 2]:
                self._left.get(component, set()).difference_update(range(first, last + 1))

    @property
    def all_there(self) -> bool:
        """Whether scans for every coefficient have begun. The last of them may break off."""
        return self.scans > 0 and bool(self._left) and not any(self._left.values())

    def endings(self, data: bytes) -> tuple[bytes, bytes]:
        """A file without its end marker, ended twice: at once, and after more data of which it had no need.

        If the picture needs more than the file has, the two decode to different pictures.
        """
        data = data.rstrip(b"\xff")
        chance = random.Random(1)
        last = [found[1][0] for found in _RESTART.finditer(data, self._last_scan)][-1:]
        padding = b""
        for number in range(1, _LEAST_PADDING + 1):
            padding += bytes(chance.randrange(255) for _ in range(64))
            if self._restarts:
                padding += bytes([0xFF, 0xD0 + ((last[0] - 0xD0 if last else -1) + number) % 8])
        return data + END, data + padding + END
