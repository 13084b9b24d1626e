"""A second reader of video files, written from the specifications and sharing nothing with FFmpeg.

MP4 and MOV: ISO/IEC 14496-12. WEBM: RFC 8794 (EBML) and RFC 9559 (Matroska). Only what the tests ask for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True)
class Box:
    """One box: its kind, where its content lies in the file."""

    kind: str
    start: int
    end: int


CONTAINERS = {"moov", "trak", "mdia", "minf", "stbl", "edts"}


@dataclass(frozen=True)
class Track:
    """One track as the index describes it. Times in seconds; `edit_start` is what the edit list skips."""

    handler: str
    codec: str
    samples: int
    media_length: Fraction
    edit_start: Fraction
    edit_length: Fraction
    steps: set[Fraction]
    first_composition: Fraction
    colour: tuple[str, int, int, int] | None
    width: int
    height: int


class Mp4:
    """An MP4 or MOV file."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.top = list(self._boxes(0, len(self.data)))
        self.brand = self._content(self._only(self.top, "ftyp"))[:4].decode()
        moov = self._only(self.top, "moov")
        self._movie = self._inside(moov)
        header = self._content(self._only(self._movie, "mvhd"))
        self.created, _, self.scale, length = struct.unpack(">IIII", header[4:20])
        self.length = Fraction(length, self.scale)
        self.tracks = [self._track(self._inside(box)) for box in self._movie if box.kind == "trak"]

    @property
    def order(self) -> list[str]:
        """The kinds of the top-level boxes."""
        return [box.kind for box in self.top]

    def track(self, handler: str) -> Track:
        """The only track with this handler: "vide" or "soun"."""
        (found,) = [track for track in self.tracks if track.handler == handler]
        return found

    def _track(self, boxes: list[Box]) -> Track:
        media = self._inside(self._only(boxes, "mdia"))
        table = self._inside(self._only(self._inside(self._only(media, "minf")), "stbl"))
        scale, length = struct.unpack(">II", self._content(self._only(media, "mdhd"))[12:20])
        handler = self._content(self._only(media, "hdlr"))[8:12].decode()
        entry = self._content(self._only(table, "stsd"))[8:]
        edit_length, edit_start = self._edit(boxes)
        return Track(
            handler=handler,
            codec=entry[4:8].decode(),
            samples=struct.unpack(">I", self._content(self._only(table, "stsz"))[8:12])[0],
            media_length=Fraction(length, scale),
            edit_start=Fraction(edit_start, scale),
            edit_length=Fraction(edit_length, self.scale),
            steps={Fraction(step, scale) for _, step in self._pairs(table, "stts")},
            first_composition=Fraction(next((o for _, o in self._pairs(table, "ctts")), 0), scale),
            colour=self._colour(entry) if handler == "vide" else None,
            width=int.from_bytes(entry[32:34]) if handler == "vide" else 0,
            height=int.from_bytes(entry[34:36]) if handler == "vide" else 0,
        )

    def _edit(self, boxes: list[Box]) -> tuple[int, int]:
        """Length (movie scale) and media start (media scale) of a track's only edit."""
        table = self._content(self._only(self._inside(self._only(boxes, "edts")), "elst"))
        version, count = table[0], int.from_bytes(table[4:8])
        assert count == 1, "more than one edit"
        return struct.unpack(">Qq" if version else ">Ii", table[8 : 24 if version else 16])

    def _pairs(self, table: list[Box], kind: str) -> Iterator[tuple[int, int]]:
        for box in table:
            if box.kind == kind:
                content = self._content(box)
                yield from struct.iter_unpack(">Ii", content[8 : 8 + 8 * int.from_bytes(content[4:8])])

    def _colour(self, entry: bytes) -> tuple[str, int, int, int] | None:
        """The colr box of a visual sample entry: kind, primaries, transfer, matrix."""
        at = 86
        while at + 8 <= len(entry):
            length, kind = struct.unpack(">I4s", entry[at : at + 8])
            if kind == b"colr":
                return entry[at + 8 : at + 12].decode(), *struct.unpack(">HHH", entry[at + 12 : at + 18])
            at += max(8, length)
        return None

    def _boxes(self, start: int, end: int) -> Iterator[Box]:
        while start < end:
            length, kind = struct.unpack(">I4s", self.data[start : start + 8])
            skip = 8
            if length == 1:
                length, skip = int.from_bytes(self.data[start + 8 : start + 16]), 16
            yield Box(kind.decode("latin-1"), start + skip, start + length)
            start += length

    def _inside(self, box: Box) -> list[Box]:
        assert box.kind in CONTAINERS
        return list(self._boxes(box.start, box.end))

    def _content(self, box: Box) -> bytes:
        return self.data[box.start : box.end]

    @staticmethod
    def _only(boxes: list[Box], kind: str) -> Box:
        (found,) = [box for box in boxes if box.kind == kind]
        return found


EBML_MASTERS = {0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0, 0xE1, 0x55B0, 0x1F43B675, 0xA0}
EBML, DOC_TYPE = 0x1A45DFA3, 0x4282
TRACK_ENTRY, TRACK_NUMBER, TRACK_TYPE, CODEC = 0xAE, 0xD7, 0x83, 0x86
DEFAULT_DURATION, CODEC_DELAY, SEEK_PREROLL = 0x23E383, 0x56AA, 0x56BB
WIDTH, HEIGHT, MATRIX, RANGE, TRANSFER, PRIMARIES = 0xB0, 0xBA, 0x55B1, 0x55B9, 0x55BA, 0x55BB
DURATION, SCALE, DATE, CLUSTER_TIME, SIMPLE_BLOCK, BLOCK = 0x4489, 0x2AD7B1, 0x4461, 0xE7, 0xA3, 0xA1


class Webm:
    """A WEBM file: `tracks[number]` holds each track's elements, `times[number]` its blocks' times in seconds."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.doc_type = ""
        self.length = Fraction(0)
        self.dated = False
        self.tracks: dict[int, dict[int, bytes]] = {}
        self.times: dict[int, list[Fraction]] = {}
        self._scale = Fraction(1, 1000)
        self._cluster = 0
        self._fields: dict[int, bytes] = {}
        self._walk(0, len(self.data))

    def of_type(self, kind: int) -> list[int]:
        """Numbers of the tracks of a type: 1 video, 2 audio."""
        return [number for number, fields in self.tracks.items() if int.from_bytes(fields[TRACK_TYPE]) == kind]

    def _walk(self, at: int, end: int) -> None:
        while at < end:
            name, at = self._name(at)
            length, at = self._size(at)
            stop = end if length is None else at + length
            self._element(name, at, stop)
            at = stop

    def _element(self, name: int, at: int, stop: int) -> None:
        content = self.data[at:stop]
        if name == TRACK_ENTRY:
            self._fields = {}
            self._walk(at, stop)
            number = int.from_bytes(self._fields[TRACK_NUMBER])
            self.tracks[number], self.times[number] = self._fields, []
        elif name in EBML_MASTERS or name == EBML:
            self._walk(at, stop)
        elif name == DOC_TYPE:
            self.doc_type = content.decode()
        elif name == SCALE:
            self._scale = Fraction(int.from_bytes(content), 10**9)
        elif name == DURATION:
            self.length = Fraction(struct.unpack(">d", content)[0]) * self._scale
        elif name == DATE:
            self.dated = True
        elif name == CLUSTER_TIME:
            self._cluster = int.from_bytes(content)
        elif name in (SIMPLE_BLOCK, BLOCK):
            self._block(content)
        else:
            self._fields[name] = content

    def _block(self, content: bytes) -> None:
        number = content[0] & 0x7F
        offset = struct.unpack(">h", content[1:3])[0]
        self.times[number].append((self._cluster + offset) * self._scale)

    def _name(self, at: int) -> tuple[int, int]:
        length = 9 - self.data[at].bit_length()
        return int.from_bytes(self.data[at : at + length]), at + length

    def _size(self, at: int) -> tuple[int | None, int]:
        length = 9 - self.data[at].bit_length()
        value = int.from_bytes(self.data[at : at + length]) & ((1 << 7 * length) - 1)
        return (None if value == (1 << 7 * length) - 1 else value), at + length
