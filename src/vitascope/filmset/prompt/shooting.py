"""What the camera does: moves in the order of the text, cuts between shots, how fast and where to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.heads import Head, governor
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.prompt.unshown import is_content
from vitascope.filmset.scene.scene import Camera, Direction, Move, Pace

MOST_MOVES = 4
PACE_REACH = 3  # words between "slow" and "push-in"
DIRECTION_REACH = 5
CAMERA_SLOTS = ("camera", "mark", "film", "direction", "pace", "cut")


@dataclass(frozen=True, slots=True)
class Directed:
    """One camera move as the prompt asks for it; `camera` is None after a cut that names no move."""

    camera: Camera | None
    cut: bool
    by: tuple[Mention, ...]


def moves(read: Read, heads: Sequence[Head]) -> list[Directed]:
    """The prompt's camera moves and cuts in order; empty if it does not speak of the camera."""
    asked = [mention for mention in read.mentioned("camera") if _is_meant(read, heads, mention)]
    asked = _one_a_place(asked)
    cuts = read.mentioned("cut")
    directed: list[Directed] = []
    for event in sorted([*asked, *cuts], key=lambda mention: mention.start):
        if event.slot == "cut":
            directed.append(Directed(None, True, (event,)))
        else:
            _add(directed, *_camera(read, heads, event))
    if directed and directed[0].cut:
        directed.insert(0, Directed(None, False, ()))
    return directed[:MOST_MOVES]


def _add(directed: list[Directed], camera: Camera, by: tuple[Mention, ...]) -> None:
    """Add a move: it fills a cut that waits for one, joins the same move before it, or follows in the same shot."""
    last = directed[-1] if directed else None
    if last and last.cut and last.camera is None:
        directed[-1] = Directed(camera, True, (*last.by, *by))
    elif last and last.camera and last.camera.move is camera.move and last.camera.direction in (None, camera.direction):
        directed[-1] = Directed(camera, last.cut, (*last.by, *by))
    elif last and last.camera and last.camera.move is camera.move and camera.direction is None:
        directed[-1] = Directed(last.camera, last.cut, (*last.by, *by))
    else:
        directed.append(Directed(camera, False, by))


def _is_meant(read: Read, heads: Sequence[Head], mention: Mention) -> bool:
    """Plain words ("forward", "follows") count only where the camera is the one that does it."""
    if mention.rank == "strong":
        return True
    head = governor(heads, mention, read)
    return head is not None and head.role is None and not _has_own_noun(read, head, mention)


def _has_own_noun(read: Read, head: Head, mention: Mention) -> bool:
    """True for "smoke rises": a noun that is not the camera's stands right before the verb."""
    for place in range(mention.start - 1, max(head.mention.end, mention.start - 3) - 1, -1):
        word = read.words[place]
        if word.segment != mention.segment:
            return False
        if not word.text.endswith("ly"):
            known = any(m.start <= place < m.end for slot in CAMERA_SLOTS for m in read.by_slot.get(slot, ()))
            return is_content(word) and not known
    return False


def _one_a_place(asked: list[Mention]) -> list[Mention]:
    """Of phrases that overlap or touch ("drift forward", "handheld tracking shot") keep the head, which comes last."""
    kept: list[Mention] = []
    for mention in asked:
        if kept and mention.start - kept[-1].end < 1 and mention.segment == kept[-1].segment:
            stronger = mention.strength >= kept[-1].strength
            if stronger:
                kept[-1] = mention
        else:
            kept.append(mention)
    return kept


def _camera(read: Read, heads: Sequence[Head], event: Mention) -> tuple[Camera, tuple[Mention, ...]]:
    """One move with its way and pace, and the mentions that say so."""
    move = Move(event.value)
    paces = [m for m in read.mentioned("pace") if _overlaps(m, event) or _leads(m, event) or _follows(m, event, 2)]
    ways = [m for m in read.mentioned("direction") if _overlaps(m, event) or _follows(m, event, DIRECTION_REACH)]
    ways = [m for m in ways if _overlaps(m, event) or _is_cameras(read, heads, m)]
    if move is Move.PAN and ways and ways[0].value in (Direction.UP, Direction.DOWN):
        move = Move.TILT  # "pan upward" is what many call it
    direction = _fitting(move, Direction(ways[0].value) if ways else None)
    camera = Camera(move, direction, Pace(paces[0].value) if paces else Pace.SLOW)
    return camera, (*paces[:1], event, *(ways[:1] if direction else ()))


def _is_cameras(read: Read, heads: Sequence[Head], mention: Mention) -> bool:
    head = governor(heads, mention, read)
    return head is None or head.role is None or head.is_object or head.mention.start > mention.start


def _fitting(move: Move, direction: Direction | None) -> Direction | None:
    sideways = direction in (Direction.LEFT, Direction.RIGHT)
    upright = direction in (Direction.UP, Direction.DOWN)
    if (move is Move.TILT and upright) or (move in (Move.PAN, Move.ORBIT, Move.TRACKING) and sideways):
        return direction
    return None


def _overlaps(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _leads(word: Mention, event: Mention) -> bool:
    return word.segment == event.segment and 0 <= event.start - word.end < PACE_REACH


def _follows(word: Mention, event: Mention, reach: int) -> bool:
    return word.sentence == event.sentence and 0 <= word.start - event.end < reach
