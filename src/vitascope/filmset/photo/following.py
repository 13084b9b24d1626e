"""How far a clip between two related pictures can follow the prompt's camera, and what to tell where it cannot."""

from __future__ import annotations

import math

import cv2
import numpy as np

from vitascope.filmset.photo.camera import CameraPose
from vitascope.filmset.photo.relation import Bond, Matrix
from vitascope.filmset.photo.warp import Map
from vitascope.filmset.scene.scene import Camera, Direction, Move
from vitascope.values import Size

NEAREST = 1.16  # zoom half way of a move that comes back
ASIDE, ALONG = 0.055, 0.05  # shares of the width that it goes to a side, up or down: the zoom leaves room for that
SMALL = 3.5e-3  # of the width: flows below this are errors of measurement, twice this is surely a movement
SURE = 0.02  # of the width: a shift of the middle that is seen as one; also the growth that is seen as a push
MUST_MOVE = "The two pictures are taken from different places, so the camera moves from one to the other."
ONE_WAY = "The camera's path is the one that leads from the first picture to the last: {words} is not that path."
COMES_BACK = "The clip ends where it begins, so the camera comes back at the end."
NO_HAND = "The camera's path is the one that leads from the first picture to the last: it does not tremble."


def standing(bond: Bond) -> Bond:
    """The bond of two pictures taken from one place: no camera move, and only what surely moved itself."""
    return Bond(np.eye(3), _surely(bond.onward), _surely(bond.back))


def _surely(flow: Map) -> Map:
    least = SMALL * 8 * flow.shape[1]  # about the width in pixels: a node is about eight of 864
    length = np.linalg.norm(flow, axis=-1, keepdims=True)
    return np.asarray(flow * np.clip(length / least - 1, 0, 1), np.float32)


def out_and_back(camera: Camera, share: float) -> CameraPose:
    """The camera's own move at a share of the clip, closed: nothing at both ends, as asked on the way out."""
    out = 1 - math.sqrt((2 * share - 1) ** 2 + 0.01) / math.sqrt(1.01)
    zoom = NEAREST**out
    left, up = camera.direction is Direction.LEFT, camera.direction is not Direction.DOWN
    match camera.move:
        case Move.TILT:
            return CameraPose(tilt=(-ALONG if up else ALONG) * out, zoom=zoom)
        case Move.PAN | Move.ORBIT | Move.TRACKING if camera.direction not in (Direction.TOWARDS, Direction.AWAY):
            return CameraPose(pan=(-ASIDE if left else ASIDE) * out, zoom=zoom)
        case Move.HANDHELD:
            across, down = math.sin(math.tau * 2 * share), math.sin(math.tau * 3 * share)
            return CameraPose(pan=0.008 * across * out, tilt=0.006 * down * out, zoom=zoom)
        case _:
            return CameraPose(pan=0.018 * math.sin(math.tau * share), zoom=zoom)


def remarks(camera: Camera, directed: bool, bond: Bond, size: Size, stands: bool, returns: bool) -> tuple[str, ...]:
    """What to tell about the camera between related pictures; `directed` says that the prompt names the move."""
    if camera.move is Move.FIXED:
        return () if stands else (MUST_MOVE,)
    if not directed:
        return ()
    if returns:
        return (COMES_BACK,)
    if camera.move is Move.HANDHELD:
        return (NO_HAND,)
    return () if _same_way(camera, bond.homography, size) else (ONE_WAY.format(words=_words(camera)),)


def _words(camera: Camera) -> str:
    direction = "" if camera.direction is None else f" {camera.direction.value}"
    return f"\u201c{camera.move.value}{direction}\u201d"


def _same_way(camera: Camera, homography: Matrix, size: Size) -> bool:
    """Whether the path between the pictures is the move that was asked for, by what happens to the middle."""
    across, down, growth = middle_of(homography, size)
    way = {Direction.LEFT: across, Direction.RIGHT: -across, Direction.UP: down, Direction.DOWN: -down}
    match camera.move, camera.direction:
        case (Move.PUSH_IN, _) | (Move.TRACKING, Direction.TOWARDS):
            return growth > SURE
        case (Move.PULL_OUT, _) | (Move.TRACKING, Direction.AWAY):
            return growth < -SURE
        case (Move.TILT, None):
            return abs(down) > SURE
        case (_, None):
            return abs(across) > SURE
    return camera.direction in way and way[camera.direction] > SURE


def middle_of(homography: Matrix, size: Size) -> tuple[float, float, float]:
    """How the middle of the first picture moves right and down in the last (shares of the width), and how much larger
    (log) what is around it gets."""
    width, height = size.width, size.height
    x, y, arm = width / 2, height / 2, width / 16
    places = np.array([[[x, y], [x - arm, y], [x + arm, y], [x, y - arm], [x, y + arm]]], np.float64)
    middle, left, right, top, bottom = cv2.perspectiveTransform(places, homography)[0]
    (ax, ay), (bx, by) = right - left, bottom - top
    area = abs(float(ax * by - ay * bx)) / (4 * arm * arm)
    across, down = (middle - (x, y)) / width
    return float(across), float(down), math.log(max(area, 1e-6)) / 2
