"""What a contract says of a frame image once it has been fetched: sides, ratio, bytes, and pictures that are none."""

from __future__ import annotations

from vitascope.contract.catalog import Card
from vitascope.contract.faults import tidy
from vitascope.errors import Fault
from vitascope.values import Size


def picture_faults(card: Card, size: Size, byte_count: int, parameter: str) -> list[Fault]:
    """What is wrong with a frame image of this size in pixels and bytes; `parameter` is its path in the task."""
    limits = card.pictures
    faults = file_size_fault(card, byte_count, parameter)
    sides = (("invalidFrameImageWidth", "width", size.width), ("invalidFrameImageHeight", "height", size.height))
    for code, side, pixels in sides:
        if not limits.shortest_side <= pixels <= limits.longest_side:
            span = f"{limits.shortest_side} to {limits.longest_side} pixels"
            message = f"Send a frame image with a {side} of {span}; this one has {pixels}."
            faults.append(Fault(code, message, parameter, "string"))
    if not limits.narrowest <= size.ratio <= limits.widest:
        span = f"{limits.narrowest} to {limits.widest}"
        message = f"Send a frame image whose width is {span} times its height; this one is {size}."
        faults.append(Fault("invalidFrameImageRatio", message, parameter, "string"))
    return faults


def file_size_fault(card: Card, byte_count: int, parameter: str) -> list[Fault]:
    """Input images: at most 10 MB (taken as 10 x 1024 x 1024 bytes)."""
    if byte_count <= card.pictures.most_bytes:
        return []
    message = (
        f"Send a frame image of at most {card.pictures.most_bytes // 1024 // 1024} MB; this one has {byte_count} bytes."
    )
    return [Fault("invalidFrameImageSize", message, parameter, "string")]


def unreadable_picture(parameter: str, message: str) -> Fault:
    """What was sent or fetched is not a picture that can be decoded; `message` says what it is and what is taken."""
    return Fault("invalidFrameImage", message, parameter, "string")


def unreachable_picture(parameter: str, reason: str) -> Fault:
    """A picture's URL did not give a file; `reason` is shown."""
    message = f"Send a frame image URL that can be fetched from here: {tidy(reason).rstrip('.')}."
    return Fault("invalidFrameImage", message, parameter, "string")


def unknown_picture(parameter: str) -> Fault:
    """A UUID that names no uploaded image of this account."""
    message = "Upload the image again or send it in the task: no image is kept under this UUID."
    return Fault("frameImageNotFound", message, parameter, "string")
