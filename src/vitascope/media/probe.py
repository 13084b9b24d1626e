"""What a video file really holds, found by decoding all of it: for contact sheets, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from vitascope.errors import VitascopeError
from vitascope.values import Picture, Size


class UnreadableVideo(VitascopeError):
    """This file is no video that can be decoded."""


@dataclass(frozen=True, slots=True)
class ColourTags:
    """The numbers of ITU-T H.273 (1 = BT.709) and whether the range is the limited one (16-235)."""

    primaries: int
    transfer: int
    matrix: int
    limited: bool


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """The sound track: `start` and `length` in seconds, without what the file marks as priming and padding."""

    codec: str
    rate: int
    channels: int
    start: Fraction
    length: Fraction


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A video file. `brand` is the MP4 or QuickTime major brand, or "webm"; `faststart` is None for WEBM.

    `start` and `length` are the picture's, in seconds (WEBM counts in milliseconds and rounds); `notes` are the file's
    metadata with lower-case keys.
    """

    brand: str
    codec: str
    profile: str | None
    size: Size
    frames: int
    fps: Fraction
    start: Fraction
    length: Fraction
    colour: ColourTags
    faststart: bool | None
    sound: SoundFacts | None
    notes: dict[str, str]


def probe(path: Path) -> VideoFacts:
    """Decode the whole file and say what it holds. Raises `UnreadableVideo`, or OSError if it cannot be opened."""
    try:
        return _probe(path)
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise UnreadableVideo(f"{path.name} cannot be decoded: {error.strerror}.") from error


def pictures(path: Path) -> Iterator[Picture]:
    """Decode the frames one by one as sRGB pictures. Raises like `probe`."""
    try:
        with av.open(str(path)) as file:
            for frame in file.decode(_video(file, path)):
                yield frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise UnreadableVideo(f"{path.name} cannot be decoded: {error.strerror}.") from error


def _probe(path: Path) -> VideoFacts:
    with av.open(str(path)) as file:
        video = _video(file, path)
        encoder = video.codec_context
        times, step = _picture_times(file, video)
        fps = video.average_rate or 1 / step
        return VideoFacts(
            brand=_brand(file),
            codec=encoder.codec.canonical_name,
            profile=encoder.profile,
            size=Size(encoder.width, encoder.height),
            frames=len(times),
            fps=fps,
            start=times[0],
            length=times[-1] + 1 / fps - times[0],
            colour=ColourTags(
                encoder.color_primaries, encoder.color_trc, encoder.colorspace, limited=encoder.color_range == 1
            ),
            faststart=_faststart(path) if "mp4" in file.format.name else None,
            sound=_sound(path),
            notes={key.lower(): value for key, value in file.metadata.items()},
        )


def _video(file: InputContainer, path: Path) -> VideoStream:
    if not file.streams.video:
        raise UnreadableVideo(f"{path.name} has no picture track.")
    return file.streams.video[0]


def _picture_times(file: InputContainer, video: VideoStream) -> tuple[list[Fraction], Fraction]:
    """When each frame is shown, and how long the last one lasts, in seconds."""
    times = []
    step = Fraction(1)
    for frame in file.decode(video):
        if frame.pts is not None and frame.time_base is not None:
            times.append(frame.pts * frame.time_base)
            step = (frame.duration or 1) * frame.time_base
    if not times:
        raise UnreadableVideo("The picture track has no frames.")
    return times, step


def _sound(path: Path) -> SoundFacts | None:
    with av.open(str(path)) as file:
        if not file.streams.audio:
            return None
        audio: AudioStream = file.streams.audio[0]
        start = None
        samples = 0
        for frame in file.decode(audio):
            if start is None and frame.pts is not None and frame.time_base is not None:
                start = frame.pts * frame.time_base
            samples += frame.samples
        rate = audio.codec_context.sample_rate
        length = Fraction(samples, rate)
        if audio.duration is not None and audio.time_base is not None:
            # MP4 says where the sound ends; the decoder goes on to the end of its last packet.
            length = min(length, audio.duration * audio.time_base)
        return SoundFacts(
            codec=audio.codec_context.codec.canonical_name,
            rate=rate,
            channels=audio.codec_context.channels,
            start=start or Fraction(0),
            length=length,
        )


def _brand(file: InputContainer) -> str:
    if "webm" in file.format.name:
        return "webm"
    return file.metadata.get("major_brand", file.format.name)


def _faststart(path: Path) -> bool:
    """True if the index (`moov`) lies before the media (`mdat`), so that playing can begin at once."""
    with path.open("rb") as file:
        return _first_of(file, {b"moov", b"mdat"}) == b"moov"


def _first_of(file: BinaryIO, wanted: set[bytes]) -> bytes | None:
    """The kind of the first top-level box that is one of `wanted`."""
    while len(header := file.read(8)) == 8:
        length, kind = int.from_bytes(header[:4]), header[4:]
        if kind in wanted:
            return kind
        if length == 1:
            length = int.from_bytes(file.read(8)) - 8
        if length < 8:
            return None
        file.seek(length - 8, 1)
    return None
