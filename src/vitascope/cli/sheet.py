"""`vitascope sheet`: a clip's contact sheet, to see a video at one glance."""

from __future__ import annotations

from pathlib import Path

import typer

from vitascope.media.sheet import contact_sheet

PICTURES = (".png", ".jpg", ".jpeg")


def sheet(
    video: Path = typer.Argument(..., exists=True, dir_okay=False, help="A video file."),
    picture: Path = typer.Argument(..., help="The picture to write (PNG or JPEG)."),
    columns: int = typer.Option(4, min=1, max=12, help="Frames side by side."),
    rows: int = typer.Option(3, min=1, max=12, help="Rows of frames."),
) -> None:
    """Write a contact sheet of a video: evenly spaced frames with their times."""
    if picture.suffix.lower() not in PICTURES:
        raise typer.BadParameter(f"{picture} is no picture's name: end it with {' or '.join(PICTURES)}.")
    contact_sheet(video, picture, columns, rows)
    print(picture)
