"""A contact sheet: evenly spaced frames of a video on one labelled picture, to see a clip at a glance."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from vitascope.media.probe import VideoFacts, pictures, probe
from vitascope.values import Picture, Size

_SHEET_WIDTH = 1600
_MARGIN = 8
_LABEL = 22
_PAPER, _INK = (24, 24, 26), (220, 220, 220)


def contact_sheet(video: Path, picture: Path, columns: int = 4, rows: int = 3) -> None:
    """Write the sheet of `video` to `picture`; its suffix says the format (.png, .jpg, .webp).

    The first and the last frame are always there; a clip with fewer frames than cells fills fewer. Raises
    `UnreadableVideo` for a video that cannot be decoded, ValueError for a sheet without cells or an unknown suffix.
    """
    if columns < 1 or rows < 1:
        raise ValueError("a contact sheet needs at least one column and one row")
    facts = probe(video)
    cell = _cell(facts.size, columns)
    wanted = _spread(facts.frames, columns * rows)
    sheet = Image.new("RGB", _sheet_size(cell, columns, rows), _PAPER)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(14)
    pen.text((_MARGIN, _MARGIN // 2), _title(video, facts), _INK, font)
    for index, frame in enumerate(pictures(video)):
        if index in wanted:
            row, column = divmod(wanted.index(index), columns)
            left = _MARGIN + column * (cell.width + _MARGIN)
            top = _LABEL + _MARGIN + row * (cell.height + _LABEL + _MARGIN)
            sheet.paste(_small(frame, cell), (left, top))
            pen.text((left, top + cell.height + 2), f"{float(index / facts.fps):.2f} s   frame {index}", _INK, font)
    sheet.save(picture)


def _cell(size: Size, columns: int) -> Size:
    width = (_SHEET_WIDTH - _MARGIN) // columns - _MARGIN
    return Size(width, round(width / size.ratio))


def _sheet_size(cell: Size, columns: int, rows: int) -> tuple[int, int]:
    return (
        _MARGIN + columns * (cell.width + _MARGIN),
        _LABEL + _MARGIN + rows * (cell.height + _LABEL + _MARGIN),
    )


def _spread(frames: int, cells: int) -> list[int]:
    """Indices from the first to the last frame, evenly spaced, at most `cells` of them."""
    cells = min(cells, frames)
    if cells == 1:
        return [0]
    return [round(cell * (frames - 1) / (cells - 1)) for cell in range(cells)]


def _small(frame: Picture, cell: Size) -> Image.Image:
    return Image.fromarray(frame).resize((cell.width, cell.height), Image.Resampling.LANCZOS)


def _title(video: Path, facts: VideoFacts) -> str:
    sound = f"{facts.sound.codec} {facts.sound.rate} Hz" if facts.sound else "no sound"
    length = f"{float(facts.length):.2f} s"
    return f"{video.name}   {facts.size}   {facts.frames} frames   {length}   {facts.codec}   {sound}"
