"""A clip becomes a video file while it is still being made: convert, encode and interleave, one chunk at a time.

MP4 and MOV hold H.264 and AAC, WEBM holds VP9 and Opus. The same clip gives the same bytes: nothing is written that
depends on the time, the machine or its number of cores. `recipe` says why each codec is set as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.codec.context import ThreadType
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vitascope.errors import EngineFailed
from vitascope.media.recipe import NOTES, THREADS, Recipe, recipe
from vitascope.values import SOUND_RATE, Clip, Container, Effort, Picture, Size, Sound, Timing

# Rounding without the processor's own shortcuts: the same picture gives the same bytes on every machine.
_CONVERSION = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP | Interpolation.BITEXACT
_HASH_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoded:
    """A finished file: its length in bytes, its SHA-256 in hex, its frames, its sound samples (0 without sound)."""

    bytes: int
    sha256: str
    frames: int
    samples: int


def encode(
    clip: Clip,
    container: Container,
    quality: int,
    path: Path,
    *,
    notes: Mapping[str, str],
    effort: Effort = Effort.FULL,
    on_frame: Callable[[int], None] | None = None,
) -> Encoded:
    """Consume `clip` and write it to `path` as `container` at `quality` (20-99), with so much `effort`.

    `notes` become the file's metadata; the keys are those of `recipe.NOTES`. `on_frame` is told the number of frames
    done so far, after each; what it raises stops the work. Whatever is raised, the partial file is removed and the
    clip's iterator is closed. Raises `EngineFailed` if the clip is not what it says it is, ValueError on a quality or
    a note that does not exist, OSError if the file cannot be written.
    """
    how = recipe(container, quality, clip.timing, effort)
    _check_notes(notes)
    with ExitStack() as leaving:
        if close := getattr(clip.chunks, "close", None):
            leaving.callback(close)
        sound = _stereo(clip.sound, clip.timing)
        with ExitStack() as failing:
            failing.callback(path.unlink, missing_ok=True)
            _write(clip, sound, how, path, notes, on_frame)
            failing.pop_all()
        size, digest = _digest(path)
        return Encoded(size, digest, clip.timing.frames, 0 if sound is None else sound.shape[1])


def _write(
    clip: Clip,
    sound: NDArray[np.float32] | None,
    how: Recipe,
    path: Path,
    notes: Mapping[str, str],
    on_frame: Callable[[int], None] | None,
) -> None:
    with av.open(str(path), "w", format=how.format, container_options=dict(how.container_options)) as file:
        file.metadata.update(notes)
        picture_track = _PictureTrack(file, how, clip.size, clip.timing)
        sound_track = None if sound is None else _SoundTrack(file, how, sound)
        for index, picture in enumerate(_pictures(clip)):
            picture_track.write(picture, index)
            if sound_track is not None:
                sound_track.write_until(Timing(index + 1, clip.timing.fps).samples())
            if on_frame is not None:
                on_frame(index + 1)
        picture_track.finish()
        if sound_track is not None:
            sound_track.finish()


class _PictureTrack:
    """The picture's encoder: sRGB frames in, packets into the file."""

    def __init__(self, file: OutputContainer, how: Recipe, size: Size, timing: Timing) -> None:
        stream = file.add_stream(how.picture_codec, rate=timing.fps, options=dict(how.picture_options))
        assert isinstance(stream, VideoStream)
        self._file = file
        self._stream = stream
        self._timing = timing
        self._reformatter = VideoReformatter()
        _describe(stream.codec_context, size)

    def write(self, picture: Picture, index: int) -> None:
        """Encode the picture as frame `index`."""
        frame = self._reformatter.reformat(
            av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24"),
            format="yuv420p",
            interpolation=_CONVERSION,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            dst_colorspace=Colorspace.ITU709,
            dst_color_trc=ColorTrc.BT709,
            dst_color_primaries=ColorPrimaries.BT709,
            threads=1,
        )
        frame.time_base = 1 / self._timing.fps
        frame.pts = index
        frame.duration = 1
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds back."""
        self._file.mux(self._stream.encode(None))


def _describe(encoder: VideoCodecContext, size: Size) -> None:
    """Set what a player must know: the size and how the numbers mean colours (BT.709, limited range)."""
    encoder.width, encoder.height, encoder.pix_fmt = size.width, size.height, "yuv420p"
    encoder.color_range = ColorRange.MPEG
    encoder.colorspace = Colorspace.ITU709
    encoder.color_trc = ColorTrc.BT709
    encoder.color_primaries = ColorPrimaries.BT709
    encoder.thread_count = THREADS
    encoder.thread_type = ThreadType.FRAME  # slices would cost bytes


class _SoundTrack:
    """The sound's encoder. Fed a frame's worth at a time, so that the file holds picture and sound side by side."""

    def __init__(self, file: OutputContainer, how: Recipe, samples: NDArray[np.float32]) -> None:
        stream = file.add_stream(how.sound_codec, rate=SOUND_RATE, options=dict(how.sound_options))
        assert isinstance(stream, AudioStream)
        encoder: AudioCodecContext = stream.codec_context
        encoder.layout = "stereo"
        encoder.bit_rate = how.sound_bit_rate
        encoder.thread_count = 1
        self._file = file
        self._stream = stream
        self._samples = samples
        self._written = 0

    def write_until(self, end: int) -> None:
        """Encode the samples up to `end`."""
        part = np.ascontiguousarray(self._samples[:, self._written : end])
        frame = av.AudioFrame.from_ndarray(part, "fltp", "stereo")
        frame.sample_rate = SOUND_RATE
        frame.pts = self._written
        self._written = end
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds back."""
        self._file.mux(self._stream.encode(None))


def _pictures(clip: Clip) -> Iterator[Picture]:
    """The clip's frames one by one; raises `EngineFailed` if size or number are not as promised."""
    count = 0
    for chunk in clip.chunks:
        if chunk.dtype != np.uint8 or chunk.shape[1:] != (clip.size.height, clip.size.width, 3):
            raise EngineFailed(f"The engine gave frames of {chunk.dtype} {chunk.shape[1:]} instead of {clip.size}.")
        count += len(chunk)
        if count > clip.timing.frames:
            break
        yield from chunk
    if count != clip.timing.frames:
        raise EngineFailed(f"The engine gave {count} frames instead of {clip.timing.frames}.")


def _stereo(sound: Sound | None, timing: Timing) -> NDArray[np.float32] | None:
    """The sound as (2, samples) at 48 kHz. Raises `EngineFailed` if it is not exactly as long as the frames."""
    if sound is None:
        return None
    channels, count = sound.samples.shape
    if channels not in (1, 2) or count != timing.samples(sound.rate):
        raise EngineFailed(
            f"The engine gave {channels} channels of {count} samples instead of {timing.samples(sound.rate)}."
        )
    if not np.isfinite(sound.samples).all():
        raise EngineFailed("The engine gave sound that holds values which are no numbers.")
    stereo = np.broadcast_to(sound.samples, (2, count)).astype(np.float32)
    if sound.rate != SOUND_RATE:
        stereo = _resampled(stereo, sound.rate, timing.samples())
    return np.clip(stereo, -1.0, 1.0)


def _resampled(stereo: NDArray[np.float32], rate: int, length: int) -> NDArray[np.float32]:
    """The same sound at 48 kHz, cut or filled with silence to `length` samples: the filter rounds."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(stereo), "fltp", "stereo")
    frame.sample_rate = rate
    resampler = av.AudioResampler("fltp", "stereo", SOUND_RATE)
    parts = [part.to_ndarray() for part in (*resampler.resample(frame), *resampler.resample(None))]
    joined = np.concatenate(parts, axis=1)[:, :length]
    return np.pad(joined, ((0, 0), (0, length - joined.shape[1]))).astype(np.float32)


def _check_notes(notes: Mapping[str, str]) -> None:
    unknown = set(notes) - NOTES
    if unknown:
        raise ValueError(f"no such notes: {', '.join(sorted(unknown))}; there are {', '.join(sorted(NOTES))}")


def _digest(path: Path) -> tuple[int, str]:
    """Length and SHA-256 of a file, read in blocks. Read back, because faststart moves what was written before."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK):
            size += len(block)
            digest.update(block)
    return size, digest.hexdigest()
