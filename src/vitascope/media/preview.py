"""Small pictures of work in progress."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from vitascope.values import Picture

LONGEST_SIDE = 320  # pixels
QUALITY = 75


def write_preview(picture: Picture, path: Path) -> None:
    """Write a small JPEG of a picture (uint8, height x width x 3). Raises OSError."""
    image = Image.fromarray(picture)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.save(path, "JPEG", quality=QUALITY)
